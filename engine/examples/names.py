"""Do the expectations of an example name what the rulebook has?

A wrong name would never be found, and an alert that is misspelt as absent would pass for absent.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.examples.calendar import Calendar, TimeError
from engine.problems import did_you_mean
from engine.rulebook.definitions import SEVERITIES

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from engine.examples.reporting import Mistakes
    from engine.rulebook.definitions import Rulebook, Topic
    from engine.rulebook.loading import At

_LISTS_OF_ALERTS = ("alerts", "closed", "subsumed", "worklist")
_COULD_BE = "could-be-"


class NameCheck:
    """Checks expectations against one rulebook."""

    def __init__(self, rulebook: Rulebook, mistakes: Mistakes) -> None:
        self._mistakes = mistakes
        self._topics = {topic.name: topic for topic in rulebook.topics if not topic.internal}
        self._alerts = {name for name, topic in self._topics.items() if topic.alert}
        self._conclusions = self._topics.keys() - self._alerts
        self._summary = rulebook.summary

    def check(self, expect: At, calendar: Calendar) -> None:
        """Note every name and every time of an expectation that means nothing."""
        for field in _names(expect / "summary"):
            if self._known(field, self._summary, "a field of the summary"):
                topic = self._topics.get(self._summary[str(field.path[-1])])
                if topic is not None:
                    self._value(field, topic)
        for name in [*_names(expect / "conclusions"), *_names(expect / "history")]:
            if self._known(name, self._conclusions, "a conclusion"):
                for at in _values(name):
                    self._value(at, self._topics[str(name.path[-1])])
        for at in [*_items(expect / "undecided"), *_items(expect / "decided"),
                   *_names(expect / "needs")]:
            self._known(at, self._topics, "a conclusion or an alert")
        for name in _names(expect / "may_be"):
            if self._known(name, self._conclusions, "a conclusion"):
                for at in _items(name):
                    self._value(at, self._topics[str(name.path[-1])])
        for name in _names(expect / "caveats"):
            if self._known(name, self._topics, "a conclusion or an alert"):
                self._caveats(name, self._topics[str(name.path[-1])])
        for word in _LISTS_OF_ALERTS:
            for at in _items(expect / word):
                self._alert(at)
        for at in _times(expect):
            _check_time(at, calendar, self._mistakes)

    def _known(self, at: At, known: Iterable[str], expected: str) -> bool:
        is_key = isinstance(at.path[-1], str)
        name = str(at.path[-1] if is_key else at.value)
        if name in known:
            return True
        note = self._mistakes.note_key if is_key else self._mistakes.note
        note(at, "unknown-name", repr(name), expected, did_you_mean(name, known))
        return False

    def _value(self, at: At, topic: Topic) -> None:
        value = at.value.get("value") if isinstance(at.value, dict) else at.value
        if isinstance(at.value, dict) and not value:
            self._mistakes.note(at, "missing-key", "no 'value'", "'value'", "add it")
        elif value is not None and value not in topic.values:
            self._mistakes.note(at, "unknown-value", repr(value),
                                f"one of {', '.join(topic.values)}",
                                did_you_mean(str(value), topic.values))

    def _alert(self, at: At) -> None:
        name = at.value.get("rule", "") if isinstance(at.value, dict) else at.value
        if not name:
            self._mistakes.note(at, "missing-key", "no 'rule'", "'rule'", "add it")
        elif name not in self._alerts:
            self._mistakes.note(at, "unknown-name", repr(name), "an alert",
                                did_you_mean(str(name), self._alerts))
        elif isinstance(at.value, dict):
            if "caveats" in at.value:
                self._caveats(at / "caveats", self._topics[name])
            severity = at.value.get("severity")
            if severity is not None and severity not in SEVERITIES:
                self._mistakes.note(at / "severity", "unknown-value", repr(severity),
                                    f"one of {', '.join(SEVERITIES)}",
                                    did_you_mean(str(severity), SEVERITIES))

    def _caveats(self, at: At, topic: Topic) -> None:
        known = [caveat.name for caveat in topic.caveats]
        if topic.alert is None:
            known += [_COULD_BE + value for value in topic.values]
        for each in _items(at):
            if each.value not in known:
                self._mistakes.note(each, "unknown-caveat", repr(each.value),
                                    f"a caveat of {topic.name}",
                                    did_you_mean(str(each.value), known))


def _is_there(at: At) -> bool:
    return at.document.node(*at.path[:-1]).parts.get(at.path[-1]) is not None


def _names(at: At) -> list[At]:
    value = at.value if _is_there(at) else None
    return [at / name for name in value] if isinstance(value, dict) else []


def _items(at: At) -> list[At]:
    value = at.value if _is_there(at) else None
    return [at / index for index in range(len(value))] if isinstance(value, list) else []


def _values(name: At) -> list[At]:
    return _items(name) if isinstance(name.value, list) else [name]


def _times(expect: At) -> Iterator[At]:
    """Yield every `from` and `to` of the expected alerts and conclusions."""
    entries = [at for word in _LISTS_OF_ALERTS for at in _items(expect / word)]
    entries += [at for word in ("conclusions", "history") for name in _names(expect / word)
                for at in _values(name)]
    for entry in entries:
        if isinstance(entry.value, dict):
            yield from (entry / key for key in ("from", "to") if entry.value.get(key) is not None)


def _check_time(at: At, calendar: Calendar, mistakes: Mistakes) -> None:
    try:
        calendar.when(str(at.value))
    except TimeError as error:
        mistakes.note(at, "not-a-time", repr(at.value), str(error))
