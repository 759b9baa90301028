"""Alerts as a pharmacist meets them: on the worklist, acknowledged, put off, corrected, over."""

from __future__ import annotations

import json
from typing import Any

import pytest

from .stores import Desk, Line

START: Line = {"id": "s", "patient": "eva", "kind": "medication", "at": "2016-01-01",
               "drug": "sirolimus", "action": "start", "dose": 2.2, "unit": "mg/m2/d"}
LOW: Line = {"id": "l1", "patient": "eva", "kind": "drug_level", "at": "2016-03-01T08:00:00Z",
             "drug": "sirolimus", "value": 4.6, "unit": "ng/mL", "sample": "trough"}
ID = "eva/level.low@2016-03-01T08:00:00Z"


@pytest.fixture
def low(desk: Desk) -> Desk:
    """A store with one low level, received the morning it was drawn."""
    desk.on("2016-03-01T09:00:00")
    desk.ingest([START, LOW])
    return desk


def level(value: float, at: str, name: str, **fields: Any) -> Line:
    return {**LOW, "id": name, "value": value, "at": at, **fields}


def listed(desk: Desk, *options: str) -> list[dict[str, Any]]:
    result = desk.ask("alerts", "--format", "json", *options)
    assert result.exit_code == 0, result.output
    found: list[dict[str, Any]] = json.loads(result.stdout)["alerts"]
    return [each for each in found if each["rule"].startswith(("level", "dose"))
            and each["rule"] != "monitoring.level-due"]


def steps(desk: Desk, name: str = ID) -> list[dict[str, Any]]:
    result = desk.ask("show", name, "--format", "json")
    assert result.exit_code == 0, result.output
    found: list[dict[str, Any]] = json.loads(result.stdout)["steps"]
    return found


def acknowledge(desk: Desk, name: str = ID, command: str = "ack", *more: str) -> Any:
    return desk.ask(command, name, "--by", "Rossi", "--reason", "called the family", *more)


def test_the_worklist(low: Desk) -> None:
    (alert,) = listed(low)
    assert (alert["id"], alert["state"], alert["severity"]) == (ID, "open", "low")
    page = low.ask("alerts").stdout
    assert "Subtherapeutic sirolimus level" in page and ID in page and "today" in page


def test_to_look_again_or_ingest_again_raises_nothing(low: Desk) -> None:
    listed(low)
    low.ingest([START, LOW])
    listed(low)
    listed(low)
    assert [each["change"] for each in steps(low)] == ["raised"]


def test_acknowledged_until_it_asks_again(low: Desk) -> None:
    done = acknowledge(low)
    assert done.exit_code == 0
    assert "is acknowledged until 2016-03-31 09:00; then it asks again" in done.stdout
    assert listed(low) == []
    (alert,) = listed(low, "--state", "acknowledged")
    assert alert["because"] == "Rossi: called the family"
    assert "Not shown: 1 acknowledged" in low.ask("alerts").stdout
    low.on("2016-03-31T08:59:00")
    assert listed(low) == []
    low.on("2016-03-31T09:01:00")
    (alert,) = listed(low)
    assert alert["because"] == "acknowledged by Rossi 30 days ago, and it still holds"
    assert [each["change"] for each in steps(low)] == ["raised", "acknowledged", "reopened"]


def test_a_graver_alert_asks_again_at_once(low: Desk) -> None:
    acknowledge(low)
    low.on("2016-03-02T09:00:00")
    low.ingest([level(2.1, "2016-03-02T08:00:00Z", "l2")])
    (alert,) = listed(low)
    assert alert["severity"] == "moderate"
    assert alert["because"] == "acknowledged by Rossi when it was low; it is moderate now"


def test_a_correction_of_what_it_rested_on_asks_again(low: Desk) -> None:
    acknowledge(low)
    low.on("2016-03-01T11:00:00")
    low.ingest([{**LOW, "value": 4.7, "status": "corrected", "recorded": "2016-03-01T10:00:00Z"}])
    (alert,) = listed(low)
    assert alert["because"] == "acknowledged by Rossi before l1 was corrected or withdrawn"
    assert [each["because"] for each in steps(low) if each["change"] == "amended"] == [
        "l1 corrected"]


def test_a_correction_withdraws_and_says_so(low: Desk) -> None:
    listed(low)
    low.on("2016-03-01T11:00:00")
    low.ingest([{**LOW, "value": 9, "status": "corrected", "recorded": "2016-03-01T10:00:00Z"}])
    assert listed(low) == []
    (alert,) = listed(low, "--state", "withdrawn")
    assert alert["because"] == "l1 corrected"
    assert "withdrawn: l1 corrected" in low.ask("show", ID).stdout
    (then,) = listed(low, "--as-of", "2016-03-01T09:30:00Z")
    assert then["state"] == "open"
    refused = acknowledge(low)
    assert refused.exit_code == 2
    assert "found an alert that is withdrawn (l1 corrected), expected one that still" in (
        refused.stderr)


def test_what_was_withdrawn_may_come_back(low: Desk) -> None:
    listed(low)
    low.ingest([{**LOW, "status": "entered-in-error", "recorded": "2016-03-01T08:30:00Z"}])
    assert listed(low) == []
    low.ingest([{**LOW, "status": "corrected", "recorded": "2016-03-01T08:40:00Z"}])
    (alert,) = listed(low)
    assert alert["id"] == ID
    assert [each["change"] for each in steps(low)] == ["raised", "withdrawn", "raised"]


def test_late_data_moves_the_beginning_and_the_old_id_still_serves(low: Desk) -> None:
    listed(low)
    low.ingest([level(4.8, "2016-02-20T08:00:00Z", "l0", recorded="2016-03-01T08:30:00Z")])
    (alert,) = listed(low)
    assert alert["id"] == "eva/level.low@2016-02-20T08:00:00Z"
    assert alert["was"] == [ID]
    assert acknowledge(low, ID).exit_code == 0
    assert listed(low) == []


def test_a_repeat_is_quiet_for_a_while(low: Desk) -> None:
    acknowledge(low)
    low.on("2016-03-09T09:00:00")
    low.ingest([level(9, "2016-03-05T08:00:00Z", "l2"), level(4.7, "2016-03-09T08:00:00Z", "l3")])
    assert listed(low) == []
    (alert,) = listed(low, "--state", "suppressed")
    assert alert["because"] == (
        f"a repeat of {ID}, acknowledged by Rossi less than 14 days ago, and no worse")
    assert alert["raised"] is None
    low.on("2016-03-15T09:01:00")
    (alert,) = listed(low)
    assert alert["id"] == "eva/level.low@2016-03-09T08:00:00Z"


def test_one_cause_has_one_alert(desk: Desk) -> None:
    desk.on("2016-01-01T12:00:00")
    desk.ingest([{**START, "dose": 22}])
    (alert,) = listed(desk)
    assert alert["rule"] == "dose.tenfold"
    (quiet,) = listed(desk, "--state", "suppressed")
    assert quiet["rule"] == "dose.initial"
    assert quiet["because"] == f"one cause, one alert: {alert['id']} tells of it"
    refused = acknowledge(desk, quiet["id"])
    assert refused.exit_code == 2 and "found an alert that is suppressed" in refused.stderr


def test_put_off_until_a_time(low: Desk) -> None:
    assert acknowledge(low, ID, "snooze", "--until", "2016-03-03").exit_code == 0
    assert listed(low) == []
    low.on("2016-03-03T00:00:01")
    (alert,) = listed(low)
    assert alert["because"] == "the snooze of Rossi is over"


@pytest.mark.parametrize(("until", "words"), [
    ("2016-02-01", "expected a time to come"),
    ("2016-04-01", "expected at most 30 days from now"),
    ("soon", "expected a date"),
])
def test_it_can_not_be_put_off_for_ever_or_into_the_past(low: Desk, until: str,
                                                         words: str) -> None:
    refused = acknowledge(low, ID, "snooze", "--until", until)
    assert refused.exit_code == 2 and words in refused.stderr
    assert [each["state"] for each in listed(low)] == ["open"]


def test_an_unknown_id(low: Desk) -> None:
    listed(low)
    refused = acknowledge(low, "eva/level.lo@2016-03-01T08:00:00Z")
    assert refused.exit_code == 2
    assert f"did you mean '{ID}'?" in refused.stderr


def test_somebody_and_a_reason_are_needed(low: Desk) -> None:
    listed(low)
    refused = low.ask("ack", ID, "--by", "Rossi", "--reason", "  ")
    assert refused.exit_code == 2 and "reason: found nothing" in refused.stderr


def test_another_rulebook_withdraws_what_it_does_not_say(low: Desk) -> None:
    listed(low)
    low.ask("assess", "--set", "target_low=4")
    assert listed(low) == []
    (alert,) = listed(low, "--state", "withdrawn")
    assert alert["because"] == "another rulebook is in force"


def test_resolved_when_it_no_longer_holds(low: Desk) -> None:
    listed(low)
    low.on("2016-03-05T09:00:00")
    low.ingest([level(9, "2016-03-05T08:00:00Z", "l2")])
    (alert,) = listed(low, "--state", "resolved")
    assert alert["because"] == "it no longer holds since 2016-03-05T08:00:00Z"
    assert steps(low)[-1]["because"].endswith(": new l2")


def test_the_gravest_first_then_the_oldest(desk: Desk) -> None:
    desk.on("2016-04-01T12:00:00")
    lines = []
    for name, value, day in (("a", 4.6, "2016-03-20"), ("b", 22, "2016-03-25"),
                             ("c", 4.6, "2016-03-10"), ("d", 26, "2016-03-01")):
        lines += [{**START, "patient": name},
                  {**LOW, "patient": name, "value": value, "at": f"{day}T08:00:00Z"}]
    desk.ingest(lines)
    assert [each["patient"] for each in listed(desk)] == ["d", "b", "c", "a"]
    assert [each["patient"] for each in listed(desk, "--patient", "a", "--patient", "b")] == [
        "b", "a"]
    assert [each["patient"] for each in listed(desk, "--rule", "level.high")] == ["d", "b"]


def test_time_alone_is_written_at_its_moment(desk: Desk) -> None:
    """A worklist of a later day shows what has become true since, without a new event."""
    desk.on("2016-01-02T12:00:00")
    desk.ingest([{"id": "d", "patient": "eva", "kind": "diagnosis", "at": "2015-01-01",
                  "condition": "itp"},
                 {"id": "m", "patient": "eva", "kind": "medication", "at": "2015-11-01",
                  "drug": "mycophenolate-mofetil", "action": "start", "dose": 1200,
                  "unit": "mg/m2/d"},
                 {"id": "b", "patient": "eva", "kind": "platelet_count", "at": "2015-11-01",
                  "value": 10, "unit": "10*9/L"},
                 {"id": "c", "patient": "eva", "kind": "platelet_count", "at": "2016-01-02",
                  "value": 12, "unit": "10*9/L"}])

    def rescue() -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = json.loads(
            desk.ask("alerts", "--format", "json", "--rule", "rescue.sirolimus").stdout)["alerts"]
        return found

    assert rescue() == []
    desk.on("2016-01-24T12:00:00")
    (alert,) = rescue()
    assert alert["from"] == "2016-01-24"


def test_a_changed_step_is_found(low: Desk) -> None:
    acknowledge(low)
    base = low.open()
    base.execute("DROP TRIGGER steps_update")
    base.execute("UPDATE steps SET by = 'Bianchi' WHERE change = 'acknowledged'")
    verdict = low.ask("audit verify")
    assert verdict.exit_code == 6 and "steps" in verdict.stdout
    shown = low.ask("show", ID)
    assert shown.exit_code == 6 and "steps is not as it was written" in shown.stderr


def test_marks_can_be_lost(low: Desk) -> None:
    acknowledge(low)
    low.open().execute("DELETE FROM marks")
    assert listed(low) == []
    assert [each["change"] for each in steps(low)] == ["raised", "acknowledged"]


def test_an_empty_store_says_what_to_do(desk: Desk) -> None:
    missing = desk.ask("alerts")
    assert missing.exit_code == 2 and "there is no such store" in missing.stderr


def test_lines_that_contradict_each_other_are_told_at_every_look(low: Desk) -> None:
    """An alert that is missing because nobody knows which line is right is not good news."""
    low.on("2016-03-02T09:00:00")
    low.ingest([level(22, "2016-03-02T08:00:00Z", "l2"), level(9, "2016-03-02T08:00:00Z", "l2")])
    for _ in range(2):
        page = low.ask("alerts")
        assert page.stderr.count("contradict each other") == 2
        assert "2 refused. No alert rests on these lines" in page.stderr
    found = json.loads(low.ask("alerts", "--format", "json").stdout)
    assert [each["source"] for each in found["refused"]] == ["store", "store"]
    assert low.ask("alerts", "--as-of", "2016-03-01").stderr == ""
    low.ingest([level(9, "2016-03-02T08:00:00Z", "l2", recorded="2016-03-02T08:30:00Z",
                      status="corrected")])
    assert low.ask("alerts").stderr == ""


def test_a_contradiction_is_named_where_it_withdraws(low: Desk) -> None:
    listed(low)
    low.ingest([{**LOW, "value": 4.1}])
    assert listed(low) == []
    (alert,) = listed(low, "--state", "withdrawn")
    assert alert["because"] == "l1 contradicted by another line"


@pytest.mark.parametrize(("options", "words"), [
    (("--patient", "eve"), "patient: found 'eve', expected one of this store; did you mean 'eva'?"),
    (("--rule", "level.lo"), "did you mean 'level.low'?"),
    (("--as-of", "2016-04-01"), "which has not come yet"),
])
def test_a_slip_is_no_empty_page(low: Desk, options: tuple[str, ...], words: str) -> None:
    asked = low.ask("alerts", *options)
    assert asked.exit_code == 2 and words in asked.stderr and not asked.stdout


def test_who_acknowledges_reads_what_it_says_now(low: Desk) -> None:
    low.on("2016-03-02T09:00:00")
    low.ingest([level(2.1, "2016-03-02T08:00:00Z", "l2")])
    done = acknowledge(low)
    assert "\nmoderate  Subtherapeutic sirolimus level: Sirolimus level 2.1 ng/mL" in done.stdout


def test_a_hint_can_be_typed_as_it_stands(desk: Desk) -> None:
    desk.on("2016-03-01T09:00:00")
    name = "Maria B/3 @x"
    desk.ingest([{**START, "patient": name}, {**LOW, "patient": name}])
    shown = desk.ask("show", f"{name}/level.low@2016-03-01T08:00:00Z")
    assert f"why '{name}' --store" in shown.stdout


def test_marks_that_would_hide_alerts_are_found(low: Desk) -> None:
    listed(low)
    low.open().execute("UPDATE marks SET received = 99, due = '9999-12-31T23:59:59.999999Z'")
    verdict = low.ask("audit verify")
    assert verdict.exit_code == 6 and "row 99 of received" in verdict.stdout



@pytest.mark.parametrize("change", [
    "due = '2030-01-01T00:00:00.000000Z'",  # the snooze would never be over
    "due = (SELECT due FROM before)", "seal = x''", "rulebook = 'other'"])
def test_a_mark_that_somebody_moved_is_found(low: Desk, change: str) -> None:
    listed(low)
    low.open().execute("CREATE TABLE before AS SELECT * FROM marks")
    acknowledge(low, ID, "snooze", "--until", "2016-03-03")
    assert low.ask("audit verify").stdout == "tables: found table before added, " + (
        "expected nothing of that name\n1 finding: the store is not as it was written. Keep it, "
        "and go on with a copy from before.\n")
    low.open().execute(f"UPDATE marks SET {change}")
    verdict = low.ask("audit verify")
    assert verdict.exit_code == 6
    assert "marks: found a mark of patient 'eva' (next at 20" in verdict.stdout
    low.open().execute("DELETE FROM marks")
    low.open().execute("DROP TABLE before")
    assert low.ask("audit verify").exit_code == 0
    low.on("2016-03-03T00:00:01")
    assert listed(low)[0]["because"] == "the snooze of Rossi is over"


def test_a_mark_of_earlier_does_not_fit_today(low: Desk) -> None:
    """Who puts back what the program itself once wrote hides that it goes on sooner now."""
    listed(low)
    base = low.open()
    old = base.execute("SELECT * FROM marks").fetchone()
    acknowledge(low, ID, "snooze", "--until", "2016-03-03")
    base.execute("REPLACE INTO marks VALUES (?, ?, ?, ?, ?, ?)", old)
    assert low.ask("audit verify").exit_code == 6
