"""Is each classification exhaustive and disjoint, and can every rule and alert ever matter?

For each question there is a proof over all states of the inputs, or the smallest state that
answers it otherwise, or neither within the time that was given.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING

from engine.problems import Problem
from engine.proof.changes import says_unknown
from engine.proof.encoding import Encoder
from engine.proof.inputs import Inputs
from engine.proof.solving import Found, Solver
from engine.proof.topics import Judged, judged
from engine.proof.values import Formula, all_of, any_of, no
from engine.proof.witness import Witness, witness_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from engine.problems import Place
    from engine.rulebook.definitions import Rule, Rulebook, Topic

SECONDS = 10.0  # for each question; the rulebooks that ship need hundredths


@dataclass(frozen=True, slots=True)
class Answer:
    """Whether there is such a state, and the smallest; `open` where time ran out."""

    found: Found
    witness: Witness | None = None


@dataclass(frozen=True, slots=True)
class Overlap:
    """Two values whose rules are both true; the first stands."""

    stands: str
    hidden: str
    answer: Answer


@dataclass(frozen=True, slots=True)
class Never:
    """Something of the rulebook that no state can bring about, or `open`: not shown in time.

    It is `meant` where the author wrote `unknown`: such a rule leaves its value open.
    """

    what: str
    reason: str
    found: Found
    place: Place
    meant: bool = False


@dataclass(frozen=True, slots=True)
class TopicProof:
    """What was proved of one topic.

    `silent`: states in which every rule is surely false. `undecided`: states in which none is
    certain and one may be true, which give the fallback or nothing. `takes` are its inputs.
    """

    topic: Topic
    silent: Answer
    undecided: Answer
    overlaps: tuple[Overlap, ...]
    never: tuple[Never, ...]
    takes: tuple[str, ...]

    @property
    def disjoint(self) -> Found:
        """Whether no two values can be true at once."""
        if any(each.answer.found == "yes" for each in self.overlaps):
            return "no"
        return "open" if self.overlaps else "yes"


def prove(rulebook: Rulebook, seconds: float = SECONDS) -> list[TopicProof]:
    """Return what can be proved of every topic, in the order in which they are judged."""
    return [prove_topic(rulebook, topic, seconds) for topic in rulebook.topics]


def prove_topic(rulebook: Rulebook, topic: Topic, seconds: float = SECONDS) -> TopicProof:
    """Return what can be proved of one topic."""
    inputs = Inputs(censored=True)
    encoder = Encoder(rulebook, inputs)
    found = judged(topic, encoder)
    details = list(_details(found, encoder))
    solver = Solver(inputs, seconds)
    arises = found.given.yes
    overlaps = [] if topic.alert else list(_overlaps(found, solver))
    return TopicProof(
        topic,
        _answer(solver, all_of(arises, found.silent)),
        _answer(solver, all_of(arises, found.undecided)),
        tuple(overlaps),
        tuple(_never(found, details, solver, encoder)),
        tuple(dict.fromkeys(
            one.name for one in inputs.all.values() if one.words != "here")))


def _answer(solver: Solver, formula: Formula) -> Answer:
    found = solver.holds_somewhere(formula)
    if found != "yes":
        return Answer(found)
    model = solver.smallest(formula)
    return Answer("yes", None if model is None else witness_of(model, solver.inputs))


def _overlaps(found: Judged, solver: Solver) -> Iterator[Overlap]:
    for first, second in combinations(found.topic.values, 2):
        both = all_of(found.certain(first), found.certain(second))
        answer = _answer(solver, all_of(found.stands(first), both))
        if answer.found != "yes":
            answer = _answer(solver, both)
        if answer.found != "no":
            yield Overlap(first, second, answer)


def _never(found: Judged, details: list[tuple[str, Formula]], solver: Solver,
           encoder: Encoder) -> Iterator[Never]:
    alert = found.topic.alert is not None
    for rule, truth in found.rules:
        what = "the alert" if alert else f"rule {rule.id}"
        is_true = solver.holds_somewhere(truth.yes)
        if is_true != "yes":
            open_ = is_true == "no" and says_unknown(rule.when, encoder.rulebook)
            yield Never(what, f"can only leave {rule.value} open, never be true" if open_
                        else "can never be true", is_true, rule.place, meant=open_)
            continue
        decides = solver.holds_somewhere(found.decides(rule))
        if decides != "yes":
            hiding = _hiding(found, rule, solver)
            yield Never(what, f"never decides: wherever it is true, so is {hiding}", decides,
                        rule.place)
    for what, formula in details:
        shown = solver.holds_somewhere(formula)
        if shown != "yes":
            yield Never(what, "can never be shown", shown, found.topic.place)


def _hiding(found: Judged, rule: Rule, solver: Solver) -> str:
    """Return which rules are true whenever a rule is: one of them, if one is enough."""
    rank = found.topic.values.index(rule.value)
    mine = next(truth for each, truth in found.rules if each is rule)
    before: list[str] = []
    for each, truth in found.rules:
        if each is rule and not before:
            continue
        earlier = found.topic.values.index(each.value) < rank
        if earlier or (each.value == rule.value and _stands_before(found, each, rule)):
            if solver.holds_somewhere(all_of(mine.yes, no(truth.yes))) == "no":
                return each.id
            before.append(each.id)
    return " and ".join(before)


def _stands_before(found: Judged, one: Rule, other: Rule) -> bool:
    order = [rule for rule, _ in found.rules]
    return order.index(one) < order.index(other)


def _details(found: Judged, encoder: Encoder) -> Iterator[tuple[str, Formula]]:
    """Yield what is shown beside the value, and when it is."""
    topic, place = found.topic, encoder.place(found.topic.of)
    fallback = found.undecided if topic.fallback is not None else False
    shown = any_of(*(truth.yes for _, truth in found.rules), fallback)
    for caveat in topic.caveats:
        yield f"caveat {caveat.name}", all_of(shown, encoder.condition(caveat.when, place).yes)
    if topic.alert is None:
        return
    before: list[Formula] = []
    for severity, when in topic.alert.severities:
        holds = encoder.condition(when, place).yes
        yield f"severity {severity}", all_of(shown, holds, *(no(each) for each in before))
        before.append(holds)
    for text, when in topic.alert.advice:
        yield f"advice {text!r}", all_of(shown, encoder.condition(when, place).yes)


def problems_of(proofs: list[TopicProof]) -> list[Problem]:
    """Return the classifications declared unique whose values are not disjoint."""
    return [
        Problem(proof.topic.place, "not-disjoint",
                f"{each.stands} and {each.hidden} both true where {each.answer.witness}",
                f"at most one value of {proof.topic.name} in every state (policy: unique)",
                "tighten one of the rules, or say `policy: first` and order the values",
                proof.topic.line)
        for proof in proofs if proof.topic.policy == "unique"
        for each in proof.overlaps if each.answer.found == "yes"
    ]
