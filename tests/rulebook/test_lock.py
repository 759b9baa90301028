"""Does the lock notice every change of meaning without a raised version, and nothing else?"""

from __future__ import annotations

import random
import re
from pathlib import Path

import pytest
from rulebook.broken.corpus import Case, write

from engine.checking import check_rulebook
from engine.problems import RulebookError
from engine.rulebook.loader import load_rulebook, read_rulebook
from engine.rulebook.lock import LOCK, check_lock, versions, write_lock


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    write(tmp_path, Case("the small rulebook as it is"))
    write_lock(tmp_path, read_rulebook(tmp_path))
    return tmp_path


def change(folder: Path, file: str, old: str, new: str) -> None:
    path = folder / file
    text = path.read_text("utf-8")
    assert text.count(old) == 1
    path.write_text(text.replace(old, new), encoding="utf-8")


def said(folder: Path) -> list[str]:
    return [str(problem).splitlines()[0].replace(f"{folder}/", "")
            for problem in check_lock(folder, read_rulebook(folder))]


def test_nothing_is_said_without_a_lock(folder: Path) -> None:
    (folder / LOCK).unlink()
    change(folder, "parameters.yaml", "inr_high:   {value: 3,", "inr_high:   {value: 3.5,")
    assert said(folder) == []


@pytest.mark.parametrize(("file", "old", "new"), [
    ("parameters.yaml", "inr_high:   {value: 3,", "inr_high: {value:   3,   # the bound\n   "),
    ("parameters.yaml", 'cite: page "target", about: the highest INR in range}',
     'about: the highest INR in range, cite: page "target"}'),
    ("inr.yaml", "when: value > inr_high", "when: value>inr_high"),
    ("inr.yaml", "when: value > inr_high", "when: [value > inr_high]"),
    ("inr.yaml", "when: value > inr_high", "when: {all: ['value  >  inr_high']}"),
    ("watch.yaml", "severity: critical", 'severity: "critical"'),
])
def test_layout_is_no_change(folder: Path, file: str, old: str, new: str) -> None:
    change(folder, file, old, new)
    assert said(folder) == []


@pytest.mark.parametrize(("file", "old", "new", "what"), [
    ("parameters.yaml", "inr_high:   {value: 3,", "inr_high:   {value: 3.5,",
     "parameter inr_high at parameters.yaml:2:1"),
    ("inr.yaml", "when: value > inr_high", "when: value >= inr_high",
     "rule inr.high at inr.yaml:62:9"),
    ("inr.yaml", "given: warfarin.begun", "given: warfarin.running", "classification inr_class"),
    ("inr.yaml", "rejoin: course_gap\n    amounts", "rejoin: week\n    amounts",
     "fact warfarin at inr.yaml:3:3"),
    ("watch.yaml", "repeat it.", "measure it.", "alert inr.overdue"),
    ("vocabulary.yaml", "mcg/d: 1/1000", "mcg/d: 1/100", "unit mg/d"),
    ("vocabulary.yaml", "plausible: [0.5, 20]", "plausible: [0.5, 30]", "kind inr"),
    ("vocabulary.yaml", "azoles: [fluconazole]", "azoles: [fluconazole, rifampicin]", "set azoles"),
    ("rulebook.yaml", "alerts_while: alive", "alerts_while: not known(death)",
     "rulebook alerts_while"),
    ("citations.yaml", "A shelf", "A drawer", "source book"),
])
def test_a_change_is_named_with_its_place(folder: Path, file: str, old: str, new: str,
                                          what: str) -> None:
    change(folder, file, old, new)
    (line,) = said(folder)
    assert line.startswith("rulebook.yaml:2:10: version-not-raised: found version 0.1.0, "
                           f"unchanged, while changed since it was fixed: {what}")
    assert line.endswith("expected a version above 0.1.0; raise the version, then fix it with "
                         "rules check --lock")


def test_what_is_new_or_gone_is_a_change_and_many_are_one_problem(folder: Path) -> None:
    change(folder, "vocabulary.yaml", "  interacting: ", "  others: ")
    path = folder / "parameters.yaml"
    path.write_text(re.sub("about: the", "about: a", path.read_text("utf-8")), encoding="utf-8")
    (line,) = said(folder)
    assert "set interacting" not in line  # five are named, the others counted
    assert " and 3 more, expected" in line


def test_a_raised_version_asks_for_a_new_lock(folder: Path) -> None:
    change(folder, "parameters.yaml", "inr_high:   {value: 3,", "inr_high:   {value: 3.5,")
    assert check_rulebook(lambda: folder, lock=True).lock is None, "no lock over a silent change"
    change(folder, "rulebook.yaml", "version: 0.1.0", "version: 0.10.0")
    assert said(folder) == [
        "rulebook.yaml:2:10: warning: lock-outdated: found version 0.10.0, while rulebook.lock "
        "holds 0.1.0, expected the lock of this version; when the version is finished, fix it with "
        "rules check --lock"]
    checked = check_rulebook(lambda: folder, lock=True)
    assert checked.lock is not None and checked.problems == ()
    assert said(folder) == []
    change(folder, "rulebook.yaml", "version: 0.10.0", "version: 0.9.0")
    assert ["version-lowered" in line for line in said(folder)] == [True]


def test_a_lock_is_written_only_over_a_rulebook_without_errors(folder: Path) -> None:
    (folder / LOCK).unlink()
    change(folder, "parameters.yaml", "inr_high:   {value: 3,", "inr_high:   {value: 30,")
    assert check_rulebook(lambda: folder, lock=True).lock is None
    assert not (folder / LOCK).exists()


def test_each_part_keeps_the_version_in_which_it_last_changed(folder: Path) -> None:
    def since() -> dict[str, str]:
        return versions(folder, read_rulebook(folder))

    assert set(since().values()) == {"0.1.0"}
    change(folder, "inr.yaml", "when: value > inr_high", "when: value >= inr_high")
    assert since()["rule inr.low"] == "0.1.0" and "rule inr.high" not in since(), "not yet raised"
    change(folder, "rulebook.yaml", "version: 0.1.0", "version: 0.10.0")
    assert since()["rule inr.high"] == "0.10.0", "as --lock will fix it"
    assert check_rulebook(lambda: folder, lock=True).lock is not None
    assert {name for name, version in since().items() if version != "0.1.0"} == {"rule inr.high"}
    change(folder, "rulebook.yaml", "version: 0.10.0", "version: 0.11.0")
    change(folder, "parameters.yaml", "inr_low:    {value: 2,", "inr_low:    {value: 2.1,")
    assert check_rulebook(lambda: folder, lock=True).lock is not None
    assert {name: version for name, version in since().items() if version != "0.1.0"} == {
        "rule inr.high": "0.10.0", "parameter inr_low": "0.11.0"}


def test_a_lock_of_before_says_its_own_version_of_each_part(folder: Path) -> None:
    path = folder / LOCK
    text = path.read_text("utf-8").replace("parts:", "digests:")
    path.write_text(re.sub(r"\{digest: (.*), since: .*\}", r"\1", text), encoding="utf-8")
    assert "since:" not in path.read_text("utf-8").split("digests:")[1]
    assert said(folder) == []
    assert set(versions(folder, read_rulebook(folder)).values()) == {"0.1.0"}


@pytest.mark.parametrize("text", ["", "<<<<<<< ours\n", "version: 0.1.0\n", "parts: {}\n", "[]",
                                  "version: [1]\nparts: {a: [1]}\n", "\x00",
                                  "version: 0.1.0\nparts: {a: {since: [1]}}\n"])
def test_a_damaged_lock_is_a_problem_at_its_place(folder: Path, text: str) -> None:
    (folder / LOCK).write_text(text, encoding="utf-8")
    assert [line.split(": ")[1] for line in said(folder)] in (
        ["lock-unreadable"], ["yaml-syntax"], ["version-not-raised"], ["warning"])


def test_a_word_changed_anywhere_is_noticed(folder: Path) -> None:
    """Take random words out of values: whatever still loads differently is told."""
    rng, digest, tried = random.Random(7), load_rulebook(folder).digest, 0
    while tried < 40:
        path = rng.choice(sorted(folder.glob("*.yaml")))
        text = path.read_text("utf-8")
        found = rng.choice(list(re.finditer(r"(?<=[ \[])[a-z]{3,}(?=[ ,.\]}])", text)))
        path.write_text(text[:found.start()] + text[found.end():], encoding="utf-8")
        try:
            changed = load_rulebook(folder).digest != digest
        except RulebookError:
            changed = False
        if changed:
            tried += 1
            assert said(folder), (path.name, found)
        path.write_text(text, encoding="utf-8")
