"""A definition is used only if every name in it is known; each mistake has its place."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine.cohort.definition import definition_files, definition_named, load_definition
from engine.problems import RulebookError
from engine.request import RequestError
from engine.rulebook.definitions import Rulebook

SOUND = """\
title: A cohort
source: nowhere
outcome: best_response
patients: {best_response: {known: true}}
fields:
  first: {least: [days_to_pr, days_to_cr]}
selections:
  all: {title: All}
  well: {title: Well, all: [all], where: {best_response: CR, alerts: loss.on-taper}}
figures:
  n: {title: Number, count: all, printed: "3"}
  share: {title: Share, share: well, of: all}
  days: {title: Days, median: first, of: all}
  test: {title: P, fisher: well, between: [all, well]}
tables:
  - {title: Table, rows: [all], columns: [well], printed: {all: ["3", null]}}
sections:
  - {title: Figures, figures: [n, share]}
rows:
  title: Rows
  fields: [best_response]
  printed: {a: [CR]}
findings:
  some: {title: Some, some: [well], text: "{well.count} of {n.printed}: {well.patients}, {share}"}
"""
# what is written, what is written instead, and the problem: line, column, what was found
MISTAKES = [
    ("outcome: best_response", "outcome: best_respons", "3:10", "'best_respons'"),
    ("patients: {best", "patients: {bist", "4:12", "'bist_response'"),
    ("least: [days_to_pr", "least: [days_to_pt", "6:19", "'days_to_pt'"),
    ("all: [all], where", "all: [oll], where", "9:29", "'oll'"),
    ("best_response: CR, alerts", "best_response: CX, alerts", "9:58", "'CX'"),
    ("best_response: CR, alerts", "best_response: [CR, CX], alerts", "9:63", "'CX'"),
    ("loss.on-taper", "loss.on-tapper", "9:70", "'loss.on-tapper'"),
    ("count: all", "count: al", "11:29", "'al'"),
    ("share: well, of: all}", "share: well}", "12:3", "no 'of'"),
    ("share: well, of: all}", "share: well, of: al}", "12:42", "'al'"),
    ("share: well, of: all}", "share: well, count: all, of: all}", "12:3",
     "none or several operators"),
    ("median: first", "median: frist", "13:31", "'frist'"),
    ("between: [all, well]", "between: [all]", "14:3", "1 in 'between'"),
    (", between: [all, well]", "", "14:3", "no 'between'"),
    ("between: [all, well]", "between: [all, wel]", "14:49", "'wel'"),
    ("columns: [well]", "columns: [wel]", "16:43", "'wel'"),
    ('all: ["3", null]', 'al: ["3", null]', "16:60", "'al'"),
    ('all: ["3", null]', 'all: ["3"]', "16:60", "1 entry"),
    ("figures: [n, share]", "figures: [m, share]", "18:32", "'m'"),
    ("fields: [best_response]", "fields: [bast_response]", "21:12", "'bast_response'"),
    ("a: [CR]", "a: [CR, PR]", "22:13", "2 entries"),
    ("some: [well]", "some: [swell]", "24:30", "'swell'"),
    ("some: [well]", "differs: [share]", "24:33", "'share'"),
    ("some: [well]", "above: {n: 0.05}", "24:31", "'n'"),
    ("{share}", "{shore}", "24:91", "'shore'"),
    ("{share}", "{share.printed}", "24:91", "'share.printed'"),
    ("patients: {best_response: {known: true}}", "patients: {best_response: {known: yes}}", "4:35",
     "'yes'"),
    ("title: A cohort", "titel: A cohort", "1:1", "'titel'"),
]


def load(text: str, rulebook: Rulebook, folder: Path) -> None:
    path = folder / "cohort.yaml"
    path.write_text(text, encoding="utf-8")
    load_definition(path, rulebook)


def test_a_sound_definition_loads(rulebook: Rulebook, tmp_path: Path) -> None:
    load(SOUND, rulebook, tmp_path)


@pytest.mark.parametrize(("written", "instead", "place", "found"), MISTAKES)
def test_a_mistake_is_reported_where_it_stands(written: str, instead: str, place: str, found: str,
                                               rulebook: Rulebook, tmp_path: Path) -> None:
    assert SOUND.count(written) == 1
    with pytest.raises(RulebookError) as refused:
        load(SOUND.replace(written, instead), rulebook, tmp_path)
    said = {(f"{each.place.line}:{each.place.column}", each.found)
            for each in refused.value.problems}
    assert (place, found) in said, said


def test_several_mistakes_are_reported_at_once(rulebook: Rulebook, tmp_path: Path) -> None:
    broken = SOUND.replace("count: all", "count: al").replace("{shore}", "{share}").replace(
        "figures: [n, share]", "figures: [m]")
    with pytest.raises(RulebookError) as refused:
        load(broken, rulebook, tmp_path)
    assert refused.value.problems[0].advice == "did you mean 'all'?"
    assert len(refused.value.problems) == 2


def test_a_file_that_is_not_there_is_a_problem(rulebook: Rulebook, tmp_path: Path) -> None:
    with pytest.raises(RulebookError, match="no such file"):
        load_definition(tmp_path / "none.yaml", rulebook)


def test_a_file_that_is_no_text_is_a_problem(rulebook: Rulebook, tmp_path: Path) -> None:
    (tmp_path / "cohort.yaml").write_bytes(b"title: A\nsource: Gen\xe8ve\n")
    with pytest.raises(RulebookError, match=r"cohort.yaml:2:12: not-utf-8"):
        load_definition(tmp_path / "cohort.yaml", rulebook)


def test_a_cohort_is_found_by_name(rulebook: Rulebook, tmp_path: Path) -> None:
    folder = tmp_path / "cohorts"
    folder.mkdir()
    (folder / "b.yaml").write_text(SOUND.replace("A cohort", "B"), encoding="utf-8")
    (folder / "a.yaml").write_text(SOUND, encoding="utf-8")
    assert list(definition_files(tmp_path)) == ["a", "b"]
    assert definition_named(tmp_path, rulebook).title == "A cohort"
    assert definition_named(tmp_path, rulebook, "b").title == "B"
    with pytest.raises(RequestError, match="found 'c', expected one of 'a', 'b'"):
        definition_named(tmp_path, rulebook, "c")


def test_a_rulebook_without_a_cohort_says_so(rulebook: Rulebook, tmp_path: Path) -> None:
    with pytest.raises(RequestError, match="found none in"):
        definition_named(tmp_path, rulebook)
