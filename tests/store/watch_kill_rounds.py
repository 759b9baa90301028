"""Does `watch` lose, double or forget to tell anything when it is killed again and again?

``python tests/store/watch_kill_rounds.py 100`` runs so many rounds on one store. In each, `watch`
is fed through a pipe or a file and killed (SIGKILL) at a random moment; sometimes two of them at
once, sometimes while somebody acknowledges an alert, who may be killed too. At the end one run goes
through, and the store must be equal to one that nobody disturbed: the lines, and the alerts that
stand. A reader who keeps the highest number that it has seen must have met every step, in order.
"""

from __future__ import annotations

import json
import random
import sqlite3
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
SETTLED, RESTLESS = ("s0", "s1", "s2", "s3"), ("r0", "r1", "r2", "r 3/x@y", "r\u00e94")
LINES_A_ROUND = 4
LONGEST_WAIT = 60.0

Line = dict[str, Any]


def story(chance: random.Random, patient: str, events: int) -> list[Line]:
    """Return a patient's lines in the order in which they are sent: late, twice, corrected, void.
    """
    lines: list[Line] = [{"id": "start", "patient": patient, "kind": "medication", "drug":
                          "sirolimus", "at": "2015-01-01", "action": "start", "dose": 2.2,
                          "unit": "mg/m2/d"}]
    for number in range(events):
        at = f"2015-{2 + number // 28:02}-{1 + number % 28:02}"
        level = {"kind": "drug_level", "drug": "sirolimus", "unit": "ng/mL", "sample": "trough",
                 "value": chance.choice((1.5, 4, 4.6, 9, 9, 16, 22, 30))}
        count = {"kind": "platelet_count", "unit": "10*9/L",
                 "value": chance.choice((8, 15, 40, 90, 120))}
        line = {"id": f"e{number}", "patient": patient, "at": f"{at}T08:00:00Z",
                **chance.choice((level, level, count))}
        lines.append(line)
        fate = chance.random()
        if fate < 0.15:
            lines.append({**line, "value": chance.choice((4, 9, 30)), "status": "corrected",
                          "recorded": f"{at}T12:00:00Z"})
        elif fate < 0.25:
            lines.append({**line, "status": "entered-in-error", "recorded": f"{at}T13:00:00Z"})
        elif fate < 0.3:
            lines.append({**line, "value": 77})  # contradicts the first
        elif fate < 0.4:
            lines.append({**line})
    order = sorted(range(len(lines)), key=lambda place: place + chance.choice((0, 0, 0, 5, 40)))
    return [lines[place] for place in order]


def command(*arguments: str) -> list[str]:
    return [sys.executable, str(ROOT / "cli.py"), *arguments]


def done(*arguments: str, codes: tuple[int, ...] = (0,)) -> str:
    """Run a command to its end and return what it printed."""
    ended = subprocess.run(command(*arguments), capture_output=True, text=True, check=False)
    assert ended.returncode in codes, ended.stdout + ended.stderr
    return ended.stdout


def text_of(lines: list[Line]) -> str:
    return "".join(json.dumps(line) + "\n" for line in lines)


class Watch:
    """A running `watch`, fed through a pipe or a file; what it tells goes to a file."""

    def __init__(self, folder: Path, store: Path, name: str, lines: list[Line], *,
                 pipe: bool) -> None:
        self.told, self.said = folder / f"{name}.told", folder / f"{name}.said"
        source = folder / f"{name}.in"
        source.write_text("" if pipe else text_of(lines))
        with self.told.open("wb") as out, self.said.open("wb") as error:
            self.process = subprocess.Popen(
                command("watch", "-" if pipe else str(source), "--store", str(store)),
                stdin=subprocess.PIPE, stdout=out, stderr=error)
        assert self.process.stdin is not None
        self.pipe = self.process.stdin
        if pipe:
            self.pipe.write(text_of(lines).encode())
            self.pipe.flush()

    def steps(self) -> list[dict[str, Any]]:
        """Return what was told in whole lines."""
        whole, _, _ = self.told.read_bytes().rpartition(b"\n")
        return [json.loads(line) for line in whole.splitlines()]

    def kill(self) -> bool:
        """Kill it; return whether it was alive."""
        self.process.kill()
        alive = self.process.wait() < 0
        self.pipe.close()
        assert b"Traceback" not in self.said.read_bytes(), self.said.read_text()
        return alive


class Reader:
    """Who reads what is told, and keeps the highest number seen."""

    def __init__(self) -> None:
        self.highest = self.again = 0

    def read(self, told: list[dict[str, Any]]) -> None:
        numbers = [each["step"] for each in told]
        assert numbers == sorted(set(numbers)), f"not in order, or doubled: {numbers}"
        for number in numbers:
            if number <= self.highest:
                self.again += 1
                continue
            assert number == self.highest + 1, f"{self.highest + 1} was never told"
            self.highest = number


def alerts(store: Path, *options: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(done(
        "alerts", "--store", str(store), "--format", "json", *options))["alerts"]
    return found


def to_acknowledge(store: Path) -> list[str]:
    """Return one open alert for each patient and rule of those who are settled."""
    chosen = {(each["patient"], each["rule"]): each["id"] for each in alerts(store)}
    return sorted(chosen.values())


def standing(store: Path) -> list[tuple[Any, ...]]:
    """Return the alerts that stand or stood: all but when somebody came to know of them."""
    parts = ("id", "rule", "severity", "from", "to", "message", "evidence", "caveats", "cites",
             "state")
    return sorted(tuple(json.dumps(each[part]) for part in parts)
                  for each in alerts(store, "--state", "all") if each["state"] != "withdrawn")


def received(store: Path) -> list[tuple[str, ...]]:
    base = sqlite3.connect(store)
    try:
        return list(base.execute("SELECT patient, id, line FROM received ORDER BY 1, 2, 3"))
    finally:
        base.close()


def acknowledging(store: Path, name: str) -> subprocess.Popen[bytes]:
    return subprocess.Popen(command("ack", name, "--store", str(store), "--by", "Rossi",
                                    "--reason", "seen"),
                            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def play(folder: Path, rounds: int, seed: int) -> dict[str, int]:
    """Play all rounds and return what happened; raise AssertionError at the first fault."""
    chance = random.Random(seed)
    settled = [line for name in SETTLED for line in story(chance, name, 12)]
    restless = [story(chance, name, rounds * LINES_A_ROUND // len(RESTLESS)) for name in RESTLESS]
    sent = [line for lines in zip(*restless, strict=False) for line in lines]
    undisturbed, store = folder / "U.db", folder / "S.db"
    for each in (undisturbed, store):
        (folder / "settled").write_text(text_of(settled))
        done("ingest", str(folder / "settled"), "--store", str(each))
    decided = to_acknowledge(undisturbed)
    reader, seen = Reader(), dict.fromkeys(
        ("killed", "killed after telling", "acknowledging", "acknowledging killed"), 0)
    for number in range(rounds):
        lines = sent[:(number + 1) * len(sent) // rounds]
        running = [Watch(folder, store, f"w{each}", lines, pipe=chance.random() < 0.5)
                   for each in range(chance.choice((1, 1, 1, 2)))]
        if number and chance.random() < 0.3:
            acknowledged = acknowledging(store, chance.choice(decided))
            seen["acknowledging"] += 1
            if chance.random() < 0.5:
                time.sleep(chance.uniform(0.2, 2))
                acknowledged.kill()
            seen["acknowledging killed"] += acknowledged.wait() < 0
        _wait(chance, running[0])
        for watch in running:
            seen["killed"] += watch.kill()
            seen["killed after telling"] += bool(watch.steps())
        _read(reader, running)
        if number % 10 == 9:
            done("audit", "verify", "--store", str(store))
    _finish(folder, (undisturbed, store), sent, decided, reader)
    base = sqlite3.connect(store)
    (count,) = base.execute("SELECT count(*) FROM steps").fetchone()
    base.close()
    assert reader.highest == count, f"{count - reader.highest} steps were never told"
    return {"rounds": rounds, **seen, "lines": len(sent), "steps": count,
            "told again": reader.again}


def _read(reader: Reader, running: list[Watch]) -> None:
    """Read what was told; of two at once either may have told what the other did not."""
    told = [watch.steps() for watch in running]
    for each in told:
        assert [step["step"] for step in each] == sorted({step["step"] for step in each})
    together = {step["step"]: step for each in told for step in each}
    reader.read([together[number] for number in sorted(together)])


def _wait(chance: random.Random, watch: Watch) -> None:
    """Wait for any moment of a start, or for one soon after the first change was told."""
    if chance.random() < 0.3:
        time.sleep(chance.uniform(0.2, 1.5))
        return
    end = time.monotonic() + LONGEST_WAIT
    while not watch.told.stat().st_size and time.monotonic() < end:
        if watch.process.poll() is not None:
            raise AssertionError(watch.said.read_text())
        if chance.random() < 0.002:
            break
        time.sleep(0.005)
    time.sleep(chance.uniform(0, 0.6))


def _finish(folder: Path, stores: tuple[Path, Path], sent: list[Line], decided: list[str],
            reader: Reader) -> None:
    """Let one run go through in each store, decide what is left, and compare them."""
    undisturbed, store = stores
    (folder / "all").write_text(text_of(sent))
    done("ingest", str(folder / "all"), "--store", str(undisturbed))
    for each in stores:
        is_open = {alert["id"] for alert in alerts(each)}
        for name in decided:
            if name in is_open:
                done("ack", name, "--store", str(each), "--by", "Rossi", "--reason", "seen")
    last = Watch(folder, store, "last", sent, pipe=True)
    last.pipe.close()
    assert last.process.wait() in (0, 5), last.said.read_text()  # some lines contradict each other
    reader.read(last.steps())
    for each in stores:
        done("audit", "verify", "--store", str(each))
    assert received(store) == received(undisturbed)
    assert standing(store) == standing(undisturbed)


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as name:
        print(play(Path(name), int(sys.argv[1]) if len(sys.argv) > 1 else 100,
                   seed=int(sys.argv[2]) if len(sys.argv) > 2 else 1))
