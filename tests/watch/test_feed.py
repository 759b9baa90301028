"""Does a feed give each line once, when it is whole, whatever the pieces in which it comes?"""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.sources.ndjson import SourceError
from engine.watch.feed import Feed, NoFeed, opened_feed


@pytest.fixture
def waker() -> Iterator[int]:
    reading, writing = os.pipe()
    yield reading
    os.close(reading)
    os.close(writing)


def texts(lines: list[tuple[object, bytes]]) -> list[bytes]:
    return [line for _, line in lines]


def test_a_line_counts_once_it_is_whole(tmp_path: Path, waker: int) -> None:
    path = tmp_path / "grows"
    path.write_bytes(b"one\ntw")
    with opened_feed(str(path), waker) as feed, path.open("ab", buffering=0) as file:
        assert texts(feed.wait(0)) == [b"one"]
        assert feed.wait(0) == []
        file.write(b"o\n\nthree\n")
        found = feed.wait(0)
        assert texts(found) == [b"two", b"three"]
        assert [source.line for source, _ in found] == [2, 4]
        assert not feed.ended


def test_waiting_ends_when_something_comes(waker: int) -> None:
    reading, writing = os.pipe()
    feed = Feed("-", reading, waker)
    os.write(writing, b"one\n")
    begun = time.monotonic()
    assert texts(feed.wait(5)) == [b"one"]
    assert time.monotonic() - begun < 2
    os.write(writing, b"last without an end")
    os.close(writing)
    assert texts(feed.wait(5)) == [b"last without an end"]
    assert feed.ended
    os.close(reading)


def test_waiting_ends_when_woken() -> None:
    reading, writing = os.pipe()
    waking, wake = os.pipe()
    os.write(wake, b"x")
    begun = time.monotonic()
    assert Feed("-", reading, waking).wait(5) == []
    assert NoFeed(waking).wait(5) == []
    assert time.monotonic() - begun < 2
    for each in (reading, writing, waking, wake):
        os.close(each)


def test_a_file_that_is_cut(tmp_path: Path, waker: int) -> None:
    path = tmp_path / "cut"
    path.write_bytes(b"one\ntwo\n")
    with opened_feed(str(path), waker) as feed:
        feed.wait(0)
        path.write_bytes(b"")
        with pytest.raises(SourceError, match="found a file that was cut"):
            feed.wait(0)


@pytest.mark.parametrize(("again", "words"), [(False, "was moved away"), (True, "is another one")])
def test_a_file_that_is_turned_over(tmp_path: Path, waker: int, again: bool, words: str) -> None:
    """What was still written to the old file is read first; of the new one nothing is missed."""
    path = tmp_path / "turned"
    path.write_bytes(b"one\n")
    with opened_feed(str(path), waker) as feed, path.open("ab", buffering=0) as file:
        feed.wait(0)
        path.rename(tmp_path / "turned.1")
        if again:
            path.write_bytes(b"three\n")
        file.write(b"two\n")
        assert texts(feed.wait(0)) == [b"two"]
        with pytest.raises(SourceError, match=words):
            feed.wait(0)


@pytest.mark.parametrize(("name", "content", "words"), [
    ("missing", None, "there is no such file"),
    ("packed", b"\x1f\x8b\x08\x00", "found a packed file, expected plain lines"),
    (".", None, "this is a folder"),
])
def test_what_can_not_be_followed(tmp_path: Path, waker: int, name: str, content: bytes | None,
                                  words: str) -> None:
    if content is not None:
        (tmp_path / name).write_bytes(content)
    with pytest.raises(SourceError, match=words), opened_feed(str(tmp_path / name), waker) as feed:
        feed.wait(0)


@given(st.lists(st.binary(min_size=1, max_size=9).map(
    lambda each: each.replace(b"\n", b"n")).filter(lambda each: not each.isspace()), max_size=20),
    st.lists(st.integers(1, 7), max_size=60))
def test_no_way_of_cutting_a_stream_changes_its_lines(lines: list[bytes], cuts: list[int]) -> None:
    reading, writing = os.pipe()
    waking, wake = os.pipe()
    if lines and lines[0][:2] == b"\x1f\x8b":
        lines[0] = b"x"
    data, feed, found = b"".join(line + b"\n" for line in lines), Feed("-", reading, waking), []
    for cut in cuts:
        piece, data = data[:cut], data[cut:]
        os.write(writing, piece)
        found += texts(feed.wait(0))
    os.write(writing, data)
    os.close(writing)
    while not feed.ended:
        found += texts(feed.wait(1))
    assert found == lines
    for each in (reading, waking, wake):
        os.close(each)
