"""Which kinds of event, fields, values, units and codes does a rulebook understand?

`load_vocabulary` reads them from a YAML document; every mistake in it is reported with its place.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from fractions import Fraction
from typing import TYPE_CHECKING

from engine.events.kind_builder import Faults, build_kind
from engine.events.kinds import (
    COMMON_FIELDS,
    Code,
    CourseWords,
    Field,
    FieldType,
    Kind,
    Quantity,
    Reading,
    Suspect,
    Vocabulary,
)
from engine.events.units import Dimension
from engine.events.vocabulary_shape import (
    CodeShape,
    DimensionShape,
    KindShape,
    ValueShape,
    VocabularyShape,
)
from engine.problems import RulebookError
from engine.yaml_source import validate

if TYPE_CHECKING:
    from engine.yaml_source import Document

__all__ = [
    "COMMON_FIELDS", "Code", "CourseWords", "Field", "FieldType", "Kind", "Quantity", "Reading",
    "Suspect", "Vocabulary", "load_vocabulary",
]


def load_vocabulary(document: Document) -> Vocabulary:
    """Return the vocabulary of a document, or raise RulebookError with every problem in it."""
    shape = validate(document, VocabularyShape)
    faults = Faults(document)
    units = _dimensions(shape.units, faults)
    kinds = {name: build_kind(name, kind, units, shape.symbols, faults)
             for name, kind in shape.kinds.items()}
    sets = _sets(shape, kinds, faults)
    if faults.problems:
        raise RulebookError(faults.problems)
    return Vocabulary(kinds, sets, units, tuple(_codes(shape)), dict(_titles(shape)),
                      shape.future_tolerance_minutes)


def _dimensions(shapes: Mapping[str, DimensionShape], faults: Faults) -> dict[str, Dimension]:
    units: dict[str, Dimension] = {}
    for name, shape in shapes.items():
        unit = shape.unit or name
        factors = {unit: Fraction(1)}
        if shape.like is not None:
            like = units.get(shape.like)
            if like is None:
                faults.unknown(("units", name, "like"), shape.like, "a unit defined above", units)
            elif like.unit != unit:
                faults.add(("units", name, "like"), "unit-mismatch",
                           f"'{shape.like}', which is counted in {like.unit}",
                           f"a unit counted in {unit}")
            else:
                factors |= like.factors
        for spelling, factor in shape.spellings.items():
            if spelling == unit:
                faults.add(("units", name, "spellings", spelling), "unit-factor",
                           f"'{unit}' itself", "other spellings of it", "its factor is 1")
                continue
            if factor <= 0:
                faults.add(("units", name, "spellings", spelling), "unit-factor", str(factor),
                           "a factor above 0")
            factors[spelling] = factor
        units[name] = Dimension(name, unit, factors)
    return units


def _sets(shape: VocabularyShape, kinds: Mapping[str, Kind],
          faults: Faults) -> dict[str, frozenset[str]]:
    known = {value for kind in kinds.values() for field in kind.plain.values()
             for value in field.values or ()}
    blind = any(isinstance(listed := getattr(field, "values", None), str)
                and listed not in shape.symbols
                for kind in shape.kinds.values() for field in kind.fields.values())
    for name, members in shape.sets.items():
        if not members:
            faults.add(("sets", name), "no-values", "an empty list", "at least one value",
                       "list what belongs to it, or remove the set and what asks for it")
        for index, member in enumerate(members):
            if member in members[:index]:
                faults.add(("sets", name, index), "value-twice", repr(member), "each value once",
                           "remove one of them")
            elif member not in known and not blind:  # else the list that is missing is told
                faults.unknown(("sets", name, index), member, "a listed value of some field", known)
    return {name: frozenset(members) for name, members in shape.sets.items()}


def _values(kind: KindShape, shape: VocabularyShape) -> Iterable[tuple[str, str, ValueShape]]:
    """Yield field, value and the shape of every value that has one."""
    for name, field in kind.fields.items():
        listed = getattr(field, "values", None)
        if isinstance(listed, str):
            listed = shape.symbols.get(listed)
        for value, described in (listed.items() if isinstance(listed, Mapping) else ()):
            if described is not None:
                yield name, value, described


def _codes(shape: VocabularyShape) -> Iterable[Code]:
    for name, kind in shape.kinds.items():
        yield from _coded(kind.codes, kind.not_, name, "", "")
        for field, value, described in _values(kind, shape):
            yield from _coded(described.codes, described.not_, name, field, value)


def _coded(codes: Iterable[CodeShape], rejected: Iterable[CodeShape], kind: str, field: str,
           value: str) -> Iterable[Code]:
    for shapes, reject in ((codes, False), (rejected, True)):
        for code in shapes:
            yield Code(code.system, code.code, code.sure, kind, field, value, code.title, reject)


def _titles(shape: VocabularyShape) -> Iterable[tuple[str, str]]:
    for kind in shape.kinds.values():
        for _, value, described in _values(kind, shape):
            if described.title:
                yield value, described.title
    for name, kind in shape.kinds.items():
        yield name, kind.title
