"""Does the vocabulary hold every kind, unit and set, and is each mistake in one reported?"""

from __future__ import annotations

from fractions import Fraction

import pytest

from engine.events.units import UnitError, convert
from engine.events.vocabulary import Vocabulary, load_vocabulary
from engine.problems import RulebookError
from engine.yaml_source import read_yaml


def test_every_kind_of_the_contract_is_there(vocabulary: Vocabulary) -> None:
    assert set(vocabulary.kinds) == {
        "platelet_count", "drug_level", "medication", "bleeding", "rescue", "diagnosis", "finding",
        "lab", "measurement", "person", "procedure", "outcome"}


def test_rules_can_name_every_field_with_its_type(vocabulary: Vocabulary) -> None:
    count = vocabulary.kinds["platelet_count"]
    assert count.main == "value"
    assert (count.fields["value"].type, count.fields["value"].unit) == ("amount", "10*9/L")
    assert count.fields["unit-suspect"].type == "boolean"
    assert count.fields["unit-suspect"].default is False
    medication = vocabulary.kinds["medication"].fields
    assert [medication[name].unit for name in ("dose_per_surface", "dose_per_day", "dose_each")] \
        == ["mg/m2/d", "mg/d", "mg"]
    assert vocabulary.kinds["lab"].fields["dnt-of-cd3"].unit == "%"
    assert vocabulary.kinds["drug_level"].fields["matrix"].default == "whole-blood"


def test_courses_are_read_in_the_words_of_the_vocabulary(vocabulary: Vocabulary) -> None:
    course = vocabulary.kinds["medication"].course
    assert course is not None
    assert (course.action, course.by, course.lower) == ("action", "drug", frozenset({"taper"}))
    assert vocabulary.kinds["lab"].course is None


def test_sets_name_known_values(vocabulary: Vocabulary) -> None:
    assert vocabulary.sets["mycophenolate"] == {"mycophenolate-mofetil", "mycophenolate-sodium"}
    assert vocabulary.sets["strong-inducers"] == {
        "rifampin", "rifabutin", "carbamazepine", "phenobarbital", "phenytoin"}
    assert "danazol" not in vocabulary.sets["strong-inhibitors"]


def test_codes_say_how_sure_they_are_and_which_neighbours_are_rejected(
        vocabulary: Vocabulary) -> None:
    codes = {(code.system, code.code, code.value): code for code in vocabulary.codes}
    assert codes["loinc", "777-3", ""].sure == "A"
    assert codes["rxnorm", "805452", "romiplostim"].sure == "C"
    assert codes["loinc", "77349-9", "whole-blood"].rejected


@pytest.mark.parametrize(("unit", "number", "spelling", "canonical"), [
    ("10*9/L", 36600, "/uL", Fraction("36.6")), ("10*9/L", 1, "10*12/L", 1000),
    ("10*9/L", Fraction("1.2"), "lakh/uL", 120), ("10*9/L", 18, "K/uL", 18),
    ("sirolimus", 1, "nmol/L", Fraction("0.91417")), ("b12", 738, "pmol/L", 1000),
    ("haemoglobin", 10, "g/dL", 100), ("haemoglobin", 1, "mmol/L", Fraction("16.1")),
    ("creatinine", 1, "mg/dL", Fraction("88.4")),
    ("triglycerides", Fraction("88.57"), "mg/dL", 1),
    ("cholesterol", Fraction("38.67"), "mg/dL", 1), ("cm", Fraction("1.1"), "m", 110),
])
def test_factors_are_exact(vocabulary: Vocabulary, unit: str, number: Fraction, spelling: str,
                           canonical: Fraction) -> None:
    assert convert(Fraction(number), spelling, vocabulary.units[unit]) == canonical


def test_an_unknown_spelling_lists_what_is_accepted(vocabulary: Vocabulary) -> None:
    with pytest.raises(UnitError) as refused:
        convert(Fraction(1), "MG", vocabulary.units["mg"])
    assert str(refused.value) == "found 'MG', expected one of mg, g, ug, µg, \u03bcg, mcg; " \
        "did you mean 'mg'?"


def test_a_unit_that_only_looks_near_is_not_suggested(vocabulary: Vocabulary) -> None:
    with pytest.raises(UnitError, match="give one of the accepted units"):
        convert(Fraction(1), "nmol/L", vocabulary.units["ng/mL"])


BROKEN = """\
future_tolerance_minutes: 10
units:
  g/L: {spellings: {g/dL: 10, mg/L: 0}}
  mole: {unit: mmol/L, like: g/L}
symbols:
  colours: {red: , blue: {title: Blue}}
kinds:
  reading:
    title: Reading
    main: valeu
    fields:
      colour: {type: symbol, values: colors}
      sure: {type: boolean, default: maybe}
      value: {quantity: g/l, unit: unit, by: shade, suspect: {units: [g/dl], below: 1, mark: odd}}
      hue: {type: symbol, values: colours}
    course: {action: hue, by: hue, start: [red], stop: [halt]}
sets:
  warm: [rd]
"""


def test_every_mistake_of_a_vocabulary_is_reported_with_its_place() -> None:
    with pytest.raises(RulebookError) as refused:
        load_vocabulary(read_yaml(BROKEN, "v.yaml"))
    assert [str(problem).splitlines()[0] for problem in refused.value.problems] == [
        "v.yaml:3:37: unit-factor: found 0, expected a factor above 0",
        "v.yaml:4:30: unit-mismatch: found 'g/L', which is counted in g/L, "
        "expected a unit counted in mmol/L",
        "v.yaml:10:11: unknown-name: found 'valeu', expected a field of this kind",
        "v.yaml:12:38: unknown-name: found 'colors', expected a list under 'symbols'; "
        "did you mean 'colours'?",
        "v.yaml:13:38: unknown-name: found 'maybe', expected a value of this boolean field",
        "v.yaml:14:25: unknown-name: found 'g/l', expected a unit listed under 'units'; "
        "did you mean 'g/L'?",
        "v.yaml:14:46: unknown-name: found 'shade', expected a symbol field of this kind",
        "v.yaml:14:71: unknown-name: found 'g/dl', expected an accepted unit",
        "v.yaml:16:57: unknown-name: found 'halt', expected a value of 'hue'",
    ]
