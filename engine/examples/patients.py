"""Which events does an example give: every line read by the real intake.

A line that intake refuses is a mistake of the example, unless its refusal is expected.
"""

from __future__ import annotations

import json
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from engine.events.event import Event, Source
from engine.examples.calendar import Calendar, TimeError, is_relative
from engine.examples.example import Refused
from engine.examples.lines import ItemReader, Line
from engine.examples.tokens import items_of, place_of
from engine.problems import did_you_mean
from engine.wording import describe

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from engine.events.intake import Intake
    from engine.events.kinds import Vocabulary
    from engine.examples.reporting import Mistakes
    from engine.examples.shorthand import Shorthand
    from engine.problems import Place
    from engine.rulebook.loading import At

FULL_FORM = "events"
PATIENT = "example"
Placed = tuple["At", int, Line]


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
        for number, (at, offset, line) in enumerate(placed, start=1):
            place = place_of(at, str(at.value), offset)
            read = intake.read(_json(line), Source(PATIENT, number))
            if isinstance(read, Event):
                events.append(read)
            elif refusals_expected:
                refused += [Refused(str(line.get("id")), one) for one in read]
            else:
                for one in read:
                    self._refused(at, place, one.field, (one.found, one.expected, one.reason))
        return tuple(events), tuple(refused)

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
            else:
                known = [FULL_FORM, *self._shorthands]
                self._mistakes.note_key(at, "unknown-shorthand", repr(name),
                                        f"one of {', '.join(sorted(known))}",
                                        did_you_mean(name, known))

    def _short(self, shorthand: Shorthand, at: At) -> Iterator[Placed]:
        texts = [at / index for index in range(len(at.value))] if isinstance(
            at.value, list) else [at]
        for text in texts:
            if not isinstance(text.value, str):
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
                        shorthand.name, {"kind": shorthand.kind.name, **line})

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
                yield at / index, 0, self._named(str(event.get("kind", "event")), timed)

    def _timed(self, value: Any, at: At) -> Any:
        """Return a value, with a time counted from the first day written out."""
        if not isinstance(value, str) or not is_relative(value.partition(" ")[0]):
            return value
        try:
            return self._calendar.written(value)
        except TimeError as error:
            self._mistakes.note(at, "not-a-time", repr(value), str(error))
            return value

    def _named(self, name: str, line: Line) -> Line:
        number = self._counted[name] = self._counted.get(name, 0) + 1
        return {"id": f"{name}-{number}", "patient": PATIENT, **line}


def _json(line: Line) -> str:
    """Return a line as JSON in which every number stays as it was written."""
    return "{" + ", ".join(f"{json.dumps(name)}: {_value(value)}"
                           for name, value in line.items()) + "}"


def _value(value: Any) -> str:
    return str(value) if isinstance(value, Decimal) else json.dumps(value, default=str)
