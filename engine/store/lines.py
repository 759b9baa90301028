"""Is a line one that the store has already? Spelling and the order of fields do not matter."""

from __future__ import annotations

import hashlib
import json
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from engine.events.when import When

if TYPE_CHECKING:
    from engine.events.event import Event

_PLAIN, _ASCII = (json.JSONEncoder(ensure_ascii=only_ascii) for only_ascii in (False, True))
_FAST = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def canonical(line: dict[str, Any]) -> str:
    """Return the one way to write a line: fields by name, no spaces, numbers as they were given.

    >>> canonical({"value": Decimal("4.50"), "id": "a", "is": True})
    '{"id":"a","is":true,"value":4.50}'
    """
    try:
        text = _FAST.encode(line)
    except TypeError:  # a number with a point, which must stay as it was given
        text = _json(line, _PLAIN)
    try:
        text.encode()
    except UnicodeEncodeError:  # half of a character, deep in a line that withdraws an event
        return _json(line, _ASCII)
    return text


def digest_of(text: str) -> bytes:
    """Return the SHA-256 of a line as it is kept."""
    return hashlib.sha256(text.encode()).digest()


def content_of(event: Event) -> bytes:
    """Return one digest for all lines that say the same once they are read."""
    said = (event.patient, event.id, event.kind, event.status, _plain(event.at),
            _plain(event.recorded), event.given.get("note"),
            sorted((name, _plain(value)) for name, value in event.fields.items()))
    return hashlib.sha256(repr(said).encode("utf-8", "backslashreplace")).digest()


def _plain(value: Any) -> Any:
    return (value.start.isoformat(), value.end.isoformat()) if isinstance(value, When) else (
        repr(value))


def _json(value: Any, encoder: json.JSONEncoder) -> str:
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, dict):
        pairs = [f"{encoder.encode(name)}:{_json(value[name], encoder)}" for name in sorted(value)]
        return "{" + ",".join(pairs) + "}"
    if isinstance(value, list):
        return "[" + ",".join([_json(each, encoder) for each in value]) + "]"
    return encoder.encode(value)
