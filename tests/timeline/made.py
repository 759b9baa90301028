"""Events made by hand, for the small parts that need no rulebook."""

from __future__ import annotations

from typing import Any
from zoneinfo import ZoneInfo

from engine.events.amount import Amount
from engine.events.event import Event
from engine.events.kinds import CourseWords
from engine.events.when import parse_when

UTC = ZoneInfo("UTC")
WORDS = CourseWords("action", "drug", frozenset({"start"}), frozenset({"change"}),
                    frozenset({"taper"}), frozenset({"stop"}))


def event(identity: str, at: str, zone: ZoneInfo = UTC, **fields: Any) -> Event:
    """Return an event; whole numbers among the fields become amounts."""
    when = parse_when(at, zone)
    read = {name: Amount.exact(value) if type(value) is int else value
            for name, value in fields.items()}
    return Event(identity, "p", "medication", when, when, "final", read)


def step(identity: str, at: str, action: str, drug: str = "a", **fields: Any) -> Event:
    """Return a step of a course."""
    return event(identity, at, action=action, drug=drug, **fields)
