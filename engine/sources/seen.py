"""Has a name been met before? Memory stays the same for any number of names.

The first are kept at hand; the others in a private database of SQLite without a name, which lives
in a temporary file, with a small cache.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sqlite3 import Connection

_AT_HAND = 10_000


class Seen:
    """The names met so far."""

    def __init__(self) -> None:
        self._first: set[str] = set()
        self._others: Connection | None = None

    def add(self, name: str) -> bool:
        """Note a name; return whether it is met for the first time."""
        if name in self._first:
            return False
        if len(self._first) < _AT_HAND:
            self._first.add(name)
            return True
        if self._others is None:
            self._others = _kept_on_disk()
        done = self._others.execute("INSERT OR IGNORE INTO seen VALUES (?)", (name,))
        return done.rowcount == 1

    def close(self) -> None:
        """Let go of the temporary file."""
        if self._others is not None:
            self._others.close()


def _kept_on_disk() -> Connection:
    import sqlite3  # slow to import, for few names in vain

    kept = sqlite3.connect("", isolation_level=None)
    kept.execute("PRAGMA journal_mode = OFF")
    kept.execute("PRAGMA synchronous = OFF")
    kept.execute("CREATE TABLE seen (name TEXT PRIMARY KEY) WITHOUT ROWID")
    return kept
