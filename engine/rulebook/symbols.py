"""Which value is meant where a name is written, and can a field have it?"""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.problems import did_you_mean
from engine.rulebook.naming import MeaningError

if TYPE_CHECKING:
    from engine.rulebook import expression as ex
    from engine.rulebook.scope import Scope
    from engine.rulebook.types import SymbolType


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
