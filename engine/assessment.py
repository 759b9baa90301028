"""All that is concluded about a patient as of a moment, as the records that others read."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from itertools import accumulate
from operator import itemgetter
from typing import TYPE_CHECKING, Any

from msgspec import Struct

from engine.events.amount import Amount, Number
from engine.events.when import LAST
from engine.facts.lacking import would_decide
from engine.facts.wording import number_in_words
from engine.records import AlertRecord, ConclusionRecord, Undecided, cites_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from engine.episodes import Episode
    from engine.events.when import When
    from engine.facts.judging import JudgedTopic
    from engine.rulebook.definitions import Topic
    from engine.told import Told

_SUMMARY_PLACES = 12
_LEAST_PLACES = 4  # a day ends a microsecond before the next


class Assessment(Struct, frozen=True):
    """Everything concluded about one patient; alerts in the order in which they were raised."""

    patient: str
    as_of: When
    summary: dict[str, Any]
    conclusions: tuple[ConclusionRecord, ...]
    alerts: tuple[AlertRecord, ...]
    undecided: tuple[Undecided, ...]


def assessment_of(patient: str, told: Told) -> Assessment:
    """Return the assessment that comes of what was told of a patient."""
    topics = [judged for judged in told.assessor.topics if not judged.topic.internal]
    return Assessment(
        patient, told.as_of, _summary(told),
        tuple(_conclusion(judged.topic, episode)
              for judged in topics if judged.topic.alert is None
              for episode in told.episodes.get(judged.topic.name, ())),
        tuple(_alerts(told)),
        tuple(_undecided(judged, told) for judged in topics
              if judged.topic.name in told.standings
              and told.standings[judged.topic.name].undecided))


def _conclusion(topic: Topic, episode: Episode) -> ConclusionRecord:
    standing = episode.standing
    assert standing.value is not None
    return ConclusionRecord(
        topic.name, standing.value, standing.rule, episode.begun.text,
        episode.ended.text if episode.ended else None, standing.evidence, standing.caveats,
        standing.overrode)


def _alerts(told: Told) -> list[AlertRecord]:
    """Return the alerts in the order in which they were raised; those of one instant, by name.

    Each names an alert of a rule that subsumes it and was open at the same time. One that is still
    open is subsumed only by one that is still open too: somebody must see it.
    """
    subsuming = _subsuming(told)
    raised = [*told.raised]
    for judged in told.assessor.topics:
        name = judged.topic.name
        episodes = told.episodes.get(name)
        if judged.topic.alert is None or not episodes:
            continue
        cites, wider = cites_of(judged.topic), subsuming.get(name, ())
        for episode in episodes:
            parent = _parent(episode, wider) if wider else None
            raised.append((episode.begun.start, name, _alert(name, episode, cites, parent)))
    raised.sort(key=itemgetter(0, 1))
    return [alert for _, _, alert in raised]


def _alert(name: str, episode: Episode, cites: tuple[str, ...], parent: str | None) -> AlertRecord:
    standing, ended = episode.standing, episode.ended
    shown = standing.shown
    return AlertRecord(
        episode.id, name, standing.severity, episode.begun.text, ended.text if ended else None,
        shown.message, shown.evidence, shown.caveats, cites, parent)


def _subsuming(told: Told) -> dict[str, list[_Near]]:
    """Return, by the name of a rule, what was raised by those that subsume it."""
    found: dict[str, list[_Near]] = {}
    for judged in told.assessor.topics:
        alert, episodes = judged.topic.alert, told.episodes.get(judged.topic.name)
        if alert is not None and alert.subsumes and episodes:
            near = _Near(episodes)
            for name in alert.subsumes:
                found.setdefault(name, []).append(near)
    return found


def _parent(episode: Episode, wider: Iterable[_Near]) -> str | None:
    return next((each.id for near in wider for each in near.to(episode)
                 if _covers(each, episode)), None)


class _Near:
    """The episodes of one alert, to find those that may have been open with another.

    They follow each other but for those that were found to begin, or to end, before they were seen.
    """

    def __init__(self, episodes: list[Episode]) -> None:
        self._episodes = episodes
        self._ends = [*accumulate((each.ended.start if each.ended else LAST
                                   for each in episodes), max)]
        self._starts = [*accumulate((each.begun.start for each in reversed(episodes)), min)][::-1]

    def to(self, episode: Episode) -> Iterable[Episode]:
        """Return those that do not surely end before an episode, or begin after it."""
        first = bisect_right(self._ends, episode.begun.start)
        last = len(self._starts) if episode.ended is None else (
            bisect_left(self._starts, episode.ended.start))
        return self._episodes[first:last]


def _covers(wider: Episode, episode: Episode) -> bool:
    """Whether a wider alert was open with another, and is so still if the other is."""
    if wider.ended is not None and episode.ended is None:
        return False
    return ((wider.ended is None or wider.ended.start > episode.begun.start)
            and (episode.ended is None or episode.ended.start > wider.begun.start))


def _summary(told: Told) -> dict[str, Any]:
    rulebook, chart = told.assessor.rulebook, told.sight.chart
    summary: dict[str, Any] = {}
    for field, name in rulebook.summary.items():
        if name in rulebook.facts:
            summary[field] = _plain(chart.answer(chart.program.by_name[name], None))
        else:
            summary[field] = told.standings[name].value if name in told.standings else None
    return summary


def _plain(value: Any) -> Any:
    """Return an answer as JSON can hold it: an exact number, or one with its comparator.

    Of a range with two ends the lower one is `least`.
    """
    if not isinstance(value, Amount):
        return value if isinstance(value, str | bool) else None
    if value.is_exact and value.low is not None:
        return _number(value.low)
    if value.high is None and value.low is not None:
        return {"value": _number(value.low),
                "comparator": ">" if value.low_open else ">="}
    if value.high is not None:
        least = {"least": _number(value.low, _LEAST_PLACES)} if value.low else {}
        return {"value": _number(value.high),
                "comparator": "<" if value.high_open else "<=", **least}
    return None


def _number(exact: Number, places: int = _SUMMARY_PLACES) -> int | float:
    text = number_in_words(exact, places)
    return float(text) if "." in text else int(text)


def _undecided(judged: JudgedTopic, told: Told) -> Undecided:
    topic, standing = judged.topic, told.standings[judged.topic.name]
    sight = told.sight
    sight.settled(topic.name)
    needs = would_decide(topic, standing.undecided, sight.chart_at(standing.here), standing.here)
    return Undecided(topic.name, standing.undecided, tuple(needs))
