"""What `assess` prints for good input: three formats, one answer, in whatever way it is read."""

from __future__ import annotations

import gzip
import json
import random
from pathlib import Path

import pytest

from .program import ANNA, BAD, ROOT, ZOE, ZOES_NAME, assessed, count, real, run, summaries, written

MIMIC = ROOT.parent / "shared" / "data" / "mimic3demo" / "labs.ndjson"


def test_json_is_the_object_of_the_contract(tmp_path: Path) -> None:
    whole = assessed(written(ANNA + ZOE, tmp_path))
    assert list(whole) == ["contract", "rulebook", "as_of", "patients", "refused"]
    assert whole["contract"] == 1
    assert whole["as_of"] is None
    assert whole["refused"] == []
    assert [each["patient"] for each in whole["patients"]] == ["anna", ZOES_NAME]
    assert list(whole["patients"][0])[:6] == [
        "patient", "as_of", "summary", "conclusions", "alerts", "undecided"]
    assert whole["patients"][0]["as_of"] == "2014-09-02"
    assert whole["patients"][0]["summary"]["best_response"] == "CR"


def test_json_has_one_patient_a_line_and_plain_utf_8(tmp_path: Path) -> None:
    out = run("assess", "--format", "json", written(ANNA + ZOE, tmp_path)).stdout_bytes
    lines = [line for line in out.splitlines() if line.startswith(b'  {"patient"')]
    assert len(lines) == 2
    assert ZOES_NAME.encode() in out


def test_ndjson_has_the_same_patients(tmp_path: Path) -> None:
    path = written(ANNA + ZOE, tmp_path)
    lines = run("assess", "--format", "ndjson", path).stdout.splitlines()
    assert [json.loads(line) for line in lines] == assessed(path)["patients"]


@pytest.mark.parametrize("width", ["100", "140"])
def test_the_table_has_a_row_a_patient_and_the_rulebook_below(tmp_path: Path, width: str) -> None:
    done = real("assess", written(ANNA + ZOE, tmp_path), COLUMNS=width, PYTHONIOENCODING="utf-8")
    out = done.stdout.decode()
    assert done.returncode == 0
    assert "best" in out
    assert "CR" in next(line for line in out.splitlines() if line.startswith("anna"))
    assert "level.low" in out
    assert "(low)" in out
    assert "2 patients, each as of its own newest record (2014-09-02 to 2015-02-02)." in out
    assert "Rulebook itp-sirolimus " in out
    assert max(len(line) for line in out.splitlines()) <= int(width)


def test_the_table_says_which_columns_had_no_room(tmp_path: Path) -> None:
    out = real("assess", written(ANNA, tmp_path), COLUMNS="70").stdout.decode()
    assert "Not shown for want of width: " in out


def test_numbers_in_names_are_sorted_as_numbers_in_the_table(tmp_path: Path) -> None:
    lines = [count(name, "b", "2015-01-01", 20) for name in ("p10", "p9", "p1")]
    out = run("assess", written(lines, tmp_path)).stdout.splitlines()
    assert [line.split()[0] for line in out if line.startswith("p") and "patient" not in line] == [
        "p1", "p9", "p10"]


def test_nothing_to_assess_is_a_sentence(tmp_path: Path) -> None:
    assert "Nothing to assess: no event was given." in run(
        "assess", written([], tmp_path)).stdout
    early = run("assess", "--as-of", "2000-01-01", written(ANNA, tmp_path))
    assert "Nothing to assess: nothing was known by 2000-01-01." in early.stdout
    assert early.exit_code == 0


def test_as_of_a_date_counts_to_its_end_and_equals_the_lines_known_by_then(tmp_path: Path) -> None:
    path = written(ANNA + ZOE, tmp_path)
    then = assessed("--as-of", "2014-08-02", path)
    assert then["as_of"] == "2014-08-02"
    assert [each["patient"] for each in then["patients"]] == ["anna"]
    assert then["patients"][0]["summary"]["current_response"] == "PR"
    known = written(ANNA[:-1], tmp_path, "known.ndjson")
    assert assessed("--as-of", "2014-08-02", known) == then


def test_a_setting_changes_an_assessment_and_the_digest(tmp_path: Path) -> None:
    path = written(ANNA, tmp_path)
    before, after = assessed(path), assessed("--set", "target_low=4", path)
    assert before["patients"][0]["summary"]["level"] == "low"
    assert after["patients"][0]["summary"]["level"] == "target"
    assert before["rulebook"]["digest"] != after["rulebook"]["digest"]


def test_a_time_zone_decides_which_day_it_is(tmp_path: Path) -> None:
    late = [{**ANNA[2], "id": "x", "at": "2014-07-02T23:30Z"}, ANNA[1], ANNA[3]]
    path = written(late, tmp_path)
    assert summaries(path)["anna"]["days_to_pr"] == 31
    assert summaries("--timezone", "Europe/Rome", path)["anna"]["days_to_pr"] == 30


def test_one_patient_of_several(tmp_path: Path) -> None:
    path = written(ANNA + ZOE, tmp_path)
    assert list(summaries("--patient", "anna", path)) == ["anna"]
    missing = run("assess", "--patient", "ana", path)
    assert missing.stderr == "No line of patient 'ana' was accepted: check the name.\n"


def test_standard_input_and_gzip_give_the_same_bytes(tmp_path: Path) -> None:
    path = written(ANNA + ZOE, tmp_path)
    plain = Path(path).read_bytes()
    wanted = real("assess", "--format", "json", path).stdout
    assert wanted
    assert real("assess", "--format", "json", "-", given=plain).stdout == wanted
    assert real("assess", "--format", "json", "-", given=gzip.compress(plain)).stdout == wanted
    packed = tmp_path / "events.ndjson.gz"
    packed.write_bytes(gzip.compress(plain))
    assert real("assess", "--format", "json", str(packed)).stdout == wanted


@pytest.mark.parametrize("form", ["json", "ndjson"])
def test_grouped_lines_and_several_processes_give_the_same_bytes(
        tmp_path: Path, form: str) -> None:
    many = [{**line, "patient": f"p{number:02}"} for number in range(40) for line in ANNA]
    path = written(many, tmp_path)
    wanted = real("assess", "--format", form, path).stdout
    assert wanted.count(b"2014-09-02") >= 40
    for options in (["--grouped"], ["--jobs", "2"], ["--grouped", "--jobs", "2"],
                    ["--network", "reference"], ["--no-kept-answers"]):
        assert real("assess", "--format", form, *options, path).stdout == wanted, options


def test_several_processes_keep_the_order_and_the_refusals(tmp_path: Path) -> None:
    many = [{**line, "patient": f"p{number:03}"} for number in range(120) for line in ANNA[:2]]
    path = written([*many, *BAD], tmp_path)
    one, two = (run("assess", "--format", "json", "--on-error", "skip", "--jobs", jobs, path)
                for jobs in ("1", "2"))
    assert one.stdout_bytes == two.stdout_bytes
    assert (one.exit_code, one.stderr) == (two.exit_code, two.stderr)


def test_lines_in_any_order_and_any_file_give_the_same_bytes(tmp_path: Path) -> None:
    lines = ANNA + ZOE
    wanted = run("assess", "--format", "json", written(lines, tmp_path)).stdout_bytes
    mixed = random.Random(7).sample(lines, len(lines))
    paths = [written(mixed[:4], tmp_path, "a.ndjson"), written(mixed[4:], tmp_path, "b.ndjson")]
    assert run("assess", "--format", "json", *paths).stdout_bytes == wanted


@pytest.mark.skipif(not MIMIC.exists(), reason="the shared data are not here")
def test_real_laboratory_data_run_without_refusal_in_any_order(tmp_path: Path) -> None:
    lines = MIMIC.read_bytes().splitlines(keepends=True)
    outputs = set()
    for seed in (1, 2):
        mixed = tmp_path / f"{seed}.ndjson"
        mixed.write_bytes(b"".join(random.Random(seed).sample(lines, len(lines))))
        result = run("assess", "--format", "json", str(mixed))
        assert result.exit_code == 0, result.stderr
        assert json.loads(result.stdout)["refused"] == []
        outputs.add(result.stdout_bytes)
    assert len(outputs) == 1


def test_a_range_is_shown_with_both_its_ends(tmp_path: Path) -> None:
    folder = tmp_path / "lab"
    assert run("rules", "new", "lab", "--in", str(tmp_path)).exit_code == 0
    for file, old, new in (
            ("readings.yaml", "facts:\n", "facts:\n  begun: {about: the first, first: reading}\n"
             '  hours_between: {about: the hours, is: "hours(begun, readings_newest)"}\n'),
            ("rulebook.yaml", "summary:\n", "summary:\n  between: hours_between\n")):
        path = folder / file
        path.write_text(path.read_text("utf-8").replace(old, new, 1), "utf-8")
    lines = [{"id": str(number), "patient": "p", "kind": "reading", "at": at, "value": 1,
              "unit": "mg/L"} for number, at in enumerate(("2020-01-01", "2020-01-02T20:00Z"))]
    events = written(lines, tmp_path)
    as_json = run("assess", events, "--rulebook", str(folder), "--format", "json")
    assert json.loads(as_json.stdout)["patients"][0]["summary"]["between"] == {
        "value": 44, "comparator": "<=", "least": 20}
    assert "20 to 44" in run("assess", events, "--rulebook", str(folder)).stdout
