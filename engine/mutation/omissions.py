"""What of a rulebook could be missing, though the rest of it would still load?"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from engine.rulebook.folder import OWN_FILES

if TYPE_CHECKING:
    from collections.abc import Iterator

    from engine.mutation.edits import Path

Omission = tuple["Path", str, str, Any]  # where, what kind, what is missing, what is left there
NOTHING = None  # of what is left: it is not there any more
_LOOKED_AT = ("latest", "first", "any", "count", "min", "max", "series")
_FILTERS = ("occasions", "establishes", "ignoring", "apart_hours")
_TOLD = re.compile(r"\{[^{}]*\}")


def omissions(file: str, value: dict[str, Any]) -> Iterator[Omission]:
    """Yield what a file could do without: each once, in the order of the text."""
    if file == "vocabulary.yaml":
        yield from _sets(value.get("sets") or {})
    elif file not in OWN_FILES:
        for name, fact in (value.get("facts") or {}).items():
            yield from _of_fact(("facts", name), fact)
        for index, topic in enumerate(value.get("classify") or ()):
            yield from _rules(("classify", index, "rules"), topic["rules"])
            if not topic.get("internal"):  # what is not shown has no reason that is read
                yield from _reasons(("classify", index, "rules"), topic["rules"])
        for index, alert in enumerate(value.get("alert") or ()):
            yield from _words(("alert", index), alert)


def _sets(sets: dict[str, list[str]]) -> Iterator[Omission]:
    for name, items in sets.items():
        if len(items) > 1:
            for index, item in enumerate(items):
                yield ("sets", name, index), "set item dropped", f"{item} of {name}", NOTHING


def _of_fact(path: Path, fact: dict[str, Any]) -> Iterator[Omission]:
    """Yield each of several sources, each branch, and each filter of a series or a run."""
    for key in _LOOKED_AT:
        sources = fact.get(key)
        if isinstance(sources, list) and len(sources) > 1:
            for index, source in enumerate(sources):
                yield (*path, key, index), "source dropped", str(source), NOTHING
    for index, branch in enumerate(fact.get("case") or ()):
        if len(fact["case"]) > 1:
            words = "; ".join(f"{key}: {each}" for key, each in branch.items())
            yield (*path, "case", index), "branch dropped", words, NOTHING
    for key in _FILTERS:
        if fact.get(key) is not None:
            yield (*path, key), "filter dropped", f"{key}: {fact[key]}", NOTHING


def _rules(path: Path, rules: list[dict[str, Any]]) -> Iterator[Omission]:
    if len(rules) > 1:
        for index, rule in enumerate(rules):
            yield (*path, index), "rule dropped", str(rule["id"]), NOTHING


def _reasons(path: Path, rules: list[dict[str, Any]]) -> Iterator[Omission]:
    """Yield each reason without one of the answers that it tells."""
    for index, rule in enumerate(rules):
        because = rule.get("because") or ""
        for told in dict.fromkeys(_TOLD.findall(because)):
            yield (*path, index, "because"), "answer not told", told, because.replace(told, "")


def _words(path: Path, alert: dict[str, Any]) -> Iterator[Omission]:
    """Yield what is told of an alert without one of the answers that it tells."""
    message = alert["message"]
    for told in dict.fromkeys(_TOLD.findall(message)):
        yield (*path, "message"), "answer not told", told, message.replace(told, "")
    for index, line in enumerate(alert.get("advice") or ()):
        for text, when in line.items():
            for told in dict.fromkeys(_TOLD.findall(text)):
                left = {text.replace(told, ""): when}
                yield (*path, "advice", index), "answer not told", told, left
