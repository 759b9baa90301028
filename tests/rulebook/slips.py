"""Slips of the pen, as authors make them: each changes one token of a rulebook.

``python tests/rulebook/slips.py [COUNT] [SEED] [FOLDER]`` makes many, and prints those that are
told badly: not at all, or more than five times.
"""

from __future__ import annotations

import random
import re
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from engine.problems import Problem, RulebookError
from engine.rulebook.checks.suspicions import suspicions
from engine.rulebook.loader import read_rulebook

PROSE = re.compile(r"\b(about|title|because|message|needs|source|intended_use|passages|quote|says|"
                   r"channel|version|id):")
KEY = re.compile(r"(?<=[ {])([a-z_]+)(?=: )|^([a-z_]+)(?=:)")
NAME = re.compile(r"(?<![\w.\"'-])[a-z][a-z_]{3,}(?![\w\"':-])")
OPERATORS = {">=": "=>", "<=": "=<", "==": "=", " and ": " && ", " or ": " || ", " not ": " ! ",
             " < ": " << "}
LOOKALIKES = {"a": "\u0430", "e": "\u0435", "o": "\u043e", "i": "\u0456", "c": "\u0441"}
MOST = {"indented": 12}
"""So often may one slip be told, or else five times: what is moved out may tear much apart."""


@dataclass(frozen=True)
class Slip:
    """One changed file; `must`: the meaning is broken, so that something must be said."""

    kind: str
    file: str
    before: str
    after: str
    text: str
    must: bool

    def __str__(self) -> str:
        return f"{self.kind} in {self.file}: {self.before!r} -> {self.after!r}"


def slip(texts: dict[str, str], rng: random.Random) -> Slip | None:
    """Return one slip somewhere in the files, or None where this kind found nothing to change."""
    kind = rng.choice(sorted(KINDS))
    file = rng.choice(sorted(texts))
    text = texts[file]
    changes = list(KINDS[kind](text, rng))
    if not changes:
        return None
    start, end, new, must = rng.choice(changes)
    if text[start:end] == new:
        return None
    return Slip(kind, file, text[start:end], new, text[:start] + new + text[end:], must)


Change = tuple[int, int, str, bool]


def lines(text: str) -> Iterator[tuple[int, str]]:
    """Yield the lines that are no prose, with where they begin."""
    at, prose = 0, -1
    for line in text.splitlines(keepends=True):
        indent = len(line) - len(line.lstrip())
        if prose >= 0 and indent > prose:
            at += len(line)
            continue
        prose = indent if re.search(r":\s*(>-?|\|-?)\s*$", line) or (
            re.match(r"\s*passages:\s*$", line)) else -1
        bare = line.split(" #")[0]
        if bare.strip() and not bare.lstrip().startswith("#") and prose < 0:
            found = PROSE.search(bare)
            yield at, bare[:found.start()] if found else bare
        at += len(line)


def misspelt(word: str, rng: random.Random) -> str:
    at = rng.randrange(1, len(word))
    return rng.choice([word[:at] + word[at - 1] + word[at:], word[:at] + "q" + word[at + 1:]])


def names(text: str, rng: random.Random) -> Iterator[Change]:
    for at, line in lines(text):
        for found in NAME.finditer(line):
            if line[:found.start()].strip():
                yield at + found.start(), at + found.end(), misspelt(found[0], rng), False


def conditions(text: str, rng: random.Random) -> Iterator[Change]:
    """Yield misspelt names in conditions: these always break the meaning."""
    for at, line in lines(text):
        found = re.search(r"(?:when|where|is): ([a-z_]+) (?:>=|<=|<|>) ", line)
        if found:
            yield at + found.start(1), at + found.end(1), misspelt(found[1], rng) + "q", True


def keys(text: str, rng: random.Random) -> Iterator[Change]:
    for at, line in lines(text):
        for found in KEY.finditer(line):
            if len(found[0]) > 1:
                yield at + found.start(), at + found.end(), misspelt(found[0], rng), False


def gone(text: str, _rng: random.Random) -> Iterator[Change]:
    for at, line in lines(text):
        if re.match(r"\s*[a-z_]+: \S", line) and line.endswith("\n"):
            yield at, at + len(line), "", False


def doubled(text: str, _rng: random.Random) -> Iterator[Change]:
    for at, line in lines(text):
        if re.match(r"\s*[a-z_]+: [\w\"]", line) and line.endswith("\n"):
            yield at, at + len(line), line * 2, True


def units(text: str, _rng: random.Random) -> Iterator[Change]:
    for at, line in lines(text):
        for found in re.finditer(r"(?<=unit: )[\w/*%]+(?=,)", line):
            if re.search(r"value: [\d\[]", line):
                other = "days" if "day" not in found[0] and found[0] not in "dh" else "mg/d"
                yield at + found.start(), at + found.end(), other, found[0] == "days"


def operators(text: str, _rng: random.Random) -> Iterator[Change]:
    for at, line in lines(text):
        for old, new in OPERATORS.items():
            if (column := line.find(old)) >= 0 and re.search("when|where|if|is:|- ", line):
                yield at + column, at + column + len(old), new, True


def unquoted(text: str, _rng: random.Random) -> Iterator[Change]:
    for at, line in lines(text):
        for found in re.finditer(r'"[^"]+"', line):
            yield at + found.start(), at + found.end(), found[0][1:-1], False


def indented(text: str, rng: random.Random) -> Iterator[Change]:
    for at, line in lines(text):
        if line.startswith("  "):
            yield at, at, " " * rng.randrange(1, 4), False
            yield at, at + rng.randrange(1, 3), "", False


def lookalikes(text: str, rng: random.Random) -> Iterator[Change]:
    for at, line in lines(text):
        for found in re.finditer(r"(?:when|where|is): ([a-z_]+) (?:>=|<=|<|>) ", line):
            column = found.start(1) + rng.randrange(len(found[1]))
            if line[column] in LOOKALIKES:
                yield at + column, at + column + 1, LOOKALIKES[line[column]], True
        for old, new in ((">= ", "\u2265 "), (": ", ":\u00a0"), (" - ", " \u2212 "),
                         ('"', "\u201c")):
            if (column := line.find(old)) >= 0:
                yield at + column, at + column + len(old), new, False


def tabs(text: str, _rng: random.Random) -> Iterator[Change]:
    for at, line in lines(text):
        if line.startswith("  ") and line.strip()[:1] not in "}]":
            yield at, at + 2, "\t", False


def huge(text: str, rng: random.Random) -> Iterator[Change]:
    for at, line in lines(text):
        for found in re.finditer(r"(?<=value: )[0-9.]+(?=, *unit: days)", line):
            yield at + found.start(), at + found.end(), "9" * rng.choice([7, 29, 31, 400]), True
        for found in re.finditer(r"(?<=[ \[])[0-9][0-9.]*(?=[,\]}])", line):
            yield at + found.start(), at + found.end(), rng.choice(["9" * 29, "1e400", "-1"]), False


KINDS: dict[str, Callable[[str, random.Random], Iterator[Change]]] = {
    "name": names, "condition": conditions, "key": keys, "gone": gone, "doubled": doubled,
    "unit": units, "operator": operators, "unquoted": unquoted, "indented": indented,
    "lookalike": lookalikes, "tab": tabs, "huge": huge}


def told(folder: Path) -> list[Problem]:
    """Return what is said of a rulebook: errors of the loader, or else suspicions."""
    try:
        return suspicions(read_rulebook(folder))
    except RulebookError as refused:
        return list(refused.problems)


def files_of(folder: Path) -> dict[str, str]:
    return {path.name: path.read_text("utf-8") for path in folder.glob("*.yaml")
            if not path.name.endswith(".examples.yaml")}


def put(folder: Path, texts: dict[str, str], one: Slip) -> None:
    for file, text in (texts | {one.file: one.text}).items():
        (folder / file).write_text(text, encoding="utf-8", newline="")


def main() -> None:
    """Make slips, and print what is told badly."""
    tiny = str(Path(__file__).parent / "tiny")
    wished = [*sys.argv[1:], *("300", "0", tiny)[len(sys.argv) - 1:]]
    count, seed, home = int(wished[0]), int(wished[1]), Path(wished[2])
    texts, rng, counts = files_of(home), random.Random(seed), Counter[str]()
    for _ in range(count):
        if (one := slip(texts, rng)) is None:
            continue
        with tempfile.TemporaryDirectory() as folder:
            put(Path(folder), texts, one)
            problems = told(Path(folder))
            counts[f"{one.kind}: {'told' if problems else 'loads'}"] += 1
            if (one.must and not problems) or len(problems) > MOST.get(one.kind, 5):
                print(f"--- {one}: {len(problems)} problems")
                for problem in problems[:8]:
                    print("   ", str(problem).splitlines()[0].replace(f"{folder}/", "")[:180])
    print(dict(sorted(counts.items())))


if __name__ == "__main__":
    main()
