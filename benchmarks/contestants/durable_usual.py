"""durable_rules as its guide teaches it: one rule a decorator, each event asserted and taken back.

The network itself remembers that sirolimus was stopped, that there was a response and that
mycophenolate was given, as facts of the patient's session; the host adds only the baseline.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from hosting import PR_FOLD
from measuring import Conclusion, Event, Judge, contest, missing

try:
    from durable import engine
    from durable.lang import c, get_host, m, none, ruleset, when_all
except ImportError:
    raise missing("durable_rules") from None

RULES = "letter"


class Found:
    """What was concluded about the event that is in the session."""

    def __init__(self) -> None:
        self.names: list[str] = []

    def conclude(self, name: str) -> None:
        """Note a conclusion."""
        self.names.append(name)

    def remember(self, closure: Any, state: str) -> None:
        """Keep a fact about the past in the session."""
        closure.assert_fact({"id": state, "sid": closure.s.sid, "state": state})


def _rules(found: Found) -> None:
    with ruleset(RULES):
        count = (m.kind == "platelet_count") & (m.started == 1)
        level = (m.kind == "drug_level") & (m.started == 1) & (m.drug == "sirolimus")
        sirolimus = (m.kind == "medication") & (m.drug == "sirolimus")

        @when_all(c.event << count & (m.value >= 100))
        def complete(c):
            found.conclude("response.cr")

        @when_all(c.event << count & (m.value >= 30) & (m.value < 100) & (m.rise >= 0))
        def partial(c):
            found.conclude("response.pr")

        # One rule with an `|` would fire twice where both of its branches hold.
        @when_all(c.event << count & (m.value < 30))
        def too_low(c):
            found.conclude("response.nr")

        @when_all(c.event << count & (m.value >= 30) & (m.value < 100) & (m.rise < 0))
        def too_small_a_rise(c):
            found.conclude("response.nr")

        @when_all(c.event << count & (m.value >= 30) & ((m.value >= 100) | (m.rise >= 0)),
                  none(m.state == "responded"))
        def first_response(c):
            found.remember(c, "responded")

        @when_all(c.event << level & (m.value < 5))
        def low(c):
            found.conclude("level.low")

        @when_all(c.event << level & (m.value >= 5) & (m.value <= 15))
        def target(c):
            found.conclude("level.target")

        @when_all(c.event << level & (m.value > 15))
        def high(c):
            found.conclude("level.high")

        @when_all(c.event << (m.kind == "medication") & (m.drug == "mycophenolate-mofetil"),
                  none(m.state == "mycophenolate"))
        def mycophenolate(c):
            found.remember(c, "mycophenolate")

        @when_all(c.event << sirolimus & (m.first == 1) & (m.baseline < 30),
                  c.given << m.state == "mycophenolate")
        def eligible(c):
            found.conclude("rescue.eligible")

        @when_all(c.event << sirolimus & (m.action == "stop"), none(m.state == "off"))
        def stopped(c):
            found.remember(c, "off")

        @when_all(c.event << sirolimus & (m.action == "start"), c.off << m.state == "off")
        def started_again(c):
            c.retract_fact(c.off)

        @when_all(c.off << m.state == "off", c.response << m.state == "responded",
                  c.event << count & (m.value < 30))
        def recurrence(c):
            found.conclude("recurrence.count")

        @when_all(c.off << m.state == "off", c.response << m.state == "responded",
                  c.event << (m.kind == "bleeding") & (m.grade >= 1) & (m.cause == "spontaneous"))
        def bleeding(c):
            found.conclude("recurrence.bleeding")


def prepare() -> Judge:
    """Return a judge with one host and one session for each patient."""
    engine.Host._run = lambda _self: None  # two timer threads, of no use here
    found = Found()
    _rules(found)
    host = get_host()

    def judge(events: list[Event]) -> list[Conclusion]:
        sid, concluded = events[0]["patient"], []
        for event, baseline, fact in _facts(events, sid):
            found.names = []
            try:
                host.assert_fact(RULES, fact)
            except engine.MessageNotHandledException:
                continue  # no rule takes such a fact: nothing matched, nothing is kept
            host.retract_fact(RULES, fact)
            rests = [event["id"]] if baseline is None else [event["id"], baseline["id"]]
            concluded += [(event, name, rests) for name in found.names]
        host.delete_state(RULES, sid)
        return concluded

    return judge


def _facts(events: list[Event], sid: str) -> Iterator[tuple[Event, Event | None, Event]]:
    """Yield each event, the baseline, and the event as a fact with what it needs of the two."""
    baseline, started = None, False
    for event in events:
        kind = event["kind"]
        fact: Event = {"id": event["id"], "sid": sid, "kind": kind}
        if started:
            fact["started"] = 1
        if kind == "platelet_count":
            fact["value"] = event["value"]
            if not started:
                baseline = event
            elif baseline is not None:
                fact["rise"] = event["value"] - PR_FOLD * baseline["value"]
        elif kind == "drug_level":
            fact["drug"], fact["value"] = event["drug"], event["value"]
        elif kind == "medication":
            fact["drug"], fact["action"] = event["drug"], event["action"]
            if event["drug"] == "sirolimus" and event["action"] == "start" and not started:
                started, fact["first"] = True, 1
                if baseline is not None:
                    fact["baseline"] = baseline["value"]
        elif kind == "bleeding":
            fact["grade"], fact["cause"] = event["grade"], event["cause"]
        yield event, baseline, fact


if __name__ == "__main__":
    contest(prepare)
