"""Every aggregate of the letter is computed anew, and each disagreement is said in words."""

from __future__ import annotations

import pytest

from engine.cohort.report import CohortReport

# title: computed, printed
AGREEING = {
    "Primary ITP": "10", "Primary ITP: OR": "5 (50%)", "Primary ITP: CR": "5 (50%)",
    "Primary ITP: PR": "0 (0%)", "Primary ITP: NR": "5 (50%)",
    "ARS-ITP": "9", "ARS-ITP: OR": "8 (89%)", "ARS-ITP: CR": "5 (56%)",
    "ARS-ITP: PR": "3 (33%)", "ARS-ITP: NR": "1 (11%)",
    "Total": "19", "Total: OR": "13 (68%)", "Total: CR": "10 (53%)", "Total: PR": "3 (16%)",
    "Total: NR": "6 (32%)",
    "MMF failed": "17", "MMF failed: OR": "11 (65%)",
    "Patients": "19", "MMF had failed before": "17 (89%)",
    "Responded after MMF had failed": "11 (65%)", "MMF had failed among responders": "85%",
    "Days to PR, median": "50", "Days to CR, median": "158", "Days to CR, range": "14-579",
    "Relapsed": "1",
}
DIFFERING = {
    "Days to PR, range": ("27-135", "14-135"),
    "OR, primary against ARS: P (Fisher, two-sided)": ("0.14", "0.06"),
}
NOT_PRINTED = {
    "Primary ITP, MMF failed": "9", "Primary ITP, MMF failed: OR": "4 (44%)",
    "ARS-ITP, MMF failed": "8", "ARS-ITP, MMF failed: OR": "7 (88%)",
    "MMF failed: CR": "9 (53%)", "MMF failed: PR": "2 (12%)", "MMF failed: NR": "6 (35%)",
    "Days to first response, median": "60", "Days to first response, range": "14-135",
}
FINDINGS = {
    "pr-range":
        "The text prints 50 days (range 14-135) to a PR. The PR days of Table 1 give 50 (27-135). "
        "Day 14 is the CR day of patient 7, who had no PR on the way. Counting such direct CRs "
        "gives the printed range, but then the median is 60: no one definition gives both.",
    "p-value":
        "The text prints P = 0.06 for the OR of primary ITP against ARS-ITP and names no test. 2 "
        "of the four expected numbers are below 5, where Fisher's exact test is the usual one: it "
        "gives 0.14 (0.1409). The likelihood-ratio test gives 0.0593, the chi-squared test without "
        'correction 0.0686. "No statistical difference" stands; the trend is weaker than printed.',
    "relapse-on-taper":
        "Table 1 prints a relapse for patient 19. The text defines recurrence after withdrawal of "
        "sirolimus, and says that this patient relapsed on taper and recovered when the dose was "
        "adjusted. Here the alert is loss.on-taper (patient 19); recurrences off sirolimus: 0.",
    "relapse-not-at-risk":
        'Table 1 prints "No" under relapse for 6 patients without a response (2, 3, 5, 9, 10 and '
        "18). They were not at risk; here relapse stays empty for them. Of those at risk, 1 of 13 "
        "relapsed.",
    "never-mmf":
        "The title says refractory to MMF. Patients 7 and 12 (2 of 19) never had it and count in "
        "the headline 13 (68%). Of the 17 in whom MMF had failed, 11 (65%) responded.",
    "rounding":
        "CR 53% and PR 16% add up to 69%, and OR is printed as 68%. The counts do add up (10 + 3 = "
        "13 of 19); each percentage is rounded alone.",
}


@pytest.mark.parametrize("title", AGREEING)
def test_a_figure_agrees(title: str, report: CohortReport) -> None:
    figures = [each for each in report.shown() if each.title == title]
    assert figures
    for figure in figures:
        assert (figure.text, figure.agrees) == (AGREEING[title], True)


@pytest.mark.parametrize("title", DIFFERING)
def test_a_figure_differs(title: str, report: CohortReport) -> None:
    (figure,) = [each for each in report.shown() if each.title == title]
    assert ((figure.text, figure.printed), figure.agrees) == (DIFFERING[title], False)


@pytest.mark.parametrize("title", NOT_PRINTED)
def test_a_figure_stands_alone_where_nothing_is_printed(title: str, report: CohortReport) -> None:
    (figure,) = [each for each in report.shown() if each.title == title]
    assert (figure.text, figure.agrees) == (NOT_PRINTED[title], None)


def test_nothing_else_differs(report: CohortReport) -> None:
    assert {each.title for each in report.shown() if each.agrees is False} == set(DIFFERING)
    assert {each.title for each in report.shown() if each.agrees} == set(AGREEING)


def test_the_p_value_is_kept_to_four_places(report: CohortReport) -> None:
    (figure,) = [each for each in report.shown() if "Fisher" in each.title]
    assert dict(figure.exact) == {"p": 0.1409}


def test_the_findings_are_said_in_these_words(report: CohortReport) -> None:
    assert {each.id: each.text for each in report.findings} == FINDINGS


def test_the_printed_rows_differ_only_in_relapse_without_response(report: CohortReport) -> None:
    assert report.rows is not None
    assert (report.rows.patients, report.rows.entries, report.rows.agreeing) == (19, 114, 108)
    (difference,) = report.rows.differences
    assert (difference.field, difference.printed, difference.computed) == ("relapse", "no", None)
    assert difference.patients == ("2", "3", "5", "9", "10", "18")
    assert not report.rows.absent
