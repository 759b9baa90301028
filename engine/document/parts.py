"""Of what does a document consist, whatever it is printed on: sections, lists, tables, words?"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Span:
    """Some words of one kind: plain, `code`, `strong` or `faint`; `link` names an anchor."""

    text: str
    style: str = ""
    link: str = ""


Words = tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class Item:
    """One line of a list, and the list below it."""

    words: Words
    below: tuple[Item, ...] = ()
    anchor: str = ""


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph; a `note` is set apart."""

    words: Words
    note: bool = False


@dataclass(frozen=True, slots=True)
class Listing:
    """A list, its lines within each other."""

    items: tuple[Item, ...]


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a table; `anchor` is where a link to what it defines leads."""

    cells: tuple[Words, ...]
    anchor: str = ""


@dataclass(frozen=True, slots=True)
class Grid:
    """A table with a heading for each column."""

    headings: tuple[str, ...]
    rows: tuple[Row, ...]


Block = Paragraph | Listing | Grid


@dataclass(frozen=True, slots=True)
class Section:
    """A heading, what stands under it, and the sections within it.

    The table of contents has it only where it `is_listed`.
    """

    title: str
    anchor: str
    blocks: tuple[Block, ...] = ()
    sections: tuple[Section, ...] = ()
    is_listed: bool = True

    @property
    def contents(self) -> tuple[Section, ...]:
        """The sections within it that a table of contents has."""
        return tuple(section for section in self.sections if section.is_listed)


@dataclass(frozen=True, slots=True)
class Page:
    """A whole document."""

    title: str
    blocks: tuple[Block, ...]
    sections: tuple[Section, ...]


def say(*parts: str | Span | Words) -> Words:
    """Return words made of pieces in order; a plain text is a piece as well."""
    words: list[Span] = []
    for part in parts:
        if isinstance(part, str):
            words += [Span(part)] if part else []
        elif isinstance(part, Span):
            words.append(part)
        else:
            words += part
    return tuple(words)


def joined(parts: list[Words], between: str) -> Words:
    """Return the pieces with a text between them."""
    words: Words = ()
    for index, part in enumerate(parts):
        words = say(words, between if index else "", part)
    return words


def plain(words: Words) -> str:
    """Return words without anything else."""
    return "".join(span.text for span in words)


def anchors(page: Page) -> Iterator[str]:
    """Yield every anchor of a page, in order."""
    def of(section: Section) -> Iterator[str]:
        yield section.anchor
        for block in section.blocks:
            yield from _of_block(block)
        for inner in section.sections:
            yield from of(inner)

    for each in page.sections:
        yield from of(each)


def _of_block(block: Block) -> Iterator[str]:
    def of(item: Item) -> Iterator[str]:
        yield item.anchor
        for below in item.below:
            yield from of(below)

    if isinstance(block, Grid):
        yield from (row.anchor for row in block.rows if row.anchor)
    elif isinstance(block, Listing):
        yield from (anchor for item in block.items for anchor in of(item) if anchor)


def all_words(page: Page) -> Iterator[Words]:
    """Yield all words of a page, in order, its headings apart."""
    def of_items(items: tuple[Item, ...]) -> Iterator[Words]:
        for item in items:
            yield item.words
            yield from of_items(item.below)

    def of_blocks(blocks: tuple[Block, ...]) -> Iterator[Words]:
        for block in blocks:
            match block:
                case Paragraph(words=words):
                    yield words
                case Listing(items=items):
                    yield from of_items(items)
                case Grid(rows=rows):
                    yield from (cell for row in rows for cell in row.cells)

    def of(section: Section) -> Iterator[Words]:
        yield from of_blocks(section.blocks)
        for inner in section.sections:
            yield from of(inner)

    yield from of_blocks(page.blocks)
    for each in page.sections:
        yield from of(each)
