"""Where do the events of a window come from: kinds, series, judged events, steps of a course?"""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING

from engine.facts.members import NOBODY, Kept, Members
from engine.facts.merging import Merged
from engine.facts.terms import Writer, compile_term
from engine.rulebook.terms import Ask

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime

    from engine.events.event import Event
    from engine.facts.chart import Chart
    from engine.facts.members import Member
    from engine.facts.program import Program
    from engine.rulebook.definitions import Window
    from engine.rulebook.terms import Term
    from engine.timeline.chain import Chain

    Source = Callable[[Chart, Event | None], Members]


def source_of(window: Window, program: Program) -> Source:
    """Return the function that gives all that a window may let in."""
    sources: list[Source] = [_of_kind(kind) for kind in window.kinds]
    sources += [_of_fact(name, program) for name in window.facts]
    sources += [_of_topic(name) for name in window.topics]
    sources += [_of_steps(step, program) for step in window.steps]
    if len(sources) == 1:
        return sources[0]

    def merged(chart: Chart, here: Event | None) -> Members:
        found = [source(chart, here) for source in sources]
        kept = [each.kept for each in found]
        stream: Merged = chart.stream(merged, tuple(map(id, kept)), Merged, kept)
        return stream.members(found, chart.over)

    return merged


def _of_kind(kind: str) -> Source:
    def of_kind(chart: Chart, _here: Event | None) -> Members:
        return chart.begun[kind]

    return of_kind


def _of_fact(name: str, program: Program) -> Source:
    writer = Writer(program)
    found, nobody = writer.result(), writer.name(NOBODY)
    asked = writer.write(Ask(name, program.rulebook.facts[name].type))
    return writer.function(f"({nobody} if ({found} := {asked}) is None else {found})")


def _of_topic(name: str) -> Source:
    def of_topic(chart: Chart, _here: Event | None) -> Members:
        judged = chart.verdicts.get(name)
        return NOBODY if judged is None else judged.members()

    return of_topic


def _of_steps(term: Term, program: Program) -> Source:
    steps = compile_term(term, program)

    def of_steps(chart: Chart, here: Event | None) -> Members:
        found: Chain = steps(chart, here, None)
        if not found:
            return NOBODY
        stream: _Steps = chart.stream(of_steps, None, _Steps, None)
        now = chart.now.start if here is None else min(here.at.start, chart.now.start)
        return stream.members(found, now, go_on=here is None)

    return of_steps


class _Steps:
    """The steps of the last course as a source that grows; what is not over may still change."""

    def __init__(self, _source: None) -> None:
        self.kept = Kept()
        self._links: list[Chain] = []

    def members(self, steps: Chain, now: datetime, *, go_on: bool) -> Members:
        """Return the steps; those that are over are kept while they go on from those kept.

        Where they do not, they are another course: a new one to `go_on` with, or one of the past.
        """
        newest: list[Member] = []
        to_take: list[tuple[Chain, Event]] = []
        for link, event in steps.links():
            if not to_take and event.at.end >= now:
                newest.append((event, True))
            elif link.count <= len(self._links) and self._links[link.count - 1] is link:
                break
            else:
                to_take.append((link, event))
        newest.reverse()
        past = len(steps) - len(newest)
        if not self._take(past - len(to_take), to_take[::-1]):
            if not go_on:
                return Members(NOBODY.kept, 0, [(event, True) for event in steps])
            self.kept, self._links = Kept(), []
            self._take(0, [*steps.links()][::-1][:past])
        return Members(self.kept, past, newest)

    def _take(self, place: int, steps: Sequence[tuple[Chain, Event]]) -> bool:
        """Keep steps from a place on; return whether they are those kept there, or go on."""
        kept = self.kept.events
        if any(event is not same for (_, event), same in zip(
                steps, islice(kept, place, None), strict=False)):
            return False
        for link, event in steps:
            if link.count <= len(kept):
                self._links[link.count - 1] = link  # the same step, read again
            else:
                self.kept.add(event)
                self._links.append(link)
        return True
