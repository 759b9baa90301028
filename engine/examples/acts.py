"""What is decided in an example about its alerts, and does it show in what the example expects?"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from engine.examples.calendar import TimeError
from engine.examples.decisions import read_decisions
from engine.examples.example import Act
from engine.problems import Problem
from engine.wording import describe

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from engine.events.when import When
    from engine.examples.calendar import Calendar
    from engine.examples.reporting import Mistakes
    from engine.examples.shapes import ExampleShape
    from engine.rulebook.loading import At

_SEEN, _DECIDED = "acknowledged", "decisions"


@dataclass(frozen=True, slots=True)
class Acts:
    """Reads what one example says was decided."""

    at: At
    shape: ExampleShape
    calendar: Calendar
    mistakes: Mistakes

    def read(self, alerts: Collection[str]) -> tuple[Act, ...]:
        """Return what is decided, in the order of its moments."""
        acts = list(self._seen())
        if self.shape.decisions is not None:
            acts += read_decisions(self.at / _DECIDED, alerts, self.calendar, self.mistakes)
        return tuple(sorted(acts, key=lambda act: act.when.end))

    def _seen(self) -> Iterable[Act]:
        """Yield that whatever asked to be looked at was acknowledged."""
        at = self.at / _SEEN
        when = read_moment(at, self.shape.acknowledged, self.calendar, self.mistakes)
        if when is not None:
            yield Act("", when, None, str(at.value), at.place, at.document.quote(at.place))

    def check(self, acts: Iterable[Act], asked: When | None) -> None:
        """Note where what was decided shows in nothing, or comes after the last look.

        `asked` is the moment of the assessment; None where there is none.
        """
        looks, expect = self.shape.expect.worklist, self.shape.expect
        acts = list(acts)
        if acts and looks is None and not any(
                not isinstance(one, str) and one.alert for one in expect.refused):
            key = _SEEN if self.shape.decisions is None else _DECIDED
            self.mistakes.note_key(self.at / key, "missing-key", f"'{key}' alone",
                                   "'worklist' under 'expect'",
                                   "say which alerts ask to be looked at afterwards")
            return
        if looks is None and self.shape.as_of is None:  # a decision is looked at when it is taken
            return
        last, advice = "'as_of'", ""
        if isinstance(looks, dict) and looks:
            last = "the last moment of 'worklist'"
            asked = max((self.calendar.when(each) for each in looks), key=lambda when: when.end)
        elif self.shape.as_of is None:
            last, advice = "the newest record", "or say with 'as_of' which moment is asked about"
        for act in acts:
            if asked is not None and act.when.end > asked.end:
                self.mistakes.problems.append(Problem(
                    act.place, "not-a-time", describe(act.text), f"a time before {last}", advice,
                    act.line))


def read_moment(at: At, text: str | None, calendar: Calendar, mistakes: Mistakes) -> When | None:
    """Return the moment that a text stands for, or None after noting why it is none."""
    if text is None:
        return None
    try:
        return calendar.when(text)
    except TimeError as error:
        mistakes.note(at, "not-a-time", describe(text), str(error), error.advice)
        return None
