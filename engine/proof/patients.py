"""Which made-up patient is in the state of a witness, if its inputs can be recorded as events?

Direct answers are written as events: the event judged, the pick of a kind, a course. The times
are tried out, and the engine itself says whether the patient shows what was proved.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from fractions import Fraction
from itertools import islice, product
from typing import TYPE_CHECKING, Any

from engine.assess import Assessor
from engine.events.event import Event, Source
from engine.events.intake import Intake
from engine.proof.changes import read_directly
from engine.proof.witness import Datum, Witness, decimal
from engine.rulebook.definitions import Fact, Pick, Rulebook, Topic, Treatment
from engine.rulebook.strata import deciding_terms
from engine.rulebook.terms import Among, Ask, Comparing, Constant, FieldOf, Here, It, Term, walk
from engine.rulebook.types import EventType
from engine.timeline.log import known

if TYPE_CHECKING:
    from collections.abc import Iterator

    from engine.examples.calendar import Calendar

Line = dict[str, Any]
LAST_DAY = 14
_EARLIER = (-1, 7)  # before the courses begin, and while they run
_MOST_TRIED = 64


@dataclass
class Patient:
    """Lines by what they answer: the fact's name, or empty for the event judged."""

    lines: dict[str, Line] = field(default_factory=dict)
    open: list[str] = field(default_factory=list)


def patient_of(topic: Topic, witness: Witness, rulebook: Rulebook) -> Patient:
    """Return the lines that the witness asks for; `open` is what cannot be written so."""
    made = Patient()
    if topic.of is not None:
        _event(made, "", rulebook.facts[topic.of].type, rulebook)
    for datum in witness.data:
        if not _written(made, datum, rulebook):
            made.open.append(datum.words)
    for fact in _courses(topic, rulebook):
        if fact.name not in made.lines:
            _start(made, fact, rulebook)
    return made


def timed(patient: Patient) -> Iterator[list[Line]]:
    """Yield the lines with times: courses begin on the first day, the event judged comes last."""
    movable = [name for name, line in patient.lines.items() if name and "action" not in line]
    for days in islice(product(_EARLIER, repeat=len(movable)), _MOST_TRIED):
        at = dict(zip(movable, days, strict=True))
        yield [{"at": f"{at.get(name, 0 if name else LAST_DAY)}d", **line}
               for name, line in patient.lines.items()]


def shows(lines: list[Line], topic: Topic, value: str | None, overrode: str | None,
          assessor: Assessor, calendar: Calendar) -> bool:
    """Return whether a patient with these lines comes to a value, and by precedence over which."""
    intake = Intake(assessor.rulebook.vocabulary, assessor.zone)
    events = []
    for number, line in enumerate(lines, 1):
        whole = {"id": str(number), "patient": "p", **line, "at": calendar.written(line["at"])}
        read = intake.read(json.dumps(whole), Source("witness", number))
        if not isinstance(read, Event):
            return False
        events.append(read)
    if not events:
        return False
    log = known(tuple(events), None)
    passage = assessor.passage(log.events, log.as_of, whole=True)
    standing = passage.standings.get(topic.name)
    return standing is not None and standing.value == value and (
        overrode is None or overrode in standing.overrode)


def _written(made: Patient, datum: Datum, rulebook: Rulebook) -> bool:
    """Write one datum as an event or a field of one; return whether that can be done."""
    one = datum.input
    name = _answered(one.term, one.place.key)
    if name is None:
        return False
    if name and not isinstance(rulebook.facts[name].operation, Pick):
        return one.kind == "course" and datum.value is True and _start(
            made, rulebook.facts[name], rulebook)
    kind = rulebook.facts[name].type if name else one.term.base.type  # type: ignore[union-attr]
    if not name and "" not in made.lines:
        return False
    line = made.lines[name] if name in made.lines else _event(made, name, kind, rulebook)
    if line is None or (datum.value is None and one.kind != "moment"):
        return False
    if isinstance(one.term, FieldOf):
        return _field(line, one.term.field, datum, rulebook)
    return one.kind == "moment"


def _answered(term: Term, place: str) -> str | None:
    """Return the fact that a term is a direct answer of; empty for the event judged."""
    base = term.base if isinstance(term, FieldOf) else term
    if isinstance(base, Here) and place == "here":
        return ""
    return base.fact if isinstance(base, Ask) and place in {"here", "now"} else None


def _event(made: Patient, name: str, kind: Any, rulebook: Rulebook) -> Line | None:
    if not isinstance(kind, EventType) or len(kind.kinds) != 1 or kind.step:
        return None
    (word,) = kind.kinds
    declared = rulebook.vocabulary.kinds[word]
    line: Line = {"kind": word}
    for each in declared.plain.values():
        if each.required and each.values:
            line[each.name] = each.values[0]
    if name:
        line |= _wanted(rulebook.facts[name])
    made.lines[name] = line
    return line


def _field(line: Line, name: str, datum: Datum, rulebook: Rulebook) -> bool:
    declared = rulebook.vocabulary.kinds[line["kind"]]
    value: Any = datum.value
    if isinstance(value, Fraction):
        value = decimal(value)
        for quantity in declared.quantities:
            reading = next((each for each in quantity.readings if each.field == name), None)
            if reading is not None:
                line[quantity.value] = datum.comparator + value
                line[quantity.unit] = reading.dimension.unit
                return True
        value = int(value) if value.isdigit() else value
    if name != "status" and name not in declared.plain:
        return False
    line[name] = value
    return True


def _start(made: Patient, fact: Fact, rulebook: Rulebook) -> bool:
    operation = fact.operation
    if not isinstance(operation, Treatment):
        return False
    words = rulebook.vocabulary.kinds[operation.kind].course
    if words is None:
        return False
    made.lines[fact.name] = {"kind": operation.kind, **_wanted(fact),
                             words.action: min(words.start)}
    return words.by in made.lines[fact.name]


def _wanted(fact: Fact) -> Line:
    """Return the fields that the filter of a fact asks for by name."""
    where = getattr(fact.operation, "where", None) or getattr(
        getattr(fact.operation, "window", None), "where", None)
    found: Line = {}
    for term in walk(where) if where is not None else ():
        match term:
            case Comparing(operator="==", left=FieldOf(base=It(), field=name),
                           right=Constant(value=str() as value)):
                found[name] = value
            case Among(item=FieldOf(base=It(), field=name), values=values) if name != "status":
                found[name] = min(values)
    return found


def _courses(topic: Topic, rulebook: Rulebook) -> list[Fact]:
    """Return the courses of which the event judged, and what is picked, rest on the start."""
    terms = deciding_terms(topic, rulebook.facts)
    waiting = [term.fact for outer in terms for term in walk(outer) if isinstance(term, Ask)]
    seen: dict[str, None] = {}
    while waiting:
        name = waiting.pop()
        if name not in seen:
            seen[name] = None
            waiting += read_directly(rulebook.facts[name], rulebook) & rulebook.facts.keys()
    anchored = {name for name in seen if topic.of is not None
                and name in _behind(topic.of, rulebook)}
    return [rulebook.facts[name] for name in anchored
            if isinstance(rulebook.facts[name].operation, Treatment)]


def _behind(name: str, rulebook: Rulebook) -> set[str]:
    found, waiting = set(), [name]
    while waiting:
        each = waiting.pop()
        if each not in found:
            found.add(each)
            waiting += read_directly(rulebook.facts[each], rulebook) & rulebook.facts.keys()
    return found
