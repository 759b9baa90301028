"""What is said where files are missing or unreadable, settings do not fit, or much is wrong."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from rulebook.broken.corpus import Case, cases_of, sentence, write

from engine.assess import Assessor
from engine.problems import RulebookError
from engine.rulebook.loader import load_rulebook

EMPTY = Case("the small rulebook as it is")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    write(tmp_path, EMPTY)
    return tmp_path


def said(folder: Path, settings: Mapping[str, str] | None = None) -> list[str]:
    with pytest.raises(RulebookError) as refused:
        load_rulebook(folder, settings)
    return [sentence(problem, folder) for problem in refused.value.problems]


def test_a_folder_that_is_not_there(folder: Path) -> None:
    (line,) = said(folder / "none")
    assert line == (
        f"{folder}/none:1:1: no-rulebook: found no folder of that name, expected a folder with "
        "rulebook.yaml; name a rulebook's folder")


def test_a_folder_that_is_a_file(folder: Path) -> None:
    (line,) = said(folder / "inr.yaml")
    assert line == (
        f"{folder}/inr.yaml:1:1: no-rulebook: found a file, expected a folder with "
        "rulebook.yaml; name a rulebook's folder")


@pytest.mark.parametrize("name", [
    "rulebook.yaml", "vocabulary.yaml", "citations.yaml", "parameters.yaml"])
def test_a_missing_file_brings_no_other_problem(folder: Path, name: str) -> None:
    (folder / name).unlink()
    assert said(folder) == [f"{name}:1:1: missing-file: found no such file, expected {name}; "
                            "every rulebook has one"]


def test_an_empty_folder(tmp_path: Path) -> None:
    assert said(tmp_path) == [
        f"{tmp_path}:1:1: no-rulebook: found a folder without rulebook.yaml, expected a folder "
        "with rulebook.yaml; name a rulebook's folder"]


@pytest.mark.parametrize(("name", "other"), [
    ("parameters.yaml", "parameter.yaml"), ("vocabulary.yaml", "vocab.yaml"),
    ("rulebook.yaml", "Rulebook.yaml")])
def test_a_file_of_nearly_the_name_of_a_missing_one(folder: Path, name: str, other: str) -> None:
    (folder / name).rename(folder / other)
    assert said(folder) == [f"{name}:1:1: missing-file: found no such file, expected {name}; "
                            f"rename {other!r}"]


def test_a_topic_is_not_taken_for_a_missing_file(folder: Path) -> None:
    (folder / "citations.yaml").unlink()
    (folder / "interactions.yaml").write_text("title: Interactions\n", encoding="utf-8")
    assert said(folder) == ["citations.yaml:1:1: missing-file: found no such file, expected "
                            "citations.yaml; every rulebook has one"]


@pytest.mark.parametrize("name", ["watch.yaml.txt", "watch.txt", "watch"])
def test_a_topic_whose_name_has_another_end(folder: Path, name: str) -> None:
    (folder / "watch.yaml").rename(folder / name)
    assert said(folder)[0] == (f"{name}:1:1: unknown-file: found '{name}', expected files whose "
                               "names end in .yaml; rename it to watch.yaml")


def test_examples_under_the_name_of_a_topic(folder: Path) -> None:
    (folder / "inr_examples.yaml").write_text("start: 2020-01-01\nexamples: []\n", "utf-8")
    assert said(folder) == [
        "inr_examples.yaml:2:1: unknown-file: found examples in a file of rules, expected them in "
        "a file whose name ends in .examples.yaml; rename it to inr.examples.yaml"]


def test_overrides_of_nothing(folder: Path) -> None:
    for name in ("vocabulary.yaml", "parameters.yaml", "citations.yaml", "inr.yaml", "watch.yaml"):
        (folder / name).unlink()
    (folder / "overrides.yaml").write_text("- {author: A, reason: B}\n", encoding="utf-8")
    assert said(folder) == [
        "rulebook.yaml:1:1: missing-key: found no 'extends', beside overrides.yaml, expected "
        "'extends'; name the rulebook that overrides.yaml is about"]


def test_a_file_in_another_encoding(folder: Path) -> None:
    path = folder / "citations.yaml"
    path.write_bytes(path.read_bytes().replace(b"A shelf", "Ein schöner Band".encode("latin-1")))
    assert said(folder) == [
        "citations.yaml:8:18: not-utf-8: found a byte that is no UTF-8 (0xF6), expected text in "
        "UTF-8; save the file as UTF-8"]


def test_a_byte_order_mark_changes_nothing(folder: Path) -> None:
    path = folder / "rulebook.yaml"
    path.write_text("\ufeff" + path.read_text("utf-8"), encoding="utf-8")
    load_rulebook(folder)


def test_a_character_that_is_not_text(folder: Path) -> None:
    path = folder / "citations.yaml"
    path.write_text(path.read_text("utf-8").replace("A shelf", "A\x07shelf"), encoding="utf-8")
    assert said(folder) == ["citations.yaml:8:12: yaml-syntax: found a character that is not text "
                            "(U+0007), expected YAML; remove it"]


def test_a_file_that_would_be_passed_over_in_silence(folder: Path) -> None:
    (folder / "more.yml").write_text("title: More\n", encoding="utf-8")
    assert said(folder) == ["more.yml:1:1: unknown-file: found 'more.yml', expected files whose "
                            "names end in .yaml; rename it to more.yaml"]


@pytest.mark.parametrize("name", ["inr copy.yaml", "inr (1).examples.yaml"])
def test_a_file_that_can_be_no_topic_by_its_name(folder: Path, name: str) -> None:
    shutil.copy(folder / "inr.yaml", folder / name)
    assert said(folder) == [
        f"{name}:1:1: unknown-file: found '{name}', expected a name of letters, digits, _ and -, "
        "then .yaml or .examples.yaml; rename it, or remove it where it is a copy"]


@pytest.mark.parametrize("name", ["inr.example.yaml", "inr.tests.yaml"])
def test_examples_by_another_name(folder: Path, name: str) -> None:
    shutil.copy(folder / "inr.yaml", folder / name)
    assert said(folder) == [
        f"{name}:1:1: unknown-file: found '{name}', expected a name of letters, digits, _ and -, "
        "then .yaml or .examples.yaml; rename it to inr.examples.yaml"]


def test_a_topic_that_would_not_be_read_where_it_stands(folder: Path) -> None:
    (folder / "more").mkdir()
    shutil.copy(folder / "inr.yaml", folder / "more" / "inr.yaml")
    assert said(folder) == [
        "more/inr.yaml:1:1: unknown-file: found 'more/inr.yaml', expected topics in the folder of "
        "the rulebook itself; move it there: what stands in a folder of it is not read"]


def test_a_file_of_nearly_the_right_name_is_one_mistake(folder: Path) -> None:
    (folder / "parameters.yaml").rename(folder / "paramters.yaml")
    assert said(folder) == ["parameters.yaml:1:1: missing-file: found no such file, expected "
                            "parameters.yaml; rename 'paramters.yaml'"]


def test_a_folder_named_like_a_file(folder: Path) -> None:
    (folder / "more.yaml").mkdir()
    assert said(folder) == ["more.yaml:1:1: unreadable-file: found Is a directory, expected a "
                            "file that can be read"]


@pytest.mark.parametrize(("setting", "sentence"), [
    ("overdu=3", "unknown-parameter: found 'overdu', expected a parameter; "
                 "did you mean 'overdue'?"),
    ("overdue=soon", "bad-setting: found overdue=soon, expected a number; "
                     "write 30, 2.5 or 25/18"),
    ("overdue=", "bad-setting: found overdue=, expected a number; write 30, 2.5 or 25/18"),
    ("overdue=3 mg", "bad-setting: found overdue=3 mg, expected a number in d; "
                     "write overdue=28 days"),
    ("overdue=3 moons", "bad-setting: found overdue=3 moons, expected a number in d; "
                        "write overdue=28 days"),
    ("overdue=3.5", "bad-setting: found overdue=3.5, expected a whole number of days, 0 or more; "
                    "write overdue=28 days"),
    ("overdue=-3", "bad-setting: found overdue=-3, expected a whole number of days, 0 or more; "
                   "write overdue=28 days"),
    ("overdue=1/0", "bad-setting: found overdue=1/0, expected a number; write 30, 2.5 or 25/18"),
    ("overdue=1e9", "bad-setting: found overdue=1e9, expected a number; write the number out, "
     "without an exponent"),
    ("overdue=999999", "bad-setting: found overdue=999999, expected a number of days that is at "
                       "most a century; write overdue=28 days"),
    ("overdue=1 to 3", "bad-setting: found overdue=1 to 3, expected one number; "
                       "write overdue=28 days"),
    ("grown_up=3 days", "bad-setting: found grown_up=3 days, expected one of 'months', 'years' as "
                        "the unit; write grown_up=18 years"),
    ("grown_up=2.5 years", "bad-setting: found grown_up=2.5 years, expected a whole number of "
                           "calendar months or years, 0 or more; write grown_up=18 years"),
    ("dose_range=5", "bad-setting: found dose_range=5, expected two numbers, as in: 1 to 2; "
                     "write dose_range=1 to 10 mg/d"),
    ("dose_range=5 to 2", "bad-setting: found dose_range=5 to 2, expected the lower number first; "
                          "write dose_range=1 to 10 mg/d"),
    ("washout=5", "bad-setting: found washout=5, expected a parameter with one value; "
                  "set a table in parameters.yaml"),
])
def test_settings_that_do_not_fit(folder: Path, setting: str, sentence: str) -> None:
    name, _, value = setting.partition("=")
    assert said(folder, {name: value}) == [f"--set:1:1: {sentence}"]


def test_what_a_setting_does(folder: Path) -> None:
    read = load_rulebook(folder, {
        "overdue": "3", "level_high": "20 ug/L", "grown_up": "30 months",
        "dose_range": "2 to 4000 mcg/d", "ratio": "1/3"}).parameters
    assert [read[name].given for name in ("overdue", "level_high", "grown_up", "ratio")] == [
        "3 d", "20 ug/L", "30 months", "1/3"]
    assert read["overdue"].override == "28 days -> 3"
    assert read["grown_up"].months == 30
    assert str(read["level_high"].amount.low) == "20"
    assert (str(read["dose_range"].amount.low), str(read["dose_range"].amount.high)) == (
        "1/500", "4")


def test_several_settings_and_a_broken_parameter(folder: Path) -> None:
    path = folder / "parameters.yaml"
    path.write_text(path.read_text("utf-8").replace("value: 7,", "value: seven,"),
                    encoding="utf-8")
    assert said(folder, {"overdue": "soon", "week": "3", "nothing": "1"}) == [
        "--set:1:1: bad-setting: found overdue=soon, expected a number; write 30, 2.5 or 25/18",
        "--set:1:3: unknown-parameter: found 'nothing', expected a parameter",
        "parameters.yaml:8:21: not-a-number: found 'seven', expected a number; "
        "write 30, 2.5 or 25/18"]


def test_many_mistakes_in_many_files_are_told_once_each(tmp_path: Path) -> None:
    (case,) = cases_of("""
# much is wrong
rulebook.yaml
- days_on: days_on}
+ days_on: days_off}
citations.yaml
-   source: A shelf
+   shelf: A shelf
parameters.yaml
- week:       {value: 7, unit: days,
+ week:       {value: seven, unit: days,
inr.yaml
-     where: drug == warfarin
-     rejoin: course_gap
+     where: drug == warfarn
+     rejoin: course_gap
-     latest: good_inr
+     latest: good_inrs
-     fallback: not-clear
+     falback: not-clear
watch.yaml
- last_bleed: {latest: bleed}
+ last_bleed: {latest: bleed, first: bleed}
-     severity: critical
+     severity: critcal
""".strip("\n"))
    write(tmp_path, case)
    assert said(tmp_path) == [
        "citations.yaml:7:3: missing-key: found no 'source', expected 'source'; add it",
        "citations.yaml:8:3: unknown-key: found 'shelf', expected one of 'passages', 'source', "
        "'status', 'title', 'year'; remove it, or mend its indentation",
        "inr.yaml:6:20: unknown-value: found 'warfarn', expected one of fluconazole, rifampicin, "
        "warfarin; did you mean 'warfarin'?",
        "inr.yaml:19:13: unknown-name: found 'good_inrs', expected a kind of event, a series, a "
        "conclusion or the steps of a course; did you mean 'good_inr'?",
        "inr.yaml:59:5: unknown-key: found 'falback', expected one of 'caveats', 'fallback', "
        "'given', 'internal', 'name', 'needs', 'of', 'policy', 'rules', 'title', 'values'; "
        "did you mean 'fallback'?",
        "parameters.yaml:8:21: not-a-number: found 'seven', expected a number; "
        "write 30, 2.5 or 25/18",
        "rulebook.yaml:5:42: unknown-name: found 'days_off', expected a fact or a conclusion; "
        "did you mean 'days_on'?",
        "watch.yaml:5:15: one-operator: found latest and first, expected exactly one operator; "
        "operators are series, latest, first, any, count, min, max, course, courses, sustained, "
        "is, case, like",
        "watch.yaml:19:15: wrong-value: found 'critcal', expected one of 'critical', 'high', "
        "'moderate', 'low'; did you mean 'critical'?"]


def test_a_broken_vocabulary_hides_no_mistake_of_shape(tmp_path: Path) -> None:
    (case,) = cases_of("""
# the vocabulary, and shapes
vocabulary.yaml
-     main: grade
+     main: grad
watch.yaml
-     severity: critical
+     severity: critcal
inr.yaml
-     within: settling
+     witin: settling
-         when: value > inr_high
+         when: value > inr_hihg
""".strip("\n"))
    write(tmp_path, case)
    assert [line.split(": found")[0] for line in said(tmp_path)] == [
        "inr.yaml:27:5: unknown-key", "vocabulary.yaml:46:11: unknown-name",
        "watch.yaml:19:15: wrong-value"]


def test_a_file_that_is_not_yaml_hides_only_names(tmp_path: Path) -> None:
    (case,) = cases_of("""
# one file cannot be read, another has a mistake of its own
parameters.yaml
- {value: 25/18, cite: book}
+ {value: 25/18, cite: book
inr.yaml
-     where: direction != stop
+     where: direction != stopp
""".strip("\n"))
    write(tmp_path, case)
    assert [line.split(": found")[0] for line in said(tmp_path)] == [
        "inr.yaml:25:25: unknown-value", "parameters.yaml:11:13: yaml-syntax"]


def test_a_topic_that_no_network_could_hold(folder: Path) -> None:
    lines = "".join(f"          - days_since(death) > overdue and inr_class == high or bled\n"
                    f"          - all: [days_since(last_inr) > p{n}]\n" for n in range(500))
    path = folder / "watch.yaml"
    path.write_text(path.read_text("utf-8").replace(
        "    when:\n      - inr_class == high\n      - bled\n",
        f"    when:\n      any:\n{lines}"), encoding="utf-8")
    parameters = folder / "parameters.yaml"
    parameters.write_text(parameters.read_text("utf-8") + "".join(
        f"p{n}: {{value: {n}, unit: days, cite: book}}\n" for n in range(500)), encoding="utf-8")
    rulebook = load_rulebook(folder)
    with pytest.raises(RulebookError) as refused:
        Assessor(rulebook, ZoneInfo("UTC"))
    (problem,) = refused.value.problems
    assert sentence(problem, folder) == (
        "watch.yaml:14:5: topic-too-large: found 505 distinct literals and groups, expected at "
        "most 480; split it into several topics")
    assert problem.quoted == "  - id: inr.bleeding"
