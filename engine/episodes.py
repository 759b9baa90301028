"""Over which time a conclusion holds: an episode with a first and a last instant."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from engine.facts.evidence import Rests

if TYPE_CHECKING:
    from engine.events.event import Event
    from engine.events.when import When


NOTHING = Rests()
_RANK = ("", "low", "moderate", "high", "critical")


@dataclass(frozen=True, slots=True)
class Standing:
    """What a topic says at an instant, and on what it rests.

    `value` is None where nothing is concluded; `undecided` are the values that may yet be true;
    `rule` is None where the declared fallback stands in. `truths` are those of the criteria.
    """

    value: str | None
    rule: str | None
    undecided: tuple[str, ...]
    here: Event | None
    truths: tuple[bool | None, ...]
    rests: Rests = NOTHING
    caveats: tuple[str, ...] = ()
    overrode: tuple[str, ...] = ()
    severity: str = ""
    message: str = ""
    dated: When | None = None

    @classmethod
    def nothing(cls) -> Standing:
        """Return the standing of a question that does not arise."""
        return cls(None, None, (), None, ())

    @property
    def evidence(self) -> tuple[str, ...]:
        """The ids of the events that it rests on."""
        return self.rests.ids

    def with_details(self, rests: Rests, caveats: tuple[str, ...], severity: str,
                     message: str, dated: When | None) -> Standing:
        """Return the same with what a reader sees beside the value."""
        return Standing(self.value, self.rule, self.undecided, self.here, self.truths, rests,
                        caveats, self.overrode, severity, message, dated)


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


def close(episodes: list[Episode], now: When, following: Standing) -> None:
    """End the open episode: now, or when what follows it began, if that was known only later."""
    begun = following.dated if following.value is not None else None
    since = episodes[-1].begun.start
    episodes[-1].ended = begun if begun is not None and since < begun.start else now
