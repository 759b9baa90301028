"""Which words for a reader say a unit twice, a number that decides nothing, or what is left to do?
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from msgspec.structs import replace

from engine.problems import Place
from engine.rulebook.strata import deciding_terms, terms_behind
from engine.rulebook.terms import Ask, Conclusion, Constant, Dated, TableEntry, Verdict
from engine.rulebook.types import DAYS, HOURS, EventType, NumberType, RunType, SpanType

if TYPE_CHECKING:
    from collections.abc import Iterator

    from engine.rulebook.checks.notes import Notes
    from engine.rulebook.definitions import Topic
    from engine.rulebook.loading import At
    from engine.rulebook.terms import Term

_OF_PARAMETER = Constant | Dated | TableEntry
_SHOWN = re.compile(r"\{([^{}]+)\}\s?((?:x10\^)?[^\s{},;:()]*[^\s{},;:().])")
_LEFT = re.compile(r"\b(TODO|FIXME|TBD|XXX)\b|\?\?\?")
_TIMES = frozenset({"d", "day", "days", "h", "hour", "hours", "week", "weeks", "month", "months",
                    "year", "years"})
_WORD = re.compile("[a-z]{4,}")  # a unit that is also a word of the language


def check_messages(notes: Notes) -> None:
    """Note what a reader should not be told so."""
    spellings = {spelling for dimension in notes.rulebook.vocabulary.units.values()
                 for spelling in dimension.factors if not _WORD.fullmatch(spelling)} - {"1"}
    units = spellings | {re.sub(r"10\*(?=\d)", "x10^", each) for each in spellings}
    for at, topic in notes.topics():
        for text in _texts(at, topic):
            _units(notes, text, topic, units)
        if topic.alert is None:
            _numbers(notes, at, topic)
    _left(notes)


def _texts(at: At, topic: Topic) -> Iterator[At]:
    """Yield where each text of a topic stands; a sentence of advice is a key."""
    if topic.alert is None:
        yield from (at / "rules" / index / "because" for index, rule in enumerate(topic.rules)
                    if rule.because)
    else:
        yield at / "message"
        lines = (at / "advice").value if topic.alert.advice else []
        for index, line in enumerate(lines if isinstance(lines, list) else []):
            yield from (at / "advice" / index / text for text in line)


def _units(notes: Notes, at: At, topic: Topic, units: set[str]) -> None:
    key = at.path[-1] not in ("because", "message")  # a sentence of advice
    text = str(at.path[-1] if key else at.value)
    for found in _SHOWN.finditer(text):
        term = topic.words.get(found[1])
        words = _TIMES if term is not None and _is_time(term) else units
        if term is not None and found[2] in words and _has_unit(term):
            place = at.document.inside(at.key_place if key else at.place, text, found.start(2))
            notes.warn(place, "unit-twice", f"{found[2]!r} behind {{{found[1]}}}",
                       f"{{{found[1]}}} alone", "a number is shown with its unit: remove the unit")


def _is_time(term: Term) -> bool:
    return isinstance(term.type, SpanType) or term.type in (NumberType(DAYS), NumberType(HOURS))


def _has_unit(term: Term) -> bool:
    return isinstance(term.type, SpanType | EventType) or (
        isinstance(term.type, NumberType) and bool(term.type.units))


def _numbers(notes: Notes, at: At, topic: Topic) -> None:
    """Note each reason that names numbers, none of which its rule asks for."""
    parameters, facts = notes.rulebook.parameters, notes.rulebook.facts
    for index, rule in enumerate(topic.rules):
        named = {name: each.name for name, each in topic.words.items()
                 if f"{{{name}}}" in rule.because and isinstance(each, _OF_PARAMETER)
                 and each.name in parameters}
        if not named:
            continue
        behind = list(terms_behind(deciding_terms(replace(topic, rules=(rule,)), facts), facts))
        asked = {each.name for each in behind if isinstance(each, _OF_PARAMETER)}
        unseen = any(isinstance(each, Conclusion | Verdict) or (
            isinstance(each, Ask) and isinstance(each.type, RunType))
            for each in behind)  # the number may be one of the rules or of the run behind it
        if not unseen and asked & {*parameters} and asked.isdisjoint(named.values()):
            name, reason = next(iter(named)), at / "rules" / index / "because"
            if notes.is_told(reason.place) or notes.is_told((at / "rules" / index / "when").place):
                continue
            notes.warn(notes.within(reason, name), "reason-names-another",
                       f"{{{name}}}, for which {rule.id!r} does not ask",
                       "a number that the rule compares with", "name the number that decides, "
                       "or mend the condition")


def _left(notes: Notes) -> None:
    """Note each mark in a text by which an author says that it is not finished."""
    files: dict[str, tuple[str, ...]] = {}
    for document in notes.loaded.documents.values():
        files |= {**document.others, document.file: document.lines}
    for file, lines in files.items():
        for number, line in enumerate(lines, 1):
            text = line.split(" #")[0]
            if (found := _LEFT.search(text)) and not line.lstrip().startswith("#"):
                notes.warn(Place(file, number, found.start() + 1), "left-to-do",
                           repr(found[0]), "what a reader may be shown",
                           "write what is missing, or say what is left to do in a comment")
