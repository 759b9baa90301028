"""Are grouped lines cut between two patients only, and is the result the same for any cut?"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from command_line.program import run
from hypothesis import given
from hypothesis import strategies as st

from engine.events.event import Source
from engine.events.intake import Intake
from engine.events.vocabulary import Vocabulary
from engine.request import zone_named
from engine.sources.patients import PatientReader
from engine.sources.pieces import Line, pieces

LETTER = str(Path(__file__).parents[2] / "benchmarks" / "letter")
COUNT = {"kind": "platelet_count", "value": 20, "unit": "10*9/L"}


@pytest.fixture(scope="session")
def intake(vocabulary: Vocabulary) -> Intake:
    return Intake(vocabulary, zone_named("UTC"))


def lines_of(names: str) -> list[Line]:
    """Return a line for each letter, which names the patient; a dot is a broken line."""
    return [(Source("x", number), b"{" if name == "." else json.dumps(
        COUNT | {"id": str(number), "patient": name, "at": "2020-01-01"}).encode())
            for number, name in enumerate(names, start=1)]


def turns(intake: Intake, lines: list[Line]) -> Iterator[tuple[str, list[str]]]:
    """Yield each patient that is read in turn, with the identities of the events."""
    for name, events in PatientReader(intake, read=lambda *_: iter(lines)).in_turn([""]):
        yield name, [event.id for event in events]


@given(names=st.lists(st.sampled_from(["a", "aa", "bbb", "c", ".", ".."])).map("".join),
       size=st.integers(1, 5))
def test_a_cut_is_between_two_patients(intake: Intake, names: str, size: int) -> None:
    lines = lines_of(names)
    cut = [*pieces(lines, intake, size)]
    assert [line for piece in cut for line in piece] == lines
    assert all(len(piece) >= size for piece in cut[:-1])
    runs = [turn for piece in cut for turn in turns(intake, piece)]
    for name in set(names):  # one that comes again is found over there, where all pieces meet
        first = next((turn for turn in runs if turn[0] == name), None)
        assert first == next((turn for turn in turns(intake, lines) if turn[0] == name), None)


def test_long_input_with_faults_is_told_alike_by_one_process_and_by_two(tmp_path: Path) -> None:
    names = "".join(letter * 90 for letter in "abcdefghij")
    odd = f"{names[:300]}.{names[300:700]}a.{names[700:]}bbj"
    path = tmp_path / "events.ndjson"
    path.write_bytes(b"\n".join(line for _, line in lines_of(odd)))
    for form in ("json", "ndjson", "table"):
        for on_error in ("skip", "stop"):
            one, two = (run("assess", str(path), "--rulebook", LETTER, "--grouped", "--format",
                            form, "--on-error", on_error, "--jobs", jobs) for jobs in ("1", "2"))
            assert one.stdout_bytes == two.stdout_bytes
            assert (one.exit_code, one.stderr) == (two.exit_code, two.stderr) == (5, one.stderr)
            # Twenty lines of h, and the last of a, b and j, come when they should be over.
            assert one.stderr.count("again, after lines of another patient") == 24
