"""How is a contestant run and measured, so that all are measured alike?

A contestant is a script with one function that makes its rules ready and returns a judge: one
patient's events in, conclusions out. Here the lines are read, every conclusion is written out as a
line of JSON, and the times are taken. Input is grouped: each patient's lines stand together.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from hashlib import blake2b
from itertools import groupby
from operator import itemgetter
from time import perf_counter
from typing import Any

MISSING = 77  # the exit code of a contestant whose package is not installed

Event = dict[str, Any]
Conclusion = tuple[Event, str, list[str]]  # the event judged, what was concluded, evidence
Judge = Callable[[list[Event]], Iterable[Conclusion]]

try:
    import orjson
except ImportError:
    orjson = None


def missing(package: str) -> SystemExit:
    """Return the ending of a contestant that cannot run here, after saying so."""
    print(f"{package} is not installed", file=sys.stderr)
    return SystemExit(MISSING)


class Tally:
    """What a contestant concluded, and how long it took."""

    def __init__(self, with_digest: bool) -> None:
        self.counts: Counter[str] = Counter()
        self.keys: list[str] | None = [] if with_digest else None
        self.ready = self.end_to_end = self.rules = 0.0

    def note(self, patient: str, at: str, name: str) -> None:
        """Count one conclusion."""
        self.counts[name] += 1
        if self.keys is not None:
            self.keys.append(f"{patient} {at} {name}")

    def digest(self) -> str | None:
        """Return a digest of who was judged how, and when; None where it was not asked for."""
        if self.keys is None:
            return None
        return blake2b("\n".join(sorted(self.keys)).encode(), digest_size=8).hexdigest()

    def report(self) -> None:
        """Print everything as one line of JSON."""
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        print(json.dumps({
            "counts": dict(sorted(self.counts.items())), "records": self.counts.total(),
            "seconds": {"ready": self.ready, "end_to_end": self.end_to_end, "rules": self.rules},
            "peak_mb": peak, "digest": self.digest()}))


def chosen() -> argparse.Namespace:
    """Return what the command line says."""
    options = argparse.ArgumentParser()
    options.add_argument("file", help="grouped events as NDJSON")
    options.add_argument("--out", default=os.devnull, help="where conclusions are written")
    options.add_argument("--digest", action="store_true",
                         help="tell also a digest of all conclusions; the times mean nothing then")
    return options.parse_args()


def patients(path: str, loads: Callable[[bytes], Event]) -> Iterator[tuple[str, list[Event]]]:
    """Yield each patient's events in the order of time; all times are written alike, in UTC."""
    with open(path, "rb") as file:  # noqa: PTH123  # the floor must not pay for a Path
        for name, events in groupby(map(loads, file), itemgetter("patient")):
            yield name, sorted(events, key=itemgetter("at"))


def contest(prepare: Callable[[], Judge], *, with_orjson: bool = orjson is not None) -> None:
    """Measure a contestant that is given dicts, by default read the fastest way there is."""
    if with_orjson and orjson is None:
        raise missing("orjson")
    loads = orjson.loads if with_orjson else json.loads
    dumps = orjson.dumps if with_orjson else _dumps
    options = chosen()
    tally = Tally(options.digest)
    begun = perf_counter()
    judge = prepare()
    tally.ready = perf_counter() - begun
    begun = perf_counter()
    with open(options.out, "wb") as out:  # noqa: PTH123
        for name, events in patients(options.file, loads):
            asked = perf_counter()
            concluded = list(judge(events))
            tally.rules += perf_counter() - asked
            for event, what, evidence in concluded:
                tally.note(name, event["at"], what)
                out.write(dumps({"patient": name, "event": event["id"], "at": event["at"],
                                 "conclusion": what, "evidence": evidence}) + b"\n")
    tally.end_to_end = perf_counter() - begun
    tally.report()


def _dumps(record: dict[str, Any]) -> bytes:
    return json.dumps(record).encode()
