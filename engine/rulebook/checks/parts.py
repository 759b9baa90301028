"""Of which smaller criteria is one made that joins several by `and`, `or`, `not` and brackets?"""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.problems import Place
from engine.rulebook.definitions import Criterion
from engine.rulebook.terms import Both, Negated, Term

if TYPE_CHECKING:
    from collections.abc import Iterator


def parts_of(criterion: Criterion) -> list[Criterion]:
    """Return the criteria inside one, each in its own words; none where it is but one."""
    text, term = _bare(criterion.text), criterion.term
    offset = criterion.text.find(text)
    if isinstance(term, Negated) and text.startswith("not "):
        return [_part(criterion, text[4:], term.part, offset + 4)]
    if not isinstance(term, Both):
        return []
    words = list(_split(text, f" {term.operator} "))
    if len(words) != len(term.parts):
        return []
    return [_part(criterion, word, part, offset + begin)
            for (begin, word), part in zip(words, term.parts, strict=True)]


def _part(criterion: Criterion, text: str, term: Term, offset: int) -> Criterion:
    own = _bare(text)
    offset += text.find(own)
    return Criterion(own, term, _moved(criterion.place, offset))


def _moved(place: Place | None, offset: int) -> Place | None:
    """Return the place so many letters on; what is folded over lines stays at its beginning."""
    return None if place is None else Place(place.file, place.line, place.column + offset)


def _bare(text: str) -> str:
    """Return a text without the brackets around all of it."""
    text = text.strip()
    while text.startswith("(") and _closing(text) == len(text) - 1:
        text = text[1:-1].strip()
    return text


def _closing(text: str) -> int:
    depth = 0
    for index, letter in enumerate(text):
        depth += (letter in "([") - (letter in ")]")
        if depth == 0:
            return index
    return -1


def _split(text: str, sign: str) -> Iterator[tuple[int, str]]:
    """Yield the pieces between the signs that stand in no bracket, each with where it begins."""
    depth = begin = 0
    for index, letter in enumerate(text):
        depth += (letter in "([") - (letter in ")]")
        if depth == 0 and text.startswith(sign, index) and index >= begin:
            yield begin, text[begin:index]
            begin = index + len(sign)
    yield begin, text[begin:]
