"""A rulebook's documents with one thing changed; every other part keeps its place."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from msgspec.structs import replace

from engine.yaml_document import Document, Node

if TYPE_CHECKING:
    from collections.abc import Mapping

    from engine.problems import Place

Path = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class Edit:
    """In a file, at a path: another value, another key, or (None for both) nothing any more."""

    file: str
    path: Path
    value: Any = None
    key: str | None = None
    remove: bool = False


def edited(documents: Mapping[str, Document], edits: tuple[Edit, ...]) -> dict[str, Document]:
    """Return the documents with the edits made, in their order."""
    found = dict(documents)
    for edit in edits:
        document = found[edit.file]
        root = _edited(document.root, edit.path, edit)
        found[edit.file] = replace(document, root=root)
    return found


def _edited(node: Node, path: Path, edit: Edit) -> Node:
    if not path:
        return node_of(edit.value, node.place)
    step, *rest = path
    parts, keys = dict(node.parts), dict(node.keys)
    if not rest and edit.remove:
        return _without(node, step)
    if not rest and edit.key is not None:
        return _renamed(node, str(step), edit.key)
    parts[step] = (_edited(parts[step], tuple(rest), edit) if step in parts
                   else node_of(edit.value, node.place))
    return _rebuilt(node.place, parts, keys, is_list=isinstance(node.value, list))


def _without(node: Node, step: str | int) -> Node:
    left = {key: part for key, part in node.parts.items() if key != step}
    if isinstance(node.value, list):
        left = dict(enumerate(left.values()))
    return _rebuilt(node.place, left, node.keys, is_list=isinstance(node.value, list))


def _renamed(node: Node, old: str, new: str) -> Node:
    parts = {new if key == old else key: part for key, part in node.parts.items()}
    keys = {new if key == old else key: place for key, place in node.keys.items()}
    return _rebuilt(node.place, parts, keys, is_list=False)


def _rebuilt(place: Place, parts: dict[str | int, Node], keys: dict[str | int, Place], *,
             is_list: bool) -> Node:
    value = ([part.value for part in parts.values()] if is_list
             else {key: part.value for key, part in parts.items()})
    return Node(place, value, parts, {key: each for key, each in keys.items() if key in parts})


def node_of(value: Any, place: Place) -> Node:
    """Return a value as a node of which every part stands at one place."""
    if isinstance(value, dict):
        parts = {key: node_of(each, place) for key, each in value.items()}
        return Node(place, value, parts, dict.fromkeys(parts, place))
    if isinstance(value, list):
        return Node(place, value, {index: node_of(each, place)
                                   for index, each in enumerate(value)})
    return Node(place, value)
