"""Does every alert name the events that it rests on, also where it reads other conclusions?"""

from __future__ import annotations

import json

from command_line.program import run
from laws.assessed import ROOT, assess

CASE = [
    {"id": "b", "kind": "platelet_count", "at": "2015-01-01", "value": 12, "unit": "10*9/L"},
    {"id": "s", "kind": "medication", "at": "2015-01-02", "drug": "sirolimus", "action": "start"},
    {"id": "r", "kind": "platelet_count", "at": "2015-03-01", "value": 120, "unit": "10*9/L"},
    {"id": "l", "kind": "platelet_count", "at": "2015-04-01", "value": 20, "unit": "10*9/L"},
]


def test_a_loss_rests_on_the_count_that_lost_it() -> None:
    record = json.loads(assess([{**line, "patient": "p"} for line in CASE]))
    (loss,) = [each for each in record["alerts"] if each["rule"] == "loss.on-treatment"]
    assert "l" in loss["evidence"]


def test_no_alert_of_the_letter_rests_on_nothing() -> None:
    done = run("assess", str(ROOT / "examples" / "letter-cohort.ndjson"), "--format", "json")
    alerts = [alert for patient in json.loads(done.stdout)["patients"]
              for alert in patient["alerts"]]
    assert alerts
    assert [alert["id"] for alert in alerts if not alert["evidence"]] == []
