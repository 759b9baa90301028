"""Which lines of a store contradict each other, so that none of them is believed?

It is asked at every look at the worklist: an alert that is missing for such a reason must not be
missing in silence.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.events.event import Event
from engine.store.reading import lines_received
from engine.timeline.log import standing_version

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import datetime

    from engine.events.event import Refusal
    from engine.events.intake import Intake
    from engine.store.file import Store


def contradictions(store: Store, intake: Intake, moment: datetime,
                   patients: Collection[str] = ()) -> list[Refusal]:
    """Return a refusal for each line that another one contradicts, of those known by a moment.

    Only events with more than one line are looked at, which few have.
    """
    wanted = f" WHERE patient IN ({', '.join('?' * len(patients))})" if patients else ""
    several = set(store.base.execute(
        f"SELECT patient, id FROM received{wanted} GROUP BY patient, id HAVING count(*) > 1",
        tuple(patients)))
    versions: dict[tuple[str, str], list[Event]] = {}
    for concerned in sorted({patient for patient, _ in several}):
        for source, line in lines_received(store, moment, [concerned])():
            event = intake.read(line, source)
            if (isinstance(event, Event) and (event.patient, event.id) in several
                    and event.recorded.start <= moment):
                versions.setdefault((event.patient, event.id), []).append(event)
    found = [one for lines in versions.values() for one in standing_version(lines)[1]]
    return sorted(found, key=lambda one: (one.source, one.line))
