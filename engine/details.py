"""What does a reader see beside a value: what it rests on, its caveats, and the message?

That is worked out only for those who look: as of the moment of the assessment, or, of what has
ended, as of the instant before it did.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from engine.facts.evidence import Rests, evidence
from engine.facts.wording import fill_in

if TYPE_CHECKING:
    from collections.abc import Mapping

    from engine.episodes import Standing
    from engine.facts.chart import Chart
    from engine.facts.judging import JudgedTopic


@dataclass(slots=True)
class Sight:
    """A patient's chart as of a moment, with what stood then."""

    chart: Chart
    topics: Mapping[str, JudgedTopic]
    standings: Mapping[str, Standing]
    _rests: dict[str, Rests] = field(default_factory=dict)

    def rests(self, name: str) -> Rests:
        """Return what a conclusion rests on; the events of others that it reads go last."""
        found = self._rests.get(name)
        if found is not None:
            return found
        standing = self.standings.get(name)
        if standing is None or standing.value is None:
            return Rests()
        grounds = self.topics[name].grounds[standing.rule]
        found = self._rests[name] = evidence(grounds.terms, self.chart, standing.here)
        for each in grounds.conclusions:
            found.follow(self.rests(each))
        return found

    def caveats(self, standing: Standing) -> tuple[str, ...]:
        """Return the caveats, by name."""
        judged = self.topics[standing.name]
        found = {name for name, run in judged.caveats if run(self.chart, standing.here, None)}
        if standing.rule is not None and judged.topic.alert is None:
            found.update(f"could-be-{value}" for value in standing.undecided)
        return tuple(sorted(found))

    def message(self, standing: Standing) -> str:
        """Return the message of an alert; of a conclusion there is none."""
        topic, here = self.topics[standing.name].topic, standing.here
        if topic.alert is None:
            return ""
        advice = [text for text, run in self.topics[standing.name].advice
                  if run(self.chart, here, None)]
        return " ".join(fill_in(text, topic.words, self.chart, here)
                        for text in (topic.alert.message, *advice))


class Details:
    """What is shown beside one value, worked out when it is asked for."""

    __slots__ = ("_caveats", "_message", "_rests", "_sight", "_standing")

    def __init__(self, standing: Standing, sight: Sight) -> None:
        self._standing: Standing | None = standing
        self._sight: Sight | None = sight
        self._rests = Rests()
        self._caveats: tuple[str, ...] = ()
        self._message = ""

    @property
    def evidence(self) -> tuple[str, ...]:
        """The ids of the events that it rests on."""
        return self.found()._rests.ids

    @property
    def caveats(self) -> tuple[str, ...]:
        """The caveats, by name."""
        return self.found()._caveats

    @property
    def message(self) -> str:
        """What an alert says."""
        return self.found()._message

    def found(self) -> Details:
        """Return these details, worked out: they no longer need the chart."""
        standing, sight = self._standing, self._sight
        if standing is not None and sight is not None:
            self._standing = self._sight = None
            self._rests = sight.rests(standing.name)
            self._caveats, self._message = sight.caveats(standing), sight.message(standing)
        return self
