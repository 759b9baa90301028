"""Is a line an event that can be relied on, and if not, what exactly is wrong with it?

Every fault of a line is reported, in words; a line with a fault gives no event at all.
"""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

from engine.events.amount import Amount
from engine.events.event import VOID, Event, Refusal, Source, Value
from engine.events.fault import Fault, Faults, Unreadable
from engine.events.json_line import parse_line
from engine.events.line_shape import LineShape, check_shape
from engine.events.quantity import QuantityReader, exact, plain
from engine.events.recall import Recall
from engine.events.times import TIME_EXPECTED, TimeReader
from engine.problems import did_you_mean
from engine.wording import describe, one_of

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from zoneinfo import ZoneInfo

    from engine.events.kinds import Field, Kind, Vocabulary
    from engine.events.recall import Read
    from engine.events.when import When

_ANY = LineShape()


class Intake:
    """Reads lines as events of a vocabulary; dates are days in the zone.

    Without `recall` every line is read as if it were the first: the result is the same.
    """

    def __init__(self, vocabulary: Vocabulary, zone: ZoneInfo, *, recall: bool = True) -> None:
        when = self._when = TimeReader(zone).read
        self._tolerance = vocabulary.future_tolerance
        self._tolerance_minutes = vocabulary.future_tolerance_minutes
        self._kinds = {name: _KindReader(kind, when) for name, kind in vocabulary.kinds.items()}
        self._recall = Recall(when, self._is_future, {
            quantity.value for kind in vocabulary.kinds.values() for quantity in kind.quantities
        }, self._fields) if recall else None

    def read(self, line: bytes | str, source: Source) -> Event | tuple[Refusal, ...]:
        """Return the event of a line, or every reason why it is none."""
        written = line if isinstance(line, bytes) else line.encode(errors="surrogatepass")
        if self._recall is None:
            return self._carefully(written, source)
        known = self._recall.read(written, source)
        if known is not None:
            return known
        read = self._carefully(written, source)
        if isinstance(read, Event):
            self._recall.learn(written, read)
        return read

    def _carefully(self, line: bytes, source: Source) -> Event | tuple[Refusal, ...]:
        faults = Faults()
        try:
            raw = parse_line(line)
        except Unreadable as unreadable:
            faults.note(unreadable.fault)
            return faults.refusals(source)
        event = self._event(raw, line, source, faults)
        return event if event and not faults.noted else faults.refusals(source)

    def _fields(self, kind: str, raw: Mapping[str, Any]) -> Read | None:
        """Return what a line of a kind says in its fields, if there is no fault in them."""
        faults = Faults()
        read = self._kinds[kind].read(raw, faults)
        return None if faults.noted else read

    def _event(self, raw: dict[str, Any], line: bytes, source: Source,
               faults: Faults) -> Event | None:
        status, name = raw.get("status", "final"), raw.get("kind")
        kind = self._kinds.get(name) if isinstance(name, str) else None
        is_void = isinstance(status, str) and status in VOID
        check_shape(_ANY if is_void or kind is None else kind.shape, raw, faults)
        if kind is None and "kind" not in faults.fields:
            faults.note(Fault("kind", describe(name), one_of(list(self._kinds)),
                              did_you_mean(str(name), self._kinds) or "no such kind is known"))
        at = _time(raw, "at", self._when, faults)
        recorded = _time(raw, "recorded", self._when, faults) if "recorded" in raw else at
        self._check_future(at, recorded, faults)
        fields: Mapping[str, Value] = {}
        marks: tuple[str, ...] = ()
        if kind is not None and not is_void:
            fields, marks = kind.read(raw, faults)
        if faults.noted or at is None or recorded is None:
            return None
        return Event(raw["id"], raw["patient"], raw["kind"], at, recorded, status, fields, marks,
                     line, source)

    def _check_future(self, at: When | None, recorded: When | None, faults: Faults) -> None:
        if at is None or recorded is None or at is recorded:
            return
        if self._is_future(at, recorded):
            faults.note(Fault(
                "at", describe(at.text), f"not later than 'recorded' ({recorded.text})",
                "nothing is recorded before it happens, "
                f"but for {self._tolerance_minutes} minutes of clocks that differ"))

    def _is_future(self, at: When, recorded: When) -> bool:
        return at.start - recorded.end > self._tolerance


class _KindReader:
    """Reads the fields of one kind."""

    def __init__(self, kind: Kind, when: Callable[[str], When]) -> None:
        self.shape = LineShape(kind)
        self._kind = kind
        self._when = when
        self._defaults: dict[str, Value] = dict.fromkeys(kind.marks, False)
        for name, field in kind.plain.items():
            if field.default is not None:
                self._defaults[name] = _default(field.default)
        self._quantities = [(QuantityReader(one), one.suspect.mark if one.suspect else "")
                            for one in kind.quantities]
        self._looks = {name: _folded(field) for name, field in kind.plain.items()
                       if field.type == "symbol" and field.open}

    def read(self, raw: Mapping[str, Any], faults: Faults) -> Read:
        """Return the fields in canonical units, defaults filled in, and the marks."""
        fields, marks = self._defaults.copy(), []
        for name, field in self._kind.plain.items():
            if name in raw and name not in faults.fields:
                value = self._plain(name, field, raw, faults)
                if value is not None:
                    fields[name] = value
        for reader, mark in self._quantities:
            found = reader.read(raw, faults)
            if found is None:
                continue
            name, fields[name], is_marked = found[0], found[1], found[2]
            if is_marked:
                marks.append(mark)
                fields[mark] = True
        return fields, tuple(marks)

    def _plain(self, name: str, field: Field, raw: Mapping[str, Any],
               faults: Faults) -> Value | None:
        if field.type == "when":
            return _time(raw, name, self._when, faults)
        if field.type in ("count", "amount"):
            return self._counted(name, field, raw[name], faults)
        value: str | bool = raw[name]
        if name in self._looks and isinstance(value, str) and value not in (field.values or ()):
            meant = self._looks[name].get(_fold(value))
            if meant is not None:
                faults.note(Fault(name, describe(value), f"'{meant}'",
                                  f"did you mean {meant!r}? names are compared letter by letter"))
        return value

    def _counted(self, name: str, field: Field, value: Any, faults: Faults) -> Amount | None:
        is_number = isinstance(value, int | Decimal) and not isinstance(value, bool)
        number = exact(value) if is_number else None
        is_whole = number is not None and number.denominator == 1
        limits = self._kind.ranges.get(name)
        if number is None or (field.type == "count" and not is_whole) or (
                limits is not None and not limits[0] <= number <= limits[1]):
            expected = "a whole number" if field.type == "count" else "a number"
            if limits is not None:
                expected += f" from {plain(limits[0])} to {plain(limits[1])}"
            faults.note(Fault(name, "null" if value is None else describe(value), expected,
                              "write it without quotes" if isinstance(value, str)
                              else "nothing else is understood here"))
            return None
        return Amount.exact(number)


def _default(written: str | bool | int) -> Value:
    return written if isinstance(written, str | bool) else Amount.exact(written)


def _time(raw: Mapping[str, Any], name: str, when: Callable[[str], When],
          faults: Faults) -> When | None:
    if name in faults.fields:
        return None
    text = raw[name]
    if not isinstance(text, str):
        faults.note(Fault(name, "null" if text is None else describe(text), TIME_EXPECTED,
                          "leave the field out where nothing is known" if text is None
                          else "write it in quotes, year-month-day"))
        return None
    try:
        return when(text)
    except Unreadable as unreadable:
        fault = unreadable.fault
        faults.note(Fault(name, fault.found, fault.expected, fault.reason))
        return None


def _fold(text: str) -> str:
    return "-".join(text.lower().replace("_", " ").replace("-", " ").split())


def _folded(field: Field) -> dict[str, str]:
    """Return the listed names by how they look: another capital or hyphen is a slip."""
    return {_fold(value): value for value in field.values or ()}
