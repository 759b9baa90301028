"""Where can a stream of lines be cut, so that each piece can be read on its own?

Only between two patients. Where each patient's lines stand together, few lines around each cut are
asked whose they are; where they stand in any order all are, and each patient's are put together.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.events.event import Source
from engine.sources.block import LINES, Block
from engine.sources.patients import owner_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from engine.events.intake import Intake

_NOWHERE = Source("", 0)


def pieces(blocks: Iterable[Block], intake: Intake) -> Iterator[list[Block]]:
    """Yield blocks in pieces; each begins where a block's first event of another patient stands."""
    piece: list[Block] = []
    last: str | None = None
    for block in blocks:
        place = _place_of_another(block, last, intake) if piece else None
        if place is None:
            piece.append(block)
        else:
            yield [*piece, block.part(0, place)]
            piece = [block.part(place)]
        last = _last_patient(piece[-1], intake) or last
    if piece:
        yield piece


def by_patient(blocks: Iterable[Block]) -> list[list[Block]]:
    """Return the lines of each patient, by name; before them the lines that are nobody's."""
    found: dict[str, dict[str | None, tuple[list[int], list[bytes]]]] = {}
    for block in blocks:
        here = found.setdefault(block.source, {})
        for number, line in zip(block.numbers, block.lines, strict=True):
            name = owner_of(line)
            own = here.get(name)
            if own is None:
                own = here[name] = [], []
            own[0].append(number)
            own[1].append(line)
    names: set[str | None] = set().union(*found.values())
    return [[Block(source, *here[name]) for source, here in found.items() if name in here]
            for name in sorted(names, key=lambda name: (name is not None, name))]


def joined(groups: Iterable[list[Block]]) -> Iterator[list[Block]]:
    """Yield groups of blocks in pieces that part none."""
    piece: list[Block] = []
    lines = 0
    for group in groups:
        piece += group
        lines += sum(len(block.lines) for block in group)
        if lines >= LINES:
            yield piece
            piece, lines = [], 0
    if piece:
        yield piece


def _place_of_another(block: Block, patient: str | None, intake: Intake) -> int | None:
    """Return where among the lines of a block the first event of another patient stands."""
    return next((place for place, line in enumerate(block.lines)
                 if owner_of(line) != patient and _patient(line, intake) is not None), None)


def _last_patient(block: Block, intake: Intake) -> str | None:
    return next((name for line in reversed(block.lines) if (name := _patient(line, intake))), None)


def _patient(line: bytes, intake: Intake) -> str | None:
    """Return whose event a line is, or None if it is no event."""
    read = intake.read(line, _NOWHERE)
    return None if isinstance(read, tuple) else read.patient
