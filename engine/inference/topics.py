"""What a rulebook's topics ask of the network: criteria as symbols, conditions as formulas."""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.inference.clauses import compile_topic
from engine.inference.faults import TopicTooLargeError
from engine.inference.formula import All, AnyOf, Formula, Literal, negate
from engine.inference.formula import Topic as AskedTopic
from engine.problems import Problem, RulebookError
from engine.rulebook.definitions import Condition, Criterion, Topic

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence


def asked_topics(topics: Iterable[Topic]) -> list[AskedTopic]:
    """Return each topic with its rules as outcomes; a criterion's symbol is its own text."""
    return [
        AskedTopic(topic.name, tuple(
            (rule.id, All((_given(topic.given), formula_of(rule.when)))) for rule in topic.rules))
        for topic in topics
    ]


def refuse_too_large(topics: Sequence[Topic]) -> None:
    """Raise RulebookError with every topic that goes beyond what a network can hold."""
    problems = []
    for topic, asked in zip(topics, asked_topics(topics), strict=True):
        try:
            compile_topic(asked)
        except TopicTooLargeError as error:
            problems.append(Problem(topic.place, "topic-too-large", error.found, error.expected,
                                    "split it into several topics", topic.line))
    if problems:
        raise RulebookError(problems)


def formula_of(condition: Condition) -> Formula:
    """Return the formula of a condition."""
    if isinstance(condition, Criterion):
        return Literal(condition.text, True)
    inner = tuple(formula_of(part) for part in condition.parts)
    if condition.word == "none":
        return negate(AnyOf(inner))
    return All(inner) if condition.word == "all" else AnyOf(inner)


def _given(condition: Condition | None) -> Formula:
    return All(()) if condition is None else formula_of(condition)
