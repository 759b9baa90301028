"""How far has the work on each patient's alerts come, and when does it go on?

A mark is no log: it moves with the work, and what is lost of it is made again. But a mark that
says later than it should would hide an alert, so each carries a seal: the hash of what it says and
of the patient's last step, with which it is written. It proves what a chain proves.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from engine.store.chain import BEFORE_ALL, link

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterator

_SAYS = "patient, received, rulebook, zone, due"
_LAST = "SELECT seq, chain FROM steps WHERE patient = ? ORDER BY seq DESC LIMIT 1"
AT_ONCE = "0001-01-01T00:00:00.000000Z"  # hides nothing, so it needs no seal


@dataclass(frozen=True, slots=True)
class Mark:
    """How far a patient's alerts have come: up to which row, by which rulebook and zone."""

    received: int = 0
    rulebook: str = ""
    zone: str = ""


def mark_of(base: sqlite3.Connection, patient: str) -> Mark:
    """Return a patient's mark; one that says nothing where there is none."""
    found = base.execute("SELECT received, rulebook, zone FROM marks WHERE patient = ?",
                         (patient,)).fetchone()
    return Mark(*found) if found else Mark()


def set_mark(base: sqlite3.Connection, patient: str, mark: Mark, due: str) -> None:
    """Write a patient's mark, and when time alone may change something, after the steps."""
    says = (patient, mark.received, mark.rulebook, mark.zone, due)
    base.execute(f"INSERT OR REPLACE INTO marks ({_SAYS}, seal) VALUES (?, ?, ?, ?, ?, ?)",
                 (*says, _seal(base, says)))


def unsealed(base: sqlite3.Connection) -> Iterator[tuple[str, str]]:
    """Yield each patient whose mark is not as it was written, and when it says that work goes on.
    """
    for *says, seal in base.execute(f"SELECT {_SAYS}, seal FROM marks ORDER BY patient"):
        patient, due = says[0], says[-1]
        if seal != _seal(base, says) and (seal or due != AT_ONCE):
            yield patient, due


def _seal(base: sqlite3.Connection, says: tuple[str | int, ...] | list[str | int]) -> bytes:
    seq, chain = base.execute(_LAST, (says[0],)).fetchone() or (0, BEFORE_ALL)
    return link(chain, "marks", seq, says)
