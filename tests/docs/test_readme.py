"""The README tells the truth: its commands are run, and print what it says.

``UPDATE_README=1 pytest tests/docs`` writes what they print into the page.
"""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "README.md"
DIGEST = re.compile(r"\b[0-9a-f]{12}\b")  # of the rulebook: any change of a word changes it
BLOCK = re.compile(r"```console\n(.*?)```", re.S)


def printed(command: str) -> str:
    arguments = shlex.split(command.removeprefix("$ itp-cds "))
    done = subprocess.run(
        [sys.executable, "cli.py", *arguments], cwd=ROOT, capture_output=True, text=True,
        env={**os.environ, "COLUMNS": "100", "NO_COLOR": "1"}, check=False, timeout=120)
    assert done.returncode == 0, done.stderr
    return "\n".join(line.rstrip() for line in done.stdout.rstrip().splitlines())


def rerun(block: str) -> str:
    commands = [line for line in block.splitlines() if line.startswith("$ ")]
    return "".join(f"{command}\n{printed(command)}\n" for command in commands)


def test_every_command_prints_what_the_page_says() -> None:
    page = PAGE.read_text(encoding="utf-8")
    blocks = BLOCK.findall(page)
    assert len(blocks) >= 4
    true = BLOCK.sub(lambda found: f"```console\n{rerun(found.group(1))}```", page)
    if os.environ.get("UPDATE_README"):
        PAGE.write_text(true, encoding="utf-8")
    assert DIGEST.sub("digest", PAGE.read_text(encoding="utf-8")) == DIGEST.sub("digest", true)


def test_every_link_leads_somewhere() -> None:
    for target in re.findall(r"\]\(([^)#:]+)\)", PAGE.read_text(encoding="utf-8")):
        assert (ROOT / target).exists(), target
