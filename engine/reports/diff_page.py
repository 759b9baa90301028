"""What two rulebooks differ in, as one page that needs nothing else: to print, to send, to keep."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from engine.reports.diff_tables import (
    in_order,
    name_in_words,
    named,
    value_in_words,
    written_lines,
)

if TYPE_CHECKING:
    from collections.abc import Iterable

    from engine.comparison.comparing import Comparison, PatientDifference
    from engine.comparison.meaning import Change
    from engine.reason import Node

_STYLE = """
body { font: 15px/1.45 system-ui, sans-serif; color: #1b1b1b; margin: 2rem auto; max-width: 70rem;
       padding: 0 1rem; }
h1 { font-size: 1.35rem; } h2 { font-size: 1.1rem; margin-top: 2rem; }
table { border-collapse: collapse; width: 100%; }
th { text-align: left; color: #666; font-weight: 500; }
th, td { padding: .35rem .8rem .35rem 0; border-bottom: 1px solid #e4e4e4; vertical-align: top; }
pre { background: #f6f6f4; padding: .6rem; margin: .3rem 0; white-space: pre-wrap; }
.before { color: #c0392b; } .after { color: #1e8449; }
.sides { display: grid; grid-template-columns: 1fr 1fr; gap: 1.5rem; }
ul { list-style: none; padding-left: 1rem; margin: .15rem 0; border-left: 1px solid #ddd; }
.sides > div > ul { border: 0; padding-left: 0; }
.yes { color: #1e8449; } .no { color: #c0392b; } .open { color: #9a6700; }
.citation, .dim { color: #777; } .event { color: #14532d; } .parameter { color: #6b2173; }
summary { cursor: pointer; padding: .4rem 0; } details { border-bottom: 1px solid #e4e4e4; }
@media print { details > * { display: block; } }
"""
_MARKS = {True: ("yes", "yes"), False: ("no", "no"), None: ("open", "open")}
_LINES = {"-": "before", "+": "after"}
_JUDGED = frozenset({"rule", "group", "criterion"})


def comparison_page(comparison: Comparison) -> str:
    """Return the page."""
    old, new = escape(named(comparison.old)), escape(named(comparison.new))
    body = [f"<h1>{old}<br>against {new}</h1>", "<h2>What changed in meaning</h2>",
            *_meaning(comparison.meaning),
            f"<h2>Patients: {comparison.differing} of {comparison.patients} differ</h2>"]
    for side, refused in zip(("old", "new"), comparison.refused, strict=True):
        if refused:
            body.append(f"<p class='no'>{len(refused)} lines refused by the {side} rulebook.</p>")
    body += [_difference(each) for each in in_order(comparison.found)]
    body.append(f"<p class='dim'>{escape(comparison.new.intended_use)}</p>")
    return ("<!doctype html>\n<html lang='en'><head><meta charset='utf-8'>"
            "<meta name='viewport' content='width=device-width'>"
            f"<title>{old} against {new}</title><style>{_STYLE}</style></head>\n<body>\n"
            + "\n".join(body) + "\n</body></html>\n")


def _meaning(changes: Iterable[Change]) -> list[str]:
    rows = []
    for each in changes:
        parts = "".join(f"<div class='{_LINES.get(line[:1], 'dim')}'>{escape(line)}</div>"
                        for line in written_lines(each))
        rows.append(f"<tr><td>{escape(each.kind)} <b>{escape(each.name)}</b></td>"
                    f"<td>{each.how}</td><td><pre>{parts}</pre></td></tr>")
    return ["<table>", *rows, "</table>"] if rows else ["<p>Nothing.</p>"]


def _difference(found: PatientDifference) -> str:
    difference, reasons = found.difference, found.explain()
    until = f" until {difference.to.date().isoformat()}" if difference.to else ""
    since = difference.since or difference.begun.date().isoformat()
    sides = "".join(
        f"<div><b>{side}: {escape(value_in_words(found, new=side == 'new'))}</b>"
        f"<ul>{_node(node)}</ul></div>"
        for side, node in (("old", reasons.old), ("new", reasons.new)))
    head = (f"Patient <b>{escape(difference.patient)}</b>, {escape(name_in_words(found))}, from "
            f"{escape(since)}{until}: {escape(value_in_words(found, new=False))} &rarr; "
            f"{escape(value_in_words(found, new=True))}")
    return (f"<details><summary>{head}</summary><p class='dim'>Both reasons as they stood "
            f"{escape(reasons.at)}</p><div class='sides'>{sides}</div></details>")


def _node(node: Node) -> str:
    mark = ""
    if node.kind in _JUDGED:
        css, word = _MARKS[node.truth]
        mark = f"<span class='{css}'>{word}</span> "
    label = "source: " if node.kind == "citation" else ""
    below = "".join(_node(each) for each in node.below)
    return (f"<li>{mark}<span class='{node.kind}'>{label}{escape(node.text)}</span>"
            + (f"<ul>{below}</ul>" if below else "") + "</li>")
