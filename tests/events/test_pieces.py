"""Are lines parted between two patients only, and is the result the same for any pieces?"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from itertools import chain
from pathlib import Path

import pytest
from command_line.program import run
from hypothesis import given
from hypothesis import strategies as st

from engine.events.event import Event, Source
from engine.events.intake import Intake
from engine.events.vocabulary import Vocabulary
from engine.request import zone_named
from engine.sources import block
from engine.sources.block import Block, Line, in_blocks
from engine.sources.patients import PatientReader, owner_of
from engine.sources.pieces import by_patient, joined, pieces

LETTER = str(Path(__file__).parents[2] / "benchmarks" / "letter")
COUNT = {"kind": "platelet_count", "value": 20, "unit": "10*9/L"}
NAMES = st.lists(st.sampled_from(["a", "aa", "bbb", "c", ".", ".."])).map("".join)


@pytest.fixture(scope="session")
def intake(vocabulary: Vocabulary) -> Intake:
    return Intake(vocabulary, zone_named("UTC"))


def lines_of(names: str) -> list[Line]:
    """Return a line for each letter, which names the patient; a dot is a broken line."""
    return [(Source("x", number), b"{" if name == "." else json.dumps(
        COUNT | {"id": str(number), "patient": name, "at": "2020-01-01"}).encode())
            for number, name in enumerate(names, start=1)]


def blocks_of(lines: list[Line], size: int) -> list[Block]:
    """Return lines in blocks of so many."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(block, "LINES", size)
        return [*in_blocks(lines)]


def turns(intake: Intake, lines: list[Line]) -> Iterator[tuple[str, list[str]]]:
    """Yield each patient that is read in turn, with the identities of the events."""
    for name, events in PatientReader(intake, read=lambda *_: iter(lines)).in_turn([""]):
        yield name, [event.id for event in events]


@given(names=NAMES, size=st.integers(1, 5))
def test_a_cut_is_between_two_patients(intake: Intake, names: str, size: int) -> None:
    lines = lines_of(names)
    cut = [[*chain.from_iterable(piece)] for piece in pieces(blocks_of(lines, size), intake)]
    assert [line for piece in cut for line in piece] == lines
    runs = [turn for piece in cut for turn in turns(intake, piece)]
    for name in set(names):  # one that comes again is found over there, where all pieces meet
        first = next((turn for turn in runs if turn[0] == name), None)
        assert first == next((turn for turn in turns(intake, lines) if turn[0] == name), None)


@given(names=st.permutations("abcdefgh"), each=st.integers(1, 5), size=st.integers(1, 5))
def test_there_is_a_cut_wherever_a_block_has_another_patient(
        intake: Intake, names: list[str], each: int, size: int) -> None:
    lines = lines_of("".join(name * each for name in names))
    for piece in pieces(blocks_of(lines, size), intake):
        patients = [owner_of(line) for _, line in chain.from_iterable(piece)]
        assert len(patients) < size + each + size


@given(names=NAMES, size=st.integers(1, 5), source=st.integers(0, 9))
def test_lines_in_any_order_are_put_together_by_patient(
        intake: Intake, names: str, size: int, source: int) -> None:
    lines = lines_of(names)
    lines[source:] = [(Source("y", place.line), line) for place, line in lines[source:]]
    groups = by_patient(blocks_of(lines, size))
    cut = [[*chain.from_iterable(piece)] for piece in joined(groups)]
    assert sorted(chain.from_iterable(cut), key=str) == sorted(lines, key=str)
    wanted = PatientReader(intake, read=lambda *_: iter(lines)).gathered([""])
    assert [turn for piece in cut for turn in turns(intake, piece)] == [
        (name, [event.id for event in events]) for name, events in wanted]


ODD = [b"", b"\n", b"[]", b'"patient"', b'{"patient":1}', b'{"patient":"a","patient":"b"}',
       b'{"patient":"\xff"}', b'{"patient":"\\ud800"}', b'{"patient":"a"',
       b'{"a":NaN,"patient":"a"}', b'{"patient":"a","x":' + b"[" * sys.getrecursionlimit() * 9]
WAYS = st.sampled_from([
    '{"id":"1","patient":%s,"kind":"platelet_count","at":"2020-01-01","value":2,"unit":"G/L"}',
    '\ufeff{"patient" : %s,"id":"1","kind":"platelet_count","at":"2020-01-01","value":"2",'
    '"unit":"G/L"} \r\n',
    '{"id":"\\"patient\\":","note":"\\"patient\\":\\"b\\"","\\u0070atient":%s,"status":"cancelled",'
    '"kind":"platelet_count","at":"2020-01-01"}'])


@given(name=st.text(min_size=1, max_size=3), way=WAYS, is_ascii=st.booleans())
def test_whose_event_a_line_is_can_be_said_without_reading_all_of_it(
        intake: Intake, name: str, way: str, is_ascii: bool) -> None:
    line = (way % json.dumps(name, ensure_ascii=is_ascii)).encode(errors="surrogatepass")
    read = intake.read(line, Source("x", 1))
    if isinstance(read, Event):
        assert owner_of(line) == read.patient == name
    else:
        assert name.strip() != name or not name.isprintable()


@pytest.mark.parametrize("line", ODD)
def test_a_line_that_is_no_event_may_be_asked_too(intake: Intake, line: bytes) -> None:
    assert isinstance(intake.read(line, Source("x", 1)), tuple)
    assert owner_of(line) in (None, "a", "b")


@pytest.mark.parametrize(("grouped", "again"), [(["--grouped"], 24), ([], 0)])
def test_long_input_with_faults_is_told_alike_by_one_process_and_by_two(
        tmp_path: Path, grouped: list[str], again: int) -> None:
    names = "".join(letter * 90 for letter in "abcdefghij")
    odd = f"{names[:300]}.{names[300:700]}a.{names[700:]}bbj"
    path = tmp_path / "events.ndjson"
    path.write_bytes(b"\n".join(line for _, line in lines_of(odd)))
    for form in ("json", "ndjson", "table"):
        for on_error in ("skip", "stop"):
            one, two = (run("assess", str(path), "--rulebook", LETTER, *grouped, "--format",
                            form, "--on-error", on_error, "--jobs", jobs) for jobs in ("1", "2"))
            assert one.stdout_bytes == two.stdout_bytes
            assert (one.exit_code, one.stderr) == (two.exit_code, two.stderr) == (5, one.stderr)
            # Twenty lines of h, and the last of a, b and j, come when they should be over.
            assert one.stderr.count("again, after lines of another patient") == again
