"""Assessments as a table for people: one row a patient, and below it what must not be overlooked."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from engine.reports.columns import Column, fitted, wrapped

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from rich.console import Console
    from rich.text import Text

    from engine.assessment import Assessment
    from engine.events.event import Refusal
    from engine.events.when import When
    from engine.rulebook.definitions import Rulebook

NOTHING = "-"
_PATIENT, _ALERTS = "patient", "open alerts"
_STYLES = {"critical": "bold red", "high": "red", "moderate": "yellow", "low": "cyan"}
_GAP = 2
_DIGEST_SHOWN = 12


@dataclass(frozen=True, slots=True)
class Row:
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
    standing = [each for each in assessment.conclusions if each.end is None]
    return Row(assessment.patient, assessment.as_of, assessment.summary,
               tuple((each.severity, each.rule) for each in open_ if not each.subsumed_by),
               sum(1 for each in open_ if each.subsumed_by),
               sum(1 for each in [*standing, *open_] if each.caveats),
               len(assessment.undecided))


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
        widths = fitted(columns, console.width, _GAP)
        _print_rows(console, [each for each in columns if each.heading in widths], widths, rows)
        left_out = [each.heading for each in columns if each.heading not in widths]
        for note in _notes(rows, left_out):
            console.print(Text(note, style="dim"))
    if refused:
        console.print(Text(f"{len(refused)} refused: see the error output.", style="bold red"))
    console.print(Text(f"Rulebook {rulebook.id} {rulebook.version}, "
                       f"digest {rulebook.digest[:_DIGEST_SHOWN]}.", style="dim"))


def _columns(rows: Sequence[Row], rulebook: Rulebook) -> list[Column]:
    columns = [Column(_PATIENT, tuple((_printable(row.patient),) for row in rows))]
    for field in rulebook.summary:
        values = [row.summary.get(field) for row in rows]
        columns.append(Column(field.replace("_", " "), tuple((_cell(each),) for each in values),
                              all(each is None or _is_number(each) for each in values)))
    alerts = tuple(tuple(f"{severity} {rule}" for severity, rule in row.alerts) or (NOTHING,)
                   for row in rows)
    return [*columns, Column(_ALERTS, alerts)]


def _print_rows(console: Console, columns: Sequence[Column], widths: Mapping[str, int],
                rows: Sequence[Row]) -> None:
    from rich import box
    from rich.table import Table

    table = Table(box=box.SIMPLE_HEAD, show_edge=False, pad_edge=False, padding=(0, _GAP, 0, 0),
                  collapse_padding=True, show_lines=False)
    for each in columns:
        table.add_column(each.heading, width=widths[each.heading], vertical="top",
                         justify="right" if each.is_number else "left", overflow="fold")
    for index in range(len(rows)):
        table.add_row(*(_styled(each, index, widths[each.heading]) for each in columns))
    console.print(table)


def _styled(column: Column, index: int, width: int) -> Text:
    from rich.text import Text

    cell = Text()
    for number, line in enumerate(column.cells[index]):
        style = ""
        if line == NOTHING:
            style = "dim"
        elif column.heading == _ALERTS:
            style = _STYLES.get(line.partition(" ")[0], "")
        elif column.heading == _PATIENT:
            style = "bold"
        cell.append("\n" if number else "").append(wrapped(line, width), style=style)
    return cell


def _notes(rows: Sequence[Row], left_out: Sequence[str]) -> Iterator[str]:
    yield ""
    yield _moments(rows)
    caveats, undecided = sum(row.caveats for row in rows), sum(row.undecided for row in rows)
    yield (f"{caveats} open conclusions and alerts carry caveats; {undecided} questions could not "
           "be decided: ask why.")
    subsumed = sum(row.subsumed for row in rows)
    if subsumed:
        yield f"{subsumed} more open alerts are subsumed by those shown."
    if left_out:
        yield f"Not shown for want of width: {', '.join(left_out)}."


def _moments(rows: Sequence[Row]) -> str:
    count = f"{len(rows)} patient{'' if len(rows) == 1 else 's'}"
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
        return f"{value.get('comparator', '')}{value['value']}"
    return _printable(str(value))


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float | dict) and not isinstance(value, bool)


def _printable(text: str) -> str:
    return "".join(each if each.isprintable() else "\N{REPLACEMENT CHARACTER}" for each in text)
