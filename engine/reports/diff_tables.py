"""What two rulebooks differ in, for people at a terminal."""

from __future__ import annotations

from difflib import unified_diff
from typing import TYPE_CHECKING

from rich.table import Table
from rich.text import Text

from engine.counting import natural_order
from engine.reports.rulebooks import name_of
from engine.reports.trees import tree_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rich.console import Console

    from engine.comparison.comparing import Comparison, PatientDifference
    from engine.comparison.meaning import Change
    from engine.rulebook.definitions import Rulebook

_MOST_REASONS = 5
_STYLES = {"-": "red", "+": "green"}


def print_comparison(console: Console, comparison: Comparison, *, with_reasons: bool | None,
                     has_patients: bool) -> None:
    """Print what changed, who differs, and the reasons: wished for, or if there are few."""
    console.print(Text(f"{named(comparison.old)}, against {named(comparison.new)}", style="bold"))
    _print_meaning(console, comparison.meaning)
    if not has_patients:
        return
    found = in_order(comparison.found)
    console.print(Text(f"\nPatients: {comparison.differing} of {comparison.patients} differ",
                       style="bold"))
    if found:
        console.print(_differences(found))
    for side, refused in zip(("old", "new"), comparison.refused, strict=True):
        if refused:
            console.print(Text(f"{len(refused)} refused by the {side} rulebook.", style="red"))
    few = len(found) <= _MOST_REASONS if with_reasons is None else with_reasons
    if few:
        for each in found:
            _print_reasons(console, each)
    elif found:
        console.print(Text("\nBoth reasons for each: --why, or --format html.", style="dim"))


def in_order(found: Sequence[PatientDifference]) -> list[PatientDifference]:
    """Return the differences by patient, as a person would look them up."""
    return sorted(found, key=lambda each: natural_order(each.difference.patient))


def named(rulebook: Rulebook) -> str:
    """Return a rulebook's name, version and digest, with what was set."""
    told = [f"{parameter.name}: {parameter.override}" for parameter in rulebook.parameters.values()
            if parameter.override]
    also = f"; {', '.join(told)}" if told else ""
    return name_of(rulebook, also)


def value_in_words(found: PatientDifference, *, new: bool) -> str:
    """Return what one side says: a value, or of an alert whether it is open."""
    difference = found.difference
    value = difference.new if new else difference.old
    if difference.is_alert:
        return "no alert" if value is None else f"alert, {value}"
    return "-" if value is None else value


def name_in_words(found: PatientDifference) -> str:
    """Return the conclusion, or both where they have other names."""
    one, other = found.difference.name, found.difference.other_name
    return one if one == other else f"{one} / {other}"


def _print_meaning(console: Console, changes: Sequence[Change]) -> None:
    meant = [each for each in changes if each.how != "reworded"]
    reworded = [each for each in changes if each.how == "reworded"]
    if not meant:
        console.print(Text("\nNothing changed in meaning."))
    else:
        console.print(Text("\nWhat changed in meaning", style="bold"))
    for each in meant:
        if "\n" in each.before + each.after:
            console.print(Text(f"  {each.kind} {each.name}: {each.how}"))
            for line in written_lines(each):
                console.print(Text(f"    {line}", style=_STYLES.get(line[:1], "dim")))
        elif each.before and each.after:
            console.print(Text(f"  {each.kind} {each.name}: {each.before} -> {each.after}"))
        else:
            said = each.before or each.after
            console.print(Text(f"  {each.kind} {each.name} {each.how}"
                               + (f": {said}" if said else "")))
    if reworded:
        names = ", ".join(f"{each.kind} {each.name}" for each in reworded)
        console.print(Text(f"  Only in words: {names}", style="dim"))


def written_lines(change: Change) -> list[str]:
    """Return the lines that differ, marked - and +, with one line around each."""
    before, after = change.before.splitlines(), change.after.splitlines()
    lines = list(unified_diff(before, after, lineterm="", n=1))[2:]
    return ["..." if line.startswith("@@") else line for line in lines] or [
        f"  {line}" for line in after]


def _differences(found: Sequence[PatientDifference]) -> Table:
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 2), header_style="dim")
    for heading in ("patient", "what", "from", "old", "new", "until"):
        table.add_column(heading)
    for each in found:
        difference = each.difference
        until = difference.to.date().isoformat() if difference.to else "-"
        table.add_row(*map(Text, (difference.patient, name_in_words(each),
                                  difference.since or difference.begun.date().isoformat(),
                                  value_in_words(each, new=False),
                                  value_in_words(each, new=True), until)))
    return table


def _print_reasons(console: Console, found: PatientDifference) -> None:
    difference, reasons = found.difference, found.explain()
    console.print(Text(f"\nPatient {difference.patient}, {name_in_words(found)}, as it stood "
                       f"{reasons.at}", style="bold"))
    table = Table(box=None, pad_edge=False, expand=True, padding=(0, 1, 0, 0))
    for heading in ("old", "new"):
        table.add_column(f"{heading}: {value_in_words(found, new=heading == 'new')}", ratio=1)
    table.add_row(tree_of(reasons.old), tree_of(reasons.new))
    console.print(table)
