"""Broken rulebooks, written as small changes to one that loads, each with what must be said.

A case is a block of a `.txt` file, blocks stand apart by an empty line:

    # what is wrong
    file.yaml
    - a piece of that file (it must stand in it just once)
    + what stands there instead
    ! file.yaml:3:7: code: found ..., expected ...; what to do

Several pieces and several files may be changed; `+` alone adds lines at the end of the file.
A file `site/...` is one of a rulebook that extends the small one.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from engine.problems import Problem, RulebookError
from engine.rulebook.checks.suspicions import suspicions
from engine.rulebook.loader import read_rulebook

TINY = Path(__file__).parents[1] / "tiny"
SITE = Path(__file__).parents[1] / "site"


@dataclass
class Change:
    """A piece of a file, and what stands there instead."""

    file: str
    old: list[str] = field(default_factory=list)
    new: list[str] = field(default_factory=list)

    def apply(self, text: str) -> str:
        old, new = "\n".join(self.old), "\n".join(self.new)
        if not self.old:
            return f"{text}{new}\n"
        assert text.count(old) == 1, f"{self.file}: {text.count(old)} times: {old}"
        return text.replace(old, new)


@dataclass
class Case:
    """One broken rulebook."""

    title: str
    changes: list[Change] = field(default_factory=list)
    said: list[str] = field(default_factory=list)


def cases_of(text: str) -> list[Case]:
    """Return the blocks of a text."""
    return [_case(block.splitlines()) for block in text.strip("\n").split("\n\n")]


def _case(lines: list[str]) -> Case:
    case = Case(lines[0].removeprefix("# "))
    before = ""
    for line in lines[1:]:
        mark, rest = line[:1], line[2:]
        if mark == "!":
            case.said.append(rest)
        elif mark not in "-+":
            case.changes.append(Change(line))
        else:
            if mark == "-" and before == "+":
                case.changes.append(Change(case.changes[-1].file))
            change = case.changes[-1]
            (change.old if mark == "-" else change.new).append(rest)
        before = mark
    return case


def write(folder: Path, case: Case) -> None:
    """Write the small rulebook into a folder, with the changes of the case.

    Where the case is about the site that extends it, both are written, beside each other.
    """
    homes = {"site": SITE, "tiny": TINY} if _is_of_site(case) else {"": TINY}
    texts = {f"{home}/{path.name}".lstrip("/"): path.read_text("utf-8")
             for home, source in homes.items() for path in source.glob("*.yaml")}
    for change in case.changes:
        texts[change.file] = change.apply(texts.get(change.file, ""))
    for name, text in texts.items():
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")


def _is_of_site(case: Case) -> bool:
    return any("/" in change.file for change in case.changes)


def problems_in(folder: Path) -> list[Problem]:
    """Return what is said of a rulebook: why it does not load, or else what is suspicious."""
    try:
        problems = suspicions(read_rulebook(
            folder / "site" if (folder / "site").exists() else folder))
    except RulebookError as refused:
        problems = list(refused.problems)
    for problem in problems:
        _must_quote_its_line(problem, folder)
    return problems


def sentence(problem: Problem, folder: Path) -> str:
    """Return a problem without the lines that quote."""
    return str(problem).splitlines()[0].replace(f"{folder}/", "")


def _must_quote_its_line(problem: Problem, folder: Path) -> None:
    path = Path(problem.place.file)
    assert path.is_relative_to(folder), problem
    assert path.exists() or problem.code == "missing-file", problem
    lines = path.read_text("utf-8").splitlines() if path.exists() else []
    line = lines[problem.place.line - 1] if problem.place.line <= len(lines) else ""
    assert problem.quoted == line, problem
    assert 1 <= problem.place.column <= len(line) + 1, problem
