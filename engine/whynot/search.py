"""What is the smallest change in the facts that would bring a conclusion about?

Suppositions are tried in order of their number of changes, each by really assessing the patient.
What still stands against the conclusion then says how to go on, so that changes are tried together
only where one leads to the other. The search has a bound, and says when it was reached.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from heapq import heappop, heappush
from itertools import combinations, count
from typing import TYPE_CHECKING

from engine.events.when import add_days, whole_day
from engine.whynot.levers import Levers
from engine.whynot.supposed import Change, Supposition, distance, in_order, is_past

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from datetime import date

    from engine.events.event import Event
    from engine.passage import Passage
    from engine.whynot.question import Question
    from engine.whynot.scribe import Scribe
    from engine.whynot.trials import Trials

MOST_TRIALS, MOST_STEPS = 300, 3000
MOST_CHANGES = 3
_MOST_TOLD = 3
_MORE_TRIALS = 40  # after what was found last, for a nearer one of the same size
_MOST_REPAIRS = 5
_MOST_FOUND = 8
_MOST_VOIDED = 5

_Rank = tuple[int, int, int, int]


@dataclass(frozen=True, slots=True)
class Found:
    """What would bring it about, the smallest first; `tried` is how often was assessed for it.

    `bounded` says that the search ended at its bound, not where nothing was left to try.
    """

    changes: tuple[Supposition, ...]
    tried: int
    bounded: bool


@dataclass
class Search:
    """One search; each supposition is tried once."""

    question: Question
    trials: Trials
    scribe: Scribe
    lines: Sequence[Event]
    _waiting: list[tuple[_Rank, int, Supposition, int, int]] = field(default_factory=list)
    _seen: set[frozenset[tuple[str, str, str]]] = field(default_factory=set)
    _found: dict[frozenset[tuple[str, str, str]], Supposition] = field(default_factory=dict)
    _last: int = 0
    _order: Iterator[int] = field(default_factory=count)

    @property
    def _today(self) -> date:
        return max(self.trials.at.day, self.trials.what.as_of.day)

    def run(self) -> Found:
        """Search until nothing smaller can be found, or the bound is reached."""
        self._go_on(Supposition(), self.trials.base, 0, 0)
        bounded = False
        while self._waiting and not self._is_enough(self._waiting[0][0][0]):
            if self.trials.spent >= MOST_TRIALS or self.trials.steps >= MOST_STEPS:
                bounded = True
                break
            if self._found and self.trials.spent - self._last > _MORE_TRIALS and self._is_ahead():
                break
            _, _, supposed, repairs, left = heappop(self._waiting)
            passage = self.trials.passage(supposed)
            if self.question.holds(passage):
                self._note(self._smallest(supposed))
            else:
                self._go_on(supposed, passage, repairs, left)
        return Found(tuple(self._told()), self.trials.spent, bounded)

    def _is_enough(self, changes: int) -> bool:
        """Whether nothing with so many changes is worth trying after what was found."""
        if not self._found:
            return False
        sizes = [len(each) for each in self._found.values()]
        return (changes > min(sizes) and self._is_ahead()) or len(self._found) >= _MOST_FOUND

    def _is_ahead(self) -> bool:
        """Whether something was found that changes nothing of the past."""
        return any(not self._is_past(each) for each in self._found.values())

    def _go_on(self, supposed: Supposition, passage: Passage, repairs: int, before: int) -> None:
        """Put what could be supposed next among what is waiting to be tried.

        Where the past was changed, and no less than `before` stands against it, nothing is built
        on that.
        """
        against = self.question.unmet(passage)
        if against is None or (self._is_past(supposed) and against.least >= before):
            return
        standing = supposed.events(self.trials.events)
        tomorrow = add_days(self.trials.at.day, 1)
        levers = Levers(self.scribe, self.trials.events, standing, supposed,
                        max(tomorrow, passage.as_of.day))
        left = against.least
        for each in levers.of(against, self.question.anchors(passage, against)):
            self._wait(each, supposed, left, repairs)
        if not self.question.has_rule:
            for each in self._without_evidence(supposed, passage):
                self._wait(each, supposed, left, repairs)
        if len(supposed) < MOST_CHANGES:
            day = self.trials.by_time_alone(supposed, passage, self.question.holds)
            if day is not None:
                self._wait(supposed.and_(Change("wait", until=day)), supposed, 0, repairs)

    def _without_evidence(self, supposed: Supposition, passage: Passage) -> Iterator[Supposition]:
        """Suppose that one of the events had not been on which rests what is concluded instead."""
        for identity in self.question.standing(passage).evidence[-_MOST_VOIDED:]:
            event = self.trials.events.get(identity)
            line = self.scribe.voided(event) if event is not None else None
            if line is not None:
                yield supposed.and_(Change("void", line, event))

    def _wait(self, each: Supposition, before: Supposition, left: int, repairs: int) -> None:
        """Let a supposition wait for its turn, unless it was there or is too large."""
        repairs = repairs + 1 if len(each) == len(before) else 0
        key = each.key
        if key in self._seen or len(each) > MOST_CHANGES or repairs > _MOST_REPAIRS:
            return
        self._seen.add(key)
        _, past, _, days, _ = distance(each, self._today, self.trials.events)
        heappush(self._waiting, ((len(each), left + repairs, past, days), next(self._order), each,
                                 repairs, left))

    def _smallest(self, supposed: Supposition) -> Supposition:
        """Return the smallest part of a supposition that suffices by itself.

        Where what is new comes later, it may be that the time until then is all that it needs.
        """
        until = supposed.as_of(self.trials.at, self.trials.what.as_of)
        wait = Change("wait", until=whole_day(until.day, self.trials.assessor.zone))
        later = until.day > self.trials.at.day
        for size in range(len(supposed) + 1):
            for part in combinations(supposed.changes, size):
                fewer = Supposition(part)
                tried = [fewer] if 0 < size < len(supposed) else []
                if size < len(supposed) and later and fewer.as_of(
                        self.trials.at, self.trials.what.as_of).day < until.day:
                    tried.append(fewer.and_(wait))
                for each in tried:
                    if each.key != supposed.key and self.question.holds(self.trials.passage(each)):
                        return self._earliest(each)
        return supposed

    def _earliest(self, supposed: Supposition) -> Supposition:
        """Return a supposition that waits with the first day on which waiting suffices."""
        others = [change for change in supposed.changes if change.verb != "wait"]
        if len(others) == len(supposed):
            return supposed
        rest = Supposition(tuple(others))
        day = self.trials.by_time_alone(rest, self.trials.passage(rest), self.question.holds)
        return supposed if day is None else rest.and_(Change("wait", until=day))

    def _note(self, supposed: Supposition) -> None:
        """Keep what suffices; of those that a reader takes for the same, the nearest."""
        supposed = Supposition(in_order(supposed.changes))
        shape = frozenset(change.shape for change in supposed.changes)
        other = self._found.get(shape)
        if other is None or self._far(supposed) < self._far(other):
            self._found[shape] = supposed
            self._last = self.trials.spent

    def _told(self) -> Iterable[Supposition]:
        """Return the smallest, as many as a reader wants, each assessed again from the lines."""
        ordered = sorted(self._found.values(), key=self._far)
        sure = [each for each in ordered
                if self.question.holds(self.trials.confirmed(self.lines, each))]
        if not sure:
            return []
        least = [each for each in sure if len(each) == len(sure[0])][:_MOST_TOLD]
        ahead = [each for each in sure if not self._is_past(each)]
        if ahead and ahead[0] not in least:
            least = [*least[:_MOST_TOLD - 1], ahead[0]]
        return least

    def _far(self, supposed: Supposition) -> tuple[object, ...]:
        return distance(supposed, self._today, self.trials.events)

    def _is_past(self, supposed: Supposition) -> bool:
        return any(is_past(change, self._today) for change in supposed.changes)
