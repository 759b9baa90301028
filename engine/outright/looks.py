"""Which events of a row lie within the bounds of a window?

A row is cut only where its outermost event is not inside, which is seldom so. The first event, or
the last, is found from its own end alone: the bounds at the other end only have to let it pass. All
is written out as one function, as terms are.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from typing import TYPE_CHECKING, Any

from engine.events.when import When
from engine.facts.members import NOBODY, Members
from engine.facts.terms import Writer
from engine.facts.windows import Look
from engine.facts.within import within
from engine.outright.past import Past, Stretch, end, start
from engine.rulebook.types import EventType

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from engine.events.event import Event
    from engine.facts.chart import Chart
    from engine.outright.program import OutrightProgram
    from engine.rulebook.definitions import Window

# What each bound asks of an event, and where it cuts a row of which an event is not inside.
_LOWER = {"after": ("{event}.at.start > {bound}.end",
                    "bisect_right(row, {bound}.end, low, key=start)"),
          "since": ("{event}.at.end >= {bound}.start",
                    "bisect_left(row, {bound}.start, low, key=end)")}
_UPPER = {"before": ("{event}.at.end < {bound}.start",
                     "bisect_left(row, {bound}.start, 0, high, key=end)"),
          "until": ("{event}.at.start <= {bound}.end",
                    "bisect_right(row, {bound}.end, 0, high, key=start)")}


class RowLook(Look):
    """A compiled window over the row of those events that pass its filter."""

    def __init__(self, windows: Sequence[Window], place: int, program: OutrightProgram) -> None:
        self.is_settled, self._place = True, place
        self._within = within(windows[0], program)
        self._between: Any = _LookWriter(windows, place, program).between()

    def bounded(self, chart: Chart, here: Event | None) -> Members:
        """Return what lies within the bounds; asked at an event, of what began by its end."""
        assert isinstance(chart, Past)
        low, high = self._between(chart, here)
        if self._within is None:
            return Stretch(chart, self._place, low, high)
        lately = self._within(chart, here)
        last = lately.end(chart, here)
        low = max(low, bisect_left(
            chart.rows[self._place], lately.earliest(last, chart.zone), key=start))
        return Members(NOBODY.kept, 0, lately.inside(
            [*Stretch(chart, self._place, low, high)], last))


def picked(which: str, windows: Sequence[Window], place: int,
           program: OutrightProgram) -> Callable[[Chart, Event | None], Event | None]:
    """Return what gives the first or the latest event of a window; none where it is not certain.

    The latest is the first one of the last instant.
    """
    writer = _LookWriter(windows, place, program)
    return writer.first() if which == "first" else writer.latest()


class _LookWriter(Writer):
    """Writes a function that looks at the row at a place, between the bounds of some windows."""

    def __init__(self, windows: Sequence[Window], place: int, program: OutrightProgram) -> None:
        super().__init__(program)
        self._names.update(bisect_left=bisect_left, bisect_right=bisect_right, start=start,
                           end=end, when=_when)
        self._windows, self._place = windows, place
        self._filtered = any(each.where is not None for each in windows)

    def between(self) -> Callable[[Chart, Event | None], tuple[int, int]]:
        """Return what gives the places in the row between which the members are."""
        asked, lower, upper = self._bounds("0, 0")
        return self.function("(low, high)", *asked, "low, high = 0, len(row)",
                             *self._cut_low(lower), *self._cut_high(upper))

    def latest(self) -> Callable[[Chart, Event | None], Event | None]:
        """Return what gives the first event of the last instant."""
        asked, lower, upper = self._bounds("None")
        return self.function(
            self._certain("high - 1", "high > 1 and row[high - 2].at.start == found.at.start"),
            *asked, "high = len(row)", *self._cut_high(upper),
            "if not high: return None", "found = row[high - 1]", *self._passing(lower))

    def first(self) -> Callable[[Chart, Event | None], Event | None]:
        """Return what gives the first event."""
        asked, lower, upper = self._bounds("None")
        return self.function(
            self._certain("low", ""), *asked, "low = 0", *self._cut_low(lower),
            "if low == len(row): return None", "found = row[low]",
            "if here is not None and found.at.start > here.at.end: return None",
            *self._passing(upper))

    def _certain(self, at: str, together: str) -> str:
        """Return the event found, unless others begin together with it, or it may not belong."""
        doubts = [f"chart.doubtful[{self._place}]"] * self._filtered + [together] * bool(together)
        return "found" if not doubts else (
            f"chart.certainly({self._place}, {at}) if {' or '.join(doubts)} else found")

    def _bounds(self, nothing: str) -> tuple[list[str], list[tuple[str, str]],
                                             list[tuple[str, str]]]:
        """Return statements that work out all bounds, and what the lower and upper ones ask."""
        statements, found = [f"row = chart.rows[{self._place}]"], []
        for sides in (_LOWER, _UPPER):
            kept: list[tuple[str, str]] = []
            for name, (keeps, cut) in sides.items():
                for term in (getattr(each, name) for each in self._windows):
                    if term is not None:
                        bound = self.result()
                        statements.append(
                            f"if ({bound} := {self.write(term)}) is None: return {nothing}")
                        statements.append(f"{bound} = {bound}.at" if isinstance(
                            term.type, EventType) else f"{bound} = when({bound})")
                        kept.append((keeps.replace("{bound}", bound),
                                     cut.replace("{bound}", bound)))
            found.append(kept)
        return statements, found[0], found[1]

    def _passing(self, bounds: list[tuple[str, str]]) -> list[str]:
        return [f"if not {keeps.format(event='found')}: return None" for keeps, _ in bounds]

    def _cut_low(self, bounds: list[tuple[str, str]]) -> list[str]:
        return [f"if low < len(row) and not {keeps.format(event='row[low]')}: low = {cut}"
                for keeps, cut in bounds]

    def _cut_high(self, bounds: list[tuple[str, str]]) -> list[str]:
        """Return what cuts off the events that are too late; asked at an event, those after it."""
        return ["if here is not None and high and row[-1].at.start > here.at.end: "
                "high = bisect_right(row, here.at.end, key=start)",
                *(f"if high and not {keeps.format(event='row[high - 1]')}: high = {cut}"
                  for keeps, cut in bounds)]


def _when(moment: Event | When) -> When:
    return moment if isinstance(moment, When) else moment.at
