"""What `ingest` takes in, once each, and what it keeps of lines that it refuses."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path

from engine.store.ingesting import grouped

from .stores import ANNA, Desk, lines_of, run, written

UNIT = {**ANNA[1], "id": "u", "unit": "stone"}
LATER = {**ANNA[1], "id": "later", "at": "2016-01-03"}


def test_each_line_is_stored_once(desk: Desk) -> None:
    assert desk.ingest(ANNA).stdout == "6 lines: 6 stored, 0 known already, 0 refused.\n"
    again = desk.ingest([*ANNA, *ANNA])
    assert (again.stdout, again.exit_code) == (
        "12 lines: 0 stored, 12 known already, 0 refused.\n", 0)
    assert len(lines_of(desk.path)) == 6


def test_the_order_of_fields_and_the_spelling_of_a_value_make_no_new_event(desk: Desk) -> None:
    desk.ingest(ANNA)
    turned = dict(reversed(ANNA[1].items()))
    respelt = {**ANNA[1], "value": "12.0", "recorded": ANNA[1]["at"]}
    assert desk.ingest([turned, respelt, respelt]).stdout == (
        "3 lines: 0 stored, 3 known already (1 in another spelling, which was kept too), "
        "0 refused.\n")


def test_a_correction_is_another_line(desk: Desk) -> None:
    desk.ingest(ANNA)
    mended = {**ANNA[1], "value": 13, "recorded": "2014-07-03", "status": "corrected"}
    assert desk.ingest([mended]).stdout.startswith("1 line: 1 stored")


def test_numbers_are_kept_as_they_were_given(desk: Desk) -> None:
    path = desk.folder / "exact.ndjson"
    path.write_text(json.dumps(ANNA[1]).replace(": 12,", ": 12.50,"))
    run("ingest", str(path), "--store", desk.path)
    base = desk.open()
    assert '"value":12.50}' in base.execute("SELECT line FROM received").fetchone()[0]


def test_what_is_refused_is_kept_with_its_reasons_and_the_rest_is_stored(desk: Desk) -> None:
    done = desk.ingest([ANNA[0], UNIT, ANNA[1]])
    assert done.exit_code == 5
    assert done.stdout == "3 lines: 2 stored, 0 known already, 1 refused.\n"
    assert "in.ndjson:2: unit: found 'stone', expected one of " in done.stderr
    assert done.stderr.endswith("1 refused. The rest was stored; these are kept, with their "
                                "reasons: see itp-cds refused.\n")
    [kept] = [json.loads(line) for line in desk.ask(
        "refused", "--format", "ndjson").stdout.splitlines()]
    assert (kept["seq"], kept["line"], kept["received"][:10]) == (1, 2, "2016-01-01")
    assert kept["source"].endswith("in.ndjson")
    assert [each["field"] for each in kept["reasons"]] == ["unit"]
    assert json.loads(kept["raw"]) == UNIT


def test_a_refused_line_is_kept_once_and_counted_each_time(desk: Desk) -> None:
    desk.ingest([UNIT])
    assert "1 refused (1 of them before)" in desk.ingest([UNIT]).stdout
    shown = desk.ask("refused").stdout
    assert "unit: found 'stone'" in shown
    assert shown.endswith("1 line refused.\n")


def test_bytes_that_are_no_text_are_kept(desk: Desk) -> None:
    path = desk.folder / "odd.ndjson"
    path.write_bytes(b'{"id": "\xff"}\nnot json\n')
    assert run("ingest", str(path), "--store", desk.path).exit_code == 5
    assert desk.open().execute("SELECT raw FROM refused").fetchall() == [
        (b'{"id": "\xff"}',), (b"not json",)]
    assert "\\xff" in desk.ask("refused", "--format", "ndjson").stdout.replace("\\\\", "\\")


def test_nothing_is_received_before_it_happens(desk: Desk) -> None:
    desk.on("2016-01-01T12:00")
    soon = {**ANNA[1], "id": "soon", "at": "2016-01-01T12:09Z"}
    today = {**ANNA[1], "id": "today", "at": "2016-01-01"}
    ahead = {**ANNA[1], "id": "ahead", "recorded": "2016-02-01"}
    done = desk.ingest([soon, today, LATER, ahead])
    assert done.stdout == "4 lines: 2 stored, 0 known already, 2 refused.\n"
    assert ("at: found '2016-01-03', expected not later than its receipt "
            "(2016-01-01T12:00:00.") in done.stderr
    assert "recorded: found '2016-02-01'" in done.stderr
    assert "but for 10 minutes of clocks that differ" in done.stderr
    assert "1 refused (1 of them before)" in desk.ingest([LATER]).stdout
    desk.on("2016-01-04")
    assert desk.ingest([LATER]).stdout.startswith("1 line: 1 stored")


def test_a_line_for_each_group_that_is_on_the_disk(desk: Desk) -> None:
    many = [{**ANNA[1], "id": str(number)} for number in range(2500)]
    told = [json.loads(line) for line in desk.ingest(
        many, "--format", "ndjson").stdout.splitlines()]
    assert [each["stored"] for each in told] == [1000, 2000, 2500]
    assert [each["through"]["line"] for each in told] == [1000, 2000, 2500]


def test_time_closes_a_group_too(desk: Desk) -> None:
    def slow() -> object:
        desk.time += timedelta(seconds=0.06)
        return desk.time

    lines = [(None, b"")] * 10
    sizes = [len(group) for group in grouped(lines, slow)]  # type: ignore[arg-type]
    assert sizes == [4, 4, 2]


def test_lines_before_a_source_that_cannot_be_read_are_stored(desk: Desk) -> None:
    path = written(ANNA, desk.folder)
    done = run("ingest", path, str(desk.folder / "none"), "--store", desk.path)
    assert done.exit_code == 2
    assert "there is no such file" in done.stderr
    assert len(lines_of(desk.path)) == 6


def test_the_clock_must_not_go_back(desk: Desk) -> None:
    desk.on("2016-01-01T12:00")
    desk.ingest(ANNA[:1])
    desk.on("2016-01-01T11:58")
    assert desk.ingest(ANNA[1:2]).exit_code == 0
    times = [each for (each,) in desk.open().execute("SELECT received FROM received ORDER BY seq")]
    assert times == sorted(times)
    desk.on("2015-12-31")
    done = desk.ingest(ANNA)
    assert done.exit_code == 2
    assert done.stderr.startswith("Error: the clock of this machine: found 2015-12-31T00:00:00.")


def test_what_is_no_store_is_said(desk: Desk, tmp_path: Path) -> None:
    assert "there is no such store; check the name, or make it with ingest" in desk.ask(
        "refused").stderr
    assert not Path(desk.path).exists()
    Path(desk.path).write_text("hello " * 1000)
    done = desk.ask("assess")
    assert done.exit_code == 6
    assert "found a file that is damaged or no store" in done.stderr
    Path(desk.path).unlink()
    desk.open().execute("CREATE TABLE other (x)")
    done = desk.ingest(ANNA)
    assert done.exit_code == 2
    assert "this is a database of something else, not a store" in done.stderr
    done = run("ingest", str(tmp_path / "in.ndjson"), "--store", str(tmp_path / "no" / "S.db"))
    assert done.exit_code == 2
    assert "the store cannot be used (unable to open database file)" in done.stderr
