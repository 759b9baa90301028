"""Which term a name stands for where it is written: a field, a fact, a parameter, a conclusion."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from engine.events.amount import Amount
from engine.problems import did_you_mean
from engine.rulebook import expression as ex
from engine.rulebook.other_words import elsewhere
from engine.rulebook.terms import (
    COURSE_PARTS,
    RUN_PARTS,
    TRUTH,
    Ask,
    Conclusion,
    Constant,
    Dated,
    FieldOf,
    Here,
    It,
    PartOf,
    Term,
    Verdict,
    course_part_type,
)
from engine.rulebook.types import CourseType, EventType, RunType, TimeType

if TYPE_CHECKING:
    from engine.rulebook.scope import Scope
    from engine.rulebook.types import Type

NOT_DATED = ("what has passed is not counted anew from a day on: use a parameter that does not "
             "change")
_TRUTHS = {"true": True, "false": False, "unknown": None}


class MeaningError(Exception):
    """What is wrong at a column (from 0) of an expression; `code` names the kind of mistake."""

    def __init__(self, code: str, found: str, expected: str, advice: str, column: int) -> None:
        super().__init__(f"{code}: found {found}, expected {expected}")
        self.code, self.found, self.expected = code, found, expected
        self.advice, self.column = advice, column


class UnresolvedError(Exception):
    """Something that has problems of its own, noted already, is named by another expression."""


def named(node: ex.Name, scope: Scope) -> Term:
    """Return the term of a dotted name; raises MeaningError where it stands for none."""
    head, *rest = node.parts
    term = _head(head, node, scope)
    read = head
    for part in rest:
        term = _part(term, part, read, node.column + len(read) + 1, scope)
        read = f"{read}.{part}"
    return term


def _head(head: str, node: ex.Name, scope: Scope) -> Term:
    head = scope.renamed.get(head, head)
    if head == "it":
        if scope.it is None:
            raise MeaningError("no-member", "'it'", "'it' only where members are looked at",
                               "in where, value, establishes and ignoring", node.column)
        return It(scope.it)
    if head == "here":
        return Here(scope.here or TimeType())
    if scope.it is not None and (kind := scope.field_type(scope.it, head)):
        return _field(It(scope.it), head, scope, kind)
    if scope.it is None and scope.here is not None and (kind := scope.field_type(scope.here, head)):
        return _field(Here(scope.here), head, scope, kind)
    if head in _TRUTHS:
        return Constant(_TRUTHS[head], TRUTH)
    names = scope.names
    if names.is_broken(head):
        raise UnresolvedError
    if (parameter := names.parameters.get(head)) is not None:
        names.use(head)
        if parameter.table:
            raise MeaningError(
                "table-without-key", repr(head), f"{head}[...] with the key in brackets", "",
                node.column)
        value = parameter.amount or Amount.exact(parameter.months or 0)
        if parameter.dated:
            later = tuple((each.since, each.amount) for each in parameter.dated)
            return Dated(value, later, parameter.type, head)
        return Constant(value, parameter.type, head)
    if (fact := names.fact(head)) is not None:
        names.use(head)
        return _ask(fact.name, fact.of, fact.type, node, scope)
    if head in names.conclusions:
        names.use(head)
        return Conclusion(head, names.conclusions[head])
    if scope.blind:
        raise UnresolvedError
    raise MeaningError(
        "unknown-name", repr(node.text), "a field, fact, parameter or conclusion",
        _instead_of(head, scope), node.column)


def _instead_of(head: str, scope: Scope) -> str:
    """Return what may have been meant by a name that stands for nothing here."""
    event = scope.it or scope.here
    having = scope.kinds_with(event, head) if event is not None else []
    if having:
        return f"not every event here has it, only {' and '.join(having)}"
    if head in scope.names.vocabulary.kinds:
        return f"it is a kind of event: ask for one in a fact (latest: {head})"
    if head == "verdict":
        return "only the events of a conclusion have one: ask them (latest: the conclusion)"
    if head == "direction":
        return "only the steps of a course have one: ask them (any: the course.steps)"
    if (other := elsewhere(head, scope)):
        return other
    known = scope.known_words()
    words = re.split("-(?=[A-Za-z_])", head)
    if len(words) > 1 and all(word in known for word in words):
        return f"a minus has spaces around it: {' - '.join(words)}"
    return did_you_mean(head, known) or "declare it, or mend its spelling"


def _ask(fact: str, of: frozenset[str], kind: Type, node: ex.Name, scope: Scope) -> Term:
    if not of:
        return Ask(fact, kind)
    if scope.it is not None and scope.it.kinds <= of:
        return Ask(fact, kind, at_it=True)
    if scope.here is not None and scope.here.kinds <= of:
        return Ask(fact, kind)
    if scope.blind:
        raise UnresolvedError
    raise MeaningError(
        "asked-elsewhere", repr(fact), f"to be asked at {' or '.join(sorted(of))}",
        "ask it in a fact with `at:` such an event, in a filter over them, or in what is judged at "
        "them", node.column)


def _part(base: Term, part: str, read: str, column: int, scope: Scope) -> Term:
    kind, text = base.type, f"'{read}.{part}'"
    if isinstance(kind, EventType):
        if (found := scope.field_type(kind, part)) is not None:
            return _field(base, part, scope, found)
        known = [name for each in kind.kinds for name in scope.names.vocabulary.kinds[each].fields]
        raise MeaningError(
            "unknown-field", text, f"a field of {kind}",
            did_you_mean(part, known) or f"the fields are {', '.join(sorted({*known}))}", column)
    if isinstance(kind, CourseType) and (found := course_part_type(kind, part)) is not None:
        return PartOf(base, part, found)
    if isinstance(kind, RunType) and part in RUN_PARTS:
        return PartOf(base, part, kind.member)
    known = [*(COURSE_PARTS if isinstance(kind, CourseType) else
               RUN_PARTS if isinstance(kind, RunType) else ())]
    if known:
        raise MeaningError(
            "unknown-part", text, f"a part of {kind}",
            did_you_mean(part, known) or f"the parts are {', '.join(known)}", column)
    if scope.blind and read == "here":
        raise UnresolvedError
    raise MeaningError(
        "unknown-part", text, f"nothing behind {read!r}, which is {kind}",
        "here is an event only in what is asked at one (`of:`, `at:`)" if read == "here" else "",
        column)


def _field(base: Term, name: str, scope: Scope, kind: Type) -> Term:
    event = base.type
    if name == "verdict" and isinstance(event, EventType) and event.topic:
        return Verdict(event.topic, base, scope.names.conclusions[event.topic])
    return FieldOf(base, name, kind)
