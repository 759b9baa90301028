"""Where do the events of a window come from: kinds, series, judged events, steps of a course?"""

from __future__ import annotations

from operator import is_
from typing import TYPE_CHECKING

from engine.facts.members import NOBODY, Kept, Members
from engine.facts.merging import Merged
from engine.facts.terms import Writer, compile_term
from engine.rulebook.terms import Ask

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from engine.events.event import Event
    from engine.facts.chart import Chart
    from engine.facts.program import Program
    from engine.rulebook.definitions import Window
    from engine.rulebook.terms import Term

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
        found: tuple[Event, ...] = steps(chart, here, None)
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

    def members(self, steps: tuple[Event, ...], now: datetime, *, go_on: bool) -> Members:
        """Return the steps; those that are over are kept while they go on from those kept.

        Where they do not, they are another course: a new one to `go_on` with, or one of the past.
        """
        past = len(steps)
        while past and steps[past - 1].at.end >= now:
            past -= 1
        if not all(map(is_, self.kept, steps[:past])):
            if not go_on:
                return Members(NOBODY.kept, 0, [(event, True) for event in steps])
            self.kept = Kept()
        for event in steps[len(self.kept):past]:
            self.kept.add(event)
        return Members(self.kept, past, [(event, True) for event in steps[past:]])
