"""What `whynot` prints, and what its record can be used for."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from .program import ANNA, BAD, ROOT, assessed, run, written

LETTER = str(ROOT / "examples" / "letter-cohort.ndjson")


def told(*arguments: str) -> dict[str, Any]:
    done = run("whynot", *arguments, "--format", "json")
    assert done.exit_code == 0, done.stderr
    record: dict[str, Any] = json.loads(done.stdout)
    return record


def test_the_page_reads_as_sentences() -> None:
    out = run("whynot", "17", LETTER, "--what", "current_response=CR").stdout
    assert "response = CR does not hold: it is PR, since 2015-05-31" in " ".join(out.split())
    assert ("is less than 100 x10^9/L (cr_count): needs at least 100 x10^9/L, has 56 x10^9/L"
            in " ".join(out.split()))
    assert ("It would hold with one more platelet count of 100 x10^9/L on 2016-10-05 (checked)."
            ) in out
    assert "it is no advice" in out


def test_the_lines_of_the_record_make_it_so(tmp_path: Path) -> None:
    file = written(ANNA, tmp_path)
    (answer,) = told("anna", file, "--what", "response=NR")["answers"]
    assert (answer["name"], answer["wanted"], answer["holds"]) == ("response", "NR", False)
    assert answer["changes"]
    for number, change in enumerate(answer["changes"]):
        more = written(change["lines"], tmp_path, f"more-{number}.ndjson")
        (patient,) = assessed(file, more, "--as-of", change["as_of"])["patients"]
        assert patient["summary"]["current_response"] == "NR"


def test_what_holds_already_is_sent_to_why(tmp_path: Path) -> None:
    file = written(ANNA, tmp_path)
    done = run("whynot", "anna", file, "--what", "response=CR", "--what", "level.low")
    assert "response = CR holds already: ask for the reason with why --what response." in (
        done.stdout)
    assert told("anna", file, "--what", "response=CR")["answers"][0] == {
        "name": "response", "wanted": "CR", "holds": True, "against": None, "changes": [],
        "tried": 0, "bounded": False}


def test_a_store_can_be_asked(tmp_path: Path) -> None:
    file, store = written(ANNA, tmp_path), str(tmp_path / "store")
    assert run("ingest", file, "--store", store).exit_code == 0
    done = run("whynot", "anna", "--store", store, "--what", "response=NR")
    assert done.exit_code == 0, done.stderr
    assert "(checked)." in done.stdout


def test_a_slip_is_told_with_advice() -> None:
    for what, said in (("respons=CR", "did you mean 'response'?"),
                       ("response=CRR", "did you mean 'CR'?"),
                       ("response", "found no value, expected one of"),
                       ("days_to_pr=5", "expected a conclusion, an alert, or a fact"),
                       ("low_now=maybe", "expected 'yes' or 'no' for low_now"),
                       ("level.low=high", "write level.low")):
        done = run("whynot", "17", LETTER, "--what", what)
        assert done.exit_code == 2, what
        assert said in done.stderr, (what, done.stderr)
    assert run("whynot", "77", LETTER, "--what", "response=CR").exit_code == 2
    assert run("whynot", "17", LETTER).exit_code == 2


def test_a_refused_line_of_the_patient_stops_the_answer(tmp_path: Path) -> None:
    own = [{**line, "patient": "anna"} for line in BAD]
    file = written([*ANNA, *own], tmp_path)
    done = run("whynot", "anna", file, "--what", "response=NR")
    assert done.exit_code == 5
    assert done.stdout == ""
