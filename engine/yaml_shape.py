"""Does a value surely have the shape that a part of a file must have?

Nearly every part that is ever read has it, so that is all that is asked here, and quickly. Where
there is any doubt, `engine.yaml_model` makes a pydantic model of the shape and says what is wrong;
it is slow to import.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction
from functools import cache
from types import NoneType, UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin, get_type_hints

from msgspec import Struct

Read = Callable[[Any], Any]
_RATIO = re.compile(r"([0-9]{1,30})/([1-9][0-9]{0,29})")


class Shape:
    """The base of what may stand in a file: the annotated names are its keys, and no other may be.

    A name that Python keeps for itself has an underscore behind it, which its key has not.
    """

    def __init__(self, **values: Any) -> None:
        self.__dict__.update(values)

    @classmethod
    def _before(cls, value: Any) -> Any:
        """Return what is to be read instead of a value; ValueError says what was expected."""
        return value


class DoubtError(ValueError):
    """A value may not have its shape."""


class Checked(Struct, frozen=True):
    """A mark of a type: what the function makes of a value is read; its ValueErrors are told."""

    function: Read

    def reading(self, read: Read) -> Read:
        """Return what reads a value of the type so marked."""
        return lambda value: read(self.function(value))


class Made(Struct, frozen=True):
    """A mark of a type: the function makes it, of what JSON Schema describes as `written`."""

    function: Read
    written: tuple[str, ...]

    def reading(self, _read: Read) -> Read:
        """Return what reads a value of the type so marked."""
        return self.function


class Limits(Struct, frozen=True):
    """A mark of a type: how great a number must be and may be, or how long a text must be."""

    least: int | None = None
    most: int | None = None
    shortest: int = 0

    def reading(self, read: Read) -> Read:
        """Return what reads a value of the type so marked."""
        def within(value: Any) -> Any:
            found = read(value)
            if (self.least is not None and found < self.least) or (
                    self.most is not None and found > self.most) or (
                    self.shortest and len(found) < self.shortest):
                raise DoubtError
            return found

        return within


class Chosen(Struct, frozen=True):
    """A mark of a union of shapes: the function says which it is meant to be, by a name for each.
    """

    function: Callable[[Any], str]
    names: tuple[str, ...]

    def reading(self, read: Read) -> Read:
        """Return what reads a value of the type so marked: no two of the shapes fit one value."""
        return read


def exact_number(value: Any) -> Fraction:
    if isinstance(value, bool) or not isinstance(value, int | Decimal | Fraction):
        raise ValueError("a number")
    return Fraction(value)


def _ratio(value: Any) -> Fraction:
    match = _RATIO.fullmatch(value) if isinstance(value, str) else None
    if match:
        return Fraction(int(match[1]), int(match[2]))
    try:
        return exact_number(value)
    except ValueError:
        raise ValueError("a number, or a ratio of whole numbers (1/1000)") from None


Number = Annotated[Fraction, Made(exact_number, ("number",))]
"""An exact number, as it was written."""
Ratio = Annotated[Fraction, Made(_ratio, ("number", "string"))]
"""An exact number, or two whole numbers with a stroke between them."""


def fields_of(shape: type[Shape]) -> dict[str, tuple[str, Any]]:
    """Return the name and the type of each field of a shape, by its key."""
    return {name.removesuffix("_"): (name, kind)
            for name, kind in get_type_hints(shape, include_extras=True).items()}


@cache
def reader(kind: Any) -> Read:
    """Return what reads a value of a type; it raises a ValueError where that may not be one."""
    origin, parts = get_origin(kind), get_args(kind)
    if kind is Any:
        return lambda value: value
    if origin is Annotated:
        read = reader(parts[0])
        for mark in parts[1:]:
            read = mark.reading(read)
        return read
    if origin in (Union, UnionType):
        return _either([reader(part) for part in parts])
    if origin is Literal:
        return _listed(parts)
    if origin is list:
        return _list(reader(parts[0]))
    if origin is tuple:
        return _tuple(parts)
    if origin is dict:
        return _dict(reader(parts[0]), reader(parts[1]))
    return _shape(kind) if isinstance(kind, type) and issubclass(kind, Shape) else _exact(kind)


def _exact(kind: Any) -> Read:
    wanted = NoneType if kind is None else kind

    def exact(value: Any) -> Any:
        if type(value) is not wanted:
            raise DoubtError
        return value

    return exact


def _listed(accepted: tuple[Any, ...]) -> Read:
    def listed(value: Any) -> Any:
        if type(value) is not str or value not in accepted:
            raise DoubtError
        return value

    return listed


def _either(readers: list[Read]) -> Read:
    def either(value: Any) -> Any:
        for read in readers:
            try:
                return read(value)
            except ValueError:
                continue
        raise DoubtError

    return either


def _list(read: Read) -> Read:
    whole = _exact(list)
    return lambda value: [read(part) for part in whole(value)]


def _tuple(parts: tuple[Any, ...]) -> Read:
    """Return what reads a list as a tuple: of so many parts, or of any number (`X, ...`)."""
    if parts[-1] is Ellipsis:
        listed = _list(reader(parts[0]))
        return lambda value: tuple(listed(value))
    readers = [reader(part) for part in parts]

    def fixed(value: Any) -> Any:
        if type(value) is not list or len(value) != len(readers):
            raise DoubtError
        return tuple(read(part) for read, part in zip(readers, value, strict=True))

    return fixed


def _dict(read_key: Read, read: Read) -> Read:
    whole = _exact(dict)
    return lambda value: {read_key(key): read(part) for key, part in whole(value).items()}


def _shape(shape: type[Shape]) -> Read:
    fields = {key: (name, reader(kind)) for key, (name, kind) in fields_of(shape).items()}
    required = {key for key, (name, _) in fields.items() if not hasattr(shape, name)}

    def read_shape(value: Any) -> Any:
        value = shape._before(value)
        if type(value) is not dict or not required <= value.keys() <= fields.keys():
            raise DoubtError
        made = shape()
        for key, part in value.items():
            name, read = fields[key]
            made.__dict__[name] = read(part)
        return made

    return read_shape
