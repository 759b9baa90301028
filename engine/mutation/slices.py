"""Which part of a rulebook does a change touch, and which parts does that part need?

Found from the words of the YAML: whatever names a fact, a conclusion or a parameter may rest on
it. Too much may be taken for touched, never too little.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from engine.mutation.edits import Edit, edited
from engine.rulebook.folder import OWN_FILES

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from engine.yaml_document import Document

_WORD = re.compile(r"[A-Za-z_][\w]*(?:[-.][A-Za-z_]\w*)*")
_PROSE = frozenset({"about", "title", "needs", "cite", "name", "id"})
_SENTENCES = frozenset({"because", "message"})
_BRACKETS = re.compile(r"\{([^{}]*)\}")
_LISTS = {"classify": "name", "alert": "id"}
_HELD = "alerts_while"
_POLICIES = "severities"


class Parts:
    """The facts, conclusions, alerts and parameters of a rulebook, and what each one names."""

    def __init__(self, documents: Mapping[str, Document]) -> None:
        self.where: dict[str, Edit] = {}
        written: dict[str, Any] = {}
        self.alerts: set[str] = set()
        for file, document in documents.items():
            for name, path, value in _declared(file, document):
                self.where[name], written[name] = Edit(file, path, remove=True), value
                if path[0] == "alert":
                    self.alerts.add(name)
        main = documents["rulebook.yaml"].value or {}
        held = self._held = main.get(_HELD)
        self.summary: dict[str, str] = main.get("summary", {})
        self._policies = set(self._named(main.get(_POLICIES)))
        self._names = {name: set(self._named(value)) - {name} for name, value in written.items()}
        for name in self.alerts:
            self._names[name] |= set(self._named(held))
        self._subsuming = {name: set(written[name].get("subsumes", ())) for name in self.alerts}

    def _named(self, value: Any, *, told: bool = False) -> Iterator[str]:
        """Yield what a value names; of a sentence that is `told`, what stands in brackets."""
        if isinstance(value, dict):
            for key, each in value.items():
                if key not in _PROSE:
                    yield from self._named(each, told=key in _SENTENCES)
                    yield from self._named(key, told=True)
        elif isinstance(value, list):
            for each in value:
                yield from self._named(each)
        elif isinstance(value, str):
            texts = _BRACKETS.findall(value) if told else [value]
            for word in _WORD.findall(" ".join(texts)):
                yield from (each for each in _heads(word) if each in self.where)

    def touched(self, edits: tuple[Edit, ...]) -> set[str]:
        """Return every part that may come to something else by these edits."""
        found = {name for edit in edits for name, where in self.where.items()
                 if where.file == edit.file and edit.path[:len(where.path)] == where.path}
        if found & self._policies or any(edit.file == "rulebook.yaml" for edit in edits):
            found |= self.alerts
        while more := {name for name, names in self._names.items()
                       if name not in found and names & found}:
            found |= more
        return found

    def needed(self, touched: set[str]) -> set[str]:
        """Return what must be there to judge what was touched, alerts subsumed included."""
        found = set(touched)
        while True:
            more = set().union(*(self._names[name] for name in found))
            more |= {name for name, wider in self._subsuming.items() if wider & found}
            if more <= found:
                return found
            found |= more

    def slice(self, documents: Mapping[str, Document], needed: set[str]) -> dict[str, Document]:
        """Return the documents with these parts alone."""
        removed = [where for name, where in self.where.items()
                   if name not in needed and where.file not in OWN_FILES]
        removed += [Edit("rulebook.yaml", ("summary", field), remove=True)
                    for field, name in self.summary.items() if name not in needed]
        if not needed & self.alerts and self._held is not None:
            removed.append(Edit("rulebook.yaml", (_HELD,), remove=True))
        # from the end, so that the numbers of those before stay what they are
        return edited(documents, tuple(sorted(
            removed, key=lambda edit: [str(step).zfill(9) for step in edit.path], reverse=True)))


def _declared(file: str, document: Document) -> Iterator[tuple[str, tuple[str | int, ...], Any]]:
    value = document.value or {}
    if file == "parameters.yaml":
        yield from ((name, (name,), each) for name, each in value.items())
    elif file == "vocabulary.yaml":
        sets = value.get("sets") or {}
        yield from ((name, ("sets", name), each) for name, each in sets.items())
    elif file not in OWN_FILES:
        for name, each in (value.get("facts") or {}).items():
            yield name, ("facts", name), each
        for key, identity in _LISTS.items():
            for index, each in enumerate(value.get(key) or ()):
                yield str(each[identity]), (key, index), each


def _heads(word: str) -> Iterator[str]:
    """Yield each name that a dotted word may begin with: `level.low`, `level`."""
    parts = word.split(".")
    for count in range(len(parts), 0, -1):
        yield ".".join(parts[:count])
