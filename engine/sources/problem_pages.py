"""What does a code mean, how does the mistake look, and what is to be done: a page for each.

The pages are data. They stand beside the rulebooks, in `problems/`, since their samples are rules.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pydantic import Field

from engine.problems import Level, did_you_mean
from engine.request import RequestError
from engine.rulebook.bases import home
from engine.yaml_model import Strict
from engine.yaml_source import read_yaml, validate

if TYPE_CHECKING:
    from collections.abc import Mapping

_FOLDER = "problems"


class Page(Strict):
    """A code explained.

    The samples stand in `file` of a small rulebook, in the place of `instead` (or of `right`);
    with `also`, other pieces are changed for both. A wrong sample brings the codes of `with_` too.
    Where it is `locked`, the version was fixed before. A `shell` sample is no part of a file.
    """

    title: str
    means: str
    do: str
    level: Level = "error"
    file: str = ""
    wrong: str
    right: str
    instead: str = ""
    with_: list[str] = Field(default=[], alias="with")
    also: dict[str, list[str]] = Field(default={})
    locked: bool = False
    shell: bool = False


def problem_pages() -> dict[str, Page]:
    """Return every page by its code, in the order of the files."""
    folder = home()
    pages: dict[str, Page] = {}
    for path in sorted((folder / _FOLDER).glob("*.yaml")) if folder is not None else ():
        document = read_yaml(path.read_text("utf-8"), str(path))
        for code in document.value:
            pages[code] = validate(document, Page, (code,))
    return pages


def page_named(code: str, pages: Mapping[str, Page]) -> Page:
    """Return the page of a code; raises RequestError where there is none."""
    if code not in pages:
        advice = did_you_mean(code, pages) or "without a code, all of them are listed"
        raise RequestError(f"code: found {code!r}, expected the code of a problem, as it stands "
                           f"behind its place; {advice}")
    return pages[code]
