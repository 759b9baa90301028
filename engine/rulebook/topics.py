"""What the classifications and alerts of a rulebook say, and in which order they can be asked."""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.problems import did_you_mean
from engine.rulebook.definitions import (
    AlertPart,
    Condition,
    Criterion,
    Rule,
    Topic,
)
from engine.rulebook.identities import is_name
from engine.rulebook.naming import UnresolvedError
from engine.rulebook.placeholders import words_of
from engine.rulebook.policies import read_duration
from engine.rulebook.scope import Scope
from engine.rulebook.terms import TRUTH, Constant, is_moment
from engine.rulebook.types import EventType, SeriesType
from engine.wording import describe

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from engine.rulebook.files import AlertFile, ClassifyFile, SeverityFile
    from engine.rulebook.loading import At, Loading
    from engine.rulebook.terms import Term


def read_classification(at: At, written: ClassifyFile, loading: Loading) -> Topic | None:
    """Return the classification, or None after noting what is wrong with it."""
    found = len(loading.problems)
    scope = scope_of(at, written.of, loading)
    _check_values(at, written, loading)
    rules = tuple(
        rule for index in range(len(written.rules))
        if (rule := _rule(at / "rules" / index, written, index, scope, loading)) is not None)
    _each_value_has_a_rule(at, written, loading)
    given = None if written.given is None else loading.condition(at / "given", scope)
    words = words_of([(rule.because, at / "rules" / index / "because")
                    for index, rule in enumerate(written.rules)], scope, loading)
    caveats = loading.caveats(at / "caveats", scope)
    _judged_at_nothing(at, written.of, found, loading)
    if len(loading.problems) > found:
        return None
    return Topic(written.name, written.title, tuple(written.values), written.policy, written.of,
                 given, written.fallback, rules, caveats, written.needs, at.place, words,
                 internal=written.internal, line=at.document.quote(at.place))


def read_alert(at: At, written: AlertFile, loading: Loading, held: Condition | None,
               alerts: set[str]) -> Topic | None:
    """Return the alert as a topic of one value; `held` must be true for it to be open."""
    found = len(loading.problems)
    scope = scope_of(at, written.of, loading)
    when = loading.condition(at / "when", scope)
    severities = _severities(at / "severity", written, scope, loading)
    advice = tuple(
        (text, condition) for index, line in enumerate(written.advice) for text in line
        if (condition := loading.condition(at / "advice" / index / text, scope)) is not None)
    words = words_of([(written.message, at / "message")], scope, loading)
    words |= words_of([(text, at / "advice" / index / text)
                     for index, line in enumerate(written.advice) for text in line],
                    scope, loading, key=True)
    if written.per_event and written.of is None:
        loading.report_key(at / "per_event", "per-event-of-nothing", "per_event without of",
                           "of: the event that each alert is about")
    sentences = [text for line in written.advice for text in line]
    for index, text in enumerate(sentences):
        if text in sentences[:index]:
            loading.report_key(at / "advice" / index / text, "value-twice", describe(text),
                               "each sentence once", "join the two conditions with any:")
    for index, name in enumerate(written.subsumes):
        if name in written.subsumes[:index]:
            loading.report(at / "subsumes" / index, "value-twice", repr(name), "each alert once",
                           "remove one of them")
        if name not in alerts:
            loading.unknown(at / "subsumes" / index, name, "an alert", alerts)
    cites = loading.cite(at / "cite")
    caveats = loading.caveats(at / "caveats", scope)
    again_after, quiet_for = (read_duration(at, written, key, loading)
                              for key in ("again_after", "quiet_for"))
    _judged_at_nothing(at, written.of, found, loading)
    if when is None or len(loading.problems) > found:
        return None
    rule = Rule(written.id, written.title, written.id, when, written.message, None, cites,
                at.place)
    part = AlertPart(severities, written.message, advice, tuple(written.subsumes),
                     written.per_event, again_after, quiet_for)
    return Topic(written.id, written.title, (written.id,), "first", written.of, held, None,
                 (rule,), caveats, written.needs, at.place, words, part,
                 line=at.document.quote(at.place))


def _judged_at_nothing(at: At, of: str | None, found: int, loading: Loading) -> None:
    """Tell once what is asked of an event throughout a topic that is judged at none."""
    asked = [each for each in loading.problems[found:] if each.code == "asked-elsewhere" or (
        each.code == "unknown-name" and "it is a field of" in each.advice)]
    if of is None and len(asked) > 1:
        for each in asked:
            loading.problems.remove(each)
        first = min(asked)
        loading.report(at, "of-missing", f"no of:, while {first.found} and {len(asked) - 1} more "
                       "are asked of an event", "of: the fact that is the event judged",
                       "add of:, or name each event itself")


def check_subsuming(alerts: Iterable[tuple[At, AlertFile]], loading: Loading) -> None:
    """Note each alert that would, in the end, be subsumed by itself."""
    wider = {written.id: written.subsumes for _, written in alerts}
    told: set[str] = set()
    for at, written in alerts:
        for index, name in enumerate(written.subsumes if written.id not in told else ()):
            reached, waiting = set(), [name]
            while waiting:
                if (each := waiting.pop()) not in reached:
                    reached.add(each)
                    waiting += wider.get(each, [])
            if written.id in reached:
                told |= reached
                loading.report(at / "subsumes" / index, "circle", f"{name!r} in {written.id!r}",
                               "alerts that do not subsume each other in a circle",
                               "let the wider alert subsume the narrower one")


def criteria(condition: Condition | None) -> list[Criterion]:
    """Return every criterion of a condition, in the order in which it is written."""
    if condition is None:
        return []
    if isinstance(condition, Criterion):
        return [condition]
    return [each for part in condition.parts for each in criteria(part)]


def is_always(condition: Condition) -> bool:
    """Whether a condition is nothing but `true`."""
    return isinstance(condition, Criterion) and condition.term == Constant(True, TRUTH)


def scope_of(at: At, of: str | None, loading: Loading) -> Scope:
    """Return what names mean in what is judged at an event, or at the present."""
    if of is None:
        return Scope(loading)
    blind = Scope(loading, blind=True)
    try:
        fact = loading.fact(of)
    except UnresolvedError:
        return blind
    if fact is None:
        kind = of in loading.vocabulary.kinds
        loading.unknown(at / "of", of, "a fact that is an event", () if kind else loading.declared,
                        f"it is a kind of event: declare a fact (latest: {of})" if kind else "")
        return blind
    if not isinstance(fact.type, EventType):
        loading.report(at / "of", "not-an-event", f"{of!r}, which is {fact.type}",
                       "a fact that is an event", f"declare one (latest: {of})" if isinstance(
                           fact.type, SeriesType) else "")
        return blind
    loading.use(of)
    return Scope(loading, fact.type, blind=of in loading.flawed)


def _rule(at: At, topic: ClassifyFile, index: int, scope: Scope,
          loading: Loading) -> Rule | None:
    written = topic.rules[index]
    if topic.values and written.value not in topic.values:
        loading.report(at / "value", "unknown-value", repr(written.value),
                       f"one of {', '.join(topic.values)}",
                       did_you_mean(written.value, topic.values)
                       or "add it to `values`, or name one of them")
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


def _check_values(at: At, written: ClassifyFile, loading: Loading) -> None:
    for key in ("values", "rules"):
        if not getattr(written, key):
            loading.report(at / key, f"no-{key}", "an empty list", f"at least one of the {key}")
    for index, value in enumerate(written.values):
        if value in written.values[:index]:
            loading.report(at / "values" / index, "value-twice", repr(value),
                           "each value once", "remove one of them")
        if not is_name(value):
            loading.report(at / "values" / index, "not-a-name", repr(value),
                           "letters, digits, _ and -, a letter first",
                           "expressions could not name it otherwise")


def _each_value_has_a_rule(at: At, written: ClassifyFile, loading: Loading) -> None:
    ruled = {rule.value for rule in written.rules} | {written.fallback}
    misspelt = {did_you_mean(value, written.values) for value in ruled - {*written.values} if value}
    for index, value in enumerate(written.values):
        told = value in written.values[:index] or did_you_mean(value, [value]) in misspelt
        if value not in ruled and not told and written.rules:
            loading.report(at / "values" / index, "value-without-rule", repr(value),
                           "a rule that gives each value", "write its rule or remove it")
    if written.fallback is not None and written.values and written.fallback not in written.values:
        loading.report(at / "fallback", "unknown-value", repr(written.fallback),
                       f"one of {', '.join(written.values)}",
                       did_you_mean(written.fallback, written.values)
                       or "add it to `values`, or name one of them")


def _severities(at: At, written: AlertFile, scope: Scope,
                loading: Loading) -> tuple[tuple[str, Condition | None], ...]:
    if isinstance(written.severity, str):
        return ((written.severity, None),)
    _check_severities(at, written.severity, loading)
    return tuple(
        (each.is_, None if each.when is None else loading.condition(at / index / "when", scope))
        for index, each in enumerate(written.severity))


def _check_severities(at: At, lines: Sequence[SeverityFile], loading: Loading) -> None:
    if not lines:
        loading.report(at, "no-severity", "an empty list", "at least one line")
    for index, line in enumerate(lines):
        last = index + 1 == len(lines)
        if last and all(each.when is not None for each in lines):
            loading.report(at / index, "severity-open", "a last line with `when`",
                           "a last line without", "add a line for every other case")
        if not last and line.when is None:
            loading.report(at / index, "severity-out-of-reach", "a line without `when`",
                           "it as the last line", "no line behind it is reached")
