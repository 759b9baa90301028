"""Which topics does a rulebook add to the one it extends, without saying who decided it and why?"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from engine.rulebook.folder import MAIN, OVERRIDES, OWN_FILES
from engine.rulebook.loading import At

if TYPE_CHECKING:
    from engine.rulebook.checks.notes import Notes


def check_added(notes: Notes) -> None:
    """Note each topic of a rulebook that extends another, which no decision adds."""
    if not notes.rulebook.extends:
        return
    documents = notes.loaded.documents
    folder = Path(documents[MAIN].place("id").file).parent
    decided = {each.name for each in notes.rulebook.overrides if each.what == "topic"}
    for file, document in documents.items():
        path = Path(document.file)
        if file not in OWN_FILES and path.parent == folder and path.stem not in decided:
            notes.warn_key(At(document, ("title",)), "added-by-nobody",
                           f"the topic {path.stem!r}, which no decision adds",
                           "its author and its reason", "name it in a decision of "
                           f"{OVERRIDES}, as in adds: {{topics: [{path.stem}]}}")
