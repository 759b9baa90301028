"""Has everything that a rulebook declares a name of its own, that an expression can name?"""

from __future__ import annotations

import keyword
import re
from pathlib import Path
from typing import TYPE_CHECKING

from engine.rulebook.folder import OVERRIDES
from engine.rulebook.functions import FUNCTIONS

if TYPE_CHECKING:
    from engine.problems import Place
    from engine.rulebook.loading import At, Loading

_NAME = re.compile(r"[^\W\d]\w*(-[A-Za-z_]\w*)*")
_ID = re.compile(r"[^\s,]+")
WORDS = frozenset({"it", "here", "true", "false", "unknown", "and", "or", "not", "in",
                    *keyword.kwlist, *FUNCTIONS})


def is_name(text: str) -> bool:
    """Whether an expression could name something by this text."""
    return _NAME.fullmatch(text) is not None


class Identities:
    """The names of a rulebook, and the ids of its rules and alerts, with where each is declared."""

    def __init__(self, loading: Loading) -> None:
        self._loading = loading
        self._names: dict[str, str] = dict.fromkeys(loading.vocabulary.kinds, "a kind of event")
        self._ids: dict[str, Place] = {}
        self._places: dict[str, Place] = {}

    def claim(self, name: str, what: str, at: At, *, key: bool) -> None:
        """Note that something has this name; a problem where it cannot be told from another.

        `key` says that the name is the key of what stands there, and not its value.
        """
        report = self._loading.report_key if key else self._loading.report
        if what != "an alert" and not is_name(name):
            report(at, "not-a-name", repr(name), "letters, digits, _ and -, a letter first",
                   "expressions could not name it otherwise")
        elif name in WORDS:
            report(at, "name-taken", repr(name), "a name that nothing else has",
                   "it is a word of the language")
        elif name in self._names:
            if what != "an alert" and name not in self._loading.vocabulary.kinds:
                self._loading.broken.add(name)  # nobody knows which of the two is meant
            report(at, "name-taken", repr(name), "a name that nothing else has",
                   f"it is {self._names[name]}: rename one of them"
                   + (_or_override(self._places[name], at) if name in self._places else ""))
        else:
            place = at.key_place if key else at.place
            self._places[name] = place
            self._names[name] = f"{what} ({place})"

    def claim_id(self, identity: str, at: At) -> bool:
        """Note the id of a rule or alert, and return True; a problem where another has it."""
        if not _ID.fullmatch(identity):
            self._loading.report(at, "not-a-name", repr(identity), "an id without spaces or commas",
                                 "write - or . instead")
        first = self._ids.setdefault(identity, at.place)
        if first == at.place:
            return True
        self._loading.report(at, "id-taken", repr(identity), f"an id of its own (first at {first})",
                             f"rename one of them{_or_override(first, at)}")
        return False


def _or_override(first: Place, at: At) -> str:
    """Say what else may have been meant where the first stands in another rulebook."""
    elsewhere = Path(at.place.file).parent != Path(first.file).parent
    return f", or override it in {OVERRIDES}" if elsewhere else ""
