"""Does a YAML document have the shape that a model asks for, and if not, where not?

`read_yaml` gives a document with positions; `validate` turns it into an instance of a model, or
raises every fault of the shape as a problem with its line and column.
"""

from __future__ import annotations

import re
import types
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from typing import Annotated, Any, Literal, TypeVar, Union, cast, get_args, get_origin

from pydantic import (
    BaseModel,
    ConfigDict,
    GetCoreSchemaHandler,
    PlainValidator,
    Tag,
    TypeAdapter,
    ValidationError,
    WithJsonSchema,
)
from pydantic_core import CoreSchema, ErrorDetails

from engine.problems import Place, Problem, RulebookError
from engine.wording import Words, describe, explain
from engine.yaml_document import Document, Node, read_yaml

__all__ = ["Document", "Node", "Number", "Ratio", "Strict", "read_yaml", "validate"]

Model = TypeVar("Model")
_RATIO = re.compile(r"([0-9]{1,30})/([1-9][0-9]{0,29})")
_TAKEN_AS_WRITTEN = ("str", "int", "bool", "float")


def _number(value: Any) -> Fraction:
    if isinstance(value, bool) or not isinstance(value, int | Decimal | Fraction):
        raise ValueError("a number")
    return Fraction(value)


def _ratio(value: Any) -> Fraction:
    match = _RATIO.fullmatch(value) if isinstance(value, str) else None
    if match:
        return Fraction(int(match[1]), int(match[2]))
    try:
        return _number(value)
    except ValueError:
        raise ValueError("a number, or a ratio of whole numbers (1/1000)") from None


Number = Annotated[Fraction, PlainValidator(_number), WithJsonSchema({"type": "number"})]
"""An exact number, as it was written."""
Ratio = Annotated[Fraction, PlainValidator(_ratio),
                  WithJsonSchema({"type": ["number", "string"]})]
"""An exact number, or two whole numbers with a stroke between them."""


def _take_as_written(schema: Any) -> None:
    if isinstance(schema, list | tuple):
        for part in schema:
            _take_as_written(part)
    elif isinstance(schema, dict):
        if schema.get("type") in _TAKEN_AS_WRITTEN:
            schema["strict"] = True
        for name, part in schema.items():
            if name not in ("metadata", "serialization", "default"):
                _take_as_written(part)


class Strict(BaseModel):
    """The house's base model: frozen, no unknown keys, and no value taken for another type.

    A list may still fill a tuple, and text a date; only text, numbers and booleans never mix.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    @classmethod
    def __get_pydantic_core_schema__(cls, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        schema = handler(source)
        _take_as_written(schema)
        return schema


def validate(document: Document, model: type[Model], path: Sequence[str | int] = ()) -> Model:
    """Return the document, or its part at the path, as the model; else raise RulebookError."""
    try:
        checked: Model = _adapter(cast(Hashable, model)).validate_python(document.node(*path).value)
    except ValidationError as refused:
        errors = refused.errors(include_url=False)
        raise RulebookError(_problems(document, model, tuple(path), errors)) from None
    return checked


@lru_cache(maxsize=256)
def _adapter(model: Hashable) -> TypeAdapter[Any]:
    return TypeAdapter(cast(Any, model))


def _problems(document: Document, model: Any, path: tuple[str | int, ...],
              errors: Iterable[ErrorDetails]) -> list[Problem]:
    walked = [(_walk(document, path, error["loc"]), error) for error in errors]
    ends = [end for end, _ in walked]
    found = [(_problem(document, model, end, error), end, error) for end, error in walked
             if not (error["type"].endswith(("_type", "literal_error"))
                     and _is_other_branch(document, end, ends))]
    meant = {(end[:-1], problem.advice) for problem, end, error in found
             if error["type"] == "extra_forbidden"}
    return _merged(problem for problem, end, error in found
                   if not (error["type"] == "missing"
                           and (end, f"did you mean {str(error['loc'][-1])!r}?") in meant))


def _is_other_branch(document: Document, end: tuple[str | int, ...],
                     ends: Iterable[tuple[str | int, ...]]) -> bool:
    """Whether another type of a union fitted this value and found fault further inside it."""
    return bool(document.node(*end).parts) and end in {
        deeper[:len(end)] for deeper in ends if len(deeper) > len(end)}


def _problem(document: Document, model: Any, walked: tuple[str | int, ...],
             error: ErrorDetails) -> Problem:
    choices = _choices_at(model, error["loc"]) if error["type"] == "missing" else ()
    words = explain(error, sorted(_keys_at(model, error["loc"][:-1])), choices)
    if error["type"] == "extra_forbidden":
        if _is_cut_off(document, walked, str(error["loc"][-1])):
            words = replace(words, advice="a comma ends a value here: put the text in quotes")
        return _as_problem(document, document.place_of_key(*walked), words)
    if error["input"] is None and walked and str(walked[-1]).isdigit() and (
            isinstance(walked[-1], str)):
        words = replace(words, advice="a comma ends a value here: a decimal number has a point, "
                        "as in 2.5")
    if not walked and error["input"] is None:
        words = replace(words, advice="write what belongs into it, or remove the file")
    if words.code == "wrong-type" and document.node(*walked).value != error["input"]:
        words = replace(words, found=describe(document.node(*walked).value))
    return _as_problem(document, document.place(*walked), words)


def _is_cut_off(document: Document, walked: tuple[str | int, ...], name: str) -> bool:
    """Whether a key is rather the end of a text without quotes, cut off by a comma in it."""
    key = document.place_of_key(*walked)
    after_a_comma = document.quote(key)[:key.column - 1].rstrip().endswith(",")
    return bool(re.search(r"[()\[\]]", name)) or (
        after_a_comma and document.node(*walked).value is None and not name.isdigit())


def _as_problem(document: Document, place: Place, words: Words) -> Problem:
    return document.problem(place, words.code, words.found, words.expected, words.advice)


def _walk(document: Document, path: tuple[str | int, ...],
          steps: Iterable[str | int]) -> tuple[str | int, ...]:
    """Return the part of a loc that is in the document: the tags of unions are not."""
    for step in steps:
        if step in document.node(*path).parts:
            path = (*path, step)
    return path


def _merged(problems: Iterable[Problem]) -> list[Problem]:
    """Return one problem where a value fits none of several types: "a list or text"."""
    merged: dict[tuple[Place, str, str], Problem] = {}
    for problem in problems:
        key = (problem.place, problem.code, problem.found)
        if problem.code == "wrong-type" and (
                problem.place, "wrong-value", problem.found) in merged:
            continue
        if problem.code == "wrong-value":
            merged.pop((problem.place, "wrong-type", problem.found), None)
        seen = merged.get(key)
        if seen is None or problem.code == "unknown-key":
            merged[key] = seen or problem
        elif problem.expected not in seen.expected.split(" or "):
            merged[key] = replace(seen, expected=f"{seen.expected} or {problem.expected}")
    return list(merged.values())


def _choices_at(model: Any, steps: Sequence[str | int]) -> list[str]:
    """Return the words of which one must stand where the steps lead in a model, if it lists any."""
    return [word for here in _types_at(model, steps) for member in _members(here)
            if get_origin(member) is Literal for word in get_args(member)]


def _types_at(model: Any, steps: Sequence[str | int]) -> list[Any]:
    types_here = [model]
    for step in steps:
        types_here = [inner for outer in types_here for inner in _step(outer, step)]
    return types_here


def _keys_at(model: Any, steps: Sequence[str | int]) -> set[str]:
    """Return the keys that may stand where the steps lead in a model."""
    return {field.alias or name for here in _types_at(model, steps) for member in _members(here)
            if isinstance(member, type) and issubclass(member, BaseModel)
            for name, field in member.model_fields.items()}


def _step(outer: Any, step: str | int) -> list[Any]:
    tagged = [member for member in _union(outer) if step in _tags(member)]
    if tagged:
        return tagged
    inner: list[Any] = []
    for member in _members(outer):
        origin = get_origin(member)
        if isinstance(member, type) and issubclass(member, BaseModel):
            inner += [field.annotation for name, field in member.model_fields.items()
                      if step in (name, field.alias)]
        elif isinstance(origin, type) and issubclass(origin, Mapping):
            inner.append(get_args(member)[1])
        elif isinstance(origin, type) and issubclass(origin, Sequence):
            inner.append(get_args(member)[0])
    return inner or [outer]


def _members(annotation: Any) -> list[Any]:
    """Return the plain types of an annotation, unions and Annotated opened."""
    if get_origin(annotation) is Annotated:
        return _members(get_args(annotation)[0])
    if get_origin(annotation) in (Union, types.UnionType):
        return [plain for member in get_args(annotation) for plain in _members(member)]
    return [annotation]


def _union(annotation: Any) -> Sequence[Any]:
    if get_origin(annotation) is Annotated:
        return _union(get_args(annotation)[0])
    return get_args(annotation) if get_origin(annotation) in (Union, types.UnionType) else ()


def _tags(member: Any) -> list[str]:
    """Return what a tagged union calls this member in a loc: its Tag, or its literal values."""
    if get_origin(member) is Annotated:
        return [extra.tag for extra in get_args(member)[1:] if isinstance(extra, Tag)]
    return []
