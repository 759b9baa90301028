"""One thing recorded about a patient."""

from __future__ import annotations

from decimal import Decimal
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from msgspec import MsgspecError, Struct
from msgspec.json import Decoder
from msgspec.structs import replace

from engine.events.amount import Amount
from engine.events.json_line import parse_line
from engine.events.refusal import Refusal, Source
from engine.events.when import When

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["STATUSES", "VOID", "Event", "Refusal", "Source", "Value", "same_content"]

Value = Amount | When | bool | str

STATUSES = ("final", "preliminary", "corrected", "cancelled", "entered-in-error")
VOID = frozenset({"cancelled", "entered-in-error"})


_LINES_AT_HAND = 1024  # those of the patient who is looked at
_AGAIN = Decoder(dict[str, Any], float_hook=Decimal)


@lru_cache(maxsize=_LINES_AT_HAND)
def _given(line: bytes) -> Mapping[str, Any]:
    """Return what a line says that was accepted before, so that it need not be judged."""
    try:
        return _AGAIN.decode(line)
    except MsgspecError:  # a byte order mark, for one, is let pass by intake only
        return parse_line(line)


class Event(Struct, frozen=True, eq=False, gc=False):
    """Something that happened to a patient `at` a time, and became known when `recorded`.

    `fields` holds the kind's own fields by name, in canonical units, defaults filled in; a field
    that was not given is absent. Events that share them were reported in the same words. `marks`
    are what intake noticed without refusing it (for example a suspect unit). `line` is how it was
    written.
    """

    id: str
    patient: str
    kind: str
    at: When
    recorded: When
    status: str
    fields: Mapping[str, Value]
    marks: tuple[str, ...] = ()
    line: bytes = b"{}"
    source: Source = Source("-", 0)

    @property
    def given(self) -> Mapping[str, Any]:
        """The line as it was written, for showing values as reported."""
        return _given(self.line)

    @property
    def content(self) -> str:
        """What the event says, as text: equal for events that say the same of one time."""
        said = sorted((name, str(value)) for name, value in self.fields.items())
        return f"{self.at.text} {self.status} {said}"

    def with_field(self, name: str, value: Value) -> Event:
        """Return an event of its own that says one thing more."""
        return replace(self, fields={**self.fields, name: value})

    @property
    def is_void(self) -> bool:
        """Whether this line says that the event never was."""
        return self.status in VOID


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
