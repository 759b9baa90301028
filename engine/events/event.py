"""One thing recorded about a patient."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from engine.events.amount import Amount
from engine.events.when import When

if TYPE_CHECKING:
    from collections.abc import Mapping

Value = Amount | When | bool | str

STATUSES = ("final", "preliminary", "corrected", "cancelled", "entered-in-error")
VOID = frozenset({"cancelled", "entered-in-error"})


@dataclass(frozen=True, slots=True)
class Source:
    """Where a line came from; lines count from 1."""

    name: str
    line: int


@dataclass(frozen=True, slots=True, eq=False)
class Event:
    """Something that happened to a patient `at` a time, and became known when `recorded`.

    `fields` holds the kind's own fields by name, in canonical units, defaults filled in; a field
    that was not given is absent. `marks` are what intake noticed without refusing it (for example
    a suspect unit). `given` is the line as it was written, for showing values as reported.
    """

    id: str
    patient: str
    kind: str
    at: When
    recorded: When
    status: str
    fields: Mapping[str, Value]
    marks: tuple[str, ...] = ()
    given: Mapping[str, Any] = field(default_factory=dict)
    source: Source = Source("-", 0)

    @property
    def content(self) -> str:
        """What the event says, as text: equal for events that say the same of one time."""
        said = sorted((name, str(value)) for name, value in self.fields.items())
        return f"{self.at.text} {self.status} {said}"

    @property
    def is_void(self) -> bool:
        """Whether this line says that the event never was."""
        return self.status in VOID


@dataclass(frozen=True, slots=True)
class Refusal:
    """A datum that could not be used: where it is, what was found, what was expected, why."""

    source: str
    line: int
    field: str
    found: str
    expected: str
    reason: str


def same_content(left: Event, right: Event) -> bool:
    """Return whether two lines say the same once they are read: spelling and order aside."""
    return (
        (left.id, left.patient, left.kind, left.status)
        == (right.id, right.patient, right.kind, right.status)
        and _same_span(left.at, right.at)
        and _same_span(left.recorded, right.recorded)
        and left.given.get("note") == right.given.get("note")
        and left.fields.keys() == right.fields.keys()
        and all(_same_value(value, right.fields[name]) for name, value in left.fields.items())
    )


def _same_value(left: Value, right: Value) -> bool:
    if isinstance(left, When) and isinstance(right, When):
        return _same_span(left, right)
    return left == right


def _same_span(left: When, right: When) -> bool:
    return (left.start, left.end) == (right.start, right.end)
