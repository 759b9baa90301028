"""How the program ends when something is wrong: the exit codes, and what the user reads."""

from __future__ import annotations

import json
import multiprocessing
import os
import re
import shutil
import signal
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

import pytest

from engine.pool import Setup

from .program import ANNA, BAD, ROOT, RULES, ZOE, assessed, real, run, written

STONE = ("unit: found 'stone', expected one of ")

@pytest.mark.parametrize("form", ["table", "json", "ndjson"])
@pytest.mark.parametrize("grouped", [[], ["--grouped"]])
def test_a_refusal_stops_the_run_and_all_refusals_are_told(
        tmp_path: Path, form: str, grouped: list[str]) -> None:
    path = written([*ANNA, *BAD, {"id": 3}, *ZOE], tmp_path)
    result = run("assess", "--format", form, *grouped, path)
    assert result.exit_code == 5
    assert f"{path}:7: {STONE}" in result.stderr
    assert f"{path}:8: kind: found 'platelets', " in result.stderr
    assert f"{path}:9: " in result.stderr
    if form == "json":
        whole = json.loads(result.stdout)
        assert whole["patients"] == []
        assert {each["line"] for each in whole["refused"]} == {7, 8, 9}
    else:
        assert result.stdout == ""


def test_what_is_refused_is_told_with_the_reason_and_the_number(tmp_path: Path) -> None:
    path = written(BAD, tmp_path)
    lines = run("assess", path).stderr.splitlines()
    assert lines[0].startswith(f"{path}:1: {STONE}")
    assert lines[-1] == ("2 refused. Nothing was assessed: mend these lines, "
                         "or assess the rest with --on-error skip.")


@pytest.mark.parametrize("grouped", [[], ["--grouped"]])
def test_skip_assesses_the_rest_and_still_ends_with_5(tmp_path: Path, grouped: list[str]) -> None:
    path = written([*ANNA, *BAD, *ZOE], tmp_path)
    result = run("assess", "--format", "json", "--on-error", "skip", *grouped, path)
    whole = json.loads(result.stdout)
    assert result.exit_code == 5
    assert whole["patients"] == assessed(written(ANNA + ZOE, tmp_path, "good.ndjson"))["patients"]
    assert [(each["source"], each["line"], each["field"]) for each in whole["refused"]] == [
        (path, 7, "unit"), (path, 8, "kind")]
    assert result.stderr.endswith("2 refused. The rest was assessed without them.\n")
    assert "2 refused: see the error output." in run(
        "assess", "--on-error", "skip", *grouped, path).stdout


def test_no_more_than_fifty_refusals_are_shown_but_json_has_all(tmp_path: Path) -> None:
    path = written([{**BAD[0], "id": str(number)} for number in range(60)], tmp_path)
    result = run("assess", "--format", "json", path)
    assert len(result.stderr.splitlines()) == 52
    assert result.stderr.splitlines()[-2] == "... and 10 more"
    assert len(json.loads(result.stdout)["refused"]) == 60


def test_lines_that_contradict_each_other_are_refused(tmp_path: Path) -> None:
    path = written([*ANNA, {**ANNA[-1], "value": "14"}], tmp_path)
    result = run("assess", path)
    assert result.exit_code == 5
    assert f"{path}:6 and {path}:7 contradict each other" in result.stderr


def test_refusals_of_other_patients_do_not_matter_to_one(tmp_path: Path) -> None:
    path = written([*ANNA, *BAD], tmp_path)
    assert run("assess", "--patient", "anna", path).exit_code == 0
    nobody = {key: value for key, value in BAD[0].items() if key != "patient"}
    path = written([*ANNA, nobody], tmp_path)
    assert run("assess", "--patient", "anna", path).exit_code == 5


def test_a_patient_that_reappears_in_grouped_lines_is_refused_with_advice(tmp_path: Path) -> None:
    path = written([*ANNA[:3], *ZOE, *ANNA[3:]], tmp_path)
    result = run("assess", "--grouped", "--format", "json", "--on-error", "skip", path)
    whole = json.loads(result.stdout)
    assert result.exit_code == 5
    assert [each["line"] for each in whole["refused"]] == [7, 8, 9]
    assert whole["refused"][0] == {
        "source": path, "line": 7, "field": "patient",
        "found": "'anna' again, after lines of another patient",
        "expected": "all lines of a patient together, as was promised",
        "reason": "sort the lines by patient, or read them without that promise"}
    stopped = run("assess", "--grouped", "--format", "ndjson", path)
    assert (stopped.exit_code, stopped.stdout) == (5, "")


@pytest.mark.parametrize(("options", "words"), [
    (["--timezone", "Europe/Roma"], "timezone: found 'Europe/Roma', expected the IANA name of a "
                                    "time zone; did you mean 'Europe/Rome'?"),
    (["--as-of", "2015"], "moment: found '2015', expected a date"),
    (["--as-of", "2015-02-30"], "there is no such day or time in the calendar"),
    (["--set", "target_low"], "setting: found 'target_low', expected NAME=VALUE"),
    (["--set", "target_low=4", "--set", "target_low=5"], "setting: found 'target_low' twice"),
    (["--set", "target_lo=4"], "did you mean 'target_low'?"),
    (["--set", "target_low=four"], "found target_low=four"),
    (["--jobs", "0"], "Invalid value for '--jobs'"),
    (["--format", "xml"], "Invalid value for '--format'"),
    (["nowhere.ndjson"], "nowhere.ndjson: there is no such file; check the name"),
])
def test_wrong_usage_ends_with_2_and_a_sentence(
        tmp_path: Path, options: list[str], words: str) -> None:
    result = run("assess", written(ANNA, tmp_path), *options)
    assert result.exit_code == 2
    assert words in result.stderr
    assert result.stdout == ""


def test_a_damaged_file_ends_with_2(tmp_path: Path) -> None:
    packed = tmp_path / "cut.gz"
    packed.write_bytes(b"\x1f\x8b\x08\x00 no gzip at all")
    for grouped in ([], ["--grouped"]):
        result = run("assess", "--format", "ndjson", *grouped, str(packed))
        assert result.exit_code == 2
        assert "the packed file is damaged or cut off" in result.stderr


def test_a_broken_rulebook_ends_with_3_and_names_every_mistake(tmp_path: Path) -> None:
    folder = tmp_path / "rules"
    shutil.copytree(RULES, folder)
    for name, word in (("level.yaml", "target_low"), ("response.yaml", "pr_count")):
        text = (folder / name).read_text("utf-8")
        assert word in text
        (folder / name).write_text(text.replace(word, word + "x"), encoding="utf-8")
    for command in (["rules", "check", str(folder)],
                    ["assess", "--rulebook", str(folder), written(ANNA, tmp_path)]):
        result = run(*command)
        assert result.exit_code == 3
        assert result.stdout == ""
        for name, word in (("level.yaml", "target_low"), ("response.yaml", "pr_count")):
            found = [line for line in result.stderr.splitlines() if f"/{name}:" in line]
            place, advice = found[0].split(": ", 1)
            assert all(part.isdigit() for part in place.rsplit(":", 2)[1:])
            assert f"did you mean '{word}'?" in advice
        assert result.stderr.splitlines()[-1].endswith(" problems in the rulebook")


def test_a_rulebook_that_is_not_there_ends_with_3() -> None:
    result = run("rules", "check", "itp-sirolimu")
    assert result.exit_code == 3
    assert "did you mean 'itp-sirolimus'?" in result.stderr


def test_check_says_in_one_line_what_a_good_rulebook_holds() -> None:
    for folder in ([], [str(RULES)], ["itp-sirolimus"]):
        result = run("rules", "check", *folder)
        assert result.exit_code == 0, result.stderr
        assert len(result.stdout.splitlines()) == 1
        assert result.stdout.startswith("itp-sirolimus ")
        told = re.findall("(?:warning: unused-set|error): found the set '(.*?)'", result.stderr)
        assert set(told) <= {"moderate-inhibitors", "moderate-inducers"}  # until rules name them
        ending = f"{len(told)} warnings" if told else "no problem found"
        assert result.stdout.endswith(f"; {ending}\n")


def test_a_fault_of_the_program_is_one_line_and_a_traceback_only_on_wish(
        tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    class Broken:
        def assess(self, *_: object) -> None:
            raise ZeroDivisionError("a bug")

    monkeypatch.setattr(Setup, "assessor", lambda _: Broken())
    result = run("assess", written(ANNA, tmp_path))
    assert result.exit_code == 1
    assert result.stderr == (
        "This is a fault of the program, not of your input: ZeroDivisionError: a bug while "
        "patient 'anna' was assessed as of 2014-09-02. Please report it; ITP_CDS_DEBUG=1 shows "
        "where it happened.\n")
    monkeypatch.setenv("ITP_CDS_DEBUG", "1")
    assert "Traceback (most recent call last)" in run("assess", written(ANNA, tmp_path)).stderr


def test_a_reader_that_goes_away_is_no_error(tmp_path: Path) -> None:
    many = [{**line, "patient": f"p{number:03}"} for number in range(60) for line in ANNA]
    path = written(many, tmp_path)
    for form in ("table", "ndjson", "json"):
        process = subprocess.Popen([sys.executable, str(ROOT / "cli.py"), "assess", "--format",
                                    form, path], stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.close()
        assert process.stderr.read() == b""
        assert process.wait() == 141


# With a second thread, workers are not copies of the process: it may hold a lock at that moment.
THREADED = ("import sys, threading, time;"
            "threading.Thread(target=time.sleep, args=(99,), daemon=True).start();")
WAYS = {"one process": (["cli.py"], "1"), "copies": (["cli.py"], "2"),
        "processes of their own": (["-c", THREADED + "import cli; cli.main()"], "2")}


def begun(tmp_path: Path, way: str) -> subprocess.Popen[bytes]:
    """Return the program when it has told of the first of many patients."""
    many = [{**line, "patient": f"p{number:04}"} for number in range(3000) for line in ANNA]
    program, jobs = WAYS[way]
    process = subprocess.Popen(
        [sys.executable, *program, "assess", "--grouped", "--on-error", "skip", "--format",
         "ndjson", "--jobs", jobs, written(many, tmp_path)], cwd=ROOT,
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, start_new_session=True)
    assert process.stdout is not None
    process.stdout.readline()
    return process


@pytest.mark.skipif(os.name != "posix", reason="signals of POSIX")
@pytest.mark.parametrize("way", WAYS)
def test_an_interrupt_is_quiet(tmp_path: Path, way: str) -> None:
    process = begun(tmp_path, way)
    os.killpg(process.pid, signal.SIGINT)
    _, said = process.communicate(timeout=60)
    assert (process.returncode, said) == (130, b"")


@pytest.mark.skipif(os.name != "posix", reason="signals of POSIX")
@pytest.mark.parametrize("way", WAYS)
def test_workers_do_not_outlive_a_program_that_was_killed(tmp_path: Path, way: str) -> None:
    """They would hold its output open, and whoever reads it would wait for ever."""
    process = begun(tmp_path, way)
    process.kill()
    process.communicate(timeout=60)
    assert process.returncode == -signal.SIGKILL


@pytest.mark.skipif(not Path("/proc/self/task").is_dir(), reason="its workers are copies on Linux")
def test_a_worker_that_is_killed_ends_the_run_with_1_and_a_sentence(tmp_path: Path) -> None:
    process = begun(tmp_path, "copies")
    tasks = Path(f"/proc/{process.pid}/task").glob("*/children")
    workers = [int(pid) for task in tasks for pid in task.read_text().split()]
    assert len(workers) == 2
    os.kill(workers[0], signal.SIGKILL)
    _, said = process.communicate(timeout=60)
    assert process.returncode == 1
    assert said.startswith(b"This is a fault of the program, not of your input: BrokenProcessPool")


@pytest.mark.parametrize("events", [[*ANNA, *ZOE], [*ANNA, *BAD]])
def test_a_run_leaves_no_worker_or_thread_behind(
        tmp_path: Path, events: list[dict[str, Any]]) -> None:
    """What is left at the end of the program meets pipes that are closed: a traceback, at times."""
    before = {*threading.enumerate()}
    result = run("assess", "--jobs", "2", "--grouped", written(events, tmp_path))
    assert result.exit_code in (0, 5)
    assert {*threading.enumerate()} <= before
    assert multiprocessing.active_children() == []


@pytest.mark.skipif(os.name != "posix", reason="signals of POSIX")
def test_what_begins_for_workers_does_not_hear_of_an_interrupt() -> None:
    """The process from which they are forked imports much, which must not end in a traceback."""
    code = (THREADED + "import os, signal; from engine.workers import prepare;"
            "heard = []; signal.signal(signal.SIGINT, lambda *_: heard.append(1)); prepare();"
            "time.sleep(0.1); os.killpg(0, signal.SIGINT); print(heard)")
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, check=False,
                          start_new_session=True)
    assert (done.returncode, done.stdout, done.stderr) == (0, b"[1]\n", b"")


def test_the_program_runs_from_any_folder(tmp_path: Path) -> None:
    done = subprocess.run([sys.executable, str(ROOT / "cli.py"), "assess", "--format", "ndjson",
                           written(ANNA, tmp_path)], cwd=tmp_path, capture_output=True, check=True)
    assert json.loads(done.stdout)["patient"] == "anna"


def test_no_events_is_wrong_usage() -> None:
    done = real("assess")
    assert done.returncode == 2
    assert b"Missing argument 'EVENTS...'" in done.stderr
