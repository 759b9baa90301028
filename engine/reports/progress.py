"""How far is a long run? A bar on the error output, for a person at a terminal only."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from rich.progress import Progress, TaskID

_LONG_IN_BYTES = 500_000
_LONG_IN_PATIENTS = 200
_T = TypeVar("_T")


class Meter:
    """Told of bytes and patients; draws only once there are many, and leaves nothing behind."""

    def __init__(self, is_shown: bool) -> None:
        self._is_shown = is_shown
        self._bar: Progress | None = None
        self._tasks: dict[str, TaskID] = {}
        self._bytes = 0

    def reading(self, paths: Sequence[str]) -> Callable[[int], None] | None:
        """Return a listener for the bytes read from the sources, or None if nobody looks."""
        if not self._is_shown:
            return None
        files = [Path(path) for path in paths]
        are_files = all(file.is_file() for file in files)
        total = sum(file.stat().st_size for file in files) if are_files else None

        def read(count: int) -> None:
            self._bytes += count
            if (total or self._bytes) > _LONG_IN_BYTES:
                self._draw("reading", self._bytes, total)

        return read

    def counting(self, items: Iterable[_T], total: Callable[[], int | None]) -> Iterator[_T]:
        """Yield the same, counting; `total` is asked once the first has come."""
        for done, item in enumerate(items, 1):
            if self._is_shown and (total() or done) > _LONG_IN_PATIENTS:
                self._draw("assessing", done, total())
            yield item

    def stop(self) -> None:
        """Take the bar away."""
        if self._bar is not None:
            self._bar.stop()
            self._bar = None

    def _draw(self, what: str, done: int, total: int | None) -> None:
        if self._bar is None:
            self._bar = _bar()
            self._bar.start()
        if what not in self._tasks:
            self._tasks[what] = self._bar.add_task(what, total=total)
        self._bar.update(self._tasks[what], completed=done)


def _bar() -> Progress:
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn

    return Progress(TextColumn("{task.description}"), BarColumn(), TaskProgressColumn(),
                    console=Console(stderr=True), transient=True)
