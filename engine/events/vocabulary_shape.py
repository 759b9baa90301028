"""What may be written in a vocabulary file?"""

from __future__ import annotations

from typing import Annotated, Any, Literal

from engine.yaml_shape import Checked, Chosen, Limits, Number, Ratio, Shape


def _range(value: Any) -> Any:
    if isinstance(value, list) and len(value) != 2:
        raise ValueError("two numbers, the lower first")
    return value


class CodeShape(Shape):
    """A code of a public system, and how sure it is."""

    system: str
    code: str
    sure: Literal["A", "B", "C"]
    title: str = ""


class ValueShape(Shape):
    """One of the symbols that a field may hold."""

    title: str = ""
    codes: tuple[CodeShape, ...] = ()
    not_: tuple[CodeShape, ...] = ()


Values = str | tuple[str, ...] | dict[str, ValueShape | None]


class PlainShape(Shape):
    """A field that is no quantity."""

    type: Literal["symbol", "boolean", "when", "count", "number", "text"]
    title: str = ""
    values: Values | None = None
    open: bool = False
    default: str | bool | int | None = None
    required: bool = False
    range: Annotated[tuple[Number, Number] | None, Checked(_range)] = None


class SuspectShape(Shape):
    """When the unit of a quantity is likely to be wrong."""

    units: tuple[str, ...]
    below: Number
    mark: str


class QuantityShape(Shape):
    """A number with its unit: one dimension, or several that the unit or another field chooses."""

    quantity: str | dict[str, str]
    unit: str
    title: str = ""
    comparator: str | None = None
    by: str | None = None
    instead: dict[str, str] = {}
    plausible: Annotated[tuple[Number, Number] | dict[str, tuple[Number, Number]] | None,
                         Checked(_range)] = None
    required: bool = False
    optional_if: str | None = None
    suspect: SuspectShape | None = None


def _shape_of_field(value: Any) -> str:
    has_quantity = "quantity" in value if isinstance(value, dict) else hasattr(value, "quantity")
    return "(a quantity)" if has_quantity else "(a field)"


FieldShape = Annotated[QuantityShape | PlainShape,
                       Chosen(_shape_of_field, ("(a quantity)", "(a field)"))]


class CourseShape(Shape):
    """How a course is read from the events of a kind."""

    action: str
    by: str
    start: tuple[str, ...]
    change: tuple[str, ...] = ()
    lower: tuple[str, ...] = ()
    stop: tuple[str, ...]


class KindShape(Shape):
    """A kind of event."""

    title: str
    main: str | None = None
    codes: tuple[CodeShape, ...] = ()
    not_: tuple[CodeShape, ...] = ()
    fields: dict[str, FieldShape]
    course: CourseShape | None = None


class DimensionShape(Shape):
    """The accepted spellings of a unit: the factor times the number is the canonical number."""

    title: str = ""
    unit: str | None = None
    like: str | None = None
    spellings: dict[str, Ratio] = {}


class VocabularyShape(Shape):
    """A vocabulary file."""

    future_tolerance_minutes: Annotated[int, Limits(0)]
    units: dict[str, DimensionShape]
    symbols: dict[str, dict[str, ValueShape | None]] = {}
    kinds: dict[str, KindShape]
    sets: dict[str, tuple[str, ...]] = {}
