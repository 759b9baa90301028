"""Does a difference between an assessment and its example show, side by side?"""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path

import pytest
from rich.console import Console

from engine.examples.running import Outcome
from engine.reports.examples import print_test, run_examples
from engine.rulebook.definitions import Rulebook

Run = Callable[[str], Outcome]
RESPONDER = "given: {sirolimus: start 2.2 @0d, counts: '15 @-1d, 40 @14d'}\n"
LOST = ("given: {sirolimus: start 2.2 @0d, counts: '15 @-1d, 120 @14d, 20 @40d, 120 @50d, "
        "10 @60d', level: '9 trough @7d, 9 trough @30d', cholesterol: 150 @30d, "
        "body: height 120 cm weight 25 kg @30d}\n")


def differences(outcome: Outcome) -> list[tuple[str, str, str]]:
    return [(one.what, one.expected, one.got) for one in outcome.differences]


@pytest.mark.parametrize(("expect", "found"), [
    ("summary: {current_response: PR, days_to_pr: 14, baseline: 15}", []),
    ("summary: {current_response: NR}", [("summary: current_response", "NR", "PR")]),
    ("summary: {days_to_pr: '14'}", [("summary: days_to_pr", "'14'", "14")]),
    ("summary: {days_to_cr: 14}", [("summary: days_to_cr", "14", "nothing")]),
    ("summary: {baseline: {value: 15, comparator: <}}", [("summary: baseline", "<15", "15")]),
    ("summary: {current_response: null}", [("summary: current_response", "nothing", "PR")]),
    ("conclusions: {response: PR}", []),
    ("conclusions: {response: null}", [("conclusion: response", "nothing", "PR (from 2015-03-15, "
                                        "to still)")]),
    ("conclusions: {loss: on-taper}", [("conclusion: loss", "on-taper", "nothing")]),
    ("conclusions: {response: {value: PR, from: 13d}}", [
        ("conclusion: response", "PR (from 2015-03-14)", "PR (from 2015-03-15)")]),
    ("conclusions: {response: {value: PR, rule: response.complete}}", [
        ("conclusion: response", "PR (by response.complete)", "PR (by response.partial)")]),
    ("conclusions: {response: {value: PR, evidence: [counts-1, counts-2, sirolimus-1]}}", []),
    ("conclusions: {response: {value: PR, overrode: [NR]}}", [
        ("conclusion: response", "PR (overrode NR)", "PR (overrode none)")]),
    ("conclusions: {response: {value: PR, says: the baseline of 15 x10^9/L}}", []),
    ("conclusions: {response: {value: PR, message: '40 x10^9/L is at least 30 x10^9/L and 2 times "
     "the baseline of 15 x10^9/L on 2015-02-28'}}", []),
    ("conclusions: {response: {value: PR, says: 3 times}}", [
        ("conclusion: response", "PR (saying '3 times')",
         "PR (saying '40 x10^9/L is at least 30 x10^9/L and 2 times the baseline of 15 x10^9/L on "
         "2015-02-28')")]),
    ("conclusions: {level: {value: low, says: below}}", [("conclusion: level", "low (saying "
                                                          "'below')", "nothing")]),
    ("history: {response: [NR, PR]}", [("history: response", "NR", "PR"),
                                       ("history: response", "PR", "nothing")]),
    ("caveats: {response: []}", []),
    ("caveats: {response: [early]}", [("caveats: response", "early", "none")]),
    ("caveats: {level: []}", [("caveats: level", "none", "it does not hold")]),
    ("undecided: [response]", [("undecided: response", "undecided", "decided")]),
    ("decided: [response_iwg]", []),
    ("needs: {response: [a count]}", [("needs: response", "a count", "nothing")]),
    ("alerts: [level.low]", [
        ("open alert", "level.low", "nothing"),
        ("open alert", "nothing", "monitoring.level-due (low, from 2015-03-08, to still)")]),
    ("decided: [platelets.critical]", []),
    ("undecided: [platelets.critical]", [
        ("undecided: platelets.critical", "undecided", "decided")]),
    ("refused: [unit]", [("refused", "unit", "no such refusal")]),
])
def test_differences_of_a_responder(run: Run, expect: str,
                                    found: list[tuple[str, str, str]]) -> None:
    assert differences(run(f"{RESPONDER}expect:\n  {expect}\n")) == found


@pytest.mark.parametrize(("expect", "found"), [
    ("undecided: [platelets.critical]\n  alerts: []", []),
    ("needs: {platelets.critical: [a count]}", [
        ("needs: platelets.critical", "a count",
         "an exact number: the newest count, a preliminary one among them (< 25 x10^9/L)")]),
    ("decided: [platelets.critical]", [("undecided: platelets.critical", "decided",
                                        "undecided, may be platelets.critical")]),
])
def test_an_alert_of_which_nobody_knows(run: Run, expect: str,
                                        found: list[tuple[str, str, str]]) -> None:
    """A count below 25 may be critical, or not."""
    assert differences(run(f"given: {{counts: '<25 @0d'}}\nexpect:\n  {expect}\n")) == found


@pytest.mark.parametrize(("expect", "found"), [
    ("alerts: [loss.on-treatment]\n  closed: [loss.on-treatment]", []),
    ("alerts: [{rule: loss.on-treatment, from: 60d, to: null, severity: high}]", []),
    ("alerts: []", [("open alert", "nothing",
                     "loss.on-treatment (high, from 2015-04-30, to still)")]),
    ("closed: []", [("closed alert", "nothing",
                     "loss.on-treatment (high, from 2015-04-10, to 2015-04-20)")]),
    ("closed: [{rule: loss.on-treatment, to: null}]", [
        ("closed alert", "loss.on-treatment (to still)", "loss.on-treatment (to 2015-04-20)")]),
    ("closed: [{rule: loss.on-treatment, from: 40d, to: 50d}]", []),
    ("alerts: [{rule: loss.on-treatment, severity: low}]", [
        ("open alert", "loss.on-treatment (low)", "loss.on-treatment (high)")]),
    ("alerts: [{rule: loss.on-treatment, says: adherence}]", [
        ("open alert", "loss.on-treatment (saying 'adherence')",
         "loss.on-treatment (saying 'Response lost on treatment: 10 x10^9/L on 2015-04-30; "
         "platelets 10 x10^9/L on 2015-04-30.')")]),
    ("subsumed: [dose.initial]", [("subsumed alert", "dose.initial", "nothing")]),
])
def test_differences_of_alerts(run: Run, expect: str, found: list[tuple[str, str, str]]) -> None:
    said = differences(run(f"{LOST}expect:\n  {expect}\n"))
    assert [part[:2] for part in said] == [part[:2] for part in found]
    if "says" not in expect:
        assert said == found


TWICE = "given: {counts: '8 @0d 09:00'}\nacknowledged: 0d 10:00\nas_of: "


@pytest.mark.parametrize(("as_of", "asks"), [
    ("1d 09:59", []),  # a critical alert that was acknowledged asks again after 24 hours
    ("1d 10:00", ["platelets.critical"]),
])
def test_what_was_acknowledged_asks_again(run: Run, as_of: str, asks: list[str]) -> None:
    expect = "\nexpect: {alerts: [platelets.critical], worklist: [%s]}\n"
    assert run(TWICE + as_of + expect % ", ".join(asks)).passed
    wrong = run(TWICE + as_of + expect % ("" if asks else "platelets.critical"))
    assert [each[0] for each in differences(wrong)] == ["alert on the worklist"]


def test_the_whole_message_is_compared(run: Run) -> None:
    given = "given: {counts: 8 @0d}\nexpect: {alerts: [{rule: platelets.critical, message: '%s'}]}"
    assert run(given % "Platelets 8 x10^9/L on 2015-03-01: critical.").passed
    [(_, expected, got)] = differences(run(given % "Platelets 8 x10^9/L on 2015-03-01"))
    assert expected == "platelets.critical (saying 'Platelets 8 x10^9/L on 2015-03-01')"
    assert got == "platelets.critical (saying 'Platelets 8 x10^9/L on 2015-03-01: critical.')"


def test_an_undecided_conclusion_names_what_would_decide_it(run: Run) -> None:
    outcome = run("given: {sirolimus: start 2.2 @0d, counts: 55 @14d}\nexpect:\n"
                  "  undecided: [response]\n  decided: [response]\n"
                  "  needs: {response: [a valid platelet count]}\n")
    assert differences(outcome) == [("undecided: response", "decided", "undecided, may be NR, PR")]


def test_each_value_that_an_undecided_conclusion_may_have_is_compared(run: Run) -> None:
    given = "given: {sirolimus: start 2.2 @0d, counts: 55 @14d}\nexpect: {may_be: {response: [%s]}}"
    assert run(given % "NR, PR").passed
    assert differences(run(given % "PR")) == [("may be: response", "PR", "NR, PR")]


def test_a_refusal_may_be_expected(run: Run) -> None:
    given = "given: {counts: '15 stones @-1d, 20 @0d'}\nexpect: "
    assert run(given + "{refused: [unit]}").passed
    assert run(given + "{refused: [{field: unit, event: counts-1, says: stones}]}").passed
    assert differences(run(given + "{refused: [{field: unit, says: pounds}]}"))[0] == (
        "refused", "unit, saying 'pounds'", "no such refusal")


def test_lines_that_contradict_each_other_are_refused(run: Run) -> None:
    given = "given: {counts: '15 @-1d id c, 20 @-1d id c'}\nexpect: "
    assert run(given + "{refused: [{field: id, event: c}, {field: id, event: c}]}").passed
    [first, _] = differences(run(given + "{closed: []}"))
    assert first[:2] == ("refused", "no refusal")
    assert first[2].startswith("c, id: found different lines with the id 'c'")


NOBODY = "given: {}\nas_of: 3d\nexpect: "


@pytest.mark.parametrize(("expect", "found"), [
    ("{alerts: [], summary: {current_response: null}}", []),
    ("{alerts: [platelets.critical]}", [("open alert", "platelets.critical", "nothing")]),
    ("{summary: {current_response: PR}}", [("summary: current_response", "PR", "nothing")]),
    ("{conclusions: {response: {value: PR}}}", [("conclusion: response", "PR", "nothing")]),
    ("{worklist: [platelets.critical]}", [
        ("alert on the worklist", "platelets.critical", "nothing")]),
    ("{worklist: {1d: [], 2d: [platelets.critical]}}", [
        ("alert on the worklist, 2d", "platelets.critical", "nothing")]),
    ("{refused: [unit]}", [("refused", "unit", "no such refusal")]),
])
def test_a_patient_without_an_event_is_assessed_as_of_the_moment(
        run: Run, expect: str, found: list[tuple[str, str, str]]) -> None:
    assert differences(run(NOBODY + expect)) == found


def test_so_is_one_of_whom_every_line_is_refused(run: Run) -> None:
    refused = "given: {counts: 15 stones @-1d}\n%sexpect: {refused: [unit]%s}"
    assert run(refused % ("", "")).passed
    assert run(refused % ("as_of: 3d\n", ", alerts: []")).passed
    wrong = run(refused % ("as_of: 3d\n", ", alerts: [platelets.critical]"))
    assert differences(wrong) == [("open alert", "platelets.critical", "nothing")]


def test_fired_rules_are_noted(run: Run) -> None:
    assert "response.partial" in run(RESPONDER + "expect: {subsumed: []}").fired


def test_an_example_has_its_own_time_zone(run: Run) -> None:
    given = ("timezone: Asia/Tokyo\ngiven: {sirolimus: start 2.2 @0d, "
             "counts: '15 @-1d, 40 @14d 00:10'}\n")
    assert run(given + "expect: {summary: {days_to_pr: 14}}").passed


def printed(folder: Path, rulebook: Rulebook) -> tuple[bool, str]:
    console = Console(file=io.StringIO(), width=120)
    tested = run_examples(folder, rulebook)
    print_test(console, tested)
    return tested.passed, console.file.getvalue()  # type: ignore[attr-defined]


def test_the_report_shows_each_difference_and_what_is_not_shown(
        folder: Path, rulebook: Rulebook) -> None:
    (folder / "response.examples.yaml").write_text(
        "start: 2015-03-01\nexamples:\n  - name: right\n    given: {}\n    as_of: 1d\n"
        "    expect: {alerts: []}\n"
        f"  - name: wrong\n    why: decision 5\n    {RESPONDER}"
        "    expect: {summary: {current_response: NR}}\n")
    passed, text = printed(folder, rulebook)
    lines = [line.rstrip() for line in text.splitlines()]
    assert not passed
    assert lines[0] == "response: 1 of 2 examples as expected"
    assert "response.examples.yaml:7:5: wrong" in text.replace("\n", "")
    assert "  (decision 5)" in lines
    assert "    summary: current_response  NR        PR" in lines
    assert any(line.startswith("No example beside: ") and "courses, d" in line for line in lines)
    assert "No example makes these rules fire:" in lines
    assert lines[-1] == "2 examples, 1 failed"


def test_the_report_of_what_passes(folder: Path, rulebook: Rulebook) -> None:
    (folder / "response.examples.yaml").write_text(
        f"start: 2015-03-01\nexamples:\n  - name: one\n    {RESPONDER}"
        "    expect: {subsumed: []}\n")
    passed, text = printed(folder, rulebook)
    assert passed
    assert "response: 1 of 1 example as expected" in text
    assert text.rstrip().endswith("1 example, none failed")
