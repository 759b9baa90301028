"""Who belongs to a window: those that are settled, which only grow, and the newest, one by one.

What is said of an event that is over never changes, so it is gone through once and kept. The few
events that are not over yet, or that stand at the edge of a window, are looked at each time.
"""

from __future__ import annotations

from bisect import bisect_left
from itertools import chain, islice
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from datetime import datetime

    from engine.events.amount import Truth
    from engine.events.event import Event

    Member = tuple[Event, Truth]
    Passes = Callable[[Event], Truth]


class Kept:
    """Events in the order in which they begin; it grows at its end and changes nowhere else.

    `ends` are the latest ends so far, `open` the places of those that only may belong, and `places`
    the places of all in the source that they were taken from.
    """

    __slots__ = ("ends", "events", "open", "places", "starts")

    def __init__(self) -> None:
        self.events: list[Event] = []
        self.starts: list[datetime] = []
        self.ends: list[datetime] = []
        self.open: list[int] = []
        self.places: list[int] = []

    def add(self, event: Event, certain: Truth = True, place: int = 0) -> None:
        """Add the next event."""
        if certain is not True:
            self.open.append(len(self.events))
        at, ends = event.at, self.ends
        self.events.append(event)
        self.starts.append(at.start)
        ends.append(at.end if not ends or at.end > ends[-1] else ends[-1])
        self.places.append(place)

    def copy(self) -> Kept:
        """Return one that grows by itself from here."""
        twin = Kept()
        twin.events, twin.starts, twin.ends = [*self.events], [*self.starts], [*self.ends]
        twin.open, twin.places = [*self.open], [*self.places]
        return twin

    def certain(self, count: int) -> int:
        """Return how many of the first so many belong for certain."""
        return count - bisect_left(self.open, count)

    def member(self, index: int) -> Member:
        """Return an event, and whether it belongs for certain or perhaps (None)."""
        is_open = self.open and self.certain(index) == self.certain(index + 1)
        return self.events[index], None if is_open else True

    def over(self, done: int, count: int, now: datetime) -> int:
        """Return how many are over: those that begin together are over together."""
        starts, index = self.starts, bisect_left(self.ends, now, done, count)
        while done < index < count and starts[index] == starts[index - 1]:
            index -= 1
        return index

    def __iter__(self) -> Iterator[Event]:
        return iter(self.events)

    def __len__(self) -> int:
        return len(self.events)


class Members:
    """The first `count` of those kept, then the newest, in order; it never changes."""

    __slots__ = ("count", "kept", "newest")

    def __init__(self, kept: Kept, count: int, newest: Sequence[Member] = ()) -> None:
        self.kept, self.count, self.newest = kept, count, newest

    def __len__(self) -> int:
        return self.count + len(self.newest)

    def __eq__(self, other: object) -> bool:
        return (isinstance(other, Members) and self.kept is other.kept
                and self.count == other.count and list(self.newest) == list(other.newest))

    __hash__ = None  # type: ignore[assignment]

    def __iter__(self) -> Iterator[Member]:
        return chain(self.from_place(0), self.newest)

    def __reversed__(self) -> Iterator[Member]:
        return self.backwards_to(0)

    def backwards_to(self, place: int) -> Iterator[Member]:
        """Yield the newest, then those kept back to a place, the last one first."""
        yield from reversed(self.newest)
        for index in range(self.count - 1, place - 1, -1):
            yield self.kept.member(index)

    def from_place(self, place: int) -> Iterator[Member]:
        """Yield those kept from a place on."""
        for index in range(place, self.count):
            yield self.kept.member(index)

    def events(self) -> Iterator[Event]:
        """Yield the events alone."""
        yield from islice(self.kept.events, self.count)
        for event, _ in self.newest:
            yield event

    def first(self) -> Event | None:
        """Return the first one; none where it is not certain."""
        if not self.count:
            return self.newest[0][0] if self.newest and self.newest[0][1] else None
        event, certain = self.kept.member(0)
        return event if certain else None

    def latest(self) -> Event | None:
        """Return the first one of the last instant; none where it is not certain."""
        last = self.last()
        return last[0] if last is not None and last[1] else None

    def last(self) -> Member | None:
        """Return the first one of the last instant, certain or not."""
        kept, count = self.kept, self.count
        if self.newest:
            picked: Member | None = None
            for member in reversed(self):
                if picked is not None and member[0].at.start != picked[0].at.start:
                    break
                picked = member
            return picked
        if not count:
            return None
        starts, at = kept.starts, count - 1
        while at and starts[at - 1] == starts[at]:
            at -= 1
        return kept.member(at)

    @property
    def certain(self) -> int:
        """How many belong for certain."""
        return self.kept.certain(self.count) + sum(1 for _, certain in self.newest if certain)

    def since(self, low: datetime) -> list[Member]:
        """Return those that begin at an instant or later, one by one."""
        found = [*self.from_place(bisect_left(self.kept.starts, low, 0, self.count))]
        if self.newest:
            found += [each for each in self.newest if low <= each[0].at.start]
        return found

    def beginning(self, start: datetime) -> list[Member]:
        """Return those that begin at an instant, one by one."""
        starts, count = self.kept.starts, self.count
        place = bisect_left(starts, start, 0, count)
        found = []
        while place < count and starts[place] == start:
            found.append(self.kept.member(place))
            place += 1
        if self.newest:
            found += [each for each in self.newest if each[0].at.start == start]
        return found


class Stretch:
    """Some members to go through: those kept from a place on, then the newest."""

    __slots__ = ("_members", "_place")

    def __init__(self, members: Members, place: int) -> None:
        self._members, self._place = members, place

    def __iter__(self) -> Iterator[Member]:
        return chain(self._members.from_place(self._place), self._members.newest)

    def __reversed__(self) -> Iterator[Member]:
        return self._members.backwards_to(self._place)


NOBODY = Members(Kept(), 0)


class Filtered:
    """Those of a source that pass a filter, each asked once it is over.

    Those that stand before the place `first` are known not to pass. `passed` are those of what was
    found last, at a `tick` that the asker may note.
    """

    __slots__ = ("_done", "_found", "_source", "_stands", "kept", "passed", "tick")

    def __init__(self, source: Kept, first: int = 0) -> None:
        self.kept, self._source, self._done = Kept(), source, first
        self._found, self.passed = NOBODY, Members(self.kept, 0)
        self._stands, self.tick = False, -1

    def gives(self, found: Members, tick: int) -> bool:
        """Whether those that passed last are those that would pass of these."""
        if self._stands:  # every one of them is settled
            return found.count == self._found.count and not found.newest
        return found is self._found and tick == self.tick

    def members(self, found: Members, now: datetime, passes: Passes) -> Members:
        """Return those found, all from the one source, that pass."""
        kept, done, upto = self.kept, self._done, found.count
        newest: list[Member] = []
        if done < upto:
            source = self._source
            events, maybe = source.events, source.open
            over = upto if source.ends[upto - 1] < now else source.over(done, upto, now)
            for index in range(done, upto):
                event = events[index]
                truth = passes(event)
                if truth is False:
                    continue
                if maybe and source.member(index)[1] is None:
                    truth = None
                if index < over:
                    kept.add(event, truth, index)
                else:
                    newest.append((event, truth))
            self._done = done = over
        for event, certain in found.newest:
            truth = passes(event)
            if truth is not False:
                newest.append((event, certain and truth))
        count = len(kept.events) if upto >= done else bisect_left(kept.places, upto)
        self._found, self._stands = found, done == upto and not found.newest
        before = self.passed
        if newest or before.newest or before.count != count:
            self.passed = Members(kept, count, newest)
        return self.passed


def _as_before(before: Members, kept: Kept, count: int, newest: list[Member]) -> Members:
    """Return the same object where the same belong: who has read it need not read it again."""
    if before.count == count and before.kept is kept and not before.newest and not newest:
        return before
    return Members(kept, count, newest)


class Lowest:
    """Of a source the first of each instant, which is the lowest; unknown if that one is open."""

    __slots__ = ("_done", "_found", "_lowest", "_source", "kept")

    def __init__(self, source: Kept) -> None:
        self.kept, self._source, self._done = Kept(), source, 0
        self._found = self._lowest = NOBODY

    def members(self, found: Members, now: datetime) -> Members:
        """Return one of those found, all from the one source, for each instant."""
        source, kept = self._source, self.kept
        if found is self._found and found.count == self._done and not found.newest:
            return self._lowest
        if found.count < self._done or _together(found):
            return self._among_fewer(found)
        done = source.over(self._done, found.count, now)
        for at, (event, certain) in _lowest(enumerate(map(
                source.member, range(self._done, done)), self._done)):
            kept.add(event, certain, at)
        self._done, self._found = done, found
        self._lowest = _as_before(self._lowest, kept, len(kept.events), [
            each for _, each in _lowest(enumerate(chain(found.from_place(done), found.newest)))])
        return self._lowest

    def _among_fewer(self, found: Members) -> Members:
        """Return the same of fewer than are done, or where the newest joins one that is done."""
        kept = self.kept
        count = max(bisect_left(kept.places, found.count) - 1, 0)
        rest = found.from_place(kept.places[count] if kept.places else 0)
        return Members(kept, count, [
            each for _, each in _lowest(enumerate(chain(rest, found.newest)))])


def _together(found: Members) -> bool:
    """Whether the last one kept and the first of the newest begin together."""
    return bool(found.count and found.newest) and (
        found.kept.starts[found.count - 1] == found.newest[0][0].at.start)


def _lowest(found: Iterable[tuple[int, Member]]) -> list[tuple[int, Member]]:
    lowest: list[tuple[int, Member]] = []
    for at, (event, certain) in found:
        if lowest:
            place, (other, known) = lowest[-1]
            if other.at.start == event.at.start:
                if known is None and certain:
                    lowest[-1] = place, (event, None)
                continue
        lowest.append((at, (event, certain)))
    return lowest
