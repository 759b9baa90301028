"""Is what is read quickly as a shape the same as what the pydantic model of the shape reads?"""

from __future__ import annotations

import json
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.events.vocabulary_shape import VocabularyShape
from engine.problems import RulebookError
from engine.rulebook import files
from engine.yaml_model import checked
from engine.yaml_shape import Shape, reader
from engine.yaml_source import Document, Node, read_yaml

RULES = Path(__file__).parents[1] / "rules"
SHAPES: list[Any] = [each for each in vars(files).values()
                     if isinstance(each, type) and issubclass(each, Shape) and each is not Shape]
STRANGE = st.sampled_from([None, True, 0, -1, 7, Decimal("2.5"), "", " ", "x", "low", "first",
                           "1/3", "2024-06-01", [], ["x"], [1, 2], {}, {"x": "y"}, {"value": 3}])


def plain(value: Any) -> Any:
    """Return a value with its shapes as what they hold."""
    if isinstance(value, Shape):
        return type(value).__name__, {name: plain(each) for name, each in vars(value).items()}
    if isinstance(value, dict):
        return {key: plain(each) for key, each in value.items()}
    return [*map(plain, value)] if isinstance(value, list | tuple) else (type(value), value)


def as_document(value: Any) -> Document:
    """Return a document of which only the whole has a place."""
    whole = read_yaml("x", "x.yaml")
    return Document("x.yaml", Node(whole.root.place, value), whole.lines)


def agree(shape: Any, value: Any) -> bool:
    """Whether a value was read quickly; then as the model reads it."""
    try:
        quickly = reader(shape)(value)
    except ValueError:
        return False
    assert plain(quickly) == plain(checked(as_document(value), shape))
    return True


@cache
def written() -> list[tuple[Any, Any]]:
    """Return parts of the shipped rulebooks, each with the shape that it has."""
    found: list[tuple[Any, Any]] = []
    for path in sorted(RULES.glob("*/*.yaml")):
        value = read_yaml(path.read_text("utf-8"), str(path)).value
        if path.name == "vocabulary.yaml":
            found.append((VocabularyShape, value))
        elif path.name in ("parameters.yaml", "citations.yaml"):
            shape = files.ParameterFile if path.name == "parameters.yaml" else files.CitationFile
            found += [(shape, each) for each in value.values()]
        elif isinstance(value, dict) and {"facts", "classify", "alert"} & {*value}:
            found.append((files.TopicFile, value))
            found += [(files.FactFile, each) for each in value.get("facts", {}).values()]
            found += [(files.ClassifyFile, each) for each in value.get("classify", [])]
            found += [(files.AlertFile, each) for each in value.get("alert", [])]
    return found


def test_all_that_is_shipped_is_read_quickly_and_alike() -> None:
    assert len(written()) > 500
    assert all(agree(shape, value) for shape, value in written())


@settings(max_examples=300, deadline=None)
@given(st.data())
def test_what_is_changed_somewhere_is_read_alike_or_not_quickly(data: st.DataObject) -> None:
    shape, value = data.draw(st.sampled_from(written()))
    changed = whole = json.loads(json.dumps(value, default=str))
    for _ in range(data.draw(st.integers(0, 3))):  # go down, then put something strange there
        keys = list(changed) if isinstance(changed, dict) else list(range(len(changed)))
        inner = [key for key in keys if isinstance(changed[key], dict | list) and changed[key]]
        if not inner:
            break
        changed = changed[data.draw(st.sampled_from(inner))]
    if isinstance(changed, dict):
        changed[data.draw(st.sampled_from([*changed, "strange"]))] = data.draw(STRANGE)
    else:
        changed[data.draw(st.integers(0, len(changed) - 1))] = data.draw(STRANGE)
    agree(shape, whole)


@given(st.sampled_from(SHAPES), st.dictionaries(st.text("abc", min_size=1), STRANGE) | STRANGE)
def test_what_is_no_such_thing_at_all_is_never_read_quickly_otherwise(
        shape: Any, value: Any) -> None:
    agree(shape, value)


def test_what_the_model_alone_accepts_becomes_the_same_shape() -> None:
    found = checked(as_document({"value": (1, 2), "cite": "x"}), files.ParameterFile)
    assert plain(found) == plain(files.ParameterFile(value=[1, 2], cite="x"))


def test_where_there_is_doubt_every_fault_is_told() -> None:
    with pytest.raises(RulebookError, match="missing-key: found no 'cite'"):
        checked(as_document({"value": 3}), files.ParameterFile)
