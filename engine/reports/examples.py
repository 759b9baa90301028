"""What the author of a rulebook reads when its examples have been run."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from engine.assess import Assessor
from engine.counting import counted
from engine.examples.coverage import uncovered
from engine.examples.reading import load_examples
from engine.examples.running import Assessors, Outcome
from engine.examples.watching import Watch, watched
from engine.reports.coverage import coverage_record, print_coverage

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rich.console import Console

    from engine.rulebook.definitions import Rulebook


@dataclass(frozen=True, slots=True)
class Tested:
    """What became of every example, and which truths the conditions took, if that was watched."""

    rulebook: Rulebook
    outcomes: tuple[Outcome, ...]
    watch: Watch | None

    @property
    def passed(self) -> bool:
        """Whether every example is as expected."""
        return all(outcome.passed for outcome in self.outcomes)


def run_examples(folder: Path, rulebook: Rulebook, *, coverage: bool = False) -> Tested:
    """Run the examples of a rulebook's folder."""
    examples = load_examples(folder, rulebook)
    if not coverage:
        assessors = Assessors(lambda zone: Assessor(rulebook, zone))
        return Tested(rulebook, tuple(assessors.run(example) for example in examples), None)
    watch = Watch(rulebook)
    assessors = Assessors(lambda zone: watched(rulebook, zone, watch), whole=True)
    outcomes = tuple(assessors.run(example) for example in examples)
    watch.settle()
    return Tested(rulebook, outcomes, watch)


def tested_record(tested: Tested) -> dict[str, Any]:
    """Return what became of the examples as a record."""
    return {
        "rulebook": {"id": tested.rulebook.id, "version": tested.rulebook.version,
                     "digest": tested.rulebook.digest},
        "examples": [
            {"topic": one.example.topic, "name": one.example.name, "place": str(one.example.place),
             "passed": one.passed,
             "differences": [{"what": each.what, "expected": each.expected, "got": each.got}
                             for each in one.differences]}
            for one in tested.outcomes],
        **({"coverage": coverage_record(tested.watch, tested.rulebook)} if tested.watch else {}),
    }


def print_test(console: Console, tested: Tested) -> None:
    """Print what became of the examples."""
    outcomes, rulebook = tested.outcomes, tested.rulebook
    examples = [outcome.example for outcome in outcomes]
    for topic in dict.fromkeys(example.topic for example in examples):
        _print_topic(console, topic, [one for one in outcomes if one.example.topic == topic])
    _print_uncovered(console, rulebook, outcomes)
    if tested.watch is not None:
        print_coverage(console, tested.watch, rulebook)
    failed = sum(not outcome.passed for outcome in outcomes)
    console.print(f"{counted(len(outcomes), 'example')}, {failed or 'none'} failed")


def _print_topic(console: Console, topic: str, outcomes: Sequence[Outcome]) -> None:
    passed = sum(outcome.passed for outcome in outcomes)
    console.print(f"{topic}: {passed} of {counted(len(outcomes), 'example')} as expected",
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
