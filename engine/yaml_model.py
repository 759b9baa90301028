"""What is wrong with a part of a YAML document that may not have the shape it must have, and where?

Shapes become pydantic models of the same fields, which find every fault and make JSON Schema.
"""

from __future__ import annotations

import re
import types
from collections.abc import Hashable, Iterable, Mapping, Sequence
from fractions import Fraction
from functools import cache, lru_cache, reduce
from operator import or_
from typing import Annotated, Any, Literal, TypeVar, Union, cast, get_args, get_origin

from msgspec.structs import replace
from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Discriminator,
    Field,
    GetCoreSchemaHandler,
    PlainValidator,
    Tag,
    TypeAdapter,
    ValidationError,
    WithJsonSchema,
    create_model,
    model_validator,
)
from pydantic_core import CoreSchema, ErrorDetails

from engine.problems import Place, Problem, RulebookError
from engine.wording import Words, describe, explain
from engine.yaml_document import Document
from engine.yaml_shape import Checked, Chosen, Limits, Made, Shape, exact_number, fields_of

Wanted = TypeVar("Wanted")
Number = Annotated[Fraction, PlainValidator(exact_number), WithJsonSchema({"type": "number"})]
"""An exact number, as it was written, in a model that is made of no shape."""
_TAKEN_AS_WRITTEN = ("str", "int", "bool", "float")


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


def checked(document: Document, model: type[Wanted], path: Sequence[str | int] = ()) -> Wanted:
    """Return the document, or its part at the path, as the model; else raise RulebookError."""
    twin = twin_of(model)
    try:
        found = _adapter(cast(Hashable, twin)).validate_python(document.node(*path).value)
    except ValidationError as refused:
        errors = refused.errors(include_url=False)
        raise RulebookError(_problems(document, twin, tuple(path), errors)) from None
    return cast(Wanted, _as_shape(found))


def twin_of(kind: Any) -> Any:
    """Return a type with a pydantic model for each shape in it."""
    origin, parts = get_origin(kind), get_args(kind)
    if isinstance(kind, type) and not parts and issubclass(kind, Shape):
        return _model_of(cast(Hashable, kind))
    if origin is Annotated:
        return _marked(parts[0], parts[1:])
    if origin in (Union, types.UnionType):
        return reduce(or_, map(twin_of, parts))
    if origin in (list, tuple, dict):
        return origin[tuple(part if part is Ellipsis else twin_of(part) for part in parts)]
    return kind


def _marked(kind: Any, marks: Iterable[Any]) -> Any:
    """Return a type with the marks that pydantic has for ours."""
    made = twin_of(kind)
    for mark in marks:
        match mark:
            case Checked(function=function):
                made = Annotated[made, BeforeValidator(function)]
            case Made(function=function, written=written):
                made = Annotated[made, PlainValidator(function), WithJsonSchema(
                    {"type": written[0] if len(written) == 1 else list(written)})]
            case Limits(least=least, most=most, shortest=shortest):
                made = Annotated[made, Field(ge=least, le=most, min_length=shortest or None)]
            case Chosen(function=function, names=names):
                tagged = [Annotated[twin_of(part), Tag(name)]
                          for part, name in zip(get_args(kind), names, strict=True)]
                made = Annotated[reduce(or_, tagged), Discriminator(function)]
            case _:
                made = Annotated[made, mark]
    return made


@cache
def _model_of(shape: type[Shape]) -> type[Strict]:
    before: Any = classmethod(lambda _model, value: shape._before(value))
    fields: dict[str, Any] = {
        name: (twin_of(kind), Field(_default(shape, name), alias=None if key == name else key))
        for key, (name, kind) in fields_of(shape).items()}
    model = create_model(shape.__name__, __base__=Strict, __doc__=shape.__doc__,
                         __module__=shape.__module__, __validators__={
                             "first": cast(Any, model_validator(mode="before")(before))}, **fields)
    _SHAPES[model] = shape
    return model


_SHAPES: dict[type[BaseModel], type[Shape]] = {}  # which shape a model was made of


def _default(shape: type[Shape], name: str) -> Any:
    default = getattr(shape, name, ...)
    return _model_of(cast(Hashable, type(default)))() if isinstance(default, Shape) else default


def _as_shape(found: Any) -> Any:
    """Return what a model was made of as it is read where there is no doubt."""
    if isinstance(found, list | tuple):
        return type(found)(map(_as_shape, found))
    if isinstance(found, dict):
        return {key: _as_shape(part) for key, part in found.items()}
    shape = _SHAPES.get(type(found))
    return found if shape is None else shape(
        **{name: _as_shape(getattr(found, name)) for name in found.model_fields_set})


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
