"""Does the independent checker accept what is true, and find every value that was changed?"""

from __future__ import annotations

import ast
import random
from pathlib import Path
from typing import Any

import pytest
from certificate.certificates import Record, at, changed, flaws_in, is_refused, leaves, made, sealed

ROOM = Path(__file__).parents[2] / "engine" / "certificate"
CHECKER = ("numbers", "operations", "recompute", "flaws", "check_events", "check_facts",
           "check_conclusions", "consistency")
# What a line says in words, and what only the events can tell, is not reckoned from other values.
WORDS = {"text", "message", "about", "title", "source", "locator", "passage", "status", "key",
         "cites", "cite", "given", "override", "line"}


@pytest.mark.parametrize("seed", range(9))
def test_what_the_engine_certifies_is_consistent(seed: int) -> None:
    assert flaws_in(made(seed, facts=seed % 4 == 0)) == []


def test_the_checker_does_not_take_the_engines_word() -> None:
    own = {f"engine.certificate.{name}" for name in (*CHECKER, "shape", "errors")}
    for name in CHECKER:
        tree = ast.parse((ROOM / f"{name}.py").read_text("utf-8"))
        found = {node.module for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)
                 and (node.module or "").startswith("engine")}
        assert found <= own, name


def another(value: Any, chance: random.Random) -> Any:
    """Return another value of the same kind."""
    if isinstance(value, bool) or value is None:
        return chance.choice([each for each in (True, False, None) if each is not value])
    if isinstance(value, int):
        return value + 1
    text = str(value)
    if text.replace(".", "").replace("/", "").lstrip("-").isdigit():
        return str(int(text) + 1) if text.lstrip("-").isdigit() else f"{text}1"
    return {"<": ">=", ">=": "<", ">": "<=", "<=": ">", "all": "any", "any": "all"}.get(
        text, f"{text}x")


def reckoned(record: Record) -> list[tuple[str | int, ...]]:
    """Return the way to each truth and each number of a criterion, and each conclusion's value."""
    found = []
    for path in leaves(record):
        inside = path[0] in ("conclusions", "facts", "explanations")
        if inside and path[-1] in ("truth", "value", "number", "rule", "sign") and (
                not WORDS & {str(step) for step in path[1:]}) and (
                path[0] != "conclusions" or path[-1] != "rule" or len(path) == 3):
            found.append(path)
    return found


@pytest.mark.parametrize("seed", range(3))
def test_a_truth_a_number_a_sign_or_a_value_that_was_changed_is_found(seed: int) -> None:
    record, chance = made(seed), random.Random(seed)
    paths = [path for path in reckoned(record) if _is_reckoned(record, path)]
    assert len(paths) > 500
    missed = []
    for path in chance.sample(paths, 15):
        forged = sealed(changed(record, path, another(at(record, path), chance)))
        if not is_refused(forged):
            missed.append((path, at(record, path)))
    assert missed == []


def _is_reckoned(record: Record, path: tuple[str | int, ...]) -> bool:
    """Whether a value follows from others; that of a course, a series or a verdict does not."""
    for end in range(len(path), 0, -1):
        part = at(record, path[:end])
        if isinstance(part, dict) and "op" in part:
            # the outcome of a comparison that is open or that another sign gives as well
            same_either_way = path[-1] == "sign"
            return not same_either_way and part["op"] not in (
                "course", "series", "sustained", "verdict", "latest", "first", "literal", "min",
                "max")
    return path[-1] != "sign"


@pytest.mark.parametrize("seed", range(2))
def test_any_change_at_all_breaks_the_seal(seed: int) -> None:
    record, chance = made(seed), random.Random(seed)
    paths = [path for path in leaves(record) if path[-1] not in ("certificate", "line")]
    for path in chance.sample(paths, 8):
        forged = changed(record, path, another(at(record, path), chance))
        assert is_refused(forged), path


def test_a_flaw_is_said_with_its_place_what_was_found_and_what_was_expected() -> None:
    record = made(0)
    name, text = next((name, text) for name, part in record["conclusions"].items()
                      for text, each in part.get("criteria", {}).items()
                      if each["truth"] is True and each["working"]["op"] == "compare")
    path = ("conclusions", name, "criteria", text, "working", "value")
    found = flaws_in(sealed(changed(record, path, False)))
    first = next(each for each in found if each.place.startswith("conclusions["))
    assert first.place.startswith(f"conclusions[{name}].criteria[{text}].working.value (compare")
    assert (first.found, first.expected) == ("false", "true")
