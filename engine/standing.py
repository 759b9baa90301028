"""What does a topic say at an instant, and what does a reader see beside it?

What it rests on, its caveats and its message are worked out only for those who look: as of the
moment of the assessment, or, of what has ended, as of the instant before it did.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from msgspec import Struct

from engine.facts.asking import Truths
from engine.facts.evidence import Rests, evidence

if TYPE_CHECKING:
    from collections.abc import Mapping

    from engine.events.event import Event
    from engine.events.when import When
    from engine.facts.chart import Chart
    from engine.facts.judging import JudgedTopic


class Shown(Struct, frozen=True, gc=False):
    """What a reader sees beside a value for good: what it rests on, its caveats, its message."""

    evidence: tuple[str, ...]
    caveats: tuple[str, ...]
    message: str


class Standing(Struct, frozen=True, eq=False):
    """What a topic says at an instant.

    `value` is None where nothing is concluded; `undecided` are the values that may yet be true;
    `rule` is None where the declared fallback stands in. `truths` are those of the criteria, `...`
    of one that was not asked. `details` are there once the passage has come to its moment, or the
    value to its end.
    """

    name: str
    value: str | None
    rule: str | None
    undecided: tuple[str, ...]
    here: Event | None
    truths: Truths
    overrode: tuple[str, ...] = ()
    severity: str = ""
    dated: When | None = None
    details: Details | Shown | None = None

    @classmethod
    def nothing(cls, name: str) -> Standing:
        """Return the standing of a question that does not arise."""
        return cls(name, None, None, (), None, ())

    def with_details(self, details: Details | Shown) -> Standing:
        """Return the same with what a reader sees beside the value."""
        return Standing(self.name, self.value, self.rule, self.undecided, self.here, self.truths,
                        self.overrode, self.severity, self.dated, details)

    @property
    def evidence(self) -> tuple[str, ...]:
        """The ids of the events that it rests on."""
        return self.shown.evidence if self.value is not None else ()

    @property
    def caveats(self) -> tuple[str, ...]:
        """The names of its caveats."""
        return self.shown.caveats if self.value is not None else ()

    @property
    def message(self) -> str:
        """What an alert says."""
        return self.shown.message if self.value is not None else ""

    @property
    def shown(self) -> Details | Shown:
        """What a reader sees beside the value."""
        assert self.details is not None, f"{self.name} is looked at before its moment has come"
        return self.details


@dataclass(slots=True)
class Sight:
    """A patient's chart as of a moment, with what stood then."""

    chart: Chart
    topics: Mapping[str, JudgedTopic]
    standings: Mapping[str, Standing]
    _rests: dict[str, Rests] = field(default_factory=dict)

    def chart_at(self, here: Event | None) -> Chart:  # noqa: ARG002
        """Return the chart to be asked at an event."""
        return self.chart

    def rests(self, name: str) -> Rests:
        """Return what a conclusion rests on; the events of others that it reads go last."""
        found = self._rests.get(name)
        if found is not None:
            return found
        standing = self.standings.get(name)
        if standing is None or standing.value is None:
            return Rests()
        grounds = self.settled(name).grounds[standing.rule]
        found = self._rests[name] = evidence(
            grounds.terms, self.chart_at(standing.here), standing.here)
        for each in grounds.conclusions:
            found.follow(self.rests(each))
        return found

    def settled(self, name: str) -> JudgedTopic:
        """Return a topic, all that a reader may see of it brought up to date."""
        judged = self.topics[name]
        if self.chart.waiting & judged.behind_shown:
            self.chart.bring(judged.behind_shown)
        return judged

    def caveats(self, standing: Standing) -> tuple[str, ...]:
        """Return the caveats, by name."""
        judged = self.settled(standing.name)
        return judged.caveats_of(
            self.chart_at(standing.here), standing.here, standing.rule, standing.undecided)

    def message(self, standing: Standing) -> str:
        """Return the message of an alert; of a conclusion there is none."""
        return self.settled(standing.name).message_of(
            self.chart_at(standing.here), standing.here)


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
