"""In which parts do two rulebooks differ: in what they mean, or only in their words?"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Set
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from msgspec.structs import replace

from engine.document.topics import duration
from engine.rulebook.definitions import SeverityPolicy
from engine.rulebook.terms import Constant, Dated

if TYPE_CHECKING:
    from collections.abc import Iterator

    from engine.problems import Place
    from engine.rulebook.definitions import Parameter, Rulebook, Topic

How = Literal["added", "removed", "changed", "reworded"]
_PLACES = frozenset({"place", "line"})
_WORDS = frozenset({"about", "title", "because", "message", "needs", "words", "cite", "cites",
                    "given", "override", "overridden", "advice"})


@dataclass(frozen=True, slots=True)
class Change:
    """One part of a rulebook that another has otherwise, as it is written in each.

    `reworded` is a change of titles, messages or sources that decides nothing.
    """

    kind: str
    name: str
    how: How
    before: str
    after: str


def changes(old: Rulebook, new: Rulebook) -> list[Change]:
    """Return what differs: parameters, facts, rules, alerts, and the rest, in this order."""
    found = [*_of_parameters(old, new)]
    found += _of("fact", old.facts, new.facts)
    for classify in (True, False):
        topics = [{topic.name: topic for topic in book.topics if (topic.alert is None) is classify}
                  for book in (old, new)]
        if classify:
            found += _of_classifications(*topics)
        else:
            found += _of("alert", *topics)
    rest = (("summary", old.summary, new.summary), ("severity", old.severities, new.severities),
            ("kind of event", old.vocabulary.kinds, new.vocabulary.kinds),
            ("unit", old.vocabulary.units, new.vocabulary.units),
            ("set", old.vocabulary.sets, new.vocabulary.sets))
    for kind, before, after in rest:
        found += _of(kind, before, after)
    return found


def _of_parameters(old: Rulebook, new: Rulebook) -> Iterator[Change]:
    for change in _of("parameter", old.parameters, new.parameters):
        before, after = (book.parameters.get(change.name) for book in (old, new))
        yield dataclasses.replace(change, before=_value(before), after=_value(after))


def _value(parameter: Parameter | None) -> str:
    if parameter is None:
        return ""
    return parameter.given + (" (set for this comparison)" if parameter.override else "")


def _of_classifications(old: Mapping[str, Topic], new: Mapping[str, Topic]) -> Iterator[Change]:
    """Yield changes of classifications; where both have one, those of its rules by themselves."""
    for change in _of("classification", old, new):
        before, after = old.get(change.name), new.get(change.name)
        if before is None or after is None:
            yield change
            continue
        rules = list(_of("rule", {rule.id: rule for rule in before.rules},
                         {rule.id: rule for rule in after.rules}))
        yield from rules
        without = [replace(topic, rules=()) for topic in (before, after)]
        order = [[rule.id for rule in topic.rules] for topic in (before, after)]
        if _plain(without[0]) != _plain(without[1]) or (not rules and order[0] != order[1]):
            yield change


def _of(kind: str, old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[Change]:
    for name in dict.fromkeys((*old, *new)):
        before, after = old.get(name), new.get(name)
        if _plain(before) == _plain(after):
            continue
        how: How = "added" if before is None else "removed" if after is None else "changed"
        if how == "changed" and _plain(before, _WORDS) == _plain(after, _WORDS):
            how = "reworded"
        yield Change(kind, name, how, _written(before), _written(after))


def _plain(value: Any, without: frozenset[str] = frozenset()) -> Any:
    """Return a value as one that can be compared, places apart; a parameter is its name only."""
    if isinstance(value, Constant | Dated) and value.name:
        return ("parameter", value.name)
    if names := _fields(value):
        return (type(value).__name__, *(_plain(getattr(value, name), without) for name in names
                                        if name not in _PLACES and name not in without))
    if isinstance(value, Mapping):
        return {key: _plain(each, without) for key, each in value.items()}
    if isinstance(value, tuple | list):
        return [_plain(each, without) for each in value]
    if isinstance(value, frozenset | set):
        return sorted(map(str, value))
    return value if isinstance(value, str | int | bool | None) else str(value)


def _fields(value: Any) -> tuple[str, ...]:
    """Return the names of the fields of a record, be it a Struct or a dataclass; else none."""
    return getattr(type(value), "__match_args__", ())


def _written(value: Any) -> str:
    """Return a part as its author wrote it, where that can be read; else its plain value."""
    place: Place | None = getattr(value, "place", None)
    if place is not None:
        return _block(place)
    if isinstance(value, SeverityPolicy):
        return _policy(value)
    if isinstance(value, Set):
        return ", ".join(sorted(map(str, value)))
    return "" if value is None or _fields(value) else str(value)


def _policy(policy: SeverityPolicy) -> str:
    """Return what holds for a severity, as it is read."""
    spans = (("asks again after", policy.again_after), ("longest snooze", policy.longest_snooze))
    told = (f"{words} {duration(span)}" for words, span in spans if span is not None)
    return "; ".join(filter(None, (policy.channel, *told))) or "nothing"


def _block(place: Place) -> str:
    """Return the line at a place, and the lines that are indented below it."""
    try:
        lines = Path(place.file).read_text("utf-8").splitlines()[place.line - 1:]
    except (OSError, UnicodeDecodeError):
        return ""
    if not lines:
        return ""
    block = [lines[0]]
    depth = _depth(lines[0])
    for line in lines[1:]:
        if line.strip() and _depth(line) <= depth:
            break
        block.append(line)
    while not block[-1].strip() or block[-1].lstrip().startswith("#"):
        block.pop()
    return "\n".join(line[depth:] for line in block)


def _depth(line: str) -> int:
    return len(line) - len(line.lstrip())
