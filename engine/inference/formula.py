"""What is asked: under which formula over named symbols does each outcome of a topic hold?

Negation stands at literals only. A network that knows nothing but what is true cannot be told
"not this group", so the caller pushes every `not` inward with `negate`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

from msgspec import Struct

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

Truth = bool | None


class Literal(Struct, frozen=True):
    """True where the symbol's truth is the wanted one; unknown where it is unknown."""

    symbol: str
    wanted: bool


class All(Struct, frozen=True):
    """True where every part is; with no parts always true."""

    parts: tuple[Formula, ...]


class AnyOf(Struct, frozen=True):
    """True where at least one part is; with no parts never true."""

    parts: tuple[Formula, ...]


Formula: TypeAlias = Literal | All | AnyOf


class Topic(Struct, frozen=True):
    """Outcomes that are asked together, each with a formula that makes it hold.

    An outcome may stand several times: any one of its formulas is enough.
    """

    name: str
    outcomes: tuple[tuple[str, Formula], ...]


def negate(formula: Formula) -> Formula:
    """Return the formula that is true where this one is false, by De Morgan's laws.

    >>> negate(All((Literal("a", True), Literal("b", False))))
    AnyOf(parts=(Literal(symbol='a', wanted=False), Literal(symbol='b', wanted=True)))
    """
    if isinstance(formula, Literal):
        return Literal(formula.symbol, not formula.wanted)
    parts = tuple(negate(part) for part in formula.parts)
    return AnyOf(parts) if isinstance(formula, All) else All(parts)


def evaluate(formula: Formula, truths: Mapping[str, Truth]) -> Truth:
    """Return the formula's value in Kleene's three-valued logic.

    >>> either = AnyOf((Literal("a", True), Literal("b", False)))
    >>> evaluate(either, {"a": None, "b": False}), evaluate(either, {"a": None, "b": True})
    (True, None)
    """
    if isinstance(formula, Literal):
        truth = truths[formula.symbol]
        return None if truth is None else truth is formula.wanted
    values = [evaluate(part, truths) for part in formula.parts]
    # One part that settles the group outweighs any number of unknown parts.
    settling = isinstance(formula, AnyOf)
    if settling in values:
        return settling
    return None if None in values else not settling


def inputs_of(topic: Topic) -> tuple[str, ...]:
    """Return the distinct symbols that the topic reads, in order of first appearance."""
    return tuple(
        dict.fromkeys(
            literal.symbol for _, formula in topic.outcomes for literal in literals_of(formula)
        )
    )


def literals_of(formula: Formula) -> Iterator[Literal]:
    """Yield every literal, from left to right, repeated where it stands repeatedly."""
    if isinstance(formula, Literal):
        yield formula
    else:
        for part in formula.parts:
            yield from literals_of(part)
