"""Where do alerts go: a page for people, or JSON."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

from engine.reports.alert_pages import decided_in_words, print_alert, print_worklist, records_of
from engine.reports.alert_records import alert_record
from engine.reports.output import as_json, page_console
from engine.reports.records import CONTRACT, refusal_records, rulebook_record
from engine.store.moments import written

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime
    from zoneinfo import ZoneInfo

    from engine.alerts.alert import Alert, Step
    from engine.alerts.policy import Policy
    from engine.alerts.worklist import Worklist
    from engine.events.event import Refusal
    from engine.rulebook.definitions import Rulebook
    from engine.store.steps import KeptStep


def print_alerts(found: Worklist, rulebook: Rulebook, policy: Policy, moment: datetime,
                 zone: ZoneInfo, form: str, unclear: Sequence[Refusal]) -> None:
    """Print the worklist; as JSON with the lines on which nothing can rest."""
    if form == "json":
        _print({"contract": CONTRACT, "rulebook": rulebook_record(rulebook),
                "moment": written(moment),
                "alerts": [alert_record(each, policy) for each in found.alerts],
                "not_shown": dict(found.left_out), "refused": refusal_records(unclear)})
        return
    console = page_console()
    with console.capture() as page:
        print_worklist(console, rulebook, moment, zone, found, policy)
    sys.stdout.write(page.get())


def print_one(alert: Alert, steps: Sequence[KeptStep], policy: Policy, zone: ZoneInfo, hint: str,
              form: str) -> None:
    """Print one alert and all that has become of it."""
    if form == "json":
        _print({"contract": CONTRACT, **alert_record(alert, policy), "steps": records_of(steps)})
        return
    console = page_console()
    with console.capture() as page:
        print_alert(console, alert, steps, policy, zone, hint)
    sys.stdout.write(page.get())


def print_decided(step: Step, policy: Policy, zone: ZoneInfo, form: str) -> None:
    """Print what a decision has made of an alert."""
    if form == "json":
        _print({"contract": CONTRACT, **alert_record(step.alert, policy)})
    else:
        sys.stdout.write(decided_in_words(step.alert, policy, zone) + "\n")


def _print(record: dict[str, Any]) -> None:
    sys.stdout.buffer.write(as_json(record) + b"\n")
    sys.stdout.buffer.flush()
