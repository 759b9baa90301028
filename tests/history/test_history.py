"""What `history` tells a person: a count corrected twice, withdrawals, loads, time, rulebooks."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from command_line.program import ANNA, BAD, Line, count, run, written
from store.stores import Desk

LOW = count("anna", "c2", "2014-09-02", "42")
TWICE: list[Line] = [
    *ANNA[:5], LOW,
    {**LOW, "value": "24", "status": "corrected", "recorded": "2014-09-04T09:00Z"},
    {**{key: LOW[key] for key in ("id", "patient", "kind", "at")}, "clumped": True,
     "status": "corrected", "recorded": "2014-09-06T10:15Z"},
]


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Desk:
    return Desk(tmp_path, monkeypatch)


def moments(*arguments: str) -> list[dict[str, Any]]:
    done = run("history", *arguments, "--format", "json")
    assert done.exit_code == 0, done.output
    found: list[dict[str, Any]] = json.loads(done.stdout)["moments"]
    return found


def changes(moment: dict[str, Any], name: str) -> list[tuple[str, str | None]]:
    return [(each["what"], (each["after"] or each["before"]).get("value"))
            for each in moment["changes"] if each["name"] == name and each["of"] != "undecided"]


def replayed(found: list[dict[str, Any]]) -> Iterator[tuple[str, dict[str, list[str]]]]:
    """Yield each moment with the conclusions and alerts that the changes up to it make."""
    kept: dict[str, list[str]] = {"conclusion": [], "alert": [], "undecided": []}
    for moment in found:
        for each in moment["changes"]:
            if each["before"]:
                kept[each["of"]].remove(json.dumps(each["before"], sort_keys=True))
            if each["after"]:
                kept[each["of"]].append(json.dumps(each["after"], sort_keys=True))
        yield moment["as_of"], {name: sorted(records) for name, records in kept.items()}


def as_assessed(printed: str) -> dict[str, list[str]]:
    [patient] = json.loads(printed)["patients"]
    return {name: sorted(json.dumps(each, sort_keys=True) for each in patient[key])
            for name, key in (("conclusion", "conclusions"), ("alert", "alerts"),
                              ("undecided", "undecided"))}


def page(text: str, moment: str) -> str:
    """Return the part of a page that tells of one moment, in one line."""
    part = text[text.index(f"\n{moment}  "):]
    return " ".join(part.split("\n\n")[0].split())


def test_a_count_that_is_corrected_twice(tmp_path: Path) -> None:
    path = written(TWICE, tmp_path)
    *_, learnt, lower, clumped = moments("anna", path, "--to", "2014-09-06T10:15Z")
    assert learnt["as_of"].startswith("2014-09-02T00:00")
    assert changes(learnt, "loss") == []
    assert ("begun", "NR") in changes(lower, "response")
    assert changes(lower, "loss.on-treatment") == [("begun", None)]
    assert ("withdrawn", "NR") in changes(clumped, "response")
    assert changes(clumped, "loss.on-treatment") == [("withdrawn", None)]
    assert ("withdrawn", "on-treatment") in changes(clumped, "loss")
    shown = run("history", "anna", path).stdout
    said = page(shown, "2014-09-04 09:00")
    assert ("learnt: platelet count of 2014-09-02 corrected from 42 x10^9/L to 24 x10^9/L [c2]"
            in said)
    assert "ALERT loss.on-treatment (high) raised, since 2014-09-02: Response lost" in said
    said = page(shown, "2014-09-06 10:15")
    assert "platelet count of 2014-09-02 corrected from 24 x10^9/L to clumped [c2]" in said
    assert ("response: WITHDRAWN: NR, since 2014-09-02; it rested on the platelet count 24 "
            "x10^9/L of 2014-09-02 [c2]") in said
    assert "ALERT loss.on-treatment (high) WITHDRAWN, since 2014-09-02" in said


def test_the_earlier_answer_is_given_again(tmp_path: Path) -> None:
    path, before = written(TWICE, tmp_path), written(TWICE[:7], tmp_path, "before.ndjson")
    asked = ("--format", "json", "--as-of", "2014-09-05")
    assert run("assess", path, *asked).stdout_bytes == run("assess", before, *asked).stdout_bytes
    for moment, state in replayed(moments("anna", path)):
        done = run("assess", path, "--format", "json", "--as-of", moment)
        assert as_assessed(done.stdout) == state


def test_what_never_was_is_told_with_what_it_takes_away(tmp_path: Path) -> None:
    void = {**{key: LOW[key] for key in ("id", "patient", "kind", "at")},
            "status": "entered-in-error", "recorded": "2014-09-06"}
    said = page(run("history", "anna", written([*ANNA[:4], LOW, void], tmp_path)).stdout,
                "2014-09-06")
    assert "platelet count 42 x10^9/L of 2014-09-02 is void: entered in error [c2]" in said


def test_time_alone_changes_things_at_their_own_instant(tmp_path: Path) -> None:
    trial: list[Line] = [
        ANNA[0], {"id": "m", "patient": "anna", "kind": "medication", "at": "2014-01-02",
                  "drug": "mycophenolate-mofetil", "action": "start"},
        count("anna", "a", "2014-03-20", 10), count("anna", "z", "2014-06-20", 12)]
    path = written(trial, tmp_path)
    last = moments("anna", path)[-1]
    by_time = {(each["what"], each["name"]): each["after"] for each in last["changes"]
               if each["through"] == "time"}
    assert by_time[("begun", "mmf")]["from"] == "2014-03-27"
    assert by_time[("begun", "rescue.sirolimus")]["from"] == "2014-03-27"
    said = page(run("history", "anna", path).stdout, "2014-06-20")
    assert ("meanwhile, by the passing of time: mmf: nonresponse, since 2014-03-27 (until then "
            "ongoing)") in said
    assert moments("anna", path, "--to", "2014-03-27")[-1]["learnt"] == []


def test_only_what_was_asked_for(tmp_path: Path) -> None:
    path = written(TWICE, tmp_path)
    found = moments("anna", path, "--what", "loss.on-treatment", "--what", "current_response")
    assert {each["name"] for moment in found for each in moment["changes"]} <= {
        "loss.on-treatment", "response", "current_response"}
    assert len(moments("anna", path, "--from", "2014-09-05")) == 1
    wrong = run("history", "anna", path, "--what", "respons")
    assert wrong.exit_code == 2
    assert "did you mean 'response'" in wrong.stderr
    assert "expected a patient of the input" in run("history", "ana", path).stderr


def test_a_refused_line_stops_it_unless_it_may_be_passed_over(tmp_path: Path) -> None:
    path = written([*ANNA, {**BAD[0], "patient": "anna"}], tmp_path)
    done = run("history", "anna", path)
    assert (done.exit_code, done.stdout) == (5, "")
    done = run("history", "anna", path, "--on-error", "skip")
    assert done.exit_code == 5
    assert "learnt: platelet count 12 x10^9/L" in done.stdout


def test_lines_are_one_a_moment(tmp_path: Path) -> None:
    path = written(TWICE, tmp_path)
    lines = run("history", "anna", path, "--format", "ndjson").stdout.splitlines()
    assert [json.loads(line) for line in lines] == moments("anna", path)


def test_a_store_goes_by_receipt_and_a_load_is_one_moment(desk: Desk) -> None:
    many = [count("anna", f"m{day}", f"2014-08-{day:02}", 40) for day in range(10, 15)]
    desk.on("2016-01-01T08:00")
    desk.ingest([*TWICE[:6], *many])
    desk.on("2016-02-01T08:00")
    desk.ingest(TWICE[6:7])
    desk.on("2016-03-01T08:00")
    desk.ingest(TWICE[7:])
    shown = desk.ask("history anna").stdout
    assert "11 events at once, of 2014-01-01 to 2014-09-02: " in page(shown, "2016-01-01 08:00")
    assert "corrected from 42 x10^9/L to 24" in page(shown, "2016-02-01 08:00")
    assert "WITHDRAWN" in page(shown, "2016-03-01 08:00")
    done = desk.ask("history anna --format json")
    for moment, state in replayed(json.loads(done.stdout)["moments"]):
        assert as_assessed(desk.ask("assess --format json --as-of", moment).stdout) == state


def test_another_rulebook_is_a_moment_of_a_store(desk: Desk) -> None:
    desk.on("2016-01-01T08:00")
    desk.ingest(ANNA)
    desk.on("2016-02-01T08:00")
    desk.ask("assess --set target_low=4")
    shown = desk.ask("history anna").stdout
    said = page(shown, "2016-02-01 08:00")
    assert "in force from now on: itp-sirolimus" in said
    assert "by the other rulebook: " in said
    assert "level: target, since 2014-08-02" in said
    assert desk.open().execute("SELECT count(*) FROM uses").fetchone() == (2,)
    done = desk.ask("history anna --format json")
    for moment, state in replayed(json.loads(done.stdout)["moments"]):
        assert as_assessed(desk.ask("assess --format json --as-of", moment).stdout) == state
    own = json.loads(desk.ask("history anna --format json --set target_low=5").stdout)["moments"]
    assert [each["rulebook_before"] for each in own] == [None]
