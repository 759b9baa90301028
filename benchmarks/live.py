"""How long from one event to its alert, for a patient who is known, and how does that grow?

``python benchmarks/live.py [--store] [--closed N] [--samples N] [EVENTS ...]`` starts `watch` and
gives it a patient with so many events, among them levels by which so many alerts opened and closed;
then one event after another in order, each of which changes an alert. It measures from the writing
of the line to the reading of the change. Needs a rulebook with the alert `level.low`.
"""

from __future__ import annotations

import argparse
import json
import os
import select
import statistics
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Thread
from typing import IO, Any

ROOT = Path(__file__).parents[1]
SAMPLES = 60
FIRST = 5  # samples that warm the process up, and do not count


def line(number: int, at: datetime, **fields: Any) -> bytes:
    record = {"id": f"e{number}", "patient": "p", "at": at.isoformat(timespec="seconds"), **fields}
    return json.dumps(record).encode() + b"\n"


def level(number: int, at: datetime, *, low: bool) -> bytes:
    """Return a level that opens the alert, or one that closes it."""
    return line(number, at, kind="drug_level", drug="sirolimus", sample="trough",
                value=4 if low else 9, unit="ng/mL")


def history(events: int, closed: int, until: datetime) -> list[bytes]:
    """Return a patient's past: a course that runs, a low level and a good one for each alert that
    has closed, and a count every day."""
    first = until - timedelta(days=events + 10)
    start = line(0, first, kind="medication", drug="sirolimus", action="start", dose=2,
                 unit="mg/m2/d")
    return [start] + [
        level(number, first + timedelta(days=number), low=bool(number % 2))
        if events - number <= 2 * closed else
        line(number, first + timedelta(days=number), kind="platelet_count",
             value=20 + number % 100, unit="10*9/L") for number in range(1, events)]


def measured(events: int, closed: int, store: str | None, samples: int) -> tuple[float, float]:
    """Return the median and the 99th percentile in milliseconds."""
    command = [sys.executable, str(ROOT / "cli.py"), "watch", "-"]
    process = subprocess.Popen(command + (["--store", store] if store else []),
                               stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    assert process.stdin is not None and process.stdout is not None
    out, now = process.stdout.fileno(), datetime.now(UTC)
    # what the past raises is read meanwhile, or each side would wait for the other to read
    feeder = Thread(target=_give, args=(process.stdin, history(events, closed, now)))
    feeder.start()
    while feeder.is_alive():
        _drain(out, 0.1)
    # the past has been judged once an alert of the first new line is told, however long that takes
    took = []
    for number in range(samples + FIRST):
        at = now - timedelta(hours=20) + timedelta(minutes=10 * number)
        event = level(events + number, at, low=number % 2 == 0)
        begun = time.perf_counter()
        process.stdin.write(event)
        process.stdin.flush()
        if not select.select([out], [], [], 5 if number else 600)[0]:
            raise SystemExit("no alert changed: nothing to measure")
        took.append((time.perf_counter() - begun) * 1000)
        _drain(out, 0.12)
    process.terminate()
    process.wait()
    took = sorted(took[FIRST:])
    return statistics.median(took), took[int(len(took) * 0.99)]


def _give(file: IO[bytes], lines: list[bytes]) -> None:
    file.write(b"".join(lines))
    file.flush()


def _drain(out: int, seconds: float) -> None:
    end = time.monotonic() + seconds
    while (left := end - time.monotonic()) > 0:
        if select.select([out], [], [], left)[0]:
            os.read(out, 1 << 20)


def main() -> None:
    """Print a line for each length of history."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("events", nargs="*", type=int, default=[60, 300, 1000])
    options.add_argument("--store", action="store_true", help="with a durable store")
    options.add_argument("--closed", type=int, default=0, help="how many alerts have closed")
    options.add_argument("--samples", type=int, default=SAMPLES, help="how many events are timed")
    chosen = options.parse_args()
    print(f"{'events':>8} {'median ms':>10} {'99 % ms':>10}")
    for events in chosen.events:
        with tempfile.TemporaryDirectory() as folder:
            store = str(Path(folder) / "S.db") if chosen.store else None
            median, slow = measured(events, chosen.closed, store, chosen.samples)
        print(f"{events:>8} {median:>10.1f} {slow:>10.1f}")


if __name__ == "__main__":
    main()
