"""Which event does one item of shorthand stand for?

`<2.0 mmol/L fasting @14d 09:00 recorded 15d`: a number with its unit, words, the time, and any
field of the kind by its name with the value after it.
"""

from __future__ import annotations

import re
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from engine.events.kinds import COMMON_FIELDS
from engine.examples.calendar import EXPECTED, TimeError, is_relative, meant, meant_clock
from engine.examples.shorthand import Shorthand, writable
from engine.examples.tokens import take_time
from engine.problems import did_you_mean

if TYPE_CHECKING:
    from engine.examples.calendar import Calendar
    from engine.examples.reporting import Mistakes
    from engine.examples.tokens import Token
    from engine.rulebook.loading import At

Line = dict[str, Any]
_NUMBER = re.compile(r"(?:[<>]=?)?[+-]?[0-9][0-9.]*(?:[eE][0-9]+)?")
_NEARLY_CLOCK = re.compile(r"[0-9]{1,2}([:h.][0-9]{2}h?|h|(:[0-9]{2})?[ap]m)")
_SIGNS, _BEFORE_TIME = ("<", ">", "<=", ">="), ("at", "on")
_PLAIN = re.compile(r"-?[0-9]+(\.[0-9]+)?")


class ItemReader:
    """Reads the items of one text; what it cannot read is noted with its column."""

    def __init__(self, shorthand: Shorthand, calendar: Calendar, at: At,
                 mistakes: Mistakes) -> None:
        self._shorthand, self._calendar = shorthand, calendar
        self._at, self._mistakes = at, mistakes
        self._waiting: list[Token] = []
        self._line: Line = {}
        self._said: set[str] = set()
        self._is_turned = False

    def read(self, item: list[Token]) -> Line | None:
        """Return the line of one item, or None after noting what is wrong."""
        found = len(self._mistakes.problems)
        self._line, self._said = dict(self._shorthand.fields), set()
        self._waiting = list(item)
        if self._turned(item):
            return None
        while self._waiting:
            self._next(self._waiting.pop(0))
        if "at" not in self._line and len(self._mistakes.problems) == found:
            self._note(item[0], "no-time", " ".join(token.text for token in item),
                       "its time, after @", f"for example {item[0].text} @14d")
        return self._line if len(self._mistakes.problems) == found else None

    def _turned(self, item: list[Token]) -> bool:
        """Whether the time stands before the `@`, and the number behind; told once in a text."""
        day, *rest = item
        sign = next((index for index, each in enumerate(rest) if each.text == "@"), -1)
        number = rest[sign + 1].text if 0 <= sign < len(rest) - 1 else ""
        turned = is_relative(day.text) and _NUMBER.fullmatch(number) is not None
        if turned and not self._is_turned:
            time = " ".join(each.text for each in item[:sign + 1])
            self._note(day, "not-a-time", f"'{time} @{number}'", "the time behind the @",
                       f"turn the two round in each item: {number} @{time}")
        self._is_turned |= turned
        return turned

    def _next(self, token: Token) -> None:
        short = self._shorthand
        meaning = short.words.get(token.text)
        if token.text == "@":
            self._set_time("at", token)
        elif isinstance(meaning, str):
            self._value_of(meaning, token)
        elif meaning is not None:
            for field, value in meaning.items():
                self._set(field, value, token)
        elif token.text in writable(short.kind):
            self._value_of(token.text, token)
        elif short.number and _NUMBER.fullmatch(token.text):
            self._number(short.number, token)
        else:
            advice = self._parted(token)
            self._note(token, "unknown-word", repr(token.text), f"a word of '{short.name}'",
                       advice or did_you_mean(token.text, short.known)
                       or f"known are {', '.join(short.known)}")

    def _parted(self, token: Token) -> str:
        """Return how words are to be parted that are joined, or joined that are parted."""
        behind = self._waiting[0].text if self._waiting else ""
        if token.text in _SIGNS and _NUMBER.fullmatch(behind):
            return f"write {token.text}{behind}, without a space"
        if token.text in _BEFORE_TIME and behind:
            return f"write @{take_time(self._waiting)}"
        glued = _NUMBER.match(token.text)
        unit = token.text[glued.end():] if glued else ""
        return f"put a space before the unit: {token.text[:-len(unit)]} {unit}" if (
            unit in self._shorthand.units) else ""

    def _value_of(self, field: str, name: Token) -> None:
        if not self._waiting or self._waiting[0].text == "@":
            self._note(name, "no-value", f"nothing after '{name.text}'", "its value")
        elif self._type_of(field) == "when":
            self._set_time(field, name)
        else:
            self._number(field, self._waiting.pop(0))

    def _number(self, field: str, token: Token) -> None:
        """Set a field to a token; a quantity may have a unit after it."""
        self._set(field, self._read(field, token), token)
        quantity = self._shorthand.quantity(field)
        if quantity is None:
            return
        if self._waiting and self._is_unit(self._waiting[0].text):
            self._line[quantity.unit] = self._waiting.pop(0).text
        elif self._shorthand.unit and field == self._shorthand.number:
            self._line[quantity.unit] = self._shorthand.unit

    def _set(self, field: str, value: Any, token: Token) -> None:
        """Set a field of the line; an item says each field once, or a comma was forgotten."""
        if field in self._said:
            self._note(token, "said-twice", f"'{field}' a second time in one item", "it once",
                       "part items with a comma")
        self._said.add(field)
        self._line[field] = value

    def _is_unit(self, text: str) -> bool:
        short = self._shorthand
        return not (text in ("@", *_BEFORE_TIME) or text in short.words
                    or text in writable(short.kind) or _NUMBER.fullmatch(text))

    def _read(self, field: str, token: Token) -> Any:
        if self._type_of(field) == "boolean" and token.text in ("true", "false"):
            return token.text == "true"
        if self._type_of(field) in ("count", "amount") and _PLAIN.fullmatch(token.text):
            return Decimal(token.text)
        return token.text

    def _type_of(self, field: str) -> str:
        plain = self._shorthand.kind.plain.get(field) or COMMON_FIELDS.get(field)
        return plain.type if plain else ""

    def _set_time(self, field: str, name: Token) -> None:
        if not self._waiting:
            self._note(name, "no-time", f"nothing after '{name.text}'", EXPECTED)
            return
        token = self._waiting[0]
        text = take_time(self._waiting)
        try:
            self._set(field, self._calendar.written(text), token)
        except TimeError as error:
            rest = " ".join([text, *(each.text for each in self._waiting[:1])])
            self._note(token, "not-a-time", repr(text), str(error), meant(rest) or error.advice)
            self._waiting.clear()  # whatever follows may be a part of the time
            return
        if self._waiting and _NEARLY_CLOCK.fullmatch(self._waiting[0].text):
            clock = self._waiting.pop(0)
            self._note(clock, "not-a-time", repr(clock.text), "hours and minutes, like 09:00",
                       meant_clock(clock.text))

    def _note(self, token: Token, code: str, found: str, expected: str, advice: str = "") -> None:
        self._mistakes.note(self._at, code, found, expected, advice, offset=token.offset)
