"""Whatever is done to the rows of a store behind its back is found, and named by its row."""

from __future__ import annotations

import json
import re
import sqlite3
from pathlib import Path

import pytest

from .stores import ANNA, Desk

COLUMNS = ("received, source, line_number, patient, id, line, digest, content, previous, chain")
CHANGES = {
    "a value": ("UPDATE received SET line = replace(line, '12', '42') WHERE seq = 2", {2}),
    "a time": ("UPDATE received SET received = '2015-01-01T00:00:00.000000Z' WHERE seq = 3", {3}),
    "an owner": ("UPDATE received SET patient = 'bert' WHERE seq = 1", {1}),
    "a chain": ("UPDATE received SET chain = zeroblob(32) WHERE seq = 4", {4, 5}),
    "a removal": ("DELETE FROM received WHERE seq = 3", {3}),
    "two removals": ("DELETE FROM received WHERE seq IN (1, 2)", {1}),
    "the end": ("DELETE FROM received WHERE seq = 6", {5}),
    "everything": ("DELETE FROM received", {0}),
    "an exchange": ("UPDATE received SET seq = CASE seq WHEN 2 THEN 103 WHEN 3 THEN 102 END "
                    "WHERE seq IN (2, 3); UPDATE received SET seq = seq - 100 WHERE seq > 100",
                    {2, 3, 4}),
    "a row at the end": (f"INSERT INTO received (seq, {COLUMNS}) SELECT 7, "
                         f"{COLUMNS.replace(' id,', ' id || 2,')} FROM received WHERE seq = 6",
                         {7}),
    "a row between": ("UPDATE received SET seq = -seq WHERE seq > 3; UPDATE received SET seq = "
                      f"1 - seq WHERE seq < 0; INSERT INTO received (seq, {COLUMNS}) "
                      f"SELECT 4, {COLUMNS.replace(' id,', ' id || 2,')} FROM received "
                      "WHERE seq = 3", {4, 5, 6, 7}),
    "a refusal": ("UPDATE refused SET reasons = '[]' WHERE seq = 1", {1}),
    "a rulebook": ("UPDATE rulebooks SET files = replace(files, 'value: 30', 'value: 20')", {1}),
    "a use": ("UPDATE uses SET zone = 'Asia/Tokyo'", {1}),
}


@pytest.fixture
def full(desk: Desk) -> Desk:
    desk.ingest([*ANNA, {**ANNA[1], "id": "u", "unit": "stone"}])
    return desk


def tamper(desk: Desk, script: str) -> None:
    """Change a store as one who knows SQL would: the triggers are away meanwhile, and back."""
    base = desk.open()
    base.execute("PRAGMA ignore_check_constraints = ON")
    triggers = base.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'").fetchall()
    for name, _ in triggers:
        base.execute(f"DROP TRIGGER {name}")
    base.executescript(script)
    for _, sql in triggers:
        base.execute(sql)
    base.close()


def verdict(desk: Desk) -> list[dict[str, object]]:
    done = desk.ask("audit verify --format json")
    found = json.loads(done.stdout)
    assert done.exit_code == (0 if found["whole"] else 6)
    rows: list[dict[str, object]] = found["findings"]
    return rows


def test_what_nobody_touched_is_whole(full: Desk) -> None:
    assert verdict(full) == []
    shown = full.ask("audit verify").stdout
    assert re.search(r"^received:6:[0-9a-f]{64}$", shown, re.M)
    assert re.search(r"^refused:1:[0-9a-f]{64}$", shown, re.M)
    assert "The store is whole." in shown


@pytest.mark.parametrize("change", CHANGES)
def test_every_change_is_found_where_it_is(full: Desk, change: str) -> None:
    script, rows = CHANGES[change]
    tamper(full, script)
    found = verdict(full)
    assert {each["row"] for each in found if each["row"] is not None} >= rows, found
    words = full.ask("audit verify").stdout
    assert "the store is not as it was written" in words


def test_a_change_is_said_with_what_was_found_and_expected(full: Desk) -> None:
    tamper(full, CHANGES["a value"][0])
    line = full.ask("audit verify").stdout.splitlines()[0]
    assert re.fullmatch(r"received 2: found a row with the hash [0-9a-f]{12}, expected "
                        r"[0-9a-f]{12}, which it was written with", line)
    tamper(full, CHANGES["a removal"][0])
    assert "received 3: found nothing, expected row 3, before row 4" in full.ask(
        "audit verify").stdout


def test_a_changed_row_is_not_assessed(full: Desk) -> None:
    tamper(full, CHANGES["a value"][0])
    done = full.ask("assess")
    assert done.exit_code == 6
    assert done.stderr.endswith("row 2 of received is not as it was written; run audit verify, "
                                "and restore the store from a copy\n")


@pytest.mark.parametrize("statement", [
    "UPDATE received SET line = '' WHERE seq = 1", "DELETE FROM received WHERE seq = 6",
    "DELETE FROM refused", "UPDATE rulebooks SET files = ''", "DELETE FROM uses",
    "DELETE FROM head", "UPDATE head SET count = 3 WHERE name = 'received'",
    f"INSERT INTO received (seq, {COLUMNS}) SELECT 3, {COLUMNS} FROM received WHERE seq = 3"])
def test_triggers_refuse_what_a_log_never_does(full: Desk, statement: str) -> None:
    with pytest.raises(sqlite3.IntegrityError):
        full.open().execute(statement)


def test_a_missing_trigger_and_a_changed_table_are_found(full: Desk) -> None:
    base = full.open()
    base.execute("DROP TRIGGER received_delete")
    base.execute("CREATE TABLE more (x)")
    assert {each["found"] for each in verdict(full)} == {
        "trigger received_delete missing", "table more added"}


def test_a_store_written_anew_is_found_by_a_witness(full: Desk) -> None:
    shown = full.ask("audit verify").stdout.splitlines()
    witnesses = [part for line in shown[:4] for part in ("--witness", line)]
    full.ingest([{**ANNA[1], "id": "more"}])
    assert full.ask("audit verify", *witnesses).exit_code == 0
    Path(full.path).unlink()
    full.ingest([{**ANNA[1], "value": 13}, *ANNA])
    assert full.ask("audit verify").exit_code == 0
    done = full.ask("audit verify", *witnesses)
    assert done.exit_code == 6
    assert "received 6: found the chain " in done.stdout
    assert "refused 1: found no such row" in done.stdout
    wrong = full.ask("audit verify --witness received:6")
    assert wrong.exit_code == 2
    assert "expected LOG:COUNT:CHAIN" in wrong.stderr


def test_damage_to_the_file_is_found(full: Desk) -> None:
    full.ingest([{**ANNA[1], "id": f"n{number}"} for number in range(500)])
    path = Path(full.path)
    data = bytearray(path.read_bytes())
    for at in range(20 * 4096 + 10, 40 * 4096, 4096):
        data[at:at + 60] = bytes(60)
    path.write_bytes(data)
    done = full.ask("audit verify")
    assert done.exit_code == 6, done.output
