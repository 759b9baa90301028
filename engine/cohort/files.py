"""What a cohort's file may say: the shapes of its YAML."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Any

from pydantic import Discriminator, Field, Tag

from engine.yaml_model import Number, Strict

Value = int | Decimal | str | bool


class Known(Strict):
    """Whether there is any value at all."""

    known: bool


class AsPrinted(Strict):
    """The number that is printed for a figure."""

    printed: str


def _which(value: Any) -> str:
    """Return which of the two a mapping is meant to be, so that only its mistakes are told."""
    if isinstance(value, dict | Known | AsPrinted):
        return "printed" if isinstance(value, AsPrinted) or (
            isinstance(value, dict) and "printed" in value) else "known"
    return "list" if isinstance(value, list) else "value"


Wanted = Annotated[
    Annotated[Value, Tag("value")] | Annotated[list[Value], Tag("list")]
    | Annotated[Known, Tag("known")] | Annotated[AsPrinted, Tag("printed")],
    Discriminator(_which)]
Where = dict[str, Wanted]


class DerivedFile(Strict):
    """A field worked out of fields of the summary: the least known of them."""

    least: list[str] = Field(min_length=1)


class SelectionFile(Strict):
    """Patients of the cohort: those in all of `all`, of whom every field of `where` holds."""

    title: str
    all_: list[str] = Field(default=[], alias="all")
    where: Where = Field(default={})


class FigureFile(Strict):
    """One computed number or text: exactly one operator, and what was printed for it.

    `count`, `share` and `percent` count a selection (`share` and `percent` within `of`); `median`,
    `range` and `least` look at a field over `of`; the tests, and `small_expected`, compare how
    many of the selections in `between` are in the one named; `percent_sum` adds printed percents.
    """

    title: str
    count: str | None = None
    share: str | None = None
    percent: str | None = None
    median: str | None = None
    range_: str | None = Field(default=None, alias="range")
    least: str | None = None
    fisher: str | None = None
    likelihood_ratio: str | None = None
    chi_squared: str | None = None
    small_expected: str | None = None
    percent_sum: list[str] | None = None
    of: str | None = None
    between: list[str] = Field(default=[], max_length=2)
    printed: str | None = None


class TableFile(Strict):
    """How many of each row are in each column; printed: the size of a row, then its cells."""

    title: str
    rows: list[str]
    columns: list[str]
    printed: dict[str, list[str | None]] = Field(default={})


class SectionFile(Strict):
    """Figures that are shown together, in this order."""

    title: str
    figures: list[str]


class RowsFile(Strict):
    """What is printed of each patient, field by field; null where nothing is."""

    title: str
    fields: list[str]
    printed: dict[str, list[Value | None]]


class FindingFile(Strict):
    """A sentence that is said where all its conditions hold.

    `differs` and `agrees` name figures, `above` P values with a bound; `some` and `nobody` name
    selections. In the text `{figure}`, `{figure.printed}`, `{figure.precise}`,
    `{selection.count}` and `{selection.patients}` are filled in.
    """

    title: str
    differs: list[str] = Field(default=[])
    agrees: list[str] = Field(default=[])
    above: dict[str, Number] = Field(default={})
    some: list[str] = Field(default=[])
    nobody: list[str] = Field(default=[])
    text: str


class CohortFile(Strict):
    """A cohort: who is in it, what is computed of it, and what a publication says.

    `outcome` is the field of the summary that a plain table shows unless told another.
    """

    title: str
    source: str
    outcome: str
    patients: Where
    fields: dict[str, DerivedFile] = Field(default={})
    selections: dict[str, SelectionFile]
    figures: dict[str, FigureFile] = Field(default={})
    tables: list[TableFile] = Field(default=[])
    sections: list[SectionFile] = Field(default=[])
    rows: RowsFile | None = None
    findings: dict[str, FindingFile] = Field(default={})


COUNTING = ("count", "share", "percent")
SPREADING = ("median", "range_", "least")
TESTS = ("fisher", "likelihood_ratio", "chi_squared")
COMPARING = (*TESTS, "small_expected")
OPERATORS = (*COUNTING, *SPREADING, *COMPARING, "percent_sum")


def operator_of(figure: FigureFile) -> str | None:
    """Return the one operator of a figure, or None where there is none or several."""
    written = [name for name in OPERATORS if getattr(figure, name) is not None]
    return written[0] if len(written) == 1 else None
