"""What does a failed check of a shape mean, in the words of the person who wrote the text?

The models at the edges find the faults; their own messages speak of types. Here each becomes what
was found, what was expected and what to do. A validator's own ValueError is read as the expected
part, with the advice after the first "; ".
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from difflib import get_close_matches
from typing import TYPE_CHECKING, Any

from msgspec import Struct

from engine.problems import did_you_mean

if TYPE_CHECKING:
    from pydantic_core import ErrorDetails

_LONGEST = 60
_MANY, _NEAREST = 14, 3
_EXPECTED = {
    "string": "text",
    "int": "a whole number",
    "bool": "true or false",
    "decimal": "a number",
    "float": "a number",
    "list": "a list",
    "tuple": "a list",
    "set": "a list",
    "frozen_set": "a list",
    "dict": "names with values",
    "mapping": "names with values",
    "model": "names with values",
    "date": "a date (2015-03-07)",
    "none": "nothing",
}
_LIMITS = {
    "greater_than": ("gt", "more than {}"),
    "greater_than_equal": ("ge", "at least {}"),
    "less_than": ("lt", "less than {}"),
    "less_than_equal": ("le", "at most {}"),
}


class Words(Struct, frozen=True):
    """One fault: its stable code, what was found, what was expected, and what to do."""

    code: str
    found: str
    expected: str
    advice: str = ""


def describe(value: Any) -> str:
    """Return how a value reads in a sentence, shortened where it is long.

    >>> describe("abc"), describe(None), describe([1]), describe(True)
    ("'abc'", 'nothing', 'a list', 'true')
    """
    if value is None:
        return "nothing"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return repr(value if len(value) <= _LONGEST else value[:_LONGEST] + "...")
    if isinstance(value, Mapping):
        return "names with values" if value else "an empty mapping"
    if isinstance(value, Sequence):
        return "a list" if value else "an empty list"
    return str(value)[:_LONGEST]


def explain(error: ErrorDetails, known: Sequence[str] = (),
            choices: Sequence[str] = ()) -> Words:
    """Return one fault in words; `known` are the names that may stand where a name is unknown.

    `choices` are the values that may stand where one is missing.
    """
    kind, value = error["type"], error["input"]
    name = str(error["loc"][-1]) if error["loc"] else ""
    if kind == "extra_forbidden":
        advice = _meant(name, value, known)
        return Words("unknown-key", f"'{name}'", nearest_of(name, known), advice)
    if kind == "missing":
        which = f", which is {one_of(choices)}" if choices else ""
        return Words("missing-key", f"no '{name}'", f"'{name}'{which}", "add it")
    if kind in ("literal_error", "enum"):
        return _not_listed(value, re.findall(r"'([^']*)'", str(error["ctx"]["expected"])))
    if kind in ("union_tag_invalid", "union_tag_not_found"):
        return _no_tag(error)
    if kind in ("value_error", "assertion_error"):
        expected, _, advice = str(error["ctx"]["error"]).partition("; ")
        return Words("wrong-value", describe(value), expected, advice)
    if kind in _LIMITS:
        bound, sentence = _LIMITS[kind]
        return Words("wrong-value", describe(value), sentence.format(error["ctx"][bound]))
    if kind in ("too_short", "too_long", "string_too_short", "string_too_long"):
        return Words("wrong-value", describe(value), _length(kind, error["ctx"]))
    if kind == "string_pattern_mismatch":
        return Words("wrong-value", describe(value), f"text like {error['ctx']['pattern']}")
    return _wrong_type(kind, value)


_OTHER_WORDS = {
    "newest": ("latest",), "last": ("latest",), "recent": ("latest",), "earliest": ("first",),
    "oldest": ("first",), "exists": ("any",), "number": ("count", "value"), "filter": ("where",),
    "when": ("where", "if"), "if": ("when", "where"), "condition": ("when", "where"),
    "else": ("then",), "otherwise": ("then",), "default": ("then", "fallback"), "and": ("all",),
    "or": ("any",), "not": ("none",), "text": ("message", "about"), "msg": ("message",),
    "priority": ("severity",), "level": ("severity",), "description": ("about", "title"),
    "comment": ("about",), "source": ("cite",), "citation": ("cite",), "reference": ("cite",),
    "references": ("cite",), "threshold": ("value",), "units": ("unit",), "reading": ("value",),
    "explanation": ("because",), "reason": ("because", "why"), "on": ("of",), "name": ("id",),
    "window": ("within",), "period": ("within",), "until": ("before", "from"),
    "tests": ("examples",), "cases": ("examples",), "expected": ("expect",),
    "overrides": ("parameters",),
}
"""What somebody may write who knows the thing, but not its key."""
_OTHER_VALUES = {
    "string": ("symbol", "text"), "str": ("symbol", "text"), "enum": ("symbol",),
    "code": ("symbol",), "bool": ("boolean",), "date": ("when",), "datetime": ("when",),
    "time": ("when",), "int": ("count",), "integer": ("count",), "float": ("number",),
    "decimal": ("number",), "info": ("low",), "minor": ("low",), "warning": ("moderate",),
    "medium": ("moderate",), "major": ("high",), "severe": ("high",), "urgent": ("critical",),
    "emergency": ("critical",),
}
"""What somebody may write who knows another language for it."""
_COMMA = "a comma ends a value here: "


def _meant(name: str, value: Any, known: Sequence[str]) -> str:
    """Return what to do about a key that is not known."""
    if name.isdigit():
        return f"{_COMMA}a decimal number has a point, as in 2.5"
    if value is None and " " in name:
        return f"{_COMMA}put text that holds one in quotes, or remove the comma"
    other = next((each for each in _OTHER_WORDS.get(name, ()) if each in known), "")
    return f"did you mean {other!r}?" if other else (
        did_you_mean(name, known) or (
            f"{_COMMA}remove it, or put the whole text in quotes" if value is None else
            "remove it, or mend its indentation"))


def one_of(words: Sequence[str]) -> str:
    """Return a list of choices as a reader would say it.

    >>> one_of(["a"]), one_of(["a", "b", "c"])
    ("'a'", "one of 'a', 'b', 'c'")
    """
    if len(words) == 1:
        return f"'{words[0]}'"
    return "one of " + ", ".join(f"'{word}'" for word in words) if words else "nothing here"


def nearest_of(word: str, known: Sequence[str]) -> str:
    """Return the choices, only the nearest of them where they are many.

    >>> nearest_of("x", ["a", "b"])
    "one of 'a', 'b'"
    """
    if len(known) <= _MANY:
        return one_of(known)
    near = [f"'{each}'" for each in get_close_matches(word, known, n=_NEAREST, cutoff=0.5)]
    such = f", such as {' or '.join(near)}" if near else ""
    return f"one of {len(known)} keys{such} (rules schema lists them)"


def _not_listed(value: Any, accepted: Sequence[str]) -> Words:
    word = value.lower() if isinstance(value, str) else ""
    other = next((each for each in _OTHER_VALUES.get(word, ()) if each in accepted), "")
    advice = f"did you mean {other!r}?" if other else did_you_mean(word, accepted) if word else ""
    return Words("wrong-value", describe(value), one_of(accepted), advice)


def _no_tag(error: ErrorDetails) -> Words:
    context = error.get("ctx", {})
    name = str(context.get("discriminator", "")).strip("'")
    accepted = re.findall(r"'([^']*)'", str(context.get("expected_tags", "")))
    if error["type"] == "union_tag_not_found":
        return Words("missing-key", f"no '{name}'", f"'{name}'", "add it")
    found = str(context.get("tag", ""))
    return Words("wrong-value", f"'{found}'", one_of(accepted), did_you_mean(found, accepted))


def _length(kind: str, context: Mapping[str, Any]) -> str:
    if kind == "string_too_short":
        return "text that is not empty" if context["min_length"] == 1 else (
            f"text of at least {context['min_length']} characters")
    if kind == "string_too_long":
        return f"text of at most {context['max_length']} characters"
    if kind == "too_short":
        return f"at least {context['min_length']} in it"
    return f"at most {context['max_length']} in it"


def _turned(expected: str, value: Any) -> str:
    """Return how a value becomes one of another form."""
    if value is None:
        return "write it, or remove the key"
    if expected == "a list" and isinstance(value, str):
        if value in ("none", "nothing", "no", "null"):
            return "write []"
        parts = [part.strip() for part in re.split(r",|(?<=[0-9])-(?=[0-9.])", value)]
        return f"write it in square brackets: [{', '.join(parts)}]"
    if expected == "a list" and isinstance(value, Mapping):
        return "begin each item of it with a dash"
    if expected == "names with values" and isinstance(value, list):
        return "write each with its name and a colon, without dashes or square brackets"
    if expected == "text" and isinstance(value, list):
        return "write one, without dashes or square brackets"
    return ""


def _wrong_type(kind: str, value: Any) -> Words:
    base = re.sub(r"_(type|parsing|from_float|attributes_type|parsing_size).*$", "", kind)
    expected = _EXPECTED.get(base) or _EXPECTED.get(base.partition("_")[0], "another value")
    advice = _turned(expected, value)
    number = not isinstance(value, str | bool | Mapping | list | tuple) and value is not None
    if expected == "text" and (number or isinstance(value, bool)):
        advice = f'write it in quotes: "{describe(value)}"'
    elif isinstance(value, str) and expected in ("a whole number", "a number"):
        advice = "write it without quotes" if re.fullmatch(r"-?[0-9.]+", value) else (
            "write it in digits")
    elif expected == "true or false":
        advice = "write true or false"
    return Words("wrong-type", describe(value), expected, advice)
