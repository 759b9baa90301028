"""Several processes at one store, and processes that are killed: nothing is lost or doubled."""

from __future__ import annotations

import json
import os
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from . import watch_kill_rounds
from .kill_rounds import line, play, verified
from .stores import ANNA, lines_of, written

ROOT = Path(__file__).parents[2]


def ingest(path: str, store: Path) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, str(ROOT / "cli.py"), "ingest", path, "--store", str(store)],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE)


@pytest.mark.skipif(os.name != "posix", reason="signals of POSIX")
def test_a_kill_at_any_moment_loses_and_doubles_nothing(tmp_path: Path) -> None:
    seen = play(tmp_path, rounds=6, seed=7)
    assert seen["killed"] >= 1


@pytest.mark.skipif(os.name != "posix", reason="signals of POSIX")
def test_a_watch_that_is_killed_loses_doubles_and_forgets_nothing(tmp_path: Path) -> None:
    seen = watch_kill_rounds.play(tmp_path, rounds=4, seed=7)
    assert seen["killed"] >= 4 and seen["steps"] > 10


def test_processes_that_make_and_fill_one_store_at_once_all_succeed(tmp_path: Path) -> None:
    store = tmp_path / "S.db"
    shares = [range(0, 3000), range(1000, 4000), range(0, 4000, 2)]
    running = [ingest(written([line(each) for each in share], tmp_path, f"{number}.ndjson"), store)
               for number, share in enumerate(shares)]
    ends = [process.communicate() for process in running]
    assert [process.returncode for process in running] == [0, 0, 0], ends
    assert len(lines_of(str(store))) == 4000
    told = [out.decode().split() for out, _ in ends]
    assert sum(int(words[2]) for words in told) == 4000
    verified(store)
    base = sqlite3.connect(store)
    assert base.execute("SELECT count(*) FROM uses").fetchone() == (1,)
    base.close()


def test_who_reads_need_not_wait_for_who_writes(tmp_path: Path) -> None:
    store = tmp_path / "S.db"
    assert ingest(written(ANNA, tmp_path), store).wait() == 0
    base = sqlite3.connect(store, isolation_level=None)
    base.execute("BEGIN IMMEDIATE")
    done = subprocess.run([sys.executable, str(ROOT / "cli.py"), "audit", "verify", "--format",
                           "json", "--store", str(store)], capture_output=True, check=True)
    assert json.loads(done.stdout)["whole"]
    base.close()
