"""Which values of a field does a filter let through? Events with another value cannot matter to it.

A laboratory sends all it measures in one kind of event; most of it is nothing to most questions.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from engine.facts.lasting import conjuncts
from engine.rulebook.terms import Among, Comparing, Constant, FieldOf, It

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from engine.events.event import Event
    from engine.rulebook.terms import Term

Named = tuple[str, str, str]  # a kind, one of its fields, and a value of it


def named_by(kind: str, where: Term | None) -> set[str | Named]:
    """Return the kind with each value that a filter lets through, or the kind alone if any is.

    The status tells nothing: nearly all events are final.
    """
    for term in conjuncts(where):
        match term:
            case Comparing(operator="==", left=FieldOf(base=It(), field=field),
                           right=Constant(value=str(value))) if field != "status":
                return {(kind, field, value)}
            case Among(item=FieldOf(base=It(), field=field), values=values) if field != "status":
                return {(kind, field, value) for value in values}
    return {kind}


def telling_fields(named: Iterable[str | Named]) -> dict[str, str]:
    """Return, for each kind, the field by which most questions choose its events."""
    counts = Counter(each[:2] for each in named if not isinstance(each, str))
    return {kind: field for (kind, field), _ in reversed(counts.most_common())}


def as_told(named: str | Named, fields: Mapping[str, str]) -> str | tuple[str, str]:
    """Return a kind with a value of its telling field, or the kind alone."""
    if isinstance(named, str):
        return named
    kind, field, value = named
    return (kind, value) if fields.get(kind) == field else kind


def told_of(event: Event, fields: Mapping[str, str]) -> tuple[str, str]:
    """Return an event's kind with the value of its telling field; empty where it has none."""
    field = fields.get(event.kind)
    value = event.fields.get(field, "") if field is not None else ""
    return event.kind, value if isinstance(value, str) else ""
