"""What does a rulebook declare that nothing in it ever uses?"""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.rulebook.definitions import Window
from engine.rulebook.strata import deciding_terms, detail_terms, fact_terms
from engine.rulebook.terms import Among, Ask, Conclusion, Term, Verdict, walk

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from engine.rulebook.checks.notes import Notes
    from engine.rulebook.definitions import Rulebook

OWN = "project-default"


def check_usage(notes: Notes) -> None:
    """Note every parameter, fact, source, passage and set that could be removed."""
    used = notes.loaded.loading.used
    fields = _fields(notes)
    for name in notes.rulebook.parameters:
        if name not in used:
            notes.warn_key(notes.at_name("parameters.yaml", name), "unused-parameter",
                           f"the parameter {name!r}, which nothing names",
                           "a rule, fact or parameter that names it", "a field is called so, and "
                           "hides it: rename it" if name in fields else "use it or remove it")
    _facts(notes)
    _conclusions(notes)
    _sources(notes, used)
    _sets(notes)


def _fields(notes: Notes) -> set[str]:
    return {key for kind in notes.rulebook.vocabulary.kinds.values() for key in kind.fields}


def _facts(notes: Notes) -> None:
    """Note each fact that no answer rests on; what only serves it is told with it."""
    declared, fields = notes.loaded.loading.declared, _fields(notes)
    reached = _reached(_roots(notes.rulebook), notes)
    idle = {name: _reached([name], notes) - reached for name in declared if name not in reached}
    tops = {name: served for name, served in idle.items() if not any(
        name in others for other, others in idle.items() if other != name)}
    for name, served in tops.items():
        shared = {each for other, others in tops.items() if other != name for each in others}
        rest = sorted(served - shared - {name})
        also = f", nor for what serves only it ({', '.join(rest)})" if rest else ""
        notes.warn_key(declared[name], "unused-fact", f"the fact {name!r}, which no rule, message "
                       f"or summary asks for{also}", "a fact that something rests on",
                       "a field is called so, and hides it: rename it" if name in fields else
                       "use it in a rule, show it in the summary, or remove it")


def _roots(rulebook: Rulebook) -> Iterator[str]:
    """Yield every fact that a conclusion, an alert or the summary names itself."""
    yield from rulebook.summary.values()
    for topic in rulebook.topics:
        if topic.of is not None:
            yield topic.of
        yield from _named([*deciding_terms(topic, rulebook.facts), *detail_terms(topic)])


def _named(terms: Iterable[Term]) -> Iterator[str]:
    for whole in terms:
        yield from (term.fact for term in walk(whole) if isinstance(term, Ask))


def _reached(names: Iterable[str], notes: Notes) -> set[str]:
    """Return the facts that are asked when these are, patterns of `like` included."""
    facts, declared = notes.rulebook.facts, notes.loaded.loading.declared
    found: set[str] = set()
    waiting = list(names)
    while waiting:
        name = waiting.pop()
        if name in found or name not in facts:
            continue
        found.add(name)
        waiting += _named(fact_terms(facts[name], facts))
        written = declared[name].value
        if isinstance(written, dict) and "like" in written:
            waiting.append(str(written["like"]))
    return found


def _conclusions(notes: Notes) -> None:
    """Note each internal classification that nothing reads."""
    rulebook = notes.rulebook
    read = set(rulebook.summary.values())
    for topic in rulebook.topics:
        read |= _read([*deciding_terms(topic, rulebook.facts), *detail_terms(topic)]) - {topic.name}
    for fact in rulebook.facts.values():
        read |= _read(fact_terms(fact, rulebook.facts))
        window = getattr(fact.operation, "window", None)
        read |= set(window.topics) if isinstance(window, Window) else set()
    for at, topic in notes.topics():
        if topic.internal and topic.name not in read:
            notes.warn(at / "name", "unused-conclusion", f"{topic.name!r}, which is internal, and "
                       "which nothing reads", "a conclusion that is shown, or that something reads",
                       "use it, remove it, or remove `internal: true`")


def _read(terms: Iterable[Term]) -> set[str]:
    return {term.topic for whole in terms for term in walk(whole)
            if isinstance(term, Conclusion | Verdict)}


def _sources(notes: Notes, used: set[str]) -> None:
    """Note sources and passages that nothing cites.

    A passage of the project's own may say what no number says, and so stands for itself.
    """
    for key, (citation, passages) in notes.loaded.loading.citations.items():
        at = notes.at_name("citations.yaml", key)
        if f"cite {key}" not in used:
            notes.warn_key(at, "unused-citation", f"the source {key!r}, which nothing cites",
                           "a parameter or rule that cites it", "cite it or remove it")
            continue
        for passage in passages if citation.status != OWN else ():
            if f"cite {key} {passage}" not in used:
                notes.warn_key(at / "passages" / passage, "unused-passage",
                               f"the passage {passage!r} of {key!r}, which nothing cites",
                               "a parameter or rule that cites it", "cite it or remove it")


def _sets(notes: Notes) -> None:
    rulebook, vocabulary = notes.rulebook, notes.rulebook.vocabulary
    terms = [term for _, term in notes.loaded.loading.terms]
    used = {term.name for whole in terms for term in walk(whole) if isinstance(term, Among)}
    tables = [frozenset(parameter.table) for parameter in rulebook.parameters.values()]
    for name, values in vocabulary.sets.items():
        if name not in used and values not in tables:
            notes.warn_key(notes.at_name("vocabulary.yaml", "sets") / name, "unused-set",
                           f"the set {name!r}, which nothing names", "a condition `in` it",
                           "use it or remove it")
