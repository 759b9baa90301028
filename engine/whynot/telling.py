"""A supposition in words: what would have to happen, or what would have to have been."""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.counting import counted
from engine.events.amount import Amount
from engine.events.when import When, hours_lacking
from engine.facts.wording import event_in_words, in_words, more_hours
from engine.whynot.supposed import is_past

if TYPE_CHECKING:
    from collections.abc import Sequence

    from engine.events.event import Event, Value
    from engine.events.kinds import Kind
    from engine.facts.chart import Chart
    from engine.whynot.supposed import Change, Supposition


def in_a_sentence(supposed: Supposition, verb: str, now: When, chart: Chart) -> str:
    """Return a sentence such as "It would hold with one more ... on ...".

    `verb` is what would come to pass: hold, be open. `now` is the moment asked about.
    """
    today = now.day
    waits = [change for change in supposed.changes if change.verb == "wait"]
    past = [change for change in supposed.changes if change.verb != "wait"
            and is_past(change, today)]
    ahead = [change for change in supposed.changes if change not in waits and change not in past]
    parts = []
    if past:
        parts.append(_listed([_had_been(change, chart) for change in past]))
    if ahead:
        parts.append("with " + _listed([_one_more(change, chart) for change in ahead]))
    for change in waits:
        parts.append(_later(change, now, alone=len(supposed) == 1))
    return f"It would {verb} {', and '.join(parts)}"


def _listed(parts: Sequence[str]) -> str:
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} and {parts[-1]}"


def _later(change: Change, now: When, *, alone: bool) -> str:
    assert change.until is not None
    until, on = change.until, "on" if change.until.is_date else "at"
    days = (until.day - now.day).days
    if days <= 0 and until.start <= now.end:
        return f"{on} {until.text}, by what is known to have come since"
    if alone:
        words = counted(days, "more day") if until.is_date else more_hours(
            hours_lacking(now, until))
        return f"{on} {until.text} if nothing else happens: {words}"
    return f"after that {on} {until.text}, if nothing else happens"


def _one_more(change: Change, chart: Chart) -> str:
    assert change.event is not None
    return f"{_another(change.event, chart)} on {change.event.at.text}"


def _had_been(change: Change, chart: Chart) -> str:
    event, before = change.event, change.before
    assert event is not None
    if before is None:
        return f"had there been {_another(event, chart)} on {event.at.text}"
    if change.verb == "void":
        return f"had there not been the {_thing(before, chart)} on {before.at.text}"
    was = f"the {_thing(before, chart)} on {before.at.text}"
    return f"had {was} {_instead(event, before, chart)}"


def _another(event: Event, chart: Chart) -> str:
    """Return what is more: a number that is measured again, or else a record of something."""
    kind = chart.program.rulebook.vocabulary.kinds[event.kind]
    measured = any(quantity.value in event.given and quantity.required
                   for quantity in kind.quantities)
    return f"{'one more' if measured else 'a record of'} {_thing(event, chart)}"


def _thing(event: Event, chart: Chart) -> str:
    """Return what an event is and says, without its date."""
    kind = chart.program.rulebook.vocabulary.kinds[event.kind]
    name = kind.title.lower() if kind.title[1:].islower() else kind.title
    if not kind.main:
        return f"{name} ({_said(event, kind, chart)})"
    said = event_in_words(event, chart).removesuffix(f" on {event.at.text}")
    if said.lower().startswith(name.lower()):
        return name + said[len(name):]
    whose = [str(event.fields[field.name]) for field in kind.plain.values()
             if field.required and field.type == "symbol" and field.name in event.fields]
    bracketed = f" ({', '.join(whose)})" if whose else ""
    return f"{name}{bracketed} of {said}"


def _said(event: Event, kind: Kind, chart: Chart) -> str:
    """Return what a line says of an event that stands for no number: what it must, then the rest.
    """
    bare, named = [], []
    for name, field in kind.plain.items():
        if name in event.given and field.type != "text":
            value = _value(event.fields[name], chart)
            bare += [value] if field.required and field.type == "symbol" else []
            named += [] if field.required and field.type == "symbol" else [f"{name} {value}"]
    numbers = [in_words(value, chart) for name, value in event.fields.items()
               if isinstance(value, Amount) and name not in kind.plain]
    return ", ".join(filter(None, [" ".join([*bare, *numbers]), *named]))


def _instead(event: Event, before: Event, chart: Chart) -> str:
    """Return what an altered event says that it did not say."""
    kind = chart.program.rulebook.vocabulary.kinds[event.kind]
    been, said = [], []
    if (event.at.start, event.at.end) != (before.at.start, before.at.end):
        been.append(f"on {event.at.text}")
    if event.status != before.status:
        been.append(event.status)
    for name, value in event.fields.items():
        if value == before.fields.get(name):
            continue
        if name == kind.main and "unit" in event.given:
            been.append(event_in_words(event, chart).removesuffix(f" on {event.at.text}"))
        else:
            said.append(f"{name} {_value(value, chart)}")
    parts = [f"been {' and '.join(been)}"] if been else []
    return " and ".join(parts + ([f"said \"{' and '.join(said)}\""] if said else []))


def _value(value: Value, chart: Chart) -> str:
    return value.text if isinstance(value, When) else in_words(value, chart)
