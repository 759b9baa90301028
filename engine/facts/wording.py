"""How answers are put into words: a number with its unit, an event with its value and its date."""

from __future__ import annotations

import re
from decimal import Decimal
from fractions import Fraction
from functools import cache, lru_cache
from math import floor
from typing import TYPE_CHECKING, Any

from engine.counting import counted
from engine.events.amount import Amount, Number
from engine.events.event import Event
from engine.events.when import When
from engine.facts.members import Members
from engine.facts.terms import Writer
from engine.rulebook.terms import Constant
from engine.rulebook.types import EventType
from engine.timeline.courses import Course
from engine.timeline.sustained import Run as SustainedRun

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from engine.facts.chart import Chart
    from engine.facts.program import Program
    from engine.rulebook.definitions import DatedValue, Parameter
    from engine.rulebook.terms import Term

    Filler = Callable[[Chart, Event | None], str]

SIGNS = {">=": "is at least", ">": "is more than", "<": "is less than", "<=": "is at most",
         "==": "is", "!=": "is not"}
_PLACEHOLDER = re.compile(r"\{([^{}]+)\}")
_SINGLE = re.compile(r"(?<![0-9./-])(1 (?:day|hour|month|year))s\b")
_POWER = re.compile(r"10\*(\d+)")  # 10*9/L is how a laboratory system writes x10^9/L
_TIMES = frozenset({"d", "h"})  # one day, not "1 days"
_PLACES = 4
_KEPT = 1 << 12  # texts and numbers, which repeat from patient to patient


def filler(text: str, words: Mapping[str, Term], program: Program) -> Filler:
    """Return what fills each name in curly brackets with what its term stands for.

    It is compiled the first time it is wanted: most alerts never open for most patients.
    """
    @cache
    def compiled() -> Filler:
        writer = Writer(program)
        return writer.function(filled(text, words, writer))

    return lambda chart, here: compiled()(chart, here)


def filled(text: str, words: Mapping[str, Term], writer: Writer) -> str:
    """Return the expression of a text with its names filled in."""
    pieces, same, parameters = [], "", writer.program.rulebook.parameters
    for is_name, part in _parts(text):
        term = words[part] if is_name else None
        if term is None:
            same += part
        elif isinstance(term, Constant) and term.name:
            same += _parameter(parameters[term.name])
        else:
            pieces += [writer.name(same), _piece(term, writer)] if same else [_piece(term, writer)]
            same = ""
    pieces += [writer.name(same)] * bool(same)
    return f"''.join(({''.join(f'{piece}, ' for piece in pieces)}))"


def fill_in(text: str, words: Mapping[str, Term], chart: Chart, here: Event | None) -> str:
    """Return a text with its names filled in."""
    return filler(text, words, chart.program)(chart, here)


def _piece(term: Term, writer: Writer) -> str:
    """Return what writes what a term comes to."""
    if not isinstance(term.type, EventType):
        return f"{writer.name(in_words)}({writer.write(term)}, chart)"
    event, known = writer.result(), writer.result()
    told = f"{writer.name(event_in_words)}({event}, chart)"
    return (f"('unknown' if ({event} := {writer.write(term)}) is None else {told} if ({known} := "
            f"{writer.name(writer.program.words)}.get(id({event}.fields))) is None else "
            f"f'{{{known}[1]}} on {{{event}.at.text}}')")


@lru_cache(maxsize=_KEPT)
def _parts(text: str) -> tuple[tuple[bool, str], ...]:
    """Return a text in parts, each with whether it is a name in curly brackets."""
    return tuple((bool(place % 2), part) for place, part in enumerate(_PLACEHOLDER.split(text)))


def in_words(value: Any, chart: Chart) -> str:
    """Return an answer as a clinician reads it."""
    match value:
        case Event():
            return event_in_words(value, chart)
        case Amount():
            return amount_in_words(value)
        case None:
            return "unknown"
        case True | False:
            return "yes" if value else "no"
        case When(text=text):
            return text
        case Course():
            return _course(value)
        case SustainedRun():
            return _run(value)
        case tuple() | Members():
            return counted(len(value), "event")
    return str(value) or "not given"


def parameter_in_words(name: str, chart: Chart) -> str:
    """Return a parameter's value as it was given, with its unit."""
    return _parameter(chart.program.rulebook.parameters[name])


def _parameter(parameter: Parameter) -> str:
    if parameter.months is not None or parameter.table:
        return readable(parameter.given)
    return "unknown" if parameter.amount is None else amount_in_words(parameter.amount)


def period_in_words(parameter: Parameter, dated: DatedValue | None) -> str:
    """Return when a value of a parameter that changes with time is the one in force."""
    days = [each.since for each in parameter.dated]
    until = days[0] if dated is None else next((day for day in days if day > dated.since), None)
    words = [f"from {dated.since.isoformat()}"] if dated else []
    return " ".join([*words, *([f"until {until.isoformat()}"] if until else [])])


def amount_in_words(amount: Amount) -> str:
    """Return a number with its unit; an interval as the comparator or range that it is."""
    spelled = "" if amount.unit == "1" else amount.unit
    unit = f"{'' if spelled == '%' else ' '}{_unit(spelled)}" if spelled else ""
    if amount.is_exact and amount.low is not None:
        if amount.low == 1 and spelled in _TIMES:
            unit = unit.removesuffix("s")
        return f"{number_in_words(amount.low)}{unit}"
    if amount.high is None and amount.low is not None:
        return f"{'>' if amount.low_open else '>='} {number_in_words(amount.low)}{unit}"
    if amount.high is not None and not amount.low:
        return f"{'<' if amount.high_open else '<='} {number_in_words(amount.high)}{unit}"
    if amount.low is None or amount.high is None:
        return f"any number{unit}"
    low, high = number_in_words(amount.low), number_in_words(amount.high)
    return f"{low}{unit}" if low == high else f"{low} to {high}{unit}"


@lru_cache(maxsize=_KEPT)
def number_in_words(number: Number, places: int = _PLACES) -> str:
    """Return a decimal with at most so many places, and none that say nothing."""
    rounded = round(Decimal(number.numerator) / Decimal(number.denominator), places)
    text = f"{rounded:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def bound_in_words(bound: Mapping[str, Any]) -> str:
    """Return a number of a summary that is not exact, as a reader would say it.

    >>> bound_in_words({"value": 5, "comparator": "<"})
    '<5'
    >>> bound_in_words({"value": 44, "comparator": "<=", "least": 20})
    '20 to 44'
    """
    sign = bound.get("comparator", "")
    if "least" in bound:
        return f"{bound['least']} to {'' if sign == '<=' else sign}{bound.get('value', '')}"
    return f"{sign}{bound.get('value', '')}"


def event_in_words(event: Event, chart: Chart) -> str:
    """Return an event's value as it was reported, with its date."""
    known = chart.program.words
    found = known.get(id(event.fields))
    if found is None:  # events that share their fields were reported in the same words
        if len(known) >= _KEPT:
            known.clear()
        found = known[id(event.fields)] = event.fields, _reported(event, chart)
    return f"{found[1]} on {event.at.text}"


def _reported(event: Event, chart: Chart) -> str:
    kind = chart.program.rulebook.vocabulary.kinds[event.kind]
    main = event.fields.get(kind.main) if kind.main else None
    if isinstance(main, Amount):
        said = event.given
        given, unit = said.get(kind.main or "", ""), said.get("unit", "")
        if not unit:
            return f"{kind.title.lower()} of {kind.main} {amount_in_words(main)}"
        converted = "" if _same_number(given, main) else f" ({amount_in_words(main)})"
        return f"{said.get('comparator', '')}{given} {_unit(unit)}{converted}"
    words = [value for name, value in event.fields.items()
             if isinstance(value, str) and name != "direction"]
    numbers = [amount_in_words(value) for value in event.fields.values()
               if isinstance(value, Amount)]
    return " ".join([*words, *numbers]) or kind.title


def _same_number(given: Any, amount: Amount) -> bool:
    """Whether a number is written as it is kept, so that its unit needed no conversion."""
    kept = amount.low if amount.high is None else amount.high
    written = _number_written(given) if isinstance(given, str) else given
    return written is not None and kept is not None and (
        written.as_integer_ratio() == kept.as_integer_ratio())


@lru_cache(maxsize=_KEPT)
def _number_written(given: str) -> Fraction | None:
    try:
        return Fraction(given.lstrip("<>=≤≥ "))
    except ValueError:
        return None


def readable(text: str) -> str:
    """Return a text in which a power of ten, and a single day, are written as people write them."""
    return _SINGLE.sub(r"\1", _POWER.sub(r"x10^\1", text))


@lru_cache(maxsize=_KEPT)
def _unit(unit: str) -> str:
    return readable({"d": "days", "h": "hours"}.get(unit, unit))


def hours_in_words(low: Fraction, high: Fraction) -> str:
    """Return hours that have passed; never more than that, for 11.999 are no 12.

    >>> hours_in_words(Fraction(23, 2), Fraction(23, 2)), hours_in_words(Fraction(-2), Fraction(9))
    ('11.5 hours', 'no more than 9 hours')
    """
    least, most = (Fraction(floor(each * 100), 100) for each in (low, high))
    if least == most:
        return amount_in_words(Amount.exact(least, "h"))
    if least <= 0 < most:
        return f"no more than {amount_in_words(Amount.exact(most, 'h'))}"
    return f"between {number_in_words(least)} and {amount_in_words(Amount.exact(most, 'h'))}"


def more_hours(lacking: Fraction) -> str:
    """Return how many hours have yet to pass.

    >>> more_hours(Fraction(1)), more_hours(Fraction(13, 2)), more_hours(Fraction(1, 60))
    ('1 more hour', '6.5 more hours', '1 more minute')
    """
    if lacking < 1:
        return counted(round(lacking * 60), "more minute")
    number, _, unit = amount_in_words(Amount.exact(lacking, "h")).partition(" ")
    return f"{number} more {unit}"


def _course(course: Course) -> str:
    if course.start is None:
        return "never begun"
    if course.stop is None:
        return f"running since {course.start.at.text}"
    return f"{course.start.at.text} to {course.stop.at.text}"


def _run(run: SustainedRun) -> str:
    if run.certain is None:
        return "not reached" if run.possible is None else "may have been reached"
    return f"reached on {run.certain.first.at.text}, confirmed {run.certain.confirmed.at.text}"
