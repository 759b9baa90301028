"""Stores of every version open: those of earlier ones are brought up to date, later ones refused.
"""

from __future__ import annotations

import sqlite3
from pathlib import Path

from .stores import ANNA, Desk, lines_of

VERSION_1 = Path(__file__).parent / "version-1.sql"


def make_version_1(path: str) -> None:
    base = sqlite3.connect(path, isolation_level=None)
    base.execute("PRAGMA journal_mode = WAL")
    base.executescript(VERSION_1.read_text("utf-8"))
    base.close()


def test_a_store_of_version_1_is_whole_and_goes_on(desk: Desk) -> None:
    make_version_1(desk.path)
    assert desk.ask("audit verify").exit_code == 0
    assert desk.open().execute("PRAGMA user_version").fetchone() == (1,)
    desk.on("2016-06-01")
    assert desk.ingest(ANNA).stdout == "6 lines: 3 stored, 3 known already, 0 refused.\n"
    assert desk.open().execute("PRAGMA user_version").fetchone() == (4,)
    assert len(lines_of(desk.path)) == 6
    assert desk.ask("audit verify").exit_code == 0
    assert "1 line refused." in desk.ask("refused").stdout
    assert b'"best_response":"CR"' in desk.assessed()


def test_marks_of_version_3_are_made_again(desk: Desk) -> None:
    """They had no seal, so nobody knows whether they hide an alert: all are gone over once."""
    desk.ingest(ANNA)
    desk.ask("alerts")
    base = desk.open()
    base.execute("DROP INDEX steps_by_patient")
    base.execute("ALTER TABLE marks DROP COLUMN seal")
    base.execute("UPDATE marks SET due = '2030-01-01T00:00:00.000000Z'")
    base.execute("PRAGMA user_version = 3")
    assert desk.ask("audit verify").exit_code == 0
    (before,) = base.execute("SELECT count(*) FROM steps").fetchone()
    assert desk.ask("alerts").exit_code == 0
    assert base.execute("SELECT count(*) FROM steps").fetchone() == (before,)
    assert base.execute("SELECT due FROM marks").fetchone() != ("2030-01-01T00:00:00.000000Z",)
    assert desk.ask("audit verify").exit_code == 0


def test_a_store_of_a_later_version_is_refused(desk: Desk) -> None:
    desk.ingest(ANNA)
    desk.open().execute("PRAGMA user_version = 99")
    done = desk.ask("assess")
    assert done.exit_code == 2
    assert "found a store of version 99, expected 4 or earlier; a newer program" in done.stderr
