"""How far a sustained run has come: which occasion could be confirmed, and from which day on?"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from engine.facts.windows import look_at
from engine.whynot.unmet import Place, unmet

if TYPE_CHECKING:
    from collections.abc import Iterator

    from engine.events.event import Event
    from engine.rulebook.definitions import Sustained
    from engine.rulebook.terms import Term
    from engine.whynot.unmet import Unmet

_NEWEST = 3


@dataclass(frozen=True, slots=True)
class RunSought:
    """A run that is to be confirmed: `begun` is its first occasion, if there is one.

    A second one confirms it `days` later. `open` are the occasions that may count or not.
    """

    operation: Sustained
    place: Place
    begun: Event | None
    days: int
    open: tuple[Event, ...]

    def open_leaves(self) -> Iterator[Unmet]:
        """Yield what would decide the newest occasions that are open."""
        for event in self.open[-_NEWEST:]:
            for term in (self.operation.holds, self.operation.establishes):
                against = unmet(term, True, replace(self.place, it=event)) if term else None
                if against is not None:
                    yield from against.leaves()


def run_sought(operation: Sustained, place: Place) -> RunSought:
    """Return how far a run has come at a place."""
    passage = place.passage
    members = look_at(operation.window, passage.assessor.program).members(passage.chart, place.here)
    begun: Event | None = None
    unsure: list[Event] = []
    for event, certain in members:
        holds = _truth(operation.holds, place, event) if certain else None
        if holds is None:
            unsure.append(event)
        if holds is not True:
            ignored = operation.ignoring is not None and _truth(
                operation.ignoring, place, event) is True
            begun = begun if ignored else None
        elif operation.establishes is None or _truth(operation.establishes, place, event) is True:
            begun = begun or event
    amount = passage.assessor.rulebook.parameters[operation.apart].amount
    days = int(amount.low) if amount is not None and amount.low is not None else 0
    return RunSought(operation, place, begun, days, tuple(unsure))


def _truth(term: Term, place: Place, event: Event) -> bool | None:
    value = replace(place, it=event).value(term)
    return value if isinstance(value, bool) else None
