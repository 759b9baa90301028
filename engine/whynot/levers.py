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
from engine.facts.verdict_windows import over_verdicts
from engine.facts.windows import look_at_all
from engine.rulebook.definitions import Pick, Sustained, Tally
from engine.rulebook.ranges import DENIED, TURNED
from engine.rulebook.terms import (
    Ask,
    Comparing,
    Function,
    PartOf,
    Term,
    Verdict,
    walk,
)
from engine.timeline.courses import Course
from engine.whynot.aims import aims, aims_of
from engine.whynot.fitting import Fitter, back, course_of, course_opening, openings
from engine.whynot.making import MOST_TOGETHER, Maker
from engine.whynot.runs import RunSought, run_sought
from engine.whynot.supposed import Change, Supposition
from engine.whynot.unmet import Place, Unmet, judged_named, unmet, unmet_at, verdicts_sought
from engine.whynot.wants import Given, range_for

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from engine.rulebook.definitions import Fact, Window
    from engine.whynot.wants import Want



@dataclass(frozen=True, slots=True)
class Levers(Maker):
    """The changes that could be made next to what is supposed so far."""

    def of(self, against: Unmet, anchors: Iterable[Event]) -> Iterator[Supposition]:
        """Yield every supposition that goes on from this one.

        `anchors` are the events that the questions are judged at: each may come once more.
        """
        for leaf in against.leaves():
            yield from self._of_leaf(leaf)
        after = add_days(self.tomorrow, 1) if self.supposed.changes else self.tomorrow
        for event in anchors:
            if event.id in self.known or len(self.supposed) > 1:
                yield from self.later(event, max(after, add_days(event.at.day, 1)))

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
            case Function(name="known", arguments=(Ask(fact=name) as asked,)) if wanted:
                operation = facts[name].operation
                if isinstance(operation, Pick):
                    yield from self._judged_so(operation.window, place.inside(asked, facts[name]))
            case Function(name="known", arguments=(inner,)) if not wanted:
                event = place.value(inner)
                if isinstance(event, Event):
                    yield from self.without([event])
        if isinstance(term, Comparing):
            yield from self._counted(term, wanted, place)
        for aim in aims_of(leaf):
            yield from self.aimed(aim)

    # ---- an event more, or less, of those that a question looks at
    def _tally(self, fact: Fact, wanted: bool, place: Place) -> Iterator[Supposition]:
        operation = fact.operation
        assert isinstance(operation, Tally)
        if operation.which != "any":
            return
        window = operation.window
        if wanted:
            if not over_verdicts(window, place.passage.assessor.rulebook.facts).topics:
                yield from self.into(window, place, {})
            yield from self._let_in(window, place)
            yield from self._judged_so(window, place)
            return
        members = members_of(fact, place.passage.chart, place.here)
        yield from self.without(members)
        for member in members[-MOST_TOGETHER:]:
            yield from self._kept_out(window, place, member)
        if window.within is not None and place.here is not None and members:
            leaves = add_days(back(window, members[-1].at.day, place, 1), 1)
            yield from self.later(place.here, leaves)

    def _let_in(self, window: Window, place: Place) -> Iterator[Supposition]:
        """Suppose that the newest events that a filter holds back would pass."""
        if window.where is None:
            return
        look = look_at_all(window, place.passage.assessor.program)
        found = [event for event, _ in look.members(place.passage.chart, place.here)]
        for event in found[:-MOST_TOGETHER - 1:-1]:
            against = unmet(window.where, True, replace(place, it=event))
            yield from self._one_event(against, event)

    def _judged_so(self, window: Window, place: Place) -> Iterator[Supposition]:
        """Suppose that the newest event that was judged had been judged as is sought.

        Where that is not one that would count, the newest that would.
        """
        window = over_verdicts(window, place.passage.assessor.rulebook.facts)
        sought = verdicts_sought(window.where)
        for topic in window.topics:
            judged = judged_named(place, topic)
            events = sorted(place.passage.chart.judged(topic).members().events(),
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
                    yield from self.aimed(aim)

    def _counted(self, term: Comparing, wanted: bool, place: Place) -> Iterator[Supposition]:
        """Suppose one more, or one less, of what is counted, or another least or greatest."""
        facts = place.passage.assessor.rulebook.facts
        for side in (term.left, term.right):
            if isinstance(side, Ask) and isinstance(facts[side.fact].operation, Tally):
                fact = facts[side.fact]
                inside = place.inside(side, fact)
                assert isinstance(fact.operation, Tally)
                yield from self.into(fact.operation.window, inside, {})
                members = members_of(fact, place.passage.chart, inside.here)
                for member in members[-MOST_TOGETHER:]:
                    yield from self.without([member])
                    if fact.operation.value is not None:
                        for aim in aims(fact.operation.value, _wanted(term, wanted, side, place),
                                        replace(inside, it=member)):
                            yield from self.aimed(aim)

    # ---- courses and sustained runs
    def _course(self, term: PartOf, wanted: bool, place: Place) -> Iterator[Supposition]:
        course, found = course_of(term, place), place.value(term.base)
        if course is None:
            return
        if wanted and term.part in ("begun", "running"):
            yield from self.added([course_opening(course, "start", place)], {})
        if (wanted and term.part == "stopped") or (not wanted and term.part == "running"):
            yield from self.added([course_opening(course, "stop", place)], {})
        if isinstance(found, Course) and found.stop is not None and (
                (wanted and term.part == "running") or (not wanted and term.part == "stopped")):
            yield from self.without([found.stop])
        if isinstance(found, Course) and not wanted:
            yield from self.without(
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
                fitter = Fitter(self.scribe, levers.identity(), self.standing)
                made = fitter.fitting(opening, day, lenient=True)
                if made is None:
                    break
                supposed = supposed.and_(Change("add", made))
            else:
                yield supposed


def _reads_verdict(leaf: Unmet) -> bool:
    return leaf.term is not None and any(isinstance(part, Verdict) for part in walk(leaf.term))


def _wanted(term: Comparing, wanted: bool, side: Term, place: Place) -> Want:
    """Return what one side of a comparison would have to be."""
    sign = term.operator if wanted else DENIED[term.operator]
    other = place.value(term.right if side is term.left else term.left)
    found = range_for(sign if side is term.left else TURNED[sign], other) if other else None
    return found or Given()

