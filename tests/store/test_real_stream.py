"""A real laboratory stream in which a count is corrected twice: what is said of it, each time.

The counts are those of one admission, in the order of the source; that the child has ITP and takes
sirolimus, and the corrections, are made up. Without the data there is nothing to follow.
"""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from typing import Any

import pytest
from command_line.program import ROOT

from .stores import Desk, Line

REAL = ROOT.parent / "shared" / "data" / "mimic3demo" / "labs.ndjson"
PATIENT, LOST, KNOWN = "hadm-163189", "2123-12-14T03:42:00Z", "2123-12-14T05:00:00"
EARLY = "2123-12-14T05:01:00Z"

pytestmark = pytest.mark.skipif(not REAL.exists(), reason="the data are not here")


def counts() -> list[Line]:
    """Return the counts up to the first that is surely a loss of response."""
    lines = [json.loads(line) for line in REAL.read_text("utf-8").splitlines()]
    return [line for line in lines if line["patient"] == PATIENT and line["at"] <= LOST]


def alerts(desk: Desk, *options: str) -> list[dict[str, Any]]:
    found = desk.ask("alerts", "--format", "json", "--rule", "loss.on-treatment", *options)
    assert found.exit_code == 0, found.output
    listed: list[dict[str, Any]] = json.loads(found.stdout)["alerts"]
    return listed


def at(desk: Desk, moment: str, line: Line) -> None:
    desk.on(moment)
    assert desk.ingest([line]).exit_code == 0


def test_a_count_that_is_corrected_twice(desk: Desk) -> None:
    lines = counts()
    in_time = sorted(lines, key=lambda line: str(line["at"]))
    last = in_time[-1]
    course = {"patient": PATIENT, "id": "s", "kind": "medication", "at": in_time[1]["at"], "drug":
              "sirolimus", "action": "start", "dose": 2.2, "unit": "mg/m2/d"}
    desk.on(KNOWN)
    assert desk.ingest([course, *lines]).exit_code == 0
    (raised,) = alerts(desk)
    name = raised["id"]
    assert raised["message"].startswith(f"Response lost on treatment: {last['value']} K/uL")
    desk.on("2123-12-14T05:02:00")
    first_answer = desk.assessed("--as-of", EARLY)
    acknowledged = desk.ask("ack", name, "--by", "Rossi", "--reason", "repeat is ordered")
    assert acknowledged.exit_code == 0
    assert raised["message"] in acknowledged.stdout  # what was acknowledged, in words

    again = {**last, "value": "12", "status": "corrected", "recorded": "2123-12-14T06:00:00Z"}
    at(desk, "2123-12-14T06:05:00", again)
    (reopened,) = alerts(desk)
    assert reopened["message"].startswith("Response lost on treatment: 12 K/uL")
    assert reopened["because"] == (
        f"acknowledged by Rossi before {last['id']} was corrected or withdrawn")

    clumped = {**last, "clumped": True, "status": "corrected", "recorded": "2123-12-14T07:00:00Z"}
    at(desk, "2123-12-14T07:05:00", clumped)
    assert alerts(desk) == []
    (withdrawn,) = alerts(desk, "--state", "withdrawn")
    assert withdrawn["id"] == name and withdrawn["because"] == f"{last['id']} corrected"

    shown = json.loads(desk.ask("show", name, "--format", "json").stdout)
    assert [step["change"] for step in shown["steps"]] == [
        "raised", "acknowledged", "amended", "reopened", "withdrawn"]
    moments = [datetime.fromisoformat(step["moment"]) for step in shown["steps"]]
    assert moments == sorted(moments) and moments[-1] - moments[0] > timedelta(hours=2)
    for moment, states in (("2123-12-14T05:30:00Z", ["acknowledged"]),
                           ("2123-12-14T06:30:00Z", ["open"]),
                           ("2123-12-14T07:30:00Z", ["withdrawn"])):
        desk.on("2123-12-15T00:00:00")
        then = alerts(desk, "--state", "all", "--as-of", moment)
        assert [each["state"] for each in then] == states
    assert desk.assessed("--as-of", EARLY) == first_answer
    assert desk.ask("audit verify").exit_code == 0


def test_the_whole_stream_in_parts_and_again_raises_nothing_twice(desk: Desk) -> None:
    """All admissions, in the order of the source; each takes sirolimus from its second count on."""
    lines = [json.loads(line) for line in REAL.read_text("utf-8").splitlines()]
    admissions: dict[str, list[str]] = {}
    for line in lines:
        admissions.setdefault(line["patient"], []).append(line["at"])
    lines += [{"patient": name, "id": "s", "kind": "medication", "at": sorted(times)[1], "drug":
               "sirolimus", "action": "start", "dose": 2.2, "unit": "mg/m2/d"}
              for name, times in admissions.items() if len(times) > 1]
    desk.on("2205-01-01T00:00:00")
    for first in range(0, len(lines), 250):
        assert desk.ingest(lines[first:first + 250]).exit_code == 0
        desk.ask("alerts")
    asked = "SELECT change, id FROM steps ORDER BY seq"
    steps = desk.open().execute(asked).fetchall()
    assert "raised" in {change for change, _ in steps}
    assert desk.ingest(lines).exit_code == 0
    assert desk.ask("alerts").exit_code == 0
    assert desk.open().execute(asked).fetchall() == steps
