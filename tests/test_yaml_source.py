"""Is YAML read as it was written, and does every mistake in it have a line, a column and words?"""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import Annotated, Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import Discriminator, Tag

from engine.problems import Place, RulebookError
from engine.yaml_model import Strict
from engine.yaml_shape import Number, Ratio, Shape
from engine.yaml_source import read_yaml, validate


class Rule(Shape):
    name: str
    value: Number | None = None
    on: tuple[str, ...] = ()
    urgent: bool = False
    times: int = 1
    mode: Literal["first", "unique"] = "first"


class Rules(Shape):
    rules: list[Rule]
    site: str = ""
    factors: dict[str, Ratio] = {}  # noqa: RUF012


def problems_of(text: str, model: type | None = None) -> list[str]:
    with pytest.raises(RulebookError) as refused:
        document = read_yaml(text, "r.yaml")
        validate(document, model or Rules)
    return [str(problem).splitlines()[0] for problem in refused.value.problems]


@pytest.mark.parametrize(("text", "value"), [
    ("true", True), ("false", False), ("null", None), ("", None), ("~", "~"),
    ("no", "no"), ("on", "on"), ("True", "True"), ("10:10", "10:10"), ("1e3", "1e3"),
    ("2015-03-07", "2015-03-07"), ("012", "012"), ("0x10", "0x10"), ("1_000", "1_000"),
    (".5", ".5"), (".inf", ".inf"), ("30", 30), ("-4", -4), ("0.91417", Decimal("0.91417")),
    ("'30'", "30"), ('"true"', "true"),
])
def test_a_scalar_is_read_as_it_was_written(text: str, value: object) -> None:
    read = read_yaml(f"key: {text}", "r.yaml").value["key"]
    assert read == value
    assert type(read) is type(value)


def test_decimals_are_exact() -> None:
    assert Fraction(read_yaml("a: 0.1", "r").value["a"]) == Fraction(1, 10)


def test_keys_are_always_text() -> None:
    assert read_yaml("no: 1\n8: 2\ntrue: 3", "r").value == {"no": 1, "8": 2, "true": 3}


def test_places_of_values_and_keys() -> None:
    document = read_yaml("rules:\n  - name: a\n    on: [x, yy]\n", "r.yaml")
    assert document.place("rules", 0, "on", 1) == Place("r.yaml", 3, 13)
    assert document.place_of_key("rules", 0, "on") == Place("r.yaml", 3, 5)
    assert document.quote(Place("r.yaml", 3, 5)) == "    on: [x, yy]"
    assert document.place("rules", 0, "missing") == document.place("rules", 0)


@pytest.mark.parametrize(("text", "said"), [
    ("a: 1\nb: 2\na: 3\n", "r.yaml:3:1: duplicate-key: found the key 'a' a second time, "
     "expected it once (first at r.yaml:1:1); remove one of them"),
    ("a: &x 1\n", "r.yaml:1:4: yaml-anchor: found the anchor or alias 'x', expected every value "
     "where it is used; write the value out"),
    ("a: !!str 1\n", "r.yaml:1:4: yaml-tag: found the tag '!!str', expected a "
     "value without a tag; remove the tag; text that looks like a number goes in quotes"),
    ("a: 1\n---\nb: 2\n", "r.yaml:2:1: yaml-documents: found a second document, expected one "
     "document in a file; split the file at '---'"),
    ("? [a]\n: 1\n", "r.yaml:1:3: yaml-key: found a key that is not text, expected text as the "
     "key"),
])
def test_what_strict_yaml_refuses(text: str, said: str) -> None:
    assert problems_of(text) == [said]


def test_a_slip_in_the_syntax_has_a_place_and_advice() -> None:
    (said,) = problems_of("a: b: c\n")
    assert said.startswith("r.yaml:1:5: yaml-syntax: found text that is not YAML (")
    (said,) = problems_of("a:\n\tb: c\n")
    assert said.endswith("indent with spaces, not tabs")


def test_every_fault_of_the_shape_is_reported_with_its_place() -> None:
    text = """\
rules:
  - name: 5
    vaule: 3
    urgent: no
    times: '2'
    mode: frist
  - value: many
site: {a: 1}
factors: {x: 1/0}
"""
    assert problems_of(text) == [
        'r.yaml:2:11: wrong-type: found 5, expected text; write it in quotes: "5"',
        "r.yaml:3:5: unknown-key: found 'vaule', expected one of 'mode', 'name', 'on', 'times', "
        "'urgent', 'value'; did you mean 'value'?",
        "r.yaml:4:13: wrong-type: found 'no', expected true or false; write true or false",
        "r.yaml:5:12: wrong-type: found '2', expected a whole number; write it without quotes",
        "r.yaml:6:11: wrong-value: found 'frist', expected one of 'first', 'unique'; "
        "did you mean 'first'?",
        "r.yaml:7:5: missing-key: found no 'name', expected 'name'; add it",
        "r.yaml:7:12: wrong-value: found 'many', expected a number",
        "r.yaml:8:7: wrong-type: found names with values, expected text",
        "r.yaml:9:14: wrong-value: found '1/0', expected a number, or a ratio of whole numbers "
        "(1/1000)",
    ]


def test_a_problem_quotes_its_line() -> None:
    with pytest.raises(RulebookError) as refused:
        validate(read_yaml("rules: 3\n", "r.yaml"), Rules)
    assert str(refused.value) == ("r.yaml:1:8: wrong-type: found 3, expected a list\n"
                                  "    1 | rules: 3\n"
                                  "               ^")


class Latest(Strict):
    latest: str


class Count(Strict):
    count: str
    within: int


def _which(value: object) -> str:
    return "(count)" if "count" in value else "(latest)"  # type: ignore[operator]


class Facts(Strict):
    facts: dict[str, Annotated[
        Annotated[Latest, Tag("(latest)")] | Annotated[Count, Tag("(count)")],
        Discriminator(_which)]]
    either: str | tuple[str, ...] = ""


def test_tags_of_unions_are_no_part_of_the_path() -> None:
    text = "facts:\n  a: {count: x, withn: 3}\n  b: {latest: 1}\neither: 4\n"
    assert problems_of(text, Facts) == [
        "r.yaml:2:17: unknown-key: found 'withn', expected one of 'count', 'within'; "
        "did you mean 'within'?",
        'r.yaml:3:15: wrong-type: found 1, expected text; write it in quotes: "1"',
        'r.yaml:4:9: wrong-type: found 4, expected text or a list; write it in quotes: "4"',
    ]


def test_a_part_of_a_document_can_be_validated_alone() -> None:
    document = read_yaml("x:\n  - name: a\n    value: 0.5\n", "r.yaml")
    rule = validate(document, Rule, ("x", 0))
    assert (rule.name, rule.value, rule.on) == ("a", Fraction(1, 2), ())
    with pytest.raises(RulebookError, match=r"r\.yaml:2:5: missing-key"):
        validate(document, Rules, ("x", 0))


@given(st.text(alphabet=st.sampled_from("ab:-[]{}&*!|>'\"#,? \n\t%@`0.1~<\x00é"), max_size=60))
def test_any_text_is_read_or_refused_never_a_crash(text: str) -> None:
    try:
        read_yaml(text, "r.yaml")
    except RulebookError as refused:
        assert str(refused)


def test_deep_nesting_is_refused() -> None:
    (said,) = problems_of("[" * 5000)
    assert "nested too deeply" in said
