"""A folder with one topic and the shorthands that ship, for examples written in a test."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from engine.assess import Assessor
from engine.examples.example import Example
from engine.examples.reading import load_examples
from engine.examples.running import Outcome, run_example
from engine.problems import RulebookError
from engine.rulebook.definitions import Rulebook
from engine.rulebook.loader import load_rulebook

RULES = Path(__file__).parents[2] / "rules" / "itp-sirolimus"

Load = Callable[[str], list[Example]]


@pytest.fixture(scope="session")
def rulebook() -> Rulebook:
    return load_rulebook(RULES)


@pytest.fixture(scope="session")
def assessor(rulebook: Rulebook) -> Assessor:
    return Assessor(rulebook, ZoneInfo("UTC"))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    shutil.copy(RULES / "shorthand.examples.yaml", tmp_path)
    shutil.copy(RULES / "response.yaml", tmp_path)
    return tmp_path


@pytest.fixture
def load(folder: Path, rulebook: Rulebook) -> Load:
    def read(text: str) -> list[Example]:
        (folder / "response.examples.yaml").write_text(text, encoding="utf-8")
        return load_examples(folder, rulebook)

    return read


@pytest.fixture
def problems(load: Load, folder: Path) -> Callable[[str], list[str]]:
    """Return every problem of a text: its place and its first line."""

    def found(text: str) -> list[str]:
        with pytest.raises(RulebookError) as refused:
            load(text)
        return [str(one).splitlines()[0].removeprefix(f"{folder}/response.examples.yaml:")
                for one in refused.value.problems]

    return found


@pytest.fixture
def run(load: Load, assessor: Assessor) -> Callable[[str], Outcome]:
    """Run the one example whose `given` and `expect` are in a text."""

    def outcome(text: str) -> Outcome:
        lines = "".join(f"    {line}\n" for line in text.splitlines())
        [example] = load(f"start: 2015-03-01\nexamples:\n  - name: one\n{lines}")
        return run_example(example, assessor)

    return outcome
