"""Does the document say all that a rulebook says, in words, and does every link lead somewhere?"""

from __future__ import annotations

import re
from collections import Counter
from html.parser import HTMLParser
from pathlib import Path

import pytest
from command_line.program import OF_THE_SITE, run

from engine.document.building import Building
from engine.document.parts import Item, Listing, Page, Section, all_words, anchors, plain
from engine.document.wording import Wording
from engine.reports.document_html import html_of
from engine.reports.document_markdown import markdown_of
from engine.rulebook.definitions import Rulebook
from engine.rulebook.functions import FUNCTIONS, SINCE
from engine.rulebook.loader import load_rulebook
from engine.rulebook.terms import TRUTH, Constant, Function, Here
from engine.rulebook.types import TimeType

ROOT = Path(__file__).parents[2]
FOLDERS = [ROOT / "rules" / "itp-sirolimus", ROOT / "rules" / "itp-sirolimus-4-12",
           ROOT / "tests" / "rulebook" / "tiny", ROOT / "tests" / "rulebook" / "site"]
RULEBOOKS = {folder.name: load_rulebook(folder) for folder in FOLDERS}
PAGES = {name: Building(rulebook, {"inr": ["too high"]}).page()
         for name, rulebook in RULEBOOKS.items()}
of_each = pytest.mark.parametrize("name", RULEBOOKS)


def lines(items: tuple[Item, ...], depth: int = 0) -> list[str]:
    return [line for item in items
            for line in (f"{'  ' * depth}{plain(item.words)}", *lines(item.below, depth + 1))]


def section(page: Page, anchor: str) -> Section:
    waiting = list(page.sections)
    while waiting:
        each = waiting.pop()
        if each.anchor == anchor:
            return each
        waiting += each.sections
    raise AssertionError(anchor)


def said(page: Page, anchor: str) -> list[str]:
    """Return the lines under a heading."""
    return [line for block in section(page, anchor).blocks if isinstance(block, Listing)
            for line in lines(block.items)]


@of_each
def test_every_link_leads_somewhere_and_every_anchor_is_one(name: str) -> None:
    known = Counter(anchors(PAGES[name]))
    assert [anchor for anchor, count in known.items() if count > 1] == []
    links = {span.link for words in all_words(PAGES[name]) for span in words if span.link}
    assert links <= set(known)


@of_each
def test_everything_is_defined(name: str) -> None:
    rulebook, known = RULEBOOKS[name], set(anchors(PAGES[name]))
    rules = {f"rule-{rule.id}" for topic in rulebook.topics if topic.alert is None
             for rule in topic.rules}
    assert known >= {
        *(f"parameter-{each}" for each in rulebook.parameters),
        *(f"fact-{each}" for each in rulebook.facts),
        *(f"topic-{each.name}" for each in rulebook.topics), *rules,
        *(f"kind-{each}" for each in rulebook.vocabulary.kinds),
        *(f"severity-{each}" for each in rulebook.severities)}


@of_each
@pytest.mark.parametrize("form", [html_of, markdown_of])
def test_every_title_value_and_source_is_said(name: str, form: object) -> None:
    rulebook: Rulebook = RULEBOOKS[name]
    text = html_of(PAGES[name]) if form is html_of else markdown_of(PAGES[name])
    text = re.sub(r"<[^>]*>|\\", "", text)
    wanted = [rulebook.title, rulebook.version, rulebook.digest,
              *(topic.title for topic in rulebook.topics),
              *(rule.title for topic in rulebook.topics for rule in topic.rules),
              *(each.about for each in rulebook.parameters.values()),
              *(each.reason for each in rulebook.overrides),
              *(each.author for each in rulebook.overrides)]
    plainly = text.replace("&#x27;", "'").replace("&quot;", '"').replace("&amp;", "&")
    assert [each for each in wanted if each not in plainly] == []


def test_a_classification_reads_as_sentences() -> None:
    assert said(PAGES["tiny"], "topic-inr_class") == [
        "Conclusion inr_class, one of: high, low, in-range, not-clear; of several that hold the "
        "first stands",
        "Judged at the newest INR since warfarin was started",
        "The question arises only if the course of warfarin has begun",
        "high: INR too high (inr.high)",
        "  if its value is more than 3 (inr_high)",
        "  because: [the newest INR since warfarin was started] is above 3",
        '  Source: page (a default of this rulebook, not published): "target": The target range '
        "used here.",
        "low: INR too low (inr.low)",
        "  if all of these hold:",
        "    its value is less than 2 (inr_low)",
        "    not: the dose was changed in the days before the sample",
        "  because: [the newest INR since warfarin was started] is below 2; highest [highest], "
        "steady [the first event of two high INRs], bleedings [bleeds], dose [dose by weight]; "
        "25/18, 1 to 10 mg/d",
        '  Source: page (a default of this rulebook, not published): "target": The target range '
        "used here.",
        "in-range: INR in range (inr.ok)",
        "  if all of these hold:",
        "    its value is at least 2 (inr_low)",
        "    its value is at most 3 (inr_high)",
        '  Source: page (a default of this rulebook, not published): "target": The target range '
        "used here.",
        "Where no rule is certain and one is possible: not-clear",
        "Caveats: capillary: measured from a finger prick (if it is marked capillary)"]


def test_an_alert_reads_as_sentences() -> None:
    assert said(PAGES["tiny"], "topic-inr.overdue") == [
        "Alert inr.overdue",
        "Raised if at least one of these holds:",
        "  all of these hold:",
        "    the course of warfarin is running",
        "    more than 28 days (overdue) have passed since the newest INR since warfarin was "
        "started",
        "  all of these hold:",
        "    history is yes",
        "    more than 28 days (overdue) have passed since first high",
        "Severity:",
        "  moderate if old enough",
        "  else low",
        "Message: The newest INR is [the newest INR since warfarin was started]: repeat it.",
        "It is subsumed by: inr.bleeding",
        'Source: page (a default of this rulebook, not published): "target": The target range used '
        "here."]


def test_questions_read_as_sentences() -> None:
    told = "\n".join(said(PAGES["tiny"], "facts-inr"))
    assert """\
Whether the dose was changed in the days before the sample (changed)
  asked at an event (inr)
  whether there is any of the steps of the course of warfarin or of the steps of others
  surely before the event asked about
  at most 5 days (settling) back
  only where its direction is not stop
""" in told
    assert """\
Two high INRs (steady_high)
  whether it held on two occasions:
    its value is more than 3 (inr_high)
  at least so far apart: 7 days (week), or 12 hours (half_day) where both are timed
  looked for in: good inr; none between them may fail it
  either may begin or confirm it only if it is not marked capillary
  a failure is passed over if it is marked capillary
""" in told
    assert "only where washout for the drug of the newest step of the course of warfarin is more " \
        "than the number of days from it to the moment asked about" in told


def test_an_override_stands_beside_what_it_changes() -> None:
    assert said(PAGES["site"], "topic-inr_class")[8].strip().startswith(
        "Overridden in site 0.2.0 by B. Author on 2024-06-01: when {all: [value < inr_low, not "
        "changed]} -> value < inr_low. Reason: Somebody must come at once.")
    text = markdown_of(PAGES["site"])
    assert "| parameter [`inr_high`](#parameter-inr_high): value | 3 | 3.5 | A. Author (site " \
        "0.2.0) | Another reagent. |" in text
    assert "value was 3 before site 0.2.0." in text


def test_a_value_that_changes_with_time_is_shown_with_its_days(tmp_path: Path) -> None:
    for path in (ROOT / "tests" / "rulebook" / "tiny").glob("*.yaml"):
        (tmp_path / path.name).write_text(path.read_text("utf-8").replace(
            "{value: 3, cite", "{value: 3, from: {2024-06-01: 4}, cite"), "utf-8")
    page = Building(load_rulebook(tmp_path), {}).page()
    assert "  if its value is more than 3, from 2024-06-01: 4 (inr_high)" in said(
        page, "topic-inr_class")


def test_each_part_says_since_which_version_it_is_so() -> None:
    versions = dict.fromkeys(("classification inr_class", "rule inr.high", "alert inr.overdue",
                              "fact changed", "parameter overdue"), "0.1.0")
    versions |= {"rule inr.high": "0.2.0", "parameter inr_high": "0.9.0", "fact changed": "0.10.0"}
    page = Building(RULEBOOKS["tiny"], {}, versions).page()
    told = said(page, "topic-inr_class")
    assert told[0].startswith("Conclusion inr_class (since 0.1.0), one of: high, low,")
    assert "high: INR too high (inr.high, since 0.2.0)" in told
    assert "low: INR too low (inr.low)" in told
    assert told[-1] == ("What it rests on was changed later: changed (0.10.0), inr_high (0.9.0)")
    assert said(page, "topic-inr.overdue")[0] == "Alert inr.overdue (since 0.1.0)"
    assert "(changed, since 0.10.0)" in "\n".join(said(page, "facts-inr"))
    assert "`overdue` (since 0.1.0)" in markdown_of(page)


class Checker(HTMLParser):
    """Follows the tags of a page."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.ids: list[str] = []
        self.links: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag != "meta":
            self.open.append(tag)
        given = dict(attrs)
        self.ids += [given["id"] or ""] if "id" in given else []
        self.links |= {given["href"] or ""} if "href" in given else set()

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


@of_each
def test_the_page_is_whole_and_needs_nothing_else(name: str) -> None:
    text = html_of(PAGES[name])
    checker = Checker()
    checker.feed(text)
    assert checker.open == []
    assert max(Counter(checker.ids).values()) == 1
    assert checker.links <= {f"#{each}" for each in checker.ids}
    assert "<script" not in text and "http" not in text and "url(" not in text


def test_what_is_written_is_no_markup() -> None:
    rulebook = RULEBOOKS["tiny"]
    page = Page("<b>&", PAGES["tiny"].blocks, PAGES["tiny"].sections)
    assert "<h1>&lt;b&gt;&amp;</h1>" in html_of(page)
    assert markdown_of(page).startswith("# \\<b\\>&")
    assert rulebook.title


def test_one_topic_comes_with_all_that_it_needs() -> None:
    page = Building(RULEBOOKS["tiny"], {}).page("inr.bleeding")
    told = {anchor for anchor in anchors(page) if anchor.startswith(("fact-", "parameter-"))}
    assert told == {
        "fact-bled", "fact-last_inr", "fact-good_inr", "fact-warfarin", "fact-dose_a_day",
        "fact-azole", "fact-alive", "fact-death", "parameter-grave", "parameter-week",
        "parameter-course_gap"}


@pytest.mark.parametrize(("form", "begins"), [
    ("text", "A small rulebook"), ("markdown", "# A small rulebook"), ("html", "<!doctype html>")])
def test_the_command_prints_each_form(form: str, begins: str) -> None:
    done = run("rules", "show", str(FOLDERS[2]), "--format", form)
    assert (done.exit_code, done.stderr) == (0, "")
    assert done.stdout.startswith(begins)


def test_the_command_shows_examples_and_what_is_set() -> None:
    out = run("rules", "show", "itp-sirolimus-4-12", "--topic", "level", "--set",
              "target_low=3", "--format", "markdown").stdout
    assert "- 4.5 is in target here" in out
    assert "3 ng/mL (set for this run)" in out
    assert f"value was 5 ng/mL before {OF_THE_SITE}." in out


def test_a_topic_that_is_not_there() -> None:
    done = run("rules", "show", str(FOLDERS[2]), "--topic", "inr_clas")
    assert done.exit_code == 2
    assert "topic: found 'inr_clas', expected a file, a classification or an alert of the " \
        "rulebook; did you mean 'inr_class'?" in done.stderr


def test_a_condition_that_could_be_misread_has_brackets(tmp_path: Path) -> None:
    for path in (ROOT / "tests" / "rulebook" / "tiny").glob("*.yaml"):
        (tmp_path / path.name).write_text(path.read_text("utf-8").replace(
            "- {is: moderate, when: old_enough}",
            "- {is: moderate, when: {all: [bled, {any: [old_enough, alive]}, "
            "{none: [bled, not alive]}]}}"), "utf-8")
    assert ("  moderate if there was grave bleeding in the last week and (old enough or no death "
            "is recorded) and (not: (there was grave bleeding in the last week or (not: no death "
            "is recorded)))") in said(Building(load_rulebook(tmp_path), {}).page(),
                                      "topic-inr.overdue")


def test_every_function_of_the_language_has_words_of_its_own() -> None:
    wording, moment = Wording(RULEBOOKS["tiny"]), Here(TimeType())
    for name in FUNCTIONS - SINCE.keys():
        arguments = (Constant(True, TRUTH),) if name in {"possibly", "certainly"} else (
            moment, moment)
        words = plain(wording.noun(Function(name, arguments, TRUTH)))
        assert not words.startswith(f"{name.replace('_', ' ')} of "), name


TALLIES = """\
title: What is counted
facts:
  inrs: {about: the final INRs, series: inr, where: status == final}
  how_many: {about: how many INRs there are, count: inrs}
  lowest: {about: the lowest INR, min: inrs, value: value}
  ever: {about: whether an INR was ever measured, any: inrs}
  stray: {about: how many strays there are, count: warfarin.ignored, within: one_day}
"""


def test_what_is_counted_is_read_aloud(tmp_path: Path) -> None:
    for path in (ROOT / "tests" / "rulebook" / "tiny").glob("*.yaml"):
        (tmp_path / path.name).write_bytes(path.read_bytes())
    (tmp_path / "tallies.yaml").write_text(TALLIES, encoding="utf-8")
    with (tmp_path / "parameters.yaml").open("a", encoding="utf-8") as parameters:
        parameters.write("one_day: {value: 1, unit: days, cite: book, about: a day}\n")
    page = Building(load_rulebook(tmp_path), {}).page()
    items = {item.anchor: lines(item.below) for part in page.sections for below in part.sections
             for block in below.blocks if isinstance(block, Listing) for item in block.items}
    answers = {name: items[f"fact-{name}"][0] for name in ("how_many", "lowest", "ever")}
    assert answers == {"how_many": "how many there are of the final INRs",
                       "lowest": "the least of its value over the final INRs",
                       "ever": "whether there is any of the final INRs"}
    assert "at most 1 day (one_day) back" in items["fact-stray"]
