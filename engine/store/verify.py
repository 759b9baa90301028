"""Is a store as it was written, and if not, which rows are not?

Looks at the file itself, at the tables and their triggers, at every row of every log, and at the
head of each; nothing is written. See `chain.py` for what this can prove and what not.
"""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from typing import TYPE_CHECKING

from engine.store.chain import BEFORE_ALL, link
from engine.store.marks import unsealed
from engine.store.schema import LOGS, migrate, version_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from engine.store.file import Store
    from engine.store.schema import Log
    from engine.store.witness import Witness


_WITH_MARKS, _WITH_SEALS = 3, 4  # the first versions of a store that have them


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that is not as it was written: in which table, at which row if at one."""

    table: str
    seq: int | None
    found: str
    expected: str


@dataclass(frozen=True, slots=True)
class Head:
    """How many rows a log has and the chain of the last: enough to know it again."""

    name: str
    count: int
    chain: str


def findings(store: Store, witnesses: Sequence[Witness] = ()) -> Iterator[Finding]:
    """Yield everything that is wrong with a store, as it stands at one moment."""
    base = store.base
    base.text_factory = lambda text: text.decode("utf-8", "surrogateescape")
    try:
        base.execute("BEGIN")
        yield from _of_the_file(base)
        yield from _of_the_tables(base)
        for log in LOGS:
            if _has(base, log):
                yield from _of_the_rows(base, log)
        yield from _of_the_marks(base)
        for witness in witnesses:
            yield from _of_a_witness(base, witness)
    except sqlite3.DatabaseError as error:
        yield Finding("file", None, f"{error}", "a file that can be read to its end")
    finally:
        if base.in_transaction:
            base.execute("ROLLBACK")


def heads(store: Store) -> list[Head]:
    """Return the head of every log, as the store has it."""
    return [Head(name, count, chain.hex()) for name, count, chain in store.base.execute(
        "SELECT name, count, hash FROM head ORDER BY name")]


def _of_the_file(base: sqlite3.Connection) -> Iterator[Finding]:
    for (said,) in base.execute("PRAGMA integrity_check(20)"):
        if said != "ok":
            yield Finding("file", None, said, "a file without damage")
    for table, row, parent, _ in base.execute("PRAGMA foreign_key_check"):
        yield Finding(table, row, f"no row of {parent} that it names", "the row it names")


def _of_the_tables(base: sqlite3.Connection) -> Iterator[Finding]:
    """Compare the tables, indexes and triggers with those of a new store of the same version."""
    new = sqlite3.connect(":memory:", isolation_level=None)
    migrate(new, version_of(base))
    expected, found = _made(new), _made(base)
    new.close()
    for kind, name in sorted(expected.keys() | found.keys()):
        was, now = expected.get((kind, name)), found.get((kind, name))
        if was != now:
            yield Finding("tables", None, f"{kind} {name} {_state(was, now)}",
                          "it as the store was made" if was else "nothing of that name")


def _state(was: str | None, now: str | None) -> str:
    if now is None:
        return "missing"
    return "added" if was is None else "changed"


def _made(base: sqlite3.Connection) -> dict[tuple[str, str], str]:
    return {(kind, name): sql for kind, name, sql in base.execute(
        "SELECT type, name, coalesce(sql, '') FROM sqlite_master "
        "WHERE name NOT LIKE 'sqlite_stat%'")}


def _has(base: sqlite3.Connection, log: Log) -> bool:
    return base.execute("SELECT 1 FROM sqlite_master WHERE name = ?",
                        (log.name,)).fetchone() is not None


def _of_the_rows(base: sqlite3.Connection, log: Log) -> Iterator[Finding]:
    last, chain, time = 0, BEFORE_ALL, log.columns.index(log.time)
    moment = ""
    for seq, *row, previous, own in base.execute(
            f"SELECT seq, {', '.join(log.columns)}, previous, chain FROM {log.name} ORDER BY seq"):
        made = link(previous, log.name, seq, row)
        if seq != last + 1:
            rows = f"row {last + 1}" if seq == last + 2 else f"rows {last + 1} to {seq - 1}"
            yield Finding(log.name, last + 1, "nothing", f"{rows}, before row {seq}")
        elif previous != chain:
            yield Finding(log.name, seq, f"a row that follows {_short(previous)}",
                          f"one that follows {_short(chain)}, the row before it")
        if made != own:
            yield Finding(log.name, seq, f"a row with the hash {_short(made)}",
                          f"{_short(own)}, which it was written with")
        last, chain, moment = seq, own, row[time]
    yield from _of_the_head(base, log, (last, chain, moment))


def _of_the_head(base: sqlite3.Connection, log: Log,
                 end: tuple[int, bytes, str]) -> Iterator[Finding]:
    head = base.execute("SELECT count, hash, moment FROM head WHERE name = ?",
                        (log.name,)).fetchone()
    if head is None:
        yield Finding("head", None, f"no head of {log.name}", "one")
    elif head != end:
        yield Finding(log.name, end[0], f"an end at row {end[0]} ({_short(end[1])}, {end[2]})",
                      f"the end that the head names: row {head[0]} ({_short(head[1])}, {head[2]})")


def _of_the_marks(base: sqlite3.Connection) -> Iterator[Finding]:
    """Look for marks that are not as they were written, or lie ahead: they would hide alerts."""
    if version_of(base) < _WITH_MARKS:
        return
    for patient, mark, newest in base.execute(
            "SELECT marks.patient, marks.received, coalesce(max(seq), 0) AS newest FROM marks "
            "LEFT JOIN received USING (patient) GROUP BY marks.patient "
            "HAVING marks.received > newest"):
        yield Finding("marks", None, f"row {mark} of received taken in for patient {patient!r}",
                      f"row {newest} at most, for there is none after it")
    for patient, due in unsealed(base) if version_of(base) >= _WITH_SEALS else ():
        yield Finding("marks", None, f"a mark of patient {patient!r} (next at {due}) that its seal "
                      "does not fit", "one as it was written; it is made again if it is deleted")
    for name, step, last in base.execute(
            "SELECT told.name, told.step, count FROM told JOIN head ON head.name = 'steps' "
            "WHERE told.step > count"):
        yield Finding("told", None, f"step {step} told to {name!r}", f"step {last} at most")


def _of_a_witness(base: sqlite3.Connection, witness: Witness) -> Iterator[Finding]:
    found = base.execute(f"SELECT chain FROM {witness.log.name} WHERE seq = ?",
                         (witness.count,)).fetchone() if witness.count else (BEFORE_ALL,)
    chain = found[0].hex() if found else ""
    if chain != witness.chain:
        yield Finding(witness.log.name, witness.count,
                      f"the chain {chain[:12]}" if chain else "no such row",
                      f"the chain {witness.chain[:12]}, as the witness has it")


def _short(chain: object) -> str:
    return chain.hex()[:12] if isinstance(chain, bytes) else repr(chain)
