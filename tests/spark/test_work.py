"""Whatever brings the lines of a key together, in whatever order, gets what one process gets."""

from __future__ import annotations

import random
import tempfile
from collections import defaultdict
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.events.event import Refusal, Source
from engine.events.times import read_when
from engine.reports.output import as_json
from engine.reports.records import patient_record
from engine.spark.naming import names_of
from engine.spark.work import Judged, Work, is_of_patient, routed, worker_for

from .made import UTC, awkward, local_run, printed, setup

SEEDS = st.integers(0, 10**6)
FEW = settings(max_examples=8, deadline=None)
Keyed = tuple[str, tuple[Source, bytes]]


def keyed(work: Work, lines: list[bytes], name: str) -> list[Keyed]:
    """Return every line with its key, as a file of them is read."""
    found = []
    for number, line in enumerate(lines, 1):
        source = Source(name, number)
        if not line.isspace() and (key := routed(work, line, source, None)):
            found.append((key, (source, line)))
    return found


def in_a_file(lines: list[bytes], folder: str) -> str:
    path = Path(folder) / "events.ndjson"
    path.write_bytes(b"\n".join(lines))
    return str(path)


def as_local(done: list[Judged]) -> tuple[dict[str, bytes], set[Refusal]]:
    return ({each.assessment.patient: as_json(patient_record(each.assessment))
             for each in done if each.assessment is not None},
            {one for each in done for one in each.refused})


@FEW
@given(SEEDS, st.sampled_from([None, "2016-01-01", "2000-01-01"]),
       st.sampled_from([(), ("p1",), ("p0", "p2", "who")]))
def test_grouped_by_key_they_come_to_the_same(seed: int, as_of: str | None,
                                              wanted: tuple[str, ...]) -> None:
    dice = random.Random(seed)
    lines = awkward(dice, 3)
    with tempfile.TemporaryDirectory() as folder:
        name = in_a_file(lines, folder)
        local = local_run(as_of, wanted)
        made = printed(local, name)
    work = Work(setup(), read_when(as_of, UTC) if as_of else None, frozenset(wanted))
    rows = keyed(work, lines, name)
    dice.shuffle(rows)
    groups = defaultdict(list)
    for key, line in rows:
        groups[key].append(line)
    done = [worker_for(work).judge(key, own) for key, own in groups.items()]
    assert as_local(done) == (made, set(local.refused))
    assert {*wanted} - {each.patient for each in done} == local.reader.missing


@FEW
@given(SEEDS, st.integers(1, 5))
def test_in_batches_of_any_order_the_last_word_is_the_same(seed: int, batches: int) -> None:
    dice = random.Random(seed)
    lines = awkward(dice, 3)
    with tempfile.TemporaryDirectory() as folder:
        name = in_a_file(lines, folder)
        local = local_run()
        made = printed(local, name)
    work = Work(setup())
    rows = keyed(work, lines, name)
    dice.shuffle(rows)
    state: dict[str, list[tuple[Source, bytes]]] = defaultdict(list)
    last: dict[str, Judged] = {}
    for first in range(batches):
        touched = rows[first::batches]
        for key, line in touched:
            state[key].append(line)
        for key in {key for key, _ in touched}:
            last[key] = worker_for(work).judge(key, state[key])
    assert as_local([*last.values()]) == (made, set(local.refused))


def test_a_line_of_nobody_stands_alone_and_is_refused() -> None:
    work = Work(setup())
    one, two = (routed(work, b"{}", Source("f", number), None) for number in (1, 2))
    assert one is not None
    assert one != two
    assert not is_of_patient(one)
    done = worker_for(work).judge(one, [(Source("f", 1), b"{}")])
    assert done.patient is None
    assert done.refused


def test_a_column_that_names_another_patient_is_refused_not_believed() -> None:
    work = Work(setup())
    line = (b'{"id":"b","patient":"anna","kind":"platelet_count","at":"2014-07-01","value":12,'
            b'"unit":"10*9/L"}')
    key = routed(work, line, Source("f", 1), "zoe")
    assert key == "pzoe"
    done = worker_for(work).judge(key, [(Source("f", 1), line)])
    assert (done.patient, done.assessment) == (None, None)
    assert [(each.field, each.found, each.expected) for each in done.refused] == [
        ("patient", "'anna'", "'zoe', as the column 'patient' says")]


@pytest.mark.parametrize(("given", "uri", "shown"), [
    ("a b.ndjson", "file:/here/a%20b.ndjson", "a b.ndjson"),
    ("./x/../a.ndjson", "file:///here/a.ndjson", "./x/../a.ndjson"),
    ("in", "file:/here/in/1.ndjson", "in/1.ndjson"),
    ("in/", "file:/here/in/1.ndjson", "in/1.ndjson"),
    ("in", "file:/here/inside/1.ndjson", "/here/inside/1.ndjson"),
    ("s3a://bucket/in", "s3a://bucket/in/1.ndjson", "s3a://bucket/in/1.ndjson"),
])
def test_a_file_is_called_as_it_was_named(given: str, uri: str, shown: str,
                                          monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Path, "absolute", lambda self: Path("/here") / self)
    assert names_of([given]).shown(uri) == shown
