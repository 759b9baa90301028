"""Which tables does a store have, and how does one of an earlier version become one of today's?

Each table below is a log: its rows have the numbers 1, 2, 3 ..., triggers refuse every change of
a row and every removal, and a row's `chain` is the hash of the row with the `chain` before it. The
table `head` holds the number of rows and the last chain of each log. `marks` and `told` are no
logs: they only say how far the work has come, and can be made again; a mark is sealed (`marks.py`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct

if TYPE_CHECKING:
    import sqlite3

MARK = 0x43445345  # the file's application_id: "CDSE"


class Log(Struct, frozen=True):
    """One append-only table: its own columns, which of them is unique and which is the time."""

    name: str
    columns: tuple[str, ...]
    unique: str
    time: str


RECEIVED = Log("received", ("received", "source", "line_number", "patient", "id", "line", "digest",
                            "content"), "patient, id, digest", "received")
REFUSED = Log("refused", ("received", "source", "line_number", "raw", "reasons", "digest"),
              "digest", "received")
RULEBOOKS = Log("rulebooks", ("noted", "digest", "id", "version", "settings", "files"),
                "digest", "noted")
USES = Log("uses", ("noted", "rulebook", "zone"), "", "noted")
STEPS = Log("steps", ("noted", "patient", "key", "id", "change", "by", "because", "changed",
                      "alert", "rulebook"), "", "noted")
LOGS = (RECEIVED, REFUSED, RULEBOOKS, USES, STEPS)


def _table(name: str, columns: str) -> tuple[str, ...]:
    words = f"a row of {name} is never changed or removed"
    return (
        f"CREATE TABLE {name} (seq INTEGER PRIMARY KEY CHECK (seq > 0), {columns}, "
        "previous BLOB NOT NULL, chain BLOB NOT NULL) STRICT",
        *(f"CREATE TRIGGER {name}_{change.lower()} BEFORE {change} ON {name} "
          f"BEGIN SELECT RAISE(ABORT, '{words}'); END" for change in ("UPDATE", "DELETE")),
        f"CREATE TRIGGER {name}_insert BEFORE INSERT ON {name} WHEN EXISTS "
        f"(SELECT 1 FROM {name} WHERE seq >= NEW.seq) "
        f"BEGIN SELECT RAISE(ABORT, 'a row of {name} is added at the end'); END",
        f"CREATE TRIGGER head_of_{name} BEFORE UPDATE ON head WHEN OLD.name = '{name}' AND "
        f"(SELECT chain FROM {name} ORDER BY seq DESC LIMIT 1) IS NOT NEW.hash "
        f"BEGIN SELECT RAISE(ABORT, 'the head of {name} is its last row'); END",
        f"INSERT INTO head VALUES ('{name}', 0, zeroblob(32), '')",
    )


_TEXTS = "received TEXT NOT NULL, source TEXT NOT NULL, line_number INTEGER NOT NULL"
_VERSION_1 = (
    f"PRAGMA application_id = {MARK}",
    "CREATE TABLE head (name TEXT PRIMARY KEY, count INTEGER NOT NULL, hash BLOB NOT NULL, "
    "moment TEXT NOT NULL) STRICT, WITHOUT ROWID",
    "CREATE TRIGGER head_update BEFORE UPDATE ON head "
    "WHEN NEW.name <> OLD.name OR NEW.count <= OLD.count OR NEW.moment < OLD.moment "
    "BEGIN SELECT RAISE(ABORT, 'a head only moves on'); END",
    "CREATE TRIGGER head_delete BEFORE DELETE ON head "
    "BEGIN SELECT RAISE(ABORT, 'a head is never removed'); END",
    *_table("received", f"{_TEXTS}, patient TEXT NOT NULL, id TEXT NOT NULL, line TEXT NOT NULL, "
                        "digest BLOB NOT NULL, content BLOB NOT NULL"),
    "CREATE UNIQUE INDEX received_once ON received (patient, id, digest)",
    *_table("refused", f"{_TEXTS}, raw BLOB NOT NULL, reasons TEXT NOT NULL, "
                       "digest BLOB NOT NULL UNIQUE"),
)
_VERSION_2 = (  # which rulebook was in force when
    *_table("rulebooks", "noted TEXT NOT NULL, digest TEXT NOT NULL UNIQUE, id TEXT NOT NULL, "
                         "version TEXT NOT NULL, settings TEXT NOT NULL, files TEXT NOT NULL"),
    *_table("uses", "noted TEXT NOT NULL, rulebook TEXT NOT NULL REFERENCES rulebooks (digest), "
                    "zone TEXT NOT NULL"),
)
_VERSION_3 = (  # what has become of alerts; and, to be made again if lost, how far that has come
    *_table("steps", "noted TEXT NOT NULL, patient TEXT NOT NULL, key TEXT NOT NULL, "
                     "id TEXT NOT NULL, change TEXT NOT NULL, by TEXT NOT NULL, "
                     "because TEXT NOT NULL, changed TEXT NOT NULL, alert TEXT NOT NULL, "
                     "rulebook TEXT NOT NULL"),
    "CREATE INDEX steps_of_patient ON steps (patient, key, seq)",
    "CREATE TABLE marks (patient TEXT PRIMARY KEY, received INTEGER NOT NULL, "
    "rulebook TEXT NOT NULL, zone TEXT NOT NULL, due TEXT NOT NULL) STRICT, WITHOUT ROWID",
    "CREATE INDEX marks_due ON marks (due)",
    "CREATE TABLE told (name TEXT PRIMARY KEY, step INTEGER NOT NULL) STRICT, WITHOUT ROWID",
)
_VERSION_4 = (  # marks are sealed; those from before are made again at once
    "ALTER TABLE marks ADD COLUMN seal BLOB NOT NULL DEFAULT x''",
    "UPDATE marks SET due = '0001-01-01T00:00:00.000000Z'",
    "CREATE INDEX steps_by_patient ON steps (patient, seq)",
)
MIGRATIONS = (_VERSION_1, _VERSION_2, _VERSION_3, _VERSION_4)
VERSION = len(MIGRATIONS)


def version_of(base: sqlite3.Connection) -> int:
    """Return the version of a store's tables; 0 is a store without any."""
    version: int = base.execute("PRAGMA user_version").fetchone()[0]
    return version


def migrate(base: sqlite3.Connection, to: int = VERSION) -> None:
    """Bring the tables from their version to another, within the caller's transaction."""
    for number in range(version_of(base), to):
        for statement in MIGRATIONS[number]:
            base.execute(statement)
        base.execute(f"PRAGMA user_version = {number + 1}")
