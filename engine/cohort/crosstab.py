"""One field of the summary by another, for any patients at all."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from engine.cohort import statistics
from engine.cohort.figures import NOTHING, in_short
from engine.cohort.findings import in_words
from engine.cohort.members import number
from engine.cohort.statistics import percent
from engine.counting import natural_order
from engine.problems import did_you_mean
from engine.request import RequestError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from engine.cohort.files import CohortFile
    from engine.cohort.members import Member
    from engine.rulebook.definitions import Rulebook

TOTAL = "all"


@dataclass(frozen=True, slots=True)
class Question:
    """Which field by which, and in which order the rulebook declares their values."""

    field: str
    by: str
    orders: Mapping[str, Sequence[str]]

    def in_order(self, field: str, values: Iterable[str]) -> list[str]:
        """Return values as declared, others by name, the unknown last."""
        declared = list(self.orders[field])

        def place(value: str) -> tuple[bool, int, object]:
            rank = declared.index(value) if value in declared else len(declared)
            return value == NOTHING, rank, natural_order(value)

        return sorted(values, key=place)


@dataclass(frozen=True, slots=True)
class CrossTab:
    """`field` by `by`: a line for each value of `by` and one for all, with its size."""

    field: str
    by: str
    columns: tuple[str, ...]
    lines: tuple[tuple[str, int, tuple[str, ...]], ...]


def question(rulebook: Rulebook, definition: CohortFile, by: str, field: str = "") -> Question:
    """Return a question about two fields, by default about the cohort's outcome.

    Raises RequestError where the summary has no such field.
    """
    fields = [*rulebook.summary, *definition.fields]
    field = field or definition.outcome
    for name in (field, by):
        if name not in fields:
            advice = did_you_mean(name, fields) or f"it has {', '.join(fields)}"
            raise RequestError(f"table: found {name!r}, expected a field of the summary; {advice}")
    values = {topic.name: topic.values for topic in rulebook.topics}
    orders = {name: values.get(rulebook.summary.get(name, ""), ()) for name in (field, by)}
    return Question(field, by, orders)


def crosstab(members: Sequence[Member], asked: Question) -> CrossTab:
    """Return the table: counts and percents, or for numbers the median and the range."""
    field, by = asked.field, asked.by
    groups: dict[str, list[Member]] = {}
    for member in members:
        groups.setdefault(in_words(member.values.get(by)), []).append(member)
    lines = [*((name, groups[name]) for name in asked.in_order(by, groups)), (TOTAL, list(members))]
    known = [value for each in members if (value := each.values.get(field)) is not None]
    if known and all(number(value) is not None for value in known):
        return CrossTab(field, by, ("known", "median", "range"),
                        tuple((name, len(group), _spread(group, field)) for name, group in lines))
    columns = asked.in_order(field, {in_words(each.values.get(field)) for each in members})
    return CrossTab(field, by, tuple(columns), tuple(
        (name, len(group), tuple(_share(group, field, value) for value in columns))
        for name, group in lines))


def _share(group: Sequence[Member], field: str, value: str) -> str:
    count = sum(in_words(each.values.get(field)) == value for each in group)
    return f"{count} ({percent(count, len(group))}%)"


def _spread(group: Sequence[Member], field: str) -> tuple[str, ...]:
    values = [value for each in group if (value := number(each.values.get(field))) is not None]
    if not values:
        return "0", NOTHING, NOTHING
    return (str(len(values)), in_short(statistics.median(values)),
            f"{in_short(min(values))}-{in_short(max(values))}")
