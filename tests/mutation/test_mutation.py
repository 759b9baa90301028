"""Changes of meaning are made one by one, noticed by the right examples, or proved to be none."""

from __future__ import annotations

from pathlib import Path

import pytest
from command_line.program import run
from proof.books import EXAMPLES, TOPIC, write

from engine.mutation import running
from engine.mutation.edits import Edit, edited
from engine.mutation.expressions import changes
from engine.mutation.omissions import omissions
from engine.mutation.running import Bench, Judgement, chosen
from engine.rulebook.folder import read_folder

KILLS = """
  - {name: below, given: {heat: 37.99 @0d}, expect: {summary: {warmth: raised}, alerts: []}}
  - {name: raised, given: {heat: 37.5 @0d}, expect: {summary: {warmth: raised}, alerts: []}}
  - {name: low, given: {heat: 37.4 @0d}, expect: {summary: {warmth: low}}}
"""


@pytest.mark.parametrize(("text", "expected"), [
    ("a < b", {"a <= b", "a > b", "a >= b"}),
    ("a == b", {"a != b"}),
    ("not a", {"a"}),
    ("a and b", {"a or b", "a", "b", "not a and b", "a and not b"}),
    ("a in [x, y]", {"a not in [x, y]", "a in [x]", "a in [y]"}),
    ("certainly(a)", {"not certainly(a)", "a"}),
    ("a - (b - c) < d", {"a - (b - c) <= d", "a - (b - c) > d", "a - (b - c) >= d"}),
    ("(", set()),
])
def test_the_changes_of_a_condition(text: str, expected: set[str]) -> None:
    assert {after for _, _, after in changes(text)} == expected


def test_an_edit_changes_one_thing_and_leaves_every_place(tmp_path: Path) -> None:
    documents, _ = read_folder(write(tmp_path))
    path = ("classify", 0, "rules", 1)
    after = edited(documents, (Edit("warmth.yaml", path, remove=True),))["warmth.yaml"]
    before = documents["warmth.yaml"]
    assert [rule["id"] for rule in after.value["classify"][0]["rules"]] == ["w.high", "w.low"]
    assert after.place("classify", 0, "rules", 1) == before.place("classify", 0, "rules", 2)
    assert before.value["classify"][0]["rules"][1]["id"] == "w.raised"  # the original is as it was


def judged(folder: Path, examples: str = EXAMPLES, topic: str = TOPIC) -> list[Judgement]:
    bench = Bench(write(folder, topic, examples), 5)
    return [bench.judge(mutant) for mutant in chosen(folder)]


def fate(found: list[Judgement], kind: str, before: str, after: str = "") -> Judgement:
    [one] = [each for each in found if (each.mutant.kind, each.mutant.before) == (kind, before)
             and after in each.mutant.after]
    return one


def test_an_example_at_the_boundary_kills_what_moves_it(tmp_path: Path) -> None:
    few, many = judged(tmp_path / "few"), judged(tmp_path / "many", EXAMPLES + KILLS)
    assert fate(few, "boundary moved", "value >= hot").fate == "killed"
    assert "high" in fate(few, "boundary moved", "value >= hot").by
    left = fate(few, "boundary moved", "value >= warm")
    assert (left.fate, left.hint) == ("survived", "warmth differs where value = 37.5")
    assert left.mutant.place.line == 15
    assert fate(many, "boundary moved", "value >= warm").fate == "killed"
    assert fate(few, "threshold moved", "warm = 37.5", "37.4").fate == "survived"
    assert fate(many, "threshold moved", "warm = 37.5", "37.4").fate == "killed"


def test_each_kind_of_change_is_tried(tmp_path: Path) -> None:
    kinds = {each.mutant.kind for each in judged(tmp_path)}
    assert kinds >= {"threshold moved", "boundary moved", "comparison turned", "condition dropped",
                     "negated", "all made any", "precedence swapped", "severity dropped",
                     "advice dropped", "window moved"}


def test_what_can_be_left_out_is_left_out_in_turn() -> None:
    facts = {"both": {"latest": ["a.steps", "b.steps"], "where": "direction == start"},
             "one": {"latest": ["a.steps"]}, "kept": {"series": "a", "occasions": "lowest"},
             "worked_out": {"case": [{"if": "c", "then": "d"}, {"then": "e"}]}}
    shown = {"rules": [{"id": "x"}, {"id": "y", "because": "{d} is high"}]}
    topic = {"facts": facts,
             "classify": [shown, {"internal": True, "rules": [{"id": "z", "because": "{d}"}]}],
             "alert": [{"message": "{a} and {b}, {a}", "advice": [{"Take {c}.": "c"}]}]}
    assert list(omissions("topic.yaml", topic)) == [
        (("facts", "both", "latest", 0), "source dropped", "a.steps", None),
        (("facts", "both", "latest", 1), "source dropped", "b.steps", None),
        (("facts", "kept", "occasions"), "filter dropped", "occasions: lowest", None),
        (("facts", "worked_out", "case", 0), "branch dropped", "if: c; then: d", None),
        (("facts", "worked_out", "case", 1), "branch dropped", "then: e", None),
        (("classify", 0, "rules", 0), "rule dropped", "x", None),
        (("classify", 0, "rules", 1), "rule dropped", "y", None),
        (("classify", 0, "rules", 1, "because"), "answer not told", "{d}", " is high"),
        (("alert", 0, "message"), "answer not told", "{a}", " and {b}, "),
        (("alert", 0, "message"), "answer not told", "{b}", "{a} and , {a}"),
        (("alert", 0, "advice", 0), "answer not told", "{c}", {"Take .": "c"})]
    assert list(omissions("parameters.yaml", {"facts": facts})) == []


def test_a_message_that_tells_less_survives_until_an_example_expects_all_of_it(
        tmp_path: Path) -> None:
    says, all_of_it = (
        EXAMPLES + "  - {name: told, given: {heat: 39 @0d}, expect: {alerts: "
        f"[{{rule: fever, {key}: \"39 C on 2020-01-01 is high.\"}}]}}}}\n"
        for key in ("says", "message"))
    named = EXAMPLES + "  - {name: named, given: {heat: 39 @0d}, expect: {alerts: [fever]}}\n"
    found = [fate(judged(tmp_path / str(number), text), "answer not told", "{newest}").fate
             for number, text in enumerate((named, says, all_of_it))]
    assert found == ["survived", "killed", "killed"]


def test_each_item_of_a_set_is_left_out(tmp_path: Path) -> None:
    """It touches the facts that name the set, and their examples alone are run."""
    folder = write(tmp_path, TOPIC.replace("any: pill, within: week}",
                                           "any: pill, where: name in strong, within: week}"))
    vocabulary = folder / "vocabulary.yaml"
    vocabulary.write_text(vocabulary.read_text("utf-8") + "sets: {strong: [a, b]}\n",
                          encoding="utf-8")
    examples = folder / "warmth.examples.yaml"
    examples.write_text(EXAMPLES + "  - {name: after the pill a, given: {heat: 39 @0d, "
                        "pill: a @0d}, expect: {alerts: []}}\n", encoding="utf-8")
    bench = Bench(folder, 5)
    found = [bench.judge(mutant) for mutant in chosen(folder, ["vocabulary"])]
    assert [(str(each.mutant), each.fate) for each in found] == [
        ("set item dropped: a of strong -> nothing", "killed"),
        ("set item dropped: b of strong -> nothing", "survived")]


def test_what_changes_no_meaning_is_proved_so(tmp_path: Path) -> None:
    """Disjoint values may stand in any order, and a condition that is implied may go."""
    found = judged(tmp_path, EXAMPLES + KILLS, TOPIC.replace(
        "when: value >= hot,", "when: [value >= hot, value >= warm],"))
    assert fate(found, "precedence swapped", "high before raised").fate == "same"
    assert [each.fate for each in found if each.mutant.kind == "condition dropped"
            and each.mutant.before == "value >= warm"].count("same") == 1


@pytest.mark.parametrize(("where", "when", "expected"), [
    ("site == skin", "not known(on_skin)", "same"),
    ("site != ear and not doubtful", "not known(on_skin)", "same"),
    # <39 may be a member or not: where it is the latest none is known, though there is a first
    ("site == skin and value >= warm", "not known(on_skin)", "survived"),
    ("site == skin", "not (known(on_skin) and on_skin >= warm)", "survived"),
])
def test_the_first_is_as_good_as_the_latest_where_nobody_asks_which(
        tmp_path: Path, where: str, when: str, expected: str) -> None:
    found = judged(tmp_path, EXAMPLES + KILLS, TOPIC.replace(
        "facts:\n", f"facts:\n  on_skin: {{about: that of the skin, first: heat, where: {where}}}\n"
        ).replace("when: [warmth == high,", f"when: [warmth == high, {when},"))
    assert fate(found, "pick exchanged", "first: heat").fate == expected


def test_what_a_message_tells_by_another_event_is_no_same(tmp_path: Path) -> None:
    """A day that is worked out from an event is another where the event is another."""
    found = judged(tmp_path, EXAMPLES + KILLS, TOPIC.replace(
        "facts:\n", "facts:\n  in_ear: {about: that of the ear, latest: heat, where: site == ear}\n"
        "  next_day: {about: the day after, is: \"later_by(in_ear, week)\"}\n"
        ).replace("{newest} is high", "{newest} is high until {next_day}"))
    assert fate(found, "comparison turned", "site == ear").fate == "survived"


def test_a_table_of_a_window_is_no_same(tmp_path: Path) -> None:
    folder = write(tmp_path, TOPIC.replace("any: pill, within: week}",
                                           "any: pill, where: \"days(it, here) <= held[name]\","
                                           " of: heat}"))
    parameters = folder / "parameters.yaml"
    parameters.write_text(parameters.read_text("utf-8").replace("week:", "held: {by: name, unit: "
        "days, values: {a: 7, b: 3}, cite: page}\nold_week:"), encoding="utf-8")
    topic = folder / "warmth.yaml"
    topic.write_text(topic.read_text("utf-8").replace(
        "    when: [warmth == high, not pill_lately]",
        "    of: newest\n    when: [warmth == high, not pill_lately]"), encoding="utf-8")
    bench = Bench(folder, 5)
    given = [each for each in chosen(folder, ["parameters"]) if each.before.startswith("held")]
    assert [bench.judge(mutant).fate for mutant in given] == ["survived"] * 4


def test_how_long_an_alert_is_quiet_is_no_same(tmp_path: Path) -> None:
    folder = write(tmp_path)
    parameters, main = folder / "parameters.yaml", folder / "rulebook.yaml"
    parameters.write_text(parameters.read_text("utf-8") + "again: {value: 4, unit: hours, "
                          "cite: page}\n", encoding="utf-8")
    main.write_text(main.read_text("utf-8") + "severities: {low: {channel: chart, "
                    "again_after: again}}\n", encoding="utf-8")
    examples = folder / "warmth.examples.yaml"
    bench = Bench(folder, 5)
    given = [each for each in chosen(folder, ["parameters"]) if each.before.startswith("again")]
    assert [bench.judge(mutant).fate for mutant in given] == ["survived"] * 2
    examples.write_text(EXAMPLES + '''
  - {name: asks again, given: {heat: "38 @0d 08:00"}, acknowledged: 0d 09:00, as_of: "0d 13:00",
     expect: {worklist: [fever]}}
  - {name: is quiet, given: {heat: "38 @0d 08:00"}, acknowledged: 0d 09:00, as_of: "0d 12:59",
     expect: {worklist: []}}
''', encoding="utf-8")
    bench = Bench(folder, 5)
    assert [bench.judge(mutant).fate for mutant in given] == ["killed"] * 2


def test_without_the_solver_what_is_left_survives(tmp_path: Path,
                                                  monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(running, "solver_is_installed", lambda: False)
    found = judged(tmp_path, EXAMPLES + KILLS)
    assert fate(found, "precedence swapped", "high before raised").fate == "survived"


def test_the_command_lists_survivors_and_ends_with_4(tmp_path: Path) -> None:
    result = run("rules", "test", str(write(tmp_path)), "--mutate", "--topic", "warmth")
    assert result.exit_code == 4, result.output
    assert "warmth.yaml:15: survives: boundary moved" in result.stdout
    assert "kill it with an example: warmth differs where value = 37.5" in result.stdout
    assert "parameters.yaml" not in result.stdout


def test_a_file_that_there_is_not_is_refused(tmp_path: Path) -> None:
    result = run("rules", "test", str(write(tmp_path)), "--mutate", "--topic", "warmth.yaml")
    assert result.exit_code == 2
    assert ("topic: found 'warmth.yaml', expected one of 'parameters', 'warmth'; did you mean "
            "'warmth'?") in result.stderr


def test_two_processes_find_what_one_finds(tmp_path: Path) -> None:
    folder = write(tmp_path)
    given = chosen(folder, ["parameters"])
    one = list(running.judgements(folder, given, 5))
    assert list(running.judgements(folder, given, 5, jobs=2)) == one
    assert len(one) == 8


def test_a_set_parameter_is_not_mixed_with_mutants(tmp_path: Path) -> None:
    result = run("rules", "test", str(write(tmp_path)), "--mutate", "--set", "hot=39")
    assert result.exit_code == 2
    assert "leave out --set" in result.stderr


def test_each_value_of_a_parameter_with_dates_is_moved(tmp_path: Path) -> None:
    folder = write(tmp_path, examples=EXAMPLES + KILLS)
    parameters = folder / "parameters.yaml"
    parameters.write_text(parameters.read_text("utf-8").replace(
        "hot:  {value: 38,", "hot:  {value: 38, from: {2020-06-01: 39, "
        "2020-09-01: {value: 40.5, cite: page}},"), encoding="utf-8")
    given = [each for each in chosen(folder, ["parameters"]) if each.before.startswith("hot")]
    assert [(each.before, each.after) for each in given] == [
        ("hot = 38", "39"), ("hot = 38", "37"), ("hot = 39", "40"), ("hot = 39", "38"),
        ("hot = 40.5", "40.6"), ("hot = 40.5", "40.4")]
    bench = Bench(folder, 5)
    found = [bench.judge(mutant) for mutant in given]
    assert {each.fate for each in found[:2]} == {"killed"}
    assert {each.fate for each in found[2:]} == {"survived"}
    assert "the value of hot = that from 2020-06-01" in found[2].hint


def test_of_an_extended_rulebook_what_is_its_own_is_changed(tmp_path: Path) -> None:
    """An override and a further topic are; what is inherited is tried where it is written."""
    write(tmp_path / "heat")
    site = tmp_path / "site"
    site.mkdir()
    for name, text in {
        "rulebook.yaml": "extends: heat\nid: site\nversion: 0.1.0\ntitle: Site\n"
                         "intended_use: Tests.\n",
        "overrides.yaml": "- author: A. Example\n  reason: We say so.\n"
                          "  parameters: {hot: {value: 39, unit: C}}\n",
        "cold.yaml": "title: Cold\nclassify:\n  - name: cold\n    title: Cold\n    of: newest\n"
                     "    values: [cold]\n    rules:\n      - {id: c.cold, title: Cold, "
                     "value: cold, when: value <= warm, cite: page}\n",
        "cold.examples.yaml": "start: 2020-01-01\nexamples:\n"
                              "  - {name: at, given: {heat: 37.5 @0d}, expect: "
                              "{conclusions: {cold: cold, warmth: raised}}}\n"
                              "  - {name: below, given: {heat: 38 @0d}, expect: "
                              "{conclusions: {cold: null, warmth: raised}}}\n"}.items():
        (site / name).write_text(text, encoding="utf-8")
    bench = Bench(site, 5)
    found = [bench.judge(mutant) for mutant in chosen(site)]
    assert {Path(each.mutant.place.file).name for each in found} == {
        "overrides.yaml", "cold.yaml"}
    assert {(each.mutant.after, each.fate) for each in found
            if each.mutant.before == "hot = 39"} == {("40", "survived"), ("38", "killed")}
    assert {each.fate for each in found if each.mutant.file == "cold.yaml"} == {"killed"}
