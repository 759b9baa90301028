"""How is the page of a problem's code printed, and the list of all codes?"""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from engine.sources.problem_pages import Page

_WIDTH = 90


def page_in_words(code: str, page: Page) -> Iterator[str]:
    """Yield the lines of one page."""
    yield f"{code} ({page.level}): {page.title}"
    yield ""
    yield from textwrap.wrap(page.means, _WIDTH)
    where = f", in {page.file}" if page.file else ""
    for word, sample in (("Wrong", page.wrong), ("Right", page.right)):
        yield ""
        yield f"{word}{where}:"
        yield from textwrap.indent(sample, "    ").splitlines()
    yield ""
    yield from textwrap.wrap(f"What to do: {page.do}", _WIDTH)


def codes_in_words(pages: Mapping[str, Page], command: str) -> Iterator[str]:
    """Yield every code with what it is about."""
    widest = max(map(len, pages), default=0)
    for code, page in sorted(pages.items()):
        mark = " (warning)" if page.level == "warning" else ""
        yield f"{code:<{widest}}  {page.title}{mark}"
    yield ""
    yield f"{command} CODE says more, with a wrong and a right sample."


def print_page(code: str | None, pages: Mapping[str, Page], page: Page | None,
               command: str) -> None:
    """Print one page, or the list of all codes."""
    lines = codes_in_words(pages, command) if code is None or page is None else page_in_words(
        code, page)
    for line in lines:
        print(line)
