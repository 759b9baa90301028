"""Is a line read exactly, or refused in words that help?"""

from __future__ import annotations

import json
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.events.amount import Amount
from engine.events.event import Event, Refusal, Source, same_content
from engine.events.intake import Intake
from engine.events.vocabulary import Vocabulary, load_vocabulary
from engine.sources.ndjson import read_lines
from engine.yaml_source import read_yaml

ROOT = Path(__file__).parents[2]
VOCABULARY = load_vocabulary(read_yaml(
    (ROOT / "rules" / "itp-sirolimus" / "vocabulary.yaml").read_text("utf-8"), "vocabulary.yaml"))
INTAKE = Intake(VOCABULARY, ZoneInfo("UTC"))
LINE = {"id": "a", "patient": "p", "kind": "platelet_count", "at": "2015-03-07", "value": 36.6,
        "unit": "K/uL"}
REAL = ROOT.parent / "shared" / "data" / "mimic3demo" / "labs.ndjson"
DATE = "a date (2015-03-07), or a date-time with offset (2015-03-07T09:30Z)"


def read(**changes: Any) -> Event | tuple[Refusal, ...]:
    """Read the line with some fields changed; None takes a field away."""
    line = {name: value for name, value in (LINE | changes).items() if value is not None}
    return INTAKE.read(json.dumps(line), Source("x.ndjson", 3))


def event(**changes: Any) -> Event:
    result = read(**changes)
    assert isinstance(result, Event), result
    return result


def refused(**changes: Any) -> list[tuple[str, str, str, str]]:
    result = read(**changes)
    assert isinstance(result, tuple), result
    return [(one.field, one.found, one.expected, one.reason) for one in result]


def value(**changes: Any) -> Amount:
    amount = event(**changes).fields["value"]
    assert isinstance(amount, Amount)
    return amount


MEDICATION = {"kind": "medication", "drug": "sirolimus", "action": "start", "value": None,
              "unit": None}
LEVEL = {"kind": "drug_level", "drug": "sirolimus", "unit": "ng/mL"}
BARE = {"value": None, "unit": None}


def test_a_line_becomes_an_event_in_canonical_units_with_defaults() -> None:
    found = event(value=36600, unit="/uL")
    assert found.fields == {"value": Amount.exact("36.6", "10*9/L"), "clumped": False,
                            "unit-suspect": False}
    assert (found.id, found.patient, found.kind, found.status) == ("a", "p", "platelet_count",
                                                                   "final")
    assert found.recorded == found.at
    assert found.given["value"] == 36600
    assert found.source == Source("x.ndjson", 3)


def test_text_as_it_was_printed_is_read_and_a_comparator_makes_an_interval() -> None:
    assert value(value="36600", unit="/uL") == Amount.exact("36.6", "10*9/L")
    assert value(value="<2.0") == Amount(Fraction(0), Fraction(2), high_open=True, unit="10*9/L")
    assert value(value="≥ 5") == Amount(Fraction(5), None, unit="10*9/L")
    assert value(value=5, comparator=">") == Amount(Fraction(5), None, low_open=True,
                                                    unit="10*9/L")
    assert value(value="<=0") == Amount.exact(0, "10*9/L")
    assert value(value=">5", comparator=">") == value(value=5, comparator=">")


def test_a_dose_becomes_the_field_that_its_unit_means() -> None:
    assert event(**MEDICATION | {"dose": 2.5, "unit": "mg/m2/d"}).fields["dose_per_surface"] \
        == Amount.exact("2.5", "mg/m2/d")
    fields = event(**MEDICATION | {"dose": 2, "unit": "mg", "per_day": 2}).fields
    assert fields["dose_each"] == Amount.exact(2, "mg")
    assert fields["per_day"] == Amount.exact(2)
    assert not {"dose_per_surface", "dose_per_day"} & fields.keys()
    assert event(**MEDICATION).fields == {"drug": "sirolimus", "action": "start"}


def test_a_laboratory_value_stands_under_its_test() -> None:
    assert event(kind="lab", test="b12", value=1107, unit="pmol/L").fields == {
        "test": "b12", "b12": Amount.exact(1500, "ng/L")}
    unlisted = event(kind="lab", test="ferritin", value="4 (low)", unit="ug/L")
    assert unlisted.fields == {"test": "ferritin"}
    assert unlisted.given["value"] == "4 (low)"


def test_moles_convert_for_the_substance_whose_mass_is_known() -> None:
    assert value(**LEVEL | {"value": "5.47", "unit": "nmol/L"}) \
        == Amount.exact(Fraction("5.47") * Fraction("0.91417"), "ng/mL")
    ((field, found, _, _),) = refused(**LEVEL | {"drug": "tacrolimus", "unit": "nmol/L"})
    assert (field, found) == ("unit", "'nmol/L'")


def test_a_clumped_count_needs_no_value() -> None:
    assert "value" not in event(**BARE, clumped=True).fields
    assert refused(**BARE) == [("value", "no 'value'",
                                'a number, or text as it was printed ("<2.0")', "add it")]


def test_a_suspect_unit_is_accepted_with_a_mark() -> None:
    marked = event(value=150, unit="/uL")
    assert marked.marks == ("unit-suspect",)
    assert marked.fields["unit-suspect"] is True
    assert event(value=1000, unit="/uL").marks == ()
    assert event(value=0.15).marks == ()


def test_a_void_line_needs_no_more_than_its_identity() -> None:
    void = event(status="cancelled", value="?", foo=1, unit=None)
    assert (void.is_void, void.fields) == (True, {})


@pytest.mark.parametrize(("changes", "said"), [
    ({"value": 4000}, ("value", "4000 K/uL", "0 to 3000 10*9/L",
                       "it would be plausible in /uL: is the unit right?")),
    ({"value": -1}, ("value", "-1 K/uL", "0 to 3000 10*9/L", "outside the plausible range")),
    ({"value": "8,5"}, ("value", "'8,5'", "a plain number (36600 or 8.5)",
                        "write a decimal point and no thousands separator: "
                        "whether this comma is the one or the other is not guessed")),
    ({"value": "36 600"}, ("value", "'36 600'", "a plain number (36600 or 8.5)",
                           "write the number without thousands separators")),
    ({"value": "1e3"}, ("value", "'1e3'", "a plain number (36600 or 8.5)",
                        "write the number out, without an exponent")),
    ({"value": "8.000", "unit": "/uL"},
     ("value", "'8.000'", "a number that can be read in one way only",
      "write 8000 if the point separates thousands, "
      "or 8.000 without quotes if it is a decimal point")),
    ({"value": "<0"}, ("value", "'<0'", "a number above 0",
                       "no value is below the lowest that is possible")),
    ({"value": "<5", "comparator": ">"},
     ("comparator", "'>' beside '<5'", "one comparator",
      "give it in the value or beside it, not both")),
    ({"value": True}, ("value", "true", 'a number, or text as it was printed ("<2.0")',
                       "give the number alone")),
    ({"clumped": "yes"}, ("clumped", "'yes'", "true or false", "write true or false")),
    ({"at": "2015-03"}, ("at", "'2015-03'", DATE,
                         "give the day: a month or a year is not enough")),
    ({"at": "2015-03-07T10:00"}, ("at", "'2015-03-07T10:00'", DATE,
                                  "add the offset from UTC: Z, or for example +01:00")),
    ({"at": "2015-02-30"}, ("at", "'2015-02-30'", "a day and a time that exist",
                            "there is no such day or time in the calendar")),
    ({"at": "07/03/2015"}, ("at", "'07/03/2015'", DATE,
                            "write year-month-day: which number is the month is not guessed")),
    ({"recorded": 5}, ("recorded", "5", DATE, "write it in quotes, year-month-day")),
    ({"recorded": "2015-03-05"},
     ("at", "'2015-03-07'", "not later than 'recorded' (2015-03-05)",
      "nothing is recorded before it happens, but for 10 minutes of clocks that differ")),
    ({"id": 5}, ("id", "5", "text", 'write it in quotes: "5"')),
    ({"patient": " "}, ("patient", "' '", "text that is not empty",
                        "nothing else is understood here")),
    ({"kind": "platelet_cuont"}, ("kind", "'platelet_cuont'",
     "one of 'platelet_count', 'drug_level', 'medication', 'bleeding', 'rescue', 'diagnosis', "
     "'finding', 'lab', 'measurement', 'person', 'procedure', 'outcome'",
     "did you mean 'platelet_count'?")),
    ({"commparator": "<"}, ("commparator", "the unknown field 'commparator'",
     "one of 'id', 'patient', 'kind', 'at', 'recorded', 'status', 'note', 'method', 'clumped', "
     "'value', 'unit', 'comparator'", "did you mean 'comparator'?")),
    (LEVEL | {"drug": "Sirolimus"},
     ("drug", "'Sirolimus'", "'sirolimus'",
      "did you mean 'sirolimus'? names are compared letter by letter")),
    (MEDICATION | {"unit": "mg"}, ("dose", "'unit' without 'dose'",
                                   'a number, or text as it was printed ("<2.0")',
                                   "give both or neither")),
    (MEDICATION | {"dose": "<2", "unit": "mg"},
     ("dose", "'<2'", "a number without a comparator", "this quantity must be known exactly")),
    (BARE | {"kind": "bleeding", "grade": 7},
     ("grade", "7", "a whole number from 0 to 5", "nothing else is understood here")),
    (BARE | {"kind": "bleeding", "grade": 1.5},
     ("grade", "1.5", "a whole number from 0 to 5", "nothing else is understood here")),
    (BARE | {"kind": "measurement", "height": 110},
     ("height_unit", "no unit", "one of cm, m, mm", "a number without its unit is not judged")),
])
def test_a_refusal_says_what_was_found_expected_and_to_do(
        changes: dict[str, Any], said: tuple[str, str, str, str]) -> None:
    assert refused(**changes) == [said]


def test_null_is_refused_with_advice() -> None:
    line = json.dumps(LINE | {"note": None, "at": None, "value": None})
    result = INTAKE.read(line, Source("-", 1))
    assert isinstance(result, tuple)
    assert {(one.field, one.found) for one in result} == {
        ("note", "null"), ("at", "null"), ("value", "null")}


def test_every_fault_of_a_line_is_reported() -> None:
    fields = [one[0] for one in refused(id=1, at="2015", unit="furlong", clumped=0, colour="red")]
    assert sorted(fields) == ["at", "clumped", "colour", "id", "unit"]


@pytest.mark.parametrize(("line", "found", "reason"), [
    (b"[1]", "a JSON list", "put each event on a line of its own"),
    (b"{", "text that is not JSON, from column 2",
     "the parser says: Expecting property name enclosed in double quotes"),
    (b'{"id": "\xff"}', "bytes that are not UTF-8, from byte 9", "save the file as UTF-8"),
    (b'{"value": NaN}', "NaN", "leave the field out where nothing is known"),
    (b'{"id": "a", "id": "b"}', "the field twice in one line", "remove one of the two"),
    (b'{"value": ' + b"9" * 5000 + b"}", "a number with thousands of digits",
     "look for digits that were run together"),
    (b"[" * 100_000, "brackets nested too deeply", "fields hold plain values"),
    (rb'{"note": "\ud800"}', "half of a character (\\ud800 to \\udfff)",
     "write the character itself"),
])
def test_what_is_no_object_is_refused_whole(line: bytes, found: str, reason: str) -> None:
    (one,) = INTAKE.read(line, Source("f", 9))  # type: ignore[misc]
    assert isinstance(one, Refusal)
    assert (one.source, one.line, one.found, one.reason) == ("f", 9, found, reason)


def test_a_number_beyond_all_measure_is_refused_at_once() -> None:
    line = json.dumps(LINE).replace("36.6", "1e999999999")
    (one,) = INTAKE.read(line, Source("f", 1))  # type: ignore[misc]
    assert (one.field, one.expected) == ("value", "a number of ordinary size")


def test_ten_minutes_of_clocks_that_differ_are_allowed() -> None:
    assert event(at="2015-03-07T10:10Z", recorded="2015-03-07T10:00Z")
    assert refused(at="2015-03-07T10:10:01Z", recorded="2015-03-07T10:00Z")
    assert event(at="2015-03-07T23:00Z", recorded="2015-03-07")


def test_a_date_is_a_day_of_the_zone(vocabulary: Vocabulary) -> None:
    rome = Intake(vocabulary, ZoneInfo("Europe/Rome"))
    found = rome.read(json.dumps(LINE), Source("-", 1))
    assert isinstance(found, Event)
    assert found.at.start.isoformat() == "2015-03-06T23:00:00+00:00"


def test_same_content_sees_through_spelling() -> None:
    left = event(value=36600, unit="/uL", at="2015-03-07T10:00Z")
    assert same_content(left, event(value="36.6", at="2015-03-07T11:00+01:00", unit="K/uL"))
    assert not same_content(left, event(value="36.6", at="2015-03-07T10:00Z", note="x"))
    assert not same_content(left, event(value="36.5", at="2015-03-07T10:00Z"))


SAME = ["10*9/L", "K/uL", "G/L", "/uL", "/mm3", "lakh/uL", "10*12/L", "10*6/mL", "x10E3/uL"]


@given(st.integers(1000, 3_000_000), st.sampled_from(SAME), st.sampled_from(SAME),
       st.sampled_from(["", "<", "<=", ">", ">="]))
def test_the_spelling_of_a_unit_changes_nothing(per_ul: int, one: str, other: str,
                                                sign: str) -> None:
    def written(unit: str) -> Event:
        # As a JSON number, for in text a point before three digits may separate thousands.
        number = Fraction(per_ul, 1000) / VOCABULARY.units["10*9/L"].factors[unit]
        exact = Decimal(number.numerator) / Decimal(number.denominator)
        line = LINE | {"unit": unit, "value": "N"} | ({"comparator": sign} if sign else {})
        found = INTAKE.read(json.dumps(line).replace('"N"', f"{exact:f}"), Source("-", 1))
        assert isinstance(found, Event), found
        return found

    assert same_content(written(one), written(other))


JSON = (st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8)
        | st.just([1]) | st.just({"a": None}))
NAMES = st.sampled_from([*LINE, "comparator", "dose", "drug", "action", "grade", "test", "since",
                         "recorded", "status", "clumped", "height", "height_unit"])


@given(st.dictionaries(NAMES, JSON, max_size=4), st.sampled_from(
    ["platelet_count", "drug_level", "medication", "bleeding", "lab", "measurement", "finding"]))
def test_any_object_is_accepted_or_refused_never_a_crash(changes: dict[str, Any],
                                                         kind: str) -> None:
    result = INTAKE.read(json.dumps(LINE | {"kind": kind} | changes), Source("-", 1))
    assert isinstance(result, Event) or all(
        one.found and one.expected and one.reason for one in result)


@given(st.binary(max_size=40) | st.text(max_size=40))
def test_any_line_is_accepted_or_refused_never_a_crash(line: bytes | str) -> None:
    assert isinstance(INTAKE.read(line, Source("-", 1)), Event | tuple)


@given(st.text(alphabet="0123456789<>=≤.,eE+- 'kx", max_size=12))
def test_any_printed_value_is_accepted_or_refused(text: str) -> None:
    result = read(value=text)
    assert isinstance(result, Event) or result[0].reason


@pytest.mark.skipif(not REAL.exists(), reason="the real results are no part of the project")
def test_real_results_are_all_accepted() -> None:
    results = [INTAKE.read(line, source) for source, line in read_lines(str(REAL))]
    assert len(results) == 676
    assert [one for one in results if not isinstance(one, Event)] == []
