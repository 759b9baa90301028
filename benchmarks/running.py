"""Who takes part, how is each run in a process of its own, and on which machine?"""

from __future__ import annotations

import json
import os
import platform
import subprocess
import sys
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent
MISSING = 77  # what a contestant ends with where its package is not installed


@dataclass(frozen=True, slots=True)
class Contestant:
    """One way to do the work: `judges` the letter's rules, or something else beside them."""

    name: str
    title: str
    command: tuple[str, ...]
    judges: bool = True


OURS, REFERENCE, USUAL, VALIDATING = "ours", "plain-json", "durable-usual", "pydantic"

CONTESTANTS = (
    Contestant("lines", "floor: reading the lines", ("floors.py", "lines"), judges=False),
    Contestant(VALIDATING, "floor: validating with pydantic", ("floors.py", "pydantic"),
               judges=False),
    Contestant("intake", "floor: events of this engine", ("floors.py", "intake"), judges=False),
    Contestant("plain", "floor: plain Python, orjson", ("plain.py",)),
    Contestant(REFERENCE, "floor: plain Python, json", ("plain.py", "--json")),
    Contestant(OURS, "**this engine, the letter's rules**", ("ours.py", "letter")),
    Contestant("ours-whole", "**this engine, all of itp-sirolimus**", ("ours.py", "itp-sirolimus"),
               judges=False),
    Contestant(USUAL, "durable_rules, usual form", ("durable_usual.py",)),
    Contestant("durable-best", "durable_rules, best form", ("durable_by_patient.py",)),
    Contestant("clips", "CLIPS (clipspy)", ("clips_by_event.py",)),
    Contestant("zen", "zen-engine, table by event", ("zen_by_event.py",)),
    Contestant("drools", "Drools, fresh JVM", ("drools_by_patient.py",)),
)
_PACKAGES = ("durable_rules", "clipspy", "zen-engine", "drools_jpy", "orjson", "pydantic")


class NotHereError(Exception):
    """A contestant cannot run here, with the reason."""


def run(contestant: Contestant, file: Path, *, with_digest: bool = False) -> dict[str, Any]:
    """Return what a contestant reports of a file, from a process of its own."""
    script, *arguments = contestant.command
    command = [sys.executable, str(FOLDER / "contestants" / script), *arguments, str(file)]
    done = subprocess.run(command + ["--digest"] * with_digest, capture_output=True, text=True,
                          check=False)
    if done.returncode == MISSING:
        raise NotHereError(done.stderr.strip())
    if done.returncode:
        raise SystemExit(f"{contestant.name} failed:\n{done.stderr}")
    report: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return report


def versions() -> str:
    """Return the versions of everything that takes part, as one sentence."""
    told = [f"Python {platform.python_version()}"]
    for package in _PACKAGES:
        try:
            told.append(f"{package} {version(package)}")
        except PackageNotFoundError:
            continue
    try:
        java = subprocess.run(["java", "-version"], capture_output=True, text=True, check=False)
        told.append(java.stderr.splitlines()[0].replace('"', ""))
    except (OSError, IndexError):
        pass
    return ", ".join(told) + "."


def machine() -> str:
    """Return what the machine is, and how busy it was with everything that runs on it."""
    model = ""
    try:
        for line in Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines():
            if line.startswith("model name"):
                model = f", {line.partition(':')[2].strip()}"
                break
    except OSError:
        pass
    load = " ".join(f"{each:.1f}" for each in os.getloadavg())
    return (f"{platform.system()} {platform.machine()}, {os.cpu_count()} cores{model}; "
            f"load over 1, 5 and 15 minutes at the end: {load}.")
