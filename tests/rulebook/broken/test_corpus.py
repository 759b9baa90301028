"""Is every mistake in a rulebook found, once, at its place, in words that help to mend it?"""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest
from rulebook.broken.corpus import TINY, Case, cases_of, problems_in, sentence, write

HERE = Path(__file__).parent
CASES = {file.stem: cases_of(file.read_text("utf-8")) for file in sorted(HERE.glob("*.txt"))}


def test_the_small_rulebook_loads() -> None:
    assert problems_in(TINY) == []


@pytest.mark.parametrize("case", [
    pytest.param(case, id=f"{name}-{case.title}") for name, cases in CASES.items()
    for case in cases])
def test_what_is_said(case: Case, tmp_path: Path) -> None:
    assert case.said, "say what is expected"
    write(tmp_path, case)
    assert [sentence(problem, tmp_path) for problem in problems_in(tmp_path)] == case.said


def test_no_case_stands_twice() -> None:
    titles = Counter((name, case.title) for name, cases in CASES.items() for case in cases)
    assert [title for title, count in titles.items() if count > 1] == []
