"""Since which version does a part of a rulebook say what it says?"""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.document.needed import Needed
from engine.document.parts import Span, Words, joined, say
from engine.rulebook.lock import is_lower

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from engine.rulebook.definitions import Rulebook, Topic


class Since:
    """Says it of each part by what its lock holds; nothing where there is no lock."""

    def __init__(self, rulebook: Rulebook, versions: Mapping[str, str]) -> None:
        self._rulebook, self._versions = rulebook, versions

    def said(self, what: str, name: str) -> str:
        """Return words to stand behind a name in brackets, or nothing."""
        version = self._versions.get(f"{what} {name}")
        return f", since {version}" if version else ""

    def bracketed(self, what: str, name: str) -> str:
        """Return words in brackets, to stand behind a name, or nothing."""
        version = self._versions.get(f"{what} {name}")
        return f" (since {version})" if version else ""

    def later(self, topic: Topic) -> Words:
        """Return which facts and parameters that a topic rests on were changed after its own words.

        A reader who knows its rules by heart has to know of these as well.
        """
        own = [self._versions[name] for name in _names(topic) if name in self._versions]
        needed = Needed(self._rulebook, [topic], [])
        found = [*(("fact", name) for name in needed.facts),
                 *(("parameter", name) for name in sorted(needed.parameters))]
        newer = [say(Span(name, "code", f"{what}-{name}"), f" ({version})")
                 for what, name in found
                 if (version := self._versions.get(f"{what} {name}")) and own
                 and all(is_lower(each, version) for each in own)]
        return say("What it rests on was changed later: ", joined(newer, ", ")) if newer else ()


def _names(topic: Topic) -> Iterable[str]:
    if topic.alert is not None:
        return [f"alert {topic.name}"]
    return [f"classification {topic.name}", *(f"rule {rule.id}" for rule in topic.rules)]
