"""The parts of a rulebook that are tables: parameters, sources, events, severities, overrides."""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.document.parts import Grid, Row, Span, Words, joined, say
from engine.document.topics import duration, source
from engine.events.kinds import COMMON_FIELDS
from engine.facts.wording import readable

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from engine.document.since import Since
    from engine.events.kinds import Kind
    from engine.rulebook.definitions import Citation, Parameter, Rulebook

_STATUSES = {"published": "published", "label": "product label", "laboratory": "laboratory",
             "project-default": "default of this rulebook, not published",
             "site": "decision of a site, not published"}
_LINKED = {"parameter": "parameter", "fact": "fact", "classification": "topic", "alert": "topic",
           "rule": "rule", "severity": "severity", "topic": "chapter"}


def parameters(rulebook: Rulebook, since: Since, names: Collection[str] | None = None) -> Grid:
    """Return the parameters, all or those named: each with value, unit, source and decisions."""
    chosen = [each for name, each in rulebook.parameters.items()
              if names is None or name in names]
    return Grid(("parameter", "value", "what it is", "source"), tuple(
        Row((say(Span(each.name, "code"), since.bracketed("parameter", each.name)),
             say(Span(_given(each), "strong")),
             say(each.about, _before(each, rulebook)), source(each.cite)),
            f"parameter-{each.name}") for each in chosen))


def _given(parameter: Parameter) -> str:
    set_ = " (set for this run)" if parameter.override else ""
    return readable(parameter.given) + set_


def _before(parameter: Parameter, rulebook: Rulebook) -> Words:
    """Return what a parameter was before it was set or overridden."""
    words = [f" Before this run: {readable(parameter.override.partition(' -> ')[0])}."
             ] if parameter.override else []
    for each in rulebook.overrides:
        if (each.what, each.name) == ("parameter", parameter.name):
            words += [f" {key} was {before or 'not given'} before {each.rulebook}."
                      for key, before, _ in each.changes]
    return say(*words)


def overrides(rulebook: Rulebook) -> Grid:
    """Return what is said otherwise than in the rulebook that is extended, by whom and why."""
    return Grid(("what", "before", "now", "decided by", "reason"), tuple(
        Row((say(f"{each.what} ", Span(each.name, "code", f"{_LINKED[each.what]}-{each.name}"),
                 f": {key}"), say(before or "(nothing)"), say(after or "(nothing)"),
             say(each.author, f", {each.decided}" if each.decided else "", f" ({each.rulebook})"),
             say(each.reason)))
        for each in rulebook.overrides for key, before, after in each.changes))


def severities(rulebook: Rulebook) -> Grid:
    """Return how alerts of each severity reach somebody, and how long they may be put off."""
    headings = ("severity", "how it reaches somebody", "asks again after", "longest snooze")
    return Grid(headings, tuple(
        Row((say(Span(name, "strong")), say(each.channel),
             say(duration(each.again_after) if each.again_after else "never"),
             say(duration(each.longest_snooze) if each.longest_snooze else "any")),
            f"severity-{name}") for name, each in rulebook.severities.items()))


def events(rulebook: Rulebook) -> Grid:
    """Return the kinds of event, and what each may hold."""
    return Grid(("event", "name", "fields"), tuple(
        Row((say(kind.title), say(Span(name, "code")), joined(list(_fields(kind)), "; ")),
            f"kind-{name}") for name, kind in rulebook.vocabulary.kinds.items()))


def _fields(kind: Kind) -> Iterator[Words]:
    for name, field in kind.fields.items():
        if name in COMMON_FIELDS:
            continue
        said = readable(field.unit) if field.unit and field.unit != "1" else ""
        if field.values is not None:
            said = ", ".join(field.values) + (" or another" if field.open else "")
        yield say(Span(name, "code"), f" ({said})" if said else "")


def sets(rulebook: Rulebook) -> Grid:
    """Return the named sets of values."""
    return Grid(("set", "holds"), tuple(
        Row((say(Span(name, "code")), say(", ".join(sorted(values)))), f"set-{name}")
        for name, values in rulebook.vocabulary.sets.items()))


def sources(rulebook: Rulebook) -> Grid:
    """Return every source that something rests on, with the passages that are meant."""
    cites = [*(each.cite for each in rulebook.parameters.values()),
             *(one.cite for each in rulebook.parameters.values() for one in each.dated),
             *(cite for topic in rulebook.topics for rule in topic.rules for cite in rule.cites)]
    by_key: dict[str, list[Citation]] = {}
    for cite in cites:
        by_key.setdefault(cite.key, []).append(cite)
    return Grid(("source", "what it is", "status", "what is taken from it"), tuple(
        Row((say(Span(key, "code")), say(_titled(found[0])), say(_STATUSES[found[0].status]),
             joined([say(Span(locator, "strong"), f": {passage}") for locator, passage in
                     sorted({each.locator: each.passage for each in found
                             if each.locator}.items())], " ")), f"source-{key}")
        for key, found in sorted(by_key.items())))


def _titled(cite: Citation) -> str:
    return ". ".join(dict.fromkeys(each.rstrip(".") for each in (cite.title, cite.source)
                                   if each)) + "."
