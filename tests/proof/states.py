"""The state of a real patient, read through the engine, put into the formulas of a proof."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import z3

from engine.events.amount import Amount
from engine.events.when import When, add_months
from engine.facts.terms import compile_term
from engine.passage import Passage
from engine.proof.encoding import FIRST
from engine.proof.inputs import (
    ABOVE,
    AT_LEAST,
    AT_MOST,
    BELOW,
    EXACT,
    MAY_BE,
    Input,
    Inputs,
    Place,
)
from engine.rulebook.terms import Conclusion, Dated
from engine.timeline.courses import Course


class State:
    """Where a passage has come to, as seen by one topic."""

    def __init__(self, passage: Passage, topic: str) -> None:
        self.chart, self.program = passage.chart, passage.assessor.program
        judged = next(each for each in passage.assessor.topics if each.topic.name == topic)
        self.here = judged.anchor and self.chart.answer(judged.anchor, None)
        self.exists = judged.anchor is None or self.here is not None
        # the topic itself may read its own earlier verdicts only
        if self.here is not None:
            self.chart.take_back(topic, self.here)
            self.chart.forget_conclusion(topic)
            self.chart.settle()

    def event(self, place: Place) -> Any:
        """Return the event that a place stands for; None for now, "nowhere" if there is none."""
        if place.key in ("now", "here"):
            return self.here if place.key == "here" else None
        assert place.outer is not None and place.at is not None
        outer = self.event(place.outer)
        found = None if outer == "nowhere" else compile_term(place.at, self.program)(
            self.chart, outer, None)
        return "nowhere" if found is None else found

    def assignment(self, inputs: Inputs) -> list[tuple[Any, Any]]:
        """Return what each variable is; none for an input of an event that there is not."""
        found = []
        for one in inputs.all.values():
            here = self.event(one.place)
            if here != "nowhere":
                value = compile_term(one.term, self.program)(self.chart, here, None)
                found += [(one.variables[name], each)
                          for name, each in self._of(one, value, here, inputs).items()
                          if name in one.variables]
        return found

    def _of(self, one: Input, value: Any, here: Any, inputs: Inputs) -> dict[str, Any]:
        match one.kind:
            case "flag" if value is None or isinstance(value, bool):
                return {"yes": z3.BoolVal(value is True), "no": z3.BoolVal(value is False)}
            case "flag":  # whether a time is given
                return {"yes": z3.BoolVal(value is not None)}
            case "number":
                return {"given": z3.BoolVal(value is not None),
                        **({} if value is None else _number(value, one))}
            case "name" if isinstance(one.term, Dated):
                day = (self.chart.now if here is None else here.at).day
                begun = [since for since, _ in one.term.later if since <= day]
                period = f"that from {begun[-1]}" if begun else FIRST
                return {"given": z3.BoolVal(True), "code": z3.IntVal(inputs.code(period))}
            case "name" if isinstance(one.term, Conclusion) and value is None:
                may_be = self.chart.may_be(one.term.topic)
                return {"given": z3.BoolVal(False), **{
                    name: z3.BoolVal(name.removeprefix(MAY_BE) in may_be)
                    for name in one.variables if name.startswith(MAY_BE)}}
            case "name":
                return {"given": z3.BoolVal(value is not None),
                        **({} if value is None else {"code": z3.IntVal(inputs.code(value))})}
            case "moment":
                return {"exists": z3.BoolVal(value is not None),
                        "day": z3.IntVal(self._day(value))} if value is not None else {
                            "exists": z3.BoolVal(False)}
            case "course":
                course = value or Course()
                return {"begun": z3.BoolVal(course.begun), "running": z3.BoolVal(course.running)}
            case "run":
                return {"yes": z3.BoolVal(value.happened is True),
                        "no": z3.BoolVal(value.happened is False)}
        if value is None:
            return {}
        until = self.chart.now.day if here is None else here.at.day
        return {"value": z3.RealVal(str(_months(_when(value).day, until)))}

    def _day(self, value: Any) -> int:
        return int((_when(value).day - self.chart.now.day).days)


def holds(formula: Any, assignment: list[tuple[Any, Any]]) -> bool | None:
    """Return whether a formula holds in a state; None where the state does not say."""
    if isinstance(formula, bool):
        return formula
    found = z3.simplify(z3.substitute(formula, *assignment))
    return True if z3.is_true(found) else False if z3.is_false(found) else None


def _when(moment: Any) -> When:
    when: When = moment if isinstance(moment, When) else moment.at
    return when


def _number(value: Amount, one: Input) -> dict[str, Any]:
    if "high" in one.variables:
        return {"value": _real(value.low), "high": _real(value.high)}
    if value.is_exact:
        return {"value": _real(value.low), "mode": z3.IntVal(EXACT)}
    if value.high is None:
        return {"value": _real(value.low), "mode": z3.IntVal(ABOVE if value.low_open else AT_LEAST)}
    return {"value": _real(value.high), "mode": z3.IntVal(BELOW if value.high_open else AT_MOST)}


def _real(number: Fraction | None) -> Any:
    return z3.RealVal(str(number))


def _months(since: Any, until: Any) -> Fraction:
    """Return the months from one day to another: a whole number, or a half between two."""
    whole = (until.year - since.year) * 12 + until.month - since.month
    while add_months(since, whole) > until:
        whole -= 1
    return Fraction(whole) if add_months(since, whole) == until else whole + Fraction(1, 2)
