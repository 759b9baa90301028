"""Which suppositions make one event another, or one more, or one less?

Of each event that is changed there is one line. A new event is no more than one change however
often it is made to say something else.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from engine.rulebook.definitions import Pick, Treatment
from engine.rulebook.terms import Ask, Here, It, PartOf, Term
from engine.whynot.aims import ANY_DAY, Days
from engine.whynot.fitting import Fitter, Opening, course_of, course_opening, openings
from engine.whynot.supposed import Change, Supposition, changed

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from datetime import date

    from engine.events.event import Event
    from engine.rulebook.definitions import Window
    from engine.whynot.aims import Aim
    from engine.whynot.scribe import Scribe
    from engine.whynot.unmet import Place
    from engine.whynot.wants import Want

MOST_TOGETHER = 3


@dataclass(frozen=True, slots=True)
class Maker:
    """Goes on from what is supposed so far.

    `known` are the events as they are, `standing` as they are supposed to be; `tomorrow` is the day
    on which something new would happen, if nothing says another.
    """

    scribe: Scribe
    known: Mapping[str, Event]
    standing: Mapping[str, Event]
    supposed: Supposition
    tomorrow: date

    def aimed(self, aim: Aim) -> Iterator[Supposition]:
        """Suppose that an event says, or comes on, what would turn a comparison."""
        if aim.event is None:
            yield from self.new(aim.base, aim.place, {aim.field: aim.want} if aim.field else {},
                                 aim.days)
            return
        wants: dict[str, Want] = {aim.field: aim.want} if aim.field else {}
        event = self.standing.get(aim.event.id)
        if event is None:
            return
        if aim.field == "direction":
            wants = {}
        at = "" if aim.field else self._moved(aim.days, event)
        if wants or at:
            yield from self.altered(event, wants, at)
        if event.id not in self.known:
            return
        if isinstance(aim.base, Here | It):
            yield from self.again(event, wants, aim.days)
        elif isinstance(aim.base, Ask | PartOf):
            yield from self.new(aim.base, aim.place, wants, aim.days, event)

    def _moved(self, days: Days, event: Event) -> str:
        if days.text:
            return "" if days.text == event.at.text else days.text
        day = days.nearest(event.at.day)
        return day.isoformat() if day is not None and day != event.at.day else ""

    def altered(self, event: Event, wants: Mapping[str, Want],
                 at: str = "") -> Iterator[Supposition]:
        """Suppose that an event had been another."""
        if event.id in self.known:
            found = self.scribe.altered(event, wants, at)
        else:
            found = self.scribe.like(event, event.id, at or event.at.text, wants)
        if found is not None and found.content != event.content:
            yield self.supposed.and_(changed(found, self.known))

    def again(self, event: Event, wants: Mapping[str, Want],
               days: Days) -> Iterator[Supposition]:
        """Suppose one more event like another, from tomorrow on."""
        day = days.within(Days(low=self.tomorrow)).nearest(self.tomorrow)
        if day is None:
            return
        found = self.scribe.like(event, self.identity(), day.isoformat(), wants)
        if found is not None:
            yield self.supposed.and_(Change("add", found))

    def new(self, base: Term, place: Place, wants: Mapping[str, Want], days: Days = ANY_DAY,
             template: Event | None = None) -> Iterator[Supposition]:
        """Suppose the event that a term stands for, which is not there or would be newer."""
        if isinstance(base, PartOf):
            course = course_of(base, place)
            if course is not None:
                action = {"last_step": "", "stop": "stop"}.get(base.part, "start")
                yield from self.added([course_opening(course, action, place)], wants, days)
            return
        if not isinstance(base, Ask):
            return
        fact = place.passage.assessor.rulebook.facts[base.fact]
        inside = place.inside(base, fact)
        match fact.operation:
            case Pick(window=window):
                yield from self.into(window, inside, wants, days, template)
            case Treatment():
                yield from self.added([course_opening(fact.operation, "start", inside)], wants,
                                       days)

    def into(self, window: Window, place: Place, wants: Mapping[str, Want],
              days: Days = ANY_DAY, template: Event | None = None) -> Iterator[Supposition]:
        """Suppose one more event among those that a window looks at."""
        found = list(openings(window, place))
        if not found:
            for name in ("after", "since", "before", "until"):
                bound = getattr(window, name)
                if bound is not None and place.value(bound) is None:
                    yield from self.new(bound, place, {})
        yield from self.added(found, wants, days, template)

    def added(self, found: Iterable[Opening], wants: Mapping[str, Want], days: Days = ANY_DAY,
               template: Event | None = None) -> Iterator[Supposition]:
        """Suppose one more event that fits; made after the `template`, if that will do."""
        fitter = Fitter(self.scribe, self.identity(), self.standing)
        for opening in found:
            opening = replace(opening, days=opening.days.within(days))
            like = template if template is not None and template.kind == opening.kind else None
            event = fitter.fitting(opening, self.tomorrow, wants, like)
            if event is None and like is not None:
                event = fitter.fitting(opening, self.tomorrow, wants)
            if event is not None:
                yield self.supposed.and_(Change("add", event))

    def without(self, events: Iterable[Event]) -> Iterator[Supposition]:
        """Suppose that some events had not been; a new one is just not supposed."""
        changes, supposed = [], self.supposed
        for event in events:
            if event.id in self.known:
                line = self.scribe.voided(self.known[event.id])
                if line is not None:
                    changes.append(Change("void", line, self.known[event.id]))
        if 0 < len(changes) <= MOST_TOGETHER:
            yield supposed.and_(*changes)

    def later(self, here: Event, day: date) -> Iterator[Supposition]:
        """Suppose that the question is judged at an event that comes later."""
        if here.id in self.known:
            yield from self.again(self.known[here.id], {}, Days(low=day))
        elif here.id in self.standing:
            yield from self.altered(self.standing[here.id], {}, max(
                day, here.at.day).isoformat())

    def identity(self) -> str:
        """Return an id that no event has."""
        number = len(self.supposed) + 1
        taken = {*self.known, *self.standing, *(
            change.event.id for change in self.supposed.changes if change.event is not None)}
        while f"supposed-{number}" in taken:
            number += 1
        return f"supposed-{number}"
