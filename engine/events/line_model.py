"""What is wrong with the fields of a line, field by field?

One pydantic model for each shape of a line finds every fault of the types.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Annotated, Any, Literal

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    StrictBool,
    StrictStr,
    StringConstraints,
    ValidationError,
    create_model,
)

from engine.events.fault import Fault, Faults
from engine.wording import describe, explain

if TYPE_CHECKING:
    from collections.abc import Mapping

    from engine.events.line_shape import LineShape

_TYPES: dict[Any, Any] = {
    "name": Annotated[str, StringConstraints(strict=True, min_length=1, pattern=r"\S")],
    "text": StrictStr, "boolean": StrictBool, "any": Any,
}
_NOTHING_ELSE = "nothing else is understood here"


@lru_cache(maxsize=256)
def _model_of(shape: LineShape) -> type[BaseModel]:
    """Return the model of the lines of a shape."""
    # Attributes are numbered, for a vocabulary may name a field as a model names its methods.
    numbered: dict[str, Any] = {
        f"field_{number}": (Literal[type_] if isinstance(type_, tuple) else _TYPES[type_],
                            Field(... if name in shape.needed else None, alias=name))
        for number, (name, type_) in enumerate(shape.fields.items())}
    extra: Literal["forbid", "ignore"] = "forbid" if shape.is_closed else "ignore"
    return create_model(shape.name, __config__=ConfigDict(extra=extra), **numbered)


def note_faults(shape: LineShape, raw: Mapping[str, Any], faults: Faults) -> None:
    """Note every field of a line that is missing, unknown or of another type."""
    model = _model_of(shape)
    try:
        model.__pydantic_validator__.validate_python(raw)
    except ValidationError as refused:
        for error in refused.errors(include_url=False):
            faults.note(_fault(error, [*shape.fields]))


def _fault(error: Any, known: list[str]) -> Fault:
    field = str(error["loc"][0])
    words = explain(error, known)
    if error["type"] == "extra_forbidden":
        return Fault(field, f"the unknown field '{field}'", words.expected, words.advice)
    found = "null" if error["type"] != "missing" and error["input"] is None else words.found
    if found == "null":
        return Fault(field, found, words.expected, "leave the field out where nothing is known")
    if words.expected.startswith("text like"):
        return Fault(field, describe(error["input"]), "text that is not empty", _NOTHING_ELSE)
    return Fault(field, found, words.expected, words.advice or _NOTHING_ELSE)
