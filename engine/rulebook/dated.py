"""From which days on does a parameter have another value, and which?"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from engine.events.amount import Amount
from engine.rulebook.definitions import DatedValue, Parameter
from engine.rulebook.files import DatedFile, ParameterFile
from engine.rulebook.types import SpanType, units_text
from engine.wording import describe

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from fractions import Fraction

    from engine.rulebook.loading import At, Loading


def read_dated(base: Parameter, at: At, written: ParameterFile,
               number: Callable[[At, object], Fraction], loading: Loading) -> tuple[
                   DatedValue, ...]:
    """Return the dated values of a parameter that is one number, in order; problems are noted.

    `number` reads one number, in the unit of the parameter.
    """
    at = at / "from"
    if written.from_ == {}:
        loading.report(at, "no-dates", "an empty mapping", "days, each with the value from then on",
                       "write 2024-06-01: 4")
    if written.values is not None or isinstance(written.value, list) or (
            isinstance(base.type, SpanType)):
        what = "calendar months" if isinstance(base.type, SpanType) else "several values"
        loading.report_key(at, "not-datable", f"from: beside {what}",
                           "from: beside one number", "use case: in a fact instead")
        return ()
    found = _values(base, at, written, number, loading)
    return tuple(sorted(found, key=lambda each: each.since))


def _values(base: Parameter, at: At, written: ParameterFile,
            number: Callable[[At, object], Fraction], loading: Loading) -> Iterator[DatedValue]:
    assert not isinstance(base.type, SpanType) and hasattr(base.type, "units")
    for text, each in (written.from_ or {}).items():
        own = isinstance(each, DatedFile)
        value = each.value if isinstance(each, DatedFile) else each
        read = number(at / text / "value" if own else at / text, value)
        cites = loading.cite(at / text / "cite") if isinstance(each, DatedFile) and each.cite else (
            base.cite,)
        if (day := _day(text)) is None:
            loading.report_key(at / text, "not-a-date", describe(text), "a day like 2024-06-01")
        elif cites:
            given = " ".join(filter(None, (str(value), written.unit)))
            amount = Amount.exact(read, units_text(base.type.units))
            yield DatedValue(day, amount, given, cites[0])


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if len(text) == len("2024-06-01") else None
    except ValueError:
        return None
