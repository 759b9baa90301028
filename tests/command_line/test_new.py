"""Is what `rules new` writes a rulebook that passes as it is, and is nothing overwritten?"""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from engine.rulebook.loader import load_rulebook

from .program import ROOT, run

SHIPPED = ROOT / "rules" / "itp-sirolimus"
SITE = ROOT / "rules" / "itp-sirolimus-4-12"


def passes(folder: Path) -> int:
    """Check and test a rulebook, and return how many examples it has."""
    checked, tested = run("rules", "check", str(folder)), run("rules", "test", str(folder))
    assert checked.exit_code == 0, checked.stderr
    assert tested.exit_code == 0, tested.output
    assert "No example" not in tested.stdout
    return int(tested.stdout.splitlines()[-1].split()[0])


def contents(folder: Path) -> dict[Path, bytes]:
    return {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_a_new_rulebook_passes_as_a_draft(tmp_path: Path) -> None:
    done = run("rules", "new", "my-rules", "--in", str(tmp_path))
    assert done.exit_code == 0
    folder = tmp_path / "my-rules"
    assert [Path(line).name for line in done.stdout.splitlines()[:-1]] == [
        "rulebook.yaml", "vocabulary.yaml", "readings.yaml", "readings.examples.yaml",
        "parameters.yaml", "citations.yaml"]
    assert passes(folder) == 3
    rulebook = load_rulebook(folder)
    assert (rulebook.version, rulebook.title) == ("0.1.0-draft", "Draft: my-rules")
    assert {cite.key for topic in rulebook.topics for rule in topic.rules
            for cite in rule.cites} == {"draft"}
    assert {each.cite.status for each in rulebook.parameters.values()} == {"project-default"}


def test_the_first_topic_can_be_named(tmp_path: Path) -> None:
    assert run("rules", "new", "a", "--topic", "first", "--in", str(tmp_path)).exit_code == 0
    assert passes(tmp_path / "a") == 3
    assert load_rulebook(tmp_path / "a").summary == {"first": "first"}


def test_topics_are_added_one_after_another(tmp_path: Path) -> None:
    for topic in ("one", "two", "three"):
        done = run("rules", "new", "a", "--topic", topic, "--in", str(tmp_path))
        assert done.exit_code == 0, done.stderr
    assert passes(tmp_path / "a") == 9


def test_a_topic_is_added_to_a_rulebook_and_its_own_examples_still_come_out(
        tmp_path: Path) -> None:
    folder = tmp_path / "own"
    shutil.copytree(SHIPPED, folder)
    before = contents(folder)
    done = run("rules", "new", "own", "--topic", "fresh", "--in", str(tmp_path))
    assert done.exit_code == 0
    after = contents(folder)
    changed = {path.name for path in before if after[path] != before[path]}
    assert changed == {"parameters.yaml", "citations.yaml"}
    assert all(after[path].startswith(before[path]) for path in before)
    assert "fresh: 3 of 3 examples as expected" in run("rules", "test", str(folder)).stdout
    assert run("rules", "test", str(folder)).exit_code == 0


def test_a_topic_is_added_to_a_rulebook_that_extends_another(tmp_path: Path) -> None:
    folder = tmp_path / SITE.name
    shutil.copytree(SITE, folder)
    done = run("rules", "new", SITE.name, "--topic", "fresh", "--in", str(tmp_path))
    assert done.exit_code == 0, done.stderr
    assert passes(folder) == len((SITE / "level.examples.yaml").read_text("utf-8").split(
        "- name:")) - 1 + 3


@pytest.mark.parametrize(("arguments", "words"), [
    (["My Rules"], "name: found 'My Rules', expected lower-case letters, digits and hyphens"),
    (["../up"], "name: found '../up', expected lower-case letters"),
    (["itp-sirolimus"], "name: found 'itp-sirolimus', which is a rulebook that is shipped, "
     "expected another; to change it for a site, write `extends: itp-sirolimus`"),
    (["a", "--topic", "In"], "topic: found 'In', expected lower-case letters, digits and _"),
    (["a", "--topic", "not"], "topic: found 'not', expected lower-case letters"),
    (["a", "--topic", "../x"], "topic: found '../x', expected lower-case letters"),
    (["a", "--topic", "parameters"], "topic: found 'parameters', which has a meaning of its own"),
    (["a", "--topic", "overrides"], "topic: found 'overrides', which has a meaning of its own"),
    (["there"], "name: found '{home}/there', which is a rulebook already, expected a new name; to "
     "add a topic to it, name it with --topic"),
    (["there", "--topic", "readings"], "topic: found '{home}/there/readings.yaml' already, "
     "expected a new name; nothing is overwritten"),
    (["there", "--topic", "readings_window"], "topic: found 'readings_window', but the rulebook "
     "has a 'readings_window' already"),
    (["full"], "name: found '{home}/full', where there are other files, expected a new folder"),
])
def test_what_cannot_be_made_changes_nothing(tmp_path: Path, arguments: list[str],
                                             words: str) -> None:
    run("rules", "new", "there", "--in", str(tmp_path))
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "letter.txt").write_text("Dear", "utf-8")
    before = contents(tmp_path)
    done = run("rules", "new", *arguments, "--in", str(tmp_path))
    assert done.exit_code == 2
    assert words.format(home=tmp_path) in done.stderr
    assert contents(tmp_path) == before


def test_a_file_to_which_nothing_can_be_added_stays_as_it_is(tmp_path: Path) -> None:
    run("rules", "new", "a", "--in", str(tmp_path))
    path = tmp_path / "a" / "parameters.yaml"
    path.write_text("{readings_window: {value: 28, unit: days, cite: draft}}\n", "utf-8")
    before = contents(tmp_path)
    done = run("rules", "new", "a", "--topic", "more", "--in", str(tmp_path))
    assert done.exit_code == 2
    assert "found parameters.yaml in a form to which nothing can be added" in done.stderr
    assert contents(tmp_path) == before


def test_a_rulebook_with_problems_says_so_first(tmp_path: Path) -> None:
    run("rules", "new", "a", "--in", str(tmp_path))
    path = tmp_path / "a" / "readings.yaml"
    path.write_text(path.read_text("utf-8").replace("severity: low", "severity: lo"), "utf-8")
    done = run("rules", "new", "a", "--topic", "more", "--in", str(tmp_path))
    assert done.exit_code == 3
    assert "found 'lo', expected one of 'critical', 'high', 'moderate', 'low'" in done.stderr
    assert not (tmp_path / "a" / "more.yaml").exists()
