"""A fallback is shown to readers; rules that read the conclusion do not know what it will be."""

from __future__ import annotations

import json
from pathlib import Path

from command_line.program import run, written

LINES = [{"id": str(number), "patient": "p", "recorded": line["at"], **line} for number, line in
         enumerate([
    {"kind": "diagnosis", "at": "2019-12-01", "condition": "itp"},
    {"kind": "medication", "at": "2020-01-01", "drug": "sirolimus", "action": "start", "dose": 2,
     "unit": "mg/m2/d"},
    {"kind": "drug_level", "at": "2020-02-01T08:00:00Z", "drug": "sirolimus", "value": "<6.5",
     "unit": "ng/mL", "sample": "trough", "matrix": "whole-blood"},
])]


def test_an_alert_on_a_level_that_may_be_low_is_undecided(tmp_path: Path) -> None:
    done = run("assess", written(LINES, tmp_path), "--format", "json")
    patient, = json.loads(done.stdout)["patients"]
    assert patient["summary"]["level"] == "indeterminate"
    assert "level.low" in {each["name"] for each in patient["undecided"]}
    assert "level.low" not in {each["rule"] for each in patient["alerts"]}


def test_what_the_conclusion_cannot_be_is_false(tmp_path: Path) -> None:
    done = run("assess", written(LINES, tmp_path), "--format", "json")
    patient, = json.loads(done.stdout)["patients"]
    assert "level.high" not in {each["name"] for each in patient["undecided"]}


def test_its_certificate_stands(tmp_path: Path) -> None:
    made = run("why", "p", written(LINES, tmp_path), "--what", "level.low", "--format", "json")
    certificate = tmp_path / "certificate.json"
    certificate.write_text(made.stdout, "utf-8")
    checked = run("audit", "check", str(certificate))
    assert checked.exit_code == 0, checked.output
