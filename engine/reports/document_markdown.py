"""A document as Markdown, with an anchor wherever a link leads."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from engine.document.parts import Grid, Item, Listing, Paragraph, anchors

if TYPE_CHECKING:
    from collections.abc import Iterator, Set

    from engine.document.parts import Block, Page, Section, Words

_SPECIAL = re.compile(r"([\\`*_{}\[\]<>|#~])")
_STYLES = {"strong": "**", "faint": "*"}


def markdown_of(page: Page) -> str:
    """Return the whole page as Markdown."""
    return "\n".join(_Writer(set(anchors(page))).page(page)) + "\n"


class _Writer:
    def __init__(self, known: Set[str]) -> None:
        self._known = known

    def page(self, page: Page) -> Iterator[str]:
        yield f"# {_escaped(page.title)}\n"
        for block in page.blocks:
            yield from self._block(block)
        yield "## Contents\n"
        for section in page.sections:
            yield from self._contents(section, 0)
        yield ""
        for section in page.sections:
            yield from self._section(section, 2)

    def _contents(self, section: Section, depth: int) -> Iterator[str]:
        yield f"{'  ' * depth}- [{_escaped(section.title)}](#{section.anchor})"
        for inner in section.contents:
            yield from self._contents(inner, depth + 1)

    def _section(self, section: Section, level: int) -> Iterator[str]:
        yield f"{'#' * level} {_anchor(section.anchor)}{_escaped(section.title)}\n"
        for block in section.blocks:
            yield from self._block(block)
        for inner in section.sections:
            yield from self._section(inner, level + 1)

    def _block(self, block: Block) -> Iterator[str]:
        match block:
            case Paragraph(words=words, note=note):
                yield f"{'> ' if note else ''}{self._words(words)}\n"
            case Listing(items=items):
                for item in items:
                    yield from self._item(item, 0)
                yield ""
            case Grid(headings=headings, rows=rows):
                yield f"| {' | '.join(headings)} |"
                yield f"|{'---|' * len(headings)}"
                for row in rows:
                    cells = [self._words(cell) for cell in row.cells]
                    yield f"| {_anchor(row.anchor)}{' | '.join(cells)} |"
                yield ""

    def _item(self, item: Item, depth: int) -> Iterator[str]:
        yield f"{'  ' * depth}- {_anchor(item.anchor)}{self._words(item.words)}"
        for below in item.below:
            yield from self._item(below, depth + 1)

    def _words(self, words: Words) -> str:
        return "".join(self._span(span.text, span.style, span.link) for span in words)

    def _span(self, text: str, style: str, link: str) -> str:
        mark = _STYLES.get(style, "")
        shown = f"`{text}`" if style == "code" else f"{mark}{_escaped(text)}{mark}"
        return f"[{shown}](#{link})" if link in self._known else shown


def _anchor(name: str) -> str:
    return f'<a id="{name}"></a>' if name else ""


def _escaped(text: str) -> str:
    return _SPECIAL.sub(r"\\\1", text)
