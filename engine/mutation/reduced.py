"""What does an example expect of a part of the rulebook alone?"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Set as AbstractSet

    from engine.examples.example import Example
    from engine.examples.shapes import EntryShape, ExpectShape


def reduced(example: Example, touched: AbstractSet[str], kept: AbstractSet[str],
            fields: AbstractSet[str]) -> Example | None:
    """Return the example with what it expects of what was touched; None if that is nothing.

    `kept` are the names of the rulebook's part, `fields` those of its summary that were touched.
    """
    expect = example.expect
    alerts = {
        name: None if listed is None else [one for one in listed if _named(one) in kept]
        for name, listed in (("alerts", expect.alerts), ("closed", expect.closed),
                             ("subsumed", expect.subsumed))}
    left = expect.model_copy(update={
        "summary": {name: value for name, value in expect.summary.items() if name in fields},
        "conclusions": {k: v for k, v in expect.conclusions.items() if k in touched},
        "history": {k: v for k, v in expect.history.items() if k in touched},
        "caveats": {k: v for k, v in expect.caveats.items() if k in touched},
        "needs": {k: v for k, v in expect.needs.items() if k in touched},
        "undecided": [name for name in expect.undecided if name in touched],
        "may_be": {k: v for k, v in expect.may_be.items() if k in touched},
        "decided": [name for name in expect.decided if name in touched],
        "worklist": _worklist(expect, kept),
        "refused": [one for one in expect.refused
                    if isinstance(one, str) or not one.alert or one.alert in kept],
        **alerts,
    })
    acts = tuple(act for act in example.acts if not act.rule or act.rule in kept)
    return replace(example, expect=left, acts=acts) if _says_something(left) else None


def _worklist(expect: ExpectShape, kept: AbstractSet[str]) -> Any:
    """Return what is expected of the worklist, at each moment, of the alerts that are kept."""
    listed = {moment: [one for one in wanted if _named(one) in kept]
              for moment, wanted in expect.worklists()}
    return listed if isinstance(expect.worklist, dict) else listed.get("")


def _named(entry: str | EntryShape) -> str:
    return entry if isinstance(entry, str) else entry.rule


def _says_something(expect: ExpectShape) -> bool:
    listed = (expect.alerts, expect.closed, expect.subsumed, expect.worklist)
    return any((expect.summary, expect.conclusions, expect.history, expect.caveats, expect.needs,
                expect.undecided, expect.may_be, expect.decided)) or any(
                    each is not None for each in listed) or any(
                        not isinstance(one, str) and one.alert for one in expect.refused)
