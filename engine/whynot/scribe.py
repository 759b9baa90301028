"""How would an event that never was be written down? As a line, read like every other.

A line is made after one that is there, or with no more than its kind requires. What the intake
would refuse (an implausible number) is no event, so no change rests on it.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date, timedelta
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from engine.events.event import STATUSES, Event, Source
from engine.events.intake import Intake
from engine.events.quantity import plain
from engine.events.when import LAST
from engine.rulebook.ranges import Range
from engine.whynot.wants import Given, Names, Want, nearest

if TYPE_CHECKING:
    from datetime import datetime
    from zoneinfo import ZoneInfo

    from engine.events.kinds import Field, Kind, Quantity, Reading, Vocabulary

Wants = Mapping[str, Want]
_SUPPOSED = Source("supposed", 0)
_OWN = ("id", "at", "recorded", "status", "note")
_A_MOMENT = timedelta(seconds=1)


class Scribe:
    """Writes lines about one patient."""

    def __init__(self, vocabulary: Vocabulary, zone: ZoneInfo, patient: str) -> None:
        self.vocabulary = vocabulary
        self._patient, self._intake = patient, Intake(vocabulary, zone)

    def like(self, event: Event, identity: str, at: str, wants: Wants) -> Event | None:
        """Return an event that says what another says, at another time, but for what is wanted."""
        raw = {key: value for key, value in event.given.items() if key not in _OWN}
        return self._read(event.kind, {**raw, "id": identity, "at": at}, wants)

    def fresh(self, kind: str, identity: str, at: str, wants: Wants) -> Event | None:
        """Return an event with what its kind requires and what is wanted."""
        raw = {"patient": self._patient, "kind": kind, "id": identity, "at": at}
        required: dict[str, Want] = {
            name: Given() for name, field in self.vocabulary.kinds[kind].plain.items()
            if field.required and name not in wants}
        for quantity in self.vocabulary.kinds[kind].quantities:
            fields = {each.field for each in _readings(quantity)}
            if quantity.required and not fields & wants.keys():
                required.update(_required_reading(quantity, self.vocabulary.kinds[kind], wants))
        return self._read(kind, raw, {**required, **wants})

    def altered(self, event: Event, wants: Wants, at: str = "") -> Event | None:
        """Return a later version of an event that says what is wanted."""
        raw = {**event.given, "recorded": _after(event.recorded.start, event.recorded.end)}
        return self._read(event.kind, {**raw, "at": at} if at else raw, wants)

    def voided(self, event: Event) -> Event | None:
        """Return a later version of an event that says that it never was."""
        raw = {key: event.given[key] for key in ("id", "patient", "kind", "at")}
        return self._read(event.kind, {**raw, "status": "entered-in-error", "recorded": _after(
            event.recorded.start, event.recorded.end)}, {})

    def _read(self, name: str, raw: dict[str, Any], wants: Wants) -> Event | None:
        kind = self.vocabulary.kinds[name]
        for field, wanted in wants.items():
            if not _write(raw, kind, field, wanted):
                return None
        found = self._intake.read(json.dumps(raw, default=_number), _SUPPOSED)
        return found if isinstance(found, Event) else None


def _after(start: datetime, end: datetime) -> str:
    """Return the first second at which a line that was recorded over a span can be replaced."""
    last = start if start == end or end == LAST else end.replace(microsecond=0)
    return (last + _A_MOMENT).isoformat() if start == end else last.isoformat()


def _write(raw: dict[str, Any], kind: Kind, name: str, wanted: Want) -> bool:
    """Write what is wanted of a field into a line; return whether that can be done."""
    if name == "status":
        chosen = wanted.choose(STATUSES) if isinstance(wanted, Names) else None
        raw["status"] = chosen
        return chosen is not None
    if name in kind.plain:
        return _write_plain(raw, kind, kind.plain[name], wanted)
    for quantity in kind.quantities:
        for chooser, reading in [*quantity.readings_by.items(),
                                 *(("", each) for each in quantity.readings)]:
            if reading.field == name:
                return _write_quantity(raw, quantity, reading, chooser, wanted)
    return False


def _write_plain(raw: dict[str, Any], kind: Kind, field: Field, wanted: Want) -> bool:
    value: Any = None
    match wanted:
        case bool():
            value = wanted if field.type == "boolean" else None
        case date():
            value = wanted.isoformat() if field.type == "when" else None
        case Names():
            value = wanted.choose(field.values or ()) if field.type == "symbol" else None
        case Range():
            least = kind.ranges.get(field.name, (None, None))[0]
            now = raw.get(field.name)
            present = Fraction(str(now)) if isinstance(now, int | float) else least
            found = nearest(wanted, present, 0, Fraction(1))
            value = None if found is None else _number(found)
        case Given():
            value = raw.get(field.name, field.default)
            if value is None:
                value = _anything(kind, field)
    raw[field.name] = value
    return value is not None


def _anything(kind: Kind, field: Field) -> Any:
    if field.type == "symbol":
        return next(iter(field.values or ("unknown",)))
    if field.type in ("count", "amount"):
        return _number(kind.ranges.get(field.name, (Fraction(0), Fraction(0)))[0])
    return False if field.type == "boolean" else None


def _write_quantity(raw: dict[str, Any], quantity: Quantity, reading: Reading, chooser: str,
                    wanted: Want) -> bool:
    unit = raw.get(quantity.unit)
    before = raw.get(quantity.value)
    same = unit in reading.dimension.factors and (
        not chooser or raw.get(quantity.by or "") == chooser)
    factor = reading.dimension.factors[unit] if same and unit else Fraction(1)
    written = str(before).lstrip("<>=≤≥ ") if same and before is not None else ""
    now = Fraction(written) * factor if written else reading.low
    places = len(written.partition(".")[2])
    if isinstance(wanted, Given):
        wanted = Range()
    found = nearest(wanted, now, places, factor) if isinstance(wanted, Range) else None
    if found is None:
        found = reading.low if wanted == Range() else None
    if found is None:
        return False
    raw[quantity.value] = _number(found / factor)
    raw[quantity.unit] = unit if same else reading.dimension.unit
    if quantity.comparator:
        raw.pop(quantity.comparator, None)
    if chooser and quantity.by:
        raw[quantity.by] = chooser
    return True


def _required_reading(quantity: Quantity, kind: Kind, wants: Wants) -> dict[str, Want]:
    """Return the field that a required quantity becomes, where no field of it is wanted."""
    if quantity.by is None:
        return {quantity.readings[0].field: Given()}
    wanted, listed = wants.get(quantity.by, Names()), kind.plain[quantity.by].values or ()
    chooser = wanted.choose(listed) if isinstance(wanted, Names) else None
    reading = quantity.readings_by.get(chooser or "")
    return {} if reading is None else {reading.field: Given()}


def _readings(quantity: Quantity) -> list[Reading]:
    return [*quantity.readings, *quantity.readings_by.values()]


def _number(number: Any) -> int | float | str:
    """Return a number as JSON holds it, as text where a digit would be lost."""
    exact = Fraction(number)
    if exact.denominator == 1:
        return exact.numerator
    short = float(exact)
    return short if Fraction(str(short)) == exact else plain(exact)
