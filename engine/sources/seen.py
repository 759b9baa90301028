"""Has a name been met before? Kept on disk, so that memory stays the same for any number of them.

The private database of SQLite without a name lives in a temporary file, with a small cache.
"""

from __future__ import annotations

import sqlite3


class Seen:
    """The names met so far."""

    def __init__(self) -> None:
        self._kept = sqlite3.connect("", isolation_level=None)
        self._kept.execute("PRAGMA journal_mode = OFF")
        self._kept.execute("PRAGMA synchronous = OFF")
        self._kept.execute("CREATE TABLE seen (name TEXT PRIMARY KEY) WITHOUT ROWID")

    def add(self, name: str) -> bool:
        """Note a name; return whether it is met for the first time."""
        done = self._kept.execute("INSERT OR IGNORE INTO seen VALUES (?)", (name,))
        return done.rowcount == 1

    def close(self) -> None:
        """Let go of the temporary file."""
        self._kept.close()
