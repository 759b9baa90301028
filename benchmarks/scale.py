"""How does the cost grow with the work: with patients, with one patient's events, with processes?

``python benchmarks/scale.py`` measures this engine alone, each run in a process of its own: the
cost a patient, the cost an event of one long patient, the gain of a second process, and how long
the program takes from a cold start.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median
from typing import TypeVar

from patients import events_wanted, write
from running import FOLDER, Contestant, machine, run, versions

ROOT = FOLDER.parent
COHORT = ROOT / "examples/letter-cohort.ndjson"
PATIENCE = 120  # seconds after which one piece of work is not begun again
RULEBOOKS = ("letter", "itp-sirolimus")

T = TypeVar("T")


def repeated(work: Callable[[], T], rounds: int) -> list[T]:
    """Return the results of so many rounds, or of fewer where one takes long."""
    begun, results = time.perf_counter(), [work()]
    while len(results) < rounds and time.perf_counter() - begun < PATIENCE:
        results.append(work())
    return results


def judged(file: Path, rulebook: str, rounds: int) -> tuple[float, float, int]:
    """Return the median seconds, the peak of memory in MB, and of how many runs."""
    ours = Contestant(rulebook, rulebook, ("ours.py", rulebook))
    reports = repeated(lambda: run(ours, file), rounds)
    return (median(each["seconds"]["end_to_end"] for each in reports),
            max(each["peak_mb"] for each in reports), len(reports))


def by_patients(sizes: list[int], events: int, rulebook: str, rounds: int, folder: Path) -> None:
    """Print the cost a patient for streams of several lengths."""
    print(f"\nPatients of {events} events, grouped, rulebook {rulebook}")
    print(f"{'patients':>10} {'us a patient':>14} {'against first':>14} {'peak MB':>9} {'runs':>5}")
    first = 0.0
    for size in sizes:
        file = write(folder / "patients.ndjson", size, events)
        seconds, peak, runs = judged(file, rulebook, rounds)
        cost = seconds / size * 1e6
        first = first or cost
        print(f"{size:>10,} {cost:>14,.0f} {cost / first:>14.2f} {peak:>9.0f} {runs:>5}",
              flush=True)


def by_events(lengths: list[int], rulebook: str, rounds: int, folder: Path) -> None:
    """Print the cost an event of one patient with ever more of them."""
    print(f"\nOne patient, rulebook {rulebook}")
    print(f"{'events':>10} {'us an event':>14} {'against first':>14} {'peak MB':>9} {'runs':>5}")
    first = 0.0
    for length in lengths:
        file = write(folder / "patient.ndjson", 1, length)
        seconds, peak, runs = judged(file, rulebook, rounds)
        cost = seconds / length * 1e6
        first = first or cost
        print(f"{length:>10,} {cost:>14,.0f} {cost / first:>14.2f} {peak:>9.0f} {runs:>5}",
              flush=True)


def by_processes(patients: int, events: int, rulebook: str, rounds: int, folder: Path) -> None:
    """Print what a second process gains, from the start of the program to its end."""
    file = write(folder / "patients.ndjson", patients, events)
    where = FOLDER / "letter" if rulebook == "letter" else ROOT / "rules" / rulebook
    print(f"\n{patients:,} patients x {events} events through `assess`, rulebook {rulebook}")
    print(f"{'--jobs':>10} {'seconds':>14} {'times as fast':>14} {'runs':>5}")
    first = 0.0
    for jobs in (1, 2):
        took = repeated(lambda jobs=jobs: _wall(  # type: ignore[misc]
            "assess", str(file), "--grouped", "--format", "ndjson", "--rulebook", str(where),
            "--jobs", str(jobs)), rounds)
        first = first or median(took)
        print(f"{jobs:>10} {median(took):>14.2f} {first / median(took):>14.2f} {len(took):>5}",
              flush=True)


def from_cold(rounds: int) -> None:
    """Print how long the program takes from its start to its end."""
    print(f"\n{'From a cold start':<40} {'seconds':>9} {'runs':>5}")
    for command in (["assess", str(COHORT)], ["--help"]):
        if rounds > 1:
            _wall(*command)  # the first run of all writes the compiled modules
        took = [_wall(*command) for _ in range(rounds)]
        shown = " ".join(each.removeprefix(f"{ROOT}{os.sep}") for each in command)
        print(f"{'itp-cds ' + shown:<40} {median(took):>9.2f} {rounds:>5}", flush=True)


def _wall(*arguments: str) -> float:
    begun = time.perf_counter()
    done = subprocess.run([sys.executable, str(ROOT / "cli.py"), *arguments], check=False,
                          stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
    if done.returncode:
        raise SystemExit(done.stderr)
    return time.perf_counter() - begun


def _options() -> argparse.Namespace:
    options = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    options.add_argument("--patients", type=int, nargs="*", default=[1000, 10_000, 100_000])
    options.add_argument("--events", type=events_wanted, default=20, help="of each patient")
    options.add_argument("--long", type=events_wanted, nargs="*", default=[1000, 3000, 10_000],
                         help="events of the one patient")
    options.add_argument("--jobs-patients", type=int, default=2000,
                         help="patients for --jobs 1 and 2; 0 leaves it out")
    options.add_argument("--rulebook", choices=RULEBOOKS, default="letter")
    options.add_argument("--rounds", type=int, default=3, help="the median of so many is told; "
                         f"a piece of work is not begun again after {PATIENCE} seconds")
    options.add_argument("--cold-rounds", type=int, default=9, help="0 leaves it out")
    return options.parse_args()


def main() -> None:
    """Measure one question after the other."""
    chosen = _options()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        if chosen.patients:
            by_patients(chosen.patients, chosen.events, chosen.rulebook, chosen.rounds, folder)
        if chosen.long:
            by_events(chosen.long, chosen.rulebook, chosen.rounds, folder)
        if chosen.jobs_patients:
            by_processes(chosen.jobs_patients, 60, chosen.rulebook, chosen.rounds, folder)
    if chosen.cold_rounds:
        from_cold(chosen.cold_rounds)
    print(f"\n{versions()}\n{machine()}")


if __name__ == "__main__":
    main()
