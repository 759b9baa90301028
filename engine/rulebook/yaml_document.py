"""What does a YAML text say, read strictly, and where does each part of it stand?

YAML guesses: `no` is false, `10:10` is 610, `012` is ten, and the second of two equal keys wins.
Here only `true`, `false`, `null`, whole numbers and plain decimals have a meaning of their own;
everything else is the text that was written. Numbers stay exact. Keys are always text. Anchors,
tags, duplicate keys and several documents are refused.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import yaml

from engine.problems import Place, Problem, RulebookError

if TYPE_CHECKING:
    from collections.abc import Iterator

# More digits than any reported figure has; longer ones stay text and so fail with words.
_NUMBER = re.compile(r"-?(0|[1-9][0-9]{0,29})(\.[0-9]{1,30})?")
_WORDS: dict[str, Any] = {"true": True, "false": False, "null": None, "": None}
_DEEPEST = 60


@dataclass(frozen=True, slots=True)
class Node:
    """A part of a document: its plain value, where it stands, and its parts by key or index."""

    place: Place
    value: Any
    parts: dict[str | int, Node] = field(default_factory=dict)
    keys: dict[str | int, Place] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Document:
    """A YAML text as a plain tree of values, in which every path has a place."""

    file: str
    root: Node
    lines: tuple[str, ...]

    @property
    def value(self) -> Any:
        """The whole as dict, list, str, bool, int, Decimal and None."""
        return self.root.value

    def place(self, *path: str | int) -> Place:
        """Return where the value at the path stands; a step that is not there is passed over."""
        return self.node(*path).place

    def place_of_key(self, *path: str | int) -> Place:
        """Return where the last key of the path is written, or its value where it has none."""
        if not path:
            return self.root.place
        parent = self.node(*path[:-1])
        return parent.keys.get(path[-1]) or self.place(*path)

    def node(self, *path: str | int) -> Node:
        """Return the deepest part that the path reaches."""
        node = self.root
        for step in path:
            node = node.parts.get(step, node)
        return node

    def quote(self, place: Place) -> str:
        """Return the text of the line at a place."""
        return self.lines[place.line - 1] if place.line <= len(self.lines) else ""

    def problem(self, place: Place, code: str, found: str, expected: str,
                advice: str = "") -> Problem:
        """Return a problem of this document that quotes its line."""
        return Problem(place, code, found, expected, advice, self.quote(place))


def read_yaml(text: str, file: str) -> Document:
    """Return the document, or raise RulebookError with every problem of the text."""
    reader = _Reader(text, file)
    root = reader.read()
    if reader.problems:
        raise RulebookError(reader.problems)
    return Document(file, root, reader.lines)


class _Reader:
    """Builds the tree from the stream of events, in which anchors and tags are still visible."""

    def __init__(self, text: str, file: str) -> None:
        self.file = file
        self.lines = tuple(text.splitlines())
        self.problems: list[Problem] = []
        self._text = text

    def read(self) -> Node:
        root: Node | None = None
        try:
            events = iter(yaml.parse(self._text, Loader=yaml.CSafeLoader))
            for event in events:
                if not isinstance(event, yaml.DocumentStartEvent):
                    continue
                node = self._node(next(events), events, 0)
                if root is not None:
                    self._refuse(_place(self.file, event), "yaml-documents",
                                 "a second document", "one document in a file",
                                 "split the file at '---'")
                root = root or node
        except yaml.YAMLError as error:
            self.problems.append(self._syntax(error))
        return root or Node(Place(self.file), None)

    def _node(self, event: Any, events: Iterator[Any], depth: int) -> Node:
        place = _place(self.file, event)
        if depth > _DEEPEST:
            raise yaml.MarkedYAMLError(problem="nested too deeply", problem_mark=event.start_mark)
        if event.anchor is not None:
            self._refuse(place, "yaml-anchor", f"the anchor or alias '{event.anchor}'",
                         "every value where it is used", "write the value out")
        if isinstance(event, yaml.AliasEvent):
            return Node(place, None)
        if event.tag is not None:
            self._refuse(place, "yaml-tag", f"the tag '{event.tag}'", "a value without a tag",
                         "remove the tag; text that looks like a number goes in quotes")
        if isinstance(event, yaml.ScalarEvent):
            return Node(place, event.value if event.style else _plain(event.value))
        if isinstance(event, yaml.SequenceStartEvent):
            return self._list(place, events, depth)
        return self._mapping(place, events, depth)

    def _list(self, place: Place, events: Iterator[Any], depth: int) -> Node:
        parts: dict[str | int, Node] = {}
        while not isinstance(event := next(events), yaml.SequenceEndEvent):
            parts[len(parts)] = self._node(event, events, depth + 1)
        return Node(place, [part.value for part in parts.values()], parts)

    def _mapping(self, place: Place, events: Iterator[Any], depth: int) -> Node:
        node = Node(place, {})
        while not isinstance(event := next(events), yaml.MappingEndEvent):
            key = self._node(event, events, depth + 1)
            part = self._node(next(events), events, depth + 1)
            if not isinstance(event, yaml.ScalarEvent):
                self._refuse(key.place, "yaml-key", "a key that is not text", "text as the key")
                continue
            name = event.value
            if name in node.parts:
                self._refuse(key.place, "duplicate-key", f"the key '{name}' a second time",
                             f"it once (first at {node.keys[name]})", "remove one of them")
                continue
            node.parts[name], node.keys[name], node.value[name] = part, key.place, part.value
        return node

    def _refuse(self, place: Place, code: str, found: str, expected: str,
                advice: str = "") -> None:
        quoted = self.lines[place.line - 1] if place.line <= len(self.lines) else ""
        self.problems.append(Problem(place, code, found, expected, advice, quoted))

    def _syntax(self, error: yaml.YAMLError) -> Problem:
        mark = getattr(error, "problem_mark", None)
        place = Place(self.file, mark.line + 1, mark.column + 1) if mark else Place(self.file)
        quoted = self.lines[place.line - 1] if place.line <= len(self.lines) else ""
        why = getattr(error, "problem", None) or getattr(error, "reason", None) or "not readable"
        advice = "indent with spaces, not tabs" if "\t" in quoted else (
            "look at the indentation, quotes and colons here and in the line before")
        return Problem(place, "yaml-syntax", f"text that is not YAML ({why})", "YAML", advice,
                       quoted)


def _plain(text: str) -> Any:
    if text in _WORDS:
        return _WORDS[text]
    match = _NUMBER.fullmatch(text)
    if not match:
        return text
    return Decimal(text) if match[2] else int(text)


def _place(file: str, event: Any) -> Place:
    return Place(file, event.start_mark.line + 1, event.start_mark.column + 1)
