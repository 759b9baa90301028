"""A store that is followed while others use it: whose rulebook counts, what it costs, who is told.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from command_line.program import Line, run, written

import cli_options
from engine.assess import Assessor
from engine.events.event import Refusal, Source
from engine.events.intake import Intake
from engine.store.asked import Answering, by_now, in_use
from engine.store.errors import ReplacedError
from engine.store.file import Store, opened
from engine.store.ingesting import Ingest
from engine.store.ward import Ward
from engine.watch.stored import Stored
from engine.watch.told import Told

NOW = datetime(2016, 6, 1, tzinfo=UTC)
OPTIONS = {"rulebook": None, "settings": (), "timezone": None}


class Bench:
    """A store, and what follows it, without the program around it."""

    def __init__(self, store: Store) -> None:
        self.store, self.asked, self.refused = store, 0, list[Refusal]()
        self.ward: Ward
        by_now(store, cli_options.wish_of(OPTIONS))

    def in_force(self) -> tuple[Ingest, Ward]:
        self.asked += 1
        answering: Answering = in_use(self.store)
        vocabulary, zone = answering.rulebook.vocabulary, answering.zone
        self.ward = Ward(self.store, Assessor(answering.rulebook, zone))
        return Ingest(self.store, Intake(vocabulary, zone), timedelta(minutes=10)), self.ward

    def stored(self, reader: str = "watch", stopped: Callable[[], bool] = lambda: False) -> Stored:
        return Stored(self.store, self.in_force, self.refused.append, stopped, reader)


@pytest.fixture
def bench(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Bench]:
    with bench_at(tmp_path, monkeypatch) as made:
        yield made


@contextmanager
def bench_at(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Bench]:
    clock = [NOW]

    def now() -> datetime:
        clock[0] += timedelta(microseconds=1)
        return clock[0]

    monkeypatch.setattr(cli_options, "now", now)
    with opened(str(folder / "S.db"), now, make=True) as store:
        yield Bench(store)


def lines(patient: str, days: int) -> list[Line]:
    start: Line = {"id": "s", "patient": patient, "kind": "medication", "at": "2016-01-01", "drug":
                   "sirolimus", "action": "start", "dose": 2.2, "unit": "mg/m2/d"}
    return [start] + [
        {"id": f"l{day}", "patient": patient, "kind": "drug_level", "drug": "sirolimus", "at":
         f"2016-03-{day:02}T08:00:00Z", "value": 9 if day % 2 else 4.6, "unit": "ng/mL", "sample":
         "trough"} for day in range(1, days + 1)]


def given(stored: Stored, *those: Line) -> list[Told]:
    data = [(Source("x", number), json.dumps(line).encode()) for number, line in enumerate(those)]
    return [*stored.take(data, NOW), *stored.tick(NOW)]


def test_another_rulebook_is_gone_by_and_nobody_fights(bench: Bench, tmp_path: Path) -> None:
    """Who watches goes by what was put in force meanwhile: else two programs undo each other."""
    stored = bench.stored()
    given(stored, *lines("eva", 2))
    path = str(tmp_path / "S.db")
    run("assess", "--store", path, "--set", "target_low=4")
    withdrawn = [each for each in stored.tick(NOW) if each.alert.record.rule == "level.low"]
    assert [each.change for each in withdrawn] == ["withdrawn"]
    assert withdrawn[0].because == "another rulebook is in force"
    assert bench.asked == 2
    run("alerts", "--store", path)
    assert [*stored.tick(NOW)] == []
    told = given(stored, {**lines("eva", 4)[4], "value": 4.5})
    assert "level.low" not in {each.alert.record.rule for each in told}  # not low by the new one


def test_of_who_works_with_another_rulebook_nothing_is_written(bench: Bench,
                                                               tmp_path: Path) -> None:
    given(bench.stored(), *lines("eva", 2))
    old = bench.ward
    path = str(tmp_path / "S.db")
    run("assess", "--store", path, "--set", "target_low=4")
    run("alerts", "--store", path)
    with pytest.raises(ReplacedError, match="put in force meanwhile"):
        old.bring("eva")
    assert run("alerts", "--store", path, "--rule", "level.low").stdout.count("No open alert") == 1


def test_what_another_wrote_costs_no_replay(bench: Bench, tmp_path: Path) -> None:
    stored = bench.stored()
    story = lines("eva", 20)
    given(stored, *story[:-4])
    for line in story[-4:]:
        assert run("ingest", written([line], tmp_path), "--store",
                   str(tmp_path / "S.db")).exit_code == 0
        run("alerts", "--store", str(tmp_path / "S.db"))  # another process has brought her
        told = [*stored.tick(NOW)]
        assert told
    before = bench.ward._live["eva"].patient.steps
    given(stored, {**story[-1], "id": "new", "at": "2016-03-25T08:00:00Z"})
    assert bench.ward._live["eva"].patient.steps - before < 10  # a replay takes more than twenty


def test_two_readers_are_each_told_everything(bench: Bench) -> None:
    night, day = bench.stored("night"), bench.stored("day")
    story = lines("eva", 6)
    told = {"night": given(night, *story[:3]), "day": []}
    told["night"] += given(night, *story[3:])
    night.close()
    told["day"] += [*day.tick(NOW)]
    assert [each.step for each in told["day"]] == [each.step for each in told["night"]]
    assert [*bench.stored("night").tick(NOW)] == []


def test_a_place_of_the_reader_only_moves_on(bench: Bench) -> None:
    one, behind = bench.stored(), bench.stored()
    given(one, *lines("eva", 6))
    one.close()
    behind._told, behind._kept = 1, 0
    behind.close()
    assert [*bench.stored().tick(NOW)] == []


def test_a_stop_waits_for_one_patient_only(bench: Bench) -> None:
    patients = [f"p{number}" for number in range(6)]
    taking = bench.in_force()[0]
    taking.take([(Source("x", 1), json.dumps(line).encode())
                 for name in patients for line in lines(name, 1)])
    asked: list[str] = []
    stored = bench.stored(stopped=lambda: bool(asked.append("")) or len(asked) > 2)
    [*stored.tick(NOW)]
    (done,) = bench.store.base.execute("SELECT count(*) FROM marks").fetchone()
    assert done == 2
    [*bench.stored().tick(NOW)]
    (done,) = bench.store.base.execute("SELECT count(*) FROM marks").fetchone()
    assert done == 6


def test_contradictions_are_told_once_by_who_watches(bench: Bench) -> None:
    stored = bench.stored()
    story = lines("eva", 3)
    given(stored, *story, {**story[3], "value": 3})
    assert [each.line for each in bench.refused] == [4, 5]
    given(stored, {**story[3], "id": "n", "at": "2016-03-20T08:00:00Z"})
    assert len(bench.refused) == 2

