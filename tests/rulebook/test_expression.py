"""What does an expression say: names with hyphens and dots, precedence, columns?"""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.rulebook import expression as ex
from engine.rulebook.expression import ExpressionError, parse_expression


def shown(node: ex.Expression) -> str:
    """Return a tree with all of its brackets."""
    match node:
        case ex.Number(value=value):
            return str(Decimal(value.numerator) / value.denominator)
        case ex.Name():
            return node.text
        case ex.Call(function=function, arguments=arguments):
            return f"{function}({', '.join(shown(each) for each in arguments)})"
        case ex.Lookup(table=table, key=key):
            return f"{table.text}[{shown(key)}]"
        case ex.Listing(items=items):
            return f"[{', '.join(each.text for each in items)}]"
        case ex.Logic(operator=operator, parts=parts):
            return f"({f' {operator} '.join(shown(each) for each in parts)})"
        case ex.Negation(part=part):
            return f"(not {shown(part)})"
        case ex.Arithmetic() | ex.Comparison():
            return f"({shown(node.left)} {node.operator} {shown(node.right)})"


@pytest.mark.parametrize(("text", "tree"), [
    ("a", "a"), ("a.b.c", "a.b.c"), ("post-dose", "post-dose"), ("a-b-c.d-e", "a-b-c.d-e"),
    ("a - b", "(a - b)"), ("a -b", "(a - b)"), ("a-1", "(a - 1)"), ("a - b-c", "(a - b-c)"),
    ("a + b * c", "(a + (b * c))"), ("(a + b) * c", "((a + b) * c)"),
    ("a / b / c", "((a / b) / c)"),
    ("a or b and not c", "(a or (b and (not c)))"), ("a and b and c", "(a and b and c)"),
    ("not a == b", "(not (a == b))"), ("a < b <= c", "((a < b) and (b <= c))"),
    ("a in [b, c-d]", "(a in [b, c-d])"), ("a not in set-a", "(a not in set-a)"),
    ("t[a.b] > 0", "(t[a.b] > 0)"), ("days(a, b) >= c", "(days(a, b) >= c)"),
    ("  a == b  ", "(a == b)"), ("a\n and b", "(a and b)"), ("2.50", "2.5"),
    ("größe > maß", "(größe > maß)"), ("f(g(a))", "f(g(a))"), ("in-range == x", "(in-range == x)"),
])
def test_the_tree_of_an_expression(text: str, tree: str) -> None:
    assert shown(parse_expression(text)) == tree


def test_numbers_are_exact() -> None:
    assert parse_expression("0.1") == ex.Number(Fraction(1, 10), 0)


@pytest.mark.parametrize(("text", "name", "column"), [
    ("  größe > x", "größe", 2), ("größe > post-dose", "post-dose", 8),
    ("a and (b or c.d)", "c.d", 12), ("a\n and bb", "bb", 7),
])
def test_columns_count_letters_of_the_text(text: str, name: str, column: int) -> None:
    found: list[ex.Name] = []

    def look(node: object) -> None:
        if isinstance(node, ex.Name):
            found.append(node)
        for slot in getattr(node, "__slots__", ()):
            value = getattr(node, slot)
            for each in value if isinstance(value, tuple) else (value,):
                if hasattr(each, "__slots__"):
                    look(each)

    look(parse_expression(text))
    assert (name, column) in {(each.text, each.column) for each in found}


@pytest.mark.parametrize(("text", "column"), [
    ("a b", 2), ("a >", 3), ("a > > b", 4), ("(a", 0), ("a)", 1), ("a = b", 2), ("f(a,)", 4),
    ("a.b .c", 4), ("a.in", 0), ("x in [a", 5), ("not", 3), ("a not b", 2),
    ("a, b", 1), ("1.5.2", 3), ("'a'", 0), ("a[b](c)", 4), ("", 0), ("lambda", 0), ("-a", 0),
    ("a.b()", 4), ("(a)(b)", 3), ("0x1", 1), ("a if b", 2), ("a; b", 1), ("a in (b, c)", 5),
    ("f(a=b)", 3), ("f(*a)", 2), ("a is b", 2), ("{a}", 0), ("\u01c0", 0),
])
def test_the_column_of_a_mistake(text: str, column: int) -> None:
    with pytest.raises(ExpressionError) as refused:
        parse_expression(text)
    assert refused.value.column == column
    assert refused.value.found and refused.value.expected


def test_an_expression_that_is_too_long() -> None:
    with pytest.raises(ExpressionError, match="an expression of 201 words, expected at most 200"):
        parse_expression("a" + " + a" * 100)


WORDS = st.sampled_from(["a", "b-c", "d.e", "and", "or", "not", "in", "<", ">=", "==", "+", "-",
                         "*", "/", "(", ")", "[", "]", ",", "0", "2.5", "f(", "=", "'", "%", "is",
                         "\n"])


@given(st.lists(WORDS, max_size=12).map(" ".join))
def test_any_words_are_an_expression_or_have_a_column(text: str) -> None:
    try:
        node = parse_expression(text)
    except ExpressionError as refused:
        assert 0 <= refused.column <= len(text)
    else:
        assert shown(parse_expression(shown(node))) == shown(node)


@given(st.text(max_size=30))
def test_any_text_is_an_expression_or_has_a_column(text: str) -> None:
    try:
        parse_expression(text)
    except ExpressionError as refused:
        assert 0 <= refused.column <= len(text)
