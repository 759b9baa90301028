"""What did each line tell when it became known: something new, a correction, that it never was?

The moments of knowledge are those at which lines become known. What several lines tell at one such
moment is told together.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from engine.events.event import same_content

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import datetime

    from engine.events.event import Event
    from engine.events.when import When

What = Literal["new", "corrected", "restated", "voided", "superseded", "contradicted", "repeated"]


@dataclass(frozen=True, slots=True)
class Arrival:
    """A line, and the moment from which it was known."""

    line: Event
    since: datetime


@dataclass(frozen=True, slots=True)
class Learnt:
    """What a line told: `before` stood until then, `after` stands from then on.

    A line is `superseded` if a later version of its event was known already, `restated` if it says
    the same as the version before, `contradicted` if another line says something else at once.
    """

    what: What
    line: Event
    before: Event | None
    after: Event | None


def moments_of(arrivals: Iterable[Arrival]) -> list[datetime]:
    """Return the moments at which something became known, each once, in order."""
    return sorted({each.since for each in arrivals})


def learnt_at(arrivals: Iterable[Arrival], moment: When, before: Mapping[str, Event],
              after: Mapping[str, Event]) -> list[Learnt]:
    """Return what the lines of one moment told, in the order of the time they tell of.

    `before` and `after` are the events that stood, by id.
    """
    lines = sorted((each.line for each in arrivals if each.since == moment.start),
                   key=lambda line: (line.at.start, line.id, line.recorded.start,
                                     line.source.name, line.source.line))
    told: dict[str, list[Event]] = {}
    for line in lines:
        told.setdefault(line.id, []).append(line)
    return [_learnt(_telling(versions, after.get(name)), before.get(name), after.get(name))
            for name, versions in told.items()]


def _telling(versions: Sequence[Event], after: Event | None) -> Event:
    """Return, of the lines of one event that came together, the one that counts."""
    return next((line for line in versions if line is after),
                max(versions, key=lambda line: line.recorded.start))


def _learnt(line: Event, before: Event | None, after: Event | None) -> Learnt:
    what: What
    if after is None:
        what = "voided" if line.is_void else "contradicted"
    elif line is not after and not same_content(line, after):
        what = "superseded"
    elif before is None:
        what = "new"
    elif same_content(before, after):
        what = "repeated"
    else:
        what = "restated" if _same_but_recorded(before, after) else "corrected"
    return Learnt(what, line, before, after)


def _same_but_recorded(one: Event, other: Event) -> bool:
    """Whether two versions say the same of the same time; their status may be another."""
    return ((one.kind, one.at.start, one.at.end) == (other.kind, other.at.start, other.at.end)
            and one.fields == other.fields)
