"""Does a rulebook that extends another say what the other says, but for what it overrides?"""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from rulebook.broken.corpus import SITE, TINY

from engine.problems import RulebookError
from engine.rulebook.definitions import Rulebook
from engine.rulebook.loader import load_rulebook


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
