"""Do the expectations of an example name what the rulebook has?

A wrong name would never be found, and an alert that is misspelt as absent would pass for absent.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.examples.calendar import Calendar, TimeError
from engine.problems import did_you_mean
from engine.rulebook.definitions import SEVERITIES

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator

    from engine.examples.reporting import Mistakes
    from engine.rulebook.definitions import Rulebook, Topic
    from engine.rulebook.loading import At

_WORKLIST = "worklist"
_LISTS_OF_ALERTS = ("alerts", "closed", "subsumed", _WORKLIST)
_COULD_BE = "could-be-"


class NameCheck:
    """Checks expectations against one rulebook."""

    def __init__(self, rulebook: Rulebook, mistakes: Mistakes) -> None:
        self._mistakes = mistakes
        self._topics = {topic.name: topic for topic in rulebook.topics if not topic.internal}
        self.alerts = {name for name, topic in self._topics.items() if topic.alert}
        self._conclusions = self._topics.keys() - self.alerts
        self._channels = [each.channel for each in rulebook.severities.values() if each.channel]
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
        for name in _names(expect / "history"):
            for at in _values(name):
                self._earlier(at)
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
        for at in _alerts(expect):
            self._alert(at)
        for at in _items(expect / "refused"):
            self._refused(at)
        for at in _times(expect):
            _check_time(str(at.value), at, self._mistakes.note, calendar)
        for at in _names(expect / _WORKLIST):
            _check_time(str(at.path[-1]), at, self._mistakes.note_key, calendar)

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

    def _earlier(self, at: At) -> None:
        """Note words expected of a value in a history: a reason is told of what holds alone."""
        for key in ("says", "message"):
            if isinstance(at.value, dict) and key in at.value:
                self._mistakes.note_key(at / key, "unknown-key", f"{key!r} in a history",
                                        "it under 'conclusions', of what holds at the end",
                                        "set 'as_of' to a moment at which it holds")

    def _alert(self, at: At) -> None:
        name = at.value.get("rule", "") if isinstance(at.value, dict) else at.value
        if not name:
            self._mistakes.note(at, "missing-key", "no 'rule'", "'rule'", "add it")
        elif name not in self.alerts:
            self._mistakes.note(at, "unknown-name", repr(name), "an alert",
                                did_you_mean(str(name), self.alerts))
        elif isinstance(at.value, dict):
            if "caveats" in at.value:
                self._caveats(at / "caveats", self._topics[name])
            self._one_of(at, "severity", SEVERITIES)
            self._one_of(at, "channel", self._channels)
            if "overrode" in at.value:  # nothing ever goes before an alert
                self._mistakes.note_key(at / "overrode", "unknown-key", "'overrode' of an alert",
                                        "it of a conclusion", "remove it")

    def _one_of(self, at: At, key: str, known: Collection[str]) -> None:
        value = at.value.get(key) if isinstance(at.value, dict) else None
        if value is not None and value not in known:
            self._mistakes.note(at / key, "unknown-value", repr(value),
                                f"one of {', '.join(known) or 'none'}",
                                did_you_mean(str(value), known))

    def _refused(self, at: At) -> None:
        """Note a refusal of nothing, of a line and a decision at once, or of no alert."""
        if not isinstance(at.value, dict):
            return
        if len({"field", "alert"} & set(at.value)) != 1:
            self._mistakes.note(at, "missing-key", "both" if "alert" in at.value else "neither",
                                "'field' of a line, or 'alert' of a decision", "write one of them")
        elif "alert" in at.value and at.value["alert"] not in self.alerts:
            name = at.value["alert"]
            self._mistakes.note(at / "alert", "unknown-name", repr(name), "an alert",
                                did_you_mean(name, self.alerts))

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


def _alerts(expect: At) -> Iterator[At]:
    """Yield every alert of a list, those of the worklist at each moment among them."""
    for word in _LISTS_OF_ALERTS:
        yield from _items(expect / word)
    for moment in _names(expect / _WORKLIST):
        yield from _items(moment)


def _times(expect: At) -> Iterator[At]:
    """Yield every `from` and `to` of the expected alerts and conclusions."""
    entries = list(_alerts(expect))
    entries += [at for word in ("conclusions", "history") for name in _names(expect / word)
                for at in _values(name)]
    for entry in entries:
        if isinstance(entry.value, dict):
            yield from (entry / key for key in ("from", "to") if entry.value.get(key) is not None)


def _check_time(text: str, at: At, note: Callable[[At, str, str, str], None],
                calendar: Calendar) -> None:
    try:
        calendar.when(text)
    except TimeError as error:
        note(at, "not-a-time", repr(text), str(error))
