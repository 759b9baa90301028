"""Which fields may a line of each kind have, and of which type is each?

One pydantic model for each kind of the vocabulary, chosen by the line's `kind`. What needs more
than a type (times, numbers with units) is judged afterwards.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, Literal

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    StrictBool,
    StrictStr,
    StringConstraints,
    ValidationError,
    WithJsonSchema,
    create_model,
)

from engine.events.event import STATUSES
from engine.events.fault import Fault, Faults
from engine.events.quantity import COMPARATORS
from engine.wording import describe, explain

if TYPE_CHECKING:
    from collections.abc import Mapping

    from engine.events.kinds import Field as KindField
    from engine.events.kinds import Kind

_Name = Annotated[str, StringConstraints(strict=True, min_length=1, pattern=r"\S")]
_Number = Annotated[Any, WithJsonSchema({"type": "number"})]
_NumberOrText = Annotated[Any, WithJsonSchema({"type": ["number", "string"]})]
_Time = Annotated[Any, WithJsonSchema({"type": "string"})]
_NOTHING_ELSE = "nothing else is understood here"
_COMMON: dict[str, Any] = {
    "id": (_Name, ...),
    "patient": (_Name, ...),
    "kind": (_Name, ...),
    "at": (_Time, ...),
    "recorded": (_Time, ""),
    "status": (Literal[STATUSES], "final"),
}


class VoidLine(BaseModel):
    """A line that withdraws an event: only the common fields are looked at."""

    model_config = ConfigDict(extra="ignore")

    id: _Name
    patient: _Name
    kind: _Name
    at: _Time
    recorded: _Time = ""
    status: Literal[STATUSES] = "final"  # type: ignore[valid-type]


def model_of(kind: Kind) -> type[BaseModel]:
    """Return the model of the lines of a kind."""
    fields: dict[str, Any] = _COMMON | {"kind": (Literal[kind.name], ...), "note": (StrictStr, "")}
    for name, field in kind.plain.items():
        fields[name] = (_type_of(field), ... if field.required else field.default)
    for quantity in kind.quantities:
        fields[quantity.value] = (_NumberOrText, None)
        fields[quantity.unit] = (_Name, "")
        if quantity.comparator:
            fields[quantity.comparator] = (Literal[COMPARATORS], "")
    # Attributes are numbered, for a vocabulary may name a field as a model names its methods.
    numbered: dict[str, Any] = {
        f"field_{number}": (type_, Field(default, alias=name, title=name))
        for number, (name, (type_, default)) in enumerate(fields.items())}
    return create_model(kind.name, __config__=ConfigDict(extra="forbid", title=kind.title),
                        **numbered)


def _type_of(field: KindField) -> Any:
    if field.type == "symbol":
        return Literal[field.values] if field.values and not field.open else _Name
    return {"boolean": StrictBool, "when": _Time, "text": StrictStr}.get(field.type, _Number)


def check_shape(model: type[BaseModel], raw: Mapping[str, Any], faults: Faults) -> None:
    """Note every field of a line that is missing, unknown or of another type."""
    try:
        model.__pydantic_validator__.validate_python(raw)
    except ValidationError as refused:
        for error in refused.errors(include_url=False):
            faults.note(_fault(error, model))


def _fault(error: Any, model: type[BaseModel]) -> Fault:
    field = str(error["loc"][0])
    known = [one.alias or name for name, one in model.model_fields.items()]
    words = explain(error, known)
    if error["type"] == "extra_forbidden":
        return Fault(field, f"the unknown field '{field}'", words.expected, words.advice)
    found = "null" if error["type"] != "missing" and error["input"] is None else words.found
    if found == "null":
        return Fault(field, found, words.expected, "leave the field out where nothing is known")
    if words.expected.startswith("text like"):
        return Fault(field, describe(error["input"]), "text that is not empty", _NOTHING_ELSE)
    return Fault(field, found, words.expected, words.advice or _NOTHING_ELSE)
