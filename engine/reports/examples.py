"""What the author of a rulebook reads when its examples have been run."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from engine.assess import Assessor
from engine.examples.coverage import uncovered
from engine.examples.reading import load_examples
from engine.examples.running import Outcome, run_example

if TYPE_CHECKING:
    from collections.abc import Sequence
    from zoneinfo import ZoneInfo

    from rich.console import Console

    from engine.rulebook.definitions import Rulebook


def print_test(console: Console, folder: Path, rulebook: Rulebook, zone: ZoneInfo) -> bool:
    """Run the examples of a rulebook's folder, print what came of them; return if all passed."""
    examples = load_examples(folder, rulebook)
    assessor = Assessor(rulebook, zone)
    outcomes = [run_example(example, assessor) for example in examples]
    for topic in dict.fromkeys(example.topic for example in examples):
        _print_topic(console, topic, [one for one in outcomes if one.example.topic == topic])
    _print_uncovered(console, rulebook, outcomes)
    failed = sum(not outcome.passed for outcome in outcomes)
    console.print(f"{_counted(len(outcomes), 'example')}, {failed or 'none'} failed")
    return not failed


def _print_topic(console: Console, topic: str, outcomes: Sequence[Outcome]) -> None:
    passed = sum(outcome.passed for outcome in outcomes)
    console.print(f"{topic}: {passed} of {_counted(len(outcomes), 'example')} as expected",
                  highlight=False)
    for outcome in outcomes:
        if not outcome.passed:
            _print_failure(console, outcome)


def _print_failure(console: Console, outcome: Outcome) -> None:
    from rich.padding import Padding
    from rich.table import Table
    from rich.text import Text

    example = outcome.example
    console.print(Text(f"  {example.place}: {example.name}", style="bold red"))
    if example.why:
        console.print(Text(f"  ({example.why})", style="dim"))
    table = Table("", "expected", "got", box=None, pad_edge=False, show_edge=False,
                  padding=(0, 2, 0, 0))
    for one in outcome.differences:
        table.add_row(Text(one.what), Text(one.expected, style="green"), Text(one.got, style="red"))
    console.print(Padding(table, (0, 0, 0, 4)))


def _print_uncovered(console: Console, rulebook: Rulebook, outcomes: Sequence[Outcome]) -> None:
    from rich.text import Text

    missing = uncovered(rulebook, outcomes)
    if missing.topics:
        console.print(Text(f"No example beside: {', '.join(missing.topics)}"))
    if missing.rules:
        console.print(Text("No example makes these rules fire:"))
        for rule, place in missing.rules:
            console.print(Text(f"  {rule} ({Path(place.file).name}:{place.line})"))


def _counted(number: int, word: str) -> str:
    return f"{number} {word}{'' if number == 1 else 's'}"
