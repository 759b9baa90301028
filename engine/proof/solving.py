"""Is there a state of the inputs in which a formula holds, and which is the smallest?

Smallest is: the fewest things that must be so (an event that exists, a flag that is set), then
the smallest numbers, on a grid of halves of the last decimal that is needed. A search is bounded
in time; what was not found by then is said to be open, never taken for proved.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

import z3

from engine.proof.values import Formula, all_of

if TYPE_CHECKING:
    from engine.proof.inputs import Inputs

Found = Literal["yes", "no", "open"]
_GRIDS = (2, 20, 200)
_NUMBERS_MADE_SMALL = 6


@dataclass(frozen=True, slots=True)
class Solver:
    """Searches the states that the inputs allow, so many seconds for each question."""

    inputs: Inputs
    seconds: float

    def holds_somewhere(self, formula: Formula) -> Found:
        """Return whether there is a state in which the formula holds."""
        if isinstance(formula, bool):
            return "yes" if formula else "no"
        solver = z3.Solver()
        solver.set("timeout", self._milliseconds)
        solver.add(*self.inputs.known_to_hold, formula)
        return _found(solver.check())

    def always(self, formula: Formula) -> Found:
        """Return whether the formula holds in every state."""
        if isinstance(formula, bool):
            return "yes" if formula else "no"
        found = self.holds_somewhere(z3.Not(formula))
        return {"yes": "no", "no": "yes"}.get(found, "open")  # type: ignore[return-value]

    def smallest(self, formula: Formula) -> Any:
        """Return the smallest state in which the formula holds; None if none was found in time."""
        for grid in _GRIDS:
            model = self._optimum(formula, grid)
            if model is not None:
                return model
        solver = z3.Solver()
        solver.set("timeout", self._milliseconds)
        solver.add(*self.inputs.known_to_hold, *([] if formula is True else [formula]))
        return solver.model() if _found(solver.check()) == "yes" else None

    def _optimum(self, formula: Formula, grid: int) -> Any:
        optimize = z3.Optimize()
        optimize.set("timeout", self._milliseconds)
        optimize.add(*self.inputs.known_to_hold, *([] if formula is True else [formula]))
        sizes = []
        for one in self.inputs.all.values():
            if one.kind in {"number", "months"}:
                value = one.variables["value"]
                optimize.add(z3.IsInt(value * grid))
                needed = all_of(one.present, one.variables.get("given", True))
                size = z3.If(value < 0, -value, value)
                sizes.append(size if needed is True else z3.If(needed, size, z3.RealVal(0)))
        costs = [z3.If(condition, z3.IntVal(weight), z3.IntVal(0))
                 for condition, weight in self.inputs.costs if condition is not True]
        if costs:
            optimize.minimize(z3.Sum(*costs))
        days = [each.variables["day"] for each in self.inputs.all.values()
                if each.kind == "moment"]
        if days:
            optimize.minimize(z3.Sum(*(z3.If(day < 0, -day, day) for day in days)))
        for size in sizes[:_NUMBERS_MADE_SMALL]:
            optimize.minimize(size)
        return optimize.model() if _found(optimize.check()) == "yes" else None

    @property
    def _milliseconds(self) -> int:
        return max(1, math.ceil(self.seconds * 1000))


def _found(answer: Any) -> Found:
    if answer == z3.sat:
        return "yes"
    return "no" if answer == z3.unsat else "open"
