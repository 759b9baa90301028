"""Which lines have come since last time? A growing file is followed, a pipe read to its end.

A line counts once its end has come; what a pipe leaves without one counts when it is closed.
"""

from __future__ import annotations

import os
import selectors
import stat
import sys
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from engine.events.event import Source
from engine.sources.ndjson import STANDARD_INPUT, SourceError

if TYPE_CHECKING:
    from collections.abc import Iterator

LOOKS = 0.02  # seconds between two looks at a file, which tells nobody that it has grown
_GZIP = b"\x1f\x8b"
_CHUNK = 1 << 16
_MOST_AT_ONCE = 1 << 20


class Feed:
    """The lines of one source as they come; `ended` once no more can come.

    `waker` is a file descriptor that is readable when waiting must end, for example at a signal.
    """

    def __init__(self, path: str, descriptor: int, waker: int) -> None:
        self.ended = False
        self._path, self._descriptor, self._waker = path, descriptor, waker
        self._grows = stat.S_ISREG(os.fstat(descriptor).st_mode) and path != STANDARD_INPUT
        self._number, self._left, self._read = 0, b"", 0

    def wait(self, seconds: float) -> list[tuple[Source, bytes]]:
        """Return the lines that have come, after at most so many seconds; often none."""
        data = self._chunk(0)
        if not data and not self.ended:
            data = self._chunk(min(seconds, LOOKS) if self._grows else seconds)
        if not data and self._grows:
            data = self._of_the_end()
        while data and len(data) < _MOST_AT_ONCE and (more := self._chunk(0)):
            data += more
        return self._lines(data)

    def _chunk(self, seconds: float) -> bytes:
        """Return some bytes; none if none come within the seconds, or the waker wakes."""
        with selectors.DefaultSelector() as selector:
            selector.register(self._waker, selectors.EVENT_READ)
            if not self._grows:
                try:
                    selector.register(self._descriptor, selectors.EVENT_READ)
                except PermissionError:  # a file as standard input is always ready
                    return self._bytes()
            ready = {key.fd for key, _ in selector.select(max(seconds, 0))}
        if self._grows or self._descriptor in ready:
            return self._bytes()
        return b""

    def _bytes(self) -> bytes:
        try:
            data = os.read(self._descriptor, _CHUNK)
        except BlockingIOError:
            return b""
        self._read += len(data)
        if not data and not self._grows:
            self.ended = True
        return data

    def _of_the_end(self) -> bytes:
        """Return what was written to a file before it was turned over; say so when that is read."""
        ours, found = os.fstat(self._descriptor), _found(self._path)
        is_ours = found is not None and os.path.samestat(ours, found)
        if is_ours and ours.st_size >= self._read:
            return b""
        if data := self._bytes():
            return data
        state = "was cut" if is_ours else "was moved away" if found is None else "is another one"
        raise SourceError(f"{self._path}: found a file that {state}, expected one that grows; what "
                          "the old one held was read: start again with the new one, for nothing is "
                          "told twice from a store")

    def _lines(self, data: bytes) -> list[tuple[Source, bytes]]:
        if self._number == 0 and (self._left + data).startswith(_GZIP):
            raise SourceError(f"{self._path}: found a packed file, expected plain lines; "
                              "unpack it, as in: gzip -dc FILE | ... watch -")
        *whole, self._left = (self._left + data).split(b"\n")
        if self.ended and self._left:
            whole, self._left = [*whole, self._left], b""
        first, self._number = self._number + 1, self._number + len(whole)
        return [(Source(self._path, number), line) for number, line in enumerate(whole, first)
                if line and not line.isspace()]


class NoFeed:
    """No source at all: only what others write to a store, and the passing of time."""

    ended = False

    def __init__(self, waker: int) -> None:
        self._waker = waker

    def wait(self, seconds: float) -> list[tuple[Source, bytes]]:
        """Wait so many seconds, or until woken."""
        with selectors.DefaultSelector() as selector:
            selector.register(self._waker, selectors.EVENT_READ)
            selector.select(max(seconds, 0))
        return []


@contextmanager
def opened_feed(path: str, waker: int) -> Iterator[Feed]:
    """Give the feed of a file, or of the standard input ("-")."""
    if path == STANDARD_INPUT:
        yield Feed(path, sys.stdin.fileno(), waker)
        return
    try:
        descriptor = _descriptor(path)
    except FileNotFoundError:
        raise SourceError(f"{path}: there is no such file; check the name, or make it empty") from (
            None)
    except IsADirectoryError:
        raise SourceError(f"{path}: this is a folder; name the file in it") from None
    except OSError as error:
        raise SourceError(f"{path}: cannot be read ({error})") from None
    try:
        yield Feed(path, descriptor, waker)
    finally:
        os.close(descriptor)


def _found(path: str) -> os.stat_result | None:
    try:
        return Path(path).stat()
    except OSError:
        return None


def _descriptor(path: str) -> int:
    mode = Path(path).stat().st_mode
    if stat.S_ISDIR(mode):
        raise IsADirectoryError
    if stat.S_ISFIFO(mode):  # opened for writing too, so that it never ends while writers come
        return os.open(path, os.O_RDWR | os.O_NONBLOCK)
    return os.open(path, os.O_RDONLY)
