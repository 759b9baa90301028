"""What the author of a rulebook reads of the conditions that its examples exercise."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from engine.examples.gaps import by_topic, gaps

if TYPE_CHECKING:
    from rich.console import Console

    from engine.events.amount import Truth
    from engine.examples.watching import Watch
    from engine.problems import Place
    from engine.rulebook.definitions import Rulebook

_WORDS: dict[Truth, str] = {True: "true", False: "false", None: "unknown"}


def print_coverage(console: Console, watch: Watch, rulebook: Rulebook) -> None:
    """Print what was seen of each conclusion and alert, and what was never seen so or so."""
    from rich.table import Table
    from rich.text import Text

    table = Table("conclusion or alert", box=None, pad_edge=False, show_edge=False,
                  padding=(0, 2, 0, 0))
    for column in ("conditions", "seen true", "seen false", "seen unknown"):
        table.add_column(column, justify="right")
    for one in by_topic(watch, rulebook):
        table.add_row(one.topic, str(one.spots), _of(one.seen_true, one.spots),
                      _of(one.seen_false, one.may_be_false),
                      _of(one.seen_unknown, one.may_be_unknown))
    console.print(table)
    found = gaps(watch, rulebook)
    for truth in (True, False, None):
        never = [gap.spot for gap in found if truth in gap.never]
        if never:
            console.print(Text(f"Never seen {_WORDS[truth]}:"))
        for line in dict.fromkeys(f"{_short(spot.place)}: {spot.topic}, {spot}" for spot in never):
            console.print(Text(f"  {line}"), soft_wrap=True)
    if not found:
        console.print("Every condition was seen true, false, and unknown where it can be.")


def coverage_record(watch: Watch, rulebook: Rulebook) -> dict[str, Any]:
    """Return the coverage as a record: every condition with the truths that it took."""
    missing = {gap.spot: gap.never for gap in gaps(watch, rulebook)}
    return {"conditions": [
        {"topic": spot.topic, "part": spot.part, "criterion": spot.text or None,
         "place": str(spot.place),
         "seen": [word for truth, word in _WORDS.items() if truth in seen],
         "never": [_WORDS[truth] for truth in missing.get(spot, ())]}
        for spot, seen in watch.seen.items()]}


def _of(seen: int, all_: int) -> str:
    return f"{seen} of {all_}"


def _short(place: Place) -> str:
    return f"{Path(place.file).name}:{place.line}"
