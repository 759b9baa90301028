"""Which rulebook does a rulebook extend, and that one in turn: where do their folders stand?"""

from __future__ import annotations

import re
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING

from engine.counting import first_of
from engine.problems import did_you_mean
from engine.rulebook.folder import MAIN, OVERRIDES, OWN_FILES, read_folder, read_main

if TYPE_CHECKING:
    from engine.problems import Problem
    from engine.yaml_source import Document

_NAME = re.compile(r"[^\W_][\w.-]*")
_SHOWN = 3
Layer = tuple[Path, dict[str, "Document"]]


def home() -> Path | None:
    """Return the folder of what is installed with the engine, or of the checkout it runs from."""
    engine = Path(str(files("engine")))
    return next((place for place in (engine / "_rules", engine.parent / "rules")
                 if place.is_dir()), None)


def shipped() -> dict[str, Path]:
    """Return the rulebooks installed with the engine, or those of the checkout, by name."""
    place = home()
    found = sorted(path.parent for path in place.glob("*/rulebook.yaml")) if place else []
    return {folder.name: folder for folder in found}


def is_folder_name(text: str) -> bool:
    """Whether a rulebook's folder may have this name, so that another can extend it by it."""
    return _NAME.fullmatch(text) is not None


def read_layers(folder: Path) -> tuple[list[Layer], list[Problem]]:
    """Return the documents of a rulebook, then of the one it extends, and so on; and problems.

    A rulebook is looked for beside the one that extends it, then among those that are shipped.
    """
    documents, problems = read_folder(folder)
    layers: list[Layer] = [(folder, documents)]
    while (base := _base(layers, problems)) is not None:
        documents, more = read_folder(base)
        problems += more
        if (copied := _copied(layers[-1], documents)) is not None:
            return layers, [copied]
        layers.append((base, documents))
    return layers, problems


def _copied(layer: Layer, base: dict[str, Document]) -> Problem | None:
    """Return what is wrong where a rulebook is a copy of the one that it extends."""
    _, own = layer
    if "vocabulary.yaml" not in own:
        return None
    both = sorted(set(own) & set(base) - {*OWN_FILES, OVERRIDES})
    if not both:
        return None
    main = own[MAIN]
    return main.problem(
        main.place("extends"), "misplaced-file", f"a copy of {extended(main)!r}, which is extended "
        f"({first_of(['vocabulary.yaml', *both], _SHOWN)})", "only what is different",
        "remove extends: where the rulebook stands by itself; or else remove the files that are "
        f"copied, and write what is different in {OVERRIDES}")


def chain_of(folder: Path) -> list[Path]:
    """Return the folder of a rulebook that loads, then those of the rulebooks it extends."""
    chain = [folder]
    while (name := extended(read_main(chain[-1]))) is not None:
        base = _found(name, chain[-1])
        if base is None or base.resolve() in [each.resolve() for each in chain]:
            break
        chain.append(base)
    return chain


def _base(layers: list[Layer], problems: list[Problem]) -> Path | None:
    """Return the folder that the last layer extends; None, perhaps with a problem, if it has none.
    """
    folder, documents = layers[-1]
    main = documents.get(MAIN)
    if main is None or (name := extended(main)) is None:
        return None
    base = _found(name, folder)
    if base is None:
        known = {*shipped(), *_siblings(folder)} - {folder.name}
        code, found = "no-rulebook", repr(name)
        expected = "a rulebook beside this one, or one that is shipped"
        advice = did_you_mean(name, known) or "name its folder, without a path"
    elif base.resolve() in (chain := [each.resolve() for each, _ in layers]):
        start = chain.index(base.resolve())
        code = "circle"
        found = " -> ".join([each.name for each in chain[start:]] + [base.resolve().name])
        expected = "rulebooks that do not extend each other in a circle"
        advice = "let one of them stand by itself"
    else:
        return base
    problems.append(main.problem(main.place("extends"), code, found, expected, advice))
    return None


def extended(main: Document | None) -> str | None:
    """Return the name that follows `extends:` in rulebook.yaml."""
    name = main.value.get("extends") if main and isinstance(main.value, dict) else None
    return name if isinstance(name, str) else None


def _found(name: str, folder: Path) -> Path | None:
    """Return the folder of that name; the rulebook itself only where there is no other."""
    if not is_folder_name(name):
        return None
    beside = folder.resolve().parent / name
    others = [each for each in (beside, shipped().get(name)) if each and (each / MAIN).is_file()]
    return next((each for each in others if each.resolve() != folder.resolve()),
                others[0] if others else None)


def _siblings(folder: Path) -> list[str]:
    return [path.parent.name for path in folder.resolve().parent.glob(f"*/{MAIN}")]
