"""Events in a row that goes on: what comes after shares what came before, and never changes it.

A course is kept as it stood after each of its events. If each kept a list of its steps, a thousand
steps would come to half a million places; in a chain each step is one link.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from engine.events.event import Event


class Chain:
    """Some events in order; `first` is where it begins, None in the empty one."""

    __slots__ = ("_before", "_event", "count", "first")

    def __init__(self) -> None:
        self._before: Chain = self
        self._event: Event | None = None
        self.first: Event | None = None
        self.count = 0

    def adding(self, events: Iterable[Event]) -> Chain:
        """Return the chain that goes on from this one with more events."""
        chain = self
        for event in events:
            link = Chain.__new__(Chain)
            link._before, link._event = chain, event
            link.first, link.count = chain.first or event, chain.count + 1
            chain = link
        return chain

    def links(self) -> Iterator[tuple[Chain, Event]]:
        """Yield the chain as it was with each of its events, the last one first, and that event."""
        link = self
        while link._event is not None:
            yield link, link._event
            link = link._before

    def since(self, count: int) -> list[Event]:
        """Return the events after so many."""
        found = [event for (_, event), _ in zip(
            self.links(), range(self.count - count), strict=False)]
        return found[::-1]

    def __len__(self) -> int:
        return self.count

    def __iter__(self) -> Iterator[Event]:
        return iter(self.since(0))

    def __reversed__(self) -> Iterator[Event]:
        return (event for _, event in self.links())

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Chain) or self.count != other.count:
            return False
        for (link, event), (twin, same) in zip(self.links(), other.links(), strict=True):
            if link is twin:
                return True
            if event is not same:
                return False
        return True

    __hash__ = None  # type: ignore[assignment]


EMPTY = Chain()
