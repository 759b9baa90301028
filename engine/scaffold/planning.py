"""Which files make a new rulebook, or a new topic of one that there is, and what is in them?"""

from __future__ import annotations

import json
import re
from importlib.resources import files
from pathlib import Path
from string import Template
from typing import TYPE_CHECKING, Any

from engine.problems import RulebookError
from engine.request import RequestError
from engine.rulebook.bases import shipped
from engine.rulebook.extending import Whole
from engine.rulebook.folder import MAIN, OVERRIDES, OWN_FILES
from engine.rulebook.identities import WORDS, is_name
from engine.rulebook.loader import load_rulebook
from engine.scaffold.sampling import sample

if TYPE_CHECKING:
    from engine.rulebook.definitions import Rulebook

_FOLDER_NAME = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")
_FIRST_TOPIC = "readings"
_ONE = Template("\n      alerts: [{rule: $topic.repeat, severity: low, from: 29d}]")
_LATER = """\
# An alert tells somebody. Take the marks away, and say in the examples which alerts are then open:
#
"""
_SAMPLE = ("reading", "reading", {"value": 10, "unit": "mg/L"})


class Plan:
    """What is to be written: whole new files, and text to be added at the end of others."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.new: dict[Path, str] = {}
        self.added: dict[Path, str] = {}

    def write(self) -> list[Path]:
        """Write everything, or nothing: what does not load afterwards is taken back."""
        if taken := [path for path in self.new if path.exists()]:
            raise RequestError(f"file: found {str(taken[0])!r} already, expected a new one; "
                               "nothing is overwritten: choose another name")
        before = {path: path.read_bytes() for path in self.added}
        made = not self.folder.exists()
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            for path, text in self.new.items():
                path.write_text(text, "utf-8")
            for path, text in self.added.items():
                path.write_text(_ended(before[path].decode("utf-8")) + text, "utf-8")
            load_rulebook(self.folder)
        except (RulebookError, OSError) as error:
            self._take_back(before, made=made)
            raise RequestError(_why(error, self.added)) from None
        return [*self.new, *self.added]

    def _take_back(self, before: dict[Path, bytes], *, made: bool) -> None:
        for path in self.new:
            path.unlink(missing_ok=True)
        for path, content in before.items():
            path.write_bytes(content)
        if made and self.folder.is_dir():
            self.folder.rmdir()


def plan(name: str, topic: str | None, home: str) -> Plan:
    """Return what is to be written for a rulebook of this name in a folder, or a topic of it."""
    folder = Path(home) / name
    if (folder / MAIN).exists():
        if topic is None:
            raise RequestError(f"name: found {str(folder)!r}, which is a rulebook already, "
                               "expected a new name; to add a topic to it, name it with --topic")
        return _topic(folder, topic)
    if not _FOLDER_NAME.fullmatch(name):
        raise RequestError(f"name: found {name!r}, expected lower-case letters, digits and "
                           "hyphens, a letter first; such as my-rules")
    if folder.exists() and any(folder.iterdir()):
        raise RequestError(f"name: found {str(folder)!r}, where there are other files, expected a "
                           "new folder; choose another name")
    if name in shipped():
        raise RequestError(f"name: found {name!r}, which is a rulebook that is shipped, expected "
                           f"another; to change it for a site, write `extends: {name}`")
    return _rulebook(folder, name, topic or _FIRST_TOPIC)


def _rulebook(folder: Path, name: str, topic: str) -> Plan:
    _check_topic(folder, topic, None)
    made = Plan(folder)
    words = {"name": name, "topic": topic, "field": topic}
    for file in (MAIN, "vocabulary.yaml"):
        made.new[folder / file] = _filled(file, words)
    _add_topic(made, topic, *_SAMPLE)
    return made


def _topic(folder: Path, topic: str) -> Plan:
    rulebook = load_rulebook(folder)
    _check_topic(folder, topic, rulebook)
    found = sample(rulebook.vocabulary)
    if found is None:
        raise RequestError("topic: found no kind of event of which an example could be made, "
                           "expected one in vocabulary.yaml; declare it first")
    kind, fields = found
    made = Plan(folder)
    has_draft = "draft" in Whole(folder).documents["citations.yaml"].value
    _add_topic(made, topic, kind.name, kind.title.lower(), fields, is_first=False,
               has_draft=has_draft)
    return made


def _add_topic(made: Plan, topic: str, kind: str, title: str, fields: dict[str, Any], *,
               is_first: bool = True, has_draft: bool = False) -> None:
    event = {"kind": kind, "at": "0d", **fields}
    words = {"topic": topic, "kind": kind, "title": title, "event": _flow(event),
             "preliminary": _flow({**event, "status": "preliminary"}),
             "none": "\n      alerts: []" if is_first else "", "one": _ONE.substitute(
                 topic=topic) if is_first else ""}
    alert = _filled("alert.yaml", words)
    if not is_first:  # a new alert would be one too many for the examples that there are
        alert = _LATER + "".join(f"# {line}\n" for line in alert.splitlines())
    made.new[made.folder / f"{topic}.yaml"] = _filled("topic.yaml", words) + "\n" + alert
    made.new[made.folder / f"{topic}.examples.yaml"] = _filled("examples.yaml", words)
    _supplement(made, "parameters.yaml", _filled("parameter.yaml", words))
    if not has_draft:
        _supplement(made, "citations.yaml", _filled("draft.yaml", {}))


def _supplement(made: Plan, file: str, text: str) -> None:
    path = made.folder / file
    if path.exists():
        made.added[path] = f"\n# ---- draft\n{text}"
    else:
        made.new[path] = f"{_filled(file, {})}\n{text}"


def _check_topic(folder: Path, topic: str, rulebook: Rulebook | None) -> None:
    """Refuse a topic whose name could not be used, or is used already."""
    if not is_name(topic) or topic in WORDS or topic != topic.lower():
        raise RequestError(f"topic: found {topic!r}, expected lower-case letters, digits and _, a "
                           "letter first, and no word of the language; such as response")
    if f"{topic}.yaml" in (*OWN_FILES, OVERRIDES) or topic in ("reading", "shorthand", "draft"):
        raise RequestError(f"topic: found {topic!r}, which has a meaning of its own, expected "
                           "another name")
    for file in (f"{topic}.yaml", f"{topic}.examples.yaml"):
        if (folder / file).exists():
            raise RequestError(f"topic: found {str(folder / file)!r} already, expected a new name; "
                               "nothing is overwritten")
    taken = set() if rulebook is None else {
        *rulebook.parameters, *rulebook.facts, *(each.name for each in rulebook.topics),
        *rulebook.vocabulary.kinds, *(each.name for each in rulebook.chapters)}
    for name in (topic, f"{topic}_newest", f"{topic}_window"):
        if name in taken:
            raise RequestError(f"topic: found {topic!r}, but the rulebook has a {name!r} already, "
                               "expected a name that is free; choose another")


def _filled(file: str, words: dict[str, str]) -> str:
    text = (files("engine.scaffold") / "templates" / file).read_text("utf-8")
    return Template(text).substitute(words)


def _flow(fields: dict[str, Any]) -> str:
    """Return a mapping on one line of YAML."""
    return "{" + ", ".join(f"{key}: {_value(each)}" for key, each in fields.items()) + "}"


def _value(value: Any) -> str:
    plain = isinstance(value, str) and re.fullmatch(r"[A-Za-z][\w/*.^-]*|\d+d", value)
    return str(value) if plain else json.dumps(value, ensure_ascii=False)


def _ended(text: str) -> str:
    return text if text.endswith("\n") or not text else text + "\n"


def _why(error: RulebookError | OSError, added: dict[Path, str]) -> str:
    if isinstance(error, OSError):
        return (f"file: found {error.filename!r} ({error.strerror}), expected a place that can be "
                "written to; name another with --in")
    names = " and ".join(path.name for path in added)
    return (f"file: found {names} in a form to which nothing can be added at the end, expected one "
            f"name a line; nothing was written: add there what is under `draft`, by hand\n{error}")
