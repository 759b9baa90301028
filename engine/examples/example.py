"""One example: a patient's lines, and what must be concluded of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import timedelta

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
class Act:
    """What somebody decides at a moment about the alert of a rule that is open then.

    Of no rule: about whatever is open. It is put off for a `span`, or acknowledged where there is
    none. `text`, `place` and `line` are as written.
    """

    rule: str
    when: When
    span: timedelta | None
    text: str
    place: Place
    line: str


@dataclass(frozen=True, slots=True)
class Example:
    """A patient as the file has it, read by intake, and the expectations about the assessment.

    `topic` is the name of the file it stands beside; `cases` are numbers in a list of cases
    elsewhere; `shows` says whether a rule fires, stays silent at its boundary, or cannot decide.
    `acts` are what was decided about its alerts, in the order of their moments.
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
    acts: tuple[Act, ...]
    expect: ExpectShape
