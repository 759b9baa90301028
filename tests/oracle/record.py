"""From lines to what was known: versions in force, occasions, courses of drugs, body surface."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from fractions import Fraction
from typing import Any
from zoneinfo import ZoneInfo

from .moments import Interval, Span, add_months, after, days, gt, lowest, lt, quantity, span

Line = dict[str, Any]
VOID = ("cancelled", "entered-in-error")
STEROIDS = ("prednisone", "prednisolone", "methylprednisolone", "dexamethasone", "hydrocortisone")
MYCOPHENOLATE = ("mycophenolate-mofetil", "mycophenolate-sodium")
INHIBITORS = (
    "ketoconazole", "voriconazole", "itraconazole", "posaconazole",
    "clarithromycin", "erythromycin", "telithromycin",
)  # fmt: skip
INDUCERS = ("rifampin", "rifabutin", "carbamazepine", "phenobarbital", "phenytoin")
RESCUE_DAYS = {"platelet-transfusion": 7, "ivig": 28, "anti-d": 28, "steroid-pulse": 28}
PER_MICROLITRE = ("/uL", "/mm3")
PLATELET_UNITS: dict[str, Fraction | int] = {
    "10*9/L": 1, "10*3/uL": 1, "10*3/mm3": 1, "10*6/mL": 1, "K/uL": 1, "K/mm3": 1, "G/L": 1,
    "Gpt/L": 1, "/uL": Fraction(1, 1000), "/mm3": Fraction(1, 1000), "lakh/uL": 100,
    "10*12/L": 1000,
}  # fmt: skip
LEVEL_UNITS: dict[str, Fraction | int] = {
    "ng/mL": 1,
    "ug/L": 1,
    "mcg/L": 1,
    "nmol/L": Fraction("0.91417"),
}
DEFAULTS = {
    "drug_level": {"sample": "unknown", "matrix": "whole-blood"},
    "bleeding": {"cause": "spontaneous"},
    "diagnosis": {"verification": "confirmed"},
}


@dataclass(frozen=True)
class Event:
    """One version of one event."""

    id: str
    kind: str
    at: Span
    recorded: Span
    status: str
    body: tuple[tuple[str, Any], ...]  # the other fields, sorted

    def get(self, name: str, default: Any = None) -> Any:
        return dict(self.body).get(name, default)

    @property
    def content(self) -> tuple[Any, ...]:
        """What "equal after parsing" compares."""
        values = []
        for k, v in self.body:
            if k in ("value", "dose", "per_day", "height", "weight"):
                try:
                    v = quantity(v)
                except (ValueError, ZeroDivisionError):
                    v = str(v)
            values.append((k, v))
        return (self.kind, self.at.start, self.at.timed, self.status, tuple(values))


def parse(line: Line, zone: ZoneInfo) -> Event:
    body = {**DEFAULTS.get(line["kind"], {}), **line}
    for k in ("id", "patient", "kind", "at", "recorded", "status", "note"):
        body.pop(k, None)
    return Event(
        str(line["id"]), line["kind"], span(line["at"], zone),
        span(line.get("recorded") or line["at"], zone), line.get("status", "final"),
        tuple(sorted((k, v) for k, v in body.items() if v is not None)),
    )  # fmt: skip


def refused(e: Event) -> bool:
    """Decision 21 (implausible) and 22 (future)."""
    if e.at.start > e.recorded.last + timedelta(minutes=10):
        return True
    if e.status in VOID:
        return False
    if e.kind == "platelet_count" and e.get("value") is not None:
        x = quantity(e.get("value")).times(PLATELET_UNITS[e.get("unit")])
        return not 0 <= (x.hi if x.hi is not None else x.lo) <= 3000
    if e.kind == "drug_level":
        x = quantity(e.get("value")).times(LEVEL_UNITS[e.get("unit")])
        return not 0 <= (x.hi if x.hi is not None else x.lo) <= 300
    return False


def in_force(events: list[Event], moment: datetime | None) -> list[Event]:
    """The newest version of each id known at the moment, voids and conflicts left out."""
    versions: dict[str, dict[datetime, dict[tuple[Any, ...], Event]]] = defaultdict(dict)
    for e in events:
        if moment is None or e.recorded.start <= moment:
            versions[e.id].setdefault(e.recorded.start, {})[e.content] = e
    kept = []
    for by_time in versions.values():
        for when in sorted(by_time, reverse=True):
            if len(by_time[when]) == 1:  # else a conflict: all refused, the one before stands
                kept.append(next(iter(by_time[when].values())))
                break
    return [e for e in kept if e.status not in VOID]


def conflicts(events: list[Event]) -> list[Event]:
    """Lines of one id and one `recorded` that differ, and that no later version makes moot."""
    out = []
    newest: dict[str, datetime] = {}
    for e in events:
        newest[e.id] = max(e.recorded.start, newest.get(e.id, e.recorded.start))
    for i, when in newest.items():
        same = [e for e in events if e.id == i and e.recorded.start == when]
        if len({e.content for e in same}) > 1:
            out.extend(same)
    return out


# --- counts -------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Count:
    """An occasion: all valid counts of one instant, the lowest judged (decision 3)."""

    at: Span
    value: Interval
    in_window: bool
    discordant: bool = False


def platelets(e: Event) -> Interval | None:
    """The value of a valid count in 10*9/L, or None (decisions 3 and 21)."""
    if e.status not in ("final", "corrected") or e.get("method") == "estimate" or e.get("clumped"):
        return None
    if e.get("value") is None:
        return None
    x = quantity(e.get("value"), e.get("comparator")).times(PLATELET_UNITS[e.get("unit")])
    if e.get("unit") in PER_MICROLITRE and lt(x, 1) is True:
        return None  # unit-suspect: establishes nothing
    return x


def in_rescue_window(at: Span, rescues: list[Event]) -> bool:
    """Decision 7."""
    return any(after(at, r.at) and days(r.at, at) <= RESCUE_DAYS[r.get("therapy")] for r in rescues)


# --- courses ------------------------------------------------------------------------------------
@dataclass
class Segment:
    """From a start to the stop that ends it (None: still running); doses: every dose event."""

    start: Event
    stop: Event | None = None
    doses: list[Event] = field(default_factory=list)


@dataclass
class Course:
    """Segments joined over gaps of at most 28 days (decision 9)."""

    segments: list[Segment]

    @property
    def start(self) -> Span:
        return self.segments[0].start.at

    @property
    def running(self) -> bool:
        return any(s.stop is None for s in self.segments)

    @property
    def last_stop(self) -> Event | None:
        """The stop that ended the course, None while running."""
        if self.running:
            return None
        return max((s.stop for s in self.segments if s.stop), key=lambda e: e.at.start)

    @property
    def doses(self) -> list[Event]:
        return sorted((d for s in self.segments for d in s.doses), key=lambda e: e.at.start)

    def on(self, at: Span) -> bool:
        """Surely after a start and not surely after the stop that ends it."""
        return any(
            after(at, s.start.at) and not (s.stop and after(at, s.stop.at)) for s in self.segments
        )


ORDER = {"start": 0, "change": 1, "taper": 2, "stop": 3}


def segments(events: list[Event], drug: str, notes: set[int]) -> list[Segment]:
    """Decision 9 for one drug."""
    mine = [e for e in events if e.kind == "medication" and e.get("drug") == drug]
    starts = [e for e in mine if e.get("action") == "start"]

    def bridged(stop: Event) -> bool:
        return any(
            s.at.day == stop.at.day and not after(s.at, stop.at) and not after(stop.at, s.at)
            for s in starts
        )

    out: list[Segment] = []
    mine.sort(key=lambda e: (e.at.start, ORDER[e.get("action")], daily_key(e)))
    for k, e in enumerate(mine):
        action = e.get("action")
        if k and mine[k - 1].at.start == e.at.start:
            notes.add(9)
        running = bool(out) and out[-1].stop is None
        if action == "stop":
            if bridged(e):
                notes.add(7)
            elif running:
                out[-1].stop = e
        elif action == "start" and not running:
            out.append(Segment(e, None, [e]))
        elif running:
            out[-1].doses.append(e)
        elif any(not after(e.at, s.at) and not after(s.at, e.at) for s in starts):
            notes.add(8)
    return out


def courses(
    events: list[Event], drugs: tuple[str, ...], notes: set[int] | None = None
) -> list[Course]:
    """Decision 9 for one drug or a set, which runs while any of it does."""
    notes = set() if notes is None else notes
    parts = [s for d in drugs for s in segments(events, d, notes)]
    parts.sort(key=lambda s: s.start.at.start)
    out: list[Course] = []
    for part in parts:
        if out:
            last = out[-1].last_stop
            if last is None or days(last.at, part.start.at) <= 28:
                out[-1].segments.append(part)
                continue
        out.append(Course([part]))
    return out


# --- doses --------------------------------------------------------------------------------------
def daily(e: Event) -> tuple[Fraction, str] | None:
    """The dose of a day and its unit (mg/d or mg/m2/d); None where it is not known."""
    if e.get("dose") is None:
        return None
    x, unit = Fraction(str(e.get("dose"))), e.get("unit")
    if unit == "mg":
        if e.get("per_day") is None:
            return None
        return x * Fraction(str(e.get("per_day"))), "mg/d"
    return (x, unit) if unit in ("mg/d", "mg/m2/d") else None


def daily_key(e: Event) -> tuple[bool, Fraction]:
    d = daily(e)
    return (d is None, d[0] if d else Fraction(0))


def newest(events: list[Event], value: Any = None) -> Event | None:
    """The start of `at` decides, then the lower value (design.md section 4)."""
    if not events:
        return None
    last = max(e.at.start for e in events)
    tied = [e for e in events if e.at.start == last]
    return min(tied, key=lambda e: (value(e) if value else 0, e.id))


def surface_squared(events: list[Event], at: Span, notes: set[int]) -> Fraction | None:
    """BSA squared (Mosteller), from height and weight that are fresh on that day (4.3)."""
    born = newest([e for e in events if e.kind == "person" and e.get("birth_date")])
    months = 1
    if born is not None:
        birth = span(born.get("birth_date"), ZoneInfo("UTC")).day
        if at.day >= add_months(birth, 24):
            months = 6 if at.day > add_months(birth, 144) else 3
    product = Fraction(1, 3600)
    for name in ("height", "weight"):
        known = [
            e for e in events
            if e.kind == "measurement" and e.get(name) is not None and not after(e.at, at)
        ]  # fmt: skip
        e = newest(known, lambda e, name=name: Fraction(str(e.get(name))))
        if e is None:
            return None
        if e.at.start > at.start:
            notes.add(33)
        if add_months(e.at.day, months) < at.day:
            notes.add(32)
            return None
        product *= Fraction(str(e.get(name)))
    return product


def compare(
    dose: tuple[Fraction, str], thr: tuple[Fraction, str], bsa2: Fraction | None
) -> int | None:
    """Sign of dose - thr; across units by comparing squares, None where no surface is known."""
    if dose[1] == thr[1]:
        a, b = dose[0], thr[0]
    elif bsa2 is None:
        return None
    else:
        a = dose[0] ** 2 * (bsa2 if dose[1] == "mg/m2/d" else 1)
        b = thr[0] ** 2 * (bsa2 if thr[1] == "mg/m2/d" else 1)
    return (a > b) - (a < b)


# --- the patient --------------------------------------------------------------------------------
@dataclass
class Patient:
    """What is known of one patient at one moment."""

    zone: ZoneInfo
    moment: datetime
    events: list[Event]
    notes: set[int] = field(default_factory=set)
    counts: list[Count] = field(default_factory=list)
    sirolimus: list[Course] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.events = sorted(
            (e for e in self.events if e.at.start <= self.moment), key=lambda e: (e.at.start, e.id)
        )
        rescues = self.of("rescue")
        groups: dict[datetime, list[tuple[Event, Interval]]] = defaultdict(list)
        for e in self.of("platelet_count"):
            value = platelets(e)
            if value is not None:
                groups[e.at.start].append((e, value))
        for start in sorted(groups):
            group = groups[start]
            value = lowest([v for _, v in group])
            if value not in [v for _, v in group]:
                self.notes.add(3)
            if len({e.at.timed for e, _ in group}) > 1:
                self.notes.add(2)
            # the span and the text of the lowest; of a whole day, if one of them is
            at = min(group, key=lambda g: (g[0].at.timed, g[1].lo, g[0].id))[0].at
            self.counts.append(
                Count(at, value, in_rescue_window(at, rescues), len({v for _, v in group}) > 1)
            )
        self.sirolimus = courses(self.events, ("sirolimus",), self.notes)

    def of(self, kind: str, moment: datetime | None = None, **fields: Any) -> list[Event]:
        """Events of a kind that have begun by the moment, in order."""
        return [
            e for e in self.events
            if e.kind == kind and (moment is None or e.at.start <= moment)
            and all(e.get(k) == v for k, v in fields.items())
        ]  # fmt: skip

    def visible(self, moment: datetime) -> list[Event]:
        return [e for e in self.events if e.at.start <= moment]


__all__ = ["Count", "Course", "Event", "Line", "Patient", "Segment", "gt"]
