"""What was said of one patient as of a moment, and over which time each value held."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from engine.episodes import Episode, close, extend
from engine.events.when import When, moment_of
from engine.standing import Details, Shown, Sight, Standing

if TYPE_CHECKING:
    from datetime import datetime

    from engine.ready import Ready
    from engine.records import AlertRecord
    from engine.rulebook.definitions import Topic


@dataclass
class Told:
    """What each topic says of a patient, and has said before.

    `raised` are alerts of which all is known already, each with its first instant and its name.
    `sight` is what is seen at the moment asked about, once it has come.
    """

    assessor: Ready
    as_of: When
    standings: dict[str, Standing] = field(default_factory=dict, kw_only=True)
    episodes: dict[str, list[Episode]] = field(default_factory=dict, kw_only=True)
    raised: list[tuple[datetime, str, AlertRecord]] = field(default_factory=list, kw_only=True)
    sight: Sight = field(init=False)

    @property
    def moment(self) -> When:
        """The instant asked about: the end of what was named."""
        return moment_of(self.as_of.end, self.assessor.zone, self.as_of.text)

    def tell(self, topic: Topic, standing: Standing, now: When) -> None:
        """Note what a topic says from an instant on; what it said before has ended with that."""
        name = topic.name
        episodes, before = self.episodes.setdefault(name, []), self.standings.get(name)
        if before is not None and before.value is not None:
            each = topic.alert is not None and topic.alert.per_event
            if before.value != standing.value or (each and not _same(before, standing)):
                close(episodes[-1], now, standing, self.last_shown(before, now))
        if standing.value is not None:
            extend(episodes, standing, now)
        self.standings[name] = standing

    def last_shown(self, before: Standing, now: When) -> Details | Shown:
        """Return what was to be seen beside a value just before an instant, which is being judged.
        """
        raise NotImplementedError

    def look(self, sight: Sight) -> None:
        """Give all that holds its details, as it is seen at the moment, but where they last."""
        self.sight = sight
        for name, standing in self.standings.items():
            if standing.value is not None and not isinstance(standing.details, Shown):
                details, last = Details(standing, sight), self.episodes[name][-1]
                self.standings[name] = standing.with_details(details)
                last.standing = last.standing.with_details(details)


def _same(before: Standing, standing: Standing) -> bool:
    """Whether both were judged at one and the same event."""
    one, other = before.here, standing.here
    return one is other or (one is not None and other is not None and one.id == other.id)
