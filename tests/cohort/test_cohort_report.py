"""What a report says of patients other than the letter's, and how it looks."""

from __future__ import annotations

import io
import json
import re
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace
from rich.console import Console

from engine.assessment import Assessment
from engine.cohort.crosstab import question
from engine.cohort.definition import load_definition
from engine.cohort.files import CohortFile
from engine.cohort.findings import in_words, people
from engine.cohort.report import CohortReport, cohort_report
from engine.reports.cohort_record import record
from engine.reports.cohort_tables import render
from engine.request import RequestError
from engine.rulebook.definitions import Rulebook

Assessments = dict[str, Assessment]
WITHOUT_ROWS = """\
title: Patients who never had mycophenolate
source: nowhere
outcome: relapse
patients: {}
selections:
  told: {title: Told of, where: {alerts: {known: true}, mmf: none}}
findings:
  told: {title: Told of, some: [told], text: "{told.count} with an alert: {told.patients}."}
"""


def printed(report: CohortReport, encoding: str = "utf-8") -> str:
    raw = io.BytesIO()
    console = Console(file=io.TextIOWrapper(raw, encoding=encoding), width=100)
    render(report, console)
    console.file.flush()
    return raw.getvalue().decode(encoding)


def renamed(assessments: Assessments, **changes: Any) -> list[Assessment]:
    return [replace(each, patient=f"x{each.patient}", summary={**each.summary, **changes})
            for each in assessments.values()]


def test_the_order_of_the_patients_does_not_matter(assessments: Assessments,
                                                   definition: CohortFile,
                                                   report: CohortReport) -> None:
    backwards = cohort_report(reversed(assessments.values()), definition)
    assert backwards == report


def test_nothing_is_found_of_other_patients(assessments: Assessments,
                                            definition: CohortFile) -> None:
    report = cohort_report(renamed(assessments), definition)
    assert (report.patients, report.rows, report.findings) == (19, None, ())
    assert not report.are_those_printed
    assert "The patients are not those of the source" in printed(report)


def test_a_part_of_the_patients_is_compared_row_by_row(assessments: Assessments,
                                                       definition: CohortFile) -> None:
    report = cohort_report([assessments["7"], assessments["19"]], definition)
    assert report.rows is not None
    assert (report.rows.entries, report.rows.agreeing, len(report.rows.absent)) == (12, 12, 17)
    assert report.rows.absent[:2] == ("1", "2")
    assert "not among the patients: 1, 2, 3, 4, 5, 6, 8, 9, 10, 11 and 7 others" in printed(report)


def test_who_does_not_belong_is_left_out_and_named(assessments: Assessments,
                                                   definition: CohortFile) -> None:
    others = renamed(assessments, group="excluded-multilineage")[:2]
    report = cohort_report([*assessments.values(), *others], definition)
    assert (report.patients, report.left_out) == (19, ("x1", "x10"))
    assert "not in the cohort: x1 and x10" in printed(report)


def test_without_patients_nothing_is_invented(definition: CohortFile) -> None:
    report = cohort_report([], definition)
    texts = {each.title: each.text for each in report.shown()}
    assert texts["Days to PR, median"] == "-"
    assert texts["Total: OR"] == "0 (0%)"
    assert "0 patients" in printed(report)


def test_without_comparison_nothing_printed_is_shown(assessments: Assessments,
                                                     definition: CohortFile) -> None:
    report = cohort_report(assessments.values(), definition, compare=False)
    assert (report.rows, report.findings) == (None, ())
    assert all(each.agrees is None for each in report.shown())
    assert "printed" not in printed(report)


def test_one_field_by_another(assessments: Assessments, definition: CohortFile,
                              rulebook: Rulebook) -> None:
    report = cohort_report(assessments.values(), definition, question(rulebook, definition, "mmf"))
    assert report.crosstab is not None
    assert report.crosstab.columns == ("CR", "PR", "NR")
    assert report.crosstab.lines == (
        ("stated", 17, ("9 (53%)", "2 (12%)", "6 (35%)")),
        ("none", 2, ("1 (50%)", "1 (50%)", "0 (0%)")),
        ("all", 19, ("10 (53%)", "3 (16%)", "6 (32%)")))


def test_numbers_by_a_field_are_medians_and_ranges(assessments: Assessments,
                                                   definition: CohortFile,
                                                   rulebook: Rulebook) -> None:
    asked = question(rulebook, definition, "best_response", "days_to_pr")
    report = cohort_report(assessments.values(), definition, asked)
    assert report.crosstab is not None
    assert report.crosstab.lines == (
        ("CR", 10, ("5", "88", "40-135")), ("PR", 3, ("3", "29", "27-37")),
        ("NR", 6, ("0", "-", "-")), ("all", 19, ("8", "50", "27-135")))


def test_the_unknown_comes_last(assessments: Assessments, definition: CohortFile,
                                rulebook: Rulebook) -> None:
    asked = question(rulebook, definition, "relapse")
    report = cohort_report(assessments.values(), definition, asked)
    assert report.crosstab is not None
    assert [name for name, _, _ in report.crosstab.lines] == ["yes", "no", "-", "all"]


def test_an_unknown_field_is_refused_with_advice(definition: CohortFile,
                                                 rulebook: Rulebook) -> None:
    with pytest.raises(RequestError, match="did you mean 'group'"):
        question(rulebook, definition, "groop")


def test_the_report_fits_a_page(report: CohortReport) -> None:
    text = printed(report)
    assert max(len(line) for line in text.splitlines()) <= 100
    assert "5 (50%) ✓" in text
    assert "27-135     14-135   ✗" in text
    assert "6. The percentages do not add up, by rounding alone." in text


def test_marks_are_plain_where_the_terminal_has_no_others(report: CohortReport) -> None:
    text = printed(report, "ascii")
    assert "5 (50%) =" in text
    assert re.search(r"27-135[ |]+14-135[ |]+!", text)


def test_the_record_says_the_same(report: CohortReport) -> None:
    said = json.loads(json.dumps(record(report)))
    assert said["patients"] == 19
    (table, _) = said["tables"]
    assert table["columns"] == ["OR", "CR", "PR", "NR"]
    assert table["rows"][2]["cells"][0] == {
        "title": "Total: OR", "computed": "13 (68%)", "exact": {"count": 13, "of": 19},
        "printed": "13 (68%)", "agrees": True}
    assert [each["id"] for each in said["findings"]] == [each.id for each in report.findings]
    assert said["rows"]["differences"][0]["computed"] is None


@pytest.mark.parametrize(("value", "words"), [
    (None, "-"), (12, "12"), (12.0, "12"), (7.5, "7.5"), ("CR", "CR"), (True, "True"),
    ({"value": 10, "comparator": "<"}, "<10"),
])
def test_a_value_of_a_summary_in_words(value: object, words: str) -> None:
    assert in_words(value) == words


@pytest.mark.parametrize(("patients", "words"), [
    ([], "nobody"), (["2"], "2"), (["2", "3", "5"], "2, 3 and 5"),
    ([str(number) for number in range(12)], "0, 1, 2, 3, 4, 5, 6, 7, 8, 9 and 2 others"),
])
def test_patients_are_named_as_in_a_sentence(patients: list[str], words: str) -> None:
    assert people(patients) == words


def test_a_cohort_without_printed_rows_still_has_its_findings(
        assessments: Assessments, rulebook: Rulebook, tmp_path: Path) -> None:
    path = tmp_path / "cohort.yaml"
    path.write_text(WITHOUT_ROWS, encoding="utf-8")
    report = cohort_report(assessments.values(), load_definition(path, rulebook))
    assert report.rows is None
    assert [each.text for each in report.findings] == ["2 with an alert: 7 and 12."]
