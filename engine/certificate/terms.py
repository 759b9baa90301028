"""How a term is written in a certificate: what was done to which values, and what came of it.

Every record has `op` and `value`; `parts` are the records of the terms inside, so that each step
can be done again by hand. A fact stands by its key: it is worked out once, among the facts.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

from engine.certificate.values import value_record
from engine.facts.terms import compile_term
from engine.rulebook.terms import (
    Among,
    Arithmetics,
    Ask,
    Both,
    Comparing,
    Conclusion,
    Constant,
    Elapsed,
    FieldOf,
    Function,
    Here,
    It,
    Negated,
    PartOf,
    TableEntry,
    Term,
    Verdict,
    parts,
)

if TYPE_CHECKING:
    from engine.events.event import Event
    from engine.facts.chart import Chart


class Gathers(Protocol):
    """Who writes down the facts, parameters, conclusions and events that a term names."""

    chart: Chart

    def fact(self, name: str, here: Event | None) -> str: ...

    def parameter(self, name: str) -> None: ...

    def conclusion(self, name: str) -> None: ...

    def seen(self, value: Any) -> Any: ...


def term_record(term: Term, to: Gathers, here: Event | None,
                it: Event | None = None) -> dict[str, Any]:
    """Return the record of a term at an event or now, `it` being the member that is filtered."""
    value = to.seen(compile_term(term, to.chart.program)(to.chart, here, it))
    record = _named(term, to, here, it)
    inner = [term_record(part, to, here, it) for part in parts(term)]
    if inner:
        record["parts"] = inner
    record["value"] = value_record(value)
    return record


def _named(term: Term, to: Gathers, here: Event | None, it: Event | None) -> dict[str, Any]:
    match term:
        case Constant(name=name) if name:
            to.parameter(name)
            return {"op": "parameter", "name": name}
        case Constant():
            return {"op": "literal"}
        case TableEntry(name=name):
            to.parameter(name)
            return {"op": "table", "name": name}
        case Ask(fact=fact, at_it=at_it):
            return {"op": "fact", "key": to.fact(fact, it if at_it else here)}
        case Conclusion(topic=topic):
            to.conclusion(topic)
            may_be = to.chart.may_be(topic)
            return {"op": "conclusion", "name": topic} | (
                {"may_be": sorted(may_be)} if may_be else {})
        case Verdict(topic=topic):
            return {"op": "verdict", "name": topic}
        case Here():
            return {"op": "here"}
        case It():
            return {"op": "member"}
        case FieldOf(field=field):
            return {"op": "field", "name": field}
        case PartOf(part=part):
            return {"op": "part", "name": part}
        case Arithmetics(operator=operator):
            return {"op": "arithmetic", "sign": operator}
        case Comparing(operator=operator):
            return {"op": "compare", "sign": operator}
        case Among(values=values, name=name):
            return {"op": "among", "name": name, "values": sorted(values)}
        case Both(operator=operator):
            return {"op": operator}
        case Negated():
            return {"op": "not"}
        case Function(name=name):
            return {"op": "function", "name": name}
        case Elapsed(operator=operator):
            return _elapsed(operator, to, here, it)
    raise TypeError(f"a term of no known kind: {type(term).__name__}")


def _elapsed(operator: str, to: Gathers, here: Event | None,
             it: Event | None) -> dict[str, Any]:
    """The day asked about stands in the record: that of the event, or of the instant itself."""
    at = it if it is not None else here
    if at is not None:
        to.seen(at)
    day = (to.chart.now if at is None else at.at).day
    return {"op": "elapsed", "sign": operator, "day": day.isoformat()}
