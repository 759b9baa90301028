"""Which events does an example give: every line read by the real intake.

A line that intake refuses is a mistake of the example, unless its refusal is expected.
"""

from __future__ import annotations

import json
import re
from decimal import Decimal
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from engine.events.event import Event, Source
from engine.examples.calendar import Calendar, TimeError, is_relative
from engine.examples.example import Refused
from engine.examples.lines import ItemReader, Line
from engine.examples.tokens import items_of, place_of
from engine.problems import did_you_mean
from engine.rulebook.loading import At
from engine.wording import describe

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from engine.events.intake import Intake
    from engine.events.kinds import Vocabulary
    from engine.events.refusal import Refusal
    from engine.examples.reporting import Mistakes
    from engine.examples.shorthand import Shorthand
    from engine.problems import Place

FULL_FORM = "events"
PATIENT = "example"
Placed = tuple[At, int, Line, "Shorthand | None"]
_DECIMAL_COMMA = re.compile(r"(?<![\w.:,])([<>]?=?[0-9]+),([0-9]+)(?![\w,.])")
_PARTS_ITEMS = "a comma parts items"


class PatientReader:
    """Reads what is given in one example."""

    def __init__(self, shorthands: Mapping[str, Shorthand], vocabulary: Vocabulary,
                 calendar: Calendar, mistakes: Mistakes) -> None:
        self._shorthands, self._vocabulary = shorthands, vocabulary
        self._calendar, self._mistakes = calendar, mistakes
        self._counted: dict[str, int] = {}

    def read(self, given: list[At], intake: Intake, *, refusals_expected: bool
             ) -> tuple[tuple[Event, ...], tuple[Refused, ...]]:
        """Return the events, and the refusals where they are expected."""
        events: list[Event] = []
        refused: list[Refused] = []
        placed = [each for part in given for each in self._lines(part)]
        for number, (at, offset, line, shorthand) in enumerate(placed, start=1):
            place = place_of(at, str(at.value), offset)
            read = intake.read(_json(line), Source(PATIENT, number))
            if isinstance(read, Event):
                events.append(read)
            elif refusals_expected:
                refused += [Refused(str(line.get("id")), one) for one in read]
            elif shorthand is not None and (text := _strange_unit(read, shorthand)):
                self._strange_word(at, offset, text, shorthand)
            else:
                for one in read:
                    self._refused(at, place, one.field, (one.found, one.expected, one.reason))
        return tuple(events), tuple(refused)

    def _strange_word(self, at: At, offset: int, text: str, shorthand: Shorthand) -> None:
        """Note what stands where a unit may stand, and is no unit: perhaps a word is misspelt."""
        words = ", ".join(sorted(shorthand.words))
        self._mistakes.note(
            at, "unknown-word", repr(text), f"a word or a unit of '{shorthand.name}'",
            did_you_mean(text, shorthand.words)
            or f"the words are {words}; the units {', '.join(shorthand.units)}",
            offset=str(at.value).find(text, offset))

    def _refused(self, at: At, place: Place, field: str, words: tuple[str, str, str]) -> None:
        found, expected, reason = words
        self._mistakes.problems.append(at.document.problem(
            place, "refused-event", f"{field}: {found}" if field else found, expected, reason))

    def _lines(self, given: At) -> Iterator[Placed]:
        """Yield each line with where it stands: the value, and the letter in it."""
        if not isinstance(given.value, dict):
            return
        for name in given.value:
            at = given / name
            if name == FULL_FORM:
                yield from self._full(at)
            elif name in self._shorthands:
                yield from self._short(self._shorthands[name], at)
            elif at.value is None and re.match(r"[<>]?=?[0-9]", name):
                self._torn(given, at, name)
            else:
                known = [FULL_FORM, *self._shorthands]
                self._mistakes.note_key(at, "unknown-shorthand", repr(name),
                                        f"one of {', '.join(sorted(known))}",
                                        did_you_mean(name, known))

    def _short(self, shorthand: Shorthand, at: At) -> Iterator[Placed]:
        if isinstance(at.value, list) and (torn := _torn_in_list(at)):
            self._comma(at, *torn)
            return
        texts = [at / index for index in range(len(at.value))] if isinstance(
            at.value, list) else [at]
        for text in texts:
            if isinstance(text.value, str) and (comma := _DECIMAL_COMMA.search(text.value)):
                self._mistakes.note(text, "comma-in-item", repr(comma[0]), "a decimal point",
                                    f"write {comma[1]}.{comma[2]}: {_PARTS_ITEMS}",
                                    offset=comma.start())
                continue
            if not isinstance(text.value, str):
                if self._is_torn(at):
                    continue
                self._mistakes.note(text, "wrong-type", describe(text.value),
                                    "items with their times, as text", "for example 12 @-1d")
                continue
            if not items_of(text.value):
                self._mistakes.note(text, "no-items", "nothing", "items with their times",
                                    "for example 12 @-1d")
            reader = ItemReader(shorthand, self._calendar, text, self._mistakes)
            for item in items_of(text.value):
                line = reader.read(item)
                if line is not None:
                    yield text, item[0].offset, self._named(
                        shorthand.name, {"kind": shorthand.kind.name, **line}), shorthand

    def _torn(self, given: At, at: At, name: str) -> None:
        """Note what stands behind a comma that ended a value too early."""
        names = list(given.value) if isinstance(given.value, dict) else []
        before = names[names.index(name) - 1] if names.index(name) else ""
        value = (given / before).value if before else None
        if isinstance(value, int | Decimal):
            self._comma(given / before, str(value), name)
            return
        joined = f"{value}, {name}" if isinstance(value, str) else name
        self._mistakes.note_key(at, "comma-in-item", repr(name), "items in quotes",
                                f'a comma ends a value here: write "{joined}"')

    def _comma(self, at: At, whole: str, rest: str) -> None:
        self._mistakes.note(at, "comma-in-item", f"'{whole},{rest}'", "a decimal point",
                            f"write {whole}.{rest}: a comma ends a value here")

    def _is_torn(self, at: At) -> bool:
        """Whether what follows a bare number shows that a comma stands in it, which is noted."""
        given = At(at.document, at.path[:-1])
        names = list(given.value) if isinstance(given.value, dict) else []
        place = names.index(at.path[-1]) if at.path[-1] in names else len(names)
        following = names[place + 1:place + 2]
        return (isinstance(at.value, int) and not isinstance(at.value, bool) and bool(following)
                and (given / following[0]).value is None
                and re.match("[0-9]", following[0]) is not None)

    def _full(self, at: At) -> Iterator[Placed]:
        if not isinstance(at.value, list):
            self._mistakes.note(at, "wrong-type", describe(at.value), "a list of events")
            return
        for index, event in enumerate(at.value):
            if not isinstance(event, dict):
                self._mistakes.note(at / index, "wrong-type", describe(event),
                                    "an event: fields with values")
                continue
            found = len(self._mistakes.problems)
            timed = {name: self._timed(value, at / index / name)
                     for name, value in event.items()}
            if len(self._mistakes.problems) == found:
                yield at / index, 0, self._named(str(event.get("kind", "event")), timed), None

    def _timed(self, value: Any, at: At) -> Any:
        """Return a value, with a time counted from the first day written out."""
        if not isinstance(value, str) or not is_relative(value.partition(" ")[0]):
            return value
        try:
            return self._calendar.written(value)
        except TimeError as error:
            self._mistakes.note(at, "not-a-time", repr(value), str(error), error.advice)
            return value

    def _named(self, name: str, line: Line) -> Line:
        number = self._counted[name] = self._counted.get(name, 0) + 1
        return {"id": f"{name}-{number}", "patient": PATIENT, **line}


def _strange_unit(refusals: Sequence[Refusal], shorthand: Shorthand) -> str:
    """Return the unit that a line is refused for and that no field of its kind accepts."""
    unit_keys = {quantity.unit for quantity in shorthand.kind.quantities}
    found = [each.found.strip("'") for each in refusals if each.field in unit_keys]
    return found[0] if len(refusals) == len(found) == 1 and (
        found[0] not in shorthand.units) else ""


def _torn_in_list(at: At) -> tuple[str, str] | None:
    """Return the two halves of a number that a decimal comma has torn in a list."""
    items = at.value if isinstance(at.value, list) else []
    for one, other in pairwise(items):
        if isinstance(one, int) and isinstance(other, str) and re.match(r"[0-9]+\b", other):
            return str(one), other
    return None


def _json(line: Line) -> str:
    """Return a line as JSON in which every number stays as it was written."""
    return "{" + ", ".join(f"{json.dumps(name)}: {_value(value)}"
                           for name, value in line.items()) + "}"


def _value(value: Any) -> str:
    return str(value) if isinstance(value, Decimal) else json.dumps(value, default=str)
