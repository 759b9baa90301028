"""How fast is the engine beside what a user would pick instead, on one and the same work?

``python benchmarks/run.py`` makes a stream of patients, has every contestant judge it, sees that
all come to the same conclusions, and only then measures: each in fresh processes, in turns, so that
a busy machine is busy for all. ``--write`` puts the table into `benchmarks/README.md`.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from statistics import median
from typing import Any

from patients import events_wanted, write
from running import (
    CONTESTANTS,
    FOLDER,
    OURS,
    REFERENCE,
    USUAL,
    VALIDATING,
    Contestant,
    NotHereError,
    machine,
    run,
    versions,
)

BEGIN, END = "<!-- table: begin (run.py --write) -->", "<!-- table: end -->"
HEAD = ("", "events/s", "rules alone, events/s", "x durable_rules, usual", "cost, in validations",
        "peak MB", "ready s")

Report = dict[str, Any]


def present(contestants: Sequence[Contestant], file: Path,
            sample: Path) -> dict[Contestant, Report]:
    """Return who can run here, with what each concludes; tell of the others.

    Who does other work than the rest has nothing to be compared: a sample shows that it runs.
    """
    found = {}
    for contestant in contestants:
        _tell(f"checking {contestant.name}")
        try:
            found[contestant] = run(contestant, file if contestant.judges else sample,
                                    with_digest=True)
        except NotHereError as reason:
            print(f"{contestant.name} is left out: {reason}.", file=sys.stderr)
    return found


def differences(found: dict[Contestant, Report]) -> list[str]:
    """Return, in words, how conclusions differ from those of the reference."""
    told = []
    reference = next(report for each, report in found.items() if each.name == REFERENCE)
    for contestant, report in found.items():
        if not contestant.judges:
            continue
        for name in sorted({*reference["counts"], *report["counts"]}):
            one, other = reference["counts"].get(name, 0), report["counts"].get(name, 0)
            if one != other:
                told.append(f"{contestant.name}: found {other} of {name}, expected {one}")
        if report["counts"] == reference["counts"] and report["digest"] != reference["digest"]:
            told.append(f"{contestant.name}: as many conclusions, but not of the same events")
    return told


def measured(found: dict[Contestant, Report], file: Path,
             rounds: int) -> dict[Contestant, list[Report]]:
    """Return what each contestant reports in every round; all have their turn in each."""
    reports: dict[Contestant, list[Report]] = {each: [] for each in found}
    for number in range(rounds):
        for contestant, checked in found.items():
            _tell(f"round {number + 1} of {rounds}: {contestant.name}")
            report = run(contestant, file)
            expected = checked if contestant.judges else (reports[contestant] or [report])[0]
            if report["counts"] != expected["counts"]:
                raise SystemExit(f"{contestant.name} concluded otherwise in round {number + 1}")
            reports[contestant].append(report)
    return reports


def table(reports: dict[Contestant, list[Report]], events: int) -> list[tuple[str, ...]]:
    """Return a row for each contestant: medians, and medians of the ratios within a round."""
    by_name = {each.name: own for each, own in reports.items()}
    rows = []
    for contestant, own in reports.items():
        seconds = [_seconds(report) for report in own]
        rules = median(report["seconds"]["rules"] for report in own)
        rows.append((
            contestant.title,
            _number(events / median(seconds)),
            _number(events / rules) if rules else "",
            _ratio(by_name.get(USUAL), own),
            _ratio(own, by_name.get(VALIDATING)),
            f"{median(report['peak_mb'] for report in own):.0f}",
            f"{median(report['seconds']['ready'] for report in own):.2f}"))
    return rows


def standing(reports: dict[Contestant, list[Report]]) -> str:
    """Return in a sentence who is faster than this engine on the same rules, and who is not."""
    ours = next((own for each, own in reports.items() if each.name == OURS), None)
    if ours is None:
        return ""
    ahead, behind = [], []
    for contestant, own in reports.items():
        if not contestant.judges or contestant.name == OURS:
            continue
        times = median(_seconds(one) / _seconds(other)
                       for one, other in zip(ours, own, strict=True))
        title = contestant.title.removeprefix("floor: ")
        (ahead if times > 1 else behind).append(f"{title} ({max(times, 1 / times):.3g} times)")
    return (f"On the letter's rules these are faster than this engine: {_listed(ahead)}. "
            f"It is faster than these: {_listed(behind)}.\n\n")


def _listed(names: list[str]) -> str:
    return "; ".join(names) or "none"


def _seconds(report: Report) -> float:
    return float(report["seconds"]["end_to_end"])


def _ratio(ones: list[Report] | None, others: list[Report] | None) -> str:
    """Return how many times as long one takes as the other, by rounds."""
    if ones is None or others is None:
        return ""
    times = median(_seconds(one) / _seconds(other) for one, other in zip(ones, others, strict=True))
    return f"{times:.3g}" if times < 100 else _number(times)


def _number(value: float) -> str:
    digits = 10 ** max(0, len(str(int(value))) - 3)  # three figures: no more can be relied on
    return f"{round(value / digits) * digits:,}"


def as_markdown(rows: list[tuple[str, ...]]) -> str:
    """Return a table for a page."""
    head = [HEAD, ("---", *("---:" for _ in HEAD[1:]))]
    return "\n".join(f"| {' | '.join(row)} |" for row in [*head, *rows])


def as_text(rows: list[tuple[str, ...]]) -> str:
    """Return a table for a terminal."""
    plain = [HEAD, *(tuple(cell.replace("**", "") for cell in row) for row in rows)]
    widths = [max(len(row[place]) for row in plain) for place in range(len(HEAD))]
    return "\n".join(
        "  ".join([row[0].ljust(widths[0]),
                   *(cell.rjust(width) for cell, width in zip(row[1:], widths[1:], strict=True))])
        for row in plain)


def into_page(page: Path, text: str) -> None:
    """Put a text between the two marks of a page."""
    before, _, rest = page.read_text(encoding="utf-8").partition(BEGIN)
    _, mark, after = rest.partition(END)
    if not mark:
        raise SystemExit(f"{page}: expected the marks {BEGIN} and {END}; put them back")
    page.write_text(f"{before}{BEGIN}\n{text}\n{END}{after}", encoding="utf-8")


def _tell(what: str) -> None:
    if sys.stderr.isatty():
        print(f"\r\033[K{what}", end="", file=sys.stderr, flush=True)


def _wanted(names: list[str]) -> list[Contestant]:
    """Return the contestants named, and the one against which all are checked."""
    unknown = sorted(set(names) - {each.name for each in CONTESTANTS})
    if unknown:
        raise SystemExit(f"--only: found {', '.join(unknown)}, expected some of "
                         f"{', '.join(each.name for each in CONTESTANTS)}")
    return [each for each in CONTESTANTS
            if not names or each.name in names or each.name == REFERENCE]


def _options() -> argparse.Namespace:
    options = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    options.add_argument("--patients", type=int, default=500)
    options.add_argument("--events", type=events_wanted, default=60, help="of each patient")
    options.add_argument("--rounds", type=int, default=5, help="the median of so many is told")
    options.add_argument("--only", metavar="NAME,NAME", default="", help="some contestants")
    options.add_argument("--write", action="store_true", help="put the table into README.md")
    options.add_argument("--page", type=Path, default=FOLDER / "README.md", help="or elsewhere")
    return options.parse_args()


def main() -> None:
    """Check that all agree, measure, and print the table."""
    chosen = _options()
    contestants = _wanted([each for each in chosen.only.split(",") if each])
    events = chosen.patients * chosen.events
    with tempfile.TemporaryDirectory() as folder:
        file = write(Path(folder) / "patients.ndjson", chosen.patients, chosen.events)
        sample = write(Path(folder) / "sample.ndjson", 1, chosen.events)
        found = present(contestants, file, sample)
        if different := differences(found):
            raise SystemExit("\n".join(["The contestants disagree, so nothing was measured:",
                                        *different]))
        records = next(report["records"] for each, report in found.items()
                       if each.name == REFERENCE)
        reports = measured(found, file, chosen.rounds)
    rows = table(reports, events)
    _tell("")
    about = (f"{standing(reports)}"
             f"{chosen.patients:,} patients x {chosen.events} events, {records:,} conclusions by "
             f"the letter's rules, the same in all; median of {chosen.rounds} rounds.\n"
             f"{versions()}\n{machine()}")
    print(f"{as_text(rows)}\n\n{about}")
    if chosen.write:
        into_page(chosen.page, f"\n{as_markdown(rows)}\n\n{about}\n")


if __name__ == "__main__":
    main()
