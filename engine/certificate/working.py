"""What was worked out for some conclusions: every criterion, fact, parameter and event of it."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from engine.certificate.terms import term_record
from engine.certificate.values import amount_record, member_record, value_record
from engine.events.event import Event
from engine.facts.evidence import branches_reached
from engine.facts.members import Members
from engine.facts.windows import look_at
from engine.rulebook.definitions import (
    Computed,
    Criterion,
    Pick,
    Series,
    Sustained,
    Tally,
    Treatment,
    Window,
)
from engine.rulebook.windows import as_term
from engine.standing import Standing
from engine.timeline.courses import Course
from engine.timeline.sustained import Run

if TYPE_CHECKING:
    from collections.abc import Iterator

    from engine.facts.judging import JudgedTopic
    from engine.facts.program import Question
    from engine.passage import Passage
    from engine.rulebook.definitions import Citation, Condition
    from engine.rulebook.terms import Term

_BOUNDS = ("after", "before", "since", "until")


class Working:
    """Gathers the working of what is asked for; each fact and conclusion once.

    A topic that is judged at an event may read what it said of others, not what it said of this
    one: while its criteria are written down, its own verdict is put aside, as when it was judged.
    """

    def __init__(self, passage: Passage) -> None:
        assert passage.whole, "only of a whole passage is every criterion known"
        self.chart, self.moment = passage.chart, passage.moment
        self.facts: dict[str, dict[str, Any]] = {}
        self.parameters: dict[str, dict[str, Any]] = {}
        self.conclusions: dict[str, dict[str, Any]] = {}
        self.events: dict[str, Event] = {}
        self._passage, self._aside = passage, ""
        self._topics = {judged.topic.name: judged for judged in passage.assessor.topics}

    def seen(self, value: Any) -> Any:
        """Note the events that an answer consists of; return the answer."""
        match value:
            case Event():
                self.events.setdefault(value.id, value)
            case Course():
                for each in (*value.steps, *value.ignored, value.start, value.stop,
                             value.resumed, value.last_step):
                    self.seen(each)
            case Run():
                for pair in (value.certain, value.possible):
                    if pair is not None:
                        self.seen(pair.first)
                        self.seen(pair.confirmed)
            case Members():
                for event in value.events():
                    self.seen(event)
            case list() | tuple():
                for each in value:
                    self.seen(each if isinstance(each, Event) else each[0])
        return value

    def parameter(self, name: str) -> None:
        """Write down a parameter with its unit and its citation."""
        parameter = self.chart.program.rulebook.parameters[name]
        record: dict[str, Any] = {"given": parameter.given, "override": parameter.override or None,
                                  "about": parameter.about, "cite": _cite(parameter.cite)}
        if parameter.amount is not None:
            record["value"] = amount_record(parameter.amount)
        if parameter.months is not None:
            record["months"] = parameter.months
        if parameter.table:
            record["table"] = {key: amount_record(each)
                               for key, each in sorted(parameter.table.items())}
        self.parameters[name] = record

    def fact(self, name: str, here: Event | None) -> str:
        """Write down a fact as asked at an event or now; return its key."""
        question = self.chart.program.by_name[name]
        place = self._place(question, here)
        key = name if place is None else f"{name}@{place.id}"
        if self._aside and question.reach.touched_by({self._aside}, late=True):
            key += f" (before its {self._aside})"
        if key not in self.facts:
            self.facts[key] = {}  # a place of its own, before what it rests on
            value = self.seen(self.chart.answer(question, here))
            is_asked = question.at is None or place is not None
            self.facts[key] |= {"fact": name, "at": place.id if place else None,
                                "about": question.fact.about,
                                **(self._operation(question, place, value) if is_asked else
                                   {"op": "not-asked"}),
                                "value": value_record(value)}
        return key

    def conclusion(self, name: str) -> None:
        """Write down a conclusion as it stands: its rules in order, and what each came to."""
        if name in self.conclusions:
            return
        judged, record = self._topics[name], self.conclusions.setdefault(name, {})
        topic = judged.topic
        standing = self._passage.standings.get(name, Standing.nothing(name))
        record |= {"title": topic.title, "value": standing.value, "rule": standing.rule,
                   "is_alert": topic.alert is not None, "values": list(topic.values),
                   "fallback": topic.fallback, "judged_at": None, "arises": bool(standing.truths)}
        if topic.of is not None:
            record["of"] = self.fact(topic.of, None)
        if not standing.truths:
            return
        if standing.here is not None:
            record["judged_at"] = self.seen(standing.here).id
        with self._put_aside(name, standing.here):
            record["criteria"] = self._criteria(judged, standing)
        record |= {"given": _outline(topic.given), "rules": [
            {"rule": rule.id, "value": rule.value, "when": _outline(rule.when),
             "cites": [_cite(cite) for cite in rule.cites]} for rule in topic.rules],
            "undecided": list(standing.undecided), "overrode": list(standing.overrode)}
        if standing.value is not None and not topic.internal:
            record |= self._details(judged, standing)

    def _criteria(self, judged: JudgedTopic, standing: Standing) -> dict[str, Any]:
        return {each.text: {"truth": truth, "working": term_record(each.term, self, standing.here)}
                for each, truth in zip(judged.inputs, standing.truths, strict=True)}

    def _details(self, judged: JudgedTopic, standing: Standing) -> dict[str, Any]:
        """Caveats and severity, which are asked when the value is there."""
        topic, here = judged.topic, standing.here
        record: dict[str, Any] = {"evidence": list(standing.evidence),
                                  "caveats": list(standing.caveats),
                                  "caveat_conditions": {each.name: self._condition(each.when, here)
                                                        for each in topic.caveats}}
        if topic.alert is not None:
            record["severity"] = standing.severity
            record["severities"] = [
                {"is": name, "when": None if when is None else self._condition(when, here)}
                for name, when in topic.alert.severities]
            record["message"] = standing.message
        return record

    def _condition(self, condition: Condition, here: Event | None) -> dict[str, Any]:
        term = as_term(condition)
        assert term is not None
        return term_record(term, self, here)

    @contextmanager
    def _put_aside(self, topic: str, here: Event | None) -> Iterator[None]:
        verdict, outer = self.chart.judged(topic).get(here), self._aside
        if here is None or verdict is None:
            yield
            return
        self.chart.take_back(topic, here)
        self._aside = topic
        self.chart.forget_conclusion(topic)
        self.chart.settle()
        try:
            yield
        finally:
            self._aside = outer
            self.chart.say(topic, here, verdict)
            self.chart.forget_conclusion(topic)
            self.chart.settle()

    def _place(self, question: Question, here: Event | None) -> Event | None:
        """Return the event at which a fact is really asked, as the chart decides it."""
        if question.always_now:
            here = None
        if question.at is not None:
            here = question.at(self.chart, here, None)
        return None if here is None else self.seen(here)

    def _operation(self, question: Question, place: Event | None, value: Any) -> dict[str, Any]:
        match question.fact.operation:
            case Computed() as operation:
                return {"op": "computed", "branches": list(self._branches(operation, place))}
            case Pick(which=which, window=window):
                record: dict[str, Any] = {"op": which, **self._window(window, place)}
                if isinstance(value, Event) and window.where is not None:
                    record["where"] = term_record(window.where, self, place, value)
                return record
            case Tally(which=which, window=window, value=term):
                return {"op": which, **self._window(window, place),
                        "members": [self._member(event, certain, term, place)
                                    for event, certain in self._members(window, place)]}
            case Series(window=window):
                return {"op": "series", **self._window(window, place)}
            case Treatment():
                return {"op": "course"}
            case Sustained():
                return {"op": "sustained"}

    def _branches(self, operation: Computed, place: Event | None) -> Iterator[dict[str, Any]]:
        """Write down the branches up to the one that is surely taken; of others what they ask."""
        for when, then, holds in branches_reached(operation, self.chart, place):
            record: dict[str, Any] = {
                "if": None if when is None else term_record(when, self, place)}
            if holds is not False:
                record["then"] = term_record(then, self, place)
            yield record

    def _member(self, event: Event, certain: bool | None, value: Term | None,
                place: Event | None) -> dict[str, Any]:
        record = member_record((self.seen(event), certain))
        if value is not None:
            record["amount"] = term_record(value, self, place, event)
        return record

    def _members(self, window: Window, place: Event | None) -> Members:
        return look_at(window, self.chart.program).members(self.chart, place)

    def _window(self, window: Window, place: Event | None) -> dict[str, Any]:
        """Write down the bounds in time between which events were looked at."""
        bounds = {name: term_record(term, self, place) for name in (*_BOUNDS, "within")
                  if (term := getattr(window, name)) is not None}
        return {"bounds": bounds} if bounds else {}


def _outline(condition: Condition | None) -> Any:
    """Return how the criteria of a condition stand together; each by its text."""
    if condition is None or isinstance(condition, Criterion):
        return condition.text if condition else None
    return {condition.word: [_outline(part) for part in condition.parts]}


def _cite(cite: Citation) -> dict[str, str]:
    return {"source": cite.source, "key": cite.key, "locator": cite.locator,
            "passage": cite.passage, "status": cite.status}

