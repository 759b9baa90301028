"""What is decided about the alerts of an example, and when?

`ack level.low @12d 09:00, snooze level.low 4h @14d`: what is done, then, in any order, the alert,
for how long it is put off, and the time.
"""

from __future__ import annotations

import re
from datetime import timedelta
from typing import TYPE_CHECKING

from engine.examples.calendar import EXPECTED, TimeError
from engine.examples.example import Act
from engine.examples.tokens import items_of, place_of, take_time
from engine.problems import did_you_mean
from engine.wording import one_of

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from engine.events.when import When
    from engine.examples.calendar import Calendar
    from engine.examples.reporting import Mistakes
    from engine.examples.tokens import Token
    from engine.rulebook.loading import At

_ACK, _SNOOZE = "ack", "snooze"
_SPAN = re.compile(r"(?:[0-9]{1,5}(?:d|h|min))+")
_PART = re.compile(r"([0-9]+)(d|h|min)")
_UNITS = {"d": timedelta(days=1), "h": timedelta(hours=1), "min": timedelta(minutes=1)}
_SPANS = "how long, like 30min, 4h or 7d"


def read_decisions(at: At, alerts: Collection[str], calendar: Calendar,
                   mistakes: Mistakes) -> Iterator[Act]:
    """Yield what is decided, after noting what cannot be understood of the rest."""
    texts = [at / index for index in range(len(at.value))] if isinstance(at.value, list) else [at]
    for text in texts:
        items = items_of(str(text.value))
        if not items:
            mistakes.note(text, "no-items", "nothing", "decisions with their times",
                          _like(min(alerts, default="ALERT")))
        for item in items:
            act = _ItemReader(text, alerts, calendar, mistakes).read(item)
            if act is not None:
                yield act


class _ItemReader:
    """Reads one decision; what it cannot read is noted with its column."""

    def __init__(self, at: At, alerts: Collection[str], calendar: Calendar,
                 mistakes: Mistakes) -> None:
        self._at, self._alerts = at, alerts
        self._calendar, self._mistakes = calendar, mistakes
        self._rule = ""
        self._span: timedelta | None = None
        self._when: When | None = None
        self._said: set[str] = set()

    def read(self, item: list[Token]) -> Act | None:
        """Return what an item says, or None after noting what is wrong."""
        found = len(self._mistakes.problems)
        what, *waiting = item
        if what.text not in (_ACK, _SNOOZE):
            self._note(what, "unknown-word", repr(what.text), one_of([_ACK, _SNOOZE]),
                       did_you_mean(what.text, [_ACK, _SNOOZE]) or self._like)
            return None
        while waiting:
            self._next(what.text, waiting)
        if len(self._mistakes.problems) == found:
            self._complete(what, item)
        if len(self._mistakes.problems) > found or self._when is None:
            return None
        text = str(self._at.value)[what.offset:item[-1].offset + len(item[-1].text)]
        place = place_of(self._at, str(self._at.value), what.offset)
        return Act(self._rule, self._when, self._span, text, place, self._at.document.quote(place))

    def _next(self, what: str, waiting: list[Token]) -> None:
        """Take the next word, and what belongs to it, off those that wait."""
        token = waiting[0]
        if token.text == "@":
            self._once(token, "time", "a time")
            self._time(waiting)
        elif token.text[0].isdigit():
            self._length(what, waiting.pop(0))
        else:
            self._once(token, "rule", "an alert")
            self._rule = waiting.pop(0).text
            if self._rule not in self._alerts:
                self._note(token, "unknown-name", repr(token.text), "an alert",
                           did_you_mean(token.text, self._alerts))

    def _time(self, waiting: list[Token]) -> None:
        name = waiting.pop(0)
        if not waiting:
            self._note(name, "no-time", f"nothing after '{name.text}'", EXPECTED)
            return
        token = waiting[0]
        text = take_time(waiting)
        try:
            self._when = self._calendar.when(text)
        except TimeError as error:
            self._note(token, "not-a-time", repr(text), str(error))

    def _length(self, what: str, token: Token) -> None:
        self._once(token, "span", "how long")
        if what == _ACK:
            self._note(token, "unknown-word", repr(token.text), f"an alert and a time after "
                       f"'{_ACK}'", "how long an acknowledgement holds is in the rulebook; "
                       f"'{_SNOOZE}' is for a time of one's own")
        elif _SPAN.fullmatch(token.text):
            self._span = sum((int(number) * _UNITS[unit]
                              for number, unit in _PART.findall(token.text)), timedelta())
        else:
            self._note(token, "not-a-span", repr(token.text), _SPANS)

    def _once(self, token: Token, part: str, words: str) -> None:
        if part in self._said:
            self._note(token, "said-twice", f"{words} a second time in one item", "it once",
                       "part items with a comma")
        self._said.add(part)

    def _complete(self, what: Token, item: list[Token]) -> None:
        """Note what a decision that was understood so far does not say."""
        words = " ".join(token.text for token in item)
        if not self._rule:
            self._note(what, "no-value", f"nothing that '{what.text}' is about", "an alert",
                       self._like)
        elif what.text == _SNOOZE and self._span is None:
            self._note(what, "no-value", f"'{_SNOOZE}' alone", _SPANS,
                       f"for example {_SNOOZE} {self._rule} 4h")
        elif self._when is None:
            self._note(what, "no-time", words, "its time, after @", f"for example {words} @14d")

    @property
    def _like(self) -> str:
        return _like(self._rule or min(self._alerts, default="ALERT"))

    def _note(self, token: Token, code: str, found: str, expected: str, advice: str = "") -> None:
        self._mistakes.note(self._at, code, found, expected, advice, offset=token.offset)


def _like(alert: str) -> str:
    return f"for example {_ACK} {alert} @14d"
