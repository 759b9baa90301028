"""How is what was concluded about a patient told to others?"""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct

if TYPE_CHECKING:
    from engine.rulebook.definitions import Topic

WRITTEN = {"begin": "from", "end": "to"}
"""What a field of a record is called in JSON, where Python would not have it so."""


class ConclusionRecord(Struct, frozen=True, gc=False, rename=WRITTEN):
    """One value of a conclusion and the time over which it held (`end` None: it still holds)."""

    name: str
    value: str
    rule: str | None
    begin: str
    end: str | None
    evidence: tuple[str, ...]
    caveats: tuple[str, ...]
    overrode: tuple[str, ...]


class AlertRecord(Struct, frozen=True, gc=False, rename=WRITTEN):
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


class Undecided(Struct, frozen=True, gc=False):
    """A conclusion that may yet be true, which values it may take, and what would decide it."""

    name: str
    values: tuple[str, ...]
    needs: tuple[str, ...]


def cites_of(topic: Topic) -> tuple[str, ...]:
    """Return the sources that an alert names."""
    return tuple(f"{cite.key}: {cite.locator}" if cite.locator else cite.key
                 for cite in topic.rules[0].cites)
