"""A rulebook printed as a document: as text, as Markdown or as a page of HTML."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from engine.document.building import Building
from engine.examples.reading import load_examples
from engine.problems import did_you_mean
from engine.reports.document_html import html_of
from engine.reports.document_markdown import markdown_of
from engine.reports.document_text import print_page
from engine.reports.output import page_console
from engine.request import RequestError
from engine.rulebook.loader import read_rulebook
from engine.rulebook.lock import versions

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path


def print_document(folder: Path, settings: Mapping[str, str], topic: str | None,
                   form: str) -> None:
    """Print a rulebook, or one topic or file of it, in a form: "text", "markdown" or "html"."""
    loaded = read_rulebook(folder, settings)
    rulebook = loaded.rulebook
    examples: dict[str, list[str]] = {}
    for example in load_examples(folder, rulebook):
        examples.setdefault(example.topic, []).append(example.name)
    building = Building(rulebook, examples, versions(folder, loaded))
    if topic is not None and topic not in building.known():
        advice = did_you_mean(topic, building.known()) or "without --topic all of them are printed"
        raise RequestError(f"topic: found {topic!r}, expected a file, a classification or an alert "
                           f"of the rulebook; {advice}")
    page = building.page(topic)
    if form == "text":
        console = page_console()
        with console.capture() as printed:
            print_page(console, page)
        sys.stdout.write("\n".join(line.rstrip() for line in printed.get().split("\n")))
    else:
        text = markdown_of(page) if form == "markdown" else html_of(page)
        sys.stdout.buffer.write(text.encode("utf-8"))
        sys.stdout.buffer.flush()
