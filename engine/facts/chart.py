"""What is known of one patient at an instant, and the answers given so far.

An answer is kept until something it rests on changes: an event of a kind it looks at, a conclusion
it reads, or the instant that it named itself as the next at which time alone could change it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from engine.events.amount import Amount
from engine.events.when import FIRST, LAST, When, moment_of
from engine.facts.members import Kept, Members
from engine.facts.verdicts import Judged

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from datetime import datetime
    from fractions import Fraction
    from zoneinfo import ZoneInfo

    from engine.events.event import Event
    from engine.facts.program import Program, Question
    from engine.facts.reads import Reads

NEVER = LAST
_MOST_STREAMS = 8  # of one window: each begins at another event, and the old ones are done with


class _Answer:
    """An answer about the present, when it was last found to hold, and since when it does."""

    __slots__ = ("checked", "horizon", "since", "value")

    def __init__(self, value: Any, horizon: datetime, since: int, checked: int) -> None:
        self.value, self.horizon, self.since, self.checked = value, horizon, since, checked


class Chart:
    """The visible events of one patient, by kind and in order, and the verdicts on them.

    `late` says that an event which has begun is not yet over, so that answers given at it may
    change. `horizon` gathers, while an answer is worked out, the next instant at which the passing
    of time could change it. `tick` counts the changes of what is known or concluded.
    """

    def __init__(self, program: Program, zone: ZoneInfo) -> None:
        self.program, self.zone = program, zone
        self.now: When = moment_of(FIRST.replace(year=2), zone)
        self.horizon = NEVER
        self.events: dict[str, Kept] = {kind: Kept() for kind in program.kinds}
        self.begun: dict[str, Members] = {
            kind: Members(kept, 0) for kind, kept in self.events.items()}
        self.verdicts: dict[str, Judged] = {}
        self.values: dict[str, str | None] = {}
        self._streams: dict[int, dict[Any, Any]] = {}
        self.late = True
        self._latest_end = FIRST
        self.tick = 0
        self._changed: dict[str, int] = {}
        self._touched = [0] * len(program.questions)
        self._present: list[_Answer | None] = [None] * len(program.questions)
        self._sealed: list[dict[Event, Any]] = [{} for _ in program.questions]
        self._fresh: list[dict[Event, tuple[Any, datetime]]] = [{} for _ in program.questions]
        self._soonest: dict[int, datetime] = {}

    def copy(self) -> Chart:
        """Return a chart that goes on by itself from here; what both hold is shared."""
        twin = Chart(self.program, self.zone)
        twin.now, twin.horizon, twin.late = self.now, self.horizon, self.late
        twin.events = {kind: events.copy() for kind, events in self.events.items()}
        twin.begun = {kind: Members(kept, len(kept)) for kind, kept in twin.events.items()}
        twin.verdicts = {topic: judged.copy() for topic, judged in self.verdicts.items()}
        twin.values = {**self.values}
        twin._latest_end = self._latest_end
        twin.tick, twin._changed, twin._touched = self.tick, {**self._changed}, [*self._touched]
        twin._present = [each and _Answer(each.value, each.horizon, each.since, each.checked)
                         for each in self._present]
        twin._sealed = [{**answers} for answers in self._sealed]
        twin._fresh = [{**answers} for answers in self._fresh]
        twin._soonest = {**self._soonest}
        return twin

    def without_answers(self) -> Chart:
        """Return a chart at the same instant, with the same verdicts, that has answered nothing."""
        twin = self.copy()
        for index in range(len(self.program.questions)):
            twin._forget(index)
            twin._sealed[index].clear()
        return twin

    def advance(self, now: When, events: Iterable[Event]) -> frozenset[str]:
        """Move to an instant at which these events begin; return the kinds that are new."""
        self.now = now
        touched, ends = set(), [self._latest_end]
        for event in events:
            self.events[event.kind].add(event)
            touched.add(event.kind)
            ends.append(event.at.end)
        for kind in touched:
            self.begun[kind] = Members(self.events[kind], len(self.events[kind]))
        kinds = frozenset(touched)
        self.late = self._latest_end >= now.start
        self._note_changed(kinds)
        for index in [index for index, horizon in self._soonest.items() if horizon <= now.start]:
            self._forget(index)
        self._latest_end = max(ends)
        return kinds

    def forget_conclusion(self, topic: str) -> None:
        """Look anew at the answers that read a conclusion, which has changed."""
        self._note_changed(frozenset({topic}))

    def _note_changed(self, names: frozenset[str]) -> None:
        """Drop the answers at events that rest on what has changed; doubt those on the present.

        While an event is not over, answers at it may change as well, so nothing is kept then.
        """
        self.tick += 1
        self._changed.update(dict.fromkeys(names, self.tick))
        touched, fresh, tick = self._touched, self._fresh, self.tick
        for index in self.program.resting_on(names, late=self.late):
            if self.late:
                self._forget(index)
            else:
                touched[index] = tick
                if fresh[index]:
                    fresh[index] = {}

    def _forget(self, index: int) -> None:
        self._present[index] = None
        self._fresh[index].clear()
        self._soonest.pop(index, None)

    def answer(self, question: Question, here: Event | None) -> Any:
        """Return the answer to a question asked at an event, or now; None is unknown."""
        if question.at is not None:
            here = question.at(self, None if question.now else here, None)
            return None if here is None else self.answer_at(question, here)
        if here is None or question.always_now:
            return self.answer_now(question)
        return self.answer_at(question, here)

    def answer_at(self, question: Question, here: Event) -> Any:
        """Return the answer to a question that is asked at this event."""
        index = question.index
        sealed = self._sealed[index]
        if here in sealed:
            return sealed[here]
        kept = self._fresh[index].get(here)
        if kept is not None:
            if kept[1] < self.horizon:
                self.horizon = kept[1]
            return kept[0]
        before, self.horizon = self.horizon, NEVER
        value = question.run(self, here)
        if question.looks_back and here.at.end < self.now.start:
            sealed[here] = value  # it looks at what is past, and can never change
        else:
            self._fresh[index][here] = (value, self.horizon)
            if self.horizon is not NEVER:
                self._note_horizon(index, self.horizon)
        if before < self.horizon:
            self.horizon = before
        return value

    def answer_now(self, question: Question) -> Any:
        """Return the answer to a question about the present."""
        index = question.index
        known = self._present[index]
        if known is None or (known.checked < self._touched[index]
                             and not self._still_holds(question.reads, known)):
            known = self._worked_out(question, known)
        if known.horizon < self.horizon:
            self.horizon = known.horizon
        return known.value

    def _still_holds(self, reads: Reads, known: _Answer) -> bool:
        holds = self.is_unchanged(reads, known.checked)
        if holds:
            known.checked = self.tick
        return holds

    def is_unchanged(self, reads: Reads, tick: int) -> bool:
        """Whether nothing that is read has changed since a tick."""
        if self.late or not reads.all:
            return False
        changed = self._changed
        for name in reads.names:
            if changed.get(name, 0) > tick:
                return False
        before = self.horizon
        for question in reads.asks:
            self.answer_now(question)
            known = self._present[question.index]
            if known is None or known.since > tick:
                self.horizon = before
                return False
        self.horizon = before
        return True

    def _worked_out(self, question: Question, known: _Answer | None) -> _Answer:
        """Answer anew; what comes out as it was has not changed."""
        index, tick = question.index, self.tick
        before, self.horizon = self.horizon, NEVER
        value = question.run(self, None)
        horizon, self.horizon = self.horizon, before
        since = known.since if known is not None and known.horizon == horizon and (
            known.value is value or known.value == value) else tick
        answer = self._present[index] = _Answer(value, horizon, since, tick)
        if horizon is not NEVER:
            self._note_horizon(index, horizon)
        return answer

    def _note_horizon(self, index: int, horizon: datetime) -> None:
        if horizon < self._soonest.get(index, NEVER):
            self._soonest[index] = horizon

    def concluded(self, topic: str) -> str | None:
        """Return the value of a conclusion now; empty where it has none, None where unknown."""
        return self.values.get(topic, "")

    def judged(self, topic: str) -> Judged:
        """Return what was said of the events that a conclusion was judged at."""
        if topic not in self.verdicts:
            self.verdicts[topic] = Judged()
        return self.verdicts[topic]

    def stream(self, looker: int, key: Any, make: Callable[[Any], Any], source: Any) -> Any:
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


def in_clinical_order(events: Iterable[Event], mains: Mapping[str, str | None]) -> list[Event]:
    """Sort events by the beginning of their time, then the lower value, then content, then id.

    Values are compared by the number that was reported; of one number, "<" goes first and ">"
    last. Where an event stands for no number its only amount does. An id decides nothing but
    between events that say the same.
    """

    def key(event: Event) -> tuple[datetime, Fraction | int, int, str, str]:
        main = mains.get(event.kind)
        amounts = [value for value in event.fields.values() if isinstance(value, Amount)]
        amount = event.fields.get(main) if main else amounts[0] if len(amounts) == 1 else None
        number: Fraction | int = 0
        rank = 0
        if isinstance(amount, Amount):
            open_ = amount.high is None
            number = (amount.low if open_ else amount.high) or 0
            rank = 2 if open_ else int(amount.is_exact)
        return event.at.start, number, rank, event.content, event.id

    return sorted(events, key=key)
