"""Are the alerts, or the values of a conclusion, those that an example lists?

An expected entry is compared in what it names; every entry that is not listed is a difference.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from engine.events.when import parse_when
from engine.examples.shapes import EntryShape

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from engine.alerts.policy import Policy
    from engine.events.when import When
    from engine.examples.calendar import Calendar
    from engine.records import AlertRecord, ConclusionRecord

Wanted = str | EntryShape
Pair = tuple[str, str]
NOTHING, _STILL = "nothing", "still"


@dataclass(frozen=True, slots=True)
class Entry:
    """An alert, or one value of a conclusion, with what may be expected of it; `name` is which."""

    name: str
    rule: str
    severity: str
    begin: str
    end: str | None
    says: str
    caveats: tuple[str, ...]
    evidence: tuple[str, ...]
    overrode: tuple[str, ...] = ()
    channel: str = ""

    @classmethod
    def of_alert(cls, alert: AlertRecord, policy: Policy) -> Entry:
        """Return an alert as an entry, with the channel by which it reaches somebody."""
        return cls(alert.rule, alert.rule, alert.severity, alert.begin, alert.end, alert.message,
                   alert.caveats, alert.evidence,
                   channel=policy.severity(alert.severity).channel)

    @classmethod
    def of_conclusion(cls, record: ConclusionRecord, reason: str = "") -> Entry:
        """Return one value of a conclusion as an entry, with the reason of one that holds."""
        return cls(record.value, record.rule or "", "", record.begin, record.end, reason,
                   record.caveats, record.evidence, record.overrode)


def compare_entries(wanted: Sequence[Wanted], got: Sequence[Entry], calendar: Calendar, *,
                    in_order: bool = False) -> Iterator[Pair]:
    """Yield what was expected and what was got, where they differ."""
    left = list(got)
    for one in wanted:
        entry = _match(one, left[:1] if in_order else left, calendar)
        if entry is None and in_order and left:
            entry = left[0]
        if entry is not None:
            left.remove(entry)
        if entry is None or not _fits(one, entry, calendar):
            yield _wanted(one, calendar), _got(entry, one) if entry else NOTHING
    for entry in left:
        yield NOTHING, _got(entry, EntryShape(severity="?", **{"from": "?", "to": "?"}))


def _match(wanted: Wanted, got: Sequence[Entry], calendar: Calendar) -> Entry | None:
    """Return the entry that fits, or else one that at least has the name."""
    named = [entry for entry in got if entry.name == _name(wanted)]
    fitting = [entry for entry in named if _fits(wanted, entry, calendar)]
    return next(iter(fitting or named), None)


def _name(wanted: Wanted) -> str:
    return wanted if isinstance(wanted, str) else wanted.value or wanted.rule


def _fits(wanted: Wanted, entry: Entry, calendar: Calendar) -> bool:
    if entry.name != _name(wanted):
        return False
    if isinstance(wanted, str):
        return True
    return (wanted.rule in ("", entry.rule)
            and wanted.severity in ("", entry.severity)
            and wanted.channel in ("", entry.channel)
            and (wanted.begin == "" or _same_time(wanted.begin, entry.begin, calendar))
            and (wanted.end == "" or _same_end(wanted.end, entry.end, calendar))
            and wanted.says in entry.says
            and wanted.message in ("", entry.says)
            and _same_list(wanted.caveats, entry.caveats)
            and _same_list(wanted.evidence, entry.evidence)
            and _same_list(wanted.overrode, entry.overrode))


def _same_list(wanted: list[str] | None, got: tuple[str, ...]) -> bool:
    return wanted is None or sorted(wanted) == sorted(got)


def _same_end(wanted: str | None, got: str | None, calendar: Calendar) -> bool:
    if wanted is None or got is None:
        return wanted is got
    return _same_time(wanted, got, calendar)


def _same_time(wanted: str, got: str, calendar: Calendar) -> bool:
    return _span(calendar.when(wanted)) == _span(parse_when(got, calendar.zone))


def _span(when: When) -> tuple[object, object]:
    return when.start, when.end


def _wanted(wanted: Wanted, calendar: Calendar) -> str:
    if isinstance(wanted, str):
        return wanted
    begin = wanted.begin and calendar.when(wanted.begin).text
    end = calendar.when(wanted.end).text if wanted.end else wanted.end
    entry = Entry(_name(wanted), wanted.rule, wanted.severity, begin, end,
                  wanted.message or wanted.says,
                  tuple(wanted.caveats or ()), tuple(wanted.evidence or ()),
                  tuple(wanted.overrode or ()), wanted.channel)
    return _got(entry, wanted)


def _got(entry: Entry, asked: Wanted) -> str:
    """Return an entry in words, with those of its parts that an expectation asks about."""
    if isinstance(asked, str):
        return entry.name
    words = [f"by {entry.rule}" if asked.rule and entry.rule != entry.name else "",
             entry.severity if asked.severity else "",
             f"channel {entry.channel or 'none'}" if asked.channel else "",
             f"from {entry.begin}" if asked.begin else "",
             f"to {entry.end or _STILL}" if asked.end != "" else "",
             f"saying {entry.says!r}" if asked.says or asked.message else ""]
    for name in ("caveats", "evidence", "overrode"):
        if getattr(asked, name) is not None:
            words.append(f"{name} {', '.join(sorted(getattr(entry, name))) or 'none'}")
    said = ", ".join(word for word in words if word)
    return f"{entry.name} ({said})" if said else entry.name
