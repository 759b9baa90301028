"""Which Horn clauses over positive symbols say the same as a topic's formulas?

A symbol's first character says what it is: `+x` x is true, `-x` x is false (absence asserted as
a symbol of its own, because a network's `not` depends on the order of arrival), `&n` the n-th
group, `=x` outcome x. Clauses only ever add symbols, so the order in which they fire is
irrelevant, and more symbols never conclude less.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from msgspec import Struct

from engine.inference.faults import TopicTooLargeError
from engine.inference.formula import AnyOf, Formula, Literal, Topic

if TYPE_CHECKING:
    from collections.abc import Iterator

# What one ruleset of durable_rules 2.0.28 holds: it joins at most 16 facts in a rule; it crashes
# at the 256th rule that reads one property, and never returns at the 512th property or so.
# Every network keeps to these limits, so that a rulebook good on one machine is good on all.
MOST_PREMISES = 16
MOST_READERS = 240
MOST_SYMBOLS = 480
MOST_CLAUSES = 4000


class Clause(Struct, frozen=True):
    """The conclusion holds where every premise does; with no premises it always holds."""

    premises: tuple[str, ...]
    conclusion: str


class Program(Struct, frozen=True):
    """A topic as clauses, and the symbols that may be told to a network."""

    clauses: tuple[Clause, ...]
    inputs: frozenset[str]


def compile_topic(topic: Topic) -> Program:
    """Return the clauses that conclude exactly the outcomes whose formula holds."""
    writer = _Writer()
    for outcome, formula in topic.outcomes:
        writer.write(formula, f"={outcome}")
    clauses = tuple(writer.clauses)
    _refuse_too_large(topic.name, clauses)
    return Program(clauses, frozenset(writer.inputs))


def outcomes_in(symbols: set[str]) -> frozenset[str]:
    """Return the names of the outcomes among the symbols."""
    return frozenset(symbol[1:] for symbol in symbols if symbol.startswith("="))


def rename(clauses: tuple[Clause, ...]) -> tuple[tuple[Clause, ...], dict[str, str]]:
    """Return the clauses over `s0`, `s1`, ... and the table from each symbol to its new name.

    Any text can be a symbol, but not every text a property name. Clauses of the same shape come
    out equal, whatever their symbols were.
    """
    table: dict[str, str] = {}
    for clause in clauses:
        for symbol in (*clause.premises, clause.conclusion):
            table.setdefault(symbol, f"s{len(table)}")
    renamed = tuple(
        Clause(tuple(table[premise] for premise in clause.premises), table[clause.conclusion])
        for clause in clauses
    )
    return renamed, table


class _Writer:
    """Collects clauses, giving equal groups one symbol."""

    def __init__(self) -> None:
        # dicts as ordered sets: the same topic must always give the same clauses
        self.clauses: dict[Clause, None] = {}
        self.inputs: dict[str, None] = {}
        self._groups: dict[tuple[str, ...] | AnyOf, str] = {}

    def write(self, formula: Formula, conclusion: str) -> None:
        for alternative in _alternatives(formula):
            premises = self._packed(tuple(dict.fromkeys(self._premises(alternative))))
            self.clauses[Clause(premises, conclusion)] = None

    def _premises(self, formula: Formula) -> Iterator[str]:
        if isinstance(formula, Literal):
            symbol = f"{'+' if formula.wanted else '-'}{formula.symbol}"
            self.inputs[symbol] = None
            yield symbol
        elif isinstance(formula, AnyOf):
            yield self._either(formula)
        else:
            for part in formula.parts:
                yield from self._premises(part)

    def _either(self, formula: AnyOf) -> str:
        group = self._groups.get(formula)
        if group is None:
            group = self._groups[formula] = f"&{len(self._groups)}"
            self.write(formula, group)
        return group

    def _packed(self, premises: tuple[str, ...]) -> tuple[str, ...]:
        while len(premises) > MOST_PREMISES:
            slices = range(0, len(premises), MOST_PREMISES)
            premises = tuple(self._both(premises[at : at + MOST_PREMISES]) for at in slices)
        return premises

    def _both(self, premises: tuple[str, ...]) -> str:
        if len(premises) == 1:
            return premises[0]
        group = self._groups.setdefault(premises, f"&{len(self._groups)}")
        self.clauses[Clause(premises, group)] = None
        return group


def _alternatives(formula: Formula) -> Iterator[Formula]:
    if isinstance(formula, AnyOf):
        for part in formula.parts:
            yield from _alternatives(part)
    else:
        yield formula


def _refuse_too_large(name: str, clauses: tuple[Clause, ...]) -> None:
    readers = Counter(premise for clause in clauses for premise in clause.premises)
    sizes = (
        (len(readers), MOST_SYMBOLS, "distinct literals and groups"),
        (max(readers.values(), default=0), MOST_READERS, "alternatives that read one literal"),
        (len(clauses), MOST_CLAUSES, "alternatives"),
    )
    for size, most, what in sizes:
        if size > most:
            raise TopicTooLargeError(name, f"{size} {what}", f"at most {most}")
