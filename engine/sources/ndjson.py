"""Which lines does a file hold: plain or packed with gzip, or the standard input?"""

from __future__ import annotations

import gzip
import sys
import zlib
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, cast

from engine.events.refusal import Source
from engine.sources.block import BYTES, Block

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

STANDARD_INPUT = "-"
_GZIP = b"\x1f\x8b"
_LINES_BETWEEN_REPORTS = 1024


class SourceError(Exception):
    """A source that cannot be read, with what to do."""


def read_lines(path: str, on_bytes: Callable[[int], None] | None = None,
               ) -> Iterator[tuple[Source, bytes]]:
    """Yield every line that is not blank, with its place; "-" is the standard input.

    `on_bytes` is told now and then how many bytes of the file have been read, packed as they are.
    Raises SourceError where there is no such file, or it cannot be read to its end.
    """
    plain = 0
    with _unpacked(path) as (stream, read):
        for number, line in enumerate(stream, start=1):
            plain += len(line)
            if on_bytes and number % _LINES_BETWEEN_REPORTS == 0:
                on_bytes(read(plain))
            if not line.isspace():
                yield Source(path, number), line
        if on_bytes:
            on_bytes(read(plain))


def read_blocks(path: str, on_bytes: Callable[[int], None] | None = None,
                size: int = BYTES) -> Iterator[Block]:
    """Yield the same lines, many at once: so many bytes, and the rest of the last line."""
    first = 1
    plain = 0
    with _unpacked(path) as (stream, read):
        while lines := stream.readlines(size):
            yield Block(path, range(first, first + len(lines)), lines)
            first += len(lines)
            if on_bytes:
                plain += sum(map(len, lines))
                on_bytes(read(plain))


@contextmanager
def _unpacked(path: str) -> Iterator[tuple[BinaryIO, Callable[[int], int]]]:
    """Give a source's plain bytes; and what tells, by how many of them one has, how far that is."""
    try:
        with _opened(path) as file:
            is_packed = file.peek(len(_GZIP))[:len(_GZIP)] == _GZIP  # type: ignore[attr-defined]
            is_file = path != STANDARD_INPUT
            yield (cast(BinaryIO, gzip.GzipFile(fileobj=file)) if is_packed else file,
                   (lambda _: file.tell()) if is_packed and is_file else int)
    except FileNotFoundError:
        raise SourceError(f"{path}: there is no such file; check the name") from None
    except IsADirectoryError:
        raise SourceError(f"{path}: this is a folder; name the files in it") from None
    except PermissionError:
        raise SourceError(f"{path}: reading is not allowed; check the rights") from None
    except (EOFError, zlib.error, gzip.BadGzipFile):
        raise SourceError(f"{path}: the packed file is damaged or cut off; "
                          "make or fetch it again") from None
    except (OSError, ValueError) as error:
        raise SourceError(f"{path}: cannot be read ({error})") from None


@contextmanager
def _opened(path: str) -> Iterator[BinaryIO]:
    if path == STANDARD_INPUT:
        yield sys.stdin.buffer
        return
    with Path(path).open("rb") as file:
        yield file
