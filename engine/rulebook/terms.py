"""What an expression means once every name in it is resolved: a tree of typed terms."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from msgspec import Struct

from engine.events.amount import Amount
from engine.rulebook.types import (
    HOURS,
    CourseType,
    EventType,
    NumberType,
    SeriesType,
    SymbolType,
    TimeType,
    TruthType,
    Type,
)

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date

TRUTH = TruthType()


class Constant(Struct, frozen=True):
    """A parameter, a number, a symbol or a truth; `name` is the parameter's name, or empty."""

    value: Amount | str | bool | None
    type: Type
    name: str = ""


class Dated(Struct, frozen=True):
    """A parameter that has another value from certain days on; `value` is the one before them."""

    value: Amount
    later: tuple[tuple[date, Amount], ...]
    type: Type
    name: str


class TableEntry(Struct, frozen=True):
    """A parameter that is a table, looked up by a symbol."""

    name: str
    key: Term
    type: Type


class Ask(Struct, frozen=True):
    """The answer to a declared fact, asked where the expression is asked, or at the member."""

    fact: str
    type: Type
    at_it: bool = False


class Here(Struct, frozen=True):
    """The event at which a fact is asked, or the present instant."""

    type: Type


class It(Struct, frozen=True):
    """The member of a series that a filter looks at."""

    type: EventType


class FieldOf(Struct, frozen=True):
    """A field of an event."""

    base: Term
    field: str
    type: Type


class PartOf(Struct, frozen=True):
    """A part of a course or of a sustained run."""

    base: Term
    part: str
    type: Type


class Verdict(Struct, frozen=True):
    """What a conclusion said of an event when it was judged at it."""

    topic: str
    base: Term
    type: SymbolType


class Conclusion(Struct, frozen=True):
    """The value that a conclusion of a lower stratum has at this instant."""

    topic: str
    type: SymbolType


class Arithmetics(Struct, frozen=True):
    """A sum, difference, product or quotient of numbers."""

    operator: str
    left: Term
    right: Term
    type: NumberType


class Comparing(Struct, frozen=True):
    """Two numbers, or two symbols with ``==`` and ``!=``."""

    operator: str
    left: Term
    right: Term
    type: TruthType = TRUTH


class Among(Struct, frozen=True):
    """Whether a symbol is one of a list; `name` is that of a named set."""

    item: Term
    values: frozenset[str]
    name: str = ""
    type: TruthType = TRUTH


class Elapsed(Struct, frozen=True):
    """Whether so much time lies between an event and the moment asked about.

    The only way in which a condition may depend on the passing of time, so that the instant at
    which it changes can be computed.
    """

    since: Term
    operator: str
    span: Term
    type: TruthType = TRUTH

    @property
    def in_hours(self) -> bool:
        """Whether real hours are counted, from instant to instant; else calendar days or months."""
        return self.span.type == NumberType(HOURS)


class Both(Struct, frozen=True):
    """`and` or `or` over parts, three-valued."""

    operator: str
    parts: tuple[Term, ...]
    type: TruthType = TRUTH


class Negated(Struct, frozen=True):
    """`not`, three-valued."""

    part: Term
    type: TruthType = TRUTH


class Function(Struct, frozen=True):
    """A function of the language applied to its arguments."""

    name: str
    arguments: tuple[Term, ...]
    type: Type


Term = (
    Constant | Dated | TableEntry | Ask | Here | It | FieldOf | PartOf | Verdict | Conclusion
    | Arithmetics | Comparing | Among | Elapsed | Both | Negated | Function
)

COURSE_PARTS = {
    "begun": "whether it has begun",
    "running": "whether it is running",
    "stopped": "whether it has begun and is stopped",
    "start": "the event that began it",
    "stop": "the event that stopped it, if it is stopped",
    "resumed": "the event that began the present stretch: the start, or the last restart",
    "last_step": "the newest step that is no stop",
    "steps": "its steps, with their direction",
    "ignored": "events that could not belong to it",
}
DIRECTIONS = frozenset({"start", "up", "down", "same", "unknown", "stop"})
RUN_PARTS = {"first": "the first event of the pair", "confirmed": "the event that confirmed it"}


_PARTS: dict[type, Callable[[Any], tuple[Term, ...]]] = {
    TableEntry: lambda term: (term.key,),
    FieldOf: lambda term: (term.base,),
    PartOf: lambda term: (term.base,),
    Verdict: lambda term: (term.base,),
    Arithmetics: lambda term: (term.left, term.right),
    Comparing: lambda term: (term.left, term.right),
    Among: lambda term: (term.item,),
    Elapsed: lambda term: (term.since, term.span),
    Both: lambda term: term.parts,
    Negated: lambda term: (term.part,),
    Function: lambda term: term.arguments,
}


def parts(term: Term) -> tuple[Term, ...]:
    """Return the terms directly inside a term."""
    inside = _PARTS.get(type(term))
    return inside(term) if inside is not None else ()


def walk(term: Term) -> tuple[Term, ...]:
    """Return a term and every term inside it, outermost first."""
    if type(term) not in _PARTS:
        return (term,)
    known = _WALKED.get(id(term))
    if known is not None:
        return known
    found: list[Term] = []
    waiting = [term]
    while waiting:
        each = waiting.pop()
        found.append(each)
        inside = _PARTS.get(type(each))
        if inside is not None:
            waiting += inside(each)[::-1]
    if len(_WALKED) >= _MOST_WALKED:
        _WALKED.clear()
    # what is kept holds the term, so that no other can have its identity
    whole = _WALKED[id(term)] = tuple(found)
    return whole


_WALKED: dict[int, tuple[Term, ...]] = {}  # the terms of a rulebook are gone through all over
_MOST_WALKED = 1 << 14


def course_part_type(course: CourseType, part: str) -> Type | None:
    """Return the type of a part of a course, or None where there is no such part."""
    step = EventType(frozenset({course.kind}), step=True)
    if part in {"begun", "running", "stopped"}:
        return TRUTH
    if part in {"start", "stop", "resumed", "last_step"}:
        return step
    if part in {"steps", "ignored"}:
        return SeriesType(step)
    return None


def is_moment(kind: Type) -> bool:
    """Whether a term of this type has a time."""
    return isinstance(kind, EventType | TimeType)
