"""An explanation as a tree in the terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.markup import escape
from rich.tree import Tree

if TYPE_CHECKING:
    from collections.abc import Iterator

    from engine.reason import Node

_FIRST_WORDS = 6
_STYLES = {"conclusion": "bold", "rule": "bold cyan", "criterion": "", "parameter": "magenta",
           "citation": "dim", "event": "green", "caveat": "yellow", "overrode": "yellow",
           "undecided": "yellow", "need": "yellow", "override": "yellow", "fact": "",
           "group": "italic", "message": "bold", "choice": "italic"}
_LABELS = {"parameter": "parameter ", "citation": "source: ", "caveat": "caveat ",
           "overrode": "overridden: ", "undecided": "undecided: ", "event": "event: "}
_MARKS = {True: "[green]yes[/] ", False: "[red]no[/]  ", None: "[yellow]unknown[/] "}


def tree_of(node: Node) -> Tree:
    """Return the tree to print; conditions carry yes, no or unknown."""
    told: set[str] = set()
    tree = Tree(_line(node, told), guide_style="dim")
    for each in node.below:
        _add(tree, each, told)
    return tree


def sources_of(node: Node) -> list[str]:
    """Return every published source that a tree names, in full, by its key."""
    found = {}
    for each in _walk(node):
        if each.kind == "citation" and each.data["status"] != "project-default":
            found[each.data["citation"]] = each.data["source"]
    return [f"{key}: {source}" for key, source in sorted(found.items())]


def _again(source: str) -> str:
    """Return a source that was told before, by its first words.

    >>> _again("a2018: CR is a count of at least 100 x10^9/L; PR at least 30.")
    'a2018, as above: CR is a count of at ...'
    """
    key, _, said = source.partition(": ")
    words = said.split()
    first = " ".join(words[:_FIRST_WORDS])
    return f"{key}, as above: {first}{' ...' if len(words) > _FIRST_WORDS else ''}"


def _add(tree: Tree, node: Node, told: set[str]) -> None:
    branch = tree.add(_line(node, told))
    for each in node.below:
        _add(branch, each, told)


def _walk(node: Node) -> Iterator[Node]:
    yield node
    for each in node.below:
        yield from _walk(each)


def _line(node: Node, told: set[str]) -> str:
    """Return a node as a line; what a source says is said once, where it is met first."""
    mark = _MARKS[node.truth] if node.kind in {"rule", "group", "criterion"} else ""
    style = _STYLES.get(node.kind, "")
    said = node.text
    if node.kind == "citation":
        said = _again(said) if said in told else said
        told.add(node.text)
    text = escape(f"{_LABELS.get(node.kind, '')}{said}")
    return f"{mark}[{style}]{text}[/]" if style else f"{mark}{text}"
