"""What does a classification or an alert say, in words, for those who have to answer for it?"""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.counting import counted
from engine.document.parts import Item, Listing, Paragraph, Section, Span, Words, joined, plain, say
from engine.rulebook.changes import decision_in_words
from engine.rulebook.topics import is_always

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import timedelta

    from engine.document.since import Since
    from engine.document.wording import Wording
    from engine.rulebook.definitions import Caveat, Citation, Condition, Rule, Topic
    from engine.rulebook.provenance import Override

_MARKED = {"project-default": "a default of this rulebook, not published",
           "label": "product label", "laboratory": "laboratory"}


class Topics:
    """Puts the topics of one rulebook into words."""

    def __init__(self, wording: Wording, since: Since) -> None:
        self._wording, self._since = wording, since
        self._overrides: Mapping[str, list[Override]] = {
            each.name: [one for one in wording.rulebook.overrides if one.name == each.name]
            for each in wording.rulebook.overrides}

    def section(self, topic: Topic) -> Section:
        """Return the section of one topic."""
        items = self._alert(topic) if topic.alert is not None else self._classification(topic)
        noted = self.noted(topic.name, "classification", "alert")
        later = self._since.later(topic)
        items = [*items, Item(later)] if later else items
        return Section(topic.title, f"topic-{topic.name}", (*noted, Listing(tuple(items))))

    def noted(self, name: str, *what: str) -> tuple[Paragraph, ...]:
        """Return who said otherwise of a thing than the rulebook that is extended, and why."""
        return tuple(Paragraph(overridden(each), note=True)
                     for each in self._overrides.get(name, ()) if each.what in what)

    def _classification(self, topic: Topic) -> Iterable[Item]:
        values = joined([say(Span(value, "strong")) for value in topic.values], ", ")
        order = "; of several that hold the first stands" if topic.policy == "first" else (
            "; no two can hold together")
        yield Item(say("Conclusion ", Span(topic.name, "code"),
                       self._since.bracketed("classification", topic.name), ", one of: ", values,
                       order if len(topic.values) > 1 else "",
                       ". It serves other rules and is not shown." if topic.internal else ""))
        yield from self._judged_at(topic)
        if topic.given is not None and not is_always(topic.given):
            yield _with("The question arises only if", self._wording.items(topic.given))
        for rule in topic.rules:
            yield self._rule(rule, topic)
        if topic.fallback is not None:
            yield Item(say("Where no rule is certain and one is possible: ",
                           Span(topic.fallback, "strong")))
        yield from self._caveats(topic.caveats)
        if topic.needs:
            yield Item(say(f"What would decide it: {topic.needs}"))

    def _rule(self, rule: Rule, topic: Topic) -> Item:
        below = [*(Item(each.words) for each in self.noted(rule.id, "rule")),
                 _with("if", self._wording.items(rule.when))]
        if rule.because:
            below.append(Item(say("because: ", self._wording.filled(rule.because, topic.words))))
        if rule.dated is not None:
            below.append(Item(say("dated to ", self._wording.noun(rule.dated))))
        below.append(_sources(rule.cites))
        heading = say(Span(rule.value, "strong"), f": {rule.title} (", Span(rule.id, "code"),
                      self._since.said("rule", rule.id), ")")
        return Item(heading, tuple(below), f"rule-{rule.id}")

    def _alert(self, topic: Topic) -> Iterable[Item]:
        part, rule = topic.alert, topic.rules[0]
        assert part is not None
        yield Item(say("Alert ", Span(topic.name, "code"),
                       self._since.bracketed("alert", topic.name),
                       ", one for each event judged" if part.per_event else ""))
        yield from self._judged_at(topic)
        yield _with("Raised if", self._wording.items(rule.when))
        yield self._severity(part.severities, part.again_after is None)
        yield from self._quiet(part.again_after, part.quiet_for)
        yield Item(say("Message: ", self._wording.filled(part.message, topic.words)))
        advice = tuple(self._where(self._wording.filled(text, topic.words), when)
                       for text, when in part.advice)
        if advice:
            yield _with("Advice", advice)
        if part.subsumes:
            yield Item(say("It subsumes: ", joined(
                [self._wording.conclusion(name) for name in part.subsumes], ", ")))
        wider = [each.name for each in self._wording.rulebook.topics
                 if each.alert is not None and topic.name in each.alert.subsumes]
        if wider:
            yield Item(say("It is subsumed by: ", joined(
                [self._wording.conclusion(name) for name in wider], ", ")))
        yield from self._caveats(topic.caveats)
        if topic.needs:
            yield Item(say(f"What would decide it: {topic.needs}"))
        yield _sources(rule.cites)

    def _severity(self, severities: tuple[tuple[str, Condition | None], ...],
                  repeats: bool) -> Item:
        below = []
        for index, (severity, when) in enumerate(severities):
            name = self._reaching(severity, repeats)
            if len(severities) == 1:
                return Item(say("Severity: ", name))
            also = "else " if index else ""
            below.append(Item(say(also, name) if when is None else say(
                also, name, " if ", self._wording.sentence(when))))
        return _with("Severity", tuple(below))

    def _reaching(self, severity: str, repeats: bool) -> Words:
        """Return a severity with how its alerts reach somebody, and when they ask again."""
        policy = self._wording.rulebook.severities.get(severity)
        if policy is None:
            return say(Span(severity, "strong"))
        again = f"; asks again after {duration(policy.again_after)}" if (
            repeats and policy.again_after) else ""
        return say(Span(severity, "strong", f"severity-{severity}"), f" ({policy.channel}{again})")

    def _quiet(self, again: timedelta | None, quiet: timedelta | None) -> Iterable[Item]:
        if again is not None:
            yield Item(say(f"Acknowledged and still open, it asks again after {duration(again)}"))
        if quiet is not None:
            yield Item(say(f"Once acknowledged, a new one that is no worse is suppressed for "
                           f"{duration(quiet)}"))

    def _judged_at(self, topic: Topic) -> Iterable[Item]:
        if topic.of is not None:
            about = self._wording.rulebook.facts[topic.of].about or topic.of
            yield Item(say("Judged at ", Span(about, link=f"fact-{topic.of}")))

    def _caveats(self, caveats: tuple[Caveat, ...]) -> Iterable[Item]:
        if caveats:
            yield _with("Caveats", tuple(
                self._where(say(Span(each.name, "code"), f": {each.about}" if each.about else ""),
                            each.when) for each in caveats))

    def _where(self, words: Words, when: Condition) -> Item:
        """Return words with the condition under which they are said: a short one in brackets."""
        lines = self._wording.items(when)
        if lines[0].below:
            group = plain(lines[0].words).removesuffix(":")
            return Item(say(words, f" (if {group})"), lines[0].below)
        return Item(say(words, " (if ", lines[0].words, ")"))


def overridden(override: Override) -> Words:
    """Return an override as a sentence."""
    verb, _, rest = decision_in_words(override).partition(" ")
    return say(Span(verb.capitalize(), "strong"), f" {rest}. Reason: {override.reason}")


def source(cite: Citation) -> Words:
    """Return a source by its key, with what it says; a default of the project is called so."""
    said = cite.passage or cite.title
    marked = _MARKED.get(cite.status, "")
    return say(Span(cite.key, "code", f"source-{cite.key}"), f" ({marked})" if marked else "",
               f': "{cite.locator}"' if cite.locator else "", f": {said}" if said else "")


def duration(length: timedelta) -> str:
    """Return a length of time in days, or in hours where it is no whole number of days."""
    hours = int(length.total_seconds() // 3600)
    number, word = (hours, "hour") if hours % 24 or hours < 72 else (hours // 24, "day")
    return counted(number, word)


def _sources(cites: tuple[Citation, ...]) -> Item:
    if len(cites) == 1:
        return Item(say("Source: ", source(cites[0])))
    return _with("Sources", tuple(Item(source(each)) for each in cites))


def _with(heading: str, below: tuple[Item, ...]) -> Item:
    """Return a heading with its list; with the only line of the list where that has none below."""
    if len(below) == 1 and not below[0].below:
        return Item(say(heading, " " if heading.endswith("if") else ": ", below[0].words))
    if len(below) == 1:
        return Item(say(f"{heading} ", below[0].words), below[0].below)
    return Item(say(f"{heading}:"), below)
