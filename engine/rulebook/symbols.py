"""How are names compared: with values as they are written, or with what is asked?"""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.problems import did_you_mean
from engine.rulebook.naming import MeaningError
from engine.rulebook.terms import Both, Comparing, Constant, FieldOf, Here, It, Term
from engine.rulebook.types import SymbolType

if TYPE_CHECKING:
    from engine.rulebook import expression as ex
    from engine.rulebook.scope import Scope


def alike(operator: str, left: Term, right: Term) -> Term:
    """Return the comparison of two names, unknown where one is.

    One with an unknown left side is unknown, with an unknown right side it is not: so what may be
    unknown stands left, and where both may be, each does once.
    """
    if isinstance(right, Constant) or _is_of_event(right):
        return Comparing(operator, left, right)
    turned = Comparing(operator, right, left)
    if _is_of_event(left):
        return turned
    return Both("or" if operator == "==" else "and", (Comparing(operator, left, right), turned))


def said_once(term: Term) -> Term:
    """Return a term; of two comparisons that are one turned round (see `alike`) only the first."""
    match term:
        case Both(parts=(Comparing() as one, Comparing() as other)) if (
                one == Comparing(other.operator, other.right, other.left)
                and isinstance(one.left.type, SymbolType)):
            return one
    return term


def _is_of_event(term: Term) -> bool:
    """Whether it is a field of an event that there is."""
    return isinstance(term, FieldOf) and isinstance(term.base, It | Here)


def disjoint(kind: SymbolType, values: frozenset[str]) -> bool:
    """Whether a name of this type can be none of these values."""
    return kind.values is not None and kind.values.isdisjoint(values)


def literal(name: ex.Name, kind: SymbolType, scope: Scope) -> str:
    """Return a name of a list, which is meant as it is written."""
    if kind.values is None and name.text not in kind.listed and scope.refers(name.parts):
        raise MeaningError(
            "not-a-name", f"{name.text!r}, which is declared as something else",
            "names of values in a list", "compare it with == in a line of its own, under any:; "
            "or, if the value is called so, add it to the values of the field", name.column)
    return value_of(name, kind)


def value_of(name: ex.Name, kind: SymbolType) -> str:
    if kind.values is not None and name.text not in kind.values:
        raise MeaningError(
            "unknown-value", repr(name.text), str(kind), did_you_mean(name.text, kind.values),
            name.column)
    return name.text
