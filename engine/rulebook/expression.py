"""What a short expression such as ``value >= fold * baseline`` says, as a small tree.

The text is parsed by Python's own `ast` and only a whitelist of its nodes is accepted; nothing is
ever evaluated as Python. Names may hold hyphens (``post-dose``): a minus sign needs spaces around.
"""

from __future__ import annotations

import ast
import re
from fractions import Fraction
from functools import lru_cache

from msgspec import Struct

from engine.rulebook.tokens import ExpressionError, check_tokens
from engine.wording import describe

__all__ = ["ExpressionError", "parse_expression"]

_HYPHEN = "\u01c0"  # a letter to Python: keeps `post-dose` one name, and every column as it was
_WORD_HYPHEN = re.compile(r"(?<=\w)-(?=[A-Za-z_])")
_COMPARISONS: dict[type[ast.cmpop], str] = {
    ast.Lt: "<", ast.LtE: "<=", ast.Gt: ">", ast.GtE: ">=", ast.Eq: "==", ast.NotEq: "!=",
    ast.In: "in", ast.NotIn: "not in",
}
_ARITHMETIC: dict[type[ast.operator], str] = {
    ast.Add: "+", ast.Sub: "-", ast.Mult: "*", ast.Div: "/",
}


class Number(Struct, frozen=True):
    """A number, as written."""

    value: Fraction
    column: int


class Name(Struct, frozen=True):
    """A dotted name: its parts."""

    parts: tuple[str, ...]
    column: int

    @property
    def text(self) -> str:
        """The name as written."""
        return ".".join(self.parts)


class Call(Struct, frozen=True):
    """A function of the language and its arguments."""

    function: str
    arguments: tuple[Expression, ...]
    column: int


class Lookup(Struct, frozen=True):
    """A parameter that is a table, and the key to look up: ``window[therapy]``."""

    table: Name
    key: Expression
    column: int


class Arithmetic(Struct, frozen=True):
    """A sum, difference, product or quotient."""

    operator: str
    left: Expression
    right: Expression
    column: int


class Comparison(Struct, frozen=True):
    """Two sides and the sign between them; `in` has a `Listing` or a name on its right."""

    operator: str
    left: Expression
    right: Expression
    column: int


class Listing(Struct, frozen=True):
    """The names in brackets."""

    items: tuple[Name, ...]
    column: int


class Logic(Struct, frozen=True):
    """`and` or `or` over parts."""

    operator: str
    parts: tuple[Expression, ...]
    column: int


class Negation(Struct, frozen=True):
    """`not`."""

    part: Expression
    column: int


Expression = (
    Number | Name | Call | Lookup | Arithmetic | Comparison | Listing | Logic | Negation
)


@lru_cache(maxsize=4096)
def parse_expression(text: str) -> Expression:
    """Return the tree of an expression; raises ExpressionError with the column of the mistake."""
    check_tokens(text)
    source = _WORD_HYPHEN.sub(_HYPHEN, " ".join(text.split("\n")))
    try:
        body = ast.parse(source.strip(), mode="eval").body
    except (SyntaxError, ValueError):
        raise ExpressionError(describe(text), "a condition such as 'value >= least'", 0) from None
    return _Reader(source.strip(), len(source) - len(source.lstrip())).read(body)


class _Reader:
    def __init__(self, source: str, indent: int) -> None:
        self._source, self._indent = source, indent

    def read(self, node: ast.expr) -> Expression:
        column = self._column(node)
        match node:
            case ast.Constant(value=value) if type(value) in (int, float):
                return Number(Fraction(ast.get_source_segment(self._source, node) or ""), column)
            case ast.Name() | ast.Attribute():
                return self._name(node)
            case ast.Call(func=ast.Name(id=function), args=arguments, keywords=[]):
                return Call(function, tuple(self.read(part) for part in arguments), column)
            case ast.Subscript(value=ast.Name() as table, slice=key):
                return Lookup(self._name(table), self.read(key), column)
            case ast.BinOp(left=left, op=sign, right=right) if type(sign) in _ARITHMETIC:
                return Arithmetic(_ARITHMETIC[type(sign)], self.read(left), self.read(right),
                                  column)
            case ast.Compare():
                return self._comparison(node)
            case ast.Tuple():
                raise self._mistake(node, "a list of names in square brackets: [a, b]")
            case ast.List(elts=items):
                return Listing(tuple(self._name(item) for item in items), column)
            case ast.BoolOp(op=sign, values=parts):
                word = "and" if isinstance(sign, ast.And) else "or"
                return Logic(word, tuple(self.read(part) for part in parts), column)
            case ast.UnaryOp(op=ast.Not(), operand=part):
                return Negation(self.read(part), column)
        raise self._mistake(node)

    def _comparison(self, node: ast.Compare) -> Expression:
        sides = [node.left, *node.comparators]
        signs = {_COMPARISONS.get(type(sign), "")[:1] for sign in node.ops}
        if {"<", ">"} <= signs:
            raise ExpressionError(
                repr((ast.get_source_segment(self._source, node) or "").replace(_HYPHEN, "-")),
                "signs that point in one direction, as in low <= x <= high", self._column(node),
                "turn one round, or write the two comparisons with and")
        pairs = tuple(
            Comparison(_COMPARISONS[type(sign)], self.read(left), self.read(right),
                       self._column(left))
            if type(sign) in _COMPARISONS else self._refuse(node)
            for left, sign, right in zip(sides, node.ops, sides[1:], strict=False)
        )
        return pairs[0] if len(pairs) == 1 else Logic("and", pairs, self._column(node))

    def _name(self, node: ast.expr) -> Name:
        if isinstance(node, ast.Attribute):
            base = self._name(node.value)
            return Name((*base.parts, node.attr.replace(_HYPHEN, "-")), base.column)
        if isinstance(node, ast.Name):
            return Name((node.id.replace(_HYPHEN, "-"),), self._column(node))
        raise self._mistake(node, "a name")

    def _refuse(self, node: ast.expr) -> Comparison:
        raise self._mistake(node)

    def _mistake(self, node: ast.expr, expected: str = "") -> ExpressionError:
        segment = ast.get_source_segment(self._source, node) or self._source
        return ExpressionError(
            repr(segment.replace(_HYPHEN, "-")),
            expected or "names, + - * /, comparisons, 'in [..]', and, or, not, or a function",
            self._column(node))

    def _column(self, node: ast.expr) -> int:
        if self._source.isascii():
            return self._indent + node.col_offset
        before = self._source.encode()[: node.col_offset].decode()
        return self._indent + len(before)
