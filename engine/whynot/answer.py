"""Why not, in full: whether it holds already, what stood against it, and what would change it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from engine.whynot.against import against
from engine.whynot.scribe import Scribe
from engine.whynot.search import Search
from engine.whynot.supposed import is_past
from engine.whynot.telling import in_a_sentence
from engine.whynot.trials import Trials

if TYPE_CHECKING:
    from collections.abc import Sequence

    from engine.assess import Assessor
    from engine.events.event import Event
    from engine.events.when import When
    from engine.passage import Passage
    from engine.reason import Node
    from engine.timeline.log import Known
    from engine.whynot.question import Question
    from engine.whynot.supposed import Supposition


@dataclass(frozen=True, slots=True)
class Way:
    """One smallest change that would bring it about: in words, as lines, and from when on.

    `is_past` says that it changes what has been.
    """

    text: str
    supposed: Supposition
    as_of: When
    is_past: bool


@dataclass(frozen=True, slots=True)
class Answer:
    """The answer to one question; `against` is None where it holds already."""

    question: Question
    passage: Passage
    against: Node | None
    ways: tuple[Way, ...] = ()
    tried: int = 0
    bounded: bool = False


def answer(question: Question, assessor: Assessor, what: Known, lines: Sequence[Event],
           at: When | None = None) -> Answer:
    """Return why something is not so, at a moment, by what was known of a patient."""
    trials = Trials(assessor, what, at or what.as_of)
    if question.holds(trials.base):
        return Answer(question, trials.base, None)
    patient = lines[0].patient if lines else ""
    scribe = Scribe(assessor.rulebook.vocabulary, assessor.zone, patient)
    found = Search(question, trials, scribe, lines).run()
    now = max(trials.at, what.as_of, key=lambda when: when.end)
    alert = question.judged is not None and question.judged.topic.alert is not None
    ways = tuple(
        Way(in_a_sentence(supposed, "be open" if alert else "hold", now, trials.base.chart),
            supposed, supposed.as_of(trials.at, what.as_of),
            any(is_past(change, now.day) for change in supposed.changes))
        for supposed in found.changes)
    return Answer(question, trials.base, against(question, trials.base), ways, found.tried,
                  found.bounded)
