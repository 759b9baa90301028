"""What holds the house together: who may import whom, and what may not stand in `engine/`."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
FILES = sorted((ROOT / "engine").rglob("*.py"))
LONGEST = 300

# From the ground up: a room may import from itself and from those before it.
ROOMS = (
    "counting", "problems", "wording", "workers", "yaml",
    "events", "timeline", "rulebook", "facts", "document", "inference",
    "records", "ready", "standing", "episodes", "told", "passage", "outright", "assess",
    "assessment", "live", "recent", "alerts", "reason", "explain", "examples", "request", "whynot",
    "cohort", "checking", "proof", "schemas", "scaffold", "store", "certificate", "sources", "pool",
    "mutation", "run", "history", "watch", "comparison", "reports", "spark",
)
DOMAIN = re.compile(
    r"platelet|thrombo|sirolimus|rapamycin|mycophenol|\bmmf\b|\bitp\b|bleed|\biwg|trough|"
    r"steroid|splen|\balps\b|\bars\b|evans|lymph|haem|ng/ml", re.IGNORECASE)
CLOCKS = re.compile(
    r"\b(datetime\.now|utcnow|datetime\.today|date\.today|time\.time|time\.monotonic|"
    r"perf_counter|gmtime|localtime)\b")
in_engine = pytest.mark.parametrize(
    "file", FILES, ids=lambda file: str(file.relative_to(ROOT / "engine")))


def room_of(module: str) -> str:
    """Return the room of a module named from its root; the two that read YAML are one room."""
    parts = module.split(".")
    if len(parts) > 1 and parts[1].startswith("yaml_"):
        return "yaml"
    return parts[1] if len(parts) > 1 else "engine"


def module_of(file: Path) -> str:
    return ".".join(file.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


def imports(tree: ast.AST) -> Iterator[str]:
    """Yield every module that is imported, for type checking only or within a function too."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, "imports name the whole path"
            yield node.module or ""


def importers(package: str, files: list[Path]) -> list[str]:
    return [module_of(file) for file in files
            if any(name.split(".")[0] == package for name in imports(_tree(file)))]


@in_engine
def test_arrows_point_downward(file: Path) -> None:
    own = room_of(module_of(file))
    if own == "engine":
        return
    assert own in ROOMS, f"give the room {own!r} its place in ROOMS"
    for name in imports(_tree(file)):
        assert not name.startswith("cli"), "cli.py imports the engine, not the other way round"
        if name.startswith("engine."):
            assert ROOMS.index(room_of(name)) <= ROOMS.index(own), (
                f"{own} may not import {name}, which stands above it")


@in_engine
def test_no_word_of_the_domain(file: Path) -> None:
    found = [f"{number}: {line.strip()}" for number, line in enumerate(
        file.read_text("utf-8").splitlines(), 1) if DOMAIN.search(line)]
    assert not found, "the engine knows no medicine: write it with words of no domain"


@in_engine
def test_no_clock(file: Path) -> None:
    assert not CLOCKS.search(file.read_text("utf-8")), "time is an argument"


@in_engine
def test_a_docstring_and_no_great_length(file: Path) -> None:
    assert ast.get_docstring(_tree(file)), "say which question the module answers"
    assert len(file.read_text("utf-8").splitlines()) <= LONGEST, "one idea a file"


@pytest.mark.parametrize("file", sorted(ROOT.glob("cli*.py")), ids=lambda file: file.name)
def test_the_command_line_is_not_long_either(file: Path) -> None:
    text = file.read_text("utf-8")
    assert ast.get_docstring(ast.parse(text))
    assert len(text.splitlines()) <= LONGEST


def test_one_module_imports_the_network_and_one_reads_yaml() -> None:
    everything = [*FILES, ROOT / "cli.py"]
    assert importers("durable", everything) == ["engine.inference.network"]
    assert len(importers("yaml", everything)) == 1
    assert all(room_of(name) == "yaml" for name in importers("yaml", everything))


def test_only_reports_know_the_terminal() -> None:
    assert all(room_of(name) == "reports" for name in importers("rich", FILES))


def test_help_loads_nothing_heavy() -> None:
    loaded = subprocess.run(
        [sys.executable, "-c", "import cli, sys; print(*sys.modules)"], cwd=ROOT,
        capture_output=True, check=True, text=True).stdout.split()
    assert "click" in loaded
    assert not {"rich", "pydantic", "yaml", "durable", "multiprocessing", "sqlite3"} & set(loaded)
    assert not [name for name in loaded if name.startswith("engine.")]


def test_a_run_over_good_files_does_without_pydantic() -> None:
    command = ["assess", "examples/letter-cohort.ndjson", "--patient", "3", "--format", "ndjson"]
    code = ("import atexit, sys; atexit.register(lambda: print('pydantic' in sys.modules));"
            f"sys.argv[1:] = {command}; import cli; cli.main()")
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, check=True,
                          text=True)
    assert done.stdout.splitlines()[-1] == "False"


_TREES: dict[Path, ast.Module] = {}


def _tree(file: Path) -> ast.Module:
    if file not in _TREES:
        _TREES[file] = ast.parse(file.read_text("utf-8"))
    return _TREES[file]
