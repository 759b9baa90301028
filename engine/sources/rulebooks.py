"""Which folder holds the rulebook that was asked for: one of the user's, or one that is shipped?"""

from __future__ import annotations

from pathlib import Path

from engine.problems import Place, Problem, RulebookError, did_you_mean
from engine.rulebook.bases import shipped
from engine.wording import one_of


def find_rulebook(name: str) -> Path:
    """Return a folder of that path, or else the shipped rulebook of that name."""
    given = Path(name)
    if given.is_dir():
        return given
    known = shipped()
    if name not in known:
        raise RulebookError([Problem(
            Place(name), "no-rulebook", "no folder and no shipped rulebook of that name",
            f"the path of a folder with rulebook.yaml, or {one_of(list(known))}",
            did_you_mean(name, known) or "check the path")])
    return known[name]


def shipped_rulebook(name: str) -> Path:
    """Return the shipped rulebook of that name, whatever folders stand where the user is."""
    return shipped().get(name, Path(name))
