"""One line of a reason, and what it rests on: the tree in which every answer is explained."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Node:
    """One line of an explanation, what it rests on below it.

    `kind` is conclusion, rule, group, criterion, fact, parameter, event, citation, caveat,
    overrode, undecided or need. `truth` is that of a condition, where the line is one.
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
