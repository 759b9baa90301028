"""In what do two explanations differ? Where the lines stand in a file does not count."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from engine.certificate.shape import place_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_COMPARED = ("explanations", "conclusions", "facts", "parameters")
_PLACE = {"source", "line"}  # where an event's line stood; its text in a tree says it too
_LONGEST = 120


@dataclass(frozen=True, slots=True)
class Difference:
    """A place at which what was certified and what is derived now are not the same."""

    place: str
    certified: str
    derived: str


def differences(certified: Mapping[str, Any], derived: Mapping[str, Any]) -> list[Difference]:
    """Return every difference between two certificates in what they conclude, and from what."""
    return [each for name in _COMPARED
            for each in _between((name,), certified.get(name), derived.get(name))]


def _between(steps: tuple[str | int, ...], one: Any, other: Any) -> Iterator[Difference]:
    if isinstance(one, dict) and isinstance(other, dict):
        is_event = one.get("kind") == "event"
        for key in [*one, *(key for key in other if key not in one)]:
            if is_event and (key in _PLACE or key == "text"):
                continue
            if key not in one or key not in other:
                yield Difference(place_of((*steps, key)), _shown(one.get(key), key in one),
                                 _shown(other.get(key), key in other))
            else:
                yield from _between((*steps, key), one[key], other[key])
    elif isinstance(one, list) and isinstance(other, list):
        for index in range(max(len(one), len(other))):
            if index < min(len(one), len(other)):
                yield from _between((*steps, index), one[index], other[index])
            else:
                yield Difference(place_of((*steps, index)),
                                 _shown(one[index] if index < len(one) else None,
                                        index < len(one)),
                                 _shown(other[index] if index < len(other) else None,
                                        index < len(other)))
    elif one != other or type(one) is not type(other):
        yield Difference(place_of(steps), _shown(one, True), _shown(other, True))


def _shown(value: Any, is_there: bool) -> str:
    if not is_there:
        return "nothing"
    if isinstance(value, dict) and isinstance(value.get("text"), str):
        value = value["text"]
    text = json.dumps(value, ensure_ascii=False, default=str)
    return text if len(text) <= _LONGEST else text[:_LONGEST] + "..."
