"""Assessments as a table for people: a row a patient, and below what must not be overlooked."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from msgspec import Struct

from engine.counting import counted, natural_order
from engine.facts.wording import bound_in_words
from engine.reports.columns import Column, fitted, wrapped
from engine.reports.rulebooks import short
from engine.reports.severities import STYLES

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    from engine.assessment import Assessment
    from engine.events.event import Refusal
    from engine.events.when import When
    from engine.rulebook.definitions import Rulebook

NOTHING = "-"
_PATIENT, _ALERTS = "patient", "open alerts"


class Row(Struct, frozen=True):
    """What the table needs of one assessment; the rest may be forgotten."""

    patient: str
    as_of: When
    summary: Mapping[str, Any]
    alerts: tuple[tuple[str, str], ...]
    subsumed: int
    caveats: int
    undecided: int


def row_of(assessment: Assessment) -> Row:
    """Return one patient's row; an alert is its severity and its rule."""
    open_ = [each for each in assessment.alerts if each.end is None]
    caveats = [each.caveats for each in assessment.conclusions if each.end is None]
    caveats += [each.caveats for each in open_]
    return Row(assessment.patient, assessment.as_of, assessment.summary,
               tuple((each.severity, each.rule) for each in open_ if not each.subsumed_by),
               sum(1 for each in open_ if each.subsumed_by),
               sum(1 for each in caveats if each),
               len(assessment.undecided))


def by_name(rows: Iterable[Row]) -> list[Row]:
    """Return the rows as a person would look them up."""
    return sorted(rows, key=lambda row: natural_order(row.patient))


def print_table(console: Console, rulebook: Rulebook, as_of: When | None,
                rows: Sequence[Row], refused: Sequence[Refusal]) -> None:
    """Print the table and its notes, as wide as the console is."""
    from rich.text import Text

    if not rows:
        console.print(Text("Nothing to assess: " + (
            "every line was refused." if refused else
            f"nothing was known by {as_of.text}." if as_of else "no event was given.")))
    else:
        columns = _columns(rows, rulebook)
        widths, gap = fitted(columns, console.width)
        shown = [each for each in columns if each.heading in widths]
        console.print(_table(shown, widths, gap, len(rows)))
        left_out = [each.heading for each in columns if each.heading not in widths]
        for note in _notes(rows, left_out):
            console.print(Text(note, style="dim"))
    if refused:
        console.print(Text(f"{len(refused)} refused: see the error output.", style="bold red"))
    console.print(Text(f"Rulebook {rulebook.id} {rulebook.version}, "
                       f"digest {short(rulebook.digest)}{_extending(rulebook)}.",
                       style="dim"))


def _extending(rulebook: Rulebook) -> str:
    """Say what a rulebook extends, and of how much it says otherwise."""
    if not rulebook.extends:
        return ""
    added = sum(each.added for each in rulebook.overrides)
    also = f", {added} added" if added else ""
    overridden = counted(len(rulebook.overrides) - added, "override")
    return f"; extends {rulebook.extends[0]}, {overridden}{also}"


def _columns(rows: Sequence[Row], rulebook: Rulebook) -> list[Column]:
    columns = [Column(_PATIENT, tuple((_printable(row.patient),) for row in rows))]
    for field in rulebook.summary:
        values = [row.summary.get(field) for row in rows]
        columns.append(Column(field.replace("_", " "), tuple((_cell(each),) for each in values),
                              all(each is None or _is_number(each) for each in values)))
    alerts = tuple(tuple(f"{rule} ({severity})" for severity, rule in row.alerts) or (NOTHING,)
                   for row in rows)
    return [*columns, Column(_ALERTS, alerts)]


def _table(columns: Sequence[Column], widths: Mapping[str, int], gap: int, rows: int) -> Table:
    from rich import box
    from rich.table import Table

    table = Table(box=box.SIMPLE_HEAD, show_edge=False, pad_edge=False,
                  padding=(0, gap - 1, 0, 0))  # the box draws one between columns itself
    for each in columns:
        table.add_column(each.heading, width=widths[each.heading], vertical="top",
                         justify="right" if each.is_number else "left", overflow="fold")
    for index in range(rows):
        table.add_row(*(_styled(each, index, widths[each.heading]) for each in columns))
    return table


def _styled(column: Column, index: int, width: int) -> Text:
    from rich.text import Text

    cell = Text()
    for number, line in enumerate(column.cells[index]):
        style = ""
        if line == NOTHING:
            style = "dim"
        elif column.heading == _ALERTS:
            style = STYLES.get(line.rpartition("(")[2].rstrip(")"), "")
        elif column.heading == _PATIENT:
            style = "bold"
        cell.append("\n" if number else "").append(wrapped(line, width), style=style)
    return cell


def _notes(rows: Sequence[Row], left_out: Sequence[str]) -> Iterator[str]:
    yield ""
    yield _moments(rows)
    caveats, undecided = sum(row.caveats for row in rows), sum(row.undecided for row in rows)
    yield (f"{counted(caveats, 'conclusion or open alert', 'conclusions and open alerts')} "
           f"with caveats, {counted(undecided, 'question')} that could not be decided.")
    subsumed = sum(row.subsumed for row in rows)
    if subsumed:
        yield f"Besides, {counted(subsumed, 'open alert')} subsumed by those shown."
    if left_out:
        yield f"Not shown for want of width: {', '.join(left_out)}."


def _moments(rows: Sequence[Row]) -> str:
    count = counted(len(rows), "patient")
    ordered = sorted((row.as_of for row in rows), key=lambda when: (when.end, when.text))
    first, last = ordered[0].text, ordered[-1].text
    return f"{count}, as of {first}." if first == last else (
        f"{count}, each as of its own newest record ({first} to {last}).")


def _cell(value: Any) -> str:
    if value is None:
        return NOTHING
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, dict):
        return bound_in_words(value)
    return _printable(str(value))


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float | dict) and not isinstance(value, bool)


def _printable(text: str) -> str:
    return "".join(each if each.isprintable() else "\N{REPLACEMENT CHARACTER}" for each in text)
