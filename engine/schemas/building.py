"""Which JSON Schema says what a file may hold, so that an editor can check and complete it?"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from pydantic import TypeAdapter

from engine.cohort import files as cohort_files
from engine.rulebook.files import OPERATORS
from engine.rulebook.parameters import NUMERAL
from engine.schemas.descriptions import CONDITION, DESCRIPTIONS
from engine.schemas.files import FILES, SHAPES
from engine.yaml_model import twin_of

Schema = dict[str, Any]
DIALECT = "https://json-schema.org/draft/2020-12/schema"
_CONDITIONS = frozenset({"where", "establishes", "ignoring", "when", "given", "alerts_while", "if"})
_CONDITION: Schema = {
    "description": CONDITION,
    "anyOf": [
        {"type": "string"},
        {"type": "boolean"},
        {"type": "array", "minItems": 1, "items": {"$ref": "#/$defs/Condition"}},
        *({"type": "object", "required": [word], "additionalProperties": False, "properties": {
            word: {"type": "array", "minItems": 1, "items": {"$ref": "#/$defs/Condition"}}}}
          for word in ("all", "any", "none")),
    ],
}


def schemas() -> dict[str, Schema]:
    """Return the schema of every file, by its name."""
    return {name: _schema(name) for name in SHAPES}


def _schema(name: str) -> Schema:
    made = TypeAdapter(twin_of(SHAPES[name])).json_schema(by_alias=True)
    parts: dict[str, Schema] = made.pop("$defs", {})
    for model, part in parts.items():
        _complete(model.removeprefix("Whole"), part)
    if made.get("type") == "object" and "properties" in made:
        _complete(str(made["title"]).removeprefix("Whole"), made)
    if name == "overrides":
        _allow_parts(parts)
    if any("#/$defs/Condition" in str(part) for part in (made, *parts.values())):
        parts["Condition"] = _CONDITION
    head = {"$schema": DIALECT, "title": FILES[name]}
    return {**head, **{key: each for key, each in made.items() if key != "title"},
            **({"$defs": parts} if parts else {})}


def _complete(model: str, part: Schema) -> None:
    """Add what the model alone does not say: descriptions, conditions, which keys exclude others.
    """
    part.pop("title", None)
    for key, each in part.get("properties", {}).items():
        each.pop("title", None)
        if each.get("default", ...) is None:
            del each["default"]
        if key in _CONDITIONS and "type" not in each:
            default = {"default": each["default"]} if "default" in each else {}
            each.clear()
            each.update({"$ref": "#/$defs/Condition", **default})
        if text := DESCRIPTIONS.get(model, {}).get(key):
            each["description"] = text
    if model in _MORE:
        _MORE[model](part)


def _fact(part: Schema) -> None:
    part["oneOf"] = [{"required": [each.rstrip("_")]} for each in OPERATORS]


def _figure(part: Schema) -> None:
    part["oneOf"] = [{"required": [each.rstrip("_")]} for each in cohort_files.OPERATORS]


def _parameter(part: Schema) -> None:
    part["oneOf"] = [{"required": [key]} for key in ("value", "values")]
    for key in ("value", "values", "from"):
        _numerals(part["properties"][key])


def _numerals(part: Any) -> None:
    """Let text stand for a number only where it is one: 25/18."""
    if isinstance(part, dict):
        if part.get("type") == "string":
            part["pattern"] = f"^({NUMERAL.pattern})$"
        for each in part.values():
            _numerals(each)
    elif isinstance(part, list):
        for each in part:
            _numerals(each)


def _alert(part: Schema) -> None:
    part["properties"]["advice"]["items"] = {
        "type": "object", "minProperties": 1, "maxProperties": 1,
        "additionalProperties": {"$ref": "#/$defs/Condition"}}


_MORE: dict[str, Callable[[Schema], None]] = {
    "FactFile": _fact, "ParameterFile": _parameter, "AlertFile": _alert,
    "FigureFile": _figure}


def _allow_parts(parts: dict[str, Schema]) -> None:
    """Let an override name only what is different; a fact is written anew as a whole."""
    for model in ("ParameterFile", "ClassifyFile", "RuleFile", "AlertFile", "PolicyFile"):
        for key in ("required", "oneOf"):
            parts[model].pop(key, None)
        parts[model]["minProperties"] = 1
    for model, fixed in (("ClassifyFile", ("name", "rules")), ("RuleFile", ("id",)),
                         ("AlertFile", ("id",))):
        for key in fixed:
            del parts[model]["properties"][key]
