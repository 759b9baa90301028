"""Where the checks put what they find, and where in the files each thing is written."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec.structs import replace

from engine.problems import Level, Place, Problem
from engine.rulebook.folder import OVERRIDES, OWN_FILES
from engine.rulebook.loading import At
from engine.rulebook.terms import Constant, walk

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from engine.rulebook.definitions import Condition, Rulebook, Topic
    from engine.rulebook.loading import Loaded
    from engine.rulebook.terms import Term
    from engine.yaml_source import Document


@dataclass
class Notes:
    """The problems found so far in a rulebook that loads."""

    loaded: Loaded
    problems: list[Problem] = field(default_factory=list)
    flawed: set[str] = field(default_factory=set)
    """The parameters whose numbers are told to be wrong: what comes of them is not told again."""
    _settled: set[tuple[str, tuple[str | int, ...]]] = field(default_factory=set)

    @property
    def rulebook(self) -> Rulebook:
        """The rulebook itself."""
        return self.loaded.rulebook

    def warn(self, at: At | Place, code: str, found: str, expected: str, advice: str = "") -> None:
        """Note at a value what can hardly be meant."""
        place = at if isinstance(at, Place) else at.place
        self._note(self._document(place), place, "warning", code, found, expected, advice)

    def warn_key(self, at: At, code: str, found: str, expected: str, advice: str = "") -> None:
        """Note at the key of a value what can hardly be meant."""
        self._note(at.document, at.key_place, "warning", code, found, expected, advice)

    def refuse(self, at: At | Place, code: str, found: str, expected: str,
               advice: str = "") -> None:
        """Note what cannot be meant."""
        place = at if isinstance(at, Place) else at.place
        self._note(self._document(place), place, "error", code, found, expected, advice)

    def settle(self, at: At) -> None:
        """Remember that a condition is told to say nothing: rules beside it are not compared."""
        self._settled.add((at.document.file, at.path))

    def is_settled(self, at: At) -> bool:
        """Whether it is told of a condition that it says nothing."""
        return (at.document.file, at.path) in self._settled

    def is_told(self, place: Place) -> bool:
        """Whether something is said already of the line of a place."""
        return any((each.place.file, each.place.line) == (place.file, place.line)
                   for each in self.problems)

    def deciding(self, terms: Iterable[Term]) -> list[str]:
        """Return the names of the parameters whose numbers stand in the terms."""
        names = (term.name for whole in terms for term in walk(whole) if isinstance(term, Constant))
        return list(dict.fromkeys(name for name in names if name in self.rulebook.parameters))

    def given(self, name: str) -> str:
        """Return the number of a parameter as it is written; and where, if that is elsewhere."""
        parameter = self.rulebook.parameters[name]
        place = (self.at_name("parameters.yaml", name) / "value").place
        overridden = Path(place.file).name == OVERRIDES
        return f"{parameter.given} ({place})" if overridden else parameter.given

    def at_name(self, file: str, name: str) -> At:
        """Return where a name stands that is a key of one of the rulebook's own files."""
        return At(self.loaded.documents[file], (name,))

    def within(self, at: At, word: str) -> At | Place:
        """Return where a word stands in the text written there, or the whole text."""
        text = at.value
        column = _column(text, word) if isinstance(text, str) else -1
        return at if column < 0 else at.document.inside(at.place, str(text), column)

    def inside(self, place: Place, text: str, word: str) -> Place:
        """Return where a word stands in a text that is written at a place, or that place."""
        column = _column(text, word)
        return place if column < 0 else self._document(place).inside(place, text, column)

    def topics(self) -> Iterator[tuple[At, Topic]]:
        """Yield each classification and alert, and where it stands."""
        by_name = {topic.name: topic for topic in self.rulebook.topics}
        for file, document in self.loaded.documents.items():
            value = document.value
            for key, name in (("classify", "name"), ("alert", "id")):
                items = value.get(key, []) if isinstance(value, dict) else []
                for index, item in enumerate(items if file not in OWN_FILES else []):
                    yield At(document, (key, index)), by_name[item[name]]

    def conditions(self) -> dict[tuple[str, tuple[str | int, ...]], Condition]:
        """Return every condition by the file and path where it is written."""
        return {(at.document.file, at.path): condition
                for at, condition in self.loaded.loading.conditions}

    def _document(self, place: Place) -> Document:
        """Return the document of a place; or that into which what stands there was put."""
        documents = self.loaded.documents.values()
        return next((each for each in documents if each.file == place.file), None) or next(
            each for each in documents if place.file in each.others)

    def _note(self, document: Document, place: Place, level: Level, code: str, found: str,
              expected: str, advice: str) -> None:
        problem = replace(document.problem(place, code, found, expected, advice), level=level)
        if problem not in self.problems:
            self.problems.append(problem)


def _column(text: str, word: str) -> int:
    """Return where a word stands in a text as a whole name, or -1."""
    at = text.find(word)
    while at >= 0:
        around = text[at - 1:at] + text[at + len(word):at + len(word) + 1]
        if not any(letter.isalnum() or letter == "_" for letter in around):
            return at
        at = text.find(word, at + 1)
    return -1
