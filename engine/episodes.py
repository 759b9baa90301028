"""Over which time a conclusion holds: an episode with a first and a last instant."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from engine.details import Details
    from engine.events.event import Event
    from engine.events.when import When


_RANK = ("", "low", "moderate", "high", "critical")


@dataclass(frozen=True, slots=True)
class Standing:
    """What a topic says at an instant.

    `value` is None where nothing is concluded; `undecided` are the values that may yet be true;
    `rule` is None where the declared fallback stands in. `truths` are those of the criteria.
    `details` are there once the passage has come to its moment, or the value to its end.
    """

    name: str
    value: str | None
    rule: str | None
    undecided: tuple[str, ...]
    here: Event | None
    truths: tuple[bool | None, ...]
    overrode: tuple[str, ...] = ()
    severity: str = ""
    dated: When | None = None
    details: Details | None = field(default=None, compare=False)

    @classmethod
    def nothing(cls, name: str) -> Standing:
        """Return the standing of a question that does not arise."""
        return cls(name, None, None, (), None, ())

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
    def shown(self) -> Details:
        """What a reader sees beside the value."""
        assert self.details is not None, f"{self.name} is looked at before its moment has come"
        return self.details


@dataclass(slots=True)
class Episode:
    """One value, from its first instant to the one at which it ended (None: it still holds)."""

    standing: Standing
    begun: When
    ended: When | None = None

    @property
    def id(self) -> str:
        """What tells this episode from others of its conclusion."""
        return f"{self.standing.value}@{self.begun.text}"


def extend(episodes: list[Episode], standing: Standing, now: When) -> None:
    """Open an episode, or bring the open one up to date; its severity is the worst it had."""
    if episodes and episodes[-1].ended is None:
        worst = episodes[-1].standing.severity
        if _RANK.index(worst) > _RANK.index(standing.severity):
            standing = replace(standing, severity=worst)
        episodes[-1].standing = standing
        return
    episodes.append(Episode(standing, standing.dated or now))


def close(episode: Episode, now: When, following: Standing, details: Details) -> None:
    """End an episode: now, or when what follows it began, if that was known only later."""
    begun = following.dated if following.value is not None else None
    since = episode.begun.start
    episode.ended = begun if begun is not None and since < begun.start else now
    episode.standing = replace(episode.standing, details=details.found())
