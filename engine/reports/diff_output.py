"""Where does a comparison of rulebooks go: a page at a terminal, JSON, or HTML?"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from engine.reports.diff_page import comparison_page
from engine.reports.diff_records import comparison_record
from engine.reports.diff_tables import print_comparison
from engine.reports.output import as_json, page_console

if TYPE_CHECKING:
    from engine.comparison.comparing import Comparison


def print_diff(found: Comparison, form: str, *, with_reasons: bool | None,
               has_patients: bool) -> None:
    """Print everything that differs."""
    if form == "json":
        sys.stdout.buffer.write(as_json(comparison_record(found)) + b"\n")
    elif form == "html":
        sys.stdout.buffer.write(comparison_page(found).encode("utf-8", "backslashreplace"))
    else:
        console = page_console()
        with console.capture() as page:
            print_comparison(console, found, with_reasons=with_reasons, has_patients=has_patients)
        sys.stdout.write(page.get())
    sys.stdout.flush()
