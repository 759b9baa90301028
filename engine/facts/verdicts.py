"""What was said of the events that a conclusion was judged at, as events to look at."""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.facts.members import Kept, Members

if TYPE_CHECKING:
    from collections.abc import Iterable

    from engine.events.event import Event


class Judged:
    """The events that a conclusion was judged at, and what was said of each; it never changes.

    The last one may be judged again, so it stands apart from the settled ones, which those that
    come after this one share with it, and only add to.
    """

    __slots__ = ("_count", "_kept", "_last", "_said", "_value")

    def __init__(self) -> None:
        self._said: dict[Event, str] = {}
        self._kept, self._count = Kept(), 0
        self._last: Event | None = None
        self._value = ""

    def copy(self) -> Judged:
        """Return one that shares nothing with this one."""
        twin = Judged()
        for event in self._kept.events[:self._count]:
            twin._settle(event, self._said[event])
        twin._last, twin._value = self._last, self._value
        return twin

    def get(self, event: Event | None) -> str | None:
        """Return what was said of an event."""
        if event is None:
            return None
        return self._value if event is self._last else self._said.get(event)

    def saying(self, event: Event, value: str) -> Judged:
        """Return the same with what is said of an event."""
        last = self._last
        if event is last or (last is None and self._goes_last(event)):
            return self._with_last(event, value)
        if last is None or event in self._said or event.at.start < last.at.start:
            return _anew([*self._all(leave_out=event), (event, value)])
        after = self if len(self._kept) == self._count else self.copy()
        after = after._with_last(event, value)
        after._settle(last, self._value)
        return after

    def without(self, event: Event) -> Judged:
        """Return the same without what was said of an event."""
        if event is self._last:
            return self._with_last(None, "")
        return _anew(self._all(leave_out=event)) if event in self._said else self

    def members(self) -> Members:
        """Return all events that something is said of, in order."""
        last = self._last
        return Members(self._kept, self._count, [(last, True)] if last is not None else [])

    def _goes_last(self, event: Event) -> bool:
        return event not in self._said and (
            not self._count or event.at.start >= self._kept.starts[self._count - 1])

    def _with_last(self, event: Event | None, value: str) -> Judged:
        twin = Judged.__new__(Judged)
        twin._said, twin._kept, twin._count = self._said, self._kept, self._count
        twin._last, twin._value = event, value
        return twin

    def _settle(self, event: Event, value: str) -> None:
        self._said[event] = value
        self._kept.add(event)
        self._count += 1

    def _all(self, leave_out: Event) -> Iterable[tuple[Event, str]]:
        for event in self._kept.events[:self._count]:
            if event is not leave_out:
                yield event, self._said[event]
        if self._last is not None and self._last is not leave_out:
            yield self._last, self._value


def _anew(said: Iterable[tuple[Event, str]]) -> Judged:
    """Return all that was said, settled but for the last."""
    judged = Judged()
    ordered = sorted(said, key=lambda each: each[0].at.start)
    for event, value in ordered[:-1]:
        judged._settle(event, value)
    return judged._with_last(*ordered[-1]) if ordered else judged
