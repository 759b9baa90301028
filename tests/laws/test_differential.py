"""The engine against an independent reading of the decisions, patient by patient.

`tests/oracle` was written from the specification alone. Where the specification can be read in two
ways and the two readings differ on purpose, the oracle notes the choice; those are left out here,
by number (see tests/oracle/CHOICES.md).
"""

from __future__ import annotations

import json
from typing import Any

import pytest
from laws.assessed import UTC, Line, assess
from oracle.patients import cohort
from oracle.reading import assess as read_independently

from engine.events.when import parse_when

# 1 bleeding later on the day of a dated count; 3 the lowest of censored counts of one instant;
# 7 a stop and a start on one date; 11 what "next" means on one day; 27 a sample on the day of
# the stop.
READ_OTHERWISE = {1, 3, 7, 11, 27}
SUMMARY = ("group", "mmf", "best_response", "current_response", "days_to_pr", "days_to_cr",
           "relapse", "best_response_iwg", "current_response_iwg", "level")
ALERTS = {"level.low", "level.high", "level.not-interpretable", "recurrence.off-drug",
          "loss.on-taper", "loss.on-treatment", "rescue.sirolimus", "dose.initial",
          "dose.tenfold"}


@pytest.mark.parametrize("seed", range(3))
def test_the_engine_agrees_with_an_independent_reading(seed: int) -> None:
    judged = 0
    for lines in cohort(seed, 40):
        name = lines[0]["patient"]
        expected = read_independently(lines)[name]
        if READ_OTHERWISE & expected["notes"]:
            continue
        judged += 1
        record = json.loads(assess(lines))
        got = {field: record["summary"][field] for field in SUMMARY}
        assert got == {field: expected["summary"][field] for field in SUMMARY}, name
        assert _alerts(record["alerts"]) == _alerts(expected["alerts"]), name
        _same_ends(record["alerts"], expected["alerts"], name)
    assert judged > 15


def _alerts(alerts: list[dict[str, Any]]) -> list[tuple[str, Any]]:
    return sorted((each["rule"], _instant(each["from"])) for each in alerts
                  if each["rule"] in ALERTS)


def _same_ends(got: list[dict[str, Any]], expected: list[dict[str, Any]], name: str) -> None:
    mine = {(each["rule"], _instant(each["from"])): each for each in got}
    for each in expected:
        own = mine[each["rule"], _instant(each["from"])]
        if each["to_fixed"]:
            assert _instant(own["to"]) == _instant(each["to"]), (name, each)
        if each["severity"]:
            assert own["severity"] == each["severity"], (name, each)


def _instant(text: str | None) -> Any:
    return None if text is None else parse_when(text, UTC).start


def test_the_oracle_sees_what_the_engine_sees_when_nothing_is_wrong() -> None:
    lines: list[Line] = [
        {"id": "1", "patient": "p", "kind": "platelet_count", "at": "2015-01-01", "value": 12,
         "unit": "10*9/L"},
        {"id": "2", "patient": "p", "kind": "medication", "at": "2015-01-02", "drug": "sirolimus",
         "action": "start"},
        {"id": "3", "patient": "p", "kind": "platelet_count", "at": "2015-02-01", "value": 24000,
         "unit": "/uL"},
        {"id": "4", "patient": "p", "kind": "platelet_count", "at": "2015-03-01", "value": 30,
         "unit": "K/uL"},
    ]
    summary = json.loads(assess(lines))["summary"]
    assert summary["current_response"] == "PR"
    assert read_independently(lines)["p"]["summary"]["current_response"] == "PR"
