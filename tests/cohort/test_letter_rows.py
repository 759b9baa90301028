"""Every row of the letter's Table 1 follows from the example file."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from engine.assessment import Assessment

# patient, group, mmf, best response, days to PR, days to CR, relapse. The letter prints "No" as the
# relapse of patients without a response too; nothing can be lost there, so it is empty.
TABLE_1 = """
1  primary-itp stated CR -   43  no
2  primary-itp stated NR -   -   -
3  primary-itp stated NR -   -   -
4  primary-itp stated CR -   108 no
5  primary-itp stated NR -   -   -
6  primary-itp stated CR 40  306 no
7  primary-itp none   CR -   14  no
8  primary-itp stated CR 135 196 no
9  primary-itp stated NR -   -   -
10 primary-itp stated NR -   -   -
11 ars-itp     stated CR -   120 no
12 ars-itp     none   PR 29  -   no
13 ars-itp     stated PR 37  -   no
14 ars-itp     stated CR -   120 no
15 ars-itp     stated CR 103 579 no
16 ars-itp     stated CR 88  239 no
17 ars-itp     stated PR 27  -   no
18 ars-itp     stated NR -   -   -
19 ars-itp     stated CR 60  425 yes
"""
ROWS = [line.split() for line in TABLE_1.strip().splitlines()]
FIELDS = ("group", "mmf", "best_response", "days_to_pr", "days_to_cr", "relapse")
SHARED = Path(__file__).parents[3] / "shared" / "paper" / "table1.csv"


def shown(value: object) -> str:
    return "-" if value is None else str(value)


@pytest.mark.parametrize("row", ROWS, ids=[row[0] for row in ROWS])
def test_a_patient_comes_to_the_printed_row(row: list[str],
                                            assessments: dict[str, Assessment]) -> None:
    summary = assessments[row[0]].summary
    assert [shown(summary[field]) for field in FIELDS] == row[1:]


def test_there_is_nobody_else(assessments: dict[str, Assessment]) -> None:
    assert sorted(assessments, key=int) == [row[0] for row in ROWS]


@pytest.mark.parametrize("row", ROWS, ids=[row[0] for row in ROWS])
def test_the_response_by_the_iwg_is_the_same(row: list[str],
                                             assessments: dict[str, Assessment]) -> None:
    expected = {"PR": "R"}.get(row[3], row[3])
    assert assessments[row[0]].summary["best_response_iwg"] == expected


def test_nothing_is_undecided_and_every_level_is_in_target(
        assessments: dict[str, Assessment]) -> None:
    for assessment in assessments.values():
        assert not assessment.undecided, assessment.patient
        assert {each.value for each in assessment.conclusions if each.name == "level"} == {"target"}
        assert assessment.summary["baseline"] < 30


def test_no_other_treatment_shares_in_a_response(assessments: dict[str, Assessment]) -> None:
    caveats = {caveat for assessment in assessments.values()
               for each in assessment.conclusions if each.name in ("response", "best_response")
               for caveat in each.caveats}
    assert caveats <= {"early"}


def test_only_patient_19_lost_a_response_and_it_was_on_taper(
        assessments: dict[str, Assessment]) -> None:
    losses = {each.patient: [(alert.rule, alert.end is not None) for alert in each.alerts
                             if alert.rule.startswith(("loss.", "recurrence."))]
              for each in assessments.values()}
    assert losses.pop("19") == [("loss.on-taper", True)]
    assert not any(losses.values())
    assert assessments["19"].summary["current_response"] == "CR"


def test_both_required_criteria_alone_are_no_alps(assessments: dict[str, Assessment]) -> None:
    for patient in ("12", "16", "17"):
        (group,) = [each for each in assessments[patient].conclusions
                    if each.name == "group" and each.end is None]
        assert (group.value, group.caveats) == ("ars-itp", ())


def test_sirolimus_was_suggested_to_those_in_whom_mmf_had_failed(
        assessments: dict[str, Assessment]) -> None:
    suggested = {each.patient for each in assessments.values()
                 if "rescue.sirolimus" in {alert.rule for alert in each.alerts}}
    assert suggested == {row[0] for row in ROWS if row[2] == "stated"}


@pytest.mark.skipif(not SHARED.exists(), reason="the printed table is not in the repository")
def test_the_rows_are_those_of_the_printed_table() -> None:
    with SHARED.open(encoding="utf-8", newline="") as file:
        printed = list(csv.DictReader(file))
    assert [[each["patient"], each["response"], each["days_to_pr"] or "-",
             each["days_to_cr"] or "-"] for each in printed] == [
        [row[0], *row[3:6]] for row in ROWS]
