"""Which fields may a line of each kind have, of which type is each, and has a line surely those?

Where there is any doubt, `engine.events.line_model` says what is wrong. What needs more than a
type (times, numbers with units) is judged afterwards.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

from engine.events.event import STATUSES
from engine.events.quantity import COMPARATORS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from engine.events.fault import Faults
    from engine.events.kinds import Field, Kind

Type = Literal["name", "text", "boolean", "any"] | tuple[str, ...]
_COMMON: dict[str, Type] = {
    "id": "name", "patient": "name", "kind": "name", "at": "any", "recorded": "any",
    "status": STATUSES,
}
_NEEDED = frozenset({"id", "patient", "kind", "at"})


class LineShape:
    """The fields of the lines of a kind; a tuple lists the texts that a field may hold.

    Of a line that withdraws an event, or is of no known kind, only the common fields are looked at.
    """

    def __init__(self, kind: Kind | None = None) -> None:
        self.name = kind.name if kind is not None else "any"
        self.is_closed = kind is not None
        self.fields = {**_COMMON}
        self.needed = _NEEDED
        if kind is not None:
            self.fields |= {"kind": (kind.name,), "note": "text"}
            self.fields |= {name: _type_of(field) for name, field in kind.plain.items()}
            self.needed |= {name for name, field in kind.plain.items() if field.required}
            for quantity in kind.quantities:
                self.fields |= {quantity.value: "any", quantity.unit: "name"}
                if quantity.comparator:
                    self.fields[quantity.comparator] = COMPARATORS

    def fits(self, raw: Mapping[str, Any]) -> bool:
        """Whether a line surely has all that is needed, and each field the right type."""
        if not self.needed <= raw.keys():
            return False
        for name, value in raw.items():
            type_ = self.fields.get(name)
            if type_ is None:
                if self.is_closed:
                    return False
            elif type_ != "any" and not _is_of(type_, value):
                return False
        return True


def _type_of(field: Field) -> Type:
    if field.type == "symbol":
        return field.values if field.values and not field.open else "name"
    return "boolean" if field.type == "boolean" else "text" if field.type == "text" else "any"


def _is_of(type_: Type, value: Any) -> bool:
    if type_ == "boolean":
        return isinstance(value, bool)
    if not isinstance(value, str):
        return False
    return type_ == "text" or (bool(value.strip()) if type_ == "name" else value in type_)


def check_shape(shape: LineShape, raw: Mapping[str, Any], faults: Faults) -> None:
    """Note every field of a line that is missing, unknown or of another type."""
    if not shape.fits(raw):
        from engine.events.line_model import note_faults  # slow to import, and seldom needed

        note_faults(shape, raw, faults)
