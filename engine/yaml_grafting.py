"""How does a part of one document get into another, so that it still knows where it stands?"""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec.structs import replace

from engine.yaml_document import Document, Node

if TYPE_CHECKING:
    from collections.abc import Callable

    from engine.problems import Place

Path = tuple[str | int, ...]


def grafted(document: Document, path: Path, source: Document, taken: Path) -> Document:
    """Return the document with the part of a source at a path, in place of what was there.

    The part keeps its own place, and so does the key under which it stands.
    """
    part, key = source.node(*taken), source.place_of_key(*taken)
    lines = {**document.others, **source.others, source.file: source.lines}
    lines.pop(document.file, None)
    root = _changed(document.root, path, lambda node, step: _with(node, step, part, key))
    return replace(document, root=root, others=lines)


def pruned(document: Document, path: Path) -> Document:
    """Return the document without a key of one of its mappings."""
    return replace(document, root=_changed(document.root, path, _without))


def _changed(node: Node, path: Path, change: Callable[[Node, str | int], Node]) -> Node:
    step, *rest = path
    if not rest:
        return change(node, step)
    inner = _changed(node.parts[step], tuple(rest), change)
    return _made(node, {**node.parts, step: inner}, node.keys)


def _with(node: Node, step: str | int, part: Node, key: Place) -> Node:
    keys = node.keys if isinstance(node.value, list) else {**node.keys, step: key}
    return _made(node, {**node.parts, step: part}, keys)


def _without(node: Node, step: str | int) -> Node:
    return _made(node, {name: part for name, part in node.parts.items() if name != step}, node.keys)


def _made(node: Node, parts: dict[str | int, Node], keys: dict[str | int, Place]) -> Node:
    values = {name: part.value for name, part in parts.items()}
    value = list(values.values()) if isinstance(node.value, list) else values
    return Node(node.place, value, parts, keys)
