"""Is every mistake of a file of examples reported with its place and with what to do?"""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from examples.conftest import RULES

from engine.examples.reading import load_examples
from engine.problems import RulebookError
from engine.rulebook.definitions import Rulebook

Problems = Callable[[str], list[str]]


def example(given: str, expect: str = "{}", more: str = "") -> str:
    return (f"start: 2015-03-01\nexamples:\n  - name: one\n    given: {{{given}}}\n"
            f"    expect: {expect}\n{more}")


@pytest.mark.parametrize(("given", "expect", "said"), [
    ("counts: 15 @-1d", "{alert: []}",
     "5:14: unknown-key: found 'alert', expected one of 'alerts', 'caveats', 'closed', "
     "'conclusions', 'decided', 'history', 'may_be', 'needs', 'refused', 'subsumed', 'summary', "
     "'undecided', 'worklist'; did you mean 'alerts'?"),
    ("count: 15 @-1d", "{}",
     "4:13: unknown-shorthand: found 'count', expected one of b12, bleeding, body, born, "
     "cholesterol, counts, creatinine, diagnosis, dnt, drugs, events, findings, haemoglobin, "
     "il10, il18, level, lymphocytes, mmf, mycophenolate_sodium, neutrophils, outcome, "
     "procedures, rescue, sfasl, sirolimus, triglycerides; "
     "did you mean 'counts'?"),
    ("counts: 15", "{}",
     "4:21: wrong-type: found 15, expected items with their times, as text; "
     "for example 12 @-1d"),
    ("counts: 15 K/uL", "{}",
     "4:21: no-time: found 15 K/uL, expected its time, after @; for example 15 @14d"),
    ("counts: [12 @-1d, 15 K/uL clumpd @14d]", "{}",
     "4:39: unknown-word: found 'clumpd', expected a word of 'counts'; did you mean 'clumped'?"),
    ("counts: 15 @soon", "{}",
     "4:25: not-a-time: found 'soon', expected a time like 14d, -2mo, 14d 09:00 or 2015-03-15"),
    ("counts: 15 @", "{}",
     "4:24: no-time: found nothing after '@', expected a time like 14d, -2mo, 14d 09:00 or "
     "2015-03-15"),
    ("counts: 15 @0d 16 @1d", "{}",
     "4:28: said-twice: found 'value' a second time in one item, expected it once; "
     "part items with a comma"),
    ("counts: [', ,']", "{}",
     "4:22: no-items: found nothing, expected items with their times; for example 12 @-1d"),
    ("counts: 15 method @14d", "{}",
     "4:24: no-value: found nothing after 'method', expected its value"),
    ("counts: 15 stones @14d", "{}",
     "4:24: unknown-word: found 'stones', expected a word or a unit of 'counts'; the words are "),
    ("counts: 15 clumpd @14d", "{}",
     "4:24: unknown-word: found 'clumpd', expected a word or a unit of 'counts'; did you mean "
     "'clumped'?"),
    ("counts: '3,0 @10d'", "{}",
     "4:22: comma-in-item: found '3,0', expected a decimal point; write 3.0: a comma parts items"),
    ("counts: 3,0 @10d", "{}",
     "4:21: comma-in-item: found '3,0 @10d', expected a decimal point; write 3.0 @10d: a comma "
     "ends a value here"),
    ("counts: [3,5 @10d]", "{}",
     "4:21: comma-in-item: found '3,5 @10d', expected a decimal point; write 3.5 @10d: a comma "
     "ends a value here"),
    ("counts: 3 @10d, 4 @11d", "{}",
     "4:29: comma-in-item: found '4 @11d', expected items in quotes; a comma ends a value here: "
     'write "3 @10d, 4 @11d"'),
    ("counts: 15 @10 days", "{}",
     "4:25: not-a-time: found '10', expected a time like 14d, -2mo, 14d 09:00 or 2015-03-15; "
     "write 10d"),
    ("counts: 15 @2w", "{}",
     "4:25: not-a-time: found '2w', expected a time like 14d, -2mo, 14d 09:00 or 2015-03-15; "
     "write 14d: a week is 7d"),
    ("counts: '10d @3.5, 12d 09:00 @4'", "{}",
     "4:22: not-a-time: found '10d @3.5', expected the time behind the @; turn the two round in "
     "each item: 3.5 @10d"),
    ("counts: 15 at 14d", "{}",
     "4:24: unknown-word: found 'at', expected a word of 'counts'; write @14d"),
    ("counts: < 15 @14d", "{}",
     "4:21: unknown-word: found '<', expected a word of 'counts'; write <15, without a space"),
    ("counts: 15K/uL @14d", "{}",
     "4:21: unknown-word: found '15K/uL', expected a word of 'counts'; put a space before the "
     "unit: 15 K/uL"),
    ("counts: 15 @50h", "{}",
     "4:25: not-a-time: found '50h', expected a time like 14d, -2mo, 14d 09:00 or 2015-03-15; "
     "write 2d 02:00: a time is a day, and a clock where it matters"),
    ("counts: 15 @10d 8pm", "{}",
     "4:29: not-a-time: found '8pm', expected hours and minutes, like 09:00; write 20:00"),
    ("counts: 15 @30.01.2015", "{}",
     "4:25: not-a-time: found '30.01.2015', expected a time like 14d, -2mo, 14d 09:00 or "
     "2015-03-15; write 2015-01-30"),
    ("counts: '15 @10d; 16 @11d'", "{}",
     "4:26: not-a-time: found '10d;', expected a time like 14d, -2mo, 14d 09:00 or 2015-03-15; "
     "part items with a comma"),
    ("counts: 15 @10d 9:00", "{}",
     "4:29: not-a-time: found '9:00', expected hours and minutes, like 09:00; write 09:00"),
    ("", "{alerts: none}", "5:22: wrong-type: found 'none', expected a list; write []"),
    ("level: 3 sample through @14d", "{}",
     "4:20: refused-event: found sample: 'through', expected one of 'trough', 'post-dose', "
     "'unknown'; did you mean 'trough'?"),
    ("events: 1", "{}", "4:21: wrong-type: found 1, expected a list of events"),
    ("events: [1]", "{}", "4:22: wrong-type: found 1, expected an event: fields with values"),
    ("events: [{kind: lab, at: 99999y}]", "{}",
     "4:38: not-a-time: found '99999y', expected a day of the calendar"),
    ("", "{summary: {respons: PR}}",
     "5:24: unknown-name: found 'respons', expected a field of the summary"),
    ("", "{conclusions: {respons: PR}}",
     "5:28: unknown-name: found 'respons', expected a conclusion; did you mean 'response'?"),
    ("", "{conclusions: {response: R}}",
     "5:38: unknown-value: found 'R', expected one of unassessable, CR, PR, NR; "
     "did you mean 'PR'?"),
    ("", "{conclusions: {response: {from: 14d}}}",
     "5:38: missing-key: found no 'value', expected 'value'; add it"),
    ("", "{history: {response: [CR, PD]}}",
     "5:39: unknown-value: found 'PD', expected one of unassessable, CR, PR, NR"),
    ("", "{alerts: [levels.low]}",
     "5:23: unknown-name: found 'levels.low', expected an alert; did you mean 'level.low'?"),
    ("", "{closed: [{rule: level.low, from: then}]}",
     "5:47: not-a-time: found 'then', expected a time like 14d, -2mo, 14d 09:00 or 2015-03-15"),
    ("", "{closed: [{severity: low}]}",
     "5:23: missing-key: found no 'rule', expected 'rule'; add it"),
    ("", "{caveats: {response: [earley]}}",
     "5:35: unknown-caveat: found 'earley', expected a caveat of response; did you mean 'early'?"),
    ("", "{alerts: [{rule: level.low, caveats: [timing]}]}",
     "5:51: unknown-caveat: found 'timing', expected a caveat of level.low"),
    ("", "{undecided: [respons]}",
     "5:26: unknown-name: found 'respons', expected a conclusion or an alert; did you mean "
     "'response'?"),
    ("", "{needs: {grup: [a test]}}",
     "5:22: unknown-name: found 'grup', expected a conclusion or an alert; did you mean 'group'?"),
    ("", "{summary: {current_response: RP}}",
     "5:42: unknown-value: found 'RP', expected one of unassessable, CR, PR, NR"),
    ("", "{alerts: [{rule: level.low, severity: hihg}]}",
     "5:51: unknown-value: found 'hihg', expected one of critical, high, moderate, low; did you "
     "mean 'high'?"),
    ("", "{alerts: [{rule: level.low, overrode: []}]}",
     "5:41: unknown-key: found 'overrode' of an alert, expected it of a conclusion; remove it"),
    ("", "{history: {response: [{value: PR, says: at least 30}]}}",
     "5:47: unknown-key: found 'says' in a history, expected it under 'conclusions', of what "
     "holds at the end; set 'as_of' to a moment at which it holds"),
    ("", "{decided: [platelets.critcal]}",
     "5:24: unknown-name: found 'platelets.critcal', expected a conclusion or an alert; did you "
     "mean 'platelets.critical'?"),
])
def test_a_mistake_in_an_example(problems: Problems, given: str, expect: str, said: str) -> None:
    found = problems(example(given, expect))[0]
    assert found.startswith(said)


@pytest.mark.parametrize(("text", "said"), [
    ("start: soon\nexamples:\n  - {name: one, given: {}, expect: {}}\n",
     "1:8: not-a-date: found 'soon', expected the first day, like 2015-03-01"),
    ("start: 2015-03-01\ntimezone: Rome\nexamples:\n  - {name: one, given: {}, expect: {}}\n",
     "2:11: not-a-zone: found 'Rome', expected an IANA time zone, like Europe/Rome"),
    ("start: 2015-03-01\nexamples:\n  - {name: one, given: {}, as_of: now, expect: {}}\n",
     "3:35: not-a-time: found 'now', expected a time like 14d, -2mo, 14d 09:00 or 2015-03-15"),
    ("start: 2015-03-01\nexamples:\n  - {name: one, given: {}, as_of: 1d, acknowledged: 1d, "
     "expect: {alerts: []}}\n",
     "3:39: missing-key: found 'acknowledged' alone, expected 'worklist' under 'expect'; "
     "say which alerts ask to be looked at afterwards"),
    ("start: 2015-03-01\nexamples:\n  - {name: one, given: {}, as_of: 1d, acknowledged: 2d, "
     "expect: {worklist: []}}\n", "3:53: not-a-time: found '2d', expected a time before 'as_of'"),
    ("start: 2015-03-01\nexamples:\n  - {name: one, given: {}}\n",
     "3:5: missing-key: found no 'expect', expected 'expect'; add it"),
    ("start: 2015-03-01\nexamples:\n  - {name: one, given: {}, as_of: 1d, expect: {alerts: []}}\n"
     "  - {name: one, given: {}, as_of: 1d, expect: {alerts: []}}\n",
     "4:12: duplicate-name: found 'one', expected a name that no other example of the file has"),
    ("start: 2015-03-01\nexamples:\n  - {name: one, shows: fire, given: {}, expect: {}}\n",
     "3:24: wrong-value: found 'fire', expected one of 'fires', 'boundary', 'unknown'; "
     "did you mean 'fires'?"),
])
def test_a_mistake_in_a_file(problems: Problems, text: str, said: str) -> None:
    assert problems(text) == [said]


def test_a_mistake_of_one_item_is_told_once(problems: Problems) -> None:
    for given in ("counts: 3,0 @10d", "counts: '3,0 @10d'", "counts: [3,5 @10d]",
                  "counts: 15 @10 days", "counts: '15 @10d; 16 @11d'", "counts: 15 clumpd @14d",
                  "counts: '10d @3.5, 12d 09:00 @4'"):
        assert len(problems(example(given))) == 1


def many(count: int, given: str, expect: str, more: str = "") -> str:
    """Return a file of examples that are all alike; `<number>` in one is its place, from 1 on."""
    return "start: 2015-03-01\nexamples:\n" + "".join(
        f"  - {{name: '{number}', given: {{{given}}}, {more}expect: {{{expect}}}}}\n".replace(
            "<number>", str(number + 1)) for number in range(count))


def test_an_unknown_name_in_many_examples_is_told_once(problems: Problems) -> None:
    (line,) = problems(many(9, "", "alerts: [levl.low]"))
    assert "did you mean 'level.low'?; it stands at 8 other places too" in line


def test_a_shorthand_that_is_renamed_is_told_once(problems: Problems) -> None:
    (line,) = problems(many(2, "anc: 3 @1d", "alerts: []", "as_of: 2d, "))
    assert line.startswith("3:25: unknown-shorthand: found 'anc'")
    assert "it stands at 1 other place too" in line


def test_more_events_than_a_few_that_are_refused_alike_are_told_once(problems: Problems) -> None:
    text = many(5, "counts: -<number> @1d", "alerts: []")
    (line,) = problems(text)
    assert "refused-event: found value: -1" in line
    assert "it stands at 4 other places too" in line
    assert len(problems(text[:text.index("  - {name: '3'")])) == 3


def test_a_moment_in_months_by_another_name(problems: Problems) -> None:
    (line,) = problems("start: 2015-03-01\nexamples:\n"
                       "  - {name: one, given: {}, as_of: 4 months, expect: {alerts: []}}\n")
    assert line.endswith("write 4mo")


def test_a_moment_that_is_a_number(problems: Problems) -> None:
    text = "start: 2015-03-01\nexamples:\n  - {name: one, given: {}, as_of: 12, expect: {}}\n"
    assert problems(text) == ["3:35: wrong-value: found 12, expected a time like 14d, -2mo, 14d "
                              "09:00 or 2015-03-15; write 12d"]


COMPARES_NOTHING = "found %s with nothing in it, expected what must be so; name what it compares"
EMPTY_TEXT = "found an empty text, expected words that must be said; write them, or remove it"
NO_MOMENT = "expected 'as_of'; without an event nothing says as of which moment to assess"


@pytest.mark.parametrize(("expect", "said"), [
    ("{}", "5:5: expects-nothing: found an example that expects nothing, expected what must be "
     "concluded; say under `expect` what it shows"),
    *((f"{{{part}: {empty}}}", f"5:14: expects-nothing: {COMPARES_NOTHING % repr(part)}")
      for part, empty in [("summary", "{}"), ("conclusions", "{}"), ("history", "{}"),
                          ("caveats", "{}"), ("may_be", "{}"), ("needs", "{}"), ("decided", "[]"),
                          ("undecided", "[]"), ("worklist", "{}")]),
    ("{alerts: [], decided: []}", f"5:26: expects-nothing: {COMPARES_NOTHING % repr('decided')}"),
    ("{needs: {response: []}}", f"5:22: expects-nothing: {COMPARES_NOTHING % repr('response')}"),
    ("{needs: {response: ['']}}", f"5:33: expects-nothing: {EMPTY_TEXT}"),
    ("{alerts: [{rule: level.low, says: ''}]}", f"5:47: expects-nothing: {EMPTY_TEXT}"),
    ("{worklist: {1d: [{rule: level.low, message: ''}]}}", f"5:57: expects-nothing: {EMPTY_TEXT}"),
    ("{refused: [{field: unit, says: ''}]}", f"5:44: expects-nothing: {EMPTY_TEXT}"),
])
def test_an_expectation_that_compares_nothing(problems: Problems, expect: str, said: str) -> None:
    [found] = problems(example("counts: 15 @-1d" + (", level: 3 stones @0d" if (
        "unit" in expect) else ""), expect))
    assert found.startswith(said)


@pytest.mark.parametrize(("given", "expect", "said"), [
    ("", "{alerts: [level.low]}", f"4:5: missing-key: found no event, and no 'as_of', {NO_MOMENT}"),
    ("", "{refused: [unit]}", f"4:5: missing-key: found no event, and no 'as_of', {NO_MOMENT}"),
    ("events: []", "{worklist: {1d: []}}",
     f"4:5: missing-key: found no event, and no 'as_of', {NO_MOMENT}"),
    ("counts: 15 stones @-1d", "{refused: [unit], alerts: [level.low]}",
     f"4:5: missing-key: found lines that are all refused, and no 'as_of', {NO_MOMENT}"),
])
def test_an_example_that_could_not_be_assessed(problems: Problems, given: str, expect: str,
                                               said: str) -> None:
    assert problems(example(given, expect)) == [said]


def test_every_mistake_is_reported_in_one_run(problems: Problems) -> None:
    text = ("start: 2015-03-01\nexamples:\n"
            "  - {name: one, given: {count: 1}, expect: {alerts: [x]}}\n"
            "  - {name: two, shows: fire, given: {}, expect: {}}\n"
            "  - {name: three, given: {counts: 15 @soon}, expect: {}}\n")
    assert [one.split(": ")[1] for one in problems(text)] == [
        "unknown-shorthand", "unknown-name", "wrong-value", "not-a-time"]


def test_examples_stand_beside_a_topic(folder: Path, rulebook: Rulebook) -> None:
    (folder / "responses.examples.yaml").write_text("start: 2015-03-01\nexamples: []\n")
    with pytest.raises(RulebookError, match="found examples of 'responses', expected a topic "
                       r"responses\.yaml beside it; did you mean 'response'\?"):
        load_examples(folder, rulebook)


def test_a_file_that_is_not_utf_8(folder: Path, rulebook: Rulebook) -> None:
    (folder / "response.examples.yaml").write_bytes(b"start: \xff\n")
    with pytest.raises(RulebookError, match="a byte that is no UTF-8"):
        load_examples(folder, rulebook)


@pytest.mark.parametrize(("text", "said"), [
    ("counts: {kind: platelet_counts}", "1:16: unknown-kind: found 'platelet_counts', expected a "
     "kind of event; did you mean 'platelet_count'?"),
    ("counts: {kind: platelet_count, number: vlue}", "1:40: unknown-field: found 'vlue', expected "
     "a field of platelet_count; did you mean 'value'?"),
    ("counts: {kind: platelet_count, fields: {drug: x}}", "1:41: unknown-field: found 'drug', "
     "expected a field of platelet_count"),
    ("counts: {kind: platelet_count, words: {bad: {metod: x}}}", "1:46: unknown-field: found "
     "'metod', expected a field of platelet_count; did you mean 'method'?"),
    ("counts: {kind: platelet_count, words: {bad: metod}}", "1:45: unknown-field: found "
     "'metod', expected a field of platelet_count; did you mean 'method'?"),
    ("counts: {kind: platelet_count, words: {bad: 1}}", "1:45: wrong-type: found 1, expected a "
     "field whose value follows, or fields with values"),
    ("[]", "1:1: wrong-type: found an empty list, expected names with values"),
])
def test_a_mistake_in_the_shorthands(folder: Path, rulebook: Rulebook, text: str,
                                     said: str) -> None:
    file = folder / "shorthand.examples.yaml"
    file.write_text(text)
    with pytest.raises(RulebookError) as refused:
        load_examples(folder, rulebook)
    assert str(refused.value).splitlines()[0] == f"{file}:{said}"


@pytest.mark.parametrize(("old", "new", "said"), [
    ("  unit: 10*9/L", "  unit: 10*9/l",
     "unknown-unit: found '10*9/l', expected a unit of 'value'; did you mean '10*9/L'?"),
    ("{method: estimate}", "{method: estimat}",
     "unknown-value: found 'estimat', expected one of automated, manual, estimate; did you mean "
     "'estimate'?"),
    ("{drug: sirolimus}", "{dug: sirolimus}",
     "unknown-field: found 'dug', expected a field of medication; did you mean 'drug'?"),
])
def test_a_mistake_in_a_shorthand_is_told_once(folder: Path, rulebook: Rulebook, old: str,
                                               new: str, said: str) -> None:
    """However many examples use it: each of them would be refused for it."""
    file = folder / "shorthand.examples.yaml"
    file.write_text(file.read_text("utf-8").replace(old, new, 1), encoding="utf-8")
    shutil.copy(RULES / "response.examples.yaml", folder)
    with pytest.raises(RulebookError) as refused:
        load_examples(folder, rulebook)
    assert [str(each).splitlines()[0].split(": ", 1)[1] for each in refused.value.problems] == [
        said]
