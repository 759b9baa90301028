"""Is there a store in this file, and who may write to it now?

One process writes at a time and the others wait; those that read wait for nobody. What has been
committed is on the disk (write-ahead log, synchronous FULL).
"""

from __future__ import annotations

import sqlite3
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from engine.store.errors import NotWholeError, StoreError
from engine.store.moments import next_moment
from engine.store.schema import MARK, VERSION, migrate, version_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import datetime

_PATIENCE = 60.0  # seconds until a writer gives up waiting for another
_DAMAGED = ("malformed", "not a database", "decode to UTF-8", "no such table")


class Store:
    """An open store; `base` is its connection, `path` the name that the user gave."""

    def __init__(self, path: str, base: sqlite3.Connection, now: Callable[[], datetime]) -> None:
        self.path, self.base, self._now = path, base, now

    @contextmanager
    def writing(self) -> Iterator[datetime]:
        """Lock the store for writing and give the moment of it; commit at the end, or nothing."""
        self.base.execute("BEGIN IMMEDIATE")
        try:
            yield next_moment(self.base, self._now())
            self.base.execute("COMMIT")
        except BaseException:
            if self.base.in_transaction:
                self.base.execute("ROLLBACK")
            raise


@contextmanager
def opened(path: str, now: Callable[[], datetime], *, make: bool = False,
           as_is: bool = False) -> Iterator[Store]:
    """Open a store and bring it to today's version, unless it is to be looked at `as_is`.

    With `make`, one is made where there is none.
    """
    if not make and not Path(path).exists():
        raise StoreError(f"{path}: there is no such store; check the name, or make it with ingest")
    with in_words(path):
        base = sqlite3.connect(path, timeout=_PATIENCE, isolation_level=None)
        try:
            _prepare(path, base)
            if not as_is:
                _bring_up_to_date(base)
            yield Store(path, base, now)
        finally:
            base.close()


@contextmanager
def in_words(path: str) -> Iterator[None]:
    """Say what SQLite cannot do in a sentence."""
    try:
        yield
    except sqlite3.DatabaseError as error:
        said = str(error)
        if any(word in said for word in _DAMAGED):
            raise NotWholeError(
                f"{path}: found a file that is damaged or no store ({said}), expected a store "
                "made by ingest; check the name, or restore it from a copy") from None
        if not isinstance(error, sqlite3.OperationalError):
            raise
        if "locked" in said:
            raise StoreError(f"{path}: another process has been writing for {_PATIENCE:.0f} "
                             "seconds; wait for it, or end it, and try again") from None
        raise StoreError(f"{path}: the store cannot be used ({said}); check the folder, its "
                         "rights and the room on the disk") from None


def _prepare(path: str, base: sqlite3.Connection) -> None:
    base.execute("BEGIN")  # one look: another process may be making the store
    mark, tables = (base.execute(question).fetchone()[0] for question in (
        "PRAGMA application_id", "SELECT count(*) FROM sqlite_master"))
    version = version_of(base)
    base.execute("COMMIT")
    if mark != MARK and (mark or version or tables):
        raise StoreError(f"{path}: this is a database of something else, not a store; "
                         "check the name")
    if version > VERSION:
        raise StoreError(f"{path}: found a store of version {version}, expected {VERSION} or "
                         "earlier; a newer program wrote it: use that one")
    base.execute("PRAGMA foreign_keys = ON")
    base.execute("PRAGMA synchronous = FULL")
    base.execute("PRAGMA recursive_triggers = ON")  # so that REPLACE cannot remove a row unseen


def _bring_up_to_date(base: sqlite3.Connection) -> None:
    if version_of(base) < VERSION:
        _write_ahead(base)
        base.execute("BEGIN IMMEDIATE")
        try:
            migrate(base)
        except BaseException:
            base.execute("ROLLBACK")
            raise
        base.execute("COMMIT")


def _write_ahead(base: sqlite3.Connection) -> None:
    """Choose the write-ahead log; while others try the same, SQLite does not wait by itself."""
    base.execute("BEGIN IMMEDIATE")  # wait here for whoever is making the store
    base.execute("COMMIT")
    for _ in range(1000):
        try:
            base.execute("PRAGMA journal_mode = WAL")
            return
        except sqlite3.OperationalError as error:
            if "locked" not in str(error):
                raise
            base.execute("BEGIN IMMEDIATE")
            base.execute("COMMIT")
