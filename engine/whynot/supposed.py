"""Which changes are supposed: one more event, another value, an event that had not been, time.

A supposition is made of lines as they would arrive, so that what it comes to is what the ordinary
assessment says of them.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Literal

from engine.events.amount import Amount
from engine.events.when import When

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import date

    from engine.events.event import Event

Verb = Literal["add", "alter", "void", "wait"]


@dataclass(frozen=True, slots=True)
class Change:
    """One change: `event` is the line that tells it, `before` the event as it stands.

    To `wait` has no line: nothing happens until that day.
    """

    verb: Verb
    event: Event | None = None
    before: Event | None = None
    until: When | None = None

    @property
    def said(self) -> tuple[str, str, str]:
        """What tells this change from another; the id of a new event is no part of it."""
        if self.event is None:
            return (self.verb, self.until.text if self.until else "", "")
        name = self.event.kind if self.verb == "add" else self.event.id
        return (self.verb, name, "" if self.verb == "void" else self.event.content)

    @property
    def shape(self) -> tuple[str, str, str]:
        """What a reader takes for the same change but for its value or its day."""
        if self.event is None:
            return (self.verb, "", "")
        names = sorted(value for value in self.event.fields.values() if isinstance(value, str))
        return (self.verb, self.event.kind if self.verb == "add" else self.event.id,
                " ".join(names) if self.verb == "add" else "")


@dataclass(frozen=True, slots=True)
class Supposition:
    """Changes that are supposed together."""

    changes: tuple[Change, ...] = ()

    def __len__(self) -> int:
        return len(self.changes)

    @property
    def key(self) -> frozenset[tuple[str, str, str]]:
        """What is supposed, in whatever order it was thought of."""
        return frozenset(change.said for change in self.changes)

    def and_(self, *changes: Change) -> Supposition:
        """Return this with more changes; one of an event that is changed already replaces it."""
        told = {change.event.id for change in changes if change.event is not None}
        waits = any(change.verb == "wait" for change in changes)
        kept = [change for change in self.changes
                if (change.event.id not in told if change.event else not waits)]
        return Supposition((*kept, *changes))

    def without(self, index: int) -> Supposition:
        """Return this without one of its changes."""
        return Supposition((*self.changes[:index], *self.changes[index + 1:]))

    def of(self, identity: str) -> Change | None:
        """Return the change of an event, if there is one."""
        return next((change for change in self.changes
                     if change.event is not None and change.event.id == identity), None)

    def events(self, known: Mapping[str, Event]) -> dict[str, Event]:
        """Return the events that would stand."""
        standing = dict(known)
        for change in self.changes:
            if change.event is None:
                continue
            if change.verb == "void":
                standing.pop(change.event.id, None)
            else:
                standing[change.event.id] = change.event
        return standing

    def as_of(self, moment: When, known: When) -> When:
        """Return the first moment, from the one asked about, at which all of it could be known.

        `known` is the moment by which everything was known that is assessed.
        """
        latest = moment
        for change in self.changes:
            for each in (change.until, change.event.at if change.event else None):
                if each is not None and each.start > latest.end:
                    latest = each
            event = change.event
            if event is not None and event.recorded.start > max(known.end, latest.end):
                latest = event.recorded
        return latest


def changed(event: Event, known: Mapping[str, Event]) -> Change:
    """Return the change that an altered event is: of a new one, it is still the one new event."""
    before = known.get(event.id)
    return Change("add", event) if before is None else Change("alter", event, before)


def distance(supposition: Supposition, today: date,
             known: Mapping[str, Event]) -> tuple[int, int, int, int, Fraction | int]:
    """Return how far a supposition is from the facts.

    By the number of changes, then of those of the past, of events, then by time and by value.
    """
    past = sum(1 for change in supposition.changes if is_past(change, today))
    days = sum(abs((_day(change) - today).days) for change in supposition.changes)
    new = sum(1 for change in supposition.changes if change.verb != "wait")
    return len(supposition), past, new, days, sum(
        (_moved(change, known) for change in supposition.changes), start=0)


def is_past(change: Change, today: date) -> bool:
    """Whether a change is one of what has already been."""
    return change.verb in ("alter", "void") or (
        change.event is not None and change.event.at.day <= today)


def _day(change: Change) -> date:
    if change.until is not None:
        return change.until.day
    assert change.event is not None
    return change.event.at.day


def _moved(change: Change, known: Mapping[str, Event]) -> Fraction | int:
    """Return by how much a number is another, as a share of what it, or the newest of it, was."""
    event, before = change.event, change.before
    if event is None or change.verb == "void":
        return 1
    if before is None:
        alike = [each for each in known.values() if each.kind == event.kind]
        before = max(alike, key=lambda each: (each.at.start, each.id), default=None)
    if before is None:
        return 0
    moved: Fraction | int = 0
    for name, value in event.fields.items():
        old = before.fields.get(name)
        if isinstance(value, Amount) and isinstance(old, Amount) and value.low is not None and (
                old.low):
            moved += abs(Fraction(value.low - old.low)) / old.low
        elif value != old:
            moved += 1
    return moved


def in_order(changes: Iterable[Change]) -> tuple[Change, ...]:
    """Return changes in the order in which they would be told: by day."""
    return tuple(sorted(changes, key=lambda change: (_day(change), change.verb, change.said)))
