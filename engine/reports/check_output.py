"""Does a certificate still stand: told to a person, or as one JSON object."""

from __future__ import annotations

import sys
from collections import Counter
from typing import TYPE_CHECKING, Any

from engine.counting import counted
from engine.reports.output import as_json, page_console
from engine.reports.rulebooks import name_of, short

if TYPE_CHECKING:
    from collections.abc import Iterator

    from engine.certificate.checking import Check
    from engine.certificate.deriving import Standing
    from engine.certificate.events_now import EventNow
    from engine.events.event import Event

_MOST_SHOWN = 5


def print_check(check: Check, form: str) -> None:
    """Print what came of checking a certificate."""
    if form == "json":
        sys.stdout.buffer.write(as_json(_record(check)) + b"\n")
        sys.stdout.buffer.flush()
        return
    console = page_console()
    with console.capture() as page:
        for line in _lines(check):
            console.print(line, markup=False, highlight=False, soft_wrap=False)
    sys.stdout.write(page.get())


def _lines(check: Check) -> Iterator[str]:
    own = check.certificate
    asked = f" about {own.at}" if own.at else ""
    yield (f"Certificate for patient {own.patient}{asked}, by what was known as of "
           f"{own.known_by}, by {name_of(own.rulebook)}")
    yield ""
    yield from _consistency(check)
    if check.grounds is not None:
        yield from _rulebook(check)
        yield from _events(check)
        yield from _derivation(check)
        for standing in check.standings:
            yield ""
            yield from _standing(standing, check)
    yield ""
    yield verdict(check)


def verdict(check: Check) -> str:
    """Return the last sentence: whether the certificate stands."""
    if check.flaws:
        return ("The certificate does not stand: it contradicts itself. The events and the "
                "rulebook were not looked at.")
    if check.grounds is None:
        return ("The certificate is consistent with itself. Name the events, or a store with "
                "--store, to learn whether it still stands.")
    return "The certificate stands." if check.stands else "The certificate does not stand."


def _consistency(check: Check) -> Iterator[str]:
    own = check.certificate
    if not check.flaws:
        criteria = sum(len(each.criteria) for each in own.conclusions.values())
        yield (f"Consistent with itself: {counted(len(own.conclusions), 'conclusion')}, "
               f"{counted(criteria, 'criterion', 'criteria')} and "
               f"{counted(len(own.facts), 'fact')} worked out again from the values in it.")
        return
    yield f"Not consistent with itself, at {counted(len(check.flaws), 'place')}:"
    for flaw in check.flaws[:_MOST_SHOWN]:
        yield f"  {flaw.place}: found {flaw.found}, expected {flaw.expected}"
    if len(check.flaws) > _MOST_SHOWN:
        yield f"  ... and {len(check.flaws) - _MOST_SHOWN} more"


def _rulebook(check: Check) -> Iterator[str]:
    assert check.grounds is not None
    found, place = check.grounds.rulebook, check.grounds.place
    if check.is_own_rulebook:
        yield f"Rulebook: the same, {place}."
        return
    expected = short(check.certificate.rulebook.digest)
    yield (f"Rulebook: another. {place} is {name_of(found)}, expected ({expected}); name its "
           "folder with --rulebook.")


def _events(check: Check) -> Iterator[str]:
    events = check.events
    assert events is not None
    states = Counter(each.state for each in events.named)
    there = len(events.certified)
    yield (f"Events: {there} of {len(events.named)} found as they were certified" + (
        f"; {counted(len(events.added), 'event')} more now." if events.added else "."))
    told = [each for each in events.named if each.state != "found"]
    told.sort(key=lambda each: not each.part.rests_on)
    for each in told[:2 * _MOST_SHOWN]:
        rests = " (the certificate rests on it)" if each.part.rests_on else ""
        yield f"  {_fate(each)}{rests}"
    if len(told) > 2 * _MOST_SHOWN:
        counts = ", ".join(f"{count} {state}" for state, count in sorted(states.items()))
        yield f"  ... and {len(told) - 2 * _MOST_SHOWN} more; in all {counts}"


def _fate(each: EventNow) -> str:
    part = each.part
    name = f"{part.event} ({part.kind} of {part.at})"
    by = f"{_place(each.by)}, recorded {each.by.recorded.text}" if each.by else ""
    match each.state:
        case "superseded":
            return f"{name}: superseded since by {by}"
        case "voided":
            return f"{name}: voided since by {by}"
        case "contradicted":
            return f"{name}: lines contradict each other since, one of them {by}"
        case "changed":
            return f"{name}: not as it was certified; {by}, says something else"
    return f"{name}: missing"


def _derivation(check: Check) -> Iterator[str]:
    if check.differences is None:
        yield "Derived again: this cannot be done without the events that are not there."
    elif not check.differences:
        yield "Derived again from these events: every line is the same."
    else:
        yield (f"Derived again from these events: {counted(len(check.differences), 'difference')}.")
        for each in check.differences[:_MOST_SHOWN]:
            yield f"  {each.place}: certified {each.certified}, derived {each.derived}"
        if len(check.differences) > _MOST_SHOWN:
            yield f"  ... and {len(check.differences) - _MOST_SHOWN} more"


def _standing(standing: Standing, check: Check) -> Iterator[str]:
    moment = check.certificate.as_of
    if standing.stands:
        yield f"Stands: {standing.certified.text}"
        if standing.because and set(standing.because) & standing.certified.evidence:
            yield f"  It holds still, though on changed events: {', '.join(standing.because)}."
    else:
        yield f"Does not stand: {standing.certified.text}"
        now = standing.by_now
        yield f"  Of {moment} it is now said: {now.text if now else 'nothing; no such conclusion'}"
        yield from _differing(standing)
        yield from _because(standing.because, check)
    if standing.today is not None:
        yield f"  Today (as of {standing.today_of}): {standing.today.text}"
        yield from _because(standing.today_because, check)


def _differing(standing: Standing) -> Iterator[str]:
    if standing.by_now is None or standing.by_now.text != standing.certified.text:
        return
    for name, was in standing.certified.said.items():
        now = standing.by_now.said[name]
        if was != now:
            yield f"  {name}: {_words(was)} then, {_words(now)} now"


def _words(value: Any) -> str:
    if isinstance(value, list):
        return ", ".join(map(str, value)) or "none"
    return str(value) if isinstance(value, str) else "none" if value is None else repr(value)


def _because(names: tuple[str, ...], check: Check) -> Iterator[str]:
    assert check.events is not None
    fates = {each.part.event: _fate(each) for each in check.events.named
             if each.state != "found"}
    new = {event.id: f"{event.id} ({event.kind} of {event.at.text}): new, {_place(event)}, "
                     f"recorded {event.recorded.text}" for event in check.events.added}
    for name in names[:_MOST_SHOWN]:
        yield f"  because of {fates.get(name) or new.get(name) or name}"
    if len(names) > _MOST_SHOWN:
        yield f"  ... and of {len(names) - _MOST_SHOWN} more events"


def _place(event: Event) -> str:
    return f"{event.source.name}:{event.source.line}"


def _record(check: Check) -> dict[str, Any]:
    own = check.certificate
    record: dict[str, Any] = {
        "stands": check.stands, "verdict": verdict(check), "patient": own.patient,
        "as_of": own.as_of, "known_by": own.known_by, "at": own.at,
        "flaws": [{"place": each.place, "found": each.found, "expected": each.expected}
                  for each in check.flaws]}
    if check.grounds is None or check.events is None:
        return record
    found = check.grounds.rulebook
    return record | {
        "rulebook": {"same": check.is_own_rulebook, "id": found.id, "version": found.version,
                     "digest": found.digest, "expected": own.rulebook.digest,
                     "place": check.grounds.place},
        "events": [_event_record(each) for each in check.events.named],
        "added": [{"event": event.id, **_line(event)} for event in check.events.added],
        "differences": None if check.differences is None else [
            {"place": each.place, "certified": each.certified, "derived": each.derived}
            for each in check.differences],
        "conclusions": [{
            "name": each.name, "stands": each.stands, "certified": each.certified.said,
            "by_now": each.by_now.said if each.by_now else None, "because": list(each.because),
            "today": {"as_of": each.today_of, **each.today.said,
                      "because": list(each.today_because)} if each.today else None}
            for each in check.standings]}


def _event_record(each: EventNow) -> dict[str, Any]:
    return {"event": each.part.event, "state": each.state, "rests_on": each.part.rests_on,
            "by": _line(each.by) if each.by else None}


def _line(event: Event) -> dict[str, Any]:
    return {"source": event.source.name, "line": event.source.line, "at": event.at.text,
            "recorded": event.recorded.text, "status": event.status}
