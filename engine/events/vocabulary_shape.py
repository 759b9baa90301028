"""What may be written in a vocabulary file?"""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Discriminator, Field, Tag

from engine.yaml_source import Number, Ratio, Strict


def _range(value: Any) -> Any:
    if isinstance(value, list) and len(value) != 2:
        raise ValueError("two numbers, the lower first")
    return value


class CodeShape(Strict):
    """A code of a public system, and how sure it is."""

    system: str
    code: str
    sure: Literal["A", "B", "C"]
    title: str = ""


class ValueShape(Strict):
    """One of the symbols that a field may hold."""

    title: str = ""
    codes: tuple[CodeShape, ...] = ()
    reject: tuple[CodeShape, ...] = Field(default=(), alias="not")


Values = str | tuple[str, ...] | dict[str, ValueShape | None]


class PlainShape(Strict):
    """A field that is no quantity."""

    type: Literal["symbol", "boolean", "when", "count", "number", "text"]
    title: str = ""
    values: Values | None = None
    open: bool = False
    default: str | bool | int | None = None
    required: bool = False
    range: Annotated[tuple[Number, Number] | None, BeforeValidator(_range)] = None


class SuspectShape(Strict):
    """When the unit of a quantity is likely to be wrong."""

    units: tuple[str, ...]
    below: Number
    mark: str


class QuantityShape(Strict):
    """A number with its unit: one dimension, or several that the unit or another field chooses."""

    quantity: str | dict[str, str]
    unit: str
    title: str = ""
    comparator: str | None = None
    by: str | None = None
    instead: dict[str, str] = Field(default_factory=dict)
    plausible: Annotated[tuple[Number, Number] | dict[str, tuple[Number, Number]] | None,
                         BeforeValidator(_range)] = None
    required: bool = False
    optional_if: str | None = None
    suspect: SuspectShape | None = None


def _shape_of_field(value: Any) -> str:
    has_quantity = "quantity" in value if isinstance(value, dict) else hasattr(value, "quantity")
    return "(a quantity)" if has_quantity else "(a field)"


FieldShape = Annotated[
    Annotated[QuantityShape, Tag("(a quantity)")] | Annotated[PlainShape, Tag("(a field)")],
    Discriminator(_shape_of_field),
]


class CourseShape(Strict):
    """How a course is read from the events of a kind."""

    action: str
    by: str
    start: tuple[str, ...]
    change: tuple[str, ...] = ()
    lower: tuple[str, ...] = ()
    stop: tuple[str, ...]


class KindShape(Strict):
    """A kind of event."""

    title: str
    main: str | None = None
    codes: tuple[CodeShape, ...] = ()
    reject: tuple[CodeShape, ...] = Field(default=(), alias="not")
    fields: dict[str, FieldShape]
    course: CourseShape | None = None


class DimensionShape(Strict):
    """The accepted spellings of a unit: the factor times the number is the canonical number."""

    title: str = ""
    unit: str | None = None
    like: str | None = None
    spellings: dict[str, Ratio] = Field(default_factory=dict)


class VocabularyShape(Strict):
    """A vocabulary file."""

    future_tolerance_minutes: int = Field(ge=0)
    units: dict[str, DimensionShape]
    symbols: dict[str, dict[str, ValueShape | None]] = Field(default_factory=dict)
    kinds: dict[str, KindShape]
    sets: dict[str, tuple[str, ...]] = Field(default_factory=dict)
