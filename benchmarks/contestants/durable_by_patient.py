"""durable_rules in its best form: all facts of a patient asserted at once, each flat.

The host adds the baseline and what had happened before (stopped, responded, mycophenolate), so
that no rule joins two facts; what was concluded about whom comes back through the actions.
"""

from __future__ import annotations

from typing import Any

from hosting import flat
from measuring import Conclusion, Event, Judge, contest, missing

try:
    from durable import engine
    from durable.lang import c, get_host, m, ruleset, when_all
except ImportError:
    raise missing("durable_rules") from None

RULES = "letter"


def _rules(found: set[tuple[str, str]]) -> None:
    def conclude(name: str, closure: Any) -> None:
        found.add((closure.event.id, name))

    with ruleset(RULES):
        count, level = m.kind == "platelet_count", m.kind == "drug_level"

        @when_all(c.event << count & (m.value >= 100))
        def complete(c):
            conclude("response.cr", c)

        @when_all(c.event << count & (m.value >= 30) & (m.value < 100) & (m.rise == "enough"))
        def partial(c):
            conclude("response.pr", c)

        @when_all(c.event << count & (m.value < 100) & ((m.value < 30) | (m.rise == "small")))
        def no_response(c):
            conclude("response.nr", c)

        @when_all(c.event << level & (m.value < 5))
        def low(c):
            conclude("level.low", c)

        @when_all(c.event << level & (m.value >= 5) & (m.value <= 15))
        def target(c):
            conclude("level.target", c)

        @when_all(c.event << level & (m.value > 15))
        def high(c):
            conclude("level.high", c)

        @when_all(c.event << (m.kind == "start") & (m.value < 30) & (m.failed == 1))
        def eligible(c):
            conclude("rescue.eligible", c)

        @when_all(c.event << count & (m.value < 30) & (m.lost == 1))
        def recurrence(c):
            conclude("recurrence.count", c)

        @when_all(c.event << (m.kind == "bleeding") & (m.value >= 1) & (m.lost == 1)
                  & (m.cause == "spontaneous"))
        def bleeding(c):
            conclude("recurrence.bleeding", c)

        # A fact that no rule takes would end the batch: this one never fires, and takes the rest.
        @when_all(c.event << (m.kind == "bleeding") | (m.kind == "start") | (m.rise == "unknown"),
                  m.kind == "nothing")
        def left_over(c):
            raise AssertionError("there is no such fact")


def prepare() -> Judge:
    """Return a judge with one host and one session for each patient."""
    engine.Host._run = lambda _self: None  # two timer threads, of no use here
    found: set[tuple[str, str]] = set()
    _rules(found)
    host = get_host()

    def judge(events: list[Event]) -> list[Conclusion]:
        sid = events[0]["patient"]
        given = {event["id"]: (event, fact) for event, fact in flat(events)}
        facts = [{"id": fact["id"], "sid": sid, "kind": fact["kind"], "value": fact["value"],
                  "rise": fact["rise"], "lost": int(fact["lost"]), "cause": fact["cause"],
                  "failed": int(fact["failed"])} for _, fact in given.values()]
        found.clear()
        host.assert_facts(RULES, facts)
        host.delete_state(RULES, sid)
        return [(event, name, [key, fact["baseline"]] if fact["baseline"] else [key])
                for key, name in found for event, fact in (given[key],)]

    return judge


if __name__ == "__main__":
    contest(prepare)
