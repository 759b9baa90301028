"""Does whynot name what stood against a conclusion, and the change that a haematologist expects?"""

from __future__ import annotations

import pytest

from .asked import ITP, MMF, Line, asked, bleeding, count, drug, finding, level, sirolimus, texts

BASE = (ITP, count("2014-12-30", 9), sirolimus())
STOPPED = (ITP, drug("2014-06-01", MMF, "start"))


def ways(what: str, *lines: Line) -> list[str]:
    return [way.text for way in asked(what, *lines).ways]


def test_a_partial_response_needs_so_much_more() -> None:
    answer = asked("response=PR", *BASE, count("2015-03-01", 18))
    assert ("the count that is judged (18 x10^9/L) is less than 30 x10^9/L (pr_count): "
            "needs at least 30 x10^9/L, has 18 x10^9/L") in texts(answer.against)
    assert [way.text for way in answer.ways] == [
        "It would hold with one more platelet count of 30 x10^9/L on 2015-03-02",
        "It would hold had the platelet count of 18 x10^9/L on 2015-03-01 been 30 x10^9/L"]
    assert [way.is_past for way in answer.ways] == [False, True]


def test_the_boundary_is_that_of_the_fold_where_it_is_higher() -> None:
    lines = (ITP, count("2014-12-30", "18.3"), sirolimus(), count("2015-03-01", 31))
    assert "36.6 x10^9/L" in ways("response=PR", *lines)[0]


def test_less_than_is_the_next_number_as_it_is_printed() -> None:
    assert "4.9 ng/mL" in ways("level=low", *BASE, level("2015-03-01", "6.2"))[0]
    assert "count of 29 x10^9/L" in ways("response=NR", ITP, count("2014-12-30", 9), sirolimus(),
                                         count("2015-03-01", 120))[0]


def test_a_value_that_goes_before_stands_against_it() -> None:
    answer = asked("response=PR", *BASE, count("2015-03-01", 120))
    assert "CR holds, and goes before it" in texts(answer.against)
    assert answer.ways[0].text.endswith("one more platelet count of 99 x10^9/L on 2015-03-02")


def test_a_censored_count_is_not_taken_for_a_low_one() -> None:
    answer = asked("response=PR", *BASE, count("2015-03-01", "<40"))
    assert any(text.startswith("not known: the count that is judged (< 40")
               for text in texts(answer.against))
    assert answer.ways


def test_a_response_by_the_iwg_needs_its_confirmation() -> None:
    answer = asked("response_iwg=CR", *BASE, bleeding("2015-05-01", 0), count("2015-05-02", 110))
    assert any(text.endswith("one more on 2015-05-09 or later, 7 days after that of 2015-05-02")
               for text in texts(answer.against))
    (way,) = answer.ways[:1]
    assert "count of 110 x10^9/L on 2015-05-09" in way.text
    assert "bleeding of grade 0 on 2015-05-09" in way.text


def test_time_alone_makes_a_trial_adequate() -> None:
    answer = asked("mmf=nonresponse", ITP, count("2014-12-30", 9),
                   drug("2015-01-01", MMF, "start", dose=1200, unit="mg/m2/d"),
                   count("2015-02-20", 12), count("2015-03-14", 12))
    assert any(text.endswith("12 more days, on 2015-03-26") for text in texts(answer.against))
    assert answer.ways[0].text == (
        "It would hold on 2015-03-26 if nothing else happens: 12 more days")
    assert not any("death" in way.text for way in answer.ways)  # which adds nothing to the time


@pytest.mark.parametrize(("stop", "said"), [
    (drug("2014-12-20", MMF, "stop", reason="intolerance"),
     "is intolerance (stopped for intolerance)"),
    (drug("2014-07-20", MMF, "stop", reason="no-response"),
     "is inadequate-trial (stopped for no response after only 49 days)"),
])
def test_a_rescue_is_not_suggested_where_mycophenolate_has_not_failed(stop: Line,
                                                                      said: str) -> None:
    answer = asked("rescue.sirolimus", *STOPPED, stop, count("2014-12-30", 9))
    assert any(said in text and "needed is" in text for text in texts(answer.against))
    assert answer.ways


def test_a_rescue_at_a_count_that_is_not_low() -> None:
    answer = asked("rescue.sirolimus", *STOPPED,
                   drug("2014-12-20", MMF, "stop", reason="no-response"), count("2014-12-30", 40))
    assert "whether there was spontaneous bleeding in the last week: no" in texts(answer.against)
    assert {way.text for way in answer.ways[:2]} == {
        "It would be open with one more platelet count of 29 x10^9/L on 2014-12-31",
        "It would be open with a record of bleeding of grade 1 on 2014-12-31"}


def test_a_rescue_of_a_child_who_is_on_sirolimus() -> None:
    answer = asked("rescue.sirolimus", *STOPPED, drug("2014-12-20", MMF, "stop",
                   reason="no-response"), count("2014-12-30", 9), sirolimus())
    assert "the course of sirolimus (running since 2015-01-01) has begun" in texts(answer.against)
    assert [way.text for way in answer.ways] == [
        "It would be open had there not been the medication (sirolimus start 2 mg/m2/d) on "
        "2015-01-01"]


def test_after_a_death_the_question_does_not_arise() -> None:
    answer = asked("rescue.sirolimus", *STOPPED, drug("2014-12-20", MMF, "stop",
                   reason="no-response"), count("2014-12-30", 9),
                   {"kind": "outcome", "at": "2015-01-05", "outcome": "death"})
    assert "the question does not arise" in texts(answer.against)


def test_a_low_level_before_the_steady_state_can_be_judged_later() -> None:
    answer = asked("level.low", *BASE, level("2015-01-05", 4))
    assert any(text.endswith("one judged on 2015-01-08 or later would not have it")
               for text in texts(answer.against))
    assert [way.text for way in answer.ways] == [
        "It would be open with one more drug level (sirolimus) of 4 ng/mL on 2015-01-08"]


def test_a_relapse_without_a_response_needs_both() -> None:
    answer = asked("relapse=yes", *BASE, count("2015-03-01", 12))
    assert answer.against is not None
    assert answer.against.below[0].text == "the question does not arise"
    assert {len(way.supposed) for way in answer.ways} == {2}


def test_a_recurrence_needs_a_stop_and_a_loss() -> None:
    found = ways("recurrence.off-drug", *BASE, count("2015-03-01", 60))
    assert found[0].count("medication (sirolimus stop)") == 1
    assert "2015-03-03" in found[0]  # a day after the stop: on the day itself it is not surely off


def test_a_loss_on_taper_needs_the_taper_before() -> None:
    found = ways("loss.on-taper", *BASE, count("2015-03-01", 60))
    assert any("medication (sirolimus taper) on 2015-03-02" in text
               and "count of 29 x10^9/L on 2015-03-03" in text for text in found), found


def test_a_fact_is_asked_about_by_yes_or_no() -> None:
    assert ways("low_now=yes", *BASE) == []  # it holds: 9 is low
    (first, *_) = ways("low_now=no", *BASE)
    assert first == "It would hold with one more platelet count of 30 x10^9/L on 2015-01-02"


def test_a_group_whose_criteria_were_not_tested() -> None:
    answer = asked("group=primary-itp", ITP,
                   finding("2014-02-01", "lymphoproliferation", present=False))
    assert sum("would be decided by" in text for text in texts(answer.against)) == 3
    assert len(answer.ways[0].supposed) == 3


def test_what_nobody_can_bring_about_is_said() -> None:
    answer = asked("loss_iwg=loss-of-CR", ITP)
    assert answer.against is not None
    assert not answer.ways


def test_what_holds_is_not_explained_away() -> None:
    answer = asked("response=PR", *BASE, count("2015-03-01", 40))
    assert answer.against is None
    assert answer.ways == ()


def test_another_moment_is_asked_about_with_what_came_later() -> None:
    answer = asked("response=PR", *BASE, count("2015-03-01", 18), count("2015-04-01", 40),
                   at="2015-03-10")
    assert answer.ways[0].text == (
        "It would hold on 2015-04-01, by what is known to have come since")
