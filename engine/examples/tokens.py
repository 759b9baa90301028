"""Which items, and which words, does a line of shorthand hold, and where does each stand?

A comma ends an item, space parts words, `@` begins the time.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from engine.examples.calendar import CLOCK
from engine.problems import Place
from engine.rulebook.loading import At

_ITEM = re.compile(r"[^,]+")
_WORD = re.compile(r"@|[^\s@]+")


@dataclass(frozen=True, slots=True)
class Token:
    """One word of a line, and how many letters stand before it."""

    text: str
    offset: int


def items_of(text: str) -> list[list[Token]]:
    """Return the words of each item.

    >>> [[token.text for token in item] for item in items_of("15 @-1d, <2.0 @14d 09:00")]
    [['15', '@', '-1d'], ['<2.0', '@', '14d', '09:00']]
    """
    items = [[Token(word.group(), word.start()) for word in _WORD.finditer(text, *item.span())]
             for item in _ITEM.finditer(text)]
    return [item for item in items if item]


def take_time(waiting: list[Token]) -> str:
    """Take the text of a time off the words that wait: a day, and a clock where one follows."""
    text = waiting.pop(0).text
    if waiting and CLOCK.fullmatch(waiting[0].text):
        text += f" {waiting.pop(0).text}"
    return text


def place_of(at: At, text: str, offset: int) -> Place:
    """Return where a letter of a value stands; the value itself, if it was folded or escaped."""
    place = at.place
    line = at.document.quote(place)
    start = place.column - 1
    if line[start:start + 1] in {"'", '"'}:
        start += 1
    is_as_written = line[start:start + offset] == text[:offset]
    return Place(place.file, place.line, start + offset + 1) if is_as_written else place
