"""What is a file called where a line of it is refused: as the user named it, not as a URI."""

from __future__ import annotations

import os
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlparse

if TYPE_CHECKING:
    from collections.abc import Iterable


@dataclass(frozen=True, slots=True)
class Names:
    """The files and folders that were named, by their full paths."""

    given: tuple[tuple[str, str], ...]

    def shown(self, uri: str) -> str:
        """Return the name of a file: as it was given, or within the folder that was given."""
        return _shown(self, uri)


def names_of(paths: Iterable[str]) -> Names:
    """Return the names by which paths are shown, the longest path first."""
    full = {os.path.normpath(Path(path).absolute()): path for path in paths if "://" not in path}
    return Names(tuple(sorted(full.items(), reverse=True)))


@cache
def _shown(names: Names, uri: str) -> str:
    parts = urlparse(uri)
    if parts.scheme != "file":
        return uri
    path = unquote(parts.path)
    for full, given in names.given:
        if path == full:
            return given
        if path.startswith(f"{full}/"):
            return given.rstrip("/") + path.removeprefix(full)
    return path
