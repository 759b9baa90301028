"""What has become of the events that a certificate names: found, corrected, voided or missing?"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from engine.store.lines import canonical, digest_of
from engine.timeline.log import known

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from engine.certificate.shape import Certificate, EventPart
    from engine.events.event import Event

State = Literal["found", "superseded", "voided", "contradicted", "changed", "missing"]


@dataclass(frozen=True, slots=True)
class EventNow:
    """One event of a certificate and what has become of it; `line` is the one as certified.

    `by` is the line that supersedes or voids it, or that stands in its place.
    """

    part: EventPart
    state: State
    line: Event | None
    by: Event | None = None


@dataclass(frozen=True, slots=True)
class EventsNow:
    """All events of a certificate, and the events that stand now and are not in it."""

    named: tuple[EventNow, ...]
    added: tuple[Event, ...]
    standing: tuple[Event, ...]

    @property
    def certified(self) -> list[Event]:
        """Return the events as they were certified, as far as they are there."""
        return [each.line for each in self.named if each.line is not None]

    @property
    def are_all_there(self) -> bool:
        """Whether every line that was certified is still there."""
        return all(each.line is not None for each in self.named)


def events_now(certificate: Certificate, lines: Sequence[Event]) -> EventsNow:
    """Return what the lines of a patient say of the events of a certificate."""
    standing = {event.id: event for event in known(lines).events} if lines else {}
    versions: dict[str, list[Event]] = {}
    for line in lines:
        versions.setdefault(line.id, []).append(line)
    named = tuple(_now(part, versions.get(part.event, []), standing)
                  for part in certificate.events)
    certified = {part.event for part in certificate.events}
    return EventsNow(named, tuple(event for event in standing.values()
                                  if event.id not in certified), tuple(standing.values()))


def _now(part: EventPart, versions: Sequence[Event], standing: Mapping[str, Event]) -> EventNow:
    own = next((line for line in versions if digest(line) == part.digest), None)
    newest = standing.get(part.event)
    if own is None:
        other = next((line for line in versions if line.recorded.text == part.recorded), newest)
        return EventNow(part, "changed" if other is not None else "missing", None, other)
    if newest is not None and (digest(newest) == part.digest or _same_version(newest, own)):
        return EventNow(part, "found", own)
    if newest is not None:
        return EventNow(part, "superseded", own, newest)
    last = max(versions, key=lambda line: (line.recorded.start, line.is_void))
    return EventNow(part, "voided" if last.is_void else "contradicted", own, last)


def _same_version(one: Event, other: Event) -> bool:
    """Whether two lines that differ in spelling are one version: they were recorded together."""
    return one.recorded.start == other.recorded.start


def digest(event: Event) -> str:
    """Return the digest of an event's line."""
    return digest_of(canonical(dict(event.given))).hex()
