"""Does each event say what its line says, and is its digest that of the line?"""

from __future__ import annotations

import hashlib
import json
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from engine.certificate.flaws import Noting
from engine.certificate.numbers import BrokenError, fraction, number_of

if TYPE_CHECKING:
    from engine.certificate.shape import EventPart

_SIGNS = {"≤": "<=", "≥": ">="}


class EventChecking(Noting):
    """Checks events on which something rests."""

    def event(self, place: str, event: EventPart) -> None:
        """Check one event against its own line."""
        if event.text is None:
            return
        self.agree(f"{place}.digest", event.digest,
                    hashlib.sha256(event.text.encode()).hexdigest())
        line = json.loads(event.text, parse_float=Decimal)
        for name, said in (("id", event.event), ("kind", event.kind), ("at", event.at),
                           ("patient", self.certificate.patient)):
            self.agree(f"{place}.{name}", said, line.get(name))
        self.agree(f"{place}.recorded", event.recorded, line.get("recorded", line["at"]))
        self.agree(f"{place}.status", event.status, line.get("status", "final"))
        self.agree(f"{place}.span.time", event.span.get("time"), event.at)
        for name, value in event.fields.items():
            self._field(f"{place}.fields.{name}", name, value, event, line)

    def _field(self, place: str, name: str, value: Any, event: EventPart, line: Any) -> None:
        factor = event.factors.get(name)
        if factor is not None:
            given, sign = _number(line, factor.from_)
            self._quantity(place, value, given * fraction(factor.factor), sign)
            self.agree(f"{place} (unit)", factor.unit, next(
                (unit for unit in line.values() if unit == factor.unit), None))
        elif name in line and isinstance(line[name], int | Decimal) and not isinstance(
                line[name], bool):
            self._quantity(place, value, Fraction(line[name]), "")
        elif name in line:
            said = value.get("time") if isinstance(value, dict) else value
            self.agree(place, said, line[name])

    def _quantity(self, place: str, value: Any, given: Fraction, sign: str) -> None:
        number, _ = number_of(value)
        kept = number.high if sign in ("<", "<=") else number.low
        one_sided = {"<": not number.is_one and number.high_open, ">": number.low_open,
                     "": number.is_one}.get(sign, True)
        if kept != given or not one_sided:
            self.note(place, value, f"{sign}{given}, as the line says")


def _number(line: dict[str, Any], name: str) -> tuple[Fraction, str]:
    """Return the number that a line gives under a name, and the comparator with it."""
    given, beside = line.get(name), line.get("comparator") or ""
    if isinstance(given, int | Decimal) and not isinstance(given, bool):
        return Fraction(given), beside
    if not isinstance(given, str):
        raise BrokenError(given, "the number that the line gives")
    text = given.strip()
    bare = text.lstrip("<>=≤≥").strip()
    sign = text[:len(text) - len(bare)].strip()
    return fraction(bare), _SIGNS.get(sign, sign) or beside
