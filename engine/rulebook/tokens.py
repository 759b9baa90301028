"""Is a text an expression at all: are its signs, words and brackets those of the language?

Python's parser would refuse the same texts, but in the words of a programmer, and with columns
that differ from version to version. What passes here it reads without complaint.
"""

from __future__ import annotations

import keyword
import re
from difflib import get_close_matches

from msgspec import Struct

_WORD = r"[^\W\d]\w*(?:-[A-Za-z_]\w*)*"
_TOKEN = re.compile(
    rf"(?P<name>{_WORD}(?:\.{_WORD})*)|(?P<number>\d+(?:\.\d+)?)"
    r"|(?P<sign><=|>=|=>|=<|==|!=|<>|&&|\|\||\*\*|//|[^\w\s])|(?P<other>\S)")
_WORDS = frozenset({"and", "or", "not", "in"})
_LEADING, _JOINING = ("not",), ("and", "or", "in")  # what may stand before and between operands
_CLOSE = 0.65  # nott, nto and an, orr, but no longer word
_COMPARISONS = frozenset({"<", "<=", ">", ">=", "==", "!="})
_BETWEEN = _COMPARISONS | frozenset({"+", "-", "*", "/"})
_SIGNS_KNOWN = _BETWEEN | frozenset({"(", ")", "[", "]", ","})
_CLOSES = {"(": ")", "[": "]"}
_ADVICE = {
    "=": "write == to compare", "=>": "write >=", "=<": "write <=",
    "!": "write not", "&&": "write and", "&": "write and",
    "||": "write or", "|": "write or", "<>": "write !=", "\u2264": "write <=",
    "\u2265": "write >=", "\u2260": "write !=", "\u00d7": "write *", "\u00f7": "write /",
    "\u2212": "write - with spaces around it",
    "{": "use round brackets, or square ones after in", "}": "use round brackets",
    "'": "write names without quotes",
    '"': "write names without quotes", "**": "write the product out",
    ".": "write a part right behind its name, without spaces", "AND": "write and", "OR": "write or",
    "NOT": "write not", "IN": "write in", "is": "write ==", "if": "make a fact with `case:`",
    "else": "make a fact with `case:`", "xor": "write it with and, or, not",
    "%": "a share is a parameter of its own, as in share * x", ";": "write and",
    "between": "write low <= x <= high", "contains": "write x in [a, b]",
    "then": "a rule concludes what stands under `value:`; write the condition alone",
    "equals": "write ==", "than": "write < or >", "null": "ask not known(x)",
    "?": "make a fact with `case:`", "~": "write not",
}
_NOTHING = frozenset({"null", "None", "none", "nil", "NULL", "NA", "unknown", "missing", "empty"})
_DAY = re.compile(r"[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}")
_SIGNS = "names, + - * /, comparisons, 'in [..]', and, or, not, brackets"
_JOINED = "and, or, a comparison or + - * / before it"
_MOST = 200
_HYPHEN = "\u01c0"  # stands for the hyphen of a name while Python reads it


class ExpressionError(Exception):
    """Why a text is no expression of the language, and at which column of it (from 0)."""

    def __init__(self, found: str, expected: str, column: int, advice: str = "") -> None:
        super().__init__(f"found {found}, expected {expected}")
        self.found, self.expected, self.column, self.advice = found, expected, column, advice


class _Token(Struct, frozen=True, gc=False):
    kind: str
    text: str
    column: int

    @property
    def is_operand(self) -> bool:
        return self.kind == "number" or (self.kind == "name" and self.text not in _WORDS)


def check_tokens(text: str) -> None:
    """Raise ExpressionError at the first word or sign that cannot stand where it stands."""
    tokens = [_Token(str(found.lastgroup), found[0], found.start())
              for found in _TOKEN.finditer(text)]
    if not tokens:
        raise ExpressionError("nothing", "a condition such as 'value >= least'", 0)
    if len(tokens) > _MOST:
        raise ExpressionError(f"an expression of {len(tokens)} words", f"at most {_MOST}",
                              tokens[_MOST].column, "make facts of its parts")
    if day := _DAY.search(text):
        raise ExpressionError(repr(day[0]), "names, which hold the numbers", day.start(),
                              "no day stands in a rule: a parameter that changes has `from:`, and "
                              "a day of the patient is an event or a field of one")
    for token, following in zip(tokens, [*tokens[1:], None], strict=True):
        _check_known(token, following)
    _Order(text).check(tokens)


def _check_known(token: _Token, following: _Token | None) -> None:
    words = token.text.split(".") if token.kind == "name" else []
    if any(keyword.iskeyword(word) and (word not in _WORDS or len(words) > 1) for word in words):
        raise ExpressionError(repr(token.text), "a name that is no word of the language",
                              token.column, _is_what(following) if token.text == "is" else
                              _ADVICE.get(token.text, ""))
    strange = token.kind == "other" or _HYPHEN in token.text
    if strange or (token.kind == "sign" and token.text not in _SIGNS_KNOWN):
        unseen = "remove it: it cannot be seen" if not token.text.isprintable() else ""
        raise ExpressionError(repr(token.text), _SIGNS, token.column,
                              _ADVICE.get(token.text, unseen))


def _is_what(following: _Token | None) -> str:
    """Return what to write instead of `is`, by what follows it."""
    if following is not None and following.text == "not":
        return "write !=, or known(x) where something must be there"
    return "write not known(x)" if following is not None and following.text in _NOTHING else (
        _ADVICE["is"])


class _Order:
    """Whether operands and the signs between them take turns, and brackets close."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._open: list[_Token] = []
        self._before: _Token | None = None
        self._wants = True  # an operand is to come

    def check(self, tokens: list[_Token]) -> None:
        for token, following in zip(tokens, [*tokens[1:], None], strict=True):
            if self._wants:
                self._operand(token)
            else:
                self._between(token, following)
            self._before = token
        if self._wants and self._before is not None:
            raise ExpressionError("the end of the expression",
                                  f"something after {self._before.text!r}", len(self._text))
        if self._open:
            raise ExpressionError(f"{self._open[-1].text!r} that is not closed",
                                  repr(_CLOSES[self._open[-1].text]), self._open[-1].column)

    def _operand(self, token: _Token) -> None:
        if token.is_operand:
            self._wants = False
        elif token.text in _CLOSES:
            self._open.append(token)
        elif token.text != "not":
            advice = "a minus stands between two numbers" if token.text == "-" else ""
            if token.text == ")" and self._before is not None and self._before.text == "(":
                advice = "nothing is called without an argument: remove the brackets"
            after = f" after {self._before.text!r}" if self._before else ""
            raise ExpressionError(repr(token.text), f"a name{after}", token.column, advice)

    def _between(self, token: _Token, following: _Token | None) -> None:
        if token.is_operand:
            self._two_operands(token)
        elif token.text in _CLOSES:
            before = self._before
            if before is None or before.kind != "name":
                raise ExpressionError(repr(token.text), _JOINED, token.column)
            self._open.append(token)
            self._wants = True
        elif token.text in _CLOSES.values():
            if not self._open or _CLOSES[self._open.pop().text] != token.text:
                raise ExpressionError(repr(token.text), "a bracket only where one was opened",
                                      token.column, "count the brackets")
        elif token.text == ",":
            if not self._open:
                listed = re.search(r"\bin\s+[\w-]+\s*$", self._text[:token.column])
                raise ExpressionError("','", "a comma only within brackets", token.column,
                                      "put the names in square brackets" if listed else
                                      "write and, or put each condition into a list of its own")
            self._wants = True
        elif token.text == "not" and (following is None or following.text != "in"):
            raise ExpressionError("'not'", _JOINED, token.column,
                                  "write it before the whole: not x > y")
        else:
            self._wants = token.text != "not"

    def _two_operands(self, token: _Token) -> None:
        advice = _ADVICE.get(token.text, "")
        for word in (self._before, token) if not advice else ():
            joining = _JOINING if word is token else _LEADING
            near = [] if word is None else get_close_matches(word.text, joining, 1, _CLOSE)
            if word is not None and near:
                raise ExpressionError(repr(word.text), repr(near[0]), word.column,
                                      f"did you mean {near[0]!r}?")
        if not advice and self._before is not None and self._before.kind == "number":
            advice = "a number with its unit is a parameter: name it in parameters.yaml"
        raise ExpressionError(repr(token.text), _JOINED, token.column, advice)
