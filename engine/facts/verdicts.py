"""What was said of the events that a conclusion was judged at, as events to look at."""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.facts.members import Kept, Members

if TYPE_CHECKING:
    from engine.events.event import Event


class Judged:
    """The events that a conclusion was judged at, and what was said of each.

    The last one may be judged again, so it is not settled; a change further back begins the
    settled ones anew.
    """

    __slots__ = ("_kept", "_last", "_said")

    def __init__(self) -> None:
        self._said: dict[Event, str] = {}
        self._kept = Kept()
        self._last: Event | None = None

    def copy(self) -> Judged:
        """Return one that goes on by itself from here."""
        twin = Judged()
        twin._said, twin._kept, twin._last = {**self._said}, self._kept.copy(), self._last
        return twin

    def get(self, event: Event | None) -> str | None:
        """Return what was said of an event."""
        return self._said.get(event) if event is not None else None

    def say(self, event: Event, value: str) -> None:
        """Note what is said of an event."""
        last, is_new = self._last, event not in self._said
        self._said[event] = value
        if event is last:
            return
        if not is_new or (last is not None and event.at.start < last.at.start) or (
                last is None and len(self._kept) and event.at.start < self._kept.starts[-1]):
            self._begin_anew()
            return
        if last is not None:
            self._kept.add(last)
        self._last = event

    def take_back(self, event: Event) -> str | None:
        """Forget what was said of an event, and return it."""
        value = self._said.pop(event, None)
        if event is self._last:
            self._last = None
        elif value is not None:
            self._begin_anew()
        return value

    def _begin_anew(self) -> None:
        self._kept, self._last = Kept(), None
        for event in sorted(self._said, key=lambda event: event.at.start):
            if self._last is not None:
                self._kept.add(self._last)
            self._last = event

    def members(self) -> Members:
        """Return all events that something is said of, in order."""
        last = self._last
        return Members(self._kept, len(self._kept), [(last, True)] if last is not None else [])
