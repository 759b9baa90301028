"""Does a line that is like an earlier one give what it would have given as the first of all?"""

from __future__ import annotations

import json
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from engine.events.amount import Amount
from engine.events.event import Event, Refusal, Source
from engine.events.intake import Intake
from engine.events.times import TimeReader, read_when
from engine.events.vocabulary import Vocabulary
from engine.events.when import When

ZONE = ZoneInfo("Europe/Rome")
PLACE = Source("x.ndjson", 3)
HEAD = {"id": "a", "patient": "p", "kind": "platelet_count", "at": "2015-03-07T09:30:00+00:00"}
BODIES: list[dict[str, Any]] = [
    {"value": 1, "unit": "K/uL"},
    {"value": 36.60, "unit": "K/uL", "recorded": "2015-03-08", "note": "by hand"},
    {"value": "<2.0", "unit": "10*9/L", "clumped": True},
    {"kind": "drug_level", "drug": "sirolimus", "value": 0, "unit": "ng/mL", "sample": "trough"},
    {"kind": "bleeding", "grade": 1, "cause": "trauma"},
    {"kind": "measurement", "height": 110, "height_unit": "cm"},
    {"kind": "medication", "drug": "sirolimus", "action": "start", "status": "corrected"},
    {"status": "entered-in-error", "value": 9},
]
TEXTS = ["", " ", "a", "b c", "p", "\u00e8", "\u00a0", "\u2028", "\ufeff", "\\", '"', "\x7f",
         "\ud800",
         "2015-03-07",
         "2015-03-09T10:00Z", "2015-03-07T09:30:00Z", "2015-03-07T9:30Z",
         "0001-01-01T00:00:00+14:00", "9999-12-31", "final", "K/uL", "sirolimus", "id", "note"]
VALUES = st.sampled_from([*TEXTS, 0, 1, -0.0, 1.0, 5, 7.25, 0.125, -3, 1e400, 10**30, 10**31, True,
                          False, None, [], [1], {"a": 1}])
NAMES = st.sampled_from([*HEAD, "recorded", "note", "status", "value", "unit", "comparator",
                         "clumped", "grade", "colour"])
BITS = [b'"', b"\\", b"\\u0041", b"\\u0022", b"\\ud800", b"\\\\u0041", b" ", b"\t", b"\n", b"\x00",
        b"\x1f", b"\xff", b"\xc3\xa8", b":", b",", b"{", b"}", b"1", b"NaN", b'"id":"b",',
        b'"id" : "b",', b"\xef\xbb\xbf", b"e5", b".0", b"-"]


@pytest.fixture(scope="session")
def readers(vocabulary: Vocabulary) -> tuple[Intake, Intake]:
    """Return a reader that keeps what it read, and one that does not."""
    return Intake(vocabulary, ZONE), Intake(vocabulary, ZONE, recall=False)


def said(read: Event | tuple[Refusal, ...]) -> object:
    if not isinstance(read, Event):
        return read
    return (*(getattr(read, name) for name in Event.__struct_fields__), repr(read.given))


@st.composite
def lines(draw: st.DrawFn) -> bytes:
    """Return a line that is like another, or nearly so, written in one of several ways."""
    line = HEAD | draw(st.sampled_from(BODIES)) | draw(st.dictionaries(NAMES, VALUES, max_size=2))
    for name in draw(st.lists(NAMES, max_size=1)):
        line.pop(name, None)
    if draw(st.booleans()):
        line = dict(draw(st.permutations([*line.items()])))
    text = json.dumps(line, ensure_ascii=draw(st.booleans()),
                      separators=draw(st.sampled_from([(",", ":"), (", ", ": "), (" ,", " :")])))
    written = text.encode(errors="surrogatepass") + draw(st.sampled_from([b"", b"\n", b"\r\n"]))
    if draw(st.booleans()):
        place = draw(st.integers(0, len(written)))
        written = (written[:place] + draw(st.sampled_from(BITS))
                   + written[place + draw(st.integers(0, 2)):])
    return written


def test_a_line_recorded_at_the_end_of_the_calendar_is_read(
        readers: tuple[Intake, Intake]) -> None:
    assert isinstance(readers[1].read(json.dumps(HEAD | BODIES[0] | {"recorded": "9999-12-31"}),
                                      PLACE), Event)


@given(st.lists(lines(), min_size=1, max_size=4))
@example([b'{"id":"a","patient":"p","kind":"bleeding","at":"2015-03-07","grade":1,"cause":"trauma"}',
          b'{"id":"b","patient":"p","kind":"bleeding","at":"2015-03-07","grade":true,"cause":"trauma"}'])
def test_what_was_read_before_changes_nothing(readers: tuple[Intake, Intake],
                                              given_lines: list[bytes]) -> None:
    keeping, careful = readers
    for line in (*given_lines, *given_lines):
        assert said(keeping.read(line, PLACE)) == said(careful.read(line, PLACE)), line


def test_a_line_like_another_is_not_judged_again(readers: tuple[Intake, Intake]) -> None:
    one, other = (readers[0].read(json.dumps(HEAD | BODIES[0] | {"id": identity}), PLACE)
                  for identity in "ab")
    assert isinstance(one, Event) and isinstance(other, Event)
    assert one.fields is other.fields
    assert (one.id, other.id) == ("a", "b")


@pytest.mark.parametrize("value", ["2", "0", "-0", "36.6", "250.125", '"<2.0"', "01", "1.", "-1",
                                   "1e2", "99999999", "true", "1}"])
def test_a_number_that_was_not_read_before_is_judged_alone(
        readers: tuple[Intake, Intake], value: str) -> None:
    assert isinstance(readers[0].read(json.dumps(HEAD | BODIES[0]), PLACE), Event)
    line = json.dumps(HEAD | BODIES[0]).replace('"value": 1,', f'"value": {value},')
    assert said(readers[0].read(line, PLACE)) == said(readers[1].read(line, PLACE))


def test_lines_that_differ_in_a_number_are_not_read_from_the_beginning(
        vocabulary: Vocabulary, monkeypatch: pytest.MonkeyPatch) -> None:
    keeping = Intake(vocabulary, ZONE)
    drug = HEAD | BODIES[3] | {"note": "\u00e8"}
    lines = [json.dumps(drug | {"value": value, "patient": f"{value} \u00e8"})
             for value in (3, 7.25, 8.5)]
    assert isinstance(keeping.read(lines[0], PLACE), Event)
    monkeypatch.setattr(keeping, "_carefully", None)
    for line, value in zip(lines[1:], ("29/4", "17/2"), strict=True):
        read = keeping.read(line, PLACE)
        assert isinstance(read, Event)
        assert read.fields["value"] == Amount.exact(value, "ng/mL")
        assert read.patient == json.loads(line)["patient"]


@pytest.mark.parametrize("twice", [b'"id":"b",', b'"note":"b",', b'"value":1,', b'"unit" :"K/uL",'])
def test_a_field_given_twice_is_refused_after_a_line_like_it(
        readers: tuple[Intake, Intake], twice: bytes) -> None:
    line = json.dumps(HEAD | BODIES[0] | {"note": "x"}, separators=(",", ":")).encode()
    assert isinstance(readers[0].read(line, PLACE), Event)
    (refusal,) = readers[0].read(b"{" + twice + line[1:], PLACE)  # type: ignore[misc]
    assert isinstance(refusal, Refusal) and "twice" in refusal.found


@pytest.mark.parametrize("name", ["", " ", "\u2028", "\x7f", "p\u00a0", "\ud800", "q"])
def test_a_patient_is_looked_at_anew_wherever_the_name_changes(
        readers: tuple[Intake, Intake], name: str) -> None:
    for patient in ("p", name, name, "p", name):
        line = json.dumps(HEAD | BODIES[0] | {"patient": patient}, ensure_ascii=False).encode(
            errors="surrogatepass")
        assert said(readers[0].read(line, PLACE)) == said(readers[1].read(line, PLACE))


def times() -> st.SearchStrategy[str]:
    """Return times in many spellings, some of them broken."""
    digits = st.integers(0, 99).map("{:02}".format)
    written = st.builds(
        lambda year, month, day, between, hour, minute, rest, zone:
        f"{year:04}-{month}-{day}{between}{hour}:{minute}{rest}{zone}",
        st.sampled_from([1, 2015, 2016, 9999, 0]), st.sampled_from(["01", "02", "12", "13", "W1"]),
        st.sampled_from(["01", "29", "30", "31", "32", "-5"]), st.sampled_from("Tt _-"),
        digits, digits, st.sampled_from(["", ":00", ":59", ":60", ":00.5", ":00.123456", ".5"]),
        st.sampled_from(["Z", "z", "+00:00", "-00:00", "+0000", "+14:00", "-23:59", "+24:00",
                         "+01:00:30", ""]))
    return written | written.flatmap(lambda text: st.builds(
        lambda place, mark: text[:place] + mark + text[place + 1:],
        st.integers(0, len(text)), st.sampled_from("0:T-+Z W\u0663.")))


@given(times())
@example("0001-01-01T00:00:00+14:00")
@example("9999-12-31T23:59:00-01:00")
def test_a_time_is_what_it_is_to_the_careful_reader(text: str) -> None:
    def outcome(read: Any) -> When | str:
        try:
            found = read()
        except Exception as unreadable:
            return repr(unreadable)
        assert isinstance(found, When)
        return found

    reader = TimeReader(ZONE)
    for _ in range(2):
        assert outcome(lambda: reader.read(text)) == outcome(lambda: read_when(text, ZONE))
