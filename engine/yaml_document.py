"""What does a YAML text say, read strictly, and where does each part of it stand?

YAML guesses: `no` is false, `10:10` is 610, `012` is ten, and the second of two equal keys wins.
Here only `true`, `false`, `null`, whole numbers and plain decimals have a meaning of their own;
everything else is the text that was written. Numbers stay exact. Keys are always text. Anchors,
tags, duplicate keys and several documents are refused.
"""

from __future__ import annotations

import re
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import yaml
from msgspec import Struct, field

from engine.problems import Place, Problem, RulebookError
from engine.yaml_advice import syntax_advice

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

# More digits than any reported figure has; longer ones stay text and so fail with words.
_NUMBER = re.compile(r"-?(0|[1-9][0-9]{0,29})(\.[0-9]{1,30})?")
_WORDS: dict[str, Any] = {"true": True, "false": False, "null": None, "": None}
_DEEPEST = 60
_CURLY = frozenset("\u201c\u201d\u201e\u2018\u2019\u201a\u00ab\u00bb")
_CUT = re.compile(r" (#[^\W_].*|# .*\{[\w.]+\}.*)")
"""What looks like a part of a text and is read as a comment."""
_QUOTES, _BLOCKS = ("'", '"'), ("|", ">")
_LINE_ENDS = re.compile("\r\n|[\n\r\x85\u2028\u2029]")
_NOT_TEXT = re.compile("[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


class Node(Struct, frozen=True):
    """A part of a document: its plain value, where it stands, and its parts by key or index."""

    place: Place
    value: Any
    parts: dict[str | int, Node] = {}
    keys: dict[str | int, Place] = {}


class Document(Struct, frozen=True):
    """A YAML text as a plain tree of values, in which every path has a place."""

    file: str
    root: Node
    lines: tuple[str, ...]
    others: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """The lines of other files of which parts were put into this one, by file."""

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
        lines = self._lines(place)
        return lines[place.line - 1] if place.line <= len(lines) else ""

    def _lines(self, place: Place) -> tuple[str, ...]:
        return self.lines if place.file == self.file else self.others.get(place.file, ())

    def inside(self, place: Place, text: str, column: int) -> Place:
        """Return where a column (from 0) of the text stands that is written at a place.

        White space may be written otherwise (folded over lines); where anything else is written
        otherwise too (an escape), the place of the whole text is all that can be said.
        """
        lines, line, at = self._lines(place), place.line - 1, place.column - 1
        first = self.quote(place)[at:at + 1]
        if first in _BLOCKS:
            line, at = line + 1, 0
        elif first in _QUOTES:
            at += 1
        if first not in _BLOCKS and column < len(text) and not text[column].isspace() and (
                self.quote(place).startswith(text[:column + 1], at)):
            return Place(place.file, line + 1, at + column + 1)  # as nearly all is written
        for letter in text[:column + 1]:
            if letter.isspace():
                continue
            while line < len(lines) and not lines[line][at:].strip():
                line, at = line + 1, 0
            if line == len(lines):
                return place
            rest = lines[line][at:]
            at += len(rest) - len(rest.lstrip()) + 1
            if lines[line][at - 1] != letter:
                return place
        if column < len(text):
            return Place(place.file, line + 1, max(at, 1))
        return Place(place.file, line + 1, at + 1)

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
        self._text = text.removeprefix("\ufeff")
        self.lines = tuple(_LINE_ENDS.split(self._text))
        self.problems: list[Problem] = []
        # Seldom true, so that not every text has to be looked at.
        self._may_mislead = _CUT.search(text) is not None or not _CURLY.isdisjoint(text)
        self._last_text: Any = None  # the text in quotes that was read last

    def read(self) -> Node:
        root: Node | None = None
        if strange := _NOT_TEXT.search(self._text):
            before = _LINE_ENDS.split(self._text[:strange.start()])
            self._refuse(Place(self.file, len(before), len(before[-1]) + 1), "yaml-syntax",
                         f"a character that is not text (U+{ord(strange[0]):04X})", "YAML",
                         "remove it")
            return Node(Place(self.file), None)
        try:
            events = iter(yaml.CSafeLoader(self._text).get_event, None)
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
            tag = event.tag.replace("tag:yaml.org,2002:", "!!")
            self._refuse(place, "yaml-tag", f"the tag '{tag}'", "a value without a tag",
                         "remove the tag; text that looks like a number goes in quotes"
                         if tag.startswith("!!") else "write not instead of !, without a tag")
        if isinstance(event, yaml.ScalarEvent):
            self._last_text = event if event.style in _QUOTES else None
            if self._may_mislead and not event.style and event.value:
                self._check_plain(event, place)
            return Node(place, event.value if event.style else _plain(event.value))
        if isinstance(event, yaml.SequenceStartEvent):
            return self._list(place, events, depth)
        return self._mapping(place, events, depth)

    def _check_plain(self, event: Any, place: Place) -> None:
        """Note text without quotes that ends too early, or whose quotes are none of YAML."""
        text, end = event.value, event.end_mark
        if text[0] in _CURLY and text[-1] in _CURLY:
            self._refuse(place, "yaml-quotes", f"quotation marks that are not straight ({text[0]})",
                         'text in straight quotes: "..."', "write straight ones; where the others "
                         "are to be seen by the reader, put straight ones around them")
        elif cut := _CUT.match(self.lines[end.line][end.column:]) if (
                end.line < len(self.lines)) else None:
            self._refuse(Place(self.file, end.line + 1, end.column + 2), "yaml-comment",
                         f"'{cut[1]}' after the text", "text that ends here, or is in quotes",
                         "behind a space # begins a comment, which nobody is shown: put the whole "
                         "text in quotes")

    def _list(self, place: Place, events: Iterator[Any], depth: int) -> Node:
        parts: dict[str | int, Node] = {}
        while not isinstance(event := next(events), yaml.SequenceEndEvent):
            parts[len(parts)] = self._node(event, events, depth + 1)
        return Node(place, [part.value for part in parts.values()], parts)

    def _mapping(self, place: Place, events: Iterator[Any], depth: int) -> Node:
        node, again = Node(place, {}), dict[str, Place]()
        while not isinstance(event := next(events), yaml.MappingEndEvent):
            key = self._node(event, events, depth + 1)
            part = self._node(next(events), events, depth + 1)
            if not isinstance(event, yaml.ScalarEvent):
                self._refuse(key.place, "yaml-key", "a key that is not text", "text as the key")
                continue
            name = event.value
            if name in node.parts:
                again[name] = key.place
                continue
            node.parts[name], node.keys[name], node.value[name] = part, key.place, part.value
        self._refuse_again(node, again)
        return node

    def _refuse_again(self, node: Node, again: dict[str, Place]) -> None:
        """Note keys that come a second time; several together are one item without its dash."""
        for name, place in list(again.items())[:1] if len(again) > 1 else again.items():
            others = [f"'{each}'" for each in again if each != name]
            self._refuse(place, "duplicate-key", f"the key '{name}' a second time" + (
                f", and {', '.join(others)} after it" if others else ""),
                f"it once (first at {node.keys[name]})",
                "put a dash before it where the next item of a list begins, or remove what is "
                "there twice" if others else "remove one of them")

    def _refuse(self, place: Place, code: str, found: str, expected: str,
                advice: str = "") -> None:
        quoted = self.lines[place.line - 1] if place.line <= len(self.lines) else ""
        self.problems.append(Problem(place, code, found, expected, advice, quoted))

    def _syntax(self, error: yaml.YAMLError) -> Problem:
        mark, begun = getattr(error, "problem_mark", None), getattr(error, "context_mark", None)
        context = getattr(error, "context", None) or ""
        inner = begun is not None and ("flow" in context or "quoted" in context)
        open_ = inner and getattr(mark, "line", -1) != getattr(begun, "line", -1)
        why = getattr(error, "problem", None) or getattr(error, "reason", None) or "not readable"
        last = self._last_text
        if last is not None and last.end_mark.line == getattr(mark, "line", -1) and (
                last.start_mark.line < last.end_mark.line):  # it was meant to end before
            begun, context, inner, open_ = last.start_mark, "quoted", True, True
        keyless = "could not find expected ':'" in why and begun is not None
        place = self._inside(begun if open_ or keyless else mark)
        quoted = self.lines[place.line - 1]
        return Problem(place, "yaml-syntax", f"text that is not YAML ({why})", "YAML",
                       syntax_advice(quoted, place.column, why, context if inner else "",
                                     closed=not open_), quoted)

    def _inside(self, mark: Any) -> Place:
        """Return the place of a mark; the end of the last line where it stands behind the text."""
        if mark is None:
            return Place(self.file)
        if mark.line < len(self.lines):
            return Place(self.file, mark.line + 1,
                         min(mark.column, len(self.lines[mark.line])) + 1)
        return Place(self.file, len(self.lines), len(self.lines[-1]) + 1)


def _plain(text: str) -> Any:
    if text in _WORDS:
        return _WORDS[text]
    match = _NUMBER.fullmatch(text)
    if not match:
        return text
    return Decimal(text) if match[2] else int(text)


def _place(file: str, event: Any) -> Place:
    return Place(file, event.start_mark.line + 1, event.start_mark.column + 1)
