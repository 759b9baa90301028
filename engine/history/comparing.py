"""In what do two assessments of one patient differ, episode by episode?

An episode is known again by its name and value and by the time that both held, be it that its first
instant moved. What is known again and differs is changed, or has ended, or goes on; what is not
known again was withdrawn; what was not there before has begun.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from engine.assessment import Assessment
from engine.records import AlertRecord, ConclusionRecord, Undecided

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from datetime import datetime

Record = ConclusionRecord | AlertRecord | Undecided
Episode = ConclusionRecord | AlertRecord
What = Literal["begun", "ended", "resumed", "withdrawn", "changed"]
Through = Literal["events", "time", "rulebook"]


@dataclass(frozen=True, slots=True)
class Change:
    """One change: of which record, and in which of its fields. Began from nothing, or went.

    `through` says what brought it: events that were learnt, the passing of time alone, or another
    rulebook. `rested_on` are those of its events that were learnt to be otherwise.
    """

    what: What
    through: Through
    before: Record | None
    after: Record | None
    fields: tuple[str, ...] = ()
    rested_on: tuple[str, ...] = ()

    @property
    def record(self) -> Record:
        """Return the record as it is now, or was last."""
        found = self.after or self.before
        assert found is not None
        return found

    @property
    def name(self) -> str:
        """Return the conclusion, or the rule of the alert."""
        return name_of(self.record)


@dataclass(frozen=True, slots=True)
class State:
    """What an assessment says, as far as it is compared."""

    conclusions: tuple[ConclusionRecord, ...] = ()
    alerts: tuple[AlertRecord, ...] = ()
    undecided: tuple[Undecided, ...] = ()

    @classmethod
    def of(cls, assessment: Assessment) -> State:
        """Return the state that an assessment is in."""
        return cls(assessment.conclusions, assessment.alerts, assessment.undecided)


def name_of(record: Record) -> str:
    """Return what a record is about."""
    return record.rule if isinstance(record, AlertRecord) else record.name


def changes(before: State, after: State, through: Through, start: Callable[[str], datetime],
            otherwise: Iterable[str] = ()) -> list[Change]:
    """Return what changed between two states.

    `start` gives the instant of a time as it is written; `otherwise` are the events that were
    learnt to be other than they had been.
    """
    found = [
        *_of_episodes(before.conclusions, after.conclusions, through, start),
        *_of_episodes(before.alerts, after.alerts, through, start),
        *_of_undecided(before.undecided, after.undecided, through),
    ]
    wrong = frozenset(otherwise)
    return [_resting(each, wrong) for each in found]


def _resting(change: Change, wrong: frozenset[str]) -> Change:
    before = change.before
    rested = before.evidence if isinstance(before, ConclusionRecord | AlertRecord) else ()
    return Change(change.what, change.through, before, change.after, change.fields,
                  tuple(each for each in rested if each in wrong))


def _of_episodes(before: Sequence[Episode], after: Sequence[Episode], through: Through,
                 start: Callable[[str], datetime]) -> Iterator[Change]:
    groups: dict[tuple[str, str], tuple[list[Episode], list[Episode]]] = {}
    for side, episodes in enumerate((before, after)):
        for each in episodes:
            groups.setdefault(_identity(each), ([], []))[side].append(each)
    for was, is_ in groups.values():
        for one, other in _matched(was, is_, start):
            if one != other:
                yield _change(one, other, through)


def _identity(episode: Episode) -> tuple[str, str]:
    return name_of(episode), "" if isinstance(episode, AlertRecord) else episode.value


def _matched(was: list[Episode], is_: list[Episode], start: Callable[[str], datetime]
             ) -> list[tuple[Episode | None, Episode | None]]:
    """Pair the episodes that are the same: those of one first instant, then those that overlap."""
    pairs: list[tuple[Episode | None, Episode | None]] = []
    left, right = [*was], [*is_]
    for same in (_begin_together, _overlap):
        for one in [*left]:
            other = next((each for each in right if same(one, each, start)), None)
            if other is not None:
                pairs.append((one, other))
                left.remove(one)
                right.remove(other)
    return [*pairs, *((one, None) for one in left), *((None, other) for other in right)]


def _begin_together(one: Episode, other: Episode, start: Callable[[str], datetime]) -> bool:
    return start(one.begin) == start(other.begin)


def _overlap(one: Episode, other: Episode, start: Callable[[str], datetime]) -> bool:
    return ((one.end is None or start(one.end) > start(other.begin))
            and (other.end is None or start(other.end) > start(one.begin)))


def _change(one: Record | None, other: Record | None, through: Through) -> Change:
    if one is None or other is None:
        return Change("begun" if one is None else "withdrawn", through, one, other)
    differing = tuple(name for name in one.__struct_fields__
                      if getattr(one, name) != getattr(other, name))
    what: What = "changed"
    if "end" in differing:
        assert not isinstance(one, Undecided) and not isinstance(other, Undecided)
        if one.end is None:
            what = "ended"
        elif other.end is None:
            what = "resumed"
    return Change(what, through, one, other, differing)


def _of_undecided(before: Sequence[Undecided], after: Sequence[Undecided],
                  through: Through) -> Iterator[Change]:
    was, is_ = ({each.name: each for each in side} for side in (before, after))
    for name in [*was, *(name for name in is_ if name not in was)]:
        if was.get(name) != is_.get(name):
            change = _change(was.get(name), is_.get(name), through)
            yield Change("ended", through, change.before, None) if change.after is None else change


def replayed(state: State, found: Iterable[Change]) -> State:
    """Return the state that changes make of a state; raises ValueError where they do not fit."""
    kept: list[list[Record]] = [[*state.conclusions], [*state.alerts], [*state.undecided]]
    for change in found:
        place = kept[_KINDS.index(type(change.record))]
        if change.before is not None:
            place.remove(change.before)
        if change.after is not None:
            place.append(change.after)
    return State(*(tuple(each) for each in kept))  # type: ignore[arg-type]


_KINDS: tuple[type, ...] = (ConclusionRecord, AlertRecord, Undecided)
