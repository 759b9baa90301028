"""Is a line that surely has the fields of its kind never refused by the model of that kind?"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from engine.events.fault import Faults
from engine.events.line_model import note_faults
from engine.events.line_shape import LineShape
from engine.events.vocabulary import load_vocabulary
from engine.yaml_source import read_yaml

_FILE = Path(__file__).parents[2] / "rules" / "itp-sirolimus" / "vocabulary.yaml"
KINDS = load_vocabulary(read_yaml(_FILE.read_text("utf-8"), str(_FILE))).kinds
SHAPES = [LineShape(), *map(LineShape, KINDS.values())]


def is_refused(shape: LineShape, raw: dict[str, Any]) -> bool:
    faults = Faults()
    note_faults(shape, raw, faults)
    return bool(faults.noted)


def fitting(shape: LineShape) -> dict[str, Any]:
    """Return a line that has every field of a shape."""
    of = {"name": "x", "text": "", "boolean": True, "any": 3}
    return {name: type_[0] if isinstance(type_, tuple) else of[type_]
            for name, type_ in shape.fields.items()}


def test_a_line_with_every_field_fits_and_none_that_is_needed_may_be_missing() -> None:
    for shape in SHAPES:
        line = fitting(shape)
        assert shape.fits(line)
        assert not is_refused(shape, line)
        for name in shape.needed:
            less = {key: value for key, value in line.items() if key != name}
            assert not shape.fits(less)
            assert is_refused(shape, less)


@given(st.sampled_from(SHAPES), st.data())
def test_what_fits_is_never_refused_and_what_does_not_always_is(
        shape: LineShape, data: st.DataObject) -> None:
    name = data.draw(st.sampled_from([*shape.fields, "strange"]))
    value = data.draw(st.none() | st.booleans() | st.integers()
                      | st.text(" \t\u00a0\u2028ax", max_size=3)
                      | st.sampled_from(["final", "", "x", []]))
    line = {**fitting(shape), name: value}
    assert shape.fits(line) is not is_refused(shape, line)
