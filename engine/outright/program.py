"""A rulebook's questions, compiled to be asked of what lies behind an instant."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from engine.facts.asking import asking_all
from engine.facts.judging import JudgedTopic, judged_topic
from engine.facts.operators import compile_operation
from engine.facts.program import Program
from engine.facts.terms import compile_term
from engine.outright.covers import Covers, unfolded
from engine.outright.doubts import Doubts
from engine.outright.groups import Group, alerts_apart
from engine.outright.looks import RowLook, picked
from engine.outright.past import NOT_KNOWN
from engine.rulebook.definitions import Pick, Series, Tally
from engine.rulebook.strata import deciding_terms, detail_terms, fact_terms
from engine.rulebook.terms import Ask, Both, walk

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from engine.facts.terms import Work, Writer
    from engine.facts.windows import Look
    from engine.ready import Ready
    from engine.rulebook.definitions import Window
    from engine.rulebook.terms import Term

    RowOf = tuple[int, tuple[str, ...], Work | None]


@dataclass(slots=True)
class OutrightProgram(Program):
    """All questions of a rulebook, the rows of events that they look at, and the topics.

    Each row has a place, its kinds, and the filter that its events have to pass; it stands after
    all rows that the filter looks at. `rows_of` are those of a kind; `read_by` are the facts
    whose answers about the present it may change, and `groups_of` the groups whose event it may be.
    """

    rows: list[RowOf] = field(default_factory=list)
    rows_of: dict[str, list[RowOf]] = field(default_factory=dict)
    read_by: dict[str, list[int]] = field(default_factory=dict)
    groups: list[Group] = field(default_factory=list)
    groups_of: dict[str, list[Group]] = field(default_factory=dict)
    judged: dict[str, JudgedTopic] = field(default_factory=dict)
    _places: dict[tuple[tuple[str, ...], tuple[Term, ...]], int] = field(default_factory=dict)
    _prepared: set[str] = field(default_factory=set)

    def looks(self, window: Window) -> list[Look]:
        """Return the one window over the row of all its kinds."""
        return [self.windows[id(window)]]

    def asking(self, writer: Writer, fact: str, place: str) -> str:
        """Return what asks a fact at a place; what has been answered already is only read."""
        question, asked = self.by_name[fact], writer.result()
        number, name = question.number, writer.name(question)
        if question.is_kept and place == "here":
            return (f"({asked} if ({asked} := chart.known[{number}]) is not "
                    f"{writer.name(NOT_KNOWN)} else chart.found({name}))")
        return (f"({asked}[1] if ({asked} := chart.answers[{number}])[0] is {place} "
                f"else chart.answer({name}, {place}))")

    def behind(self, terms: Iterable[Term], *, anchored: bool) -> int:  # noqa: ARG002
        """Return that nothing has to be brought up to date before terms are asked."""
        return 0

    def prepare(self, name: str) -> None:
        """Compile a fact, and the row that it looks at, after all that it asks."""
        if name in self._prepared:
            return
        self._prepared.add(name)
        question = self.by_name[name]
        for term in fact_terms(question.fact, self.rulebook.facts):
            self.prepare_all(term)
        operation = question.fact.operation
        if isinstance(operation, Series):
            return  # nobody asks it: its filter is part of those that go through it
        if isinstance(operation, Pick | Tally):
            windows = unfolded(operation.window, self.rulebook)
            assert windows is not None, f"{name} is not covered"
            place = self._row(windows)
            if isinstance(operation, Pick) and operation.window.within is None:
                question.run = picked(operation.which, windows, place, self)
                return
            self.windows[id(operation.window)] = RowLook(windows, place, self)
        question.run = compile_operation(operation, self)

    def prepare_all(self, term: Term) -> None:
        """Compile all facts that a term asks."""
        for part in walk(term):
            if isinstance(part, Ask):
                self.prepare(part.fact)

    def _row(self, windows: Sequence[Window]) -> int:
        """Return the place of the row of those events that pass the filters of windows."""
        kinds = windows[-1].kinds
        filters = tuple(each.where for each in windows if each.where is not None)
        key = kinds, filters
        if key not in self._places:
            place = self._places[key] = len(self.rows)
            whole = Both("and", filters) if len(filters) > 1 else next(iter(filters), None)
            row = place, kinds, None if whole is None else compile_term(whole, self)
            self.rows.append(row)
            for kind in kinds:
                self.rows_of[kind].append(row)
        return self._places[key]


def outright_program(ready: Ready) -> OutrightProgram | None:
    """Return the compiled questions of a rulebook; None where not all of it is covered."""
    rulebook, covers = ready.rulebook, Covers(ready.rulebook)
    if not covers.everything():
        return None
    program = OutrightProgram(rulebook, ready.program.order, kinds=ready.program.kinds)
    program.questions = [
        replace(question, is_kept=covers.fact(question.fact.name, at=False))
        for question in ready.program.questions]
    program.by_name = {question.fact.name: question for question in program.questions}
    program.rows_of = {kind: [] for kind in program.kinds}
    for topic in rulebook.topics:
        for term in (*deciding_terms(topic, rulebook.facts), *detail_terms(topic)):
            program.prepare_all(term)
    for name in rulebook.summary.values():
        if name in program.by_name:
            program.prepare(name)
    _judge_by(program, ready)
    return program


def _judge_by(program: OutrightProgram, ready: Ready) -> None:
    """Note which topics are judged at an event of a kind, and which answers it may change."""
    together: dict[str, list[JudgedTopic]] = {}
    for topic in program.rulebook.topics:
        assert topic.of is not None
        judged = judged_topic(topic, ready.inference.inputs(topic.name), program)
        program.judged[topic.name] = judged
        together.setdefault(topic.of, []).append(judged)
    apart = alerts_apart(program.rulebook)
    program.groups = [
        Group(place, program.by_name[name], topics, apart,
              asking_all([(each.topic, each.inputs) for each in topics], program))
        for place, (name, topics) in enumerate(together.items())]
    doubts = Doubts(program.rulebook)
    for kind in program.kinds:
        program.read_by[kind] = [question.number for question in program.questions
                                 if question.is_kept and kind in doubts.of(question.fact.name)]
        program.groups_of[kind] = [
            group for group in program.groups if kind in doubts.of(group.anchor.fact.name)]
