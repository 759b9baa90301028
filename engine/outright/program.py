"""A rulebook's questions, compiled to be asked of what lies behind an instant."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from msgspec import Struct, field
from msgspec.structs import replace

from engine.facts.asking import asking_all
from engine.facts.judging import JudgedTopic, judged_topic
from engine.facts.operators import compile_operation
from engine.facts.program import Program
from engine.facts.terms import compile_term
from engine.outright.covers import Covers, unfolded
from engine.outright.doubts import Doubts
from engine.outright.fields import ByFields, by_fields, in_fields, written_by_fields
from engine.outright.groups import Group, alerts_apart
from engine.outright.looks import RowLook, picked
from engine.outright.past import NOT_KNOWN
from engine.outright.shown import shown_by
from engine.rulebook.definitions import Pick, Series, Tally
from engine.rulebook.strata import deciding_terms, detail_terms, fact_terms
from engine.rulebook.terms import TRUTH, Ask, Both, Constant, walk
from engine.standing import Standing

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from engine.events.amount import Truth
    from engine.events.event import Event
    from engine.facts.terms import Work, Writer
    from engine.facts.windows import Look
    from engine.outright.past import Past
    from engine.outright.shown import Show
    from engine.ready import Ready
    from engine.rulebook.definitions import Window
    from engine.rulebook.terms import Term

    RowOf = tuple[int, tuple[str, ...], Work]
    Tells = Callable[[Event], Truth]
    Asks = Callable[[Past, Event], Truth]

_ALL = Constant(True, TRUTH)
_NO_CHART: Any = None  # what looks at fields alone needs none


class OfKind(Struct):
    """What an event of a kind means.

    It may change the answers about the present of the facts that `doubts` numbers, and be the event
    of the `groups`. Its fields alone tell which rows it is in, and of which that must be asked.
    """

    doubts: list[int]
    rows: ByFields[tuple[list[tuple[int, Truth]], list[tuple[int, Asks]]]]
    groups: list[Group]


class OutrightProgram(Program):
    """All questions of a rulebook, the rows of events that they look at, and the topics.

    Each row has a place, its kinds, and the filter that its events have to pass; it stands after
    all rows that the filter looks at. `of_kind` is what an event of a kind means to all of these,
    and `nothing` what the topics say before any event.
    """

    rows: list[RowOf] = field(default_factory=list)
    groups: list[Group] = field(default_factory=list)
    of_kind: dict[str, OfKind] = field(default_factory=dict)
    judged: dict[str, JudgedTopic] = field(default_factory=dict)
    nothing: dict[str, Standing] = field(default_factory=dict)
    _places: dict[tuple[tuple[str, ...], tuple[Term, ...]], int] = field(default_factory=dict)
    _filters: list[Term] = field(default_factory=list)
    _shows: dict[tuple[str, str | None], Show] = field(default_factory=dict)
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
            whole = Both("and", filters) if len(filters) > 1 else next(iter(filters), _ALL)
            self.rows.append((place, kinds, compile_term(whole, self)))
            self._filters.append(whole)
        return self._places[key]

    def show(self, judged: JudgedTopic, rule: str | None) -> Show:
        """Return what tells all that is to be seen beside an alert that a rule raised."""
        key = judged.topic.name, rule
        if key not in self._shows:
            self._shows[key] = shown_by(judged, rule, self)
        return self._shows[key]

    def meaning_of(self, kind: str, doubts: Doubts) -> OfKind:
        """Return what an event of a kind means to all questions, rows and groups."""
        rows = [(place, *self._asked_alone(place)) for place, kinds, _ in self.rows
                if kind in kinds]
        return OfKind(
            [question.number for question in self.questions
             if question.is_kept and kind in doubts.of(question.fact.name)],
            ByFields(lambda event: _rows_of(event, rows)),
            [group for group in self.groups if kind in doubts.of(group.anchor.fact.name)])

    def _asked_alone(self, place: int) -> tuple[Tells, Asks | None]:
        """Return what tells by its fields whether an event is in a row, and what asks if need be.
        """
        term, passes = self._filters[place], self.rows[place][2]
        if in_fields(term):
            return lambda event: passes(_NO_CHART, None, event), None
        tells = compile_term(by_fields(term, self.rulebook.facts), self)
        return lambda event: tells(_NO_CHART, event, event), self._asking_alone(place)

    def _asking_alone(self, place: int) -> Asks:
        """Return what asks whether an event that begins alone is in a row.

        A fact that is asked at it has not been asked at it before.
        """
        term, passes = self._filters[place], self.rows[place][2]
        if isinstance(term, Ask) and not self.by_name[term.fact].is_kept:
            return self.by_name[term.fact].run
        return lambda past, event: passes(past, None, event)


def _rows_of(event: Event, rows: Sequence[tuple[int, Tells, Asks | None]],
             ) -> tuple[list[tuple[int, Truth]], list[tuple[int, Asks]]]:
    """Return the rows that an event is in, for certain or perhaps, and those that must be asked."""
    found = [(place, tells(event), asks) for place, tells, asks in rows]
    return ([(place, certain) for place, certain, asks in found
             if certain or (certain is None and asks is None)],
            [(place, asks) for place, certain, asks in found
             if certain is None and asks is not None])


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
        program.nothing[topic.name] = Standing.nothing(topic.name)
        together.setdefault(topic.of, []).append(judged)
    apart = alerts_apart(program.rulebook)
    for place, (name, topics) in enumerate(together.items()):
        ask, places = asking_all([(each.topic, each.inputs) for each in topics], program,
                                 in_fields, written_by_fields)
        program.groups.append(Group(place, program.by_name[name], topics, apart, ask, places))
    doubts = Doubts(program.rulebook)
    for kind in program.kinds:
        program.of_kind[kind] = program.meaning_of(kind, doubts)
