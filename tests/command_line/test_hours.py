"""An alert that is due twelve hours after an event, for one who uses the program."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from .program import ROOT, run, written

EXAMPLES = """\
start: 2020-01-01
timezone: Europe/Berlin
examples:
  - name: repeated after twelve hours, to the minute
    given:
      events:
        - {kind: medication, drug: warfarin, action: start, at: 0d}
        - {kind: inr, value: 4, unit: INR, at: 10d 20:00}
    as_of: 11d 09:00
    expect:
      alerts: [{rule: inr.repeat, severity: moderate, from: 11d 08:00, says: repeat it}]
      worklist:
        11d 07:59: []
        11d 08:00: [inr.repeat]
  - name: of a date nobody can say it
    given:
      events:
        - {kind: medication, drug: warfarin, action: start, at: 0d}
        - {kind: inr, value: 4, unit: INR, at: 10d}
    as_of: 10d 20:00
    expect: {alerts: [], undecided: [inr.repeat], needs: {inr.repeat: [time of day]}}
"""
LINES = [
    {"patient": "p", "id": "1", "kind": "medication", "at": "2020-01-01", "drug": "warfarin",
     "action": "start"},
    {"patient": "p", "id": "2", "kind": "inr", "at": "2020-01-10T20:00+01:00", "value": 4,
     "unit": "INR"},
]


@pytest.fixture
def rulebook(tmp_path: Path) -> str:
    """Write the rulebook on the page that teaches the language, with its alert in hours."""
    folder = tmp_path / "inr"
    folder.mkdir()
    page = (ROOT / "rules" / "README.md").read_text(encoding="utf-8")
    for name, text in re.findall(r"^`([a-z]+\.yaml)`\n```yaml\n(.*?)^```", page, re.M | re.S):
        (folder / name).write_text(
            text.replace("[high, low, in-range]", "[high, low, in-range, not-clear]"), "utf-8")
    (alert,) = re.findall(r"^```yaml\n(  - id: inr.repeat\n.*?)^```", page, re.M | re.S)
    with (folder / "inr.yaml").open("a", encoding="utf-8") as topic:
        topic.write(alert)
    with (folder / "parameters.yaml").open("a", encoding="utf-8") as parameters:
        parameters.write("half_day: {value: 12, unit: hours, cite: tutorial, about: half a day}\n")
    (folder / "inr.examples.yaml").write_text(EXAMPLES, encoding="utf-8")
    return str(folder)


def test_it_is_checked_tried_and_read(rulebook: str) -> None:
    checked, tried = run("rules", "check", rulebook), run("rules", "test", rulebook)
    assert (checked.exit_code, tried.exit_code) == (0, 0), checked.output + tried.output
    assert "at least 12 hours (half_day) have passed since the newest INR" in run(
        "rules", "show", rulebook).stdout
    refused = run("assess", written(LINES, Path(rulebook).parent), "--rulebook", rulebook,
                  "--set", "half_day=2 days")
    assert refused.exit_code != 0 and "hours" in refused.stderr


@pytest.mark.parametrize(("at", "is_open"), [
    ("2020-01-11T07:59:59.999999+01:00", False), ("2020-01-11T08:00+01:00", True)])
def test_it_is_explained_and_the_explanation_is_confirmed(rulebook: str, tmp_path: Path, at: str,
                                                          *, is_open: bool) -> None:
    asked = ["why", "p", written(LINES, tmp_path), "--what", "inr.repeat", "--at", at,
             "--rulebook", rulebook, "--timezone", "Europe/Berlin"]
    told = run(*asked).stdout
    assert ("inr.repeat is open, since 2020-01-11T08:00:00+01:00" in told) is is_open
    assert f"{'12' if is_open else '11.99'} hours since the newest INR" in told
    certificate = tmp_path / "certificate.json"
    certificate.write_text(run(*asked, "--format", "json").stdout, encoding="utf-8")
    checked = run("audit", "check", str(certificate), "--rulebook", rulebook)
    assert checked.exit_code == 0, checked.output
    forged = json.loads(certificate.read_text(encoding="utf-8"))
    forged["parameters"]["half_day"]["value"]["number"] = "11"
    certificate.write_text(json.dumps(forged), encoding="utf-8")
    assert run("audit", "check", str(certificate), "--rulebook", rulebook).exit_code != 0


def test_what_is_lacking_is_told_in_hours(rulebook: str, tmp_path: Path) -> None:
    told = run("whynot", "p", written(LINES, tmp_path), "--what", "inr.repeat",
               "--at", "2020-01-11T02:00+01:00", "--rulebook", rulebook,
               "--timezone", "Europe/Berlin")
    assert "6 more hours, at 2020-01-11T08:00:00+01:00" in " ".join(told.stdout.split())


def test_one_hour_more_or_less_is_noticed(rulebook: str) -> None:
    """Each change of the alert in hours is tried on the examples; the boundary is among them."""
    assert survivors(rulebook) == []
    examples = Path(rulebook, "inr.examples.yaml")
    text = examples.read_text(encoding="utf-8").replace("from: 11d 08:00, ", "")
    examples.write_text(re.sub(r"      worklist:\n(        .*\n)+", "", text), encoding="utf-8")
    found = survivors(rulebook)
    assert any("half_day" in each for each in found), found
    assert any("hours_since(last_inr) > half_day" in each for each in found), found


def survivors(rulebook: str) -> list[str]:
    """Return what survives of the changes to the hours, and of how they are compared."""
    told = run("rules", "test", rulebook, "--mutate").stdout
    return [each for each in told.split("survives: ")[1:]
            if "half_day" in each or "hours_since" in each]
