"""What was known when: answers by what had been received, and by the rulebook in force then."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

from command_line.program import OF_THE_SITE, OURS, RULES

from .stores import ANNA, Desk, run, written

WRONG = {**ANNA[5], "status": "entered-in-error", "recorded": "2014-10-01"}


def test_a_store_is_assessed_as_its_files_are(desk: Desk) -> None:
    desk.ingest(ANNA)
    files = run("assess", "--format", "json", written(ANNA, desk.folder))
    assert desk.assessed() == files.stdout_bytes
    assert desk.assessed("--grouped", "--jobs", "2") == files.stdout_bytes


def test_what_was_answered_before_a_correction_is_answered_again(desk: Desk) -> None:
    desk.on("2016-01-01")
    desk.ingest(ANNA)
    desk.on("2016-02-01")
    before, why = desk.assessed("--as-of", "2016-01-31"), desk.ask(
        "why anna --as-of 2016-01-31").stdout
    assert b'"best_response":"CR"' in before
    desk.ingest([WRONG])
    assert desk.assessed("--as-of", "2016-01-31") == before
    assert desk.ask("why anna --as-of 2016-01-31").stdout == why
    assert b'"best_response":"PR"' in desk.assessed("--as-of", "2016-02-02")
    assert b'"best_response":"PR"' in desk.assessed()


def test_as_of_goes_by_receipt_to_the_microsecond(desk: Desk) -> None:
    for number, line in enumerate(ANNA, 1):
        desk.on(f"2016-01-0{number}T08:00")
        desk.ingest([line])
    base = desk.open()
    for seq, received in base.execute("SELECT seq, received FROM received").fetchall():
        if seq in (2, 5):
            rest = run("assess", "--format", "json", "--as-of", received,
                       written(ANNA[:seq], desk.folder)).stdout_bytes
            assert desk.assessed("--as-of", received) == rest


def test_recorded_after_the_moment_is_not_known_though_it_was_received(desk: Desk) -> None:
    desk.on("2016-01-01T08:00")
    desk.ingest([*ANNA, {**WRONG, "recorded": "2016-01-01T08:05Z"}])
    assert b'"best_response":"CR"' in desk.assessed("--as-of", "2016-01-01T08:01Z")
    assert b'"best_response":"PR"' in desk.assessed("--as-of", "2016-01-01T08:05Z")


def test_before_the_store_was_in_use_there_is_no_answer(desk: Desk) -> None:
    desk.ingest(ANNA)
    done = desk.ask("assess --as-of 2015-01-01")
    assert done.exit_code == 2
    assert done.stderr == (
        "Error: as-of: found '2015-01-01', before this store was in use (since "
        "2016-01-01T00:00:00.000001Z); expected a later moment, for a store answers by what it "
        "had received by then\n")
    assert "Nothing to assess" in desk.ask(
        "assess --as-of 2015-01-01 --rulebook itp-sirolimus").stdout


def test_the_rulebook_in_force_then_answers_though_its_folder_is_gone(desk: Desk) -> None:
    folder = desk.folder / "old"
    shutil.copytree(RULES, folder)
    own = ("--rulebook", str(folder), "--set", "target_low=4")
    desk.on("2016-01-01")
    desk.ingest(ANNA, *own)
    then = desk.assessed("--as-of", "2016-01-02", *own)
    shutil.rmtree(folder)
    desk.on("2016-02-01")
    said = desk.ask("assess").stderr
    assert said.startswith("From now on itp-sirolimus 1.")
    assert "is in force in this store; before it was itp-sirolimus 1." in said
    assert desk.ask("assess").stderr == ""
    assert desk.assessed("--as-of", "2016-01-02") == then
    assert b'"level":"target"' in then
    assert b'"level":"low"' in desk.assessed("--as-of", "2016-02-02")
    assert b'"level":"low"' in desk.assessed("--as-of", "2016-01-02", "--set", "target_low=5")
    assert desk.ask("audit verify").exit_code == 0


def test_a_rulebook_is_kept_with_all_that_it_extends(desk: Desk) -> None:
    home = desk.folder / "rules"
    shutil.copytree(RULES, home / "base")
    shutil.copytree(RULES.parent / "itp-sirolimus-4-12", home / "site")
    shutil.copytree(RULES.parent / "itp-sirolimus-4-12", home / "ward")
    for name, extends in (("site", "base"), ("ward", "site")):
        main = home / name / "rulebook.yaml"
        main.write_text(main.read_text("utf-8").replace(
            "extends: itp-sirolimus", f"extends: {extends}"), "utf-8")
    (home / "ward" / "overrides.yaml").write_text(
        "- {author: A, reason: B, parameters: {target_low: {value: 3, unit: ng/mL}}}\n", "utf-8")
    desk.on("2016-01-01")
    desk.ingest(ANNA, "--rulebook", str(home / "ward"))
    then = desk.assessed("--as-of", "2016-01-02")
    assert json.loads(then)["rulebook"]["extends"] == [OF_THE_SITE, OURS]
    assert [each["changes"][0]["after"] for each in json.loads(then)["rulebook"]["overrides"]] == [
        "4 ng/mL", "12 ng/mL", "3 ng/mL"]
    shutil.rmtree(home)
    desk.on("2016-02-01")
    desk.ask("assess")
    assert desk.assessed("--as-of", "2016-01-02") == then
    assert desk.ask("audit verify").exit_code == 0


def test_to_look_back_puts_nothing_in_force(desk: Desk) -> None:
    desk.ingest(ANNA)
    desk.assessed("--as-of", "2016-01-01", "--set", "target_low=4")
    desk.assessed("--as-of", "2016-01-01", "--rulebook", str(RULES), "--set", "target_low=4")
    assert desk.open().execute("SELECT count(*) FROM uses").fetchone() == (1,)


def test_the_zone_stays_that_of_the_store(desk: Desk) -> None:
    late = [{**ANNA[2], "id": "x", "at": "2014-07-02T23:30Z"}, ANNA[1], ANNA[3]]
    desk.ingest(late, "--timezone", "Europe/Rome")
    [patient] = json.loads(desk.assessed())["patients"]
    assert patient["summary"]["days_to_pr"] == 30
    assert json.loads(desk.assessed("--as-of", "2016-01-02"))["patients"][0][
        "summary"]["days_to_pr"] == 30


def test_one_patient_of_a_store(desk: Desk) -> None:
    desk.ingest([*ANNA, {**ANNA[1], "patient": "bert"}])
    assert [each["patient"] for each in json.loads(
        desk.assessed("--patient", "bert"))["patients"]] == ["bert"]
    assert "No line of patient 'ana' was accepted" in desk.ask("assess --patient ana").stderr
    assert "store:2]" in desk.ask("why anna --what baseline").stdout


def test_a_contradiction_in_a_store_does_not_silence_the_rest(desk: Desk) -> None:
    desk.ingest([*ANNA, {**ANNA[5], "value": "14"}, {**ANNA[1], "patient": "bert"}])
    done = desk.ask("assess --format json")
    assert done.exit_code == 5
    assert len(json.loads(done.stdout)["patients"]) == 2
    assert "store:6 and store:7 contradict each other" in done.stderr


def test_files_or_a_store_but_not_both(desk: Desk) -> None:
    desk.ingest(ANNA)
    done = desk.ask("assess", str(desk.folder / "in.ndjson"))
    assert done.exit_code == 2
    assert "Both EVENTS and --store: give one of them." in done.stderr
    assert "Missing argument 'EVENTS...'. Name files, or a store" in run("assess").stderr


def test_a_changed_folder_is_another_rulebook(desk: Desk, tmp_path: Path) -> None:
    folder = tmp_path / "own"
    shutil.copytree(RULES, folder)
    desk.ingest(ANNA, "--rulebook", str(folder))
    main = folder / "rulebook.yaml"
    main.write_text(main.read_text("utf-8").replace("title:", "title: New", 1), "utf-8")
    desk.ask("assess", "--rulebook", str(folder))
    assert desk.open().execute("SELECT count(DISTINCT digest) FROM rulebooks").fetchone() == (2,)


def test_a_rulebook_of_another_name_stays_in_force_until_one_is_named(
        desk: Desk, tmp_path: Path) -> None:
    site = tmp_path / "site"
    shutil.copytree(RULES, site)
    text = (site / "rulebook.yaml").read_text("utf-8")
    (site / "rulebook.yaml").write_text(text.replace("id: itp-sirolimus", "id: site"), "utf-8")
    assert desk.ingest(ANNA, "--rulebook", str(site)).exit_code == 0
    assert json.loads(desk.assessed())["rulebook"]["id"] == "site"
    assert desk.ingest(ANNA).stderr == ""
    named = desk.ask("assess", "--rulebook", str(RULES))
    assert "before it was site" in named.stderr
    assert json.loads(desk.assessed())["rulebook"]["id"] == "itp-sirolimus"
