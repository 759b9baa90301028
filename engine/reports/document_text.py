"""A document for the terminal: headings, lists within lists, tables that fit the width."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich import box
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from engine.document.parts import Grid, Item, Listing, Paragraph

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rich.console import Console, RenderableType

    from engine.document.parts import Block, Page, Section, Words

_STYLES = {"code": "cyan", "strong": "bold", "faint": "dim"}
_MARKS = "•◦▪"


def print_page(console: Console, page: Page) -> None:
    """Print the whole page."""
    console.print(Text(page.title, style="bold underline"))
    console.print()
    for part in (*_blocks(page.blocks), Text("Contents", style="bold")):
        console.print(part)
    for section in page.sections:
        for line in _contents(section, 0):
            console.print(line)
    for number, section in enumerate(page.sections, 1):
        for part in _section(section, str(number)):
            console.print(part)


def _contents(section: Section, depth: int) -> Iterator[Padding]:
    yield Padding(Text(section.title), (0, 0, 0, 2 + 2 * depth))
    for inner in section.contents:
        yield from _contents(inner, depth + 1)


def _section(section: Section, number: str) -> Iterator[RenderableType]:
    heading = f"{number}  {section.title}"
    yield Text(f"\n{heading}\n{('=' if number.isdigit() else '-') * len(heading)}", style="bold")
    yield from _blocks(section.blocks)
    for index, inner in enumerate(section.sections, 1):
        yield from _section(inner, f"{number}.{index}")


def _blocks(blocks: tuple[Block, ...]) -> Iterator[RenderableType]:
    for block in blocks:
        match block:
            case Paragraph(words=words, note=note):
                yield Padding(_text(words, "yellow" if note else ""), (0, 0, 0, 2 if note else 0))
            case Listing(items=items):
                yield from (line for item in items for line in _item(item, 0))
            case Grid():
                yield _table(block)
        yield Text("")


def _item(item: Item, depth: int) -> Iterator[RenderableType]:
    line = Table.grid(padding=(0, 1, 0, 0))
    line.add_column(width=1)
    line.add_column()
    line.add_row(Text(_MARKS[min(depth, len(_MARKS) - 1)]), _text(item.words))
    yield Padding(line, (0, 0, 0, 2 * depth))
    for below in item.below:
        yield from _item(below, depth + 1)


def _table(grid: Grid) -> Table:
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, padding=(0, 2, 0, 0))
    for heading in grid.headings:
        table.add_column(heading, overflow="fold")
    for row in grid.rows:
        table.add_row(*(_text(cell) for cell in row.cells))
    return table


def _text(words: Words, style: str = "") -> Text:
    """Return words to print; a name within a sentence stands in quotes."""
    text = Text(style=style)
    for span in words:
        begins = not text.plain or text.plain.endswith(("(", ": "))
        quoted = span.style == "code" and not begins
        text.append(f"'{span.text}'" if quoted else span.text, style=_STYLES.get(span.style, ""))
    return text
