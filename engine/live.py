"""One patient followed as lines arrive: what is concluded now, without going over all of it again?

An event that begins after everything that was judged only takes one step more. One that begins
earlier, or changes an earlier one, goes back to a passage that was kept from before it, and on from
there; only where none is kept are all instants gone through again. The result is the same as if
everything had been known from the first.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from engine.events.when import FIRST, When
from engine.facts.chart import NEVER
from engine.passage import Passage
from engine.timeline.log import standing_version

if TYPE_CHECKING:
    from datetime import datetime

    from engine.assess import Assessor
    from engine.events.event import Event, Refusal

_ALL_KEPT, _MOST_KEPT = 2, 6  # the newest are all kept


@dataclass(frozen=True, slots=True)
class Changes:
    """Which events came, were corrected, contradict themselves, and no longer stand: their ids."""

    new: tuple[str, ...] = ()
    corrected: tuple[str, ...] = ()
    contradicted: tuple[str, ...] = ()
    gone: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Kept:
    """A passage as it was after a number of instants, the last of which is `at`."""

    steps: int
    at: datetime
    passage: Passage


@dataclass
class LivePatient:
    """A patient's lines so far, and the passage through all instants up to the last moment asked.

    `events` are those that stand as of the last moment asked, by id, and `contents` a digest of
    what each says; `steps` counts the instants judged, to tell what an arrival costs.
    """

    assessor: Assessor
    patient: str
    steps: int = 0
    events: dict[str, Event] = field(default_factory=dict)
    contents: dict[str, str] = field(default_factory=dict)
    _before: dict[str, str | None] = field(default_factory=dict)
    _versions: dict[str, list[Event]] = field(default_factory=dict)
    _waiting: list[Event] = field(default_factory=list)
    _ahead: dict[str, Event] = field(default_factory=dict)
    _refusals: dict[str, list[Refusal]] = field(default_factory=dict)
    _contradicted: dict[str, None] = field(default_factory=dict)
    _passage: Passage | None = None
    _at: datetime = FIRST
    _count: int = 0
    _changed_from: datetime = NEVER
    _kept: list[_Kept] = field(default_factory=list)

    def take(self, line: Event) -> None:
        """Add a line; it counts from the moment at which it was recorded."""
        self._waiting.append(line)

    @property
    def refused(self) -> list[Refusal]:
        """The lines that contradict each other, as of the last moment asked."""
        return [one for refusals in self._refusals.values() for one in refusals]

    @property
    def is_known(self) -> bool:
        """Whether any line is believed, be it one that says that an event never was."""
        lines = sum(len(each) for each in self._versions.values())
        return lines > len(self.refused)

    def next_change(self) -> datetime:
        """Return the next instant at which time alone may change what is concluded."""
        soonest = [line.recorded.start for line in self._waiting]
        soonest += [event.at.start for event in self._ahead.values()]
        if self._passage is not None:
            soonest.append(self._passage.next_change())
        return min(soonest, default=NEVER)

    def changes(self) -> Changes:
        """Return what has changed since this was asked last."""
        now = {each: self.contents.get(each) for each in self._before}
        gone = sorted(each for each in now if self._before[each] and now[each] is None)
        changed = Changes(
            tuple(sorted(each for each in now if self._before[each] is None and now[each])),
            tuple(sorted(each for each in now if None not in (self._before[each], now[each])
                         and self._before[each] != now[each])),
            tuple(each for each in gone if self._refusals.get(each)),
            tuple(each for each in gone if not self._refusals.get(each)))
        self._before = {}
        return changed

    def newly_refused(self) -> list[Refusal]:
        """Return the lines found to contradict each other since this was asked last."""
        found = [one for each in self._contradicted for one in self._refusals.get(each, ())]
        self._contradicted.clear()
        return sorted(found, key=lambda one: (one.source, one.line))

    def lighten(self) -> None:
        """Forget what late lines would go back to, to save memory: one in order takes one step."""
        self._kept.clear()

    def rest(self) -> None:
        """Forget every passage, to save more; the next one goes over all instants again."""
        self._passage, self._changed_from = None, FIRST
        self._kept.clear()

    def passage(self, as_of: When) -> Passage:
        """Return the passage as of a moment, which is never before one asked earlier."""
        self.learn(as_of)
        passage = self._passage = self._start(as_of)
        to_come = sorted({event.at.start for event in self._ahead.values()
                          if event.at.start <= as_of.end}, reverse=True)
        for now, begun in self.assessor.instants(self._ahead.values(), passage):
            if begun:
                self._keep(passage, len(to_come))
                to_come.pop()
            passage.step(now, begun)
            for event in begun:
                del self._ahead[event.id]
            self._at, self._count, self.steps = now.start, self._count + 1, self.steps + 1
        return passage.with_moment()

    def learn(self, as_of: When) -> None:
        """Take in the lines that had been recorded by a moment."""
        known = [line for line in self._waiting if line.recorded.start <= as_of.end]
        if known:
            self._waiting = [line for line in self._waiting if line.recorded.start > as_of.end]
        for line in known:
            self._versions.setdefault(line.id, []).append(line)
        for identity in dict.fromkeys(line.id for line in known):
            self._decide(identity)

    def _decide(self, identity: str) -> None:
        """Find the version of an event that stands now, and from when on that changes anything."""
        before = self.events.pop(identity, None)
        standing, refusals = standing_version(self._versions[identity])
        if refusals and refusals != self._refusals.get(identity):
            self._contradicted[identity] = None
        self._refusals[identity] = refusals
        if standing is not None and standing.is_void:
            standing = None
        if standing is not None:
            self.events[identity] = standing
        if standing is before:
            return
        self._before.setdefault(identity, self.contents.pop(identity, None))
        if standing is not None:
            self.contents[identity] = _digest(standing)
        self._ahead.pop(identity, None)
        if standing is not None and standing.at.start > self._at:
            self._ahead[identity] = standing
        for event in (before, standing):
            if event is not None:
                self._changed_from = min(self._changed_from, event.at.start)

    def _start(self, as_of: When) -> Passage:
        """Return the passage to go on with: the last one, or one from before what has changed."""
        changed, self._changed_from = self._changed_from, NEVER
        if self._passage is not None and changed > self._at:
            self._passage.as_of = as_of
            return self._passage
        while self._kept and self._kept[-1].at >= changed:
            self._kept.pop()
        if self._kept:
            kept = self._kept[-1]
            self._at, self._count, passage = kept.at, kept.steps, kept.passage.copy()
            passage.as_of = as_of
        else:
            self._at, self._count, passage = FIRST, 0, Passage(self.assessor, as_of)
        self._ahead = {identity: event for identity, event in self.events.items()
                       if event.at.start > self._at}
        return passage

    def _keep(self, passage: Passage, to_come: int) -> None:
        """Keep the passage as it is before the next instant; the older, the fewer.

        Of many instants at once only those are kept that are 1, 2, 4, 8 ... from the last.
        """
        if self._count == 0 or to_come & (to_come - 1):
            return
        if self._kept and self._kept[-1].steps == self._count:
            return
        self._kept.append(_Kept(self._count, self._at, passage.copy()))
        if len(self._kept) > _MOST_KEPT:
            ages = [self._count - each.steps for each in self._kept]
            crowded = [index for index in range(1, len(ages) - _ALL_KEPT)
                       if ages[index - 1] < 4 * max(ages[index + 1], 1)]
            del self._kept[crowded[0] if crowded else 0]


def _digest(event: Event) -> str:
    """Return a digest of what an event says of which time; its status and spelling are no part."""
    fields = [(name, (value.start, value.end) if isinstance(value, When) else value)
              for name, value in sorted(event.fields.items())]
    said = repr((event.kind, event.at.start, event.at.end, fields, event.marks))
    return hashlib.sha256(said.encode("utf-8", "backslashreplace")).hexdigest()[:16]
