"""How are two sides compared, written out as an expression?

Exact numbers are compared, and added or multiplied, as they are: an amount is made of them, and a
function called, only where one of them is an interval.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from engine.events import arithmetic
from engine.events.amount import Amount, Truth, at_most, below, equal
from engine.rulebook.terms import Arithmetics, Comparing, Conclusion, Constant, Term
from engine.rulebook.types import SymbolType, units_text

if TYPE_CHECKING:
    from collections.abc import Callable

    from engine.facts.terms import Writer

ARITHMETIC = {"+": arithmetic.plus, "-": arithmetic.minus, "*": arithmetic.times,
              "/": arithmetic.divided}
_AS_THEY_ARE = {"+", "-", "*"}  # what Python makes of two exact numbers is exact


def _differ(one: Amount, other: Amount) -> Truth:
    same = equal(one, other)
    return None if same is None else not same


# The function that compares, and whether the right side goes first.
_COMPARISONS: dict[str, tuple[Callable[[Amount, Amount], Truth], bool]] = {
    "<": (below, False), "<=": (at_most, False), "==": (equal, False), "!=": (_differ, False),
    ">": (below, True), ">=": (at_most, True),
}


@dataclass(slots=True)
class _Side:
    """One side of a comparison: the names of its amount and, where it is `exact`, of its number.

    `operands` are worked out first, by name; `made` is what makes the amount of them, if it is not
    one of them.
    """

    amount: str
    number: str
    operands: list[tuple[str, Term]] = field(default_factory=list)
    exact: list[str] = field(default_factory=list)
    made: str = ""


def compared(term: Comparing, writer: Writer) -> str:
    """Return the expression of a comparison."""
    if isinstance(term.left.type, SymbolType):
        same = _same(term.left, term.right, writer)
        return same if term.operator == "==" else (
            f"(None if ({(one := writer.result())} := {same}) is None else not {one})")
    left, right = sides = _side(term.left, writer), _side(term.right, writer)
    compare, turned = _COMPARISONS[term.operator]
    first, second = (right, left) if turned else (left, right)
    general = f"{writer.name(compare)}({first.amount}, {second.amount})"
    made = " | ".join(f"(({each.amount} := {each.made}) is None)" for each in sides if each.made)
    if made:
        general = f"None if {made} else {general}"
    operands = [*left.operands, *right.operands]
    if not operands:
        return f"({general})"
    unknown = " | ".join(f"(({name} := {writer.write(each)}) is None)" for name, each in operands)
    return (f"(None if {unknown} else {left.number} {term.operator} {right.number} "
            f"if {' and '.join([*left.exact, *right.exact])} else {general})")


def _side(term: Term, writer: Writer) -> _Side:
    limit = _number(term)
    if limit is not None:
        return _Side(writer.name(limit), writer.name(limit.low))
    if not isinstance(term, Arithmetics) or term.operator not in _AS_THEY_ARE or any(
            isinstance(each, Arithmetics) for each in (term.left, term.right)):
        one = writer.result()
        return _Side(one, f"{one}.low", [(one, term)], [f"{one}.low is {one}.high is not None"])
    left, right = _side(term.left, writer), _side(term.right, writer)
    exact = [*left.exact, *right.exact]
    if term.operator == "*":  # of what may be negative there is no product
        exact += [f"{each.number} >= 0" for each in (left, right)]
    made = writer.name(ARITHMETIC[term.operator])
    return _Side(
        writer.result(), f"({left.number} {term.operator} {right.number})",
        [*left.operands, *right.operands], exact,
        f"{made}({left.amount}, {right.amount}, {units_text(term.type.units)!r})")


def _number(term: Term) -> Amount | None:
    """Return the exact number that a term is, if it is one."""
    value = term.value if isinstance(term, Constant) else None
    return value if isinstance(value, Amount) and value.is_exact else None


def _same(left: Term, right: Term, writer: Writer) -> str:
    """Return whether two names are the same; one that is not given equals no name."""
    if isinstance(right, Conclusion):
        left, right = right, left
    if isinstance(left, Conclusion):
        asked = f"chart.is_concluded({left.topic!r}, "
        if isinstance(right, Constant):
            return f"{asked}{writer.name(frozenset((right.value,)))})"
        return writer.of_known((right,), lambda name: f"{asked}frozenset(({name},)) - {{''}})")
    if isinstance(right, Constant):
        return writer.of_known((left,), lambda one: f"{one} == {right.value!r}")
    return writer.of_known((left, right), lambda one, other: f"{one} == {other} != ''")
