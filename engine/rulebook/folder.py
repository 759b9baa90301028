"""Which files does the folder of a rulebook hold, and can each of them be read at all?"""

from __future__ import annotations

import re
from difflib import get_close_matches
from typing import TYPE_CHECKING

from engine.problems import Place, Problem, RulebookError
from engine.yaml_source import Document, read_yaml

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

MAIN, OVERRIDES = "rulebook.yaml", "overrides.yaml"
_EXAMPLES, _OTHERS = ".examples.yaml", ("cohorts",)
_STEM = re.compile(r"[\w-]+")
_NEARLY = (".yml", ".yaml")
_SHORTEST, _BEGINNING = 3, 2000
OWN_FILES = (MAIN, "vocabulary.yaml", "citations.yaml", "parameters.yaml")


def read_folder(folder: Path) -> tuple[dict[str, Document], list[Problem]]:
    """Return every document of the folder by file name, and the problems of the other files.

    Examples are not part of a rulebook. One that extends another needs but rulebook.yaml. Raises
    RulebookError where there is no folder.
    """
    if not folder.is_dir():
        found = "a file" if folder.is_file() else "no folder of that name"
        raise RulebookError([Problem(Place(str(folder)), "no-rulebook", found,
                                     "a folder with rulebook.yaml", "name a rulebook's folder")])
    documents: dict[str, Document] = {}
    strange = dict(_strange(folder))
    problems = [*misnamed_files(folder), *strange.values()]
    for path in sorted(folder.iterdir()):
        if path.suffix != ".yaml" or path.name.endswith(_EXAMPLES) or path in strange:
            continue
        try:
            documents[path.name] = read_yaml(text_of(path), str(path))
        except RulebookError as error:
            problems += error.problems
    problems += _misplaced_examples(documents)
    missing = [name for name in _needed(documents) if not (folder / name).exists()]
    instead = {name: _instead(name, documents) for name in missing}
    if missing and len(missing) == len(OWN_FILES) and not any(instead.values()):
        raise RulebookError([Problem(Place(str(folder)), "no-rulebook", f"a folder without {MAIN}",
                                     "a folder with rulebook.yaml", "name a rulebook's folder")])
    if OVERRIDES in documents and MAIN in documents and missing:
        main = documents[MAIN]
        return documents, [*problems, main.problem(
            main.root.place, "missing-key", f"no 'extends', beside {OVERRIDES}", "'extends'",
            f"name the rulebook that {OVERRIDES} is about")]
    problems += [Problem(Place(str(folder / name)), "missing-file", "no such file", name,
                         instead[name] or "every rulebook has one") for name in missing]
    return documents, problems


def _instead(name: str, documents: dict[str, Document]) -> str:
    """Return what to do where a file of nearly that name stands there, which is then set aside."""
    stem = name.removesuffix(".yaml")
    others = {each.removesuffix(".yaml").lower(): each
              for each in set(documents) - {*OWN_FILES, OVERRIDES}}
    near = get_close_matches(stem, others, n=1, cutoff=0.8) or [
        each for each in others if len(each) > _SHORTEST and stem.startswith(each)]
    for each in near[:1]:
        del documents[others[each]]
    return f"rename {others[near[0]]!r}" if near else ""


def _misplaced_examples(documents: dict[str, Document]) -> list[Problem]:
    """Set aside the files that hold examples under the name of a topic; return their problems."""
    found = {name: document for name, document in documents.items()
             if name not in (*OWN_FILES, OVERRIDES) and isinstance(document.value, dict)
             and "examples" in document.value and not {"facts", "classify", "alert"} & {
                 *document.value}}
    problems = []
    for name, document in found.items():
        del documents[name]
        problems.append(document.problem(
            document.place_of_key("examples"), "unknown-file", "examples in a file of rules",
            f"them in a file whose name ends in {_EXAMPLES}",
            f"rename it to {_for_examples(name)}"))
    return problems


def _for_examples(name: str) -> str:
    return re.sub(r"[._-]?(examples?|tests?|cases)$", "", name.removesuffix(".yaml")) + _EXAMPLES


def _strange(folder: Path) -> Iterator[tuple[Path, Problem]]:
    """Yield each file that can be no topic, by its name or by where it stands, and why."""
    for path in sorted(folder.glob("*.yaml")):
        if not _STEM.fullmatch(path.name.removesuffix(_EXAMPLES).removesuffix(".yaml")):
            renamed = _for_examples(path.name)
            yield path, Problem(
                Place(str(path)), "unknown-file", f"'{path.name}'",
                "a name of letters, digits, _ and -, then .yaml or .examples.yaml",
                f"rename it to {renamed}" if _STEM.fullmatch(renamed.removesuffix(_EXAMPLES))
                else "rename it, or remove it where it is a copy")
    for path in sorted(folder.glob("*/*.yaml")):
        if path.parent.name not in _OTHERS and not (path.parent / MAIN).exists():
            yield path, Problem(Place(str(path)), "unknown-file",
                                f"'{path.parent.name}/{path.name}'",
                                "topics in the folder of the rulebook itself",
                                "move it there: what stands in a folder of it is not read")


def misnamed_files(folder: Path) -> list[Problem]:
    """Return a problem of each file of a folder that would not be read because of its name."""
    return [Problem(Place(str(path)), "unknown-file", f"'{path.name}'",
                    "files whose names end in .yaml", f"rename it to {_as_yaml(path)}")
            for path in sorted(folder.glob("*")) if _is_misnamed(path)]


def _is_misnamed(path: Path) -> bool:
    """Whether a file is meant to be read, but for its name: by its end, or by what it says."""
    if path.suffix.lower() in _NEARLY:
        return path.suffix != ".yaml"
    if path.suffix not in ("", ".txt") or not path.is_file():
        return False
    with path.open("rb") as file:
        return re.match(rb"(\s*#[^\n]*\n|\s*\n)*title:", file.read(_BEGINNING)) is not None


def _as_yaml(path: Path) -> str:
    return f"{re.sub(r'[.]ya?ml$', '', path.stem, flags=re.IGNORECASE)}.yaml"


def read_main(folder: Path) -> Document | None:
    """Return rulebook.yaml alone, or None where there is none that can be read."""
    try:
        return read_yaml(text_of(folder / MAIN), str(folder / MAIN))
    except RulebookError:
        return None


def _needed(documents: Mapping[str, Document]) -> tuple[str, ...]:
    main = documents.get(MAIN)
    extends = main is not None and isinstance(main.value, dict) and "extends" in main.value
    return (MAIN,) if extends else OWN_FILES


def text_of(path: Path) -> str:
    """Return what a file says; raises RulebookError where it cannot be read as text."""
    try:
        data = path.read_bytes()
    except OSError as error:
        raise RulebookError([Problem(
            Place(str(path)), "unreadable-file", error.strerror or "an error",
            "a file that can be read")]) from None
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        before = data[:error.start].decode("utf-8").split("\n")
        line = data.split(b"\n")[len(before) - 1].decode("utf-8", errors="replace").rstrip("\r")
        raise RulebookError([Problem(
            Place(str(path), len(before), len(before[-1]) + 1), "not-utf-8",
            f"a byte that is no UTF-8 (0x{data[error.start]:02X})", "text in UTF-8",
            "save the file as UTF-8", line)]) from None
