"""What was asked for on the command line, in the engine's own terms, or a sentence why it is none.

A slip of the user is a RequestError with what to write instead.
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

from engine.events.fault import Unreadable
from engine.events.times import read_when
from engine.problems import did_you_mean

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from engine.events.when import When


class RequestError(Exception):
    """A wish that cannot be understood, with what to write instead."""


def zone_named(name: str) -> ZoneInfo:
    """Return the time zone of an IANA name."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        advice = did_you_mean(name, available_timezones()) or "for example Europe/Rome, or UTC"
        raise RequestError(f"timezone: found {name!r}, expected the IANA name of a time zone; "
                           f"{advice}") from None


def moment_named(text: str, zone: ZoneInfo) -> When:
    """Return the moment that a text stands for; a date means that whole day, to its end."""
    try:
        return read_when(text, zone)
    except Unreadable as unreadable:
        fault = unreadable.fault
        raise RequestError(f"moment: found {fault.found}, expected {fault.expected}; "
                           f"{fault.reason}") from None


def past_moment_named(text: str, zone: ZoneInfo, now: datetime) -> datetime:
    """Return the end of the moment that a text stands for; of a day that has begun, now."""
    moment = moment_named(text, zone)
    if moment.start > now:
        raise RequestError(f"moment: found {text!r}, which has not come yet; expected one that has")
    return min(moment.end, now)


def settings_named(texts: Iterable[str]) -> dict[str, str]:
    """Return the settings of texts like ``name=value`` or ``name=value unit``."""
    settings: dict[str, str] = {}
    for text in texts:
        name, equals, value = (part.strip() for part in text.partition("="))
        if not (name and equals and value):
            raise RequestError(f"setting: found {text!r}, expected NAME=VALUE; "
                               "name a parameter of the rulebook, then its value")
        if name in settings:
            raise RequestError(f"setting: found {name!r} twice, expected it once; "
                               "remove one of the two")
        settings[name] = value
    return settings
