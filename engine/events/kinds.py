"""What may be recorded about a patient: the kinds of event, their fields, values and codes."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Literal

from msgspec import Struct, field

from engine.events.event import STATUSES

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from fractions import Fraction

    from engine.events.units import Dimension

FieldType = Literal["amount", "symbol", "boolean", "when", "count", "text"]


class Field(Struct, frozen=True):
    """A field of an event as rules see it, so that the type of every expression is known.

    `unit` is the canonical unit of an amount. `values` are the listed symbols; where `open`,
    others are accepted too.
    """

    name: str
    type: FieldType
    title: str = ""
    unit: str = ""
    values: tuple[str, ...] | None = None
    open: bool = False
    default: str | bool | int | None = None
    required: bool = False


class Reading(Struct, frozen=True):
    """The field that a quantity becomes, its dimension, and the plausible numbers."""

    field: str
    dimension: Dimension
    low: Fraction | None = None
    high: Fraction | None = None


class Suspect(Struct, frozen=True):
    """A number below `below` given in one of the units gets the mark: its unit may be wrong."""

    units: frozenset[str]
    below: Fraction
    mark: str


class Quantity(Struct, frozen=True):
    """How a line writes a number with its unit, and which fields the two may become.

    `readings` are tried in turn: the unit chooses. Where `by` names another field, a value of
    that field listed in `readings_by` chooses first. With neither, the quantity is not judged.
    `optional_if` names a boolean field that excuses its absence.
    """

    value: str
    unit: str
    comparator: str | None
    readings: tuple[Reading, ...]
    by: str | None = None
    readings_by: Mapping[str, Reading] = field(default_factory=dict)
    required: bool = False
    optional_if: str | None = None
    suspect: Suspect | None = None

    @property
    def keys(self) -> tuple[str, ...]:
        """The keys of a line that belong to this quantity."""
        return (self.value, self.unit, *((self.comparator,) if self.comparator else ()))


class CourseWords(Struct, frozen=True):
    """How a course is read from the events of a kind.

    The field `action` says what was done, the field `by` to what; `start`, `change`, `lower` and
    `stop` are the values of `action` that begin a course, alter it, lower it and end it.
    """

    action: str
    by: str
    start: frozenset[str]
    change: frozenset[str]
    lower: frozenset[str]
    stop: frozenset[str]


class Kind(Struct, frozen=True):
    """A kind of event.

    `main` is the field that stands for the event where it is used as a number. `fields` are what
    rules may name; `plain` and `quantities` are what a line may hold, `ranges` the limits of its
    plain numbers.
    """

    name: str
    title: str
    main: str | None
    fields: Mapping[str, Field]
    plain: Mapping[str, Field]
    quantities: tuple[Quantity, ...] = ()
    ranges: Mapping[str, tuple[Fraction, Fraction]] = field(default_factory=dict)
    marks: tuple[str, ...] = ()
    course: CourseWords | None = None


class Code(Struct, frozen=True):
    """A code of a public system for a kind, or for one value of one of its fields.

    `sure` is A (seen in a public source), B (known, not looked up) or C (check before use).
    `rejected` codes are neighbours that are easily mistaken for it; `title` says what they are.
    """

    system: str
    code: str
    sure: Literal["A", "B", "C"]
    kind: str
    field: str = ""
    value: str = ""
    title: str = ""
    rejected: bool = False


class Vocabulary(Struct, frozen=True):
    """The kinds of event that a rulebook understands, with the names its rules may use."""

    kinds: Mapping[str, Kind]
    sets: Mapping[str, frozenset[str]]
    units: Mapping[str, Dimension]
    codes: tuple[Code, ...]
    titles: Mapping[str, str]
    future_tolerance_minutes: int = 0

    @property
    def future_tolerance(self) -> timedelta:
        """How long before it happened an event may be recorded, for clocks differ."""
        return timedelta(minutes=self.future_tolerance_minutes)

    def main_of(self, kinds: Iterable[str]) -> str | None:
        """Return the field that events of these kinds stand for, if all of them agree."""
        mains = {self.kinds[kind].main for kind in kinds}
        return mains.pop() if len(mains) == 1 else None


COMMON_FIELDS: Mapping[str, Field] = {
    "id": Field("id", "text", "Identity within the patient", required=True),
    "patient": Field("patient", "text", "Patient", required=True),
    "kind": Field("kind", "symbol", "Kind of event", required=True),
    "at": Field("at", "when", "When it happened", required=True),
    "recorded": Field("recorded", "when", "When it became known"),
    "status": Field("status", "symbol", "Status", values=STATUSES, default="final"),
    "note": Field("note", "text", "Free text that no rule reads"),
}
"""The fields that every event has, whatever its kind."""
