"""Does a rulebook that extends another say what the other says, but for what it overrides?"""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from command_line.program import run
from rulebook.broken.corpus import SITE, TINY

from engine.problems import RulebookError
from engine.rulebook.checks.suspicions import suspicions
from engine.rulebook.definitions import Rulebook
from engine.rulebook.loader import load_rulebook, read_rulebook
from engine.rulebook.lock import check_lock, write_lock


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """Return a folder in which the small rulebook stands, and one that extends it."""
    shutil.copytree(TINY, tmp_path / "tiny")
    shutil.copytree(SITE, tmp_path / "site")
    return tmp_path


def other(home: Path, name: str, extends: str, **files: str) -> Path:
    """Write a rulebook that extends another, and return its folder."""
    folder = home / name
    folder.mkdir()
    main = f"extends: {extends}\nid: {name}\nversion: 1.0.0\ntitle: {name}\nintended_use: Tests.\n"
    for stem, text in {"rulebook": main, **files}.items():
        (folder / f"{stem}.yaml").write_text(text, encoding="utf-8")
    return folder


def given(rulebook: Rulebook, *names: str) -> list[str]:
    return [rulebook.parameters[name].given for name in names]


def test_what_is_overridden_and_what_stays(home: Path) -> None:
    base, site = load_rulebook(home / "tiny"), load_rulebook(home / "site")
    assert given(base, "inr_high", "settling", "inr_low") == ["3", "5 days", "2"]
    assert given(site, "inr_high", "settling", "inr_low") == ["3.5", "7 days", "2"]
    assert (site.id, site.extends, site.summary) == ("site", ("tiny 0.1.0",), base.summary)
    topics = {topic.name: topic for topic in site.topics}
    assert topics["inr_class"].values == ("low", "high", "in-range", "not-clear")
    assert topics["inr.overdue"].alert is not None
    assert topics["inr.overdue"].alert.severities == (("high", None),)
    assert site.facts["highest"].about == "the least INR"
    assert {**site.facts, "highest": None}.keys() == {**base.facts, "highest": None}.keys()


def test_every_override_is_kept_with_who_why_and_what_was_before(home: Path) -> None:
    overrides = {each.name: each for each in load_rulebook(home / "site").overrides}
    high, overdue = overrides["inr_high"], overrides["inr.overdue"]
    assert (high.what, high.author, high.reason, high.rulebook) == (
        "parameter", "A. Author", "Another reagent.", "site 0.2.0")
    assert high.changes == (("value", "3", "3.5"),)
    assert (overdue.what, overdue.decided) == ("alert", "2024-06-01")
    assert [key for key, _, _ in overdue.changes] == ["severity", "message"]
    assert overdue.changes[0][1:] == ("[{is: moderate, when: old_enough}, {is: low}]", "high")
    assert overrides["inr.low"].changes == (
        ("when", "{all: [value < inr_low, not changed]}", "value < inr_low"),)
    assert overrides["highest"].changes == (
        ("max", "inr", ""), ("about", "", "the least INR"), ("min", "", "inr"))
    assert high.place.file.endswith("site/overrides.yaml") and high.place.line == 4


def test_the_decision_is_the_source_of_the_new_value(home: Path) -> None:
    site = load_rulebook(home / "site")
    cite = site.parameters["inr_high"].cite
    assert (cite.key, cite.status) == ("site", "site")
    assert cite.title == "a decision of A. Author, not published"
    assert site.parameters["inr_low"].cite.key == "page"


def test_a_source_of_its_own_stays_the_source(home: Path) -> None:
    folder = other(
        home, "own", "tiny",
        citations="protocol: {title: Protocol, source: Ward 3}\n",
        overrides="- {author: A, reason: B, parameters: {inr_high: {value: 4, cite: protocol}}}\n")
    assert load_rulebook(folder).parameters["inr_high"].cite.title == "Protocol"


def test_what_is_added_stands_beside_the_rest(home: Path) -> None:
    folder = other(
        home, "own", "tiny", parameters="fortnight: {value: 14, unit: days, cite: book}\n",
        watch="title: More\nfacts: {bled_lately: {any: bleed, within: fortnight}}\nalert:\n"
              "  - {id: more, title: More, when: [bled_lately, inr_class == high], "
              "severity: low, message: More., cite: book}\n")
    rulebook = load_rulebook(folder)
    assert "more" in {each.name for each in rulebook.topics if each.alert}
    assert [(each.rulebook, each.name) for each in rulebook.chapters] == [
        ("tiny 0.1.0", "inr"), ("tiny 0.1.0", "watch"), ("own 1.0.0", "watch")]


ADDED = """\
- author: C. Author
  reason: Nobody measures at weekends.
  decided: 2024-06-01
  classifications: {inr_class: {values: [extreme, high, low, in-range, not-clear]}}
  adds:
    topics: [weekend]
    rules:
      inr_class:
        - {id: inr.extreme, title: INR far too high, value: extreme, when: value > inr_extreme,
           because: "{last_inr} is above {inr_extreme}", cite: book}
"""
WEEKEND = """\
title: Weekends
facts: {bled_long: {any: bleed, within: fortnight, about: whether there was bleeding}}
alert:
  - {id: more, title: More, when: [bled_long, inr_class == extreme], severity: low,
     message: "More than {last_inr}.", cite: book}
"""
OWN = ("fortnight: {value: 14, unit: days, cite: book}\n"
       "inr_extreme: {value: 8, cite: book, about: the least INR of the extreme ones}\n")


@pytest.fixture
def adding(home: Path) -> Path:
    return other(home, "own", "tiny", parameters=OWN, overrides=ADDED, weekend=WEEKEND)


def test_a_decision_adds_a_topic_and_a_rule(adding: Path) -> None:
    loaded = read_rulebook(adding)
    topics = {each.name: each for each in loaded.rulebook.topics}
    assert [rule.id for rule in topics["inr_class"].rules][-2:] == ["inr.ok", "inr.extreme"]
    assert topics["more"].alert is not None
    assert suspicions(loaded) == []
    assert [(each.what, each.name, each.changes, each.author, each.added)
            for each in loaded.rulebook.overrides if each.what != "classification"] == [
        ("topic", "weekend", (("added", "", "Weekends"),), "C. Author", True),
        ("rule", "inr.extreme", (("added", "", "inr_class"),), "C. Author", True)]
    assert {"rule inr.extreme", "alert more", "fact bled_long"} <= {
        *write_lock(adding, loaded).digests}
    digest = loaded.rulebook.digest
    text = (adding / "overrides.yaml").read_text("utf-8")
    (adding / "overrides.yaml").write_text(text.replace("value > inr_ex", "value >= inr_ex"))
    assert load_rulebook(adding).digest != digest
    (problem,) = check_lock(adding, read_rulebook(adding))
    assert "rule inr.extreme at" in problem.found and "overrides.yaml:9:11" in problem.found


def test_the_examples_of_what_is_added_run(adding: Path) -> None:
    (adding / "weekend.examples.yaml").write_text("""\
start: 2020-01-01
examples:
  - name: bleeding on an extreme INR
    given:
      events:
        - {kind: medication, drug: warfarin, action: start, at: 0d}
        - {kind: inr, value: 9, unit: INR, at: 3d}
        - {kind: bleed, grade: 1, at: 4d}
    expect: {conclusions: {inr_class: {value: extreme, rule: inr.extreme}}, alerts: [more]}
""", encoding="utf-8")
    shown = run("rules", "test", str(adding))
    assert (shown.exit_code, "1 example, none failed" in shown.stdout) == (0, True), shown.stdout
    checked = run("rules", "check", str(adding))
    assert "extends tiny 0.1.0 and overrides inr_class and adds weekend, inr.extreme" in (
        " ".join(checked.stdout.split()))


def test_what_is_overridden_of_a_severity_is_called_so(home: Path) -> None:
    tiny = home / "tiny" / "rulebook.yaml"
    tiny.write_text(tiny.read_text("utf-8") + "severities: {low: {channel: in-basket}}\n", "utf-8")
    folder = other(home, "own", "tiny", overrides="""\
- author: A. Author
  reason: Nobody reads the in-basket.
  severities: {low: {channel: telephone}}
""")
    assert "extends tiny 0.1.0 and overrides severity low" in (
        " ".join(run("rules", "check", str(folder)).stdout.split()))


def test_the_document_says_who_added_what_and_why(adding: Path) -> None:
    text = run("rules", "show", str(adding), "--format", "markdown").stdout
    words = "in own 1.0.0 by C. Author on 2024-06-01. Reason: Nobody measures at weekends."
    assert text.count(f"**Added** {words}") == 2
    assert "| rule [`inr.extreme`](#rule-inr.extreme): added | (nothing) | inr\\_class |" in text
    assert "| topic [`weekend`](#chapter-weekend): added | (nothing) | Weekends |" in text


def test_a_topic_that_no_decision_adds_is_told(adding: Path) -> None:
    (adding / "overrides.yaml").write_text(ADDED.replace("    topics: [weekend]\n", ""), "utf-8")
    assert [f"{each.level} {each.place.line}:{each.place.column} {each.code}: {each.found}"
            for each in suspicions(read_rulebook(adding))] == [
        "warning 1:1 added-by-nobody: the topic 'weekend', which no decision adds"]


@pytest.mark.parametrize(("old", "new", "said"), [
    ("topics: [weekend]", "topics: [wekend]",
     "6:14: overrides-unknown: found 'wekend', expected a topic whose file wekend.yaml stands "
     "beside this one; did you mean 'weekend'?"),
    ("topics: [weekend]", "topics: [weekend, weekend]",
     "6:23: overridden-twice: found 'weekend' a second time, expected it once (first at "),
    ("topics: [weekend]", "topics: weekend", "6:13: wrong-type: found 'weekend', expected a list"),
    ("      inr_class:", "      inr_clas:",
     "8:7: overrides-unknown: found 'inr_clas', expected a classification of the rulebook that is "
     "extended; did you mean 'inr_class'?"),
    ("id: inr.extreme", "id: inr.high",
     "9:16: id-taken: found 'inr.high', expected an id of its own (first at "),
    ("value: extreme,", "value: extrem,",
     "9:61: unknown-value: found 'extrem', expected one of extreme, high, low, in-range, not-clear;"
     " did you mean 'extreme'?"),
    ("when: value > inr_extreme", "when: value > inr_extrem",
     "9:84: unknown-name: found 'inr_extrem', expected a field, fact, parameter or conclusion; did "
     "you mean 'inr_extreme'?"),
    ("title: INR far too high, ", "", "9:11: missing-key: found no 'title', expected 'title'"),
])
def test_mistakes_in_what_is_added(adding: Path, old: str, new: str, said: str) -> None:
    assert ADDED.count(old) == 1
    (adding / "overrides.yaml").write_text(ADDED.replace(old, new), encoding="utf-8")
    with pytest.raises(RulebookError) as refused:
        load_rulebook(adding)
    told = [str(each).removeprefix(f"{adding / 'overrides.yaml'}:")
            for each in refused.value.problems]
    assert any(each.startswith(said) for each in told), told


def test_a_chain_keeps_the_decisions_of_all(home: Path) -> None:
    folder = other(
        home, "ward", "site", overrides="- {author: C, reason: D, parameters: {inr_high: "
        "{value: 4}, week: {value: 8, unit: days}}}\n")
    ward = load_rulebook(folder)
    assert ward.extends == ("site 0.2.0", "tiny 0.1.0")
    assert given(ward, "inr_high", "settling", "week") == ["4", "7 days", "8 days"]
    assert [(each.rulebook, each.changes) for each in ward.overrides
            if each.name == "inr_high"] == [
        ("site 0.2.0", (("value", "3", "3.5"),)), ("ward 1.0.0", (("value", "3.5", "4"),))]
    assert ward.parameters["inr_high"].cite.key == "ward"


def test_the_digest_covers_the_base(home: Path) -> None:
    digests = [load_rulebook(home / "site").digest]
    for file, old, new in (("tiny/inr.yaml", "INR too high", "INR far too high"),
                           ("site/overrides.yaml", "Another reagent.", "Another laboratory.")):
        path = home / file
        path.write_text(path.read_text("utf-8").replace(old, new), encoding="utf-8")
        digests.append(load_rulebook(home / "site").digest)
    assert len(set(digests)) == 3


def test_a_shipped_rulebook_is_found_from_anywhere(home: Path) -> None:
    folder = other(home, "own", "itp-sirolimus")
    assert load_rulebook(folder).extends[0].startswith("itp-sirolimus ")


def test_a_folder_may_have_the_name_of_the_shipped_one_it_extends(home: Path) -> None:
    folder = other(home, "itp-sirolimus", "itp-sirolimus")
    assert load_rulebook(folder).extends[0].startswith("itp-sirolimus ")


def test_another_spelling_of_the_unit_is_converted(home: Path) -> None:
    folder = other(home, "own", "tiny", overrides="- {author: A, reason: B, parameters: "
                   "{level_high: {value: 12, unit: ug/L}}}\n")
    parameter = load_rulebook(folder).parameters["level_high"]
    assert (parameter.given, parameter.amount and parameter.amount.low) == ("12 ug/L", 12)


def test_a_later_value_leaves_the_one_before_with_its_own_source(home: Path) -> None:
    folder = other(home, "own", "tiny", overrides="- {author: A, reason: B, parameters: "
                   "{inr_high: {from: {2024-06-01: 4}}}}\n")
    parameter = load_rulebook(folder).parameters["inr_high"]
    assert (parameter.given, parameter.cite.key) == ("3, from 2024-06-01: 4", "page")
    assert [each.cite.key for each in parameter.dated] == ["own"]
    assert load_rulebook(folder).overrides[0].changes == (("from", "", "2024-06-01: 4"),)


def test_a_new_value_ends_the_dated_ones_of_the_base(home: Path) -> None:
    path = home / "tiny" / "parameters.yaml"
    path.write_text(path.read_text("utf-8").replace(
        "{value: 3,", "{value: 3, from: {2020-01-01: 2.5},"), encoding="utf-8")
    assert load_rulebook(home / "tiny").parameters["inr_high"].dated
    parameter = load_rulebook(home / "site").parameters["inr_high"]
    assert (parameter.given, parameter.dated) == ("3.5", ())


def test_a_setting_goes_before_an_override(home: Path) -> None:
    rulebook = load_rulebook(home / "site", {"inr_high": "4"})
    assert rulebook.parameters["inr_high"].override == "3.5 -> 4"


def test_several_mistakes_of_both_are_told_in_one_run(home: Path) -> None:
    for file, old, new in (("tiny/watch.yaml", "severity: critical", "severity: critcal"),
                           ("site/overrides.yaml", "settling:", "setling:"),
                           ("site/overrides.yaml", "reason: Somebody", "reson: Somebody")):
        path = home / file
        path.write_text(path.read_text("utf-8").replace(old, new), encoding="utf-8")
    with pytest.raises(RulebookError) as refused:
        load_rulebook(home / "site")
    assert sorted(problem.code for problem in refused.value.problems) == [
        "overrides-unknown", "unknown-key", "wrong-value"]
