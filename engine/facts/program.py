"""A rulebook's questions, compiled once, with what each answer rests on."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from engine.facts.lasting import looks_back, timeless
from engine.facts.operators import compile_operation
from engine.facts.reach import Reach, reach_of
from engine.facts.reads import Reads, reads_of_fact
from engine.facts.terms import compile_term
from engine.rulebook.definitions import Fact, Rulebook
from engine.rulebook.terms import Ask, Here, Term, walk

if TYPE_CHECKING:
    from collections.abc import Callable

    from engine.events.event import Event
    from engine.facts.chart import Chart
    from engine.facts.windows import Look

    Run = Callable[[Chart, Event | None], Any]
    At = Callable[[Chart, Event | None, Event | None], Any]


@dataclass(slots=True)
class Question:
    """A compiled fact: how to answer it, and what it rests on.

    It `looks_back` if, asked at an event, nothing after the event can change the answer. A series
    is `timeless` if who belongs to it is the same wherever it is asked. Wherever it is asked, one
    that is `always_now` is asked about the present.
    """

    index: int
    fact: Fact
    now: bool
    run: Run
    at: At | None = None
    reach: Reach = field(default_factory=Reach)
    looks_back: bool = True
    timeless: bool = False
    always_now: bool = False
    reads: Reads = field(default_factory=lambda: Reads(frozenset(), (), all=False))


@dataclass(slots=True)
class Program:
    """All questions of a rulebook, by index and by name."""

    rulebook: Rulebook
    questions: list[Question] = field(default_factory=list)
    by_name: dict[str, Question] = field(default_factory=dict)
    kinds: tuple[str, ...] = ()
    works: dict[int, At] = field(default_factory=dict)
    terms: list[Term] = field(default_factory=list)
    windows: dict[int, Look] = field(default_factory=dict)
    unfiltered: dict[int, Look] = field(default_factory=dict)
    _asked: dict[int, tuple[Ask | Here, ...]] = field(default_factory=dict)
    _resting: dict[tuple[frozenset[str], bool], list[int]] = field(default_factory=dict)

    def resting_on(self, names: frozenset[str], *, late: bool) -> list[int]:
        """Return the questions whose answers rest on any of these kinds or conclusions.

        `late` counts what is reached only through answers at events that may not be over.
        """
        key = names, late
        if key not in self._resting:
            self._resting[key] = [
                question.index for question in self.questions
                if question.reach.touched_by(names, late=late)]
        return self._resting[key]

    def asked_in(self, term: Term) -> tuple[Ask | Here, ...]:
        """Return the facts that a term asks where it stands, and whether it names that place."""
        found = self._asked.get(id(term))
        if found is None:
            found = tuple(part for part in walk(term) if isinstance(part, Here)
                          or (isinstance(part, Ask) and not part.at_it))
            self._asked[id(term)] = found
            self.terms.append(term)
        return found


def compile_program(rulebook: Rulebook) -> Program:
    """Return the compiled questions of a rulebook."""
    program = Program(rulebook, kinds=tuple(rulebook.vocabulary.kinds))
    for index, fact in enumerate(rulebook.facts.values()):
        question = Question(index, fact, fact.now, _unready)
        program.questions.append(question)
        program.by_name[fact.name] = question
    for question in program.questions:
        question.run = compile_operation(question.fact.operation, program)
        if question.fact.at is not None:
            question.at = compile_term(question.fact.at, program)
    for question in program.questions:
        asked = Ask(question.fact.name, question.fact.type)
        question.reach = reach_of([asked], rulebook.facts, anchored=False)
        question.looks_back = looks_back(question.fact, rulebook)
        question.timeless = timeless(question.fact, rulebook)
    for question in program.questions:
        question.always_now = question.at is None and (question.now or question.timeless)
        question.reads = reads_of_fact(question.fact, program)
    return program


def _unready(_chart: Chart, _here: Event | None) -> Any:
    raise AssertionError("asked before the program was compiled")


