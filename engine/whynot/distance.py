"""How far is a comparison from what is wanted: by how much, until when, or by which datum?"""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from engine.counting import counted
from engine.events.amount import Amount
from engine.events.when import hours_lacking, moment_of
from engine.facts.elapsed import turning_instants
from engine.facts.evidence import members_of, open_questions
from engine.facts.phrases import Reader
from engine.facts.wording import amount_in_words, more_hours
from engine.rulebook.definitions import Sustained, Tally
from engine.rulebook.ranges import DENIED
from engine.rulebook.terms import Ask, Comparing, Elapsed, Function
from engine.rulebook.types import HOURS, NumberType
from engine.whynot.aims import turning_day, turning_instant
from engine.whynot.fitting import back
from engine.whynot.runs import run_sought

if TYPE_CHECKING:
    from engine.events.event import Event
    from engine.rulebook.terms import Term
    from engine.whynot.unmet import Place, Unmet

Distance = tuple[str, dict[str, Any]]
_NONE: Distance = ("", {})
_SIGNS = {">=": "at least ", ">": "more than ", "<": "less than ", "<=": "at most ", "==": ""}


def distance_of(leaf: Unmet) -> Distance:
    """Return the distance in words, and as a record; both empty where there is none to tell."""
    term, place = leaf.term, leaf.place
    assert term is not None and place is not None
    if place.value(term) is None:
        needs = open_questions([term], place.passage.chart, place.here)
        if needs:
            return f"would be decided by {'; '.join(needs)}", {"needs": needs}
    match term:
        case Comparing(left=left) if isinstance(left.type, NumberType):
            return _of_numbers(term, leaf.wanted, place)
        case Elapsed() if term.in_hours:
            return _of_hours(term, leaf.wanted, place)
        case Elapsed():
            return _of_time(term, leaf.wanted, place)
        case Ask(fact=name):
            fact = place.passage.assessor.rulebook.facts[name]
            if isinstance(fact.operation, Tally) and not leaf.wanted:
                return _of_window(term, fact.operation, place)
        case Function(name="happened" | "stands", arguments=arguments) if leaf.wanted:
            return _of_run(arguments[0], place)
    return _NONE


def _of_numbers(term: Comparing, wanted: bool, place: Place) -> Distance:
    one, other = place.value(term.left), place.value(term.right)
    sign = term.operator if wanted else DENIED[term.operator]
    if not (isinstance(one, Amount) and isinstance(other, Amount) and sign != "!="):
        return _NONE
    if not (one.is_exact and other.is_exact) or one.low is None or other.low is None:
        return _NONE
    missing = Fraction(other.low - one.low)
    if missing == 0 and sign not in {"<", ">"}:
        return _NONE
    words = amount_in_words(Amount.exact(abs(missing), one.unit))
    way = "more" if missing > 0 or (missing == 0 and sign == ">") else "less"
    text = f"needs {_SIGNS[sign]}{amount_in_words(other)}, has {amount_in_words(one)}"
    return text, {"has": amount_in_words(one), "needs": f"{sign} {amount_in_words(other)}",
                  "difference": words, "direction": way}


def _of_hours(term: Elapsed, wanted: bool, place: Place) -> Distance:
    """Return how many hours are lacking until so many have surely passed."""
    turns = turning_instant(term, place)
    at = place.it or place.here
    asked = place.passage.moment if at is None else at.at
    if turns is None or (term.operator in {">", ">="}) is not wanted or turns <= asked.start:
        return _NONE
    until = moment_of(turns, place.passage.assessor.zone)
    lacking = hours_lacking(asked, until)
    return f"{more_hours(lacking)}, at {until.text}", {
        "hours": float(lacking), "at": until.text}


def _of_time(term: Elapsed, wanted: bool, place: Place) -> Distance:
    day = turning_day(term, place)
    at = place.it or place.here
    today = place.passage.chart.now.day if at is None else at.at.day
    if day is None or (term.operator in {">", ">="}) is not wanted or day <= today:
        return _NONE
    if at is None:
        today = max(today, place.passage.as_of.day)
    return _until(day, (day - today).days)


def _of_window(term: Ask, operation: Tally, place: Place) -> Distance:
    """Return when the newest member leaves a window that counts back."""
    fact = place.passage.assessor.rulebook.facts[term.fact]
    inside = place.inside(term, fact)
    window = operation.window
    if window.within is None or (inside.here is None and (window.until or window.before)):
        return _NONE
    members = members_of(fact, place.passage.chart, inside.here)
    if not members:
        return _NONE
    if window.within.type == NumberType(HOURS):
        return _of_window_in_hours(window.within, members, inside)
    last = max(event.at.day for event in members)
    leaves = back(window, last, inside, 1).toordinal() + 1
    day = last.fromordinal(leaves)
    if inside.here is not None:
        return (f"one judged on {day.isoformat()} or later would not have it", {
            "from": day.isoformat()})
    return _until(day, (day - place.passage.as_of.day).days)


def _of_window_in_hours(within: Term, members: list[Event], inside: Place) -> Distance:
    hours = inside.value(within)
    leaves = moment_of(max(turning_instants(event.at, hours, exceeded=True)[1]
                           for event in members), inside.passage.assessor.zone)
    if inside.here is not None:
        return f"one judged at {leaves.text} or later would not have it", {"from": leaves.text}
    lacking = hours_lacking(inside.passage.moment, leaves)
    return f"{more_hours(lacking)}, at {leaves.text}", {"hours": float(lacking), "at": leaves.text}


def _until(day: Any, days: int) -> Distance:
    words = f"{counted(days, 'more day')}, on {day.isoformat()}"
    return words, {"days": days, "on": day.isoformat()}


def _of_run(sought: Term, place: Place) -> Distance:
    if not isinstance(sought, Ask):
        return _NONE
    fact = place.passage.assessor.rulebook.facts[sought.fact]
    if not isinstance(fact.operation, Sustained):
        return _NONE
    run = run_sought(fact.operation, place.inside(sought, fact))
    days = counted(run.days, "day")
    needs = [_first_need(leaf) for leaf in run.open_leaves()]
    undecided = [need for need in dict.fromkeys(needs) if need]
    record: dict[str, Any]
    if run.begun is None:
        text = f"two are needed, {days} or more apart"
        record = {"missing": 2, "days_apart": run.days}
    else:
        begun = run.begun.at
        first = begun.day.fromordinal(begun.day.toordinal() + run.days).isoformat()
        text = f"one more on {first} or later, {days} after that of {begun.text}"
        record = {"missing": 1, "days_apart": run.days, "begun": begun.text, "from": first}
    if undecided:
        text += f" (some count that is not decided: {'; '.join(undecided)})"
        record["needs"] = undecided
    return text, record


def _first_need(leaf: Unmet) -> str:
    place, term = leaf.place, leaf.term
    assert place is not None and term is not None
    at = replace(place, here=place.it or place.here)
    needs = open_questions([term], at.passage.chart, at.here)
    return needs[0] if needs else ""


def reader_at(place: Place) -> Reader:
    """Return what reads conditions aloud at a place."""
    return Reader(place.passage.chart, place.here, place.passage.moment)
