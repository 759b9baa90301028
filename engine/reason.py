"""One line of a reason, and what it rests on: the tree in which every answer is explained."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from engine.rulebook.changes import override_in_words

if TYPE_CHECKING:
    from collections.abc import Sequence

    from engine.rulebook.definitions import Citation, Rulebook


@dataclass(frozen=True, slots=True)
class Node:
    """One line of an explanation, what it rests on below it.

    `kind` is conclusion, rule, group, criterion, fact, parameter, event, citation, caveat,
    overrode, undecided, message, need, or ground: why a caveat or a severity is there. `truth` is
    that of a condition, where the line is one.
    """

    kind: str
    text: str
    truth: bool | None = None
    data: dict[str, Any] = field(default_factory=dict)
    below: tuple[Node, ...] = ()


def record_of(node: Node) -> dict[str, Any]:
    """Return the tree as nested records."""
    record: dict[str, Any] = {"kind": node.kind, "text": node.text}
    if node.kind in {"rule", "group", "criterion"}:
        record["truth"] = node.truth
    record.update({key: value for key, value in node.data.items() if key != "text"})
    if node.kind == "criterion":
        record["criterion"] = node.data["text"]
    if node.below:
        record["because"] = [record_of(each) for each in node.below]
    return record


def group_truth(word: str, below: Sequence[Node]) -> bool | None:
    """Return what all, any or none of some lines come to."""
    truths = [node.truth for node in below]
    decisive = word != "all"
    if decisive in truths:
        return word == "any"
    if None in truths:
        return None
    return word != "any"


def overrides(rulebook: Rulebook, name: str, *what: str) -> list[Node]:
    """Who said otherwise of a thing than the rulebook that is extended, and why."""
    return [Node("override", override_in_words(each), None,
                 {"author": each.author, "reason": each.reason, "rulebook": each.rulebook,
                  "changes": [list(change) for change in each.changes]})
            for each in rulebook.overrides if each.name == name and each.what in what]


def citation(cite: Citation) -> Node:
    """Return where something is said."""
    default = cite.status == "project-default"
    short = "a default of this rulebook, not published" if default else cite.key
    text = f"{short}: {cite.passage or cite.title}"
    return Node("citation", text, None, {"citation": cite.key, "locator": cite.locator,
                                         "status": cite.status, "source": cite.source})
