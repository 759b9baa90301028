"""What is decided about an alert in an example: is it read, taken, refused and told rightly?

The rulebook is a small one about heat: a critical alert for each heat of 41 degrees or more, and a
low one (a high one far above) while the newest heat is high.
"""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from command_line.program import run, written
from hypothesis import example, given, settings
from hypothesis import strategies as st
from proof.books import EXAMPLES, TOPIC, write

import cli_options
from engine.assess import Assessor
from engine.checking import check_rulebook
from engine.examples.example import Act, Example
from engine.examples.reading import load_examples
from engine.examples.running import Outcome, run_example
from engine.mutation.running import Bench, chosen
from engine.problems import RulebookError
from engine.rulebook.definitions import Rulebook
from engine.rulebook.loader import load_rulebook

PARAMETERS = """
gravest:   {value: 41, unit: C, cite: page}
again_low: {value: 24, unit: hours, cite: page}
quiet:     {value: 3, unit: days, cite: page}
at_most:   {value: 4, unit: hours, cite: page}
"""
SEVERITIES = """
severities:
  critical: {channel: pager}
  high:     {channel: telephone, longest_snooze: at_most}
  low:      {channel: chart, again_after: again_low}
"""
EACH = """
  - id: grave
    title: Grave
    of: newest
    per_event: true
    when: value >= gravest
    severity: critical
    message: "{newest} is grave"
    cite: page
"""

def book(folder: Path, examples: str = EXAMPLES) -> Path:
    """Write the rulebook with its policies; return its folder."""
    topic = TOPIC.replace("    message: \"{newest} is high\"", "    quiet_for: quiet\n"
                          "    message: \"{newest} is high\"") + EACH.lstrip("\n")
    write(folder, topic, examples)
    for name, more in (("parameters.yaml", PARAMETERS), ("rulebook.yaml", SEVERITIES)):
        with (folder / name).open("a", encoding="utf-8") as file:
            file.write(more)
    return folder


class Desk:
    """The rulebook in a folder, loaded once, and examples that are read and run."""

    def __init__(self, folder: Path) -> None:
        self.folder = book(folder)
        self.rulebook: Rulebook = load_rulebook(self.folder)
        self._assessor = Assessor(self.rulebook, ZoneInfo("UTC"))

    def load(self, *examples: str) -> list[Example]:
        text = "start: 2020-01-01\nexamples:\n" + "".join(
            f"  - name: number {number}\n" + "".join(f"    {line}\n" for line in one.splitlines())
            for number, one in enumerate(examples))
        (self.folder / "warmth.examples.yaml").write_text(text, encoding="utf-8")
        return load_examples(self.folder, self.rulebook)

    def run(self, example: str) -> Outcome:
        [loaded] = self.load(example)
        return run_example(loaded, self._assessor)

    def differs(self, example: str) -> list[tuple[str, str, str]]:
        return [(each.what, each.expected, each.got) for each in self.run(example).differences]

    def acts(self, decisions: str) -> tuple[Act, ...]:
        [loaded] = self.load(f"given: {{}}\nas_of: 20d\ndecisions: {decisions}\n"
                             "expect: {refused: [{alert: fever}], worklist: {900d: []}}")
        return loaded.acts

    def problems(self, example: str) -> list[str]:
        with pytest.raises(RulebookError) as refused:
            self.load(example)
        return [str(each).splitlines()[0].removeprefix(f"{self.folder}/warmth.examples.yaml:")
                for each in refused.value.problems]


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Desk:
    return Desk(tmp_path_factory.mktemp("heat"))


# ---- the notation

@pytest.mark.parametrize(("text", "rule", "span", "when"), [
    ("ack fever @1d", "fever", None, "2020-01-02"),
    ("ack fever @1d 09:00", "fever", None, "2020-01-02T09:00+00:00"),
    ("ack @1d 09:00 fever", "fever", None, "2020-01-02T09:00+00:00"),
    ("snooze fever 4h @1d", "fever", timedelta(hours=4), "2020-01-02"),
    ("snooze 30min fever @1d", "fever", timedelta(minutes=30), "2020-01-02"),
    ("snooze fever @1d 7d", "fever", timedelta(days=7), "2020-01-02"),
    ("snooze fever 1d12h30min @1d", "fever", timedelta(days=1, hours=12, minutes=30),
     "2020-01-02"),
    ("[ack grave @2020-01-02]", "grave", None, "2020-01-02"),
])
def test_one_decision(desk: Desk, text: str, rule: str, span: timedelta | None,
                      when: str) -> None:
    [act] = desk.acts(text)
    assert (act.rule, act.span, act.when.text) == (rule, span, when)
    assert act.text == text.strip("[]'")


def test_decisions_are_taken_in_the_order_of_their_moments(desk: Desk) -> None:
    acts = desk.acts("[snooze fever 1d @9d, 'ack fever @3d 10:00, ack grave @3d 09:00']")
    assert [each.text for each in acts] == [
        "ack grave @3d 09:00", "ack fever @3d 10:00", "snooze fever 1d @9d"]


SEEN = "expect: {worklist: []}"


@pytest.mark.parametrize(("more", "said"), [
    ("decisions: akc fever @1d\n" + SEEN,
     "5:16: unknown-word: found 'akc', expected one of 'ack', 'snooze'; did you mean 'ack'?"),
    ("decisions: acknowledge fever @1d\n" + SEEN,
     "5:16: unknown-word: found 'acknowledge', expected one of 'ack', 'snooze'; for example ack "
     "fever @14d"),
    ("decisions: ack fever @1d, ack fevr @1d\n" + SEEN,
     "5:35: unknown-name: found 'fevr', expected an alert; did you mean 'fever'?"),
    ("decisions: '@1d ack fever'\n" + SEEN,
     "5:17: unknown-word: found '@', expected one of 'ack', 'snooze'; for example ack fever @14d"),
    ("decisions: ack @1d\n" + SEEN,
     "5:16: no-value: found nothing that 'ack' is about, expected an alert; for example ack fever "
     "@14d"),
    ("decisions: ack fever grave @1d\n" + SEEN,
     "5:26: said-twice: found an alert a second time in one item, expected it once; part items "
     "with a comma"),
    ("decisions: ack fever @1d @2d\n" + SEEN,
     "5:30: said-twice: found a time a second time in one item, expected it once; part "
     "items with a comma"),
    ("decisions: ack fever\n" + SEEN,
     "5:16: no-time: found ack fever, expected its time, after @; for example ack fever @14d"),
    ("decisions: ack fever @\n" + SEEN,
     "5:26: no-time: found nothing after '@', expected a time like 14d, -2mo, 14d 09:00 or "
     "2015-03-15"),
    ("decisions: ack fever @soon\n" + SEEN,
     "5:27: not-a-time: found 'soon', expected a time like 14d, -2mo, 14d 09:00 or 2015-03-15"),
    ("decisions: ack fever 4h @1d\n" + SEEN,
     "5:26: unknown-word: found '4h', expected an alert and a time after 'ack'; how long an "
     "acknowledgement holds is in the rulebook; 'snooze' is for a time of one's own"),
    ("decisions: snooze fever @1d\n" + SEEN,
     "5:16: no-value: found 'snooze' alone, expected how long, like 30min, 4h or 7d; for example "
     "snooze fever 4h"),
    ("decisions: snooze fever 1w @1d\n" + SEEN,
     "5:29: not-a-span: found '1w', expected how long, like 30min, 4h or 7d"),
    ("decisions: snooze fever 1d 4h @1d\n" + SEEN,
     "5:32: said-twice: found how long a second time in one item, expected it once; part items "
     "with a comma"),
    ("decisions: ', ,'\n" + SEEN,
     "5:16: no-items: found nothing, expected decisions with their times; for example ack fever "
     "@14d"),
    ("decisions: 3\n" + SEEN,
     "5:16: wrong-type: found 3, expected text or a list; write it in quotes: \"3\""),
    ("decisions: ack fever @0d\nexpect: {alerts: [fever]}",
     "5:5: missing-key: found 'decisions' alone, expected 'worklist' under 'expect'; say which "
     "alerts ask to be looked at afterwards"),
    ("decisions: ack fever @3d\nas_of: 2d\n" + SEEN,
     "5:16: not-a-time: found 'ack fever @3d', expected a time before 'as_of'"),
    ("decisions: ack fever @3d\n" + SEEN,
     "5:16: not-a-time: found 'ack fever @3d', expected a time before the newest record; or say "
     "with 'as_of' which moment is asked about"),
    ("decisions: ack fever @3d\nexpect: {worklist: {1d: [], 2d: []}}",
     "5:16: not-a-time: found 'ack fever @3d', expected a time before the last moment of "
     "'worklist'"),
    ("expect: {worklist: {soon: []}}",
     "5:25: not-a-time: found 'soon', expected a time like 14d, -2mo, 14d 09:00 or 2015-03-15"),
    ("expect: {worklist: {1d: [fevr]}}",
     "5:30: unknown-name: found 'fevr', expected an alert; did you mean 'fever'?"),
    ("expect: {worklist: {1d: [{rule: fever, from: then}]}}",
     "5:50: not-a-time: found 'then', expected a time like 14d, -2mo, 14d 09:00 or 2015-03-15"),
    ("expect: {worklist: {1d: [{rule: fever, form: 1d}]}}",
     "5:44: unknown-key: found 'form', expected one of 'caveats', 'channel', 'evidence', 'from', "
     "'message', 'overrode', 'rule', 'says', 'severity', 'to', 'value'; did you mean 'from'?"),
    ("expect: {alerts: [{rule: fever, channel: phone}]}",
     "5:46: unknown-value: found 'phone', expected one of pager, telephone, chart; did you mean "
     "'telephone'?"),
    ("expect: {refused: [{alert: fevr}]}",
     "5:32: unknown-name: found 'fevr', expected an alert; did you mean 'fever'?"),
    ("expect: {refused: [{says: at most}]}",
     "5:24: missing-key: found neither, expected 'field' of a line, or 'alert' of a decision; "
     "write one of them"),
    ("expect: {refused: [{field: unit, alert: fever}]}",
     "5:24: missing-key: found both, expected 'field' of a line, or 'alert' of a decision; write "
     "one of them"),
])
def test_a_mistake_in_a_decision(desk: Desk, more: str, said: str) -> None:
    assert desk.problems("given: {heat: 38.5 @0d}\n" + more) == [said]


# ---- what comes of it

def test_what_was_acknowledged_is_quiet_until_it_asks_again(desk: Desk) -> None:
    given = ("given: {heat: 38.5 @0d 08:00}\ndecisions: ack fever @0d 09:00\n"
             "expect: {worklist: {%s}}")
    right = "0d 08:00: [fever], 0d 09:00: [], 1d 08:59: [], 1d 09:00: [fever]"
    assert desk.differs(given % right) == []
    assert desk.differs(given % "0d 08:59: [], 1d 08:59: [fever], 1d 09:00: []") == [
        ("alert on the worklist, 0d 08:59", "nothing",
         "fever (low, from 2020-01-01T08:00+00:00, to still)"),
        ("alert on the worklist, 1d 08:59", "fever",
         "nothing: it is acknowledged until 2020-01-02T09:00+00:00"),
        ("alert on the worklist, 1d 09:00", "nothing",
         "fever (low, from 2020-01-01T08:00+00:00, to still)")]


def test_a_snooze_that_is_too_long_is_refused_and_changes_nothing(desk: Desk) -> None:
    given = "given: {heat: 48 @0d 08:00}\ndecisions: snooze fever %s @0d 09:00\nexpect: {%s}"
    assert desk.differs(given % ("4h", "worklist: {0d 12:59: [grave], 0d 13:00: [fever, grave]}")
                        ) == []
    refused = "refused: [{alert: fever, says: at most %s}], worklist: {0d 12:59: [fever, grave]}"
    assert desk.differs(given % ("4h1min", refused % "4 hours")) == []
    said = ("until: found 2020-01-01T13:01:00+00:00, expected at most 4 hours from now "
            "(2020-01-01T13:00:00+00:00) for an alert that is high; acknowledge it if it has been "
            "dealt with")
    assert desk.differs(given % ("4h1min", refused % "5 hours")) == [
        ("refused decision", "fever, saying 'at most 5 hours'", "no such refusal"),
        ("decision: snooze fever 4h1min @0d 09:00", "no refusal", said)]
    assert desk.differs(given % ("0h", "refused: [{alert: fever, says: a time to come}]")) == []


@pytest.mark.parametrize(("heat", "decision", "said"), [
    ("37 @0d 08:00", "ack fever @0d 09:00",
     "fever: found no alert of this name at 2020-01-01T09:00+00:00, expected one that is open "
     "then; nothing asks to be looked at"),
    ("40 @0d 08:00", "ack grave @1d 09:00",
     "grave: found no alert of this name at 2020-01-02T09:00+00:00, expected one that is open "
     "then; only fever asks to be looked at"),
    ("38 @0d 08:00, 37 @0d 08:30", "ack fever @0d 09:00",
     "example/fever@2020-01-01T08:00+00:00: found an alert that is resolved (it no longer holds "
     "since 2020-01-01T08:30+00:00), expected one that still holds; there is nothing to decide"),
])
def test_what_is_not_open_then_is_not_decided_about(desk: Desk, heat: str, decision: str,
                                                    said: str) -> None:
    given = f"given: {{heat: '{heat}'}}\ndecisions: {decision}\n"
    [(what, expected, got)] = desk.differs(given + "expect: {worklist: {2d: [%s]}}" % (
        "fever" if "40" in heat else ""))
    assert (what, expected, got) == (f"decision: {decision}", "no refusal", said)


def test_the_check_of_a_rulebook_tells_a_decision_that_cannot_be_taken(desk: Desk) -> None:
    desk.load("given: {heat: 38.5 @0d}\ndecisions: ack fever @0d, ack grave @0d\n" + SEEN)
    [problem] = [each for each in check_rulebook(lambda: desk.folder).problems
                 if each.level == "error"]
    assert str(problem).splitlines()[0].endswith(
        "warmth.examples.yaml:5:31: refused-decision: found 'ack grave @0d': no alert of this name "
        "at 2020-01-01, expected one that is open then; nothing asks to be looked at")
    desk.load("given: {heat: 37 @0d}\nacknowledged: 0d\n" + SEEN)
    [problem] = check_rulebook(lambda: desk.folder).errors
    assert str(problem).splitlines()[0].endswith(
        "5:19: refused-decision: found '0d': no alert that is open at 2020-01-01, expected one "
        "that is open then; nothing asks to be looked at")
    desk.load("given: {heat: 38.5 @0d}\ndecisions: ack fever @0d, ack grave @0d\n"
              "expect: {refused: [{alert: grave}]}")
    assert not check_rulebook(lambda: desk.folder).errors


def test_what_was_dealt_with_may_be_decided_about_anew(desk: Desk) -> None:
    given = ("given: {heat: 38.5 @0d 08:00}\ndecisions: ack fever @0d 09:00, snooze fever 2d @%s\n"
             "expect: {worklist: {2d 19:59: [], 2d 20:00: [fever]}}")
    assert desk.differs(given % "0d 20:00") == []


def test_a_repeat_of_what_was_acknowledged_is_quiet(desk: Desk) -> None:
    given = ("given: {heat: '38.5 @0d, 37 @1d, 38.5 @2d'}\ndecisions: ack fever @0d 12:00\n"
             "expect: {worklist: {2d: [%s], 3d 11:59: [%s], 3d 12:00: [fever]}}")
    assert desk.run(given % ("", "")).passed
    [(_, _, got), _] = desk.differs(given % ("fever", "fever"))
    assert got == "nothing: it is suppressed until 2020-01-04T12:00+00:00"


def test_the_channel_is_that_of_the_severity(desk: Desk) -> None:
    expect = ("given: {heat: %s @0d}\nexpect: {alerts: [{rule: fever, channel: %s}],"
              " worklist: [{rule: fever, channel: %s}]}")
    assert desk.run(expect % ("38.5", "chart", "chart")).passed
    assert desk.differs(expect % ("38.5", "chart", "pager")) == [
        ("alert on the worklist", "fever (channel pager)", "fever (channel chart)")]
    assert desk.differs(expect % ("38.5", "pager", "chart")) == [
        ("open alert", "fever (channel pager)", "fever (channel chart)")]


def test_a_day_of_a_snooze_has_24_hours_when_the_clocks_change(desk: Desk) -> None:
    given = ("timezone: Europe/Rome\nstart: 2020-03-28\ngiven: {heat: 38.5 @0d 08:00}\n"
             "decisions: snooze fever 1d @0d 09:00\n"
             "expect: {worklist: {1d 09:59: [], 1d 10:00: [fever]}}")
    assert desk.differs(given) == []


# ---- laws

MINUTES = st.integers(min_value=0, max_value=4 * 24 * 60)


def clock(minutes: int) -> str:
    return f"{minutes // 1440}d {minutes % 1440 // 60:02}:{minutes % 60:02}"


def readings(heats: list[tuple[int, float]]) -> str:
    return ", ".join(f"{heat} @{clock(minute)}" for minute, heat in heats)


HEATS = st.lists(st.tuples(MINUTES, st.sampled_from([37, 38.5, 41, 48])), min_size=1, max_size=5,
                 unique_by=lambda each: each[0])


@given(heats=HEATS, moment=MINUTES, looks=st.lists(MINUTES, min_size=1, max_size=4, unique=True))
@settings(deadline=None, max_examples=60)
def test_to_look_at_several_moments_is_to_look_at_each_alone(
        desk: Desk, heats: list[tuple[int, float]], moment: int, looks: list[int]) -> None:
    """Whoever looks changes nothing, and who acknowledges each alert has acknowledged them all."""
    given = f"given: {{heat: '{readings(heats)}'}}\n"
    end = max(*looks, moment, *(minute for minute, _ in heats))
    together = ", ".join(f"{clock(each)}: []" for each in sorted({*looks, end}))
    expect = f"expect: {{worklist: {{{together}}}}}"
    all_ = desk.differs(f"{given}acknowledged: {clock(moment)}\n{expect}")
    named = desk.differs(f"{given}decisions: ack fever @{clock(moment)}, ack grave @{clock(moment)}"
                         f"\n{expect}")
    assert [each for each in named if not each[0].startswith("decision")] == all_
    for look in {*looks, end}:
        if look >= moment:
            alone = desk.differs(f"{given}acknowledged: {clock(moment)}\nas_of: {clock(look)}\n"
                                 "expect: {worklist: []}")
            label = f"alert on the worklist, {clock(look)}"
            assert [each[1:] for each in alone] == [each[1:] for each in all_ if each[0] == label]


WORDS = ["ack", "snooze", "fever", "fevr", "@", "1d", "@2d", "09:00", "4h", "99999d", "0min", ",",
         "7w", "from", "@9999-12-31", "@7979y", "@-2019y", "@7979y11mo30d", "23:59"]


@example(words=["snooze", "fever", "99999d", "@7979y"])
@example(words=["snooze", "fever", "4h", "@9999-12-31"])
@given(words=st.lists(st.sampled_from(WORDS), max_size=8))
@settings(deadline=None, max_examples=150)
def test_whatever_is_written_is_understood_or_told(desk: Desk, words: list[str]) -> None:
    """No text ends the program in another way than by an outcome, or by problems of its line."""
    text = " ".join(words)
    try:
        outcome = desk.run(f"given: {{heat: 38.5 @0d}}\ndecisions: '{text}'\n"
                           "expect: {worklist: {9999-12-31: []}}")
    except RulebookError as refused:
        for problem in refused.problems:
            assert problem.place.line == 5 and problem.quoted == f"    decisions: '{text}'"
            assert 1 <= problem.place.column <= len(problem.quoted)
    else:
        assert outcome.example.acts


@given(heats=HEATS, moment=MINUTES, minutes=st.integers(min_value=1, max_value=600))
@settings(deadline=None, max_examples=60)
def test_a_snooze_holds_for_its_time_or_is_refused(
        desk: Desk, heats: list[tuple[int, float]], moment: int, minutes: int) -> None:
    """Put off, a high alert is on no worklist before the time is over, and never beyond 4 hours."""
    heats = [(minute, heat) for minute, heat in heats if minute < moment] + [(moment, 48)]
    outcome = desk.differs(
        f"given: {{heat: '{readings(heats)}'}}\ndecisions: snooze fever {minutes}min "
        f"@{clock(moment)}\nexpect: {{worklist: {{{clock(moment + minutes - 1)}: [grave],"
        f" {clock(moment + minutes)}: [fever, grave]}}}}")
    refused = [each for each in outcome if each[0].startswith("decision")]
    assert bool(refused) == (minutes > 4 * 60)
    found = [each for each in outcome if "fever" in each[1] + each[2] and each not in refused]
    assert bool(found) == (minutes > 4 * 60)


def test_a_store_agrees(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """The program, with a store and a clock, comes to the worklists that the example expects."""
    import json
    from datetime import UTC, datetime

    now = datetime(2020, 1, 1, 8, tzinfo=UTC)
    monkeypatch.setattr(cli_options, "now", lambda: now)
    store = ["--store", str(desk.folder / "S.db")]
    line = {"id": "h", "patient": "p", "kind": "heat", "at": "2020-01-01T08:00Z", "value": "48",
            "unit": "C"}
    file = written([line], desk.folder)
    assert run("ingest", file, *store, "--rulebook", str(desk.folder)).exit_code == 0

    def listed() -> list[str]:
        return sorted(each["rule"] for each in json.loads(
            run("alerts", "--format", "json", *store).stdout)["alerts"])

    seen = {"0d 08:00": listed()}
    why = ["--by", "Rossi", "--reason", "seen"]
    now = datetime(2020, 1, 1, 9, tzinfo=UTC)
    named = ["p/fever@2020-01-01T08:00Z", *store, *why, "--until"]
    assert run("snooze", *named, "2020-01-01T13:01Z").exit_code == 2
    assert run("snooze", *named, "2020-01-01T13:00Z").exit_code == 0
    assert run("ack", "p/grave@2020-01-01T08:00Z", *store, *why).exit_code == 0
    for minute, hour, name in ((59, 12, "0d 12:59"), (0, 13, "0d 13:00"), (0, 23, "9d 23:00")):
        now = datetime(2020, 1, 10 if name[0] == "9" else 1, hour, minute, tzinfo=UTC)
        seen[name] = listed()
    worklist = ", ".join(f"{name}: [{', '.join(rules)}]" for name, rules in seen.items())
    assert desk.differs(
        "given: {heat: 48 @0d 08:00}\ndecisions: snooze fever 4h1min @0d 09:00, snooze fever 4h "
        "@0d 09:00, ack grave @0d 09:00\nexpect: {refused: [{alert: fever}], worklist: {"
        f"{worklist}}}}}") == []
    assert seen == {"0d 08:00": ["fever", "grave"], "0d 12:59": [], "0d 13:00": ["fever"],
                    "9d 23:00": ["fever"]}


# ---- the program

WRONG = """
start: 2020-01-01
examples:
  - name: asks again
    given: {heat: 38.5 @0d 08:00}
    decisions: ack fever @0d 09:00
    expect: {worklist: {1d 09:00: []}}
"""


def test_the_program_shows_the_difference_and_counts_what_was_covered(tmp_path: Path) -> None:
    done = run("rules", "test", str(book(tmp_path, WRONG)), "--coverage")
    assert done.exit_code == 4
    assert "alert on the worklist, 1d 09:00  nothing" in done.stdout
    assert "1 example, 1 failed" in done.stdout
    assert "severity 2, low" not in done.stdout  # it was seen


KILLS = """
  - name: a fever is on the chart, and asks again after a day
    given: {heat: 38.5 @0d 08:00}
    decisions: ack fever @0d 09:00
    expect: {worklist: {0d 08:00: [{rule: fever, channel: chart}], 1d 08:59: [], 1d 09:00: [fever]}}
  - name: a higher one is told by telephone, and put off for four hours at most
    given: {heat: 40 @0d 08:00}
    decisions: snooze fever 4h1min @0d 09:00, snooze fever 4h @0d 10:00
    expect:
      refused: [{alert: fever, says: at most 4 hours}]
      worklist: {0d 09:00: [fever], 0d 10:00: []}
  - name: grave
    given: {heat: 48 @0d 08:00}
    expect: {worklist: [{rule: grave, channel: pager}, {rule: fever, channel: telephone}]}
"""


def test_the_settings_of_alerts_are_tried_and_examples_kill_what_changes_them(
        tmp_path: Path) -> None:
    folder = book(tmp_path, EXAMPLES + KILLS.replace("40 @0d", "48 @0d").replace(
        "[fever], 0d 10:00: []", "[fever, grave], 0d 10:00: [grave]"))
    mutants = [each for each in chosen(folder, ["parameters", "rulebook"])
               if each.before.startswith(("again_low", "at_most", "low:", "high:", "critical:"))]
    assert {each.kind for each in mutants} == {
        "threshold moved", "again_after dropped", "longest_snooze dropped", "channel changed"}
    bench = Bench(folder, 5)
    assert {str(each): bench.judge(each).fate for each in mutants
            if bench.judge(each).fate != "killed"} == {}
    bench.examples = load_examples(book(tmp_path / "few"), load_rulebook(tmp_path / "few"))
    assert {bench.judge(each).fate for each in mutants} == {"survived"}
