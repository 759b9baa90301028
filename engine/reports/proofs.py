"""What the author of a rulebook reads of the proofs over its rules."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from engine.counting import counted
from engine.proof.available import HOW_TO_INSTALL, solver_is_installed
from engine.request import RequestError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from engine.problems import Place, Problem
    from engine.proof.proving import Answer, Never, TopicProof
    from engine.rulebook.definitions import Rulebook

NOT_CHECKED = (
    "Not checked: whether each classification is exhaustive and disjoint, and whether every rule "
    "and alert can matter; for these proofs, {how}."
)
ASSUMPTION = (
    "A fact that looks at the timeline, and a conclusion of another topic, may be anything of its "
    "type here, and a parameter with dates have any of its values: what is proved holds for every "
    "patient; a witness is a patient only if such facts can stand together.")


class Proofs:
    """What can be proved of a rulebook, once it was found to load; nothing without the solver."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._found: list[TopicProof] | None = None
        self._written = ""

    def __call__(self, rulebook: Rulebook) -> list[Problem]:
        """Prove what can be proved; return where what is declared unique is not disjoint."""
        if not solver_is_installed():
            return []
        from engine.proof.proving import problems_of, prove

        self._found = prove(rulebook, self._seconds)
        return problems_of(self._found)

    def write(self, file: str, rulebook: Rulebook, folder: Path) -> None:
        """Write the witnesses into a file of examples; say so at the end."""
        if self._found is not None:
            self._written = _written(file, self._found, rulebook, folder)

    def in_words(self) -> Iterator[str]:
        """Yield what is printed: what was proved, or that nothing could be."""
        if not solver_is_installed():
            yield NOT_CHECKED.format(how=HOW_TO_INSTALL)
        if self._found is not None:
            yield from proofs_in_words(self._found, self._seconds)
        if self._written:
            yield self._written

    def record(self) -> dict[str, Any] | None:
        """Return what was proved as a record; None for a rulebook that does not load."""
        if not solver_is_installed():
            return {"not_checked": NOT_CHECKED.format(how=HOW_TO_INSTALL)}
        if self._found is None:
            return None
        return proofs_record(self._found) | (
            {"witnesses": self._written} if self._written else {})


def proofs_in_words(proofs: Sequence[TopicProof], seconds: float) -> Iterator[str]:
    """Yield the lines: each classification, then what can never matter, then what was assumed."""
    classified = [proof for proof in proofs if proof.topic.alert is None]
    for proof in classified:
        yield f"{proof.topic.name} ({_short(proof.topic.place)})"
        yield from (f"  {line}" for line in _classification(proof, seconds))
    never = [(proof, each) for proof in proofs for each in proof.never]
    findings = [(proof, each) for proof, each in never if not each.meant]
    meant = [(proof, each) for proof, each in never if each.meant]
    if not findings:
        yield "Every rule can decide, and every alert, severity, advice and caveat can be shown."
    for heading, listed in (("Findings:", findings), ("As it may be meant:", meant)):
        if listed:
            yield heading
            yield from (f"  {_never(proof, each, seconds)}" for proof, each in listed)
    yield ASSUMPTION


def proofs_record(proofs: Sequence[TopicProof]) -> dict[str, Any]:
    """Return the proofs as a record, with the inputs of each topic."""
    return {"topics": [_record(proof) for proof in proofs], "assumption": ASSUMPTION}


def _written(file: str, proofs: Sequence[TopicProof], rulebook: Rulebook, folder: Path) -> str:
    from engine.examples.reading import load_shorthands
    from engine.proof.examples import example_file

    text, made, left = example_file(proofs, rulebook, load_shorthands(folder, rulebook))
    try:
        Path(file).write_text(text, encoding="utf-8")
    except OSError as error:
        raise RequestError(f"{file}: found {error.strerror or 'an error'}, expected a file that "
                           "can be written") from None
    return (f"{file}: {made} witnesses as examples, each tried on the engine; {left} more as "
            "comments, which say what a patient must have.")


def _classification(proof: TopicProof, seconds: float) -> Iterator[str]:
    yield from _exhaustive(proof, seconds)
    open_ = [each for each in proof.overlaps if each.answer.found == "open"]
    overlaps = [each for each in proof.overlaps if each.answer.found == "yes"]
    if not proof.overlaps:
        yield "disjoint: no two values are true at once"
    if overlaps:
        yield f"{counted(len(overlaps), 'overlap is', 'overlaps are')} decided by precedence"
    for each in overlaps:
        yield (f"  {_state(each.answer)}: {each.stands} and {each.hidden}; "
               f"{each.stands} stands by precedence")
    for each in open_:
        yield f"whether {each.stands} and {each.hidden} overlap was {_not_proved(seconds)}"


def _exhaustive(proof: TopicProof, seconds: float) -> Iterator[str]:
    fallback, silent, undecided = proof.topic.fallback, proof.silent, proof.undecided
    where = " where the question arises" if proof.topic.given is not None else ""
    open_ = [answer for answer in (silent, undecided) if answer.found == "open"]
    if open_:
        yield f"whether it is exhaustive was {_not_proved(seconds)}"
    elif silent.found == "no" and (undecided.found == "no" or fallback):
        by = f", or the fallback {fallback}" if undecided.found == "yes" else ""
        yield f"exhaustive: a value{by}, in every state{where}"
    if silent.found == "yes":
        yield f"no conclusion where every rule is surely false: {_state(silent)}"
    if undecided.found == "yes" and not fallback:
        yield f"undecided, with no fallback declared: {_state(undecided)}"


def _never(proof: TopicProof, never: Never, seconds: float) -> str:
    name = proof.topic.name
    what = never.what if never.what.startswith("rule ") else f"{name}: {never.what}"
    said = f"{_short(never.place)}: {what} {never.reason}"
    return said if never.found == "no" else f"{said}: {_not_proved(seconds)}"


def _state(answer: Answer) -> str:
    return str(answer.witness) if answer.witness else "(a state that was not found in time)"


def _not_proved(seconds: float) -> str:
    return f"not proved within {seconds:g} s"


def _short(place: Place) -> str:
    return f"{Path(place.file).name}:{place.line}"


def _record(proof: TopicProof) -> dict[str, Any]:
    def answer(one: Answer) -> dict[str, Any]:
        return {"exists": {"yes": True, "no": False}.get(one.found),
                "witness": str(one.witness) if one.witness else None}

    return {
        "name": proof.topic.name,
        "alert": proof.topic.alert is not None,
        "place": str(proof.topic.place),
        "policy": proof.topic.policy,
        "fallback": proof.topic.fallback,
        "silent": answer(proof.silent),
        "undecided": answer(proof.undecided),
        "overlaps": [{"stands": each.stands, "hidden": each.hidden, **answer(each.answer)}
                     for each in proof.overlaps],
        "never": [{"what": each.what, "reason": each.reason, "place": str(each.place),
                   "proved": each.found == "no", "meant": each.meant} for each in proof.never],
        "inputs": list(proof.takes),
    }
