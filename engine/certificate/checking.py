"""Does a certificate still stand: is it whole, are its events and its rulebook there, is it so now?

It stands if it is consistent with itself and, where events are given, each of its events is there
as it was, the same follows from them by the same rulebook, and of its own moment the same is still
said by all that is known now.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from engine.assess import Assessor
from engine.certificate.consistency import flaws
from engine.certificate.deriving import Standing, derived, standings
from engine.certificate.errors import CertificateError
from engine.certificate.events_now import EventsNow, events_now
from engine.request import RequestError, moment_named, zone_named

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from engine.certificate.comparing import Difference
    from engine.certificate.flaws import Flaw
    from engine.certificate.shape import Certificate
    from engine.events.event import Event
    from engine.rulebook.definitions import Rulebook


@dataclass(frozen=True, slots=True)
class Grounds:
    """What a certificate is checked against: a rulebook and where it is from, and all lines.

    `in_force` is the rulebook by which is judged today.
    """

    rulebook: Rulebook
    place: str
    in_force: Rulebook
    lines: Sequence[Event]


@dataclass(frozen=True, slots=True)
class Check:
    """What came of checking a certificate; without grounds only its `flaws`."""

    certificate: Certificate
    flaws: list[Flaw]
    grounds: Grounds | None = None
    events: EventsNow | None = None
    differences: list[Difference] | None = None
    standings: list[Standing] = field(default_factory=list)

    @property
    def is_own_rulebook(self) -> bool:
        """Whether the rulebook at hand is the one that was certified."""
        return (self.grounds is not None
                and self.grounds.rulebook.digest == self.certificate.rulebook.digest)

    @property
    def stands(self) -> bool:
        """Whether everything that was looked at is as the certificate has it."""
        if self.flaws or self.grounds is None or self.events is None:
            return not self.flaws
        return (self.is_own_rulebook and self.events.are_all_there and not self.differences
                and self.differences is not None
                and all(each.stands for each in self.standings))


def checked(certificate: Certificate, raw: dict[str, Any],
            grounds: Callable[[], Grounds] | None = None) -> Check:
    """Check a certificate; what contradicts itself is not derived anew."""
    _check_times(certificate)
    found = flaws(certificate, raw)
    if found or grounds is None:
        return Check(certificate, found)
    at_hand, zone = grounds(), zone_named(certificate.timezone)
    events = events_now(certificate, at_hand.lines)
    own = Assessor(at_hand.rulebook, zone)
    today = own if at_hand.in_force is at_hand.rulebook else Assessor(at_hand.in_force, zone)
    unlike = derived(certificate, raw, own, events.certified) if events.are_all_there else None
    now = standings(certificate, raw, own, today, events, at_hand.lines) if at_hand.lines else []
    return Check(certificate, found, at_hand, events, unlike, now)


def _check_times(certificate: Certificate) -> None:
    """Raise CertificateError where the zone or a moment is none."""
    try:
        zone = zone_named(certificate.timezone)
        for moment in (certificate.as_of, certificate.known_by, certificate.at):
            if moment is not None:
                moment_named(moment, zone)
    except RequestError as error:
        raise CertificateError(f"the certificate's {error}") from None
