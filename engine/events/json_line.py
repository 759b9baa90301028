"""Is a line one JSON object, and what exactly does it say?

Numbers stay exact. A key given twice is refused, because which of the two counts would be a guess.
"""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

from engine.events.fault import Unreadable

_ONE_OBJECT = "one JSON object on a line"


def parse_line(line: bytes | str) -> dict[str, Any]:
    """Return the object that a line holds, or raise Unreadable."""
    text = _text(line)
    try:
        parsed = _DECODER.decode(text)
    except json.JSONDecodeError as error:
        raise Unreadable("", f"text that is not JSON, from column {error.colno}", _ONE_OBJECT,
                         f"the parser says: {error.msg}") from None
    except RecursionError:
        raise Unreadable("", "brackets nested too deeply", _ONE_OBJECT,
                         "fields hold plain values") from None
    except ValueError:
        raise Unreadable("", "a number with thousands of digits", "a number that can be read",
                         "look for digits that were run together") from None
    if not isinstance(parsed, dict):
        raise Unreadable("", _name(parsed), _ONE_OBJECT, "put each event on a line of its own")
    _check_characters(text, parsed)
    return parsed


def _text(line: bytes | str) -> str:
    try:
        text = (line if isinstance(line, bytes) else line.encode(errors="surrogatepass")).decode()
    except UnicodeDecodeError as error:
        raise Unreadable("", f"bytes that are not UTF-8, from byte {error.start + 1}",
                         "text in UTF-8", "save the file as UTF-8") from None
    # Some editors begin a file with a byte order mark.
    return text.removeprefix("\ufeff")


def _check_characters(text: str, parsed: dict[str, Any]) -> None:
    """Refuse halves of a character, which JSON can write and no output can show."""
    if "\\u" not in text:
        return
    for name, value in parsed.items():
        try:
            f"{name}{value}".encode()
        except UnicodeEncodeError:
            raise Unreadable(ascii(name)[1:-1], "half of a character (\\ud800 to \\udfff)",
                             "text in UTF-8", "write the character itself") from None


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    made = dict(pairs)
    if len(made) != len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise Unreadable(ascii(twice)[1:-1], "the field twice in one line", "it once",
                         "remove one of the two")
    return made


def _no_constant(name: str) -> Any:
    raise Unreadable("", name, "a number", "leave the field out where nothing is known")


def _name(parsed: Any) -> str:
    if isinstance(parsed, list):
        return "a JSON list"
    return "JSON that is only " + ("text" if isinstance(parsed, str) else "a value")


_DECODER = json.JSONDecoder(object_pairs_hook=_object, parse_float=Decimal,
                            parse_constant=_no_constant)
