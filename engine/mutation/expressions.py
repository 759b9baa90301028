"""Which other expressions differ from one by a single change of meaning?"""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec.structs import replace

from engine.rulebook.expression import (
    Arithmetic,
    Call,
    Comparison,
    Expression,
    Listing,
    Logic,
    Lookup,
    Name,
    Negation,
    Number,
    parse_expression,
)
from engine.rulebook.ranges import DENIED
from engine.rulebook.tokens import ExpressionError

if TYPE_CHECKING:
    from collections.abc import Iterator

Change = tuple[str, str, str]  # what kind of change, the whole before and after
_BOUNDARY = {"<": "<=", "<=": "<", ">": ">=", ">=": ">"}
_TURNED = {"<": ">", "<=": ">=", ">": "<", ">=": "<=", "==": "!=", "!=": "==",
           "in": "not in", "not in": "in"}
_NOT = DENIED | {"in": "not in", "not in": "in"}
_OTHER = {"and": "or", "or": "and"}
ALWAYS = "true"


def changes(text: str) -> Iterator[Change]:
    """Yield each change of a condition, once each; none of what is no expression."""
    try:
        whole = parse_expression(text)
    except ExpressionError:
        return
    seen = {written(whole)}
    for kind, other in _changed(whole):
        after = written(other)
        if after not in seen:
            seen.add(after)
            yield kind, text, after


def _changed(node: Expression) -> Iterator[tuple[str, Expression]]:
    """Yield what a condition could be otherwise."""
    match node:
        case Logic(operator=operator, parts=parts):
            yield f"{operator} made {_OTHER[operator]}", replace(node, operator=_OTHER[operator])
            for index, part in enumerate(parts):
                rest = (*parts[:index], *parts[index + 1:])
                yield "condition dropped", rest[0] if len(rest) == 1 else replace(node, parts=rest)
                for kind, other in _changed(part):
                    yield kind, replace(node, parts=(*parts[:index], other, *parts[index + 1:]))
        case Negation(part=part):
            yield "negated", part
            for kind, other in _changed(part):
                if kind != "negated":
                    yield kind, Negation(other, node.column)
        case Comparison(operator=operator):
            if operator in _BOUNDARY:
                yield "boundary moved", replace(node, operator=_BOUNDARY[operator])
            yield "comparison turned", replace(node, operator=_TURNED[operator])
            yield "negated", replace(node, operator=_NOT[operator])
            yield from _within_listing(node)
        case Call(function="possibly" | "certainly" as word, arguments=(inner,)):
            yield "negated", Negation(node, node.column)
            yield f"{word} dropped", inner
            for kind, other in _changed(inner):
                if kind != "negated":
                    yield kind, replace(node, arguments=(other,))
        case Name() | Call():
            yield "negated", Negation(node, node.column)


def _within_listing(node: Comparison) -> Iterator[tuple[str, Expression]]:
    listing = node.right
    if isinstance(listing, Listing) and len(listing.items) > 1:
        for index, item in enumerate(listing.items):
            rest = (*listing.items[:index], *listing.items[index + 1:])
            yield f"{item.text} left out", replace(node, right=replace(listing, items=rest))


def written(node: Expression) -> str:
    """Return an expression as text.

    >>> written(parse_expression("not (a or b) and x - 0 < y"))
    'not (a or b) and x - 0 < y'
    """
    match node:
        case Number(value=value):
            return str(value)
        case Name():
            return node.text
        case Call(function=function, arguments=arguments):
            return f"{function}({', '.join(written(each) for each in arguments)})"
        case Lookup(table=table, key=key):
            return f"{table.text}[{written(key)}]"
        case Arithmetic(operator=operator, left=left, right=right):
            return f"{_operand(left)} {operator} {_operand(right, after=operator)}"
        case Comparison(operator=operator, left=left, right=right):
            return f"{written(left)} {operator} {written(right)}"
        case Listing(items=items):
            return f"[{', '.join(item.text for item in items)}]"
        case Logic(operator=operator, parts=parts):
            return f" {operator} ".join(
                f"({written(part)})" if isinstance(part, Logic) else written(part)
                for part in parts)
        case Negation(part=part):
            inner = written(part)
            return f"not ({inner})" if isinstance(part, Logic | Comparison) else f"not {inner}"
    raise AssertionError(node)


def _operand(node: Expression, *, after: str = "") -> str:
    text = written(node)
    return f"({text})" if isinstance(node, Arithmetic) and (
        after in {"-", "/", "*"} or node.operator in {"+", "-"}) else text
