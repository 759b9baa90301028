"""Where can a stream of lines be cut, so that each piece can be read on its own?

Only between two patients. Whose a line is, is asked of the few lines around each cut alone.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from engine.events.event import Source
    from engine.events.intake import Intake

Line = tuple["Source", bytes]
_LINES = 512  # enough that sending a piece costs little, and few enough to keep all workers busy


def pieces(lines: Iterable[Line], intake: Intake, size: int = _LINES) -> Iterator[list[Line]]:
    """Yield the lines in pieces of at least `size`, except the last; none parts a patient."""
    piece: list[Line] = []
    last: str | None = None
    for source, line in lines:
        if len(piece) >= size:
            last = last or _last_patient(piece, intake)
            name = _patient((source, line), intake)
            if name is not None and name != last:
                yield piece
                piece, last = [], None
        piece.append((source, line))
    if piece:
        yield piece


def joined(groups: Iterable[list[Line]], size: int = _LINES) -> Iterator[list[Line]]:
    """Yield the lines of patients in pieces of at least `size`, except the last."""
    piece: list[Line] = []
    for group in groups:
        piece += group
        if len(piece) >= size:
            yield piece
            piece = []
    if piece:
        yield piece


def _last_patient(piece: Sequence[Line], intake: Intake) -> str | None:
    return next((name for line in reversed(piece) if (name := _patient(line, intake))), None)


def _patient(line: Line, intake: Intake) -> str | None:
    """Return whose event a line is, or None if it is no event."""
    read = intake.read(line[1], line[0])
    return None if isinstance(read, tuple) else read.patient
