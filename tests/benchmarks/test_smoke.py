"""Every benchmark runs on a little input, and all contestants who are here agree about it.

What is fast is no matter here; that everybody does the same work is.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
BENCHMARKS = ROOT / "benchmarks"
PATIENTS = 6
MISSING = 77

EVERY_RULE = {
    "level.high", "level.low", "level.target", "recurrence.bleeding", "recurrence.count",
    "rescue.eligible", "response.cr", "response.nr", "response.pr"}

JUDGES = (
    ("plain.py",), ("ours.py", "letter"), ("durable_usual.py",), ("durable_by_patient.py",),
    ("clips_by_event.py",), ("zen_by_event.py",), ("drools_by_patient.py",))


def ran(script: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, str(BENCHMARKS / script), *arguments], cwd=ROOT,
                          capture_output=True, text=True, check=False, timeout=120)


def made(*arguments: str) -> list[str]:
    done = ran("patients.py", *arguments)
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines()


@pytest.fixture(scope="session")
def stream(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Few patients, chosen so that every rule fires; one has no count before sirolimus."""
    file = tmp_path_factory.mktemp("benchmarks") / "patients.ndjson"
    lines = made("--patients", str(PATIENTS))
    last = [each for each in map(json.loads, lines) if each["patient"] == f"p{PATIENTS - 1:06}"]
    start = next(place for place, each in enumerate(last)
                 if each.get("drug") == "sirolimus" and each.get("action") == "start")
    without = [{**each, "patient": "without"} for place, each in enumerate(last)
               if place >= start or each["kind"] != "platelet_count"]
    file.write_text("\n".join([*lines, *map(json.dumps, without)]) + "\n", encoding="utf-8")
    return file


@pytest.fixture(scope="session")
def reference(stream: Path) -> dict[str, object]:
    return report("plain.py", "--json", stream=stream)


def report(script: str, *arguments: str, stream: Path) -> dict[str, object]:
    done = ran(f"contestants/{script}", *arguments, str(stream), "--digest")
    if done.returncode == MISSING:
        assert done.stderr.strip().endswith("is not installed")
        pytest.skip(done.stderr.strip())
    assert done.returncode == 0, done.stderr
    found: dict[str, object] = json.loads(done.stdout)
    return found


def test_a_stream_depends_on_its_seed_alone() -> None:
    few, more = made("--patients", "2"), made("--patients", "3")
    assert more[:len(few)] == few
    assert made("--patients", "2", "--seed", "2") != few
    shuffled = made("--patients", "3", "--shuffled")
    assert shuffled != more
    assert Counter(shuffled) == Counter(more)


def test_no_two_events_of_a_patient_begin_together_or_share_an_id() -> None:
    events = [json.loads(line) for line in made("--patients", "5", "--events", "200")]
    assert len(events) == 1000
    for field in ("at", "id"):
        assert len({(event["patient"], event[field]) for event in events}) == 1000


def test_too_few_events_for_a_story_are_refused() -> None:
    done = ran("patients.py", "--events", "11")
    assert done.returncode == 2
    assert "expected a whole number from 12" in done.stderr


def test_every_rule_of_the_letter_fires(reference: dict[str, object]) -> None:
    counts = reference["counts"]
    assert isinstance(counts, dict)
    assert set(counts) == EVERY_RULE
    assert reference["records"] == sum(counts.values())


@pytest.mark.parametrize("judge", JUDGES, ids=" ".join)
def test_all_come_to_the_conclusions_of_the_reference(
        judge: tuple[str, ...], stream: Path, reference: dict[str, object]) -> None:
    found = report(*judge, stream=stream)
    assert found["counts"] == reference["counts"]
    assert found["digest"] == reference["digest"]


@pytest.mark.parametrize("way", ["lines", "pydantic", "intake"])
def test_the_floors_read_everything(way: str, stream: Path) -> None:
    found = report("floors.py", way, stream=stream)
    assert found["records"] == 0


def test_the_whole_rulebook_judges_the_same_stream(stream: Path) -> None:
    found = report("ours.py", "itp-sirolimus", stream=stream)
    counts = found["counts"]
    assert isinstance(counts, dict)
    assert {"group primary-itp-provisional", "response CR", "level low"} <= set(counts)


def test_conclusions_are_written_with_their_evidence(stream: Path, tmp_path: Path) -> None:
    out = tmp_path / "out.ndjson"
    done = ran("contestants/ours.py", "letter", str(stream), "--out", str(out))
    assert done.returncode == 0, done.stderr
    records = [json.loads(line) for line in out.read_text(encoding="utf-8").splitlines()]
    alerts = [alert for record in records for alert in record["alerts"]]
    assert len(alerts) == json.loads(done.stdout)["records"]
    assert all(alert["evidence"] for alert in alerts)


def test_the_comparison_prints_its_table_and_writes_it(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text("before\n<!-- table: begin (run.py --write) -->\nold\n<!-- table: end -->\n"
                    "after\n", encoding="utf-8")
    done = ran("run.py", "--patients", "2", "--rounds", "1", "--only", "plain-json,ours,lines",
               "--write", "--page", str(page))
    assert done.returncode == 0, done.stderr
    assert "this engine, the letter's rules" in done.stdout
    assert "On the letter's rules these are faster than this engine: " in done.stdout
    text = page.read_text(encoding="utf-8")
    assert text.startswith("before\n")
    assert text.endswith("\nafter\n")
    assert "| **this engine, the letter's rules** |" in text
    assert "old" not in text


def test_a_contestant_who_disagrees_stops_the_comparison(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(str(BENCHMARKS))
    import run
    from running import CONTESTANTS

    by_name = {each.name: each for each in CONTESTANTS}
    right = {"counts": {"level.low": 2, "level.high": 1}, "digest": "one"}
    wrong = {"counts": {"level.low": 3, "level.high": 1}, "digest": "other"}
    moved = {**right, "digest": "other"}
    told = run.differences({by_name["plain-json"]: right, by_name["ours"]: wrong,
                            by_name["zen"]: moved, by_name["ours-whole"]: wrong})
    assert told == ["ours: found 3 of level.low, expected 2",
                    "zen: as many conclusions, but not of the same events"]


def test_an_unknown_contestant_is_named() -> None:
    done = ran("run.py", "--only", "prolog")
    assert done.returncode == 1
    assert "found prolog, expected some of lines, pydantic" in done.stderr


def test_scale_is_measured() -> None:
    done = ran("scale.py", "--patients", "2", "--events", "12", "--long", "12",
               "--jobs-patients", "2", "--rounds", "1", "--cold-rounds", "1")
    assert done.returncode == 0, done.stderr
    for heading in ("Patients of 12 events", "One patient", "--jobs", "itp-cds --help"):
        assert heading in done.stdout


def test_the_time_to_an_alert_is_measured() -> None:
    done = ran("live.py", "--samples", "3", "5")
    assert done.returncode == 0, done.stderr
    heading, figures = done.stdout.splitlines()
    assert heading.split() == ["events", "median", "ms", "99", "%", "ms"]
    events, middle, slow = map(float, figures.split())
    assert events == 5
    assert 0 < middle <= slow


def test_the_rulebook_of_the_letter_holds_its_examples() -> None:
    for command in ("check", "test"):
        done = subprocess.run([sys.executable, "cli.py", "rules", command, "benchmarks/letter"],
                              cwd=ROOT, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout + done.stderr
    assert "20 examples, none failed" in done.stdout + done.stderr


def test_make_lists_it() -> None:
    done = subprocess.run(["make", "help"], cwd=ROOT, capture_output=True, text=True, check=True)
    assert "make bench" in done.stdout
