"""Whoever reads may stop reading, and still `watch` ends when it is told to, with a whole store."""

from __future__ import annotations

import fcntl
import json
import os
import signal
import sqlite3
import struct
import subprocess
import sys
import termios
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from command_line.program import ROOT, Line, run

from .test_watch import LOW, PATIENCE, START, watching

SMALLEST = 4096
PROMPT = 5.0  # seconds; the machine may be busy
FILES = {"stdout": 1, "stderr": 2}


def story(patient: str, levels: int) -> list[Line]:
    """A patient whose level is low on every other day: two changes a day."""
    return [{**START, "patient": patient}] + [
        {**LOW, "patient": patient, "id": f"l{day}", "at": f"2016-03-{day + 1:02}T08:00:00Z",
         "value": 4.6 if day % 2 else 9} for day in range(levels)]


def waits(process: subprocess.Popen[bytes]) -> bool:
    """Whether a process neither works nor comes to work while it is looked at."""
    def worked() -> list[str]:
        return Path(f"/proc/{process.pid}/stat").read_text().rpartition(")")[2].split()[11:13]

    before = worked()
    time.sleep(0.3)
    return worked() == before


def until(holds: Callable[[], bool]) -> None:
    end = time.monotonic() + PATIENCE
    while not holds():
        assert time.monotonic() < end
        time.sleep(0.02)


def unread(arguments: tuple[str, ...], lines: list[Line], number: int,
           stream: str = "stdout") -> tuple[int, bytes]:
    """Run `watch` with a small pipe that nobody reads, stop it once it is full; return its code,
    and what stood in the pipe."""
    ours, theirs = os.pipe()
    fcntl.fcntl(theirs, fcntl.F_SETPIPE_SZ, SMALLEST)
    streams: dict[str, Any] = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL,
                               stream: theirs}
    process = subprocess.Popen([sys.executable, str(ROOT / "cli.py"), "watch", *arguments],
                               stdin=subprocess.PIPE, **streams)
    os.close(theirs)
    try:
        assert process.stdin is not None
        process.stdin.write("".join(json.dumps(line) + "\n" for line in lines).encode())
        process.stdin.flush()
        os.set_blocking(ours, False)
        until(lambda: _held(ours) > 0 and waits(process))
        process.send_signal(number)
        return process.wait(PROMPT), os.read(ours, 1 << 20)
    finally:
        process.kill()
        os.close(ours)


def _held(descriptor: int) -> int:
    return int(struct.unpack("i", fcntl.ioctl(descriptor, termios.FIONREAD, bytes(4)))[0])


linux = pytest.mark.skipif(sys.platform != "linux", reason="F_SETPIPE_SZ and /proc are Linux's")


@linux
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_pipe_that_nobody_reads_stops_nobody(tmp_path: Path, number: int) -> None:
    """What she did not get is told again; nothing that is written is half written."""
    store = str(tmp_path / "S.db")
    lines = story("eva", 20)
    code, data = unread(("-", "--store", store), lines, number)
    assert code == 0
    *whole, _cut = data.split(b"\n")
    got = [json.loads(line)["step"] for line in whole]
    assert run("audit", "verify", "--store", store).exit_code == 0
    (kept,) = sqlite3.connect(store).execute("SELECT step FROM told").fetchone()
    assert kept == max(got)
    with watching("-", "--store", store) as watch:
        watch.give(*lines, {**LOW, "patient": "last"}, {**START, "patient": "last"})
        told = [watch.next()]
        while told[-1]["patient"] != "last":
            told.append(watch.next())
        steps = sqlite3.connect(store).execute(
            "SELECT seq FROM steps WHERE key LIKE '%level.low%' AND seq <= ?", (told[-1]["step"],))
        assert {seq for (seq,) in steps} <= {*got, *(each["step"] for each in told)}
        assert min(each["step"] for each in told) > max(got)
        assert watch.end(signal.SIGTERM)[0] == 0


@linux
def test_without_a_store_too() -> None:
    assert unread(("-",), story("eva", 20), signal.SIGTERM)[0] == 0


@linux
def test_refusals_that_nobody_reads_stop_nobody() -> None:
    wrong: list[Line] = [{**LOW, "id": f"w{number}", "unit": "stone"} for number in range(60)]
    assert unread(("-",), wrong, signal.SIGTERM, "stderr")[0] == 5


@linux
def test_who_reads_again_gets_everything() -> None:
    """A pause of the reader loses nothing."""
    ours, theirs = os.pipe()
    fcntl.fcntl(theirs, fcntl.F_SETPIPE_SZ, SMALLEST)
    process = subprocess.Popen([sys.executable, str(ROOT / "cli.py"), "watch", "-"],
                               stdin=subprocess.PIPE, stdout=theirs)
    os.close(theirs)
    assert process.stdin is not None
    process.stdin.write("".join(json.dumps(line) + "\n" for line in story("eva", 12)).encode())
    process.stdin.close()
    until(lambda: waits(process))
    with os.fdopen(ours, "rb") as pipe:
        told = [json.loads(line) for line in pipe]
    assert process.wait(PATIENCE) == 0
    lows = [each["change"] for each in told if each["rule"] == "level.low"]
    assert lows == ["raised", "resolved"] * 5 + ["raised"]
