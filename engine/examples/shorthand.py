"""Which compact ways of writing events does a rulebook declare for its examples?

They stand in `shorthand.examples.yaml`, so that the words are those of the people who write them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from engine.events.kinds import COMMON_FIELDS
from engine.examples.shapes import ShorthandShape
from engine.problems import did_you_mean
from engine.rulebook.loading import At
from engine.wording import describe
from engine.yaml_source import Document, validate

if TYPE_CHECKING:
    from collections.abc import Mapping

    from engine.events.kinds import Kind, Quantity, Vocabulary
    from engine.examples.reporting import Mistakes

FILE = "shorthand.examples.yaml"
_GIVEN_BY_US = {"patient", "kind", "at"}


@dataclass(frozen=True, slots=True)
class Shorthand:
    """A compact way to write the events of one kind; see `ShorthandShape`."""

    name: str
    kind: Kind
    fields: Mapping[str, Any]
    number: str
    unit: str
    words: Mapping[str, Mapping[str, Any] | str]

    def quantity(self, field: str) -> Quantity | None:
        """Return the quantity that a field is the number of."""
        return next((one for one in self.kind.quantities if one.value == field), None)

    @property
    def units(self) -> list[str]:
        """Every spelling of a unit that some quantity of the kind accepts."""
        return list(dict.fromkeys(
            spelling for one in self.kind.quantities
            for reading in (*one.readings, *one.readings_by.values())
            for spelling in reading.dimension.factors))

    @property
    def known(self) -> list[str]:
        """Every word that may stand in an item."""
        return sorted({*self.words, *writable(self.kind)})


def writable(kind: Kind) -> set[str]:
    """Return the fields of a kind that an item may name."""
    keys = {key for quantity in kind.quantities for key in quantity.keys}
    return (set(kind.plain) | keys | set(COMMON_FIELDS)) - _GIVEN_BY_US


def read_shorthand(document: Document, vocabulary: Vocabulary,
                   mistakes: Mistakes) -> dict[str, Shorthand]:
    """Return the shorthands of a document by name, after noting what is wrong with the others."""
    if not isinstance(document.value, dict):
        mistakes.note(At(document), "wrong-type", describe(document.value), "names with values")
        return {}
    read = (_read(name, At(document, (name,)), vocabulary, mistakes) for name in document.value)
    return {one.name: one for one in read if one is not None}


def _read(name: str, at: At, vocabulary: Vocabulary, mistakes: Mistakes) -> Shorthand | None:
    shape = mistakes.attempt(lambda: validate(at.document, ShorthandShape, at.path))
    if shape is None:
        return None
    kind = vocabulary.kinds.get(shape.kind)
    if kind is None:
        mistakes.note(at / "kind", "unknown-kind", describe(shape.kind), "a kind of event",
                      did_you_mean(shape.kind, vocabulary.kinds))
        return None
    found = len(mistakes.problems)
    for field in shape.fields:
        _check_field(field, at / "fields" / field, kind, mistakes)
        _check_value(field, at / "fields" / field, kind, mistakes)
    if shape.number and shape.number not in writable(kind):
        mistakes.note(at / "number", "unknown-field", describe(shape.number),
                      f"a field of {kind.name}", did_you_mean(shape.number, writable(kind)))
    for word, meaning in shape.words.items():
        _check_word(at / "words" / word, meaning, kind, mistakes)
    _check_unit(at / "unit", shape, kind, mistakes)
    if len(mistakes.problems) > found:
        return None
    return Shorthand(name, kind, shape.fields, shape.number, shape.unit, shape.words)


def _check_unit(at: At, shape: ShorthandShape, kind: Kind, mistakes: Mistakes) -> None:
    """Note a unit that no reading of the number accepts: each use would be refused for it."""
    known = [spelling for one in kind.quantities if one.value == shape.number
             for reading in (*one.readings, *one.readings_by.values())
             for spelling in reading.dimension.factors]
    if shape.unit and known and shape.unit not in known:
        mistakes.note(at, "unknown-unit", describe(shape.unit), f"a unit of {shape.number!r}",
                      did_you_mean(shape.unit, known) or f"such as {known[0]}")


def _check_word(at: At, meaning: Any, kind: Kind, mistakes: Mistakes) -> None:
    if isinstance(meaning, str):
        if meaning not in writable(kind):
            mistakes.note(at, "unknown-field", describe(meaning), f"a field of {kind.name}",
                          did_you_mean(meaning, writable(kind)))
    elif isinstance(meaning, dict):
        for field in meaning:
            _check_field(field, at / field, kind, mistakes)
            _check_value(field, at / field, kind, mistakes)
    else:
        mistakes.note(at, "wrong-type", describe(meaning),
                      "a field whose value follows, or fields with values")


def _check_value(field: str, at: At, kind: Kind, mistakes: Mistakes) -> None:
    """Note a name that a field does not list, where it accepts no other."""
    plain = kind.plain.get(field)
    if plain is None or plain.values is None or plain.open or not isinstance(at.value, str):
        return
    if at.value not in plain.values:
        mistakes.note(at, "unknown-value", describe(at.value),
                      f"one of {', '.join(plain.values)}", did_you_mean(at.value, plain.values))


def _check_field(field: str, at: At, kind: Kind, mistakes: Mistakes) -> None:
    if field not in writable(kind):
        mistakes.note_key(at, "unknown-field", describe(field), f"a field of {kind.name}",
                          did_you_mean(field, writable(kind)))
