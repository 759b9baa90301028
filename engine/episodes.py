"""Over which time a conclusion holds: an episode with a first and a last instant."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct
from msgspec.structs import replace

from engine.rulebook.definitions import SEVERITIES

if TYPE_CHECKING:
    from engine.events.when import When
    from engine.standing import Details, Shown, Standing

_RANK = {severity: rank for rank, severity in enumerate(("", *reversed(SEVERITIES)))}


class Episode(Struct):
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
        if _RANK[worst] > _RANK[standing.severity]:
            standing = replace(standing, severity=worst)
        episodes[-1].standing = standing
        return
    episodes.append(Episode(standing, standing.dated or now))


def close(episode: Episode, now: When, following: Standing, details: Details | Shown) -> None:
    """End an episode: now, or when what follows it began, if that was known only later."""
    begun = following.dated if following.value is not None else None
    since = episode.begun.start
    episode.ended = begun if begun is not None and since < begun.start else now
    if episode.standing.details is not details:
        episode.standing = episode.standing.with_details(details)
