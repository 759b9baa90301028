"""The numbers of a cohort, each beside what is printed for it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from fractions import Fraction
from typing import TYPE_CHECKING

from engine.cohort import statistics
from engine.cohort.files import COMPARING, operator_of
from engine.cohort.members import number
from engine.cohort.statistics import TwoByTwo, half_up, percent

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from engine.cohort.files import CohortFile, FigureFile
    from engine.cohort.members import Selector

NOTHING = "-"
_PLACES = 2
_FINE = 4
_SMALL = 5  # an expected number below it: the usual limit for trusting an approximate test
_TESTS: dict[str, Callable[[TwoByTwo], Fraction | float]] = {
    "fisher": statistics.fisher_exact,
    "likelihood_ratio": statistics.likelihood_ratio,
    "chi_squared": statistics.chi_squared,
}


@dataclass(frozen=True, slots=True)
class Figure:
    """A computed number as text, its exact parts, and what is printed (None: nothing is).

    The text has as many places as the printed one; `precise` has more, where that says more.
    """

    title: str
    text: str
    exact: Mapping[str, int | float]
    printed: str | None = None
    precise: str = ""

    @property
    def agrees(self) -> bool | None:
        """Whether the printed text says the same; None where nothing is printed."""
        if self.printed is None:
            return None
        return _bare(self.printed) == _bare(self.text)


class Figures:
    """Computes the figures of a definition, each once; printed ones only where compared."""

    def __init__(self, definition: CohortFile, selector: Selector, *, compared: bool) -> None:
        self._definition, self._selector = definition, selector
        self._compared = compared
        self._done: dict[str, Figure] = {}

    def figure(self, name: str) -> Figure:
        """Return a figure by its name."""
        if name not in self._done:
            figure = self._computed(self._definition.figures[name])
            self._done[name] = self._seen(figure)
        return self._done[name]

    def size(self, title: str, selection: str, printed: str | None) -> Figure:
        """Return how many a selection takes in."""
        count = len(self._selector.select(selection))
        return self._seen(Figure(title, str(count), {"count": count}, printed))

    def share(self, title: str, selection: str, of: str, printed: str | None) -> Figure:
        """Return how many of one selection are in another, and how many percent that is."""
        part, whole = self._shared(selection, of)
        text = f"{part} ({percent(part, whole)}%)"
        return self._seen(Figure(title, text, {"count": part, "of": whole}, printed))

    def _seen(self, figure: Figure) -> Figure:
        return figure if self._compared else replace(figure, printed=None)

    def _computed(self, written: FigureFile) -> Figure:
        title, printed, of = written.title, written.printed, written.of or ""
        if written.count is not None:
            return self.size(title, written.count, printed)
        if written.share is not None:
            return self.share(title, written.share, of, printed)
        if written.percent is not None:
            part, whole = self._shared(written.percent, of)
            return Figure(title, f"{percent(part, whole)}%", {"count": part, "of": whole}, printed)
        if written.percent_sum is not None:
            total = sum(self._whole_percent(each) for each in written.percent_sum)
            return Figure(title, f"{total}%", {"percent": total}, printed)
        if operator_of(written) in COMPARING:
            return self._comparison(written)
        return self._spread(written)

    def _shared(self, selection: str, of: str) -> tuple[int, int]:
        whole = self._selector.select(of)
        inside = {each.patient for each in self._selector.select(selection)}
        return sum(each.patient in inside for each in whole), len(whole)

    def _whole_percent(self, name: str) -> int:
        written = self._definition.figures[name]
        return percent(*self._shared(written.share or written.percent or "", written.of or ""))

    def _spread(self, written: FigureFile) -> Figure:
        field = written.median or written.range_ or written.least or ""
        values = [value for each in self._selector.select(written.of or "")
                  if (value := number(each.values[field])) is not None]
        if not values:
            return Figure(written.title, NOTHING, {"known": 0}, written.printed)
        middle, low, high = statistics.median(values), min(values), max(values)
        text = in_short(middle) if written.median else (
            in_short(low) if written.least else f"{in_short(low)}-{in_short(high)}")
        exact = {"known": len(values), "median": float(middle), "least": float(low),
                 "most": float(high)}
        return Figure(written.title, text, exact, written.printed)

    def _comparison(self, written: FigureFile) -> Figure:
        test = next(name for name in COMPARING if getattr(written, name) is not None)
        table = self._two_by_two(getattr(written, test), written.between)
        if test == "small_expected":
            few = sum(mean < _SMALL for mean in table.expected())
            return Figure(written.title, str(few), {"count": few}, written.printed)
        value = Fraction(_TESTS[test](table))
        places = len(written.printed.partition(".")[2]) if written.printed else _PLACES
        fine = half_up(value, _FINE)
        return Figure(written.title, half_up(value, places), {"p": float(fine)},
                      written.printed, fine)

    def _two_by_two(self, outcome: str, between: list[str]) -> TwoByTwo:
        (one, of_one), (other, of_other) = (self._shared(outcome, each) for each in between)
        return TwoByTwo(one, of_one - one, other, of_other - other)


def in_short(value: Fraction) -> str:
    """Return a number with at most one place.

    >>> in_short(Fraction(158)), in_short(Fraction(87.5))
    ('158', '87.5')
    """
    return half_up(value) if value.denominator == 1 else half_up(value, 1)


def _bare(text: str) -> str:
    return "".join(text.split())
