"""By which rulebook, in which zone and from which lines is a question to a store answered?"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from engine.problems import did_you_mean
from engine.request import RequestError, moment_named, zone_named
from engine.store.reading import lines_received, settle
from engine.store.rulebooks import in_force, kept_rulebook, put_in_force
from engine.wording import one_of

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Mapping
    from pathlib import Path
    from zoneinfo import ZoneInfo

    from engine.alerts.worklist import Filter
    from engine.events.event import Source
    from engine.events.when import When
    from engine.rulebook.definitions import Rulebook
    from engine.store.file import Store
    from engine.store.rulebooks import InForce


@dataclass(frozen=True, slots=True)
class Wish:
    """What the user said: None where nothing was said. `load` loads the rulebook of the options."""

    zone: str | None
    is_own_rulebook: bool
    folder: Path
    settings: Mapping[str, str]
    load: Callable[[], Rulebook]


@dataclass(frozen=True, slots=True)
class Answering:
    """With what a question is answered; `replaced` was in force before, if that is another."""

    rulebook: Rulebook
    zone: ZoneInfo
    as_of: When | None = None
    replaced: InForce | None = None

    def lines(self, store: Store,
              patients: Collection[str] = ()) -> Callable[..., Iterator[tuple[Source, bytes]]]:
        """Return a reader of the lines that had been received by then."""
        return lines_received(store, self.as_of.end if self.as_of else None, patients)


def by_now(store: Store, wish: Wish) -> Answering:
    """Answer by the rulebook of the options, and put it in force; the zone stays as it was.

    Where the options name none, a rulebook of another name that is in force stays in force.
    """
    before = in_force(store)
    zone = zone_named(wish.zone or (before.zone if before else "UTC"))
    rulebook = wish.load()
    if before and not (wish.is_own_rulebook or wish.settings) and before.id != rulebook.id:
        rulebook = kept_rulebook(store, before.digest, {})
    replaced = put_in_force(store, rulebook, wish.folder, wish.settings, zone.key)
    settle(store)
    return Answering(rulebook, zone, None, replaced)


def as_of(store: Store, wish: Wish, text: str) -> Answering:
    """Answer by what was in force and received at a moment; a rulebook that is named comes first.
    """
    settle(store)
    newest = in_force(store)
    moment = moment_named(text, zone_named(wish.zone or (newest.zone if newest else "UTC")))
    then = in_force(store, moment.end)
    if then and not wish.zone:
        moment = moment_named(text, zone_named(then.zone))
        then = in_force(store, moment.end) or then
    zone = zone_named(wish.zone or (then.zone if then else "UTC"))
    if wish.is_own_rulebook:
        return Answering(wish.load(), zone, moment_named(text, zone))
    if then is None:
        raise RequestError(f"as-of: found {text!r}, before this store was in use"
                           f"{_first_use(store)}; expected a later moment, for a store answers by "
                           "what it had received by then")
    rulebook = kept_rulebook(store, then.digest, wish.settings)
    return Answering(rulebook, zone, moment_named(text, zone))


def in_use(store: Store) -> Answering:
    """Answer by what is in force, whatever the options say: a worklist changes no rulebook."""
    settle(store)
    now = in_force(store)
    if now is None:
        raise RequestError(f"{store.path}: found no rulebook in force, expected one; "
                           "put lines in with ingest first")
    return Answering(kept_rulebook(store, now.digest, {}), zone_named(now.zone))


def check_wanted(store: Store, rulebook: Rulebook, wanted: Filter) -> None:
    """Refuse a patient or an alert that there is not: an empty page would look like good news."""
    for patient in wanted.patients:
        if not store.base.execute("SELECT 1 FROM received WHERE patient = ? LIMIT 1",
                                  (patient,)).fetchone():
            known = [name for (name,) in store.base.execute(
                "SELECT DISTINCT patient FROM received")]
            raise RequestError(f"patient: found {patient!r}, expected one of this store; "
                               + (did_you_mean(patient, known) or "check the name"))
    alerts = [topic.name for topic in rulebook.topics if topic.alert is not None]
    noted = {rule for (rule,) in store.base.execute(
        "SELECT DISTINCT alert ->> '$.record.rule' FROM steps")} if set(wanted.rules) - {
        *alerts} else set()
    for rule in wanted.rules:
        if rule not in alerts and rule not in noted:
            raise RequestError(f"rule: found {rule!r}, expected an alert of {rulebook.id}; "
                               + (did_you_mean(rule, alerts) or one_of(alerts)))


def _first_use(store: Store) -> str:
    first = store.base.execute("SELECT min(noted) FROM uses").fetchone()[0]
    return f" (since {first})" if first else ""
