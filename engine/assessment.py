"""All that is concluded about a patient as of a moment, as the records that others read."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from dataclasses import dataclass
from itertools import accumulate
from typing import TYPE_CHECKING, Any

from engine.events.amount import Amount, Number
from engine.events.when import LAST
from engine.facts.lacking import would_decide
from engine.facts.wording import number_in_words

if TYPE_CHECKING:
    from collections.abc import Iterable

    from engine.episodes import Episode
    from engine.events.when import When
    from engine.facts.judging import JudgedTopic
    from engine.rulebook.definitions import Topic
    from engine.told import Told

_SUMMARY_PLACES = 12
_LEAST_PLACES = 4  # a day ends a microsecond before the next


@dataclass(frozen=True, slots=True)
class ConclusionRecord:
    """One value of a conclusion and the time over which it held (`end` None: it still holds)."""

    name: str
    value: str
    rule: str | None
    begin: str
    end: str | None
    evidence: tuple[str, ...]
    caveats: tuple[str, ...]
    overrode: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class AlertRecord:
    """One alert, open or closed, with its message and the sources it rests on."""

    id: str
    rule: str
    severity: str
    begin: str
    end: str | None
    message: str
    evidence: tuple[str, ...]
    caveats: tuple[str, ...]
    cites: tuple[str, ...]
    subsumed_by: str | None = None


@dataclass(frozen=True, slots=True)
class Undecided:
    """A conclusion that may yet be true, which values it may take, and what would decide it."""

    name: str
    values: tuple[str, ...]
    needs: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Assessment:
    """Everything concluded about one patient; alerts in the order in which they were raised."""

    patient: str
    as_of: When
    summary: dict[str, Any]
    conclusions: tuple[ConclusionRecord, ...]
    alerts: tuple[AlertRecord, ...]
    undecided: tuple[Undecided, ...]


def assessment_of(patient: str, told: Told) -> Assessment:
    """Return the assessment that comes of what was told of a patient."""
    topics = told.assessor.topics
    conclusions = [
        _conclusion(judged.topic, episode)
        for judged in topics if judged.topic.alert is None and not judged.topic.internal
        for episode in told.episodes.get(judged.topic.name, ())]
    raised = [
        (judged.topic, episode)
        for judged in topics if judged.topic.alert is not None
        for episode in told.episodes.get(judged.topic.name, ())]
    raised.sort(key=lambda each: (each[1].begun.start, each[0].name))
    return Assessment(
        patient, told.as_of, _summary(told), tuple(conclusions),
        tuple(_subsumed(raised, told)),
        tuple(_undecided(judged, told) for judged in topics
              if judged.topic.name in told.standings
              and told.standings[judged.topic.name].undecided
              and not judged.topic.internal))


def _conclusion(topic: Topic, episode: Episode) -> ConclusionRecord:
    standing = episode.standing
    assert standing.value is not None
    return ConclusionRecord(
        topic.name, standing.value, standing.rule, episode.begun.text,
        episode.ended.text if episode.ended else None, standing.evidence, standing.caveats,
        standing.overrode)


def _alert(topic: Topic, episode: Episode, cites: tuple[str, ...],
           parent: str | None) -> AlertRecord:
    standing = episode.standing
    return AlertRecord(
        episode.id, topic.name, standing.severity, episode.begun.text,
        episode.ended.text if episode.ended else None, standing.message, standing.evidence,
        standing.caveats, cites, parent)


def _cites(topic: Topic) -> tuple[str, ...]:
    return tuple(f"{cite.key}: {cite.locator}" if cite.locator else cite.key
                 for cite in topic.rules[0].cites)


def _subsumed(raised: list[tuple[Topic, Episode]], told: Told) -> list[AlertRecord]:
    """Name, for each alert, an alert of a rule that subsumes it and was open at the same time.

    One that is still open is subsumed only by one that is still open too: somebody must see it.
    """
    subsuming: dict[str, list[str]] = {}
    for judged in told.assessor.topics:
        for name in judged.topic.alert.subsumes if judged.topic.alert else ():
            subsuming.setdefault(name, []).append(judged.topic.name)
    near = {name: _Near(told.episodes.get(name, []))
            for names in subsuming.values() for name in names}
    cites: dict[str, tuple[str, ...]] = {}
    marked = []
    for topic, episode in raised:
        if topic.name not in cites:
            cites[topic.name] = _cites(topic)
        parent = next((each.id for name in subsuming.get(topic.name, ())
                       for each in near[name].to(episode) if _covers(each, episode)), None)
        marked.append(_alert(topic, episode, cites[topic.name], parent))
    return marked


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
    needs = would_decide(topic, standing.undecided, sight.chart, standing.here)
    return Undecided(topic.name, standing.undecided, tuple(needs))
