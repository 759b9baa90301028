"""Does one kind of event, as a vocabulary file describes it, fit together?"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING

from engine.events.kinds import (
    COMMON_FIELDS,
    CourseWords,
    Field,
    Kind,
    Quantity,
    Reading,
    Suspect,
)
from engine.events.units import slips_of
from engine.events.vocabulary_shape import (
    CourseShape,
    KindShape,
    PlainShape,
    QuantityShape,
    ValueShape,
)
from engine.problems import Problem, did_you_mean

if TYPE_CHECKING:
    from engine.events.units import Dimension
    from engine.yaml_source import Document

Path = tuple[str | int, ...]
Symbols = Mapping[str, Mapping[str, ValueShape | None]]


class Faults:
    """Collects the problems of a document by the path at which each stands."""

    def __init__(self, document: Document) -> None:
        self.problems: list[Problem] = []
        self._document = document

    def add(self, path: Path, code: str, found: str, expected: str, advice: str = "") -> None:
        """Note a problem at a path."""
        place = self._document.place(*path)
        self.problems.append(self._document.problem(place, code, found, expected, advice))

    def unknown(self, path: Path, found: str, expected: str, known: Iterable[str]) -> None:
        """Note a name that should be one of the known ones."""
        self.add(path, "unknown-name", f"'{found}'", expected, did_you_mean(found, known))


def build_kind(name: str, shape: KindShape, units: Mapping[str, Dimension], symbols: Symbols,
               faults: Faults) -> Kind:
    """Return the kind, noting everything in it that does not fit together."""
    path: Path = ("kinds", name)
    plain = {key: _plain(key, field, symbols, (*path, "fields", key), faults)
             for key, field in shape.fields.items() if isinstance(field, PlainShape)}
    quantities = tuple(_quantity(key, field, units, plain, (*path, "fields", key), faults)
                       for key, field in shape.fields.items() if isinstance(field, QuantityShape))
    fields = dict(plain)
    for field in _from_quantities(quantities, shape):
        if field.name in fields:
            faults.add((*path, "fields"), "name-clash", f"the field '{field.name}' twice",
                       "a name of its own for every field")
        fields[field.name] = field
    _check_keys(path, plain, quantities, faults)
    unread = {one.value for one in quantities if not (one.readings or one.readings_by)}
    if shape.main is not None and shape.main not in fields:
        if shape.main not in unread:  # that is noted already
            faults.unknown((*path, "main"), shape.main, "a field of this kind", fields)
    elif shape.main is not None and fields[shape.main].type not in {"amount", "count"}:
        faults.add((*path, "main"), "main-field", f"'{shape.main}', which is no number",
                   "the field that the event stands for where a number is wanted")
    ranges = {key: field.range for key, field in shape.fields.items()
              if isinstance(field, PlainShape) and field.range}
    marks = tuple(one.suspect.mark for one in quantities if one.suspect)
    return Kind(name, shape.title, shape.main, fields, plain, quantities, ranges, marks,
                _course(shape, plain, path, faults))


def _plain(name: str, shape: PlainShape, symbols: Symbols, path: Path, faults: Faults) -> Field:
    values: tuple[str, ...] | None = None
    if isinstance(shape.values, str):
        if shape.values not in symbols:
            faults.unknown((*path, "values"), shape.values, "a list under 'symbols'", symbols)
        values = tuple(symbols.get(shape.values, ()))
    elif shape.values is not None:
        values = tuple(shape.values)
        for index, value in enumerate(values):
            if value in values[:index]:
                faults.add((*path, "values", index), "value-twice", repr(value), "each value once",
                           "remove one of them")
    if (shape.type == "symbol") != (values is not None or shape.open):
        faults.add(path, "field-values", f"the type '{shape.type}'",
                   "'values' for a symbol, and for a symbol only")
    _check_default(shape, values, path, faults)
    if shape.range and shape.range[0] >= shape.range[1]:
        faults.add((*path, "range"), "plausible-range", f"{shape.range[0]} to {shape.range[1]}",
                   "the lower number first")
    kind = "amount" if shape.type == "number" else shape.type
    return Field(name, kind, shape.title, "", values, shape.open, shape.default, shape.required)


def _check_default(shape: PlainShape, values: tuple[str, ...] | None, path: Path,
                   faults: Faults) -> None:
    default = shape.default
    fits = default is None or {
        "symbol": isinstance(default, str) and (shape.open or default in (values or ())),
        "boolean": isinstance(default, bool),
        "count": isinstance(default, int) and not isinstance(default, bool),
        "text": isinstance(default, str),
    }.get(shape.type, False)
    if not fits:
        faults.unknown((*path, "default"), str(default), f"a value of this {shape.type} field",
                       values or ())


def _quantity(name: str, shape: QuantityShape, units: Mapping[str, Dimension],
              plain: Mapping[str, Field], path: Path, faults: Faults) -> Quantity:
    single = isinstance(shape.quantity, str)
    parts = {name: shape.quantity} if isinstance(shape.quantity, str) else shape.quantity
    readings: dict[str, Reading] = {}
    for key, unit in parts.items():
        at = (*path, "quantity") if single else (*path, "quantity", key)
        if reading := _reading(key, unit, shape, units, at, faults):
            readings[key] = reading
    if not single and shape.by is None:
        _check_overlap(readings, path, faults)
    _check_names(shape, single, plain, path, faults)
    special = {key: reading for key, unit in shape.instead.items()
               if (reading := _reading(name, unit, shape, units, (*path, "instead", key), faults))}
    for key, reading in special.items():
        if name in readings and reading.dimension.unit != readings[name].dimension.unit:
            faults.add((*path, "instead", key), "unit-mismatch", reading.dimension.unit,
                       f"a unit counted in {readings[name].dimension.unit}")
    by_value = shape.by is not None and not single
    accepted = {spelling for reading in (*readings.values(), *special.values())
                for spelling in reading.dimension.factors}
    return Quantity(name, shape.unit, shape.comparator, () if by_value else (*readings.values(),),
                    shape.by, readings if by_value else special, shape.required,
                    shape.optional_if, _suspect(shape, accepted, path, faults))


def _reading(field: str, unit: str, shape: QuantityShape, units: Mapping[str, Dimension],
             path: Path, faults: Faults) -> Reading | None:
    dimension = units.get(unit)
    if dimension is None:
        slips = slips_of(unit, units)
        faults.add(path, "unknown-name", f"'{unit}'", "a unit listed under 'units'",
                   f"did you mean {slips[0]!r}?" if slips else "list it there, with its spellings")
        return None
    limits = shape.plausible
    low, high = (limits.get(field) if isinstance(limits, dict) else limits) or (None, None)
    if low is not None and high is not None and low >= high:
        faults.add((*path[:4], "plausible"), "plausible-range", f"{low} to {high}",
                   "the lower number first")
    return Reading(field, dimension, low, high)


def _check_overlap(readings: Mapping[str, Reading], path: Path, faults: Faults) -> None:
    seen: dict[str, str] = {}
    for key, reading in readings.items():
        shared = sorted(seen.keys() & reading.dimension.factors.keys())
        if shared:
            faults.add((*path, "quantity", key), "unit-ambiguous",
                       f"the unit {shared[0]} for both '{seen[shared[0]]}' and '{key}'",
                       "units that tell the fields apart")
        seen |= dict.fromkeys(reading.dimension.factors, key)


def _check_names(shape: QuantityShape, single: bool, plain: Mapping[str, Field], path: Path,
                 faults: Faults) -> None:
    for key in ("by", "optional_if"):
        name = getattr(shape, key)
        kind = "symbol" if key == "by" else "boolean"
        if name is not None and (name not in plain or plain[name].type != kind):
            faults.unknown((*path, key), name, f"a {kind} field of this kind", plain)
    chosen = shape.instead if single or shape.by is None else shape.quantity
    chooser = plain.get(shape.by) if shape.by else None
    known = chooser.values or () if chooser else ()
    for key in chosen if chooser else ():
        if key not in known:
            faults.unknown((*path, "instead" if single else "quantity", key), key,
                           f"a value of '{shape.by}'", known)
    parts = shape.quantity if isinstance(shape.quantity, dict) else {}
    for key in shape.plausible if isinstance(shape.plausible, dict) else ():
        if key not in parts:
            faults.unknown((*path, "plausible", key), key, "a name under 'quantity'", parts)


def _suspect(shape: QuantityShape, accepted: set[str], path: Path,
             faults: Faults) -> Suspect | None:
    if shape.suspect is None:
        return None
    for index, unit in enumerate(shape.suspect.units):
        if unit not in accepted:
            slips = slips_of(unit, sorted(accepted))
            faults.add((*path, "suspect", "units", index), "unknown-name", f"'{unit}'",
                       "an accepted unit", f"did you mean {slips[0]!r}?" if slips else "")
    return Suspect(frozenset(shape.suspect.units), shape.suspect.below, shape.suspect.mark)


def _from_quantities(quantities: Iterable[Quantity], shape: KindShape) -> Iterator[Field]:
    """Yield the fields that quantities become, and those named after their marks."""
    for one in quantities:
        title = shape.fields[one.value].title
        readings = {reading.field: reading for reading in (*one.readings,
                                                           *one.readings_by.values())}
        for name, reading in readings.items():
            yield Field(name, "amount", title, reading.dimension.unit,
                        required=one.required and len(readings) == 1 and not one.optional_if)
        if one.suspect:
            yield Field(one.suspect.mark, "boolean", default=False)


def _check_keys(path: Path, plain: Mapping[str, Field], quantities: Iterable[Quantity],
                faults: Faults) -> None:
    seen: set[str] = set()
    for key in (*plain, *(key for one in quantities for key in one.keys)):
        if key in COMMON_FIELDS:
            faults.add((*path, "fields", key), "name-clash", f"the key '{key}'",
                       "a key that not every event has already", "rename it")
        elif key in seen:
            faults.add((*path, "fields", key), "name-clash", f"the key '{key}' twice in one line",
                       "a name of its own for every key")
        seen.add(key)


def _course(shape: KindShape, plain: Mapping[str, Field], path: Path,
            faults: Faults) -> CourseWords | None:
    course = shape.course
    if course is None:
        return None
    for key in ("action", "by"):
        name = getattr(course, key)
        if name not in plain or plain[name].type != "symbol":
            faults.unknown((*path, "course", key), name, "a symbol field of this kind", plain)
    known = (plain[course.action].values if course.action in plain else None) or ()
    for key in ("start", "change", "lower", "stop"):
        for index, word in enumerate(getattr(course, key)):
            if known and word not in known:
                faults.unknown((*path, "course", key, index), word,
                               f"a value of '{course.action}'", known)
    _check_actions(course, known, path, faults)
    return CourseWords(course.action, course.by, frozenset(course.start),
                       frozenset(course.change), frozenset(course.lower), frozenset(course.stop))


def _check_actions(course: CourseShape, known: Iterable[str], path: Path, faults: Faults) -> None:
    """Note an action that has no place in a course, or more than one."""
    placed: dict[str, str] = {}
    for key in ("start", "change", "lower", "stop"):
        for index, word in enumerate(getattr(course, key)):
            if word in placed:
                faults.add((*path, "course", key, index), "course-action",
                           f"'{word}' under {placed[word]} and {key}", "it under one of them")
            placed.setdefault(word, key)
    unknown = placed.keys() - {*known}  # noted already: one of them may be the one that lacks
    for word in known if not unknown else ():
        if word not in placed:
            faults.add((*path, "course"), "course-action", f"no place for '{word}'",
                       f"every value of '{course.action}' under start, change, lower or stop")
