"""Where does a certificate contradict itself: how such places are noted, and terms gone through."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from engine.certificate.numbers import BrokenError
from engine.certificate.recompute import Recomputing

if TYPE_CHECKING:
    from collections.abc import Callable

    from engine.certificate.shape import Certificate, Term

_LONGEST = 160


@dataclass(frozen=True, slots=True)
class Flaw:
    """A place at which a certificate contradicts itself."""

    place: str
    found: str
    expected: str


class Noting:
    """Gathers flaws; what cannot be read at a place is a flaw of that place."""

    def __init__(self, certificate: Certificate, found: list[Flaw]) -> None:
        self.certificate = certificate
        self.recomputing = Recomputing(certificate)
        self._found = found

    def at(self, place: str, check: Callable[..., None], *arguments: Any) -> None:
        """Make a check of one place, which it is given first."""
        try:
            check(place, *arguments)
        except BrokenError as broken:
            self.note(place, broken.found, broken.expected)
        except (KeyError, TypeError, ValueError, AttributeError, IndexError, OverflowError):
            self.note(place, "what cannot be read", "it as `why --format json` writes it")

    def note(self, place: str, found: Any, expected: Any) -> None:
        """Note a flaw."""
        self._found.append(Flaw(place, shown(found), shown(expected)))

    def agree(self, place: str, found: Any, expected: Any) -> None:
        """Note a flaw where two things are not the same."""
        if found != expected or type(found) is not type(expected):
            self.note(place, found, expected)

    def term(self, place: str, term: Term, here: str | None, member: str | None = None) -> None:
        """Work out a term anew, and every term in it."""
        for index, part in enumerate(term.parts):
            self.term(f"{place}.parts[{index}]", part, here, member)
        differs = self.recomputing.differs(term, here, member)
        if differs is not None:
            self.note(f"{place}.value ({term.op} {term.sign or term.name})".replace(" )", ")"),
                       *differs)


def shown(value: Any) -> str:
    """Return a value as a reader of the certificate sees it there; a sentence as it is."""
    if isinstance(value, str):
        return value if " " in value else json.dumps(value, ensure_ascii=False)
    text = json.dumps(value, ensure_ascii=False, default=str)
    return text if len(text) <= _LONGEST else text[:_LONGEST] + "..."
