"""A document as one page of HTML: nothing is fetched, nothing runs, and it prints well."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from engine.document.parts import Grid, Item, Listing, Paragraph, anchors

if TYPE_CHECKING:
    from collections.abc import Iterator, Set

    from engine.document.parts import Block, Page, Row, Section, Words

_TAGS = {"code": "code", "strong": "strong", "faint": "small"}
_STYLE = """
:root { --ink: #1c2430; --faint: #5b6675; --line: #d8dde4; --link: #0b5394; --note: #fff7e0;
  --paper: #fff; --code: #f2f4f7; --mark: #fff2b3; color-scheme: light dark; }
@media (prefers-color-scheme: dark) { :root { --ink: #e4e8ee; --faint: #a3adba; --line: #39424e;
  --link: #8cbcf0; --note: #3a3320; --paper: #161b22; --code: #232a33; --mark: #4a431f; } }
* { box-sizing: border-box; }
body { margin: 0; color: var(--ink); background: var(--paper);
  font: 16px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "DejaVu Sans", sans-serif; }
main { max-width: 56rem; padding: 2rem 2.5rem 6rem; margin: 0 auto; }
h1, h2, h3 { line-height: 1.25; text-wrap: balance; }
h1 { font-size: 1.7rem; } h2 { font-size: 1.35rem; margin-top: 3rem; padding-top: .6rem;
  border-top: 2px solid var(--line); } h3 { font-size: 1.08rem; margin-top: 2rem; }
a { color: var(--link); text-decoration: none; } a:hover { text-decoration: underline; }
code { font: .86em/1.4 ui-monospace, "DejaVu Sans Mono", Menlo, Consolas, monospace;
  background: var(--code); padding: .08em .3em; border-radius: 3px; overflow-wrap: anywhere; }
ul { margin: .2rem 0 .6rem; padding-left: 1.3rem; } li { margin: .15rem 0; }
ul ul { margin-bottom: .2rem; } .note { background: var(--note); padding: .5rem .8rem;
  border-left: 4px solid #e0a800; }
.wide { overflow-x: auto; } table { border-collapse: collapse; width: 100%; font-size: .92rem; }
th, td { text-align: left; vertical-align: top; padding: .35rem .7rem .35rem 0;
  border-bottom: 1px solid var(--line); } th { color: var(--faint); font-weight: 600; }
:target { background: var(--mark); }
nav { font-size: .9rem; padding: 1.5rem 1.5rem; }
nav ul { list-style: none; padding-left: 0; } nav ul ul { padding-left: .9rem; }
@media (min-width: 75rem) { body { display: grid; grid-template-columns: 19rem 1fr; }
  nav { position: sticky; top: 0; height: 100vh; overflow-y: auto;
    border-right: 1px solid var(--line); } main { margin: 0; } }
@media print { body { display: block; font-size: 10pt; } nav { height: auto; position: static;
  border: 0; break-after: page; } main { max-width: none; padding: 0; } a { color: inherit; }
  h1, h2, h3 { break-after: avoid; } li, tr { break-inside: avoid; }
  li:has(ul) { break-inside: auto; }
  .wide { overflow: visible; } code { background: none; padding: 0; } }
"""


def html_of(page: Page) -> str:
    """Return the whole page as HTML."""
    return "\n".join(_Writer(set(anchors(page))).page(page)) + "\n"


class _Writer:
    def __init__(self, known: Set[str]) -> None:
        self._known = known

    def page(self, page: Page) -> Iterator[str]:
        title = escape(page.title)
        yield '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">'
        yield '<meta name="viewport" content="width=device-width, initial-scale=1">'
        yield f"<title>{title}</title>\n<style>{_STYLE}</style>\n</head>\n<body>"
        yield '<nav aria-label="Contents">\n<strong>Contents</strong>'
        yield from self._contents(page.sections)
        yield f"</nav>\n<main>\n<h1>{title}</h1>"
        for block in page.blocks:
            yield from self._block(block)
        for section in page.sections:
            yield from self._section(section, 2)
        yield "</main>\n</body>\n</html>"

    def _contents(self, sections: tuple[Section, ...]) -> Iterator[str]:
        yield "<ul>"
        for section in sections:
            yield f'<li><a href="#{escape(section.anchor)}">{escape(section.title)}</a>'
            if section.contents:
                yield from self._contents(section.contents)
            yield "</li>"
        yield "</ul>"

    def _section(self, section: Section, level: int) -> Iterator[str]:
        yield "<section>"
        yield f"<h{level}{_id(section.anchor)}>{escape(section.title)}</h{level}>"
        for block in section.blocks:
            yield from self._block(block)
        for inner in section.sections:
            yield from self._section(inner, min(level + 1, 6))
        yield "</section>"

    def _block(self, block: Block) -> Iterator[str]:
        match block:
            case Paragraph(words=words, note=note):
                opening = '<p class="note">' if note else "<p>"
                yield f"{opening}{self._words(words)}</p>"
            case Listing(items=items):
                yield self._list(items)
            case Grid(headings=headings, rows=rows):
                heads = "".join(f'<th scope="col">{escape(each)}</th>' for each in headings)
                yield f'<div class="wide"><table>\n<thead><tr>{heads}</tr></thead>\n<tbody>'
                yield from map(self._row, rows)
                yield "</tbody>\n</table></div>"

    def _row(self, row: Row) -> str:
        cells = "".join(f"<td>{self._words(cell)}</td>" for cell in row.cells)
        return f"<tr{_id(row.anchor)}>{cells}</tr>"

    def _list(self, items: tuple[Item, ...]) -> str:
        lines = (f"<li{_id(item.anchor)}>{self._words(item.words)}"
                 f"{self._list(item.below) if item.below else ''}</li>" for item in items)
        return "<ul>" + "".join(lines) + "</ul>"

    def _words(self, words: Words) -> str:
        return "".join(self._span(span.text, span.style, span.link) for span in words)

    def _span(self, text: str, style: str, link: str) -> str:
        tag = _TAGS.get(style)
        shown = f"<{tag}>{escape(text)}</{tag}>" if tag else escape(text)
        return f'<a href="#{escape(link)}">{shown}</a>' if link in self._known else shown


def _id(anchor: str) -> str:
    return f' id="{escape(anchor)}"' if anchor else ""
