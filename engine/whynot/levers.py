"""Which single changes could turn what stands against a conclusion? Each is a guess, to be checked.

A guess comes from the rules themselves: the boundary that a comparison needs, the day on which a
window is left or a confirmation can come, an event that a filter would let pass.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from engine.events.event import Event
from engine.events.when import add_days
from engine.facts.evidence import members_of
from engine.facts.windows import Look
from engine.rulebook.definitions import Pick, Sustained, Tally, Treatment
from engine.rulebook.terms import (
    Ask,
    Comparing,
    Function,
    Here,
    It,
    PartOf,
    Term,
    Verdict,
    walk,
)
from engine.timeline.courses import Course
from engine.whynot.aims import Days, aims, aims_of
from engine.whynot.fitting import Fitter, Opening, back, course_of, course_opening, openings
from engine.whynot.runs import RunSought, run_sought
from engine.whynot.supposed import Change, Supposition, changed
from engine.whynot.unmet import Place, Unmet, judged_named, unmet, unmet_at, verdicts_sought
from engine.whynot.wants import Given, opposite, range_for, turned

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from datetime import date

    from engine.rulebook.definitions import Fact, Window
    from engine.whynot.aims import Aim
    from engine.whynot.scribe import Scribe
    from engine.whynot.wants import Want

_MOST_TOGETHER = 3


@dataclass(frozen=True, slots=True)
class Levers:
    """The changes that could be made next to what is supposed so far.

    `known` are the events as they are, `standing` as they are supposed to be; `tomorrow` is the day
    on which something new would happen, if nothing says another.
    """

    scribe: Scribe
    known: Mapping[str, Event]
    standing: Mapping[str, Event]
    supposed: Supposition
    tomorrow: date

    def of(self, against: Unmet, anchors: Iterable[Event]) -> Iterator[Supposition]:
        """Yield every supposition that goes on from this one.

        `anchors` are the events that the questions are judged at: each may come once more.
        """
        for leaf in against.leaves():
            yield from self._of_leaf(leaf)
        after = add_days(self.tomorrow, 1) if self.supposed.changes else self.tomorrow
        for event in anchors:
            if event.id in self.known or len(self.supposed) > 1:
                yield from self._later(event, max(after, add_days(event.at.day, 1)))

    def _of_leaf(self, leaf: Unmet) -> Iterator[Supposition]:
        term, place, wanted = leaf.term, leaf.place, leaf.wanted
        assert term is not None and place is not None
        facts = place.passage.assessor.rulebook.facts
        match term:
            case Ask(fact=name) if isinstance(facts[name].operation, Tally):
                yield from self._tally(facts[name], wanted, place.inside(term, facts[name]))
            case PartOf(part="begun" | "running" | "stopped"):
                yield from self._course(term, wanted, place)
            case Function(name="happened" | "stands", arguments=arguments):
                yield from self._runs(arguments, wanted, place)
            case Function(name="known", arguments=(inner,)) if not wanted:
                event = place.value(inner)
                if isinstance(event, Event):
                    yield from self._without([event])
        if isinstance(term, Comparing):
            yield from self._counted(term, wanted, place)
        for aim in aims_of(leaf):
            yield from self._aimed(aim)

    # ---- one field, or the day, of one event
    def _aimed(self, aim: Aim) -> Iterator[Supposition]:
        if aim.event is None:
            yield from self._new(aim.base, aim.place, {aim.field: aim.want} if aim.field else {},
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
            yield from self._altered(event, wants, at)
        if event.id not in self.known:
            return
        if isinstance(aim.base, Here | It):
            yield from self._again(event, wants, aim.days)
        elif isinstance(aim.base, Ask | PartOf):
            yield from self._new(aim.base, aim.place, wants, aim.days, event)

    def _moved(self, days: Days, event: Event) -> str:
        if days.text:
            return "" if days.text == event.at.text else days.text
        day = days.nearest(event.at.day)
        return day.isoformat() if day is not None and day != event.at.day else ""

    def _altered(self, event: Event, wants: Mapping[str, Want],
                 at: str = "") -> Iterator[Supposition]:
        if event.id in self.known:
            found = self.scribe.altered(event, wants, at)
        else:
            found = self.scribe.like(event, event.id, at or event.at.text, wants)
        if found is not None and found.content != event.content:
            yield self.supposed.and_(changed(self.supposed, found, self.known))

    def _again(self, event: Event, wants: Mapping[str, Want],
               days: Days) -> Iterator[Supposition]:
        """Suppose one more event like another, from tomorrow on."""
        day = days.within(Days(low=self.tomorrow)).nearest(self.tomorrow)
        if day is None:
            return
        found = self.scribe.like(event, self._identity(), day.isoformat(), wants)
        if found is not None:
            yield self.supposed.and_(Change("add", found))

    def _new(self, base: Term, place: Place, wants: Mapping[str, Want], days: Days = Days(),
             template: Event | None = None) -> Iterator[Supposition]:
        """Suppose the event that a term stands for, which is not there or would be newer."""
        if isinstance(base, PartOf):
            course = course_of(base, place)
            if course is not None:
                action = "stop" if base.part == "stop" else "start"
                yield from self._added([course_opening(course, action, place)], wants, days)
            return
        if not isinstance(base, Ask):
            return
        fact = place.passage.assessor.rulebook.facts[base.fact]
        inside = place.inside(base, fact)
        match fact.operation:
            case Pick(window=window):
                yield from self._into(window, inside, wants, days, template)
            case Treatment():
                yield from self._added([course_opening(fact.operation, "start", inside)], wants,
                                       days)

    # ---- an event more, or less, of those that a question looks at
    def _into(self, window: Window, place: Place, wants: Mapping[str, Want],
              days: Days = Days(), template: Event | None = None) -> Iterator[Supposition]:
        found = list(openings(window, place))
        if not found:
            for name in ("after", "since", "before", "until"):
                bound = getattr(window, name)
                if bound is not None and place.value(bound) is None:
                    yield from self._new(bound, place, {})
        yield from self._added(found, wants, days, template)

    def _added(self, found: Iterable[Opening], wants: Mapping[str, Want], days: Days = Days(),
               template: Event | None = None) -> Iterator[Supposition]:
        fitter = Fitter(self.scribe, self._identity(), self.standing)
        for opening in found:
            opening = replace(opening, days=opening.days.within(days))
            like = template if template is not None and template.kind == opening.kind else None
            event = fitter.fitting(opening, self.tomorrow, wants, like)
            if event is None and like is not None:
                event = fitter.fitting(opening, self.tomorrow, wants)
            if event is not None:
                yield self.supposed.and_(Change("add", event))

    def _without(self, events: Iterable[Event]) -> Iterator[Supposition]:
        """Suppose that some events had not been; a new one is just not supposed."""
        changes, supposed = [], self.supposed
        for event in events:
            if event.id in self.known:
                line = self.scribe.voided(self.known[event.id])
                if line is not None:
                    changes.append(Change("void", line, self.known[event.id]))
        if 0 < len(changes) <= _MOST_TOGETHER:
            yield supposed.and_(*changes)

    def _tally(self, fact: Fact, wanted: bool, place: Place) -> Iterator[Supposition]:
        operation = fact.operation
        assert isinstance(operation, Tally)
        if operation.which != "any":
            return
        window = operation.window
        if wanted:
            if not window.topics:
                yield from self._into(window, place, {})
            yield from self._let_in(window, place)
            yield from self._judged_so(window, place)
            return
        members = members_of(fact, place.passage.chart, place.here)
        yield from self._without(members)
        for member in members[-_MOST_TOGETHER:]:
            yield from self._kept_out(window, place, member)
        if window.within is not None and place.here is not None and members:
            leaves = add_days(back(window, members[-1].at.day, place, 1), 1)
            yield from self._later(place.here, leaves)

    def _later(self, here: Event, day: date) -> Iterator[Supposition]:
        """Suppose that the question is judged at an event that comes later."""
        if here.id in self.known:
            yield from self._again(self.known[here.id], {}, Days(low=day))
        elif here.id in self.standing:
            yield from self._altered(self.standing[here.id], {}, max(
                day, here.at.day).isoformat())

    def _let_in(self, window: Window, place: Place) -> Iterator[Supposition]:
        """Suppose that the newest events that a filter holds back would pass."""
        if window.where is None:
            return
        look = Look(replace(window, where=None), place.passage.assessor.program)
        found = [event for event, _ in look.members(place.passage.chart, place.here)]
        for event in found[:-_MOST_TOGETHER - 1:-1]:
            against = unmet(window.where, True, replace(place, it=event))
            yield from self._one_event(against, event)

    def _judged_so(self, window: Window, place: Place) -> Iterator[Supposition]:
        """Suppose that the newest event that was judged, or one that else passes, had been judged so.
        """
        sought = verdicts_sought(window.where)
        for topic in window.topics:
            judged = judged_named(place, topic)
            events = sorted(place.passage.chart.verdicts.get(topic, ()),
                            key=lambda event: event.at.start, reverse=True)
            for number, event in enumerate(events):
                against = unmet(window.where, True, replace(place, it=event)) if (
                    window.where is not None) else None
                others = [leaf for leaf in against.leaves() if not _reads_verdict(leaf)] if (
                    against is not None) else []
                for leaf in others if number == 0 else ():
                    yield from self._of_leaf(leaf)
                if not others:
                    found = unmet_at(judged, sought, replace(place, here=event, it=None))
                    for leaf in found.leaves() if found is not None and number else ():
                        yield from self._of_leaf(leaf)
                    break

    def _kept_out(self, window: Window, place: Place, event: Event) -> Iterator[Supposition]:
        if window.where is not None:
            yield from self._one_event(unmet(window.where, False, replace(place, it=event)), event)

    def _one_event(self, against: Unmet | None, event: Event) -> Iterator[Supposition]:
        for leaf in against.leaves() if against is not None else ():
            for aim in aims_of(leaf):
                if aim.event is not None and aim.event.id == event.id and event.id in self.standing:
                    yield from self._aimed(aim)

    def _counted(self, term: Comparing, wanted: bool, place: Place) -> Iterator[Supposition]:
        """Suppose one more, or one less, of what is counted, or another least or greatest."""
        facts = place.passage.assessor.rulebook.facts
        for side in (term.left, term.right):
            if isinstance(side, Ask) and isinstance(facts[side.fact].operation, Tally):
                fact = facts[side.fact]
                inside = place.inside(side, fact)
                assert isinstance(fact.operation, Tally)
                yield from self._into(fact.operation.window, inside, {})
                members = members_of(fact, place.passage.chart, inside.here)
                for member in members[-_MOST_TOGETHER:]:
                    yield from self._without([member])
                    if fact.operation.value is not None:
                        for aim in aims(fact.operation.value, _wanted(term, wanted, side, place),
                                        replace(inside, it=member)):
                            yield from self._aimed(aim)

    # ---- courses and sustained runs
    def _course(self, term: PartOf, wanted: bool, place: Place) -> Iterator[Supposition]:
        course, found = course_of(term, place), place.value(term.base)
        if course is None:
            return
        if wanted and term.part in ("begun", "running"):
            yield from self._added([course_opening(course, "start", place)], {})
        if (wanted and term.part == "stopped") or (not wanted and term.part == "running"):
            yield from self._added([course_opening(course, "stop", place)], {})
        if isinstance(found, Course) and found.stop is not None and (
                (wanted and term.part == "running") or (not wanted and term.part == "stopped")):
            yield from self._without([found.stop])
        if isinstance(found, Course) and not wanted:
            yield from self._without(
                [step for step in found.steps if step.fields["direction"] == "start"])

    def _runs(self, arguments: tuple[Term, ...], wanted: bool,
              place: Place) -> Iterator[Supposition]:
        """Suppose what confirms a run, or, to end it, what confirms the run against it."""
        sought = arguments[0] if wanted else arguments[-1]
        if not wanted and len(arguments) == 1:
            return
        if not isinstance(sought, Ask):
            return
        fact = place.passage.assessor.rulebook.facts[sought.fact]
        if not isinstance(fact.operation, Sustained):
            return
        run = run_sought(fact.operation, place.inside(sought, fact))
        for leaf in run.open_leaves():
            yield from self._of_leaf(leaf)
        yield from self._confirmed(run)

    def _confirmed(self, run: RunSought) -> Iterator[Supposition]:
        start = run.begun.at.day if run.begun is not None else self.tomorrow
        days = [] if run.begun is not None else [self.tomorrow]
        days.append(max(self.tomorrow, add_days(start, run.days)))
        for opening in openings(run.operation.window, replace(run.place, here=None)):
            opening = replace(opening, filters=(*opening.filters, *(
                (term, replace(run.place, here=None)) for term in (
                    run.operation.holds, run.operation.establishes) if term is not None)))
            supposed = self.supposed
            for day in days:
                levers = replace(self, supposed=supposed)
                fitter = Fitter(self.scribe, levers._identity(), self.standing)
                made = fitter.fitting(opening, day, lenient=True)
                if made is None:
                    break
                supposed = supposed.and_(Change("add", made))
            else:
                yield supposed

    def _identity(self) -> str:
        number = len(self.supposed) + 1
        taken = {*self.known, *self.standing, *(
            change.event.id for change in self.supposed.changes if change.event is not None)}
        while f"supposed-{number}" in taken:
            number += 1
        return f"supposed-{number}"


def _reads_verdict(leaf: Unmet) -> bool:
    return leaf.term is not None and any(isinstance(part, Verdict) for part in walk(leaf.term))


def _wanted(term: Comparing, wanted: bool, side: Term, place: Place) -> Want:
    """Return what one side of a comparison would have to be."""
    sign = term.operator if wanted else opposite(term.operator)
    other = place.value(term.right if side is term.left else term.left)
    found = range_for(sign if side is term.left else turned(sign), other) if other else None
    return found or Given()

