"""Is anything lost, doubled or left half when a job of Spark is killed in the middle of a batch?

``python tests/spark/kill_rounds.py 30 [SEED]`` kills so often, over several stories of their own
checkpoint. In each, files of awkward lines come one after the other into a folder, and
`assess --engine spark --checkpoint` is killed there (SIGKILL: the program, Java and the workers of
Python) at a moment known by what is in its folders, or at any; sometimes again in the same batch,
sometimes with a new file before it may go on. At the end it runs until nothing is left to do, and
the last words must be those of a local run over all files. Needs Java and the extra `spark`.
"""

from __future__ import annotations

import json
import os
import random
import re
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]

from spark.made import awkward  # noqa: E402

from benchmarks.patients import lines as benchmark_lines  # noqa: E402
from engine.sources.patients import patient_of  # noqa: E402
from engine.spark.session import session  # noqa: E402

FILES, KILLS_A_FILE = 4, (0, 1, 2, 3)
LONGEST_RUN = 600.0
_SAID = re.compile(r"(\d+) patients? assessed, (\d+) lines? refused; both are in ")
_LAST_BATCH_OF_ALL = 10

# What is in the folders at each moment of batch {n}, in the order of time. `c` is the checkpoint.
FIRST_MOMENTS = {
    "begun, nothing in it": "c/begun",
    "begun, its line moved in": "c/begun/part-*",
    "begun": "c/begun/_SUCCESS",
    "identity of the query": "c/metadata",
    "shape of the state": "c/state/0/_stateSchema/default/*",
}
MOMENTS = {
    "files listed": "c/sources/0/{n}",
    "batch planned": "c/offsets/{n}",
    "assessments begun": "out/assessments/batch={n}/_temporary",
    "state kept": "c/state/0/*/{after}.*",
    "assessments half there": "out/assessments/batch={n}/part-*",
    "assessments there": "out/assessments/batch={n}/_SUCCESS",
    "refused begun": "out/refused/batch={n}/_temporary",
    "refused half there": "out/refused/batch={n}/part-*",
    "refused there": "out/refused/batch={n}/_SUCCESS",
    "batch committed": "c/commits/{n}",
}
PATTERNS = {**FIRST_MOMENTS, **MOMENTS}
ANY = "any"

Line = tuple[str, int, bytes]
Found = set[tuple[Path, int]]


@dataclass(slots=True)
class Seen:
    """What happened: where kills were meant, what they found, and how the runs after them ended."""

    meant: Counter[str] = field(default_factory=Counter)
    died: Counter[str] = field(default_factory=Counter)
    counts: Counter[str] = field(default_factory=Counter)


@dataclass(slots=True)
class Story:
    """A folder into which files come, and what was made of them."""

    folder: Path
    dice: random.Random
    seen: Seen
    whole: dict[Path, list[str]] = field(default_factory=dict)  # batches, as they were first whole

    @property
    def committed(self) -> int:
        """How many batches are committed; so the number of the next."""
        return len(list((self.folder / "c/commits").glob("[0-9]*")))

    def started(self) -> subprocess.Popen[bytes]:
        """Start a job as a group of its own."""
        (self.folder / "tmp").mkdir(exist_ok=True)
        with (self.folder / "told").open("wb") as out, (self.folder / "said").open("wb") as error:
            return subprocess.Popen(
                [sys.executable, str(ROOT / "cli.py"), "assess", "in", "--engine", "spark",
                 "--jobs", "2", "--to", "out", "--checkpoint", "c"], cwd=self.folder, stdout=out,
                stderr=error, start_new_session=True,
                env={**os.environ, "TMPDIR": str(self.folder / "tmp")})

    def found(self, moment: str, number: int) -> Found:
        """Return what is there of a moment, each file once for each time that it was made."""
        there = set()
        for path in self.folder.glob(PATTERNS[moment].format(n=number, after=number + 1)):
            try:
                there.add((path, path.stat().st_ino))
            except FileNotFoundError:  # moved away since
                continue
        return there

    def come(self, lines: list[bytes], name: str) -> None:
        """Let a file come, sometimes one that is older than all before."""
        (self.folder / name).write_bytes(b"\n".join(lines))
        if self.dice.random() < 0.5:
            os.utime(self.folder / name, (0, 0))
        (self.folder / name).rename(self.folder / "in" / name)


def invented(dice: random.Random, seed: int) -> list[list[bytes]]:
    """Return the lines of some files, in no order, each patient's spread over all."""
    lines = awkward(dice, 2) + [each.rstrip() for each in benchmark_lines(4, 14, seed)]
    dice.shuffle(lines)
    return [lines[place::FILES] for place in range(FILES)]


def family(ancestor: int) -> set[int]:
    """Return a process and all that come of it; workers of Spark leave the group."""
    listed = subprocess.run(["ps", "-e", "-o", "pid=,ppid="], capture_output=True, text=True,
                            check=True).stdout
    parents = dict(map(int, row.split()) for row in listed.splitlines())
    found, size = {ancestor}, 0
    while len(found) > size:
        size = len(found)
        found |= {child for child, parent in parents.items() if parent in found}
    return found


def kill(process: subprocess.Popen[bytes]) -> None:
    """Stop a job where it is, and kill all of it."""
    os.killpg(process.pid, signal.SIGSTOP)
    for member in family(process.pid):
        try:
            os.kill(member, signal.SIGKILL)
        except ProcessLookupError:
            continue
    process.wait()


def killed(story: Story, moment: str, longest: float) -> bool:
    """Run a job and kill it at a moment; return whether it was alive until then."""
    number, dice = story.committed, story.dice
    before = {name: story.found(name, number) for name in PATTERNS}
    began = time.monotonic()
    at = began + (dice.uniform(0, longest) if moment == ANY else LONGEST_RUN)
    process = story.started()
    while process.poll() is None and time.monotonic() < at:
        if moment != ANY and story.found(moment, number) - before[moment]:
            time.sleep(dice.choice((0, 0, dice.uniform(0, 0.4))))
            break
        time.sleep(0.001)
    if process.poll() is not None:
        _check_end(story, process.returncode, number)
        return False
    kill(process)
    reached = [name for name in PATTERNS if story.found(name, number) - before[name]]
    last = reached[-1] if reached else "nothing new yet"
    print(f"  batch {number}: meant {moment!r}, died after {time.monotonic() - began:.0f} s at "
          f"{last!r}", flush=True)
    story.seen.meant[moment] += 1
    story.seen.died[last] += 1
    assert not (story.folder / "told").read_bytes() or moment in (ANY, "batch committed")
    _check_batches(story)
    return True


def run_through(story: Story) -> tuple[int, int]:
    """Run a job to its end, and return how many were assessed and refused."""
    number, began = story.committed, time.monotonic()
    process = story.started()
    process.wait(LONGEST_RUN)
    done = _check_end(story, process.returncode, number)
    story.seen.counts["runs to the end"] += 1
    print(f"  run to the end in {time.monotonic() - began:.0f} s: code {process.returncode}, "
          f"{done[0]} assessed, {done[1]} refused, batches {number} to {story.committed - 1}",
          flush=True)
    return done


def _check_end(story: Story, code: int, before: int) -> tuple[int, int]:
    """Check what a run said and its code by the batches that it made."""
    told, said = (story.folder / "told").read_text(), (story.folder / "said").read_text()
    assert "Traceback" not in said, said
    spoken = _SAID.match(told)
    assert spoken, f"code {code}: {told}{said}"
    patients, refused = map(int, spoken.groups())
    assert code == (5 if refused else 0), f"code {code}: {told}"
    made, lines = 0, 0
    for number in range(before, story.committed):
        made += len(rows_in(story.folder / f"out/assessments/batch={number}"))
        lines += len({(each["source"], each["line"]) for each in map(
            json.loads, rows_in(story.folder / f"out/refused/batch={number}"))})
    assert (made, lines) == (patients, refused), f"{made}, {lines}: {told}"
    _check_batches(story)
    return patients, refused


def rows_in(batch: Path) -> list[str]:
    """Return the lines of a batch as anyone reads them who passes over hidden names."""
    return sorted(line for part in batch.glob("part-*")
                  for line in part.read_text("utf-8").splitlines())


def _check_batches(story: Story) -> None:
    """Check that what is committed is whole, and that what was whole says the same again."""
    for kind in ("assessments", "refused"):
        for batch in (story.folder / "out" / kind).glob("batch=*"):
            number = int(batch.name.removeprefix("batch="))
            is_whole = (batch / "_SUCCESS").exists()
            assert number <= story.committed, f"{batch}, but {story.committed} committed"
            assert is_whole or number == story.committed, f"{batch} is committed, but not whole"
            if is_whole:
                rows = rows_in(batch)
                assert story.whole.setdefault(batch, rows) == rows, f"{batch} has become another"
                assert len(rows) == len({*rows}), f"{batch} says a line twice"
            else:
                story.seen.counts["found half, some of it readable"] += bool(rows_in(batch))
                story.seen.counts["found half, nothing readable"] += not rows_in(batch)


def last_words(story: Story) -> tuple[dict[str, str], list[str]]:
    """Return each patient's newest assessment, and the refused lines of the newest batches."""
    texts, newest = dict[str, str](), dict[str | None, int]()
    told: dict[str | None, list[str]] = {}
    for number in range(story.committed):
        for text in rows_in(story.folder / f"out/assessments/batch={number}"):
            name = json.loads(text)["patient"]
            texts[name], newest[name], told[name] = text, number, []
        for text in rows_in(story.folder / f"out/refused/batch={number}"):
            whose = patient_of(_line_of(story, json.loads(text)))
            if whose is not None and newest.get(whose) != number:
                newest[whose], told[whose] = number, []
            told.setdefault(whose, []).append(text)
    return texts, sorted(text for own in told.values() for text in own)


def _line_of(story: Story, refusal: dict[str, Any]) -> bytes:
    lines = (story.folder / refusal["source"]).read_bytes().split(b"\n")
    return lines[refusal["line"] - 1]


def local(story: Story, form: str) -> str:
    """Return what a local run over all files prints."""
    files = sorted(f"in/{path.name}" for path in (story.folder / "in").iterdir())
    ended = subprocess.run(
        [sys.executable, str(ROOT / "cli.py"), "assess", *files, "--format", form, "--on-error",
         "skip"], cwd=story.folder, capture_output=True, text=True, check=False)
    assert ended.returncode in (0, 5), ended.stderr
    return ended.stdout


def compare(story: Story) -> None:
    """Compare the last words with a local run, and what is kept of each patient with the files."""
    texts, refused = last_words(story)
    assert sorted(texts.values()) == sorted(local(story, "ndjson").splitlines())
    expected = json.loads(local(story, "json"))["refused"]
    assert expected, "no line of the story was refused"
    assert sorted(json.dumps(json.loads(each)) for each in refused) == sorted(
        json.dumps(each) for each in expected)
    left = sorted(path for path in (story.folder / "out").rglob("_temporary"))
    assert not left, f"left over: {left}"
    rows = _kept(story)
    assert sorted(rows) == sorted(_lines_of_somebody(story)), "not each line is kept once"
    story.seen.counts["lines kept, each once"] += len(rows)
    story.seen.counts["scratch folders left over"] += len(list((story.folder / "tmp").iterdir()))


def _kept(story: Story) -> list[Line]:
    """Return the lines that Spark keeps as state."""
    with session("kill rounds", 2, story.folder) as spark:
        kept = spark.read.format("statestore").option("stateVarName", "lines").option(
            "flattenCollectionTypes", "true").load(str(story.folder / "c"))
        return [(row.file, row.number, bytes(row.line))
                for row in kept.select("list_element.*").collect()]


def _lines_of_somebody(story: Story) -> list[Line]:
    return [(f"in/{path.name}", number, line) for path in (story.folder / "in").iterdir()
            for number, line in enumerate(path.read_bytes().split(b"\n"), 1)
            if line.strip() and patient_of(line) is not None]


def play(story: Story, files: list[list[bytes]], bag: list[str], kills: int) -> int:
    """Let a story's files come, kill at most so often, and return how often it was."""
    done, longest = 0, 40.0
    (story.folder / "in").mkdir(parents=True)
    for place, lines in enumerate(files):
        story.come(lines, f"{place}.ndjson")
        batch, wanted = -1, story.dice.choice(KILLS_A_FILE) if place else 3
        for _ in range(min(wanted, kills - done)):
            moment = bag.pop(0) if story.committed else _first(story, bag)
            again, batch = batch == story.committed, story.committed
            if not killed(story, moment, longest):
                story.seen.counts["ended before the moment came"] += 1
                break
            done += 1
            story.seen.counts["killed again in the same batch"] += again
        if story.dice.random() < 0.5:
            run_through(story)
    for _ in range(_LAST_BATCH_OF_ALL):
        if run_through(story) == (0, 0):
            return done
    raise AssertionError("it does not come to an end")


def _first(story: Story, bag: list[str]) -> str:
    """Return a moment of the first batch: mostly one that comes but once."""
    once = [name for name in FIRST_MOMENTS if not story.found(name, 0)]
    return story.dice.choice(once) if once and story.dice.random() < 0.7 else bag.pop(0)


def main(kills: int, seed: int) -> Seen:
    """Play stories until it was killed so often; raise AssertionError at the first fault."""
    dice, seen, bag = random.Random(seed), Seen(), list[str]()
    for _ in range(kills):
        bag += dice.sample([*MOMENTS, ANY, ANY], len(MOMENTS) + 2)
    done = number = 0
    with tempfile.TemporaryDirectory() as name:
        while done < kills:
            number += 1
            print(f"story {number}, {done} kills so far", flush=True)
            story = Story(Path(name) / str(number), dice, seen)
            done += play(story, invented(dice, seed + number), bag, kills - done)
            compare(story)
    seen.counts.update({"kills": done, "stories": number})
    return seen


if __name__ == "__main__":
    told = main(int(sys.argv[1]) if len(sys.argv) > 1 else 30,
                seed=int(sys.argv[2]) if len(sys.argv) > 2 else 1)
    for title, counted in (("meant", told.meant), ("died at", told.died), ("", told.counts)):
        print(title, json.dumps(counted, indent=1))
