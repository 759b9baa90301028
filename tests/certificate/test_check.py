"""What `audit check` says of a certificate: whole, tampered with, its events changed since."""

from __future__ import annotations

import json
import random
import shutil
from pathlib import Path
from typing import Any

import pytest
from certificate.certificates import at, changed, leaves, sealed
from command_line.program import ANNA, RULES, Line, count, run, written
from store.stores import Desk

WHY = ("--what", "response", "--what", "level.low", "--format", "json")
HIGHER = {**ANNA[5], "value": "100", "status": "corrected", "recorded": "2014-10-01"}
CLUMPED = {**{key: ANNA[5][key] for key in ("id", "patient", "kind", "at")}, "clumped": True,
           "status": "corrected", "recorded": "2014-10-01"}


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Desk:
    return Desk(tmp_path, monkeypatch)


class Certified:
    """A certificate in a folder, made of Anna's lines."""

    def __init__(self, folder: Path, *options: str) -> None:
        self.folder = folder
        self.path = str(folder / "certificate.json")
        done = run("why", "anna", written(ANNA, folder), *WHY, *options)
        assert done.exit_code == 0, done.stderr
        Path(self.path).write_bytes(done.stdout_bytes)
        self.record: dict[str, Any] = json.loads(done.stdout)

    def check(self, lines: list[Line] | None = None, *options: str) -> tuple[int, dict[str, Any]]:
        """Return the exit code and the record of a check, against lines if they are given."""
        events = [written(lines, self.folder, "now.ndjson")] if lines else []
        done = run("audit", "check", self.path, *events, *options, "--format", "json")
        return done.exit_code, json.loads(done.stdout)

    def words(self, *arguments: str) -> str:
        return " ".join(run("audit", "check", self.path, *arguments).stdout.split())

    def forge(self, path: tuple[str | int, ...], value: Any) -> None:
        """Change a value, and seal it again as one who knows how would."""
        Path(self.path).write_text(json.dumps(sealed(changed(self.record, path, value))))


@pytest.fixture
def certified(tmp_path: Path) -> Certified:
    return Certified(tmp_path)


def test_it_carries_what_a_reader_needs(certified: Certified) -> None:
    record = certified.record
    assert record["rulebook"]["settings"] == {}
    assert (record["timezone"], record["at"], record["known_by"]) == ("UTC", None, "2014-09-02")
    assert [each["event"] for each in record["events"]] == ["d", "b", "s", "c1", "l1", "c2"]
    assert {each["event"] for each in record["events"] if each["rests_on"]} >= {"b", "s", "c2"}
    [criterion] = [each for each in record["conclusions"]["response"]["criteria"]
                   if each == "count >= pr_fold * baseline"]
    working = record["conclusions"]["response"]["criteria"][criterion]["working"]
    assert working["parts"][0]["value"] == {"number": "145", "unit": "10*9/L"}
    assert working["parts"][1]["value"] == {"number": "24", "unit": "10*9/L"}
    assert record["parameters"]["pr_fold"]["cite"]["key"] == "miano2018"


def test_it_stands_on_its_own_events_in_any_order(certified: Certified) -> None:
    assert certified.check()[0] == 0
    code, found = certified.check([*reversed(ANNA)])
    assert (code, found["stands"], found["differences"], found["flaws"]) == (0, True, [], [])
    assert {each["state"] for each in found["events"]} == {"found"}
    assert certified.words(str(certified.folder / "now.ndjson")).endswith(
        "The certificate stands.")


def test_a_correction_that_changes_the_conclusion(certified: Certified) -> None:
    code, found = certified.check([*ANNA, CLUMPED])
    assert (code, found["stands"], found["differences"]) == (7, False, [])
    response = found["conclusions"][0]
    assert (response["certified"]["value"], response["by_now"]["value"], response["because"]) == (
        "CR", "PR", ["c2"])
    assert [(each["event"], each["by"]["recorded"]) for each in found["events"]
            if each["state"] == "superseded"] == [("c2", "2014-10-01")]
    words = certified.words(str(certified.folder / "now.ndjson"))
    assert "Does not stand: Response at the newest count" in words
    assert "Of 2014-09-02 it is now said: Response at the newest count, in the letter's words: " \
        "response = PR, since 2014-08-02" in words
    assert "superseded since by" in words
    assert words.endswith("The certificate does not stand.")


def test_a_correction_that_leaves_the_conclusion(certified: Certified) -> None:
    code, found = certified.check([*ANNA, HIGHER])
    assert (code, found["stands"]) == (0, True)
    assert "It holds still, though on changed events: c2." in certified.words(
        str(certified.folder / "now.ndjson"))


def test_what_is_said_today_is_told_beside_it(certified: Certified) -> None:
    code, found = certified.check([*ANNA, count("anna", "c3", "2014-12-01", 20)])
    assert code == 0
    today = found["conclusions"][0]["today"]
    assert (today["as_of"], today["value"], today["because"]) == ("2014-12-01", "NR", ["c3"])


@pytest.mark.parametrize(("lines", "state"), [
    ([*ANNA[:5]], "missing"),
    ([*ANNA[:5], {**ANNA[5], "value": "146"}], "changed"),
    ([*ANNA, {**{key: ANNA[5][key] for key in ("id", "patient", "kind", "at")},
              "status": "entered-in-error", "recorded": "2014-10-01"}], "voided"),
    ([*ANNA, {**ANNA[5], "value": "14"}], "contradicted")])
def test_events_that_are_not_as_they_were(certified: Certified, lines: list[Line],
                                          state: str) -> None:
    code, found = certified.check(lines)
    assert code == 7
    assert [each["event"] for each in found["events"] if each["state"] == state] == ["c2"]
    assert (found["differences"] is None) == (state in ("missing", "changed"))


def test_no_event_at_all(certified: Certified) -> None:
    code, found = certified.check([{**ANNA[0], "patient": "bert"}])
    assert code == 7
    assert {each["state"] for each in found["events"]} == {"missing"}


def test_another_rulebook_is_named(certified: Certified, tmp_path: Path) -> None:
    folder = tmp_path / "own"
    shutil.copytree(RULES, folder)
    text = (folder / "parameters.yaml").read_text("utf-8")
    (folder / "parameters.yaml").write_text(text.replace("value: 100", "value: 150", 1), "utf-8")
    code, found = certified.check(ANNA, "--rulebook", str(folder))
    assert code == 7
    assert found["rulebook"]["same"] is False
    assert found["differences"]
    assert "Rulebook: another." in certified.words(
        str(certified.folder / "now.ndjson"), "--rulebook", str(folder))


def test_settings_are_set_again(tmp_path: Path) -> None:
    certified = Certified(tmp_path, "--set", "target_low=4")
    assert certified.record["rulebook"]["settings"] == {"target_low": "4"}
    assert certified.check(ANNA)[0] == 0


def test_a_store_has_its_own_copy_of_the_rulebook(desk: Desk, tmp_path: Path) -> None:
    folder = tmp_path / "own"
    shutil.copytree(RULES, folder)
    desk.on("2016-01-01")
    desk.ingest(ANNA, "--rulebook", str(folder), "--set", "target_low=4")
    path = tmp_path / "c.json"
    path.write_bytes(desk.ask("why anna --as-of 2016-01-02", *WHY).stdout_bytes)
    shutil.rmtree(folder)
    desk.on("2016-02-01")
    desk.ingest([CLUMPED])
    done = desk.ask("audit check", str(path), "--format", "json")
    found = json.loads(done.stdout)
    assert (done.exit_code, found["rulebook"]["same"], found["differences"]) == (7, True, [])
    assert [each["stands"] for each in found["conclusions"]] == [False, True]


def test_a_value_that_was_changed_is_said_with_its_place(certified: Certified) -> None:
    certified.forge(("conclusions", "response", "criteria", "count >= cr_count", "working",
                     "parts", 0, "value", "number"), "45")
    words = certified.words()
    assert "Not consistent with itself" in words
    assert 'conclusions[response].criteria[count >= cr_count].working.parts[0].value' in words
    assert certified.check(ANNA)[0] == 7
    certified.forge(("explanations", 0, "text"), "Response: all is well")
    assert certified.check()[0] == 0, "words alone only the events can tell"
    code, found = certified.check(ANNA)
    assert code == 7
    assert found["differences"][0]["place"] == "explanations[0].text"


def test_whatever_is_changed_is_found_by_the_events(certified: Certified) -> None:
    chance, events = random.Random(7), written(ANNA, certified.folder, "now.ndjson")
    paths = [path for path in leaves(certified.record)
             if path[0] in ("explanations", "conclusions", "facts", "parameters")
             and not (path[-1] in ("source", "line") or (path[-1] == "text" and "event" in at(
                 certified.record, path[:-1])))]
    for path in chance.sample(paths, 12):
        old = at(certified.record, path)
        new = chance.choice([each for each in (None, True, 5, "x", [], {}) if each != old])
        certified.forge(path, new)
        done = run("audit", "check", certified.path, events)
        assert done.exit_code == 7, path


@pytest.mark.parametrize(("content", "said"), [
    (b"", ":1:1: found text that is not JSON"),
    (b"[1]", "found JSON that is no certificate"),
    (b'{"certificate": 1}', "rulebook: found no 'rulebook', expected 'rulebook'"),
    (b'{"certificate": 1, "certificate": 1}', "found the key 'certificate' twice"),
    (b"\xff", "found bytes that are not UTF-8"),
    (b"[" * 100_000, "found what no program can read")])
def test_a_file_that_is_no_certificate(tmp_path: Path, content: bytes, said: str) -> None:
    path = tmp_path / "c.json"
    path.write_bytes(content)
    done = run("audit", "check", str(path))
    assert (done.exit_code, done.stdout) == (7, "")
    assert said in done.stderr


@pytest.mark.parametrize(("name", "value", "said"), [
    ("as_of", "yesterday", "the certificate's moment: found 'yesterday'"),
    ("timezone", "Mars/Olympus", "the certificate's timezone: found 'Mars/Olympus'")])
def test_times_and_zones_that_are_none(certified: Certified, name: str, value: str,
                                       said: str) -> None:
    certified.forge((name,), value)
    done = run("audit", "check", certified.path)
    assert done.exit_code == 7
    assert said in done.stderr


def test_files_or_a_store_but_not_both(certified: Certified) -> None:
    done = run("audit", "check", certified.path, "x.ndjson", "--store", "S.db")
    assert done.exit_code == 2
    assert run("audit", "check", "nowhere.json").exit_code == 2
