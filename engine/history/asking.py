"""Whose history is asked for: the lines of files, known as recorded, or of a store, as received?"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from engine.assess import Assessor
from engine.events.intake import Intake
from engine.events.when import FIRST
from engine.history.lines import Arrival
from engine.history.steps import Era, History
from engine.problems import did_you_mean
from engine.request import RequestError, moment_named, zone_named
from engine.sources.patients import PatientReader
from engine.store.reading import lines_received, receipts, settle
from engine.store.rulebooks import kept_rulebook, uses
from engine.timeline.log import known

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from zoneinfo import ZoneInfo

    from engine.events.event import Event, Refusal
    from engine.events.when import When
    from engine.rulebook.definitions import Rulebook
    from engine.run import OnError, Run
    from engine.store.asked import Wish
    from engine.store.file import Store


@dataclass(frozen=True, slots=True)
class Refused:
    """What was refused on the way, and whether that stopped everything or was passed over."""

    refused: list[Refusal]
    on_error: OnError


def history_of_files(run: Run, paths: Iterable[str], patient: str, start: When | None,
                     end: When | None) -> History | None:
    """Return a patient's history by what was recorded when; None where a refusal stops it."""
    lines = _lines_of(dict(run.reader.gathered(paths)), patient)
    what = known(lines)
    run.refused.extend(what.refused)
    if run.is_stopped:
        return None
    arrivals = tuple(Arrival(line, line.recorded.start) for line in lines)
    return History(patient, [Era(FIRST, run.setup.assessor(), arrivals)], start,
                   end or what.as_of)


def history_of_store(store: Store, patient: str, wish: Wish, span: tuple[str | None, str | None]
                     ) -> tuple[History, list[Refusal]]:
    """Return a patient's history by what was received when, and the lines that were refused.

    Each time goes by the rulebook and zone that were in force then, unless others are named.
    """
    settle(store)
    in_use = uses(store)
    if not in_use:
        raise RequestError(f"store: found nothing received in {store.path}, expected lines; "
                           "put them in with ingest")
    received = receipts(store, patient)
    made: dict[tuple[str, str], tuple[Assessor, tuple[Arrival, ...], list[Refusal]]] = {}
    eras: list[Era] = []
    for each in in_use:
        key = each.digest, wish.zone or each.zone
        if wish.is_own_rulebook:
            key = "", key[1]
        if key not in made:
            rulebook = wish.load() if wish.is_own_rulebook else kept_rulebook(
                store, each.digest, wish.settings)
            made[key] = _read(store, patient, rulebook, zone_named(key[1]), received)
        assessor, arrivals, _ = made[key]
        if not eras or _unlike(eras[-1].assessor, assessor):
            since = datetime.fromisoformat(each.since) if eras else FIRST
            eras.append(Era(since, assessor, arrivals))
    refused = made[key][2]
    zone = eras[-1].assessor.zone
    start, end = (moment_named(each, zone) if each else None for each in span)
    return History(patient, eras, start, end), refused


def topics_named(eras: Sequence[Era], asked: Sequence[str]) -> list[str]:
    """Return the conclusions and alerts that were asked for, by the names of the rulebooks."""
    offered: dict[str, str] = {}
    for era in eras:
        rulebook = era.assessor.rulebook
        topics = {topic.name for topic in rulebook.topics if not topic.internal}
        offered |= {name: topic for name, topic in rulebook.summary.items() if topic in topics}
        offered |= {name: name for name in topics}
    for name in asked:
        if name not in offered:
            raise RequestError(f"what: found {name!r}, expected a conclusion or an alert of the "
                               f"rulebook; {did_you_mean(name, offered) or 'check the name'}")
    return [offered[name] for name in asked]


def _unlike(one: Assessor, other: Assessor) -> bool:
    return (one.rulebook.digest, one.zone.key) != (other.rulebook.digest, other.zone.key)


def _read(store: Store, patient: str, rulebook: Rulebook, zone: ZoneInfo,
          received: Mapping[int, datetime]) -> tuple[Assessor, tuple[Arrival, ...],
                                                     list[Refusal]]:
    """Return the lines of a patient as a rulebook reads them, each with when it became known."""
    reader = PatientReader(Intake(rulebook.vocabulary, zone), [patient],
                           read=lines_received(store, None, [patient]))
    lines = _lines_of(dict(reader.gathered([""])), patient)
    arrivals = tuple(Arrival(line, max(received[line.source.line], line.recorded.start))
                     for line in lines)
    return Assessor(rulebook, zone), arrivals, [*reader.refused, *known(lines).refused]


def _lines_of(gathered: Mapping[str, list[Event]], patient: str) -> list[Event]:
    if patient not in gathered:
        raise RequestError(f"patient: found {patient!r}, expected a patient of the input; "
                           "check the name")
    return gathered[patient]

