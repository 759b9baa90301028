"""What is an author to do where a text is not YAML?

The parser knows only where it lost its way; the line most often shows what was meant.
"""

from __future__ import annotations

import re

_ENDED = re.compile(r"""(?<=\s)(['"])[^'"]*\1(?=\s*[^\s,:\]}#])""")
_SPECIAL = re.compile(r"(?:^|[:\[{,-])\s+([@`%>|])")


def syntax_advice(line: str, column: int, why: str, context: str, *, closed: bool) -> str:
    """Return what to do about a mistake that was found at a column (from 1) of a line.

    `context` says in which bracket or quotation it stands, and `closed` whether that begins on
    this line.
    """
    if "\t" in line:
        return "indent with spaces, not tabs"
    if strange := re.search(r"[^\S ]", line):
        return f"write a plain space instead of the space U+{ord(strange[0]):04X}"
    if re.match(r"(<{7}|={7}|>{7})( |$)", line):
        return "two versions were not merged here: choose one, and remove the other and its marks"
    if "'-' indicator" in why:
        return "begin every item of the list with a dash, or remove the dash of the first"
    if "could not find expected ':'" in why:
        return _keyless(line)
    if re.search(r":\s+!", line):
        return "write not instead of !"
    if "quoted" in context:
        return "close the quotation that begins here"
    if special := _SPECIAL.search(line[:column]):
        return (f"put text that begins with {special[1]} in quotes; a condition begins with what "
                "is compared")
    if not context and (ended := _ENDED.search(line[:column + 1])):
        return (f"the quotation {ended[0]} ends before the text does: put the whole text in one "
                "pair of quotes, double ones where an apostrophe stands in it")
    return _of_brackets(line, column, why, context, closed=closed)


def _of_brackets(line: str, column: int, why: str, context: str, *, closed: bool) -> str:
    if "flow" in context and closed:
        if line[column - 1:column + 1] == ": " or line[column - 2:column] == ": ":
            return "a colon with a space ends a key: put the text in quotes, or remove the colon"
        return "put text that holds a bracket or a comma in quotes"
    if "flow" in context:
        return "close the bracket that begins here"
    if "mapping values" in why:
        return "put text that holds ': ' in quotes, or look at the indentation"
    if line.lstrip().startswith("- "):
        return ("a dash begins an item of a list, and what stands before it is none: put a dash "
                "before the first item too, or remove this one")
    if re.search(r":\s+[{\[]", line[:column]):
        return "put text that begins with a bracket in quotes"
    return "look at the indentation, quotes and colons here and in the line before"


def _keyless(line: str) -> str:
    word = re.match(r"\s*(?:- )?([A-Za-z_]+)\s*[:=]?\s*(\S.*)?", line)
    if word and word[2]:
        return f"write a colon and a space behind the key: '{word[1]}: {word[2]}'"
    return "write a colon and a space behind the key"
