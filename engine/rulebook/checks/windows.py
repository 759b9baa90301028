"""Which facts look at a stretch of time in which nothing can lie?"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from engine.rulebook.checks.order import Order, is_no_later_part
from engine.rulebook.definitions import Window
from engine.rulebook.folder import MAIN
from engine.rulebook.loading import At
from engine.rulebook.terms import Constant, Here, Term

if TYPE_CHECKING:
    from engine.rulebook.checks.notes import Notes
    from engine.rulebook.definitions import Parameter

_LOWER, _UPPER = ("after", "since"), ("before", "until")


def check_windows(notes: Notes) -> None:
    """Note the bounds that leave no time between them, and spans of nothing."""
    empty: dict[str, list[str]] = {}
    order = Order(notes.rulebook.facts)
    for name, at in notes.loaded.loading.declared.items():
        fact = notes.rulebook.facts.get(name)
        window = getattr(fact.operation, "window", None) if fact is not None else None
        if isinstance(window, Window) and isinstance(at.value, dict) and "like" not in at.value:
            _bounds(notes, at, window, order)
            if (span := _empty_span(notes, window.within)) is not None:
                empty.setdefault(span.name, []).append(name)
    for span_name, facts in empty.items():
        value = notes.at_name("parameters.yaml", span_name) / "value"
        given = notes.rulebook.parameters[span_name].given
        notes.warn(value, "zero-span", f"{span_name!r} of {given}, the span of {', '.join(facts)}",
                   "a span of time", "only what lies on the day itself is found: if that is "
                   "meant, ask same_day(it, here)")


def check_policies(notes: Notes) -> None:
    """Note what asks again after no time, so that to acknowledge it does nothing."""
    head = At(notes.loaded.documents[MAIN], ("severities",))
    places = [(head / name, policy.again_after)
              for name, policy in notes.rulebook.severities.items()]
    places += [(at, topic.alert.again_after) for at, topic in notes.topics()
               if topic.alert is not None]
    for at, again in places:
        if again == timedelta(0):
            at = at / "again_after"
            notes.warn(at, "zero-span", f"'again_after: {at.value}', which is no time",
                       "a span of time",
                       "it would ask again at once: mend the number, or remove the key")


def _bounds(notes: Notes, at: At, window: Window, order: Order) -> None:
    for lower in _LOWER:
        begin = getattr(window, lower)
        if isinstance(begin, Here) and lower == "after":
            notes.refuse(at / "after", "empty-window", "'after: here'",
                         "a time in which something can lie",
                         "nothing after the event that is asked about is seen: write `before: "
                         "here` or `until: here`")
        for upper in _UPPER:
            end = getattr(window, upper)
            if begin is None or end is None or (lower, upper) == ("since", "until"):
                continue
            loose = (lower, upper) != ("after", "before")  # then parts of a day may lie between
            if order.is_no_later(end, begin, strictly=loose) or is_no_later_part(end, begin):
                written = at.value if isinstance(at.value, dict) else {}
                notes.refuse(at / upper, "empty-window", f"'{upper}: {written[upper]}' beside "
                             f"'{lower}: {written[lower]}'", "a time in which something can lie",
                             "nothing is both: turn the two round, or remove one")


def _empty_span(notes: Notes, within: Term | None) -> Parameter | None:
    """Return the parameter of a span, where it is one of no days."""
    if not isinstance(within, Constant) or within.name not in notes.rulebook.parameters:
        return None
    parameter = notes.rulebook.parameters[within.name]
    amount = parameter.months if parameter.amount is None else parameter.amount.high
    return parameter if amount == 0 else None
