"""Which columns of a table fit a width, how wide is each, and where may its words break?

A word may break after a hyphen between letters. Columns stand in the order of their importance:
what does not fit is left out from the end, and said to be.
"""

from __future__ import annotations

import re

from msgspec import Struct

_BREAKS = re.compile(r"(?<=[a-z]-)(?=[a-z])|(?<= )", re.IGNORECASE)
INDENT = " "


class Column(Struct, frozen=True):
    """A heading and the cells under it; a cell has lines, and a line may be wrapped."""

    heading: str
    cells: tuple[tuple[str, ...], ...]
    is_number: bool = False

    @property
    def least(self) -> int:
        """The width of what cannot be broken."""
        indented = (len(piece.rstrip()) + (len(INDENT) if index else 0)
                    for line in self._lines for index, piece in enumerate(_BREAKS.split(line)))
        return max((*indented, *(len(word) for word in self.heading.split())), default=1)

    @property
    def natural(self) -> int:
        """The width at which no cell is wrapped."""
        return max((self.least, *(len(line) for line in self._lines)))

    @property
    def _lines(self) -> list[str]:
        return [line for cell in self.cells for line in cell]


def wrapped(line: str, width: int) -> str:
    """Return a line broken where it may be, the rest a little indented.

    >>> wrapped("loss-of-response", 9)
    'loss-of-\\n response'
    """
    rows = [""]
    for piece in _BREAKS.split(line):
        if rows[-1].strip() and len(rows[-1]) + len(piece.rstrip()) > width:
            rows[-1] = rows[-1].rstrip()
            rows.append(INDENT)
        rows[-1] += piece
    return "\n".join(rows)


def fitted(columns: list[Column], width: int, gaps: tuple[int, ...] = (2, 1),
           kept: int = 1) -> tuple[dict[str, int], int]:
    """Return the width of each column that fits, by heading, and the gap between them.

    The first gap with which all fit is taken, or else the last; the last `kept` columns always
    stay. Room to spare goes where it saves a column all its breaks, the cheapest first.
    """
    shown = list(columns)
    gap = next((each for each in gaps if _least(shown, each) <= width), gaps[-1])
    while len(shown) > kept + 1 and _least(shown, gap) > width:
        del shown[-kept - 1]
    widths = {each.heading: each.least for each in shown}
    spare = width - _least(shown, gap)
    for each in sorted(shown, key=lambda one: one.natural - one.least):
        if each.natural - each.least <= spare:
            spare -= each.natural - each.least
            widths[each.heading] = each.natural
    return widths, gap


def _least(columns: list[Column], gap: int) -> int:
    return sum(each.least for each in columns) + gap * (len(columns) - 1)
