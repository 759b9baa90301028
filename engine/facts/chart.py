"""What is known of one patient at an instant, and the answers given so far.

An answer about the present is kept, and worked out again only where something that it reads has
changed, or an instant has come that it named itself as the next at which time alone could change
it, and only once somebody looks at it: until then it waits. An answer at an event is kept for good
once the event is over, if it looks at nothing later.
"""

from __future__ import annotations

from itertools import count
from typing import TYPE_CHECKING, Any

from engine.events.when import FIRST, LAST, When, just_after, moment_of
from engine.facts.members import Kept, Members
from engine.facts.naming import told_of
from engine.facts.verdicts import Judged

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from datetime import datetime
    from zoneinfo import ZoneInfo

    from engine.events.amount import Truth
    from engine.events.event import Event
    from engine.facts.order import Place, Touched
    from engine.facts.program import Program, Question

NEVER = LAST
_NOT_ASKED = (-1, None)
_TICKS = count()  # no two charts share one: what one has looked through says nothing to another
_MOST_STREAMS = 8  # of one window: each begins at another event, and the old ones are done with


class Chart:
    """The visible events of one patient, by kind and in order, and the verdicts on them.

    What ends before `over` is over with this instant. `late` says that an event which has begun
    earlier is not, so that answers given at it may change. `horizon` gathers, while an answer is
    worked out, the next instant at which the passing of time could change it; `due` are those
    instants, by place. `values` are the conclusions now: of one that is not decided all that it may
    come to. `waiting` are the places to be brought up to date before they are looked at. `present`
    are the answers about the present, by the number of the fact; those that no topic needs are
    worked out when they are asked for, and hold for one `tick`.
    """

    def __init__(self, program: Program, zone: ZoneInfo) -> None:
        self.program, self.zone = program, zone
        self.now: When = moment_of(FIRST.replace(year=2), zone)
        self.over = self.now.start
        self.horizon = NEVER
        self.events: dict[str, Kept] = {kind: Kept() for kind in program.kinds}
        self.begun: dict[str, Members] = {
            kind: Members(kept, 0) for kind, kept in self.events.items()}
        self.verdicts: dict[str, Judged] = {}
        self.values: dict[str, str | frozenset[str]] = {}
        self.late = True
        self.tick = next(_TICKS)
        self.waiting = program.order.all
        self.due: dict[int, datetime] = {}
        self.present: list[Any] = [None] * len(program.questions)
        self._latest_end = FIRST
        self._streams: dict[object, dict[Any, Any]] = {}
        self._sealed: list[dict[Event, Any]] = [{} for _ in program.questions]
        self._fresh: dict[int, dict[Event, Any]] = {}
        self._passing: dict[int, tuple[int, Any]] = {}
        self._before = self.begun, self.values, self.verdicts, self.late, self.waiting
        self._replaced: list[tuple[list[Any] | dict[int, Any], int, Any]] = []
        self._seals = True

    def copy(self) -> Chart:
        """Return a chart that goes on by itself from here."""
        twin = self._twin(self.now)
        twin.events = {kind: events.copy() for kind, events in self.events.items()}
        twin.begun = {kind: Members(kept, len(kept)) for kind, kept in twin.events.items()}
        twin.verdicts = {topic: judged.copy() for topic, judged in self.verdicts.items()}
        twin.due = {**self.due}
        twin._sealed = [{**answers} for answers in self._sealed]
        twin._streams = {}
        return twin

    def seen_at(self, now: When) -> Chart:
        """Return this chart as it is, to be asked as of a later moment while this one goes on.

        Where an event is not over yet, more may come to be known of its day before that moment.
        """
        twin = self._twin(now)
        if self._latest_end > self.now.start:
            twin._seals, twin._streams = False, {}
        return twin

    def seen_before(self, now: When) -> Chart:
        """Return the chart as it was before the last advance, to be asked as of a moment."""
        twin = self._twin(now)
        twin.begun, twin.values, twin.verdicts, twin.late, twin.waiting = self._before
        for answers, number, answer in reversed(self._replaced):
            (twin.present if answers is self.present else twin._fresh)[number] = answer
        return twin

    def _twin(self, now: When) -> Chart:
        """Return a chart that knows the same, and shares it."""
        twin = Chart.__new__(Chart)
        twin.program, twin.zone, twin.horizon = self.program, self.zone, NEVER
        twin.now, twin.over = now, just_after(now.start)
        twin.events, twin.begun, twin.values = self.events, self.begun, self.values
        twin.verdicts, twin.present = self.verdicts, [*self.present]
        twin.late, twin.tick, twin.waiting, twin.due = self.late, next(_TICKS), self.waiting, {}
        twin._latest_end, twin._streams, twin._seals = self._latest_end, self._streams, True
        twin._sealed, twin._passing = self._sealed, {}
        twin._fresh = {number: {**answers} for number, answers in self._fresh.items()}
        twin._before, twin._replaced = self._before, []
        return twin

    def without_answers(self) -> Chart:
        """Return a chart at the same instant, with the same verdicts, that answers all anew."""
        twin = self.copy()
        twin._sealed = [{} for _ in self._sealed]
        twin._fresh = {}
        twin.waiting = self.program.order.all
        twin.settle()
        return twin

    def advance(self, now: When, events: Iterable[Event]) -> None:
        """Move to an instant at which these events begin."""
        self._before = self.begun, self.values, self.verdicts, self.late, self.waiting
        self._replaced.clear()
        self.now, self.over = now, just_after(now.start)
        self.late = self._latest_end >= now.start
        kinds: dict[str, None] = {}
        touched: dict[str | tuple[str, str], None] = {}
        order = self.program.order
        for event in events:
            self.events[event.kind].add(event)
            kinds[event.kind] = touched[event.kind] = None
            touched[told_of(event, order.fields)] = None
            if event.at.end > self._latest_end:
                self._latest_end = event.at.end
        if kinds:
            self.begun = {**self.begun, **{
                kind: Members(self.events[kind], len(self.events[kind])) for kind in kinds}}
        self.tick = next(_TICKS)
        for told in touched:
            if told in order.touched:
                self.touch(order.touched[told])
        for bit in [bit for bit, due in self.due.items() if due <= now.start]:
            del self.due[bit]
            self.waiting |= bit

    def touch(self, touched: Touched, before: int = -1) -> None:
        """Doubt whatever rests on what has changed, or of that what stands `before` a place.

        While an event is not over, answers at it may change as well.
        """
        self.tick = next(_TICKS)
        if self.late:
            self.waiting |= touched.late & before
            self._unkeep(touched.late_unkept)
        else:
            self.waiting |= touched.places & before
            self._unkeep(touched.unkept)

    def _unkeep(self, numbers: Iterable[int]) -> None:
        fresh = self._fresh
        for number in numbers:
            if number in fresh:
                self._replaced.append((fresh, number, fresh.pop(number)))

    def forget_conclusion(self, topic: str, here: Event | None = None) -> None:
        """Doubt what reads a conclusion, which has changed.

        What it was drawn from itself, at the event that it was judged at, was asked before that.
        """
        touched, fresh = self.program.order.touched[topic], self._fresh
        own = [] if here is None or fresh.keys().isdisjoint(touched.own) else [
            (number, here, fresh[number][here]) for number in touched.own
            if number in fresh and here in fresh[number]]
        self.touch(touched)
        for number, at, answer in own:
            fresh.setdefault(number, {})[at] = answer

    def settle(self) -> None:
        """Bring all facts about the present up to date; the topics are left as they are."""
        self.bring(self.program.order.all & ~self.program.order.topics)

    def bring(self, facts: int) -> None:
        """Bring facts up to date that have waited; all that they rest on is among them.

        No topic has looked at them, so that none has to be judged again.
        """
        topics, places = self.program.order.topics, self.program.order.places
        horizon, to_judge = self.horizon, self.waiting & topics
        while waiting := self.waiting & facts:
            self.refresh(places[(waiting & -waiting).bit_length() - 1])
        self.horizon, self.waiting = horizon, self.waiting & ~topics | to_judge

    def refresh(self, place: Place) -> None:
        """Answer a question about the present anew, and doubt what reads it if it has changed."""
        number = place.number
        question = self.program.questions[number]
        self.waiting ^= place.bit
        self.horizon = NEVER
        value = question.run(self, None) if question.at is None else question.run_now(self)
        self.note_due(place.bit)
        before = self.present[number]
        if value is before or value == before:
            return
        self._replaced.append((self.present, number, before))
        self.present[number] = value
        self.waiting |= place.readers
        if place.unkept:
            self._unkeep(place.unkept)

    def note_due(self, bit: int) -> None:
        """Note the instant at which time alone may change what was just worked out."""
        if self.horizon is not NEVER:
            self.due[bit] = self.horizon
        elif bit in self.due:
            del self.due[bit]

    def answer(self, question: Question, here: Event | None) -> Any:
        """Return the answer to a question asked at an event, or now; None is unknown."""
        behind = question.behind if here is None else question.behind_at
        if self.waiting & behind:
            self.bring(behind)
        if here is None or question.always_now:
            return self.present[question.number] if question.is_kept else self.passed(question)
        if question.at is not None:
            here = question.at(self, here, None)
            return None if here is None else self.answer_at(question, here)
        return self.answer_at(question, here)

    def answer_at(self, question: Question, here: Event) -> Any:
        """Return the answer to a question that is asked at this event."""
        number = question.number
        sealed, fresh = self._sealed[number], self._fresh.get(number)
        if here in sealed:
            return sealed[here]
        if fresh is not None and here in fresh:
            return fresh[here]
        value = question.run(self, here)
        if question.looks_back and self._seals and here.at.end < (
                self.over if question.at_once else self.now.start):
            sealed[here] = value  # it looks at what is past, and can never change
        elif question.is_tracked:
            self._fresh.setdefault(number, {})[here] = value
        return value

    def passed(self, question: Question) -> Any:
        """Return the answer about the present to a question that is not kept up to date."""
        tick, value = self._passing.get(question.number, _NOT_ASKED)
        if tick != self.tick:
            before, self.horizon = self.horizon, NEVER
            value = question.run_now(self)
            if before < self.horizon:
                self.horizon = before
            self._passing[question.number] = self.tick, value
        return value

    def concluded(self, topic: str) -> str | None:
        """Return the value of a conclusion now; empty where it has none, None where unknown."""
        value = self.values.get(topic, "")
        return value if isinstance(value, str) else None

    def is_concluded(self, topic: str, names: frozenset[str]) -> Truth:
        """Whether a conclusion has one of these values now; none of them is empty."""
        value = self.values.get(topic, "")
        if isinstance(value, str):
            return value in names
        return True if value <= names else None if value & names else False

    def may_be(self, topic: str) -> frozenset[str]:
        """Return the values that a conclusion may come to, where it is not decided now."""
        value = self.values.get(topic, "")
        return frozenset() if isinstance(value, str) else value

    def say(self, topic: str, event: Event, value: str) -> None:
        """Note what a conclusion says of an event."""
        self.verdicts = {**self.verdicts, topic: self.judged(topic).saying(event, value)}

    def take_back(self, topic: str, event: Event) -> None:
        """Forget what a conclusion said of an event."""
        self.verdicts = {**self.verdicts, topic: self.judged(topic).without(event)}

    def judged(self, topic: str) -> Judged:
        """Return what was said of the events that a conclusion was judged at."""
        return self.verdicts.get(topic, NOTHING_JUDGED)

    def stream(self, looker: object, key: Any, make: Callable[[Any], Any], source: Any) -> Any:
        """Return what goes on from where it was: of one looker, over one source."""
        streams = self._streams.get(looker)
        if streams is None:
            streams = self._streams[looker] = {}
        stream = streams.get(key)
        if stream is None:
            if len(streams) >= _MOST_STREAMS:
                streams.clear()
            stream = streams[key] = make(source)
        return stream


NOTHING_JUDGED = Judged()
