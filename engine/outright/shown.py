"""What is to be seen beside an alert, gathered as soon as it is judged: nothing later changes it.

What `engine.facts.evidence` finds by going through terms is compiled here, once for each rule. What
an answer about the present rests on is kept as long as that answer is.
"""

from __future__ import annotations

from operator import attrgetter
from typing import TYPE_CHECKING, Any

from engine.events.event import Event
from engine.facts.terms import Writer, compile_term
from engine.facts.windows import look_at
from engine.facts.wording import filled
from engine.outright.past import Stretch, start
from engine.rulebook.definitions import Computed, Pick, Tally
from engine.standing import Shown

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from engine.facts.judging import JudgedTopic
    from engine.facts.program import Question
    from engine.facts.terms import Work
    from engine.facts.windows import Look
    from engine.outright.past import Past
    from engine.outright.program import OutrightProgram
    from engine.rulebook.terms import Term

    Rests = tuple[tuple[Event, ...], tuple[str, ...]]  # events in order of time, and their ids
    Gather = Callable[[Past, Event | None, "Found"], None]
    Show = Callable[[Past, Event], Shown]

_in_time = attrgetter("at.start", "id")


class Found:
    """Events that something rests on: one by one, and whole stretches of rows."""

    __slots__ = ("events", "stretches")

    def __init__(self) -> None:
        self.events: dict[Event, None] = {}
        self.stretches: list[Stretch] = []

    def in_order(self) -> list[Event]:
        """Return the events in order of time."""
        for each in self.stretches:
            self.events.update(dict.fromkeys(each.events()))
        return sorted(self.events, key=_in_time)

    def ids(self, past: Past) -> tuple[str, ...]:
        """Return the ids of the events, in order of time.

        A long stretch is in order already, if no two events have begun together: of it the ids are
        taken as they are, and the few others are put between.
        """
        if len(self.stretches) != 1 or past.together:
            return tuple([event.id for event in self.in_order()])
        stretch, = self.stretches
        ids = past.ids(stretch)
        for event in sorted(self.events, key=start, reverse=True):
            place = stretch.place_of(event)
            if place is not None:
                ids.insert(place, event.id)
        return tuple(ids)


def shown_by(judged: JudgedTopic, rule: str | None, program: OutrightProgram) -> Show:
    """Return what tells all that is to be seen beside an alert that a rule raised."""
    writer, alert = Writer(program), judged.topic.alert
    assert alert is not None
    evidence = _evidence(judged.grounds[rule].terms, writer, program)
    caveats = f"{writer.name(judged)}.caveats_of(chart, here, None, ())" if judged.caveats else "()"
    message = f"{writer.name(judged)}.message_of(chart, here)" if alert.advice else (
        filled(alert.message, judged.topic.words, writer))
    show: Any = writer.function(f"{writer.name(Shown)}({evidence}, {caveats}, {message})")
    return show  # type: ignore[no-any-return]


def _evidence(terms: Iterable[Term], writer: Writer, program: OutrightProgram) -> str:
    """Return the expression of the ids of the events that terms rest on, in order of time."""
    asked = _asked(terms, program)
    others = [each for each in asked if each is not None]
    if not others:
        return "(here.id,)" if asked else "()"
    gather = [_itself if each is None else _gather(each, program) for each in asked]

    def evidence(past: Past, here: Event) -> tuple[str, ...]:
        found = Found()
        for each in gather:
            each(past, here, found)
        return found.ids(past)

    whole = f"{writer.name(evidence)}(chart, here)"
    if None not in asked or len(others) > 1 or not others[0].is_kept:
        return whole
    rests, kept = writer.result(), writer.name(_kept(others[0], program))
    return (f"({whole} if ({rests} := chart.rests[{others[0].number}] or {kept}(chart))[0] and "
            f"{rests}[0][-1].at.start >= here.at.start else (*{rests}[1], here.id))")


def _asked(terms: Iterable[Term], program: OutrightProgram) -> list[Question | None]:
    """Return the questions that terms ask, each once; None where they name the event itself."""
    return [*{-1 if each is None else each.number: each
              for term in terms for each in program.asked_in(term)}.values()]


def _gather_all(terms: Iterable[Term], program: OutrightProgram) -> list[Gather]:
    return [_itself if each is None else _gather(each, program) for each in _asked(terms, program)]


def _itself(_past: Past, here: Event | None, found: Found) -> None:
    if here is not None:
        found.events[here] = None


def _gather(question: Question, program: OutrightProgram) -> Gather:
    """Return what gathers the events that an answer rests on, where it is asked."""
    if not question.is_kept:
        return _gather_anew(question, program)
    rests = _kept(question, program)
    return lambda past, _here, found: found.events.update(
        dict.fromkeys(rests(past)[0]))


def _kept(question: Question, program: OutrightProgram) -> Callable[[Past], Rests]:
    """Return what gives the events that an answer about the present rests on."""
    number, gather = question.number, _gather_anew(question, program)

    def rests(past: Past) -> Rests:
        kept = past.rests[number]
        if kept is None:
            found = Found()
            gather(past, past.here, found)
            events = tuple(found.in_order())
            kept = past.rests[number] = events, tuple([event.id for event in events])
        return kept

    return rests


def _gather_anew(question: Question, program: OutrightProgram) -> Gather:
    operation = question.fact.operation
    match operation:
        case Pick(window=window):
            return _of_pick(question, _gather_all(window.bounds, program))
        case Tally(window=window):
            return _of_tally(question, look_at(window, program))
        case Computed(branches=branches):
            return _of_computed(question, [
                (None if when is None else compile_term(when, program),
                 [] if when is None else _gather_all([when], program),
                 _gather_all([then], program)) for when, then in branches])
    raise AssertionError(f"{question.fact.name} is not covered")


def _of_pick(question: Question, bounds: list[Gather]) -> Gather:
    def gather(past: Past, here: Event | None, found: Found) -> None:
        event = past.answer(question, here)
        if event is not None:
            found.events[event] = None
            for each in bounds:
                each(past, here, found)

    return gather


def _of_tally(question: Question, look: Look) -> Gather:
    def gather(past: Past, here: Event | None, found: Found) -> None:
        if past.answer(question, here) is not False:
            members = look.bounded(past, here)
            if isinstance(members, Stretch):
                found.stretches.append(members)
            else:
                found.events.update(dict.fromkeys(members.events()))

    return gather


def _of_computed(question: Question,
                 branches: list[tuple[Work | None, list[Gather], list[Gather]]]) -> Gather:
    def gather(past: Past, here: Event | None, found: Found) -> None:
        value = past.answer(question, here)
        if value is None or isinstance(value, Event):
            found.events.update({} if value is None else {value: None})
            return
        for when, conditions, answers in branches:
            holds = True if when is None else when(past, here, None)
            for each in (*conditions, *(answers if holds is not False else ())):
                each(past, here, found)
            if holds:
                return

    return gather
