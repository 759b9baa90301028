"""Which folder holds the rulebook that was asked for: one of the user's, or one that is shipped?"""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path

from engine.problems import Place, Problem, RulebookError, did_you_mean
from engine.wording import one_of


def find_rulebook(name: str) -> Path:
    """Return a folder of that path, or else the shipped rulebook of that name."""
    given = Path(name)
    if given.is_dir():
        return given
    shipped = {folder.name: folder for folder in _shipped()}
    if name not in shipped:
        raise RulebookError([Problem(
            Place(name), "no-rulebook", "no folder and no shipped rulebook of that name",
            f"the path of a folder with rulebook.yaml, or {one_of(list(shipped))}",
            did_you_mean(name, shipped) or "check the path")])
    return shipped[name]


def shipped_rulebook(name: str) -> Path:
    """Return the shipped rulebook of that name, whatever folders stand where the user is."""
    return next((folder for folder in _shipped() if folder.name == name), Path(name))


def home() -> Path | None:
    """Return the folder of what is installed with the engine, or of the checkout it runs from."""
    engine = Path(str(files("engine")))
    return next((place for place in (engine / "_rules", engine.parent / "rules")
                 if place.is_dir()), None)


def _shipped() -> list[Path]:
    """Return the rulebooks installed with the engine, or those of the checkout it runs from."""
    folder = home()
    return sorted(path.parent for path in folder.glob("*/rulebook.yaml")) if folder else []
