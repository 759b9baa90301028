"""Is anything lost or doubled when `ingest` is killed at a random moment, again and again?

``python tests/store/kill_rounds.py 100`` runs so many rounds on one store. In each, `ingest` is
killed (SIGKILL) at a random moment, sometimes two of them at once; then everything acknowledged
must be there once, and every row as it was written. At the end one run goes through, and the
store must be equal to one that nobody disturbed.
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
LINES_A_ROUND = 5000
LONGEST_START = 30.0


def line(number: int) -> dict[str, Any]:
    return {"id": f"c{number}", "patient": f"p{number % 50}", "kind": "platelet_count",
            "at": "2014-07-01", "value": number % 900 + 1, "unit": "10*9/L"}


def started(path: Path, store: Path, process_folder: Path, name: str) -> tuple[
        subprocess.Popen[bytes], Path]:
    """Start an ingest whose acknowledgements go to a file."""
    told = process_folder / name
    with told.open("wb") as out:
        return subprocess.Popen(
            [sys.executable, str(ROOT / "cli.py"), "ingest", str(path), "--store", str(store),
             "--format", "ndjson"], stdout=out, stderr=subprocess.PIPE), told


def stored(store: Path) -> list[str]:
    base = sqlite3.connect(store)
    try:
        return [text for (text,) in base.execute("SELECT line FROM received ORDER BY line")]
    except sqlite3.OperationalError:  # killed before the tables were made
        return []
    finally:
        base.close()


def verified(store: Path) -> None:
    done = subprocess.run([sys.executable, str(ROOT / "cli.py"), "audit", "verify", "--store",
                           str(store)], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def play(folder: Path, rounds: int, seed: int) -> dict[str, int]:
    """Play all rounds and return what happened; raise AssertionError at the first fault."""
    chance, store = random.Random(seed), folder / "S.db"
    seen = {"rounds": rounds, "killed": 0, "killed after a group": 0, "acknowledged lines": 0}
    for number in range(rounds):
        path = folder / "in.ndjson"
        first = number * LINES_A_ROUND
        path.write_text("".join(json.dumps(line(each)) + "\n"
                                for each in range(first, first + LINES_A_ROUND)))
        running = [started(path, store, folder, f"told{each}")
                   for each in range(chance.choice((1, 1, 2)))]
        _wait(chance, running[0])
        for process, _ in running:
            process.kill()
        for process, told in running:
            assert process.stderr is not None
            said = process.stderr.read().decode()
            killed = process.wait() != 0
            assert not killed or not said, said
            seen["killed"] += killed
            acknowledged = [json.loads(each) for each in told.read_text().splitlines()
                            if each.endswith("}")]
            through = acknowledged[-1]["through"]["line"] if acknowledged else 0
            seen["killed after a group"] += killed and through > 0
            seen["acknowledged lines"] += through
            have = set(stored(store))
            lost = [each for each in range(first, first + through)
                    if json.dumps(line(each), sort_keys=True, separators=(",", ":")) not in have]
            assert not lost, f"round {number}: {len(lost)} acknowledged lines lost"
        everything = stored(store)
        assert len(everything) == len(set(everything)), f"round {number}: lines doubled"
        if everything and number % 10 == 9:
            verified(store)
    _finish(folder, store, rounds)
    return seen


def _wait(chance: random.Random, running: tuple[subprocess.Popen[bytes], Path]) -> None:
    """Wait for any moment of a start, or for one soon after the first group was told of."""
    process, told = running
    if chance.random() < 0.3:
        time.sleep(chance.uniform(0.2, 1.5))
        return
    end = time.monotonic() + LONGEST_START
    while not told.stat().st_size and process.poll() is None and time.monotonic() < end:
        time.sleep(0.002)
    time.sleep(chance.uniform(0, 0.5))


def _finish(folder: Path, store: Path, rounds: int) -> None:
    path = folder / "all.ndjson"
    path.write_text("".join(json.dumps(line(each)) + "\n"
                            for each in range(rounds * LINES_A_ROUND)))
    process, _ = started(path, store, folder, "told")
    assert process.wait() == 0
    verified(store)
    wanted = sorted(json.dumps(line(each), sort_keys=True, separators=(",", ":"))
                    for each in range(rounds * LINES_A_ROUND))
    assert stored(store) == wanted


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as name:
        print(play(Path(name), int(sys.argv[1]) if len(sys.argv) > 1 else 100, seed=1))
