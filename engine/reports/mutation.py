"""What the author of a rulebook reads of the changes that its examples do not notice."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any

from engine.counting import counted
from engine.mutation.running import Judgement
from engine.proof.available import HOW_TO_INSTALL, solver_is_installed

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

_SAME = "changes no meaning"
_WHY_SAME = "proved: the same is concluded and shown in every state of what the rules read"


def print_judgements(echo: Callable[[str], None], judged: Iterable[Judgement]) -> list[Judgement]:
    """Print each mutant that survives or changes no meaning as it is found, then the numbers."""
    found = []
    for one in judged:
        found.append(one)
        if one.fate in {"survived", "same"}:
            for line in _in_words(one):
                echo(line)
    echo(_numbers(found))
    if not solver_is_installed() and any(one.fate == "survived" for one in found):
        echo("Not checked: which of the survivors change no meaning at all; for these proofs, "
             f"{HOW_TO_INSTALL}.")
    return found


def mutation_record(judged: Sequence[Judgement]) -> dict[str, Any]:
    """Return what became of every mutant as a record."""
    return {"mutants": [
        {"place": str(one.mutant.place), "kind": one.mutant.kind, "before": one.mutant.before,
         "after": one.mutant.after, "fate": one.fate, "by": one.by or None,
         "hint": one.hint or None}
        for one in judged]}


def survivors(judged: Sequence[Judgement]) -> int:
    """Return how many mutants change the meaning, and no example notices."""
    return sum(one.fate == "survived" for one in judged)


def _in_words(one: Judgement) -> list[str]:
    mutant = one.mutant
    place = f"{Path(mutant.place.file).name}:{mutant.place.line}"
    word = "survives" if one.fate == "survived" else _SAME
    lines = [f"{place}: {word}: {mutant.kind}", f"    was  {mutant.before}",
             f"    now  {mutant.after}"]
    if one.fate == "survived":
        lines.append(f"    kill it with an example: {one.hint or _advice(one)}")
    return lines


def _advice(one: Judgement) -> str:
    kind, before, after = one.mutant.kind, one.mutant.before, one.mutant.after
    if kind in {"threshold moved", "window moved"}:
        return f"one at the edge, between {before} and {after}"
    if kind == "boundary moved":
        return "one in which both sides are equal"
    if kind == "bound exchanged":
        return "one with an event at the very time that bounds the window"
    if kind.endswith("left out"):
        return f"one in which the name is {kind.removesuffix(' left out')}, and expect what follows"
    if kind.endswith("dropped") and after == "nothing":
        return "one that expects it to be shown, and names it"
    return "one in which the two come to something else, and expect what follows"


def _numbers(found: Sequence[Judgement]) -> str:
    fates = Counter(one.fate for one in found)
    readable = len(found) - fates["unreadable"]
    return (f"{counted(readable, 'mutant')}: {fates['killed']} killed, "
            f"{counted(fates['same'], 'changes', 'change')} no meaning"
            f"{f' ({_WHY_SAME})' if fates['same'] else ''}, "
            f"{fates['survived'] or 'none'} survive{'s' if fates['survived'] == 1 else ''}")
