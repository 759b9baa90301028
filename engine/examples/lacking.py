"""Which topics have no examples, and which shorthands does no example use?

A rulebook without any examples is left alone: it has not come so far.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from msgspec.structs import replace

from engine.examples.reading import SUFFIX
from engine.examples.reporting import Mistakes
from engine.examples.shorthand import FILE
from engine.rulebook.folder import OWN_FILES
from engine.rulebook.loading import At
from engine.yaml_source import read_yaml

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from engine.problems import Problem
    from engine.yaml_source import Document


def lacking_examples(folder: Path, topics: Mapping[str, Document]) -> list[Problem]:
    """Return, as warnings, what is missing in the examples of a rulebook, or is never used."""
    mistakes = Mistakes()
    documents = {path.name: read_yaml(path.read_text("utf-8"), str(path))
                 for path in sorted(folder.glob(f"*{SUFFIX}"))}
    shorthand = documents.pop(FILE, None)
    own = {name: document for name, document in topics.items()
           if Path(document.file).parent == folder}
    for name, document in own.items() if documents else ():
        rules = {"classify", "alert"} & set(document.value) if name not in OWN_FILES else set()
        beside = name.replace(".yaml", SUFFIX)
        if rules and not any(_examples(documents[beside]) if beside in documents else ()):
            mistakes.note(At(document, ("title",)), "no-examples", "rules without examples",
                          f"{beside} beside it", "write for each rule a patient in whom it fires")
    if shorthand is not None:
        used = {key for document in documents.values() for key in _given(document)}
        for name in shorthand.value if documents else ():
            if name not in used:
                mistakes.note_key(At(shorthand, (name,)), "unused-shorthand",
                                  f"the shorthand {name!r}, which no example uses",
                                  "a shorthand that is used", "use it or remove it")
    return [replace(problem, level="warning") for problem in mistakes.problems]


def _examples(document: Document) -> Iterator[At]:
    items = document.value.get("examples") if isinstance(document.value, dict) else None
    for index in range(len(items or ())):
        yield At(document, ("examples", index))


def _given(document: Document) -> Iterator[str]:
    written = document.value if isinstance(document.value, dict) else {}
    parts = [written.get("background"), *(at.value.get("given") for at in _examples(document)
                                          if isinstance(at.value, dict))]
    for part in parts:
        yield from part if isinstance(part, dict) else ()
