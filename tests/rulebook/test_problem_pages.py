"""Has every problem a page, and does each sample show just what its page says?"""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

from engine.checking import check_rulebook
from engine.rulebook.loader import read_rulebook
from engine.rulebook.lock import write_lock
from engine.sources.problem_pages import Page, problem_pages

HERE = Path(__file__).parent
ENGINE = HERE.parents[1] / "engine"
PAGES = problem_pages()
CODE = re.compile(r"[a-z]+(-[a-z0-9]+)+|circle")
REPORTING = {
    "report", "report_key", "report_within", "problem", "Problem", "MeaningError", "Words",
    "_refuse", "add", "note", "note_key", "_note", "_problem", "warn", "warn_key", "refuse"}
BY_NAME = {"no-values", "no-rules", "yaml-anchor"}  # codes that the source puts together
NO_PROBLEM = {"utf-8", "not-read"}


def codes_in_the_source() -> set[str]:
    found = set()
    for file in ENGINE.rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            if isinstance(node, ast.Call):
                name = getattr(node.func, "id", getattr(node.func, "attr", ""))
                texts = [each.value for each in node.args[:4] if isinstance(each, ast.Constant)]
                found |= {text for text in texts if name in REPORTING and isinstance(text, str)
                          and CODE.fullmatch(text)}
    return found


def codes_in_the_corpus() -> set[str]:
    return {code for file in (HERE / "broken").glob("*.txt")
            for code in re.findall(r"^! \S+ (?:warning: )?([a-z0-9-]+): found",
                                   file.read_text("utf-8"), re.M)}


def test_every_code_has_a_page_and_every_page_a_code() -> None:
    codes = codes_in_the_source() | codes_in_the_corpus() | BY_NAME
    assert len(codes) > 100
    assert set(PAGES) == codes - NO_PROBLEM


def test_what_cannot_be_a_sample_in_a_file_is_told_apart() -> None:
    assert {code for code, page in PAGES.items() if page.shell} == {
        "no-rulebook", "missing-file", "unreadable-file", "unknown-file", "not-utf-8",
        "unknown-parameter", "bad-setting", "topic-too-large", "no-topic", "no-examples",
        "lock-unreadable", "misplaced-file", "overrides-nothing", "overrides-unknown",
        "overridden-twice", "added-by-nobody", "unit-missing", "other-form", "not-disjoint"}


@pytest.mark.parametrize("code", [code for code, page in PAGES.items() if not page.shell])
def test_the_samples_show_what_the_page_says(code: str, tmp_path: Path) -> None:
    page = PAGES[code]
    put(tmp_path, page, page.wrong)
    wrong = {(problem.code, problem.level) for problem in check_rulebook(lambda: tmp_path).problems}
    assert (code, page.level) in wrong
    assert {each for each, _ in wrong} <= {code, *page.with_}
    put(tmp_path, page, page.right)
    assert check_rulebook(lambda: tmp_path, lock=page.locked).problems == ()


def put(folder: Path, page: Page, sample: str) -> None:
    """Write the small rulebook, with examples where the page is about them, and the sample."""
    with_examples = page.file.endswith(".examples.yaml")
    for path in [*(HERE / "tiny").glob("*.yaml"),
                 *((HERE / "problems").glob("*.yaml") if with_examples else ())]:
        (folder / path.name).write_text(path.read_text("utf-8"), encoding="utf-8")
    if page.locked:
        write_lock(folder, read_rulebook(folder))
    for name, (old, new) in page.also.items():
        replace(folder / name, old, new)
    replace(folder / page.file, page.instead or page.right, sample)


def replace(path: Path, old: str, new: str) -> None:
    """Put a piece in the place of another; in the file its lines may be further in."""
    text = path.read_text("utf-8")
    for width in range(12):
        indent = "\n" + " " * width
        piece = re.escape(old.replace("\n", indent))
        if len(re.findall(rf"^ {{{width}}}(?! ).*?{piece}", text, re.M)) == 1:
            path.write_text(text.replace(old.replace("\n", indent), new.replace("\n", indent)),
                            encoding="utf-8")
            return
    raise AssertionError(f"{path.name} does not hold just once: {old}")


@pytest.mark.parametrize("code", PAGES)
def test_no_sample_has_a_bracket_left_over(code: str) -> None:
    brackets = {"unknown-placeholder", "yaml-syntax", "not-an-expression"}  # what they are about
    for sample in (PAGES[code].wrong, PAGES[code].right)[code in brackets:]:
        assert [sample.count(left) - sample.count(right) for left, right in ("{}", "[]")] == [0, 0]
