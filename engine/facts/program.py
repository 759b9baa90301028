"""A rulebook's questions, compiled once, with what each answer rests on."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

from msgspec import Struct, field

from engine.facts.lasting import looks_back, reads_verdicts, timeless
from engine.facts.needs import needs_of, needs_of_fact
from engine.facts.operators import compile_operation
from engine.facts.order import Order, order_of
from engine.facts.reach import Reach, reach_of
from engine.facts.terms import compile_term
from engine.facts.windows import Look, look_apart
from engine.rulebook.definitions import Fact, Rulebook, Window
from engine.rulebook.terms import Ask, Here, Term, walk

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from engine.events.event import Event, Value
    from engine.facts.chart import Chart
    from engine.facts.terms import Work, Writer

    Run = Callable[[Chart, Event | None], Any]
    RunNow = Callable[[Chart], Any]


class Question(Struct):
    """A compiled fact: how to answer it, and what it rests on.

    It `looks_back` if, asked at an event, nothing after the event can change the answer, `at_once`
    if that is so from the instant at which the event is over, as it reads no verdicts. One that
    is `always_now` is asked about the present wherever it is asked. The answer about the present
    `is_kept` where a topic needs it; what is answered at an event `is_tracked` if all that it reads
    is kept. `behind` are the places of the facts about the present that it rests on, `behind_at` of
    those where it is asked at an event.
    """

    number: int
    fact: Fact
    is_kept: bool
    is_tracked: bool
    looks_back: bool
    at_once: bool
    always_now: bool
    reach: Reach
    behind: int
    behind_at: int
    run: Run = field(default=lambda _chart, _here: _unready())
    at: Work | None = None

    def run_now(self, chart: Chart) -> Any:
        """Work out the answer about the present."""
        if self.at is None:
            return self.run(chart, None)
        here = self.at(chart, None, None)
        return None if here is None else chart.answer_at(self, here)


class Program(Struct):
    """All questions of a rulebook, by number and by name, and the order in which they change.

    `words` are those of events, by the identity of their fields, which are kept with them.
    """

    rulebook: Rulebook
    order: Order
    questions: list[Question] = field(default_factory=list)
    by_name: dict[str, Question] = field(default_factory=dict)
    kinds: tuple[str, ...] = ()
    works: dict[int, Work] = field(default_factory=dict)
    terms: list[Term] = field(default_factory=list)
    windows: dict[int, Look] = field(default_factory=dict)
    unfiltered: dict[int, Look] = field(default_factory=dict)
    words: dict[int, tuple[Mapping[str, Value], str]] = field(default_factory=dict)
    _asked: dict[int, tuple[Question | None, ...]] = field(default_factory=dict)

    def behind(self, terms: Iterable[Term], *, anchored: bool) -> int:
        """Return the places of all facts about the present that terms rest on."""
        return self.order.behind(needs_of(terms, self.rulebook, anchored=anchored), self.rulebook)

    def looks(self, window: Window) -> list[Look]:
        """Return a window as several whose last events are to be compared."""
        return look_apart(window, self)

    def asking(self, writer: Writer, fact: str, place: str) -> str:
        """Return what asks a fact at a place; an answer that is kept up to date is only read."""
        question = self.by_name[fact]
        name = writer.name(question)
        now = f"chart.present[{question.number}]" if question.is_kept else f"chart.passed({name})"
        if question.always_now:
            return now
        asked = "answer" if question.fact.at is not None else "answer_at"
        at = f"chart.{asked}({name}, {place})"
        return at if place == "it" else f"({now} if here is None else {at})"

    def asked_in(self, term: Term) -> tuple[Question | None, ...]:
        """Return the questions that a term asks where it stands; None where it names that place."""
        found = self._asked.get(id(term))
        if found is None:
            found = tuple(
                self.by_name[part.fact] if isinstance(part, Ask) else None for part in walk(term)
                if isinstance(part, Here) or (isinstance(part, Ask) and not part.at_it))
            self._asked[id(term)] = found
            self.terms.append(term)
        return found


def compile_program(rulebook: Rulebook) -> Program:
    """Return the compiled questions of a rulebook."""
    program = Program(rulebook, order_of(rulebook), kinds=tuple(rulebook.vocabulary.kinds))
    for number, fact in enumerate(rulebook.facts.values()):
        question = program.by_name[fact.name] = _question(number, fact, program)
        program.questions.append(question)
    for question in program.questions:
        question.run = _when_asked(question, program)
        if question.fact.at is not None:
            question.at = compile_term(question.fact.at, program)
    return program


def _question(number: int, fact: Fact, program: Program) -> Question:
    rulebook, order, kept = program.rulebook, program.order, program.order.place_of
    needed = needs_of_fact(fact, rulebook, anchored=True)
    now = needs_of_fact(fact, rulebook, anchored=False)
    return Question(
        number, fact, is_kept=fact.name in kept,
        is_tracked=all(name in kept for name in needed.asked),
        looks_back=looks_back(fact, rulebook), at_once=not reads_verdicts(fact, rulebook),
        always_now=fact.now or timeless(fact, rulebook),
        reach=reach_of([Ask(fact.name, fact.type)], rulebook, anchored=False),
        behind=order.behind(now, rulebook) | (1 << kept[fact.name] if fact.name in kept else 0),
        behind_at=order.behind(needed, rulebook))


def _when_asked(question: Question, program: Program) -> Run:
    """Return what compiles a question the first time it is asked: patients do not need them all.
    """
    @cache
    def compiled() -> Run:
        return compile_operation(question.fact.operation, program)

    def run(chart: Chart, here: Event | None) -> Any:
        question.run = compiled()
        return question.run(chart, here)

    return run


def _unready() -> Any:
    raise AssertionError("asked before the program was compiled")
