"""What was known about one patient at a moment?

Lines are versions of events: a later recorded one supersedes, a void one withdraws, an equal one
adds nothing. Different lines with one id and one recorded time contradict each other, and none of
them is believed. Nothing here depends on the order in which the lines arrived.
"""

from __future__ import annotations

import json
from operator import attrgetter
from typing import TYPE_CHECKING

from msgspec import Struct

from engine.events.event import VOID, Event, Refusal, same_content

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from engine.events.when import When

_in_order = attrgetter("at.start", "id")


class Known(Struct, frozen=True):
    """The events that stand, in the order of time and id, the lines refused, and the moment."""

    events: tuple[Event, ...]
    refused: tuple[Refusal, ...]
    as_of: When


def known(lines: Iterable[Event], as_of: When | None = None) -> Known:
    """Return what the lines of one patient say as of a moment, by default the newest recorded."""
    given = list(lines)
    moment = as_of or newest_recorded(given)
    learnt = given if as_of is None else [
        line for line in given if line.recorded.start <= moment.end]
    standing, refused = _standing(learnt)
    events = sorted([line for line in standing if line.status not in VOID], key=_in_order)
    if as_of is None and refused:
        moment = _newest_believed(given, refused) or moment
    return Known(tuple(events), tuple(refused), moment)


def _standing(lines: list[Event]) -> tuple[list[Event], list[Refusal]]:
    """Return the line that stands of each id, if there is one, and the refusals of others."""
    if len({line.id for line in lines}) == len(lines):
        return lines, []
    versions: dict[str, list[Event]] = {}
    for line in lines:
        versions.setdefault(line.id, []).append(line)
    found = [standing_version(candidates) for candidates in versions.values()]
    refused = [conflict for _, conflicts in found for conflict in conflicts]
    refused.sort(key=lambda one: (one.found, one.source, one.line))
    return [standing for standing, _ in found if standing is not None], refused


def _newest_believed(given: Sequence[Event], refused: Sequence[Refusal]) -> When | None:
    """Return the newest moment at which a line that was not refused was recorded."""
    places = {(one.source, one.line) for one in refused}
    believed = [line for line in given if (line.source.name, line.source.line) not in places]
    return newest_recorded(believed) if believed else None


def newest_recorded(lines: Sequence[Event]) -> When:
    """Return the newest moment at which one of the lines was recorded; a day counts to its end."""
    if not lines:
        raise ValueError("without a line there is no newest moment: give one")
    last = max([line.recorded.end for line in lines])
    return min([line.recorded for line in lines if line.recorded.end == last],
               key=lambda when: (when.text, when.start))


def standing_version(
        candidates: Sequence[Event]) -> tuple[Event | None, list[Refusal]]:
    """Return the version that stands, and the refusals of newer ones that conflict."""
    if len(candidates) == 1:
        return candidates[0], []
    refused: list[Refusal] = []
    for recorded in sorted({line.recorded.start for line in candidates}, reverse=True):
        version = [line for line in candidates if line.recorded.start == recorded]
        if all(same_content(version[0], line) for line in version[1:]):
            return min(version, key=_text), refused
        refused += _conflict(version)
    return None, refused


def _conflict(version: Sequence[Event]) -> list[Refusal]:
    places = sorted((line.source.name, line.source.line) for line in version)
    where = " and ".join(f"{name}:{line}" for name, line in places)
    return [Refusal(line.source.name, line.source.line, "id",
                    f"different lines with the id '{line.id}', "
                    f"all recorded {min(each.recorded.text for each in version)}",
                    "one line for each id and recorded time",
                    f"{where} contradict each other: give the right one a later 'recorded'")
            for line in version]


def _text(event: Event) -> str:
    """Return one text for each way of writing a line, to choose by something else than arrival."""
    return json.dumps(event.given, sort_keys=True, default=lambda number: [str(number)])
