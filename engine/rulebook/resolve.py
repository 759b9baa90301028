"""Which term an expression stands for, and what is wrong with it where it stands for none."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from engine.events.amount import Amount
from engine.problems import did_you_mean
from engine.rulebook import expression as ex
from engine.rulebook.functions import FUNCTIONS, SINCE, apply_function
from engine.rulebook.naming import MeaningError, UnresolvedError, named
from engine.rulebook.other_words import NAME_IT, NOTHING, OTHERS, number_of
from engine.rulebook.ranges import TURNED
from engine.rulebook.symbols import disjoint, literal, value_of
from engine.rulebook.terms import (
    Among,
    Arithmetics,
    Both,
    Comparing,
    Constant,
    Elapsed,
    FieldOf,
    Negated,
    TableEntry,
    Term,
    is_moment,
)
from engine.rulebook.types import (
    DAYS,
    HOURS,
    CourseType,
    EventType,
    NumberType,
    RunType,
    SeriesType,
    SpanType,
    SymbolType,
    TimeType,
    TruthType,
    Type,
    product_units,
    quotient_units,
)

if TYPE_CHECKING:
    from collections.abc import Iterable

    from engine.rulebook.scope import Scope

_AS_CONDITION: dict[type, str] = {
    EventType: "ask known(...) whether there is one",
    TimeType: "ask known(...) whether it is given",
    CourseType: "ask its .running, .begun or .stopped", RunType: "ask happened(...) of it",
    SeriesType: "ask for any of it in a fact",
}
_COUNTED: dict[str, tuple[Type, ...]] = {
    "days_since": (NumberType(DAYS), SpanType()), "hours_since": (NumberType(HOURS),)}
_LIST_IT = ("write the field that is meant ({0}.FIELD), or, if the value is called so, add it to "
            "the values of the field that is compared")


def resolve(node: ex.Expression, scope: Scope) -> Term:
    """Return the typed term of an expression; raises MeaningError at its first mistake."""
    match node:
        case ex.Number(value=value, column=column):
            if value != 0:
                written = str(Decimal(value.numerator) / value.denominator)
                raise MeaningError("number-in-rule", written, "the name of a parameter", NAME_IT,
                                   column)
            return Constant(Amount.exact(0), NumberType())
        case ex.Name():
            return named(node, scope)
        case ex.Lookup():
            return _table(node, scope)
        case ex.Arithmetic():
            return _arithmetic(node, scope)
        case ex.Comparison():
            return _comparison(node, scope)
        case ex.Logic(operator=operator, parts=inner):
            return Both(operator, tuple(truth(part, scope) for part in inner))
        case ex.Negation(part=part):
            return Negated(truth(part, scope))
        case ex.Call(function=function, arguments=arguments, column=column):
            if function not in FUNCTIONS:
                raise MeaningError(
                    "unknown-function", repr(function), "a function of the language",
                    OTHERS.get(function)
                    or did_you_mean(function, FUNCTIONS)
                    or f"the functions are {', '.join(sorted(FUNCTIONS))}",
                    column)
            given = tuple(resolve(argument, scope) for argument in arguments)
            term = apply_function(function, given)
            if isinstance(term, str):
                raise MeaningError(
                    "wrong-argument", f"{function}({_types(given)})", term, "", column)
            return term
    raise MeaningError("misplaced-list", "a list", "a list only after 'in'", "", node.column)


def truth(node: ex.Expression, scope: Scope) -> Term:
    """Return the term of an expression that must be true, false or unknown."""
    term = resolve(node, scope)
    if not isinstance(term.type, TruthType):
        advice = _AS_CONDITION.get(type(term.type), "compare it")
        raise MeaningError(
            "not-a-condition", str(term.type), "something true or false", advice, node.column)
    return term


def number(node: ex.Expression, scope: Scope) -> Term:
    """Return the term of an expression that must be a number; an event stands for its value."""
    term = resolve(node, scope)
    if isinstance(term.type, EventType):
        main = scope.main_field(term.type)
        if main is not None:
            kind = scope.field_type(term.type, main)
            assert kind is not None
            return FieldOf(term, main, kind)
    if not isinstance(term.type, NumberType | SpanType):
        raise MeaningError("not-a-number", str(term.type), "a number", number_of(term, scope),
                           node.column)
    return term


def _table(node: ex.Lookup, scope: Scope) -> Term:
    parameter = scope.names.parameters.get(node.table.text)
    if parameter is None or not parameter.table:
        if scope.names.is_broken(node.table.text):
            raise UnresolvedError
        tables = [name for name, each in scope.names.parameters.items() if each.table]
        raise MeaningError(
            "unknown-table", repr(node.table.text), "a parameter with values by a name",
            did_you_mean(node.table.text, tables) or (
                f"the tables are {', '.join(tables)}" if tables else ""), node.column)
    scope.names.use(parameter.name)
    key = resolve(node.key, scope)
    if not isinstance(key.type, SymbolType) or disjoint(key.type, frozenset(parameter.table)):
        raise MeaningError("wrong-key", str(key.type), f"a name that {parameter.name} has a value "
                           f"for: {', '.join(sorted(parameter.table))}", "", node.key.column)
    return TableEntry(parameter.name, key, parameter.type)


def _arithmetic(node: ex.Arithmetic, scope: Scope) -> Term:
    left, right = number(node.left, scope), number(node.right, scope)
    if not isinstance(left.type, NumberType) or not isinstance(right.type, NumberType):
        span = node.right if isinstance(left.type, NumberType) else node.left
        raise MeaningError(
            "months-in-arithmetic", "calendar months", "a number",
            "compare days_since(...) with it", span.column)
    if node.operator == "*":
        units = product_units(left.type.units, right.type.units)
    elif node.operator == "/":
        units = quotient_units(left.type.units, right.type.units)
    elif left.type == right.type:
        units = left.type.units
    else:
        raise MeaningError(
            "unit-mismatch", f"{left.type} {node.operator} {right.type}", "both in the same unit",
            "", node.column)
    return Arithmetics(node.operator, left, right, NumberType(units))


def _comparison(node: ex.Comparison, scope: Scope) -> Term:
    if node.operator in {"in", "not in"}:
        return _among(node, scope)
    if isinstance(node.left, ex.Call) and node.left.function in SINCE:
        return _elapsed(node, scope)
    if isinstance(node.right, ex.Call) and node.right.function in SINCE:
        since = f"{node.right.function}(...)"
        raise MeaningError("wrong-argument", f"{since} on the right", "it on the left",
                           f"turn it round: {since} {TURNED[node.operator]} ...",
                           node.right.column)
    _refuse_nothing(node, scope)
    left = resolve(node.left, scope)
    if isinstance(left.type, SymbolType):
        if node.operator not in {"==", "!="}:
            raise MeaningError(
                "names-have-no-order", repr(node.operator), "== or !=", "", node.column)
        name = _symbol(node.right, left.type, scope)
        return Comparing(node.operator, left, _other(left, name, node))
    if isinstance(left.type, TruthType):
        raise MeaningError(
            "compared-condition", "a condition compared", "the condition alone",
            "write it, or `not` it", node.column)
    left = number(node.left, scope)
    right = _other(left, number(node.right, scope), node)
    zero = Constant(Amount.exact(0), NumberType())
    if left.type != right.type and zero not in (left, right):
        raise MeaningError(
            "unit-mismatch", f"{left.type} {node.operator} {right.type}",
            "both sides in the same unit",
            "check the unit of the parameter, or which field is meant", node.column)
    return Comparing(node.operator, left, right)


def _refuse_nothing(node: ex.Comparison, scope: Scope) -> None:
    """Raise MeaningError where something is compared with a word for nothing."""
    for side, other in ((node.left, node.right), (node.right, node.left)):
        if not isinstance(side, ex.Name) or side.text not in NOTHING or scope.refers(side.parts):
            continue
        kind = resolve(other, scope).type if isinstance(other, ex.Name) else None
        if not isinstance(kind, SymbolType) or (
                kind.values is not None and side.text not in kind.values):
            raise MeaningError("unknown-name", repr(side.text), "something that is recorded",
                               "ask known(x), or not known(x)", side.column)


def _other(left: Term, right: Term, node: ex.Comparison) -> Term:
    """Return the right side of a comparison; raises MeaningError where it is the left one again."""
    if left == right:
        raise MeaningError(
            "compared-with-itself", "one thing on both sides", "two that may differ",
            "name what it is meant to be compared with", node.right.column)
    return right


def _elapsed(node: ex.Comparison, scope: Scope) -> Term:
    call = node.left
    assert isinstance(call, ex.Call)
    since = [resolve(argument, scope) for argument in call.arguments]
    if len(since) != 1 or not is_moment(since[0].type):
        raise MeaningError(
            "wrong-argument", f"{call.function}({_types(since)})", "one event or date", "",
            node.column)
    span = number(node.right, scope)
    counted = _COUNTED[call.function]
    if span.type not in counted:
        other = next((name for name, kinds in _COUNTED.items() if span.type in kinds), "")
        raise MeaningError(
            "unit-mismatch", f"{call.function}(...) compared with {span.type}",
            SINCE[call.function],
            f"ask {other}(...)" if other else "", node.column)
    if isinstance(span.type, SpanType) and not isinstance(span, Constant):
        raise MeaningError(
            "wrong-argument", "calendar months that are worked out", "a parameter in months",
            "compare with each parameter by itself, under any: or all:", node.column)
    if node.operator not in {"<", "<=", ">", ">="}:
        raise MeaningError("passing-moment", repr(node.operator), "<, <=, > or >=", "", node.column)
    return Elapsed(since[0], node.operator, span)


def _among(node: ex.Comparison, scope: Scope) -> Term:
    item = resolve(node.left, scope)
    if not isinstance(item.type, SymbolType):
        raise MeaningError("not-a-name", str(item.type), "a name before 'in'", "", node.column)
    sets = scope.names.vocabulary.sets
    if isinstance(node.right, ex.Listing):
        names = [literal(name, item.type, scope) for name in node.right.items]
        for index, name in enumerate(names):
            if name in names[:index]:
                raise MeaningError("value-twice", f"{name!r} a second time", "each name once",
                                   "remove one of them", node.right.items[index].column)
        values = frozenset(names)
        term: Term = Among(item, values)
    elif isinstance(node.right, ex.Name) and node.right.text in sets:
        term = Among(item, sets[node.right.text], node.right.text)
        if disjoint(item.type, sets[node.right.text]):
            raise MeaningError(
                "unknown-value", f"{node.right.text!r}, which is "
                f"{', '.join(sorted(sets[node.right.text]))}", f"a set of {item.type}", "",
                node.right.column)
    else:
        name = node.right.text if isinstance(node.right, ex.Name) else ""
        alone = bool(name) and item.type.values is not None and name in item.type.values
        raise MeaningError(
            "unknown-set", repr(name) if name else "something else",
            "a list in brackets or a set of the vocabulary",
            f"write [{name}]" if alone else did_you_mean(name, sets)
            or "declare it under `sets` of vocabulary.yaml, or list the names", node.right.column)
    return term if node.operator == "in" else Negated(term)


def _symbol(node: ex.Expression, kind: SymbolType, scope: Scope) -> Term:
    """Return the term of what a name is compared with: a listed name, something asked, any name.
    """
    if not isinstance(node, ex.Name):
        found = "a number" if isinstance(node, ex.Number) else "something worked out"
        raise MeaningError("not-a-name", found, str(kind), "", node.column)
    if kind.values is None and node.text in scope.names.vocabulary.sets and (
            node.text not in kind.listed):
        raise MeaningError("not-a-name", f"{node.text!r}, which is a set", str(kind),
                           f"write: in {node.text}", node.column)
    if node.text in (kind.values or kind.listed) or not scope.refers(node.parts):
        return Constant(value_of(node, kind), kind)
    if scope.is_looked_up(node.text):  # not resolved: it may be what asks here
        value_of(node, kind)
        raise MeaningError("not-a-name", f"{node.text!r}, which is a fact", str(kind),
                           _LIST_IT.format(node.text), node.column)
    term = resolve(node, scope)
    if not isinstance(term.type, SymbolType) or (
            term.type.values is not None and disjoint(kind, term.type.values)):
        raise MeaningError("not-a-name", f"{node.text!r}, which is {term.type}", str(kind), "",
                           node.column)
    return term


def _types(terms: Iterable[Term]) -> str:
    return ", ".join(str(term.type) for term in terms)
