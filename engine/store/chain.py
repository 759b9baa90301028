"""Has any row of a log been changed, removed, moved or slipped in since it was written?

A row's `chain` is the SHA-256 of the chain before it (32 zero bytes before the first) and of its
log's name, its number and all its columns, each as a letter for its type, its length, a colon and
its bytes. So a row cannot be altered without altering every later row and the head.

What that proves, and what not: a change by anybody who does not recompute the chain is found,
and so is the loss of rows, also at the end, as long as the head stands. Who can write to the file
can recompute everything: that is found only against a head written down elsewhere, which is why
`ingest` and `audit verify` print it, and `audit verify --witness` takes it.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from engine.store.errors import NotWholeError

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable

    from engine.store.schema import Log

Value = str | int | bytes | float | None
BEFORE_ALL = bytes(32)


def link(previous: Value, name: str, seq: int, row: Iterable[Value]) -> bytes:
    """Return the chain of a row that follows another."""
    before = previous if isinstance(previous, bytes) else _written(previous)  # only if damaged
    parts = [before, _written(name), _written(seq), *map(_written, row)]
    return hashlib.sha256(b"".join(parts)).digest()


def _written(value: Value) -> bytes:
    """Return a value so that no two rows are written alike.

    >>> _written("ab"), _written(12), _written(b""), _written(None)
    (b't2:ab', b'i2:12', b'b0:', b'n0:')
    """
    if isinstance(value, str):
        text = value.encode("utf-8", "surrogateescape")
        return b"t%d:%b" % (len(text), text)
    if isinstance(value, bytes):
        return b"b%d:%b" % (len(value), value)
    if value is None:
        return b"n0:"
    number = str(value).encode()
    return b"i%d:%b" % (len(number), number)


class Appending:
    """Adds rows to one log within a transaction; `close` moves its head on."""

    def __init__(self, base: sqlite3.Connection, log: Log) -> None:
        self._base, self._log = base, log
        head = base.execute("SELECT count, hash FROM head WHERE name = ?", (log.name,)).fetchone()
        if head is None:
            raise NotWholeError(f"the store: found no head of {log.name}, expected one; "
                                "run audit verify, and restore the store from a copy")
        self.count, self._hash = head
        self._begun = self.count
        names = ("seq", *log.columns, "previous", "chain")
        conflict = f" ON CONFLICT ({log.unique}) DO NOTHING" if log.unique else ""
        self._insert = (f"INSERT INTO {log.name} ({', '.join(names)}) "
                        f"VALUES ({', '.join('?' * len(names))}){conflict}")

    def add(self, *row: Value) -> bool:
        """Add a row; return whether it is new, by what is unique in the log."""
        seq = self.count + 1
        chain = link(self._hash, self._log.name, seq, row)
        if self._base.execute(self._insert, (seq, *row, self._hash, chain)).rowcount == 0:
            return False
        self.count, self._hash = seq, chain
        return True

    def close(self, moment: str) -> None:
        """Move the head to the last row added, if one was."""
        if self.count > self._begun:
            self._base.execute("UPDATE head SET count = ?, hash = ?, moment = ? WHERE name = ?",
                               (self.count, self._hash, moment, self._log.name))
