"""What has the very words of its neighbour, as if it had been copied and not changed?"""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.wording import describe

if TYPE_CHECKING:
    from collections.abc import Iterable

    from engine.rulebook.checks.notes import Notes
    from engine.rulebook.loading import At


def check_copies(notes: Notes) -> None:
    """Note each text by which a reader can not tell two things apart."""
    rulebook = notes.rulebook
    _look(notes, "parameter", [(notes.at_name("parameters.yaml", name) / "about")
                               for name in rulebook.parameters])
    _look(notes, "kind of event", [notes.at_name("vocabulary.yaml", "kinds") / name / "title"
                                   for name in rulebook.vocabulary.kinds])
    _look(notes, "set", [notes.at_name("vocabulary.yaml", "sets") / name
                         for name in rulebook.vocabulary.sets])
    _look(notes, "source", [notes.at_name("citations.yaml", key) / "title"
                            for key in notes.loaded.loading.citations])
    for key, (_, passages) in notes.loaded.loading.citations.items():
        _look(notes, f"passage of {key}", [notes.at_name("citations.yaml", key) / "passages" / each
                                           for each in passages])
    alerts = []
    for at, topic in notes.topics():
        if topic.alert is not None:
            alerts.append(at / "title")
            continue
        for key in ("title", "because"):
            _look(notes, f"rule of {topic.name}", [at / "rules" / index / key
                                             for index in range(len(topic.rules))])
    _look(notes, "alert", alerts)


def _look(notes: Notes, what: str, places: Iterable[At]) -> None:
    seen: dict[str, At] = {}
    for at in places:
        parent = at.document.node(*at.path[:-1]).value
        if not isinstance(parent, dict) or at.path[-1] not in parent or not at.value:
            continue
        words = str(sorted(at.value) if isinstance(at.value, list) else at.value)
        if words in seen:
            is_list = isinstance(at.value, list)
            found = "the same list" if is_list else describe(at.value)
            notes.warn(at, "copied-words", f"{found}, as another {what} has it",
                       f"{'values' if is_list else 'words'} of its own (first at "
                       f"{seen[words].place})", "list what belongs to this one, or name the other "
                       "one instead" if is_list else
                       "a reader cannot tell the two apart: say what this one is")
        seen.setdefault(words, at)
