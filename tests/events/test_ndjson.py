"""Are the lines of a file found, plain, packed or piped, and is a bad file named in words?"""

from __future__ import annotations

import gzip
import io
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.events.event import Source
from engine.sources.ndjson import SourceError, read_blocks, read_lines

TEXT = b'{"a": 1}\n\n  \r\n{"b": 2}'
LINES = [(1, b'{"a": 1}\n'), (4, b'{"b": 2}')]


def test_plain_and_packed_files_give_the_same_lines_and_skip_blank_ones(tmp_path: Path) -> None:
    for name, content in (("plain.gz", TEXT), ("packed.txt", gzip.compress(TEXT))):
        path = tmp_path / name
        path.write_bytes(content)
        assert list(read_lines(str(path))) == [(Source(str(path), number), line)
                                               for number, line in LINES]


@given(text=st.lists(st.sampled_from([b"{}", b"\n", b" \r\n", b"[1]\n", b"\x0b\x85\n"])).map(
    b"".join), size=st.integers(1, 9), is_packed=st.booleans())
def test_lines_in_blocks_are_the_same_lines(tmp_path_factory: pytest.TempPathFactory, text: bytes,
                                            size: int, is_packed: bool) -> None:
    path = tmp_path_factory.getbasetemp() / "blocks"
    path.write_bytes(gzip.compress(text) if is_packed else text)
    told: list[int] = []
    blocks = [*read_blocks(str(path), told.append, size)]
    assert [line for block in blocks for line in block] == list(read_lines(str(path)))
    assert told[-1:] == ([path.stat().st_size] if text else [])


@pytest.mark.parametrize("content", [TEXT, gzip.compress(TEXT, mtime=0)])
def test_the_standard_input_is_read(monkeypatch: pytest.MonkeyPatch, content: bytes) -> None:
    piped = io.TextIOWrapper(io.BufferedReader(io.BytesIO(content)))
    monkeypatch.setattr(sys, "stdin", piped)
    assert list(read_lines("-")) == [(Source("-", number), line) for number, line in LINES]


def test_progress_is_told_in_bytes_of_the_file(tmp_path: Path) -> None:
    path = tmp_path / "many.ndjson"
    path.write_bytes(b"{}\n" * 3000)
    told: list[int] = []
    assert len(list(read_lines(str(path), told.append))) == 3000
    assert told == [3072, 6144, 9000]


def test_a_file_that_cannot_be_read_is_named_with_advice(tmp_path: Path) -> None:
    broken = tmp_path / "broken.gz"
    broken.write_bytes(gzip.compress(TEXT * 99)[:-9])
    for path, said in (
        (tmp_path / "none", "there is no such file; check the name"),
        (tmp_path, "this is a folder; name the files in it"),
        (broken, "the packed file is damaged or cut off; make or fetch it again"),
    ):
        with pytest.raises(SourceError) as refused:
            list(read_lines(str(path)))
        assert str(refused.value) == f"{path}: {said}"
