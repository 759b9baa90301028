"""The formulas say of every state what the engine says of it, and assume nothing that is not so."""

from __future__ import annotations

import json
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from command_line.program import RULES
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from proof.books import TOPIC, write
from proof.states import State, holds

from engine.assess import Assessor
from engine.events.amount import Amount, hull
from engine.events.event import Event, Source
from engine.events.intake import Intake
from engine.events.when import parse_when
from engine.examples.reading import load_examples
from engine.passage import Passage
from engine.proof.encoding import Encoder
from engine.proof.inputs import Inputs
from engine.proof.numbers import constant
from engine.proof.numbers import hull as hull_of
from engine.proof.topics import Judged, judged
from engine.rulebook.definitions import Rulebook
from engine.rulebook.loader import load_rulebook
from engine.timeline.log import known

UTC = ZoneInfo("UTC")
EVERY = 24  # of so many examples one: the state of each topic at its end
Formulas = dict[str, tuple[Inputs, Judged]]


def formulas(rulebook: Rulebook) -> Formulas:
    found = {}
    for topic in rulebook.topics:
        inputs = Inputs(censored=True)
        found[topic.name] = inputs, judged(topic, Encoder(rulebook, inputs))
    return found


def agree(passage: Passage, encoded: Formulas, *, assumptions: bool = True) -> int:
    """Compare every rule where the passage ended; return how many there were."""
    compared = 0
    for each in passage.assessor.topics:
        name = each.topic.name
        if name not in passage.standings:
            continue
        state = State(passage, name)
        if not state.exists:
            continue
        inputs, model = encoded[name]
        assignment = state.assignment(inputs)
        truths = each.all_truths(passage.chart, state.here, None)
        answer = passage.assessor.inference.ask(name, truths)
        for rule, truth in model.rules:
            said = holds(truth.yes, assignment), holds(truth.no, assignment)
            assert said == (rule.id in answer.certain, rule.id not in answer.possible), rule.id
            compared += 1
        for assumed in inputs.known_to_hold if assumptions else ():
            assert holds(assumed, assignment) is not False, (name, assumed)
    return compared


def test_of_the_states_of_real_patients() -> None:
    rulebook = load_rulebook(RULES)
    encoded = formulas(rulebook)
    assessor = Assessor(rulebook, UTC, "reference")
    compared = 0
    for each in load_examples(RULES, rulebook)[::EVERY]:
        log = known(each.events, each.as_of) if each.events else None
        if log is not None and each.calendar.zone.key == "UTC":
            compared += agree(assessor.passage(log.events, log.as_of, whole=True), encoded)
    assert compared > 500


HEATS = st.fixed_dictionaries({
    "value": st.one_of(
        st.sampled_from(["37.5", "38", "37.49", "19", "<38", ">37.5", "<=37.5", ">=38", "<0.5"]),
        st.integers(0, 50).map(str)),
    "site": st.sampled_from(["ear", "skin"]), "doubtful": st.booleans()})
RULES_DRAWN = st.sampled_from([
    "value >= hot", "value < warm", "value * fold > hot", "not value == hot", "value != warm",
    "value / fold <= warm", "value - warm > hot - value", "possibly(value >= hot)",
    "certainly(value < warm) or doubtful", "site == skin", "site in [ear]", "known(before)",
    "before.value > value", "days(before, here) >= 0 * week", "days_since(before) > week",
    "before.site == ear", "surely_after(here, before)", "pill_lately", "same_day(before, here)",
    "unknown"])


@settings(max_examples=25, deadline=None,
          suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(one=RULES_DRAWN, two=RULES_DRAWN, three=RULES_DRAWN,
       heats=st.lists(st.tuples(st.integers(0, 20), HEATS), min_size=1, max_size=3),
       pill=st.booleans())
def test_of_states_drawn(tmp_path: Path, one: str, two: str, three: str,
                         heats: list[tuple[int, dict[str, Any]]], pill: bool) -> None:
    rulebook = load_rulebook(write(tmp_path, drawn(one, two, three)))
    assert agree(passage_of(rulebook, heats, pill=pill), formulas(rulebook)) >= 3


DATES = st.dictionaries(st.dates(date(2019, 12, 28), date(2020, 1, 28)).map(str),
                        st.sampled_from(["37", "37.5", "38", "38.5", "40"]), min_size=1, max_size=3)
SPANS = st.dictionaries(st.dates(date(2019, 12, 28), date(2020, 1, 28)).map(str),
                        st.integers(1, 20).map(str), min_size=1, max_size=2)
OF_DATES = st.sampled_from([
    "value >= hot", "value < warm", "hot > warm", "not value == hot", "value - warm > hot - value",
    "before.value > hot", "newest >= fold * warm", "days_since(before) > wait",
    "days_since(newest) >= wait", "days(before, here) >= wait", "above_then", "above_skin",
    "above_now", "certainly(value < warm)"])


@settings(max_examples=25, deadline=None,
          suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(one=OF_DATES, two=OF_DATES, three=OF_DATES, hot=DATES, warm=DATES, wait=SPANS,
       heats=st.lists(st.tuples(st.integers(0, 20), HEATS), min_size=1, max_size=3),
       later=st.integers(0, 12))
@example(one="above_skin", two="value >= hot", three="above_now",
         hot={"2019-12-28": "40", "2020-01-05": "38"}, warm={"2020-01-05": "38"},
         wait={"2020-01-05": "1"}, later=5, heats=[
             (1, {"value": "39", "site": "skin", "doubtful": False}),
             (9, {"value": "39", "site": "ear", "doubtful": False})])
def test_of_parameters_with_dates(tmp_path: Path, one: str, two: str, three: str,
                                  hot: dict[str, str], warm: dict[str, str], wait: dict[str, str],
                                  heats: list[tuple[int, dict[str, Any]]], later: int) -> None:
    """Asked of an event by its day's value, of another by that one's, of now by today's."""
    topic = drawn(one, two, three).replace("classify:", """\
  above_then: {of: heat, is: value > hot}
  above_skin: {at: before, is: value > hot}
  above_now: {now: true, is: before.value > hot}
classify:""", 1)
    folder = write(tmp_path, topic)
    (folder / "parameters.yaml").write_text(f"""\
hot:  {{value: 38, from: {said(hot)}, unit: C, cite: page}}
warm: {{value: 37.5, from: {said(warm)}, unit: C, cite: page}}
wait: {{value: 5, from: {said(wait)}, unit: days, cite: page}}
fold: {{value: 1, from: {{2020-01-12: 1.02}}, cite: page}}
week: {{value: 7, unit: days, cite: page}}
""", encoding="utf-8")
    rulebook = load_rulebook(folder)
    end = max(day for day, _ in heats) + later
    passage = passage_of(rulebook, heats, as_of=date(2020, 1, 1) + timedelta(end))
    assert agree(passage, formulas(rulebook)) >= 3


OF_HOURS = st.sampled_from([
    "value >= hot", "hours_since(before) >= half_day", "hours_since(before) < half_day",
    "hours_since(newest) > half_day", "hours(before, here) <= half_day", "then_late",
    "now_late", "not hours_since(before) > half_day", "certainly(hours_since(newest) >= half_day)",
    "days_since(before) > week"])


@settings(max_examples=25, deadline=None,
          suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(one=OF_HOURS, two=OF_HOURS, three=OF_HOURS, later=st.integers(0, 1),
       heats=st.lists(st.tuples(st.integers(0, 2), HEATS, st.none() | st.integers(0, 23)),
                      min_size=1, max_size=3))
def test_of_hours(tmp_path: Path, one: str, two: str, three: str, later: int,
                  heats: list[tuple[int, dict[str, Any], int | None]]) -> None:
    """Of instants and of dates, from one to another and to the moment itself."""
    folder = write(tmp_path, drawn(one, two, three).replace("classify:", """\
  then_late: {at: before, is: hours_since(newest) >= half_day}
  now_late: {now: true, is: hours_since(before) >= half_day}
classify:""", 1))
    parameters = folder / "parameters.yaml"
    parameters.write_text(parameters.read_text(encoding="utf-8")
                          + "half_day: {value: 12, unit: hours, cite: page}\n", encoding="utf-8")
    rulebook = load_rulebook(folder)
    timed = [(day, heat if hour is None else {
        **heat, "at": f"2020-01-{day + 1:02}T{hour:02}:00Z"}) for day, heat, hour in heats]
    end = date(2020, 1, 1) + timedelta(max(day for day, *_ in heats) + later)
    assert agree(passage_of(rulebook, timed, as_of=end), formulas(rulebook)) >= 3


BRANCHES = st.lists(st.tuples(
    st.sampled_from(["value >= hot", "value < warm", "before.value > hot", "site == skin",
                     "before.site == site", "unknown", "pill_lately", "possibly(value > hot)"]),
    st.sampled_from(["hot", "warm", "value", "before.value", "value * fold", "value - warm"]),
    st.sampled_from(["week", "two_weeks", "days(before, here)"]),
    st.sampled_from(["value > warm", "doubtful", "before.value > warm", "unknown"]),
    st.sampled_from(["site", "before.site"])), min_size=1, max_size=3)
OF_BRANCHES = st.sampled_from([
    "bound >= hot", "bound < warm", "bound > warm", "value <= bound", "bound + value > hot",
    "bound * fold >= hot", "value / bound < fold", "bound == hot", "bound != hot", "so", "not so",
    "certainly(so)", "spot == ear", "spot != skin", "spot in [skin]", "known(bound)", "known(so)",
    "days_since(before) > span", "days_since(before) <= span", "known(spot)",
    "surely_after(here, later_by(before, span))", "days(later_by(before, span), here) < week"])


@settings(max_examples=40, deadline=None,
          suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(one=OF_BRANCHES, two=OF_BRANCHES, three=OF_BRANCHES, branches=BRANCHES, closed=st.booleans(),
       heats=st.lists(st.tuples(st.integers(0, 20), HEATS), min_size=1, max_size=3),
       pill=st.booleans())
@example(one="bound < warm", two="days(later_by(before, span), here) < week", three="so",
         branches=[("value >= hot", "hot", "week", "doubtful", "site"),
                   ("site == skin", "warm", "two_weeks", "doubtful", "site")], closed=True,
         pill=False, heats=[(0, {"value": "38", "site": "skin", "doubtful": False}),
                            (9, {"value": ">37.5", "site": "skin", "doubtful": False})])
def test_of_facts_with_branches(tmp_path: Path, one: str, two: str, three: str,
                                branches: list[tuple[str, ...]], closed: bool,
                                heats: list[tuple[int, dict[str, Any]]], pill: bool) -> None:
    topic = drawn(one, two, three)
    for number, fact in enumerate(["bound", "span", "so", "spot"], 1):
        lines = [f"{{if: '{each[0]}', then: '{each[number]}'}}" for each in branches]
        lines += [f"{{then: '{branches[0][number]}'}}"] if closed else []
        topic = topic.replace("classify:", f"  {fact}: {{of: heat, case: [{', '.join(lines)}]}}\n"
                                           "classify:", 1)
    folder = write(tmp_path, topic)
    parameters = folder / "parameters.yaml"
    parameters.write_text(parameters.read_text("utf-8") + (
        "two_weeks: {value: 14, unit: days, cite: page}\n"), encoding="utf-8")
    rulebook = load_rulebook(folder)
    assert agree(passage_of(rulebook, heats, pill=pill), formulas(rulebook)) >= 3


@pytest.mark.parametrize("ends", [
    ("<38", "<38"), ("<38", "38"), ("<38", "<=38"), ("<38", "<39"), (">38", "38"), (">38", ">=38"),
    (">38", ">37"), ("<38", ">38"), ("38", "38"), ("38", "39")])
def test_of_what_holds_two_numbers(ends: tuple[str, str]) -> None:
    one, other = (amount(each) for each in ends)
    for first, second in ((one, other), (other, one)):
        wanted, found = constant(hull(first, second)), hull_of(constant(first), constant(second))
        assert found.known is True
        assert [found.low.there, found.high.there] == [wanted.low.there, wanted.high.there]
        for mine, its in ((found.low, wanted.low), (found.high, wanted.high)):
            assert not its.there or (mine.at, mine.open) == (its.at, its.open)


def amount(text: str) -> Amount:
    number = int(text.strip("<>="))
    if text.startswith("<"):
        return Amount(0, number, high_open="=" not in text)
    return Amount(number, None if text.startswith(">") else number, text == f">{number}")


def said(dates: dict[str, str]) -> str:
    return "{" + ", ".join(f"{day}: {value}" for day, value in dates.items()) + "}"


def drawn(one: str, two: str, three: str) -> str:
    """Return the topic with these conditions in place of its own."""
    return TOPIC.replace("when: value >= hot,", f"when: {{any: ['{one}', '{two}']}},").replace(
        "when: [value >= warm, value < hot],",
        f"when: {{all: ['{two}', {{none: ['{three}', '{one}']}}]}},")


def passage_of(rulebook: Rulebook, heats: list[tuple[int, dict[str, Any]]], *, pill: bool = False,
               as_of: date | None = None) -> Passage:
    """Return the passage of a patient with these heats, each so many days after the first day."""
    intake = Intake(rulebook.vocabulary, UTC)
    lines = [{"kind": "heat", "at": f"2020-01-{day + 1:02}", "unit": "C", **heat}
             for day, heat in heats]
    lines += [{"kind": "pill", "at": "2020-01-15", "name": "a"}] if pill else []
    events = [intake.read(json.dumps({"id": str(number), "patient": "p", **line}),
                          Source("law", number))
              for number, line in enumerate(lines, 1)]
    assert all(isinstance(each, Event) for each in events)
    log = known(tuple(each for each in events if isinstance(each, Event)),
                parse_when(str(as_of), UTC) if as_of else None)
    return Assessor(rulebook, UTC, "reference").passage(log.events, log.as_of, whole=True)
