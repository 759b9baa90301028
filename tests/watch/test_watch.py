"""The program as it is watched: what is told, when, in which order, and after which end."""

from __future__ import annotations

import json
import queue
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from command_line.program import ROOT, Line, run, written

START: Line = {"id": "s", "patient": "eva", "kind": "medication", "at": "2016-01-01",
               "drug": "sirolimus", "action": "start", "dose": 2.2, "unit": "mg/m2/d"}
LOW: Line = {"id": "l1", "patient": "eva", "kind": "drug_level", "at": "2016-03-01T08:00:00Z",
             "drug": "sirolimus", "value": 4.6, "unit": "ng/mL", "sample": "trough"}
GOOD: Line = {**LOW, "id": "l2", "value": 9, "at": "2016-03-05T08:00:00Z"}
PATIENCE = 30.0


class Watching:
    """A running `watch`, what it has told, and what it says of itself."""

    def __init__(self, *arguments: str) -> None:
        self.process = subprocess.Popen(
            [sys.executable, str(ROOT / "cli.py"), "watch", *arguments], stdin=subprocess.PIPE,
            stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        self._lines: queue.Queue[dict[str, Any]] = queue.Queue()
        threading.Thread(target=self._read, daemon=True).start()

    def _read(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self._lines.put(json.loads(line))

    def give(self, *lines: Line) -> None:
        assert self.process.stdin is not None
        for line in lines:
            self.process.stdin.write(json.dumps(line).encode() + b"\n")
        self.process.stdin.flush()

    def next(self, rule: str = "level.low") -> dict[str, Any]:
        """Return the next change of an alert of a rule."""
        end = time.monotonic() + PATIENCE
        while True:
            told = self._lines.get(timeout=max(end - time.monotonic(), 0.01))
            if told["rule"] == rule:
                return told

    def rest(self) -> list[dict[str, Any]]:
        found = []
        while not self._lines.empty():
            found.append(self._lines.get())
        return found

    def end(self, number: int | None = None) -> tuple[int, str]:
        """End it by a signal, or by closing its input; return its code and what it said."""
        if number is None:
            assert self.process.stdin is not None
            self.process.stdin.close()
        else:
            self.process.send_signal(number)
        code = self.process.wait(PATIENCE)
        assert self.process.stderr is not None
        time.sleep(0.1)
        return code, self.process.stderr.read().decode()


@contextmanager
def watching(*arguments: str) -> Iterator[Watching]:
    watch = Watching(*arguments)
    try:
        yield watch
    finally:
        watch.process.kill()


def changes(told: list[dict[str, Any]]) -> list[tuple[str, str]]:
    return [(each["change"], each["id"]) for each in told]


def test_raised_resolved_withdrawn_and_a_clean_end() -> None:
    with watching("-") as watch:
        watch.give(START, LOW)
        raised = watch.next()
        assert (raised["change"], raised["state"], raised["severity"]) == ("raised", "open", "low")
        assert raised["because"] == "new l1, s"
        watch.give(GOOD)
        assert watch.next()["change"] == "resolved"
        watch.give({**LOW, "status": "entered-in-error", "recorded": "2016-03-06T08:00:00Z"})
        withdrawn = watch.next()
        assert (withdrawn["change"], withdrawn["because"]) == ("withdrawn", "l1 no longer stands")
        assert watch.end(signal.SIGTERM) == (0, "")


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_ends_it_cleanly_while_it_waits(tmp_path: Path, number: int) -> None:
    path = tmp_path / "grows.ndjson"
    path.write_text(json.dumps(START) + "\n" + json.dumps(LOW) + "\n")
    with watching(str(path)) as watch:
        assert watch.next()["change"] == "raised"
        assert watch.end(number) == (0, "")


def test_a_file_is_followed_as_it_grows(tmp_path: Path) -> None:
    path = tmp_path / "grows.ndjson"
    path.write_text(json.dumps(START) + "\n")
    with watching(str(path)) as watch, path.open("a") as file:
        text = json.dumps(LOW)
        file.write(text[:20])
        file.flush()
        time.sleep(0.2)
        file.write(text[20:] + "\n")
        file.flush()
        assert watch.next()["change"] == "raised"


def test_a_store_is_written_first_and_nothing_is_told_twice(tmp_path: Path) -> None:
    store = str(tmp_path / "S.db")
    with watching("-", "--store", store) as watch:
        watch.give(START, LOW)
        first = watch.next()
        assert first["step"] is not None
        kept = run("alerts", "--store", store, "--rule", "level.low", "--format", "json")
        assert [each["id"] for each in json.loads(kept.stdout)["alerts"]] == [first["id"]]
        assert watch.end()[0] == 0
    with watching("-", "--store", store) as watch:
        watch.give(START, LOW, GOOD)
        again = watch.next()
        assert again["change"] == "resolved"
        assert again["step"] > first["step"]
        assert watch.end()[0] == 0


def test_what_others_write_to_the_store_is_told(tmp_path: Path) -> None:
    store = str(tmp_path / "S.db")
    with watching("-", "--store", store) as watch:
        watch.give(START)
        path = written([LOW], tmp_path)
        while not Path(store).exists():
            time.sleep(0.01)
        assert run("ingest", path, "--store", store).exit_code == 0
        raised = watch.next()
        assert raised["change"] == "raised"
        run("ack", raised["id"], "--store", store, "--by", "Rossi", "--reason", "seen")
        told = watch.next()
        assert (told["change"], told["by"], told["because"]) == ("acknowledged", "Rossi", "seen")


def test_after_a_kill_nothing_is_lost_and_the_store_is_whole(tmp_path: Path) -> None:
    store = str(tmp_path / "S.db")
    with watching("-", "--store", store) as watch:
        watch.give(START, LOW)
        first = watch.next()
        watch.process.kill()
        watch.process.wait()
    with watching("-", "--store", store) as watch:
        watch.give(GOOD)
        told = [watch.next()]
        while told[-1]["change"] != "resolved":
            told.append(watch.next())
        assert [each["change"] for each in told] in (["resolved"], ["raised", "resolved"])
        assert {each["step"] for each in told if each["change"] == "raised"} <= {first["step"]}
        assert watch.end()[0] == 0
    assert run("audit", "verify", "--store", store).exit_code == 0


def test_refused_lines_are_said_at_once_and_counted_at_the_end() -> None:
    with watching("-") as watch:
        watch.give({**START, "drug": 5}, START, LOW)
        assert watch.next()["change"] == "raised"
        code, said = watch.end()
        assert code == 5
        assert said.startswith("-:1: drug: found 5")


def test_replayed_the_alerts_come_when_they_would_have_come(tmp_path: Path) -> None:
    """An MMF trial becomes adequate on a day on which nothing arrives."""
    lines: list[Line] = [
        {"id": "d", "kind": "diagnosis", "at": "2015-01-01", "condition": "itp"},
        {"id": "m", "kind": "medication", "at": "2015-11-01", "drug": "mycophenolate-mofetil",
         "action": "start", "dose": 1200, "unit": "mg/m2/d"},
        {"id": "b", "kind": "platelet_count", "at": "2015-11-01", "value": 10, "unit": "10*9/L"},
        {"id": "c", "kind": "platelet_count", "at": "2016-01-02", "value": 12, "unit": "10*9/L"},
        {"id": "c2", "kind": "platelet_count", "at": "2016-02-20", "value": 12, "unit": "10*9/L"},
    ]
    path = written([{**line, "patient": "eva"} for line in lines], tmp_path)
    with Path(path).open("rb") as file:
        done = subprocess.run([sys.executable, str(ROOT / "cli.py"), "watch", "-", "--replay"],
                              stdin=file, capture_output=True, check=True)
    told = [json.loads(line) for line in done.stdout.splitlines()]
    (rescue,) = [each for each in told if each["rule"] == "rescue.sirolimus"
                 and each["change"] == "raised"]
    assert rescue["moment"] == "2016-01-24T00:00:00.000000Z"
    assert rescue["from"] == "2016-01-24"
    assert rescue["because"] == "time has passed"


def test_replayed_the_alerts_end_as_they_are_assessed() -> None:
    cohort = str(ROOT / "examples" / "letter-cohort.ndjson")
    with Path(cohort).open("rb") as file:
        done = subprocess.run([sys.executable, str(ROOT / "cli.py"), "watch", "-", "--replay"],
                              stdin=file, capture_output=True, check=True)
    last: dict[str, dict[str, Any]] = {}
    for line in done.stdout.splitlines():
        told = json.loads(line)
        last[told["id"]] = told
    standing = sorted((each["id"], each["to"], each["message"]) for each in last.values()
                      if each["change"] != "withdrawn")
    assessed = json.loads(run("assess", cohort, "--format", "json").stdout)
    assert standing == sorted(
        (f"{patient['patient']}/{alert['id']}", alert["to"], alert["message"])
        for patient in assessed["patients"] for alert in patient["alerts"])


def test_options_that_do_not_go_together(tmp_path: Path) -> None:
    done = run("watch", "-", "--replay", "--store", str(tmp_path / "S.db"))
    assert done.exit_code == 2 and "give one of them" in done.stderr


def test_a_pipe_that_closes_ends_it_quietly() -> None:
    process = subprocess.Popen([sys.executable, str(ROOT / "cli.py"), "watch", "-"],
                               stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                               stderr=subprocess.PIPE)
    assert process.stdout is not None
    process.stdout.close()
    data = "".join(json.dumps(line) + "\n" for line in (START, LOW)).encode()
    _, said = process.communicate(data, timeout=PATIENCE)
    assert (process.returncode, said) == (141, b"")


def test_a_closed_input_is_said() -> None:
    done = subprocess.run(
        ["sh", "-c", 'exec "$@" <&-', "sh", sys.executable, str(ROOT / "cli.py"), "watch"],
        capture_output=True, check=False, timeout=PATIENCE)
    assert done.returncode == 2 and b"The standard input is closed" in done.stderr


def test_a_pipe_that_closes_keeps_what_was_not_read(tmp_path: Path) -> None:
    """Who reads goes away: what she did not get is told again."""
    store = str(tmp_path / "S.db")
    process = subprocess.Popen(
        [sys.executable, str(ROOT / "cli.py"), "watch", "-", "--store", store],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    assert process.stdout is not None
    process.stdout.close()
    data = "".join(json.dumps(line) + "\n" for line in (START, LOW)).encode()
    _, said = process.communicate(data, timeout=PATIENCE)
    assert (process.returncode, said) == (141, b"")
    with watching("-", "--store", store) as watch:
        assert watch.next()["change"] == "raised"
