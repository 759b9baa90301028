"""Several windows as one, in the order of time: what is over is put in its place only once."""

from __future__ import annotations

from bisect import bisect_left
from datetime import datetime
from itertools import chain, takewhile
from operator import is_
from typing import TYPE_CHECKING

from engine.events.when import FIRST, LAST
from engine.facts.members import NOBODY, Kept, Members

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from engine.facts.members import Member


class Merged:
    """The members of several sources in one order; of one instant, in the order of the sources.

    Of each source, those taken are as many of its kept ones as are `_done`, and some of its newest
    that were over before it kept them (`_ahead`). Where a source gives events later than others
    do, as verdicts on earlier events, the last `_waits` are not taken yet.
    """

    __slots__ = ("_ahead", "_all", "_done", "_found", "_sources", "_waits", "kept")

    def __init__(self, sources: Sequence[Kept]) -> None:
        self._sources, self._waits = sources, 0
        self._begin()

    def _begin(self) -> None:
        self.kept, self._done = Kept(), [0] * len(self._sources)
        self._ahead: list[list[Member]] = [[] for _ in self._sources]
        self._found: Sequence[Members] = ()
        self._all = NOBODY

    def _begin_again(self, start: datetime) -> None:
        """Begin anew, as what was taken from an instant on is not all; from now on take it later.

        No more than twice as many wait as before: one late event does not make all others wait.
        """
        late = len(self.kept) - bisect_left(self.kept.starts, start)
        self._waits += min(late, self._waits + 1)
        self._begin()

    def members(self, found: Sequence[Members], now: datetime) -> Members:
        """Return all those found, of each source its own."""
        if self._found and all(map(is_, found, self._found)):
            return self._all
        found_rests = [self._rest(index, each) for index, each in enumerate(found)]
        rests = [each for each in found_rests if not isinstance(each, datetime)]
        fewer = min((each for each in found_rests if isinstance(each, datetime)), default=None)
        first = min((_start(rest[0]) for rest in rests if rest), default=LAST)
        if fewer is not None:
            return self._of_fewer(found, fewer if fewer <= first else FIRST)
        if len(self.kept) and first <= self.kept.starts[-1]:  # it belongs among those taken
            self._begin_again(first)
            rests = [[*each] for each in found]
        return self._take(rests, found, now)

    def _rest(self, index: int, found: Members) -> list[Member] | datetime:
        """Return what was not taken yet; or from when on some that were taken are not found."""
        done, ahead = self._done[index], self._ahead[index]
        if found.count < done:
            start = found.kept.starts[found.count]
            return min(start, _start(found.newest[0])) if found.newest else start
        rest = [*found.from_place(done), *found.newest]
        if ahead:
            same = sum(1 for _ in takewhile(_is_same, zip(ahead, rest, strict=False)))
            if same == len(rest) < len(ahead):
                return ahead[same][0].at.start
            if same < len(ahead):  # one of them was left out after all
                self._begin_again(_start(ahead[same]))
                return FIRST
            now_kept = min(found.count - done, len(ahead))
            self._done[index] += now_kept
            del ahead[:now_kept], rest[:same]
        return rest

    def _of_fewer(self, found: Sequence[Members], start: datetime) -> Members:
        """Return all those found; of what was taken, all that begins before `start` is among them.
        """
        return Members(self.kept, bisect_left(self.kept.starts, start), _merged(
            [*each.from_place(bisect_left(each.kept.starts, start, 0, each.count)),
             *(member for member in each.newest if _start(member) >= start)] for each in found))

    def _take(self, rests: list[list[Member]], found: Sequence[Members], now: datetime) -> Members:
        """Take what is over, unless something that waits may come before it."""
        over = [_over(rest, now) for rest in rests]
        before = min((_start(rest[at]) for rest, at in zip(rests, over, strict=True)
                      if at < len(rest)), default=LAST)
        if self._waits:
            starts = sorted(_start(each) for rest in rests for each in rest)
            before = min([before, *starts[-self._waits:][:1]])
        ready = [[each for each in rest[:at] if _start(each) < before]
                 for rest, at in zip(rests, over, strict=True)]
        for index, (each, taken) in enumerate(zip(found, ready, strict=True)):
            of_kept = min(each.count - self._done[index] - len(self._ahead[index]), len(taken))
            if of_kept > 0:
                self._done[index] += of_kept
            self._ahead[index] += taken[max(of_kept, 0):]
        for event, certain in _merged(ready):
            self.kept.add(event, certain)
        merged = Members(self.kept, len(self.kept), _merged(
            rest[len(taken):] for rest, taken in zip(rests, ready, strict=True)))
        if not merged.newest:
            self._found, self._all = found, merged
        return merged


def _is_same(pair: tuple[Member, Member]) -> bool:
    (one, certain), (other, known) = pair
    return one is other and certain is known


def _over(rest: list[Member], now: datetime) -> int:
    """Return how many are over: those that begin together are over together."""
    index, count = 0, len(rest)
    while index < count and rest[index][0].at.end < now:
        index += 1
    while 0 < index < count and _start(rest[index]) == _start(rest[index - 1]):
        index -= 1
    return index


def _start(member: Member) -> datetime:
    return member[0].at.start


def _merged(sources: Iterable[Iterable[Member]]) -> list[Member]:
    return sorted(chain.from_iterable(sources), key=_start)
