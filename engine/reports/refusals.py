"""What was refused, for the person who must mend it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.reports.records import refusal_records

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from engine.events.event import Refusal

MOST_SHOWN = 50


def refusals_in_words(refused: Sequence[Refusal], advice: str) -> Iterator[str]:
    """Yield a line for each refusal, up to so many, then how many there are in all."""
    yield from _first(refused)
    if len(refused) > MOST_SHOWN:
        yield f"... and {len(refused) - MOST_SHOWN} more"
    if refused:
        yield f"{len(refused)} refused. {advice}"


def more_refused_in_words(shown: Sequence[Refusal], lines: int, advice: str) -> Iterator[str]:
    """Yield the same where only the first refusals, of so many lines in all, were kept."""
    yield from _first(shown)
    unseen = lines - len({(each.source, each.line) for each in shown[:MOST_SHOWN]})
    if unseen:
        yield f"... and {unseen} more"
    if lines:
        yield f"{lines} refused. {advice}"


def _first(refused: Sequence[Refusal]) -> Iterator[str]:
    for each in refusal_records(refused)[:MOST_SHOWN]:
        field = f"{each['field']}: " if each["field"] else ""
        yield (f"{each['source']}:{each['line']}: {field}found {each['found']}, "
               f"expected {each['expected']}; {each['reason']}")
