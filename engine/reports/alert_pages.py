"""The worklist, and one alert with all that has become of it, for people."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from engine.counting import counted
from engine.reports.rulebooks import name_of
from engine.reports.severities import STYLES

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from zoneinfo import ZoneInfo

    from rich.console import Console
    from rich.text import Text

    from engine.alerts.alert import Alert
    from engine.alerts.policy import Policy
    from engine.alerts.worklist import Worklist
    from engine.rulebook.definitions import Rulebook
    from engine.store.steps import KeptStep


def print_worklist(console: Console, rulebook: Rulebook, moment: datetime, zone: ZoneInfo,
                   found: Worklist, policy: Policy) -> None:
    """Print the worklist, as wide as the console is."""
    from rich.table import Table
    from rich.text import Text

    console.print(Text(f"Alerts at {shown_moment(moment, zone)}, by {name_of(rulebook)}"))
    if found.alerts:
        table = Table(box=None, pad_edge=False, padding=(0, 2, 1, 0), header_style="dim")
        for heading in ("severity", "patient", "from"):
            table.add_column(heading, no_wrap=heading != "patient")
        table.add_column("alert", ratio=1)
        for alert in found.alerts:
            table.add_row(Text(alert.record.severity, style=STYLES.get(alert.record.severity, "")),
                          Text(alert.patient), Text(_since(alert, moment, zone)),
                          _body(alert, policy, zone))
        console.print()
        console.print(table)
    else:
        nothing = "No open alert." if found.states == ("open",) else "No such alert."
        console.print(Text(f"\n{nothing}", style="bold"))
    if found.left_out:
        counts = ", ".join(f"{count} {state}" for state, count in found.left_out)
        console.print(Text(f"Not shown: {counts} (--state all shows them).", style="dim"))


def _since(alert: Alert, moment: datetime, zone: ZoneInfo) -> str:
    days = (moment.astimezone(zone).date() - alert.begun.astimezone(zone).date()).days
    if alert.ended is not None:
        return (f"{alert.begun.astimezone(zone).date().isoformat()}\n"
                f"to {alert.ended.astimezone(zone).date().isoformat()}")
    age = "today" if days <= 0 else counted(days, "day")
    return f"{alert.begun.astimezone(zone).date().isoformat()}\n{age}"


def _body(alert: Alert, policy: Policy, zone: ZoneInfo) -> Text:
    from rich.text import Text

    record = alert.record
    body = Text(policy.titles.get(record.rule, record.rule), style="bold")
    body.append(f"\n{record.message}", style="not bold")
    if record.caveats:
        body.append(f"\nwith reservation: {', '.join(record.caveats)}", style="not bold yellow")
    if alert.state.name != "open" or alert.state.because:
        body.append(f"\n{state_in_words(alert, zone)}", style="not bold italic")
    body.append(f"\n{alert.id}", style="not bold dim")
    return body


def state_in_words(alert: Alert, zone: ZoneInfo) -> str:
    """Return how an alert stands, in a sentence without a full stop."""
    state = alert.state
    words: str = state.name
    if state.because:
        link = " by " if state.name in ("acknowledged", "snoozed") else ": "
        words += f"{link}{state.because}"
    if state.until is not None:
        words += f"; until {shown_moment(state.until, zone)}"
    return words


def print_alert(console: Console, alert: Alert, steps: Sequence[KeptStep], policy: Policy,
                zone: ZoneInfo, hint: str) -> None:
    """Print one alert: what it says, how it stands, and everything that has become of it."""
    from rich.text import Text

    record = alert.record
    head = Text(record.severity, style=STYLES.get(record.severity, ""))
    head.append(f"  {policy.titles.get(record.rule, record.rule)}", style="bold default")
    head.append(f"  {alert.id}", style="not bold dim")
    console.print(head)
    for line in _facts(alert, policy, zone):
        console.print(Text(line))
    console.print(Text("\nWhat has become of it", style="bold"))
    for step in steps:
        for line in step_in_words(step, zone):
            console.print(Text(line))
    console.print(Text(f"\n{hint}", style="dim"))


def _facts(alert: Alert, policy: Policy, zone: ZoneInfo) -> Iterator[str]:
    record = alert.record
    yield record.message
    to = f" to {record.end}" if record.end else ""
    yield f"Patient {alert.patient}; holds {'from' if to else 'since'} {record.begin}{to}"
    yield f"It is {state_in_words(alert, zone)}"
    if channel := policy.severity(record.severity).channel:
        yield f"Channel: {channel}"
    if record.caveats:
        yield f"With reservation: {', '.join(record.caveats)}"
    yield f"Rests on {', '.join(record.evidence) or 'no event'}"
    yield f"Sources: {'; '.join(record.cites)}"
    if alert.was:
        yield f"Was called {', '.join(alert.was)} before its beginning was known better"


def step_in_words(step: KeptStep, zone: ZoneInfo) -> Iterator[str]:
    """Yield the lines for one step: when, what, by whom and why."""
    moment = shown_moment(datetime.fromisoformat(step.noted), zone)
    what = step.change
    if step.change == "amended":
        what += f" ({', '.join(step.changed)})"
    by = f" by {step.by}" if step.by else ""
    yield f"  {moment}  {what}{by}: {step.because}"
    if step.change in ("raised", "amended", "reopened"):
        yield f"      {step.alert.record.severity}: {step.alert.record.message}"


def decided_in_words(alert: Alert, policy: Policy, zone: ZoneInfo) -> str:
    """Return what a decision has made of an alert, and what it says: it may be news by now."""
    record = alert.record
    return (f"{_decided(alert, zone)}\n{record.severity}  "
            f"{policy.titles.get(record.rule, record.rule)}: {record.message}")


def _decided(alert: Alert, zone: ZoneInfo) -> str:
    state = alert.state
    if state.until is None:
        return f"{alert.id} is {state.name} for as long as it holds."
    again = "it asks again if it still holds"
    return f"{alert.id} is {state.name} until {shown_moment(state.until, zone)}; then {again}."


def shown_moment(moment: datetime, zone: ZoneInfo) -> str:
    """Return a moment as people of the zone read it, to the minute."""
    local = moment.astimezone(zone)
    return f"{local:%Y-%m-%d %H:%M}"


def records_of(steps: Iterable[KeptStep]) -> list[dict[str, object]]:
    """Return the steps of an alert as records."""
    return [{"step": each.seq, "moment": each.noted, "change": each.change, "by": each.by or None,
             "because": each.because, "changed": list(each.changed), "id": each.id,
             "severity": each.alert.record.severity, "message": each.alert.record.message,
             "state": each.alert.state.name} for each in steps]
