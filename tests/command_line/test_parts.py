"""The small parts behind the commands that no whole run shows plainly."""

from __future__ import annotations

from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.problems import RulebookError
from engine.reports.columns import Column, fitted, wrapped
from engine.reports.progress import Meter
from engine.request import RequestError, moment_named, settings_named, zone_named
from engine.sources.rulebooks import find_rulebook, shipped_rulebook
from engine.sources.seen import Seen

from .program import RULES

WORDS = st.lists(st.text("ab-.(", min_size=1, max_size=9), min_size=1, max_size=4).map(" ".join)


@given(WORDS, st.integers(1, 30))
def test_wrapping_loses_nothing_and_keeps_to_the_width(line: str, width: int) -> None:
    rows = wrapped(line, width).split("\n")
    assert "".join(rows).replace(" ", "") == line.replace(" ", "")
    least = Column("", ((line,),)).least
    assert all(len(row.rstrip()) <= max(width, least) for row in rows)


@given(st.lists(st.lists(WORDS, min_size=2, max_size=2), min_size=2, max_size=8),
       st.integers(10, 120))
def test_columns_fit_and_the_first_and_the_last_always_stay(
        cells: list[list[str]], width: int) -> None:
    columns = [Column(str(number), tuple((cell,) for cell in each))
               for number, each in enumerate(cells)]
    widths, gap = fitted(columns, width)
    assert {columns[0].heading, columns[-1].heading} <= widths.keys()
    assert list(widths) == [each.heading for each in columns if each.heading in widths]
    if len(widths) > 2:
        assert sum(widths.values()) + gap * (len(widths) - 1) <= width
    for each in columns:
        if each.heading in widths:
            assert each.least <= widths[each.heading] <= each.natural


def test_a_wide_page_breaks_nothing() -> None:
    columns = [Column("name", (("a-long-word",),)), Column("two words", (("b",),))]
    assert fitted(columns, 80) == ({"name": 11, "two words": 5}, 2)


@pytest.mark.parametrize("at_hand", [0, 1, 2, 10_000])
def test_a_name_is_new_only_once(monkeypatch: pytest.MonkeyPatch, at_hand: int) -> None:
    monkeypatch.setattr("engine.sources.seen._AT_HAND", at_hand)
    seen = Seen()
    assert [seen.add(name) for name in ("a", "b", "a", "A", "", "b", "A", "")] == [
        True, True, False, True, True, False, False, False]
    seen.close()


def test_a_folder_comes_before_a_shipped_name(
        tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert find_rulebook("itp-sirolimus") == RULES
    (tmp_path / "itp-sirolimus").mkdir()
    monkeypatch.chdir(tmp_path)
    assert find_rulebook("itp-sirolimus") == Path("itp-sirolimus")
    assert shipped_rulebook("itp-sirolimus") == RULES
    with pytest.raises(RulebookError, match="no folder and no shipped rulebook of that name"):
        find_rulebook("another")


def test_settings_may_have_units_and_spaces() -> None:
    assert settings_named(["a=4", " b = 5 ng/mL ", "c=1=2"]) == {
        "a": "4", "b": "5 ng/mL", "c": "1=2"}
    for wrong in ("a", "=4", "a=", "a= "):
        with pytest.raises(RequestError, match="expected NAME=VALUE"):
            settings_named([wrong])


@pytest.mark.parametrize("name", ["", "Nowhere/City", "../etc/passwd", "/etc/passwd", "America"])
def test_what_is_no_time_zone(name: str) -> None:
    with pytest.raises(RequestError, match="expected the IANA name of a time zone"):
        zone_named(name)


def test_a_date_ends_with_its_day_in_the_zone() -> None:
    rome = zone_named("Europe/Rome")
    assert moment_named("2015-03-07", rome).end.isoformat() == "2015-03-07T22:59:59.999999+00:00"
    with pytest.raises(RequestError, match="add the offset from UTC"):
        moment_named("2015-03-07T09:00", ZoneInfo("UTC"))


def test_the_bar_is_drawn_for_long_work_only(
        tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    small, large = tmp_path / "small", tmp_path / "large"
    small.write_bytes(b"x" * 10)
    large.write_bytes(b"x" * 600_000)
    for path, patients, is_drawn in ((small, 3, False), (large, 3, True), (small, 300, True)):
        meter = Meter(True)
        tell = meter.reading([str(path)])
        assert tell is not None
        tell(10)
        assert list(meter.counting(range(patients), lambda: None)) == list(range(patients))
        meter.stop()
        drawn = capsys.readouterr()
        assert bool(drawn.err) is is_drawn
        assert drawn.out == ""


def test_nobody_looks_at_no_bar(capsys: pytest.CaptureFixture[str]) -> None:
    meter = Meter(False)
    assert meter.reading(["-"]) is None
    assert len(list(meter.counting(range(1000), lambda: 1000))) == 1000
    meter.stop()
    assert capsys.readouterr().err == ""
