"""What had the store received by a moment?"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from engine.events.event import Source
from engine.store.chain import link
from engine.store.errors import NotWholeError
from engine.store.file import in_words
from engine.store.moments import written
from engine.store.schema import RECEIVED

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator

    from engine.store.file import Store

PLACE = "store"  # the name of the source of its rows; their line is their number in `received`
_ROW = f"seq, {', '.join(RECEIVED.columns)}, previous, chain"
_LINE = RECEIVED.columns.index("line")


@dataclass(frozen=True, slots=True)
class Refused:
    """A line that was refused: when, from where, why, and as it came."""

    seq: int
    received: str
    source: str
    line: int
    reasons: tuple[dict[str, Any], ...]
    raw: bytes


def lines_received(store: Store, by: datetime | None = None, patients: Collection[str] = (),
                   after: int = 0) -> Callable[..., Iterator[tuple[Source, bytes]]]:
    """Return a reader of the lines received by a moment, each patient's together, in no order.

    `after` leaves out the rows up to that number.

    Raises NotWholeError at a row that is not as it was written.
    """
    wanted = f" AND patient IN ({', '.join('?' * len(patients))})" if patients else ""
    question = (f"SELECT {_ROW} FROM received WHERE received <= ? AND seq > ?{wanted} "
                "ORDER BY patient")

    def read(*_: object) -> Iterator[tuple[Source, bytes]]:
        with in_words(store.path):
            for seq, *row, previous, chain in store.base.execute(
                    question, (_bound(by), after, *patients)):
                if link(previous, RECEIVED.name, seq, row) != chain:
                    raise NotWholeError(
                        f"{store.path}: row {seq} of received is not as it was written; "
                        "run audit verify, and restore the store from a copy")
                yield Source(PLACE, seq), str(row[_LINE]).encode()

    return read


def receipts(store: Store, patient: str) -> dict[int, datetime]:
    """Return when each line of a patient was received, by its number."""
    return {seq: datetime.fromisoformat(received) for seq, received in store.base.execute(
        "SELECT seq, received FROM received WHERE patient = ?", (patient,))}


def settle(store: Store) -> None:
    """Wait until every group that was being received is on the disk, or gone."""
    with store.writing():
        pass


def refused_lines(store: Store, by: datetime | None = None) -> Iterator[Refused]:
    """Yield every line that was refused by a moment, in the order of receipt."""
    for seq, received, source, line, raw, reasons in store.base.execute(
            "SELECT seq, received, source, line_number, raw, reasons FROM refused "
            "WHERE received <= ? ORDER BY seq", (_bound(by),)):
        yield Refused(seq, received, source, line, tuple(json.loads(reasons)), raw)


def _bound(by: datetime | None) -> str:
    return written(by) if by else "9999-12-31T23:59:59.999999Z"
