"""Two invented patients, and the program as a user runs it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from click.testing import CliRunner, Result

import cli

ROOT = Path(__file__).parents[2]
RULES = ROOT / "rules" / "itp-sirolimus"
Line = dict[str, Any]


def _named(folder: str) -> str:
    """Return a rulebook's name with its version, which changes with every change of its rules."""
    text = (ROOT / "rules" / folder / "rulebook.yaml").read_text("utf-8")
    return f"{folder} {next(line.split()[1] for line in text.splitlines() if 'version:' in line)}"


OURS, OF_THE_SITE = _named("itp-sirolimus"), _named("itp-sirolimus-4-12")


def _line(patient: str, id_: str, kind: str, at: str, **fields: Any) -> Line:
    return {"id": id_, "patient": patient, "kind": kind, "at": at, **fields}


def count(patient: str, id_: str, at: str, value: object, **fields: Any) -> Line:
    return _line(patient, id_, "platelet_count", at, value=value, unit="10*9/L", **fields)


ZOES_NAME = "zo\N{LATIN SMALL LETTER E WITH DIAERESIS}"
ANNA = [
    _line("anna", "d", "diagnosis", "2014-01-01", condition="itp"),
    count("anna", "b", "2014-07-01", 12),
    _line("anna", "s", "medication", "2014-07-02", drug="sirolimus", action="start", dose=2.2,
          unit="mg/m2/d"),
    count("anna", "c1", "2014-08-02", "45"),
    _line("anna", "l1", "drug_level", "2014-08-02T09:00Z", drug="sirolimus", value="4.5",
          unit="ng/mL", sample="trough"),
    count("anna", "c2", "2014-09-02", "145"),
]
ZOE = [
    count(ZOES_NAME, "b", "2015-01-01", 20),
    _line(ZOES_NAME, "s", "medication", "2015-01-02", drug="sirolimus", action="start", dose=2.2,
          unit="mg/m2/d"),
    count(ZOES_NAME, "c", "2015-02-02", 21),
]
BAD = [
    {**ANNA[1], "patient": "bad", "id": "u", "unit": "stone"},
    {**ANNA[1], "patient": "bad", "id": "k", "kind": "platelets"},
]


def written(lines: Sequence[Line], folder: Path, name: str = "events.ndjson") -> str:
    """Write lines to a file and return its path."""
    path = folder / name
    path.write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8")
    return str(path)


def run(*arguments: str) -> Result:
    """Run the program in this process."""
    return CliRunner().invoke(cli.program, arguments)


def real(*arguments: str, given: bytes = b"", **environment: str) -> subprocess.CompletedProcess[
        bytes]:
    """Run the program as a process of its own."""
    return subprocess.run(
        [sys.executable, str(ROOT / "cli.py"), *arguments], input=given, capture_output=True,
        check=False, env={**os.environ, **environment})


def assessed(*arguments: str) -> dict[str, Any]:
    """Return the JSON object that `assess` prints."""
    result = run("assess", "--format", "json", *arguments)
    assert result.exit_code in (0, 5), result.output
    whole: dict[str, Any] = json.loads(result.stdout)
    return whole


def summaries(*arguments: str) -> dict[str, dict[str, Any]]:
    """Return each patient's summary."""
    return {each["patient"]: each["summary"] for each in assessed(*arguments)["patients"]}
