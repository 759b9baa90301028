"""What the tests of the store share: a store of their own, and a clock that they set."""

from __future__ import annotations

import json
import sqlite3
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result
from command_line.program import ANNA, Line, run, written

import cli_options

__all__ = ["ANNA", "Desk", "Line", "lines_of", "run", "written"]


class Desk:
    """A store in a folder, used through the program at times that the test sets."""

    def __init__(self, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.folder = folder
        self.path = str(folder / "S.db")
        self.time = datetime(2016, 1, 1, tzinfo=UTC)
        monkeypatch.setattr(cli_options, "now", self._now)

    def _now(self) -> datetime:
        self.time += timedelta(microseconds=1)
        return self.time

    def on(self, day: str) -> None:
        """Set the clock."""
        self.time = datetime.fromisoformat(day).replace(tzinfo=UTC)

    def ingest(self, lines: list[Line], *options: str) -> Result:
        path = written(lines, self.folder, "in.ndjson")
        return run("ingest", path, "--store", self.path, *options)

    def ask(self, command: str, *arguments: str) -> Result:
        return run(*command.split(), *arguments, "--store", self.path)

    def assessed(self, *options: str) -> bytes:
        result = self.ask("assess", "--format", "json", *options)
        assert result.exit_code in (0, 5), result.output
        return result.stdout_bytes

    def open(self) -> sqlite3.Connection:
        return sqlite3.connect(self.path, isolation_level=None)


def lines_of(path: str) -> list[dict[str, Any]]:
    """Return the lines that a store has, by patient and id."""
    base = sqlite3.connect(path)
    try:
        return [json.loads(line) for (line,) in base.execute(
            "SELECT line FROM received ORDER BY patient, id, line")]
    finally:
        base.close()
