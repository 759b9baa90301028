"""What must the program around a rule engine keep by hand, where the engine does not?

The letter asks about earlier events: the count before sirolimus, whether it was stopped, whether
there had been a response. An engine that sees one flat fact at a time needs them beside each event.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from measuring import Event

CR_COUNT, PR_COUNT, PR_FOLD = 100, 30, 2
LOSS_COUNT, RESCUE_COUNT, BLEEDING_GRADE = 30, 30, 1
TARGET_LOW, TARGET_HIGH = 5, 15


@dataclass(slots=True)
class Past:
    """What had happened to a patient before an event."""

    baseline: Event | None = None
    is_started: bool = False
    is_off: bool = False
    has_responded: bool = False
    had_mycophenolate: bool = False

    @property
    def fold(self) -> float | None:
        """The count from which on a response is large enough; None without a baseline."""
        return None if self.baseline is None else PR_FOLD * self.baseline["value"]

    def evidence(self, event: Event) -> list[str]:
        """Return what a conclusion about the event rests on."""
        return [event["id"]] if self.baseline is None else [event["id"], self.baseline["id"]]


def with_past(events: list[Event]) -> Iterator[tuple[Event, Past, bool]]:
    """Yield each event with what was before it, and whether it is the first start of sirolimus.

    The one `Past` is brought up to date after each event: read it before asking for the next.
    """
    past = Past()
    for event in events:
        kind = event["kind"]
        starts = (kind == "medication" and event["drug"] == "sirolimus"
                  and event["action"] == "start")
        yield event, past, starts and not past.is_started
        if kind == "platelet_count":
            if not past.is_started:
                past.baseline = event
            elif event["value"] >= CR_COUNT or (
                    event["value"] >= PR_COUNT and past.fold is not None
                    and event["value"] >= past.fold):
                past.has_responded = True
        elif kind == "medication":
            if event["drug"] == "mycophenolate-mofetil":
                past.had_mycophenolate = True
            elif starts:
                past.is_started, past.is_off = True, False
            elif event["drug"] == "sirolimus" and event["action"] == "stop":
                past.is_off = True


def flat(events: list[Event]) -> Iterator[tuple[Event, Event]]:
    """Yield each event that may decide something, and one flat fact with all that it is judged by.

    Every fact has every field: an engine of tables or of alpha nodes needs no other.
    """
    for event, past, is_first in with_past(events):
        kind = event["kind"]
        if is_first:
            value = past.baseline["value"] if past.baseline is not None else RESCUE_COUNT
            kind = "start"
        elif not past.is_started or kind in ("medication", "diagnosis"):
            continue
        elif kind == "bleeding":
            value = event["grade"]
        else:
            value = event["value"]
        fold = past.fold
        yield event, {
            "id": event["id"], "kind": kind, "value": value,
            # Without a baseline a rise is neither large enough nor too small.
            "rise": "unknown" if fold is None else "enough" if value >= fold else "small",
            "lost": past.is_off and past.has_responded,
            "failed": past.had_mycophenolate,
            "cause": event.get("cause", ""),
            "baseline": past.baseline["id"] if past.baseline is not None else ""}
