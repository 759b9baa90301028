"""Which lines of a source travel together, so that it costs little to send them to a process?"""

from __future__ import annotations

from itertools import groupby, islice
from typing import TYPE_CHECKING

from msgspec import Struct

from engine.events.refusal import Source

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

Line = tuple[Source, bytes]
# Enough that sending them costs little (of half as many, the parent takes a third more time), and
# few enough to keep all workers busy to the end.
LINES, BYTES = 1024, 1 << 17


class Block(Struct, frozen=True):
    """Lines of one source as they were written, blank ones too, and their numbers there."""

    source: str
    numbers: Sequence[int]
    lines: list[bytes]

    def __iter__(self) -> Iterator[Line]:
        """Yield every line that is not blank, with its place."""
        for number, line in zip(self.numbers, self.lines, strict=True):
            if not line.isspace():
                yield Source(self.source, number), line

    def part(self, start: int, end: int | None = None) -> Block:
        """Return the lines from one place among them to before another, or to the end."""
        return Block(self.source, self.numbers[start:end], self.lines[start:end])


def in_blocks(lines: Iterable[Line]) -> Iterator[Block]:
    """Yield lines in blocks, each of one source."""
    for name, own in groupby(lines, key=lambda line: line[0].name):
        while taken := [*islice(own, LINES)]:
            yield Block(name, [source.line for source, _ in taken], [line for _, line in taken])
