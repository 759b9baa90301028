"""One example: a patient's lines, and what must be concluded of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from engine.events.event import Event, Refusal
    from engine.events.when import When
    from engine.examples.calendar import Calendar
    from engine.examples.shapes import ExpectShape, Shows
    from engine.problems import Place


@dataclass(frozen=True, slots=True)
class Refused:
    """A line of an example that intake refused, and the id of its event."""

    event: str
    refusal: Refusal


@dataclass(frozen=True, slots=True)
class Example:
    """A patient as the file has it, read by intake, and the expectations about the assessment.

    `topic` is the name of the file it stands beside; `cases` are numbers in a list of cases
    elsewhere; `shows` says whether a rule fires, stays silent at its boundary, or cannot decide.
    At `acknowledged` whatever asked to be looked at was seen.
    """

    topic: str
    name: str
    place: Place
    shows: Shows | None
    cases: tuple[int, ...]
    why: str
    calendar: Calendar
    events: tuple[Event, ...]
    refused: tuple[Refused, ...]
    as_of: When | None
    acknowledged: When | None
    expect: ExpectShape
