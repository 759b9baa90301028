"""What the classifications and alerts of a rulebook say, and in which order they can be asked."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from engine.problems import did_you_mean
from engine.rulebook.definitions import (
    AlertPart,
    Condition,
    Criterion,
    Rule,
    Topic,
)
from engine.rulebook.expression import ExpressionError, parse_expression
from engine.rulebook.loading import UnresolvedFactError
from engine.rulebook.naming import MeaningError
from engine.rulebook.resolve import resolve
from engine.rulebook.scope import Scope
from engine.rulebook.terms import is_moment
from engine.rulebook.types import EventType

if TYPE_CHECKING:
    from collections.abc import Iterable

    from engine.rulebook.files import AlertFile, ClassifyFile
    from engine.rulebook.loading import At, Loading
    from engine.rulebook.terms import Term

_PLACEHOLDER = re.compile(r"\{([^{}]*)\}")


def read_classification(at: At, written: ClassifyFile, loading: Loading) -> Topic | None:
    """Return the classification, or None after noting what is wrong with it."""
    found = len(loading.problems)
    scope = _scope(at, written.of, loading)
    rules = tuple(
        rule for index in range(len(written.rules))
        if (rule := _rule(at / "rules" / index, written, index, scope, loading)) is not None)
    _each_value_has_a_rule(at, written, loading)
    given = None if written.given is None else loading.condition(at / "given", scope)
    words = _words([(rule.because, at / "rules" / index / "because")
                    for index, rule in enumerate(written.rules)], scope, loading)
    caveats = loading.caveats(at / "caveats", scope)
    if len(loading.problems) > found:
        return None
    return Topic(written.name, written.title, tuple(written.values), written.policy, written.of,
                 given, written.fallback, rules, caveats, written.needs, at.place, words,
                 internal=written.internal)


def read_alert(at: At, written: AlertFile, loading: Loading, held: Condition | None,
               alerts: set[str]) -> Topic | None:
    """Return the alert as a topic of one value; `held` must be true for it to be open."""
    found = len(loading.problems)
    scope = _scope(at, written.of, loading)
    when = loading.condition(at / "when", scope)
    severities = _severities(at / "severity", written, scope, loading)
    advice = tuple(
        (text, condition) for index, line in enumerate(written.advice) for text in line
        if (condition := loading.condition(at / "advice" / index / text, scope)) is not None)
    words = _words([(written.message, at / "message"),
                    *((text, at / "advice") for text, _ in advice)], scope, loading)
    for index, name in enumerate(written.subsumes):
        if name not in alerts:
            loading.report(at / "subsumes" / index, "unknown-name", repr(name), "an alert",
                           did_you_mean(name, alerts))
    cites = loading.cite(at / "cite")
    caveats = loading.caveats(at / "caveats", scope)
    if when is None or len(loading.problems) > found:
        return None
    rule = Rule(written.id, written.title, written.id, when, written.message, None, cites,
                at.place)
    part = AlertPart(severities, written.message, advice, tuple(written.subsumes),
                     written.per_event)
    return Topic(written.id, written.title, (written.id,), "first", written.of, held, None,
                 (rule,), caveats, written.needs, at.place, words, part)


def placeholders(text: str) -> list[str]:
    """Return the names in curly brackets of a message."""
    return _PLACEHOLDER.findall(text)


def criteria(condition: Condition | None) -> list[Criterion]:
    """Return every criterion of a condition, in the order in which it is written."""
    if condition is None:
        return []
    if isinstance(condition, Criterion):
        return [condition]
    return [each for part in condition.parts for each in criteria(part)]


def _scope(at: At, of: str | None, loading: Loading) -> Scope:
    if of is None:
        return Scope(loading)
    fact = None
    try:
        fact = loading.fact(of)
    except UnresolvedFactError:
        return Scope(loading)
    if fact is None or not isinstance(fact.type, EventType):
        loading.report(at / "of", "unknown-name", repr(of), "a fact that is an event",
                       did_you_mean(of, loading.declared))
        return Scope(loading)
    loading.use(of)
    return Scope(loading, fact.type)


def _rule(at: At, topic: ClassifyFile, index: int, scope: Scope,
          loading: Loading) -> Rule | None:
    written = topic.rules[index]
    if written.value not in topic.values:
        loading.report(at / "value", "unknown-value", repr(written.value),
                       f"one of {', '.join(topic.values)}",
                       did_you_mean(written.value, topic.values))
    when = loading.condition(at / "when", scope)
    dated = _dated(at, written.dated, scope, loading)
    cites = loading.cite(at / "cite")
    if when is None:
        return None
    return Rule(written.id, written.title, written.value, when, written.because, dated, cites,
                at.place)


def _dated(at: At, written: str | None, scope: Scope, loading: Loading) -> Term | None:
    if written is None:
        return None
    term = loading.term(at / "dated", scope)
    if term is not None and not is_moment(term.type):
        loading.report(at / "dated", "not-a-time", str(term.type), "an event or a time")
    return term


def _each_value_has_a_rule(at: At, written: ClassifyFile, loading: Loading) -> None:
    ruled = {rule.value for rule in written.rules} | {written.fallback}
    for index, value in enumerate(written.values):
        if value not in ruled:
            loading.report(at / "values" / index, "value-without-rule", repr(value),
                           "a rule that gives each value", "write its rule or remove it")
    if written.fallback is not None and written.fallback not in written.values:
        loading.report(at / "fallback", "unknown-value", repr(written.fallback),
                       f"one of {', '.join(written.values)}",
                       "add it to `values`, or name one of them")


def _severities(at: At, written: AlertFile, scope: Scope,
                loading: Loading) -> tuple[tuple[str, Condition | None], ...]:
    if isinstance(written.severity, str):
        return ((written.severity, None),)
    return tuple(
        (each.is_, None if each.when is None else loading.condition(at / index / "when", scope))
        for index, each in enumerate(written.severity))


def _words(texts: Iterable[tuple[str, At]], scope: Scope, loading: Loading) -> dict[str, Term]:
    """Return the term that each name in curly brackets stands for."""
    terms: dict[str, Term] = {}
    for text, at in texts:
        for name in placeholders(text):
            try:
                terms[name] = resolve(parse_expression(name), scope)
            except (MeaningError, ExpressionError) as fault:
                loading.report(at, "unknown-placeholder", f"{{{name}}}",
                               "a fact, parameter or conclusion in curly brackets",
                               getattr(fault, "advice", ""))
            except UnresolvedFactError:
                continue
    return terms
