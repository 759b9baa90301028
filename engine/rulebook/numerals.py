"""Which number, and which unit, may somebody have meant who writes them otherwise?"""

from __future__ import annotations

import re

WRITTEN = "write 30, 2.5 or 25/18"
_WEEK, _DAY = "a week is 7 days", "a day is 24 hours"
_SPANS = {
    **dict.fromkeys(("week", "weeks", "wk", "wks", "w"), f"count it in days: {_WEEK}"),
    **dict.fromkeys(("minute", "minutes", "min", "mins"), "count it in hours: 30 minutes are 0.5"),
    **dict.fromkeys(("second", "seconds", "sec", "s"), "count it in hours: a second is 1/3600"),
    **dict.fromkeys(("hr", "hrs"), "did you mean 'hours'?"),
    **dict.fromkeys(("mo", "mos", "mon"), "did you mean 'months'?"),
    **dict.fromkeys(("y", "yr", "yrs"), "did you mean 'years'?"),
}
_ISO = {"D": "days", "W": "weeks", "M": "months", "Y": "years"}
_DIGITS = r"[0-9]+(?:\.[0-9]+)?"


def meant_span(spelling: str) -> str:
    """Return what to write instead of a unit of time that the language has not."""
    return _SPANS.get(spelling.lower(), "")


def meant_number(value: object) -> str:
    """Return what to write instead of text that is no number.

    >>> meant_number("1_000"), meant_number("7 days")
    ('write 1000', 'write value: 7, unit: days')
    >>> meant_number("3,0"), meant_number("010")
    ('write 3.0: a decimal number has a point', 'write 10')
    """
    text = value.strip() if isinstance(value, str) else ""
    if re.fullmatch(r"[0-9]{1,3}([_' ][0-9]{3})+", text):
        return f"write {re.sub('[^0-9]', '', text)}"
    if re.fullmatch(r"[0-9]+,[0-9]+", text):
        return f"write {text.replace(',', '.')}: a decimal number has a point"
    if re.fullmatch(r"0+[0-9]+(\.[0-9]+)?", text):
        return f"write {text.lstrip('0') if text.lstrip('0')[:1].isdigit() else '0'}"
    if re.fullmatch(r"[+]?([0-9]+\.?|\.[0-9]+|[0-9]+\.[0-9]+)", text):
        bare = text.lstrip("+")
        return f"write {'0' + bare if bare.startswith('.') else bare.rstrip('.')}"
    if found := re.fullmatch(rf"[<>]=?\s*({_DIGITS})", text):
        return f"write {found[1]}: the sign stands in the rule that compares it"
    if found := re.fullmatch(rf"({_DIGITS})\s*(?:-|to|\u2013)\s*({_DIGITS})", text):
        return (f"write two parameters, {found[1]} and {found[2]}; [{found[1]}, {found[2]}] is one "
                "number of which nobody knows more")
    if found := re.fullmatch(rf"({_DIGITS})\s*%", text):
        return f"write {found[1]}/100, or {found[1]} with the unit % where the vocabulary has it"
    if re.fullmatch(rf"{_DIGITS}[eE][+-]?[0-9]+", text):
        return "write the number out, without an exponent"
    if found := re.fullmatch(r"P([0-9]+)([DWMY])", text):
        return f"write value: {found[1]}, unit: {_ISO[found[2]]}"
    if found := re.fullmatch(rf"({_DIGITS})\s*([^\W\d_][^\s]*)", text):
        unit = {"d": "days", "h": "hours"}.get(found[2], found[2])
        return f"write value: {found[1]}, unit: {unit}"
    return WRITTEN
