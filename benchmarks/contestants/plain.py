"""The floor: the letter's rules as plain Python, written for them and for nothing else.

It is also the reference: every other contestant must come to its conclusions. `--json` reads with
the standard library instead of orjson.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator

from measuring import Conclusion, Event, contest


def judge(events: list[Event]) -> Iterator[Conclusion]:
    """Yield the conclusions about one patient, whose events are in the order of time."""
    baseline: Event | None = None
    started = off = responded = mycophenolate = False
    for event in events:
        kind = event["kind"]
        if kind == "platelet_count":
            if not started:
                baseline = event
                continue
            value = event["value"]
            rests = [event["id"]] if baseline is None else [event["id"], baseline["id"]]
            if off and responded and value < 30:
                yield event, "recurrence.count", rests
            if value >= 100:
                responded = True
                yield event, "response.cr", rests
            elif value < 30:
                yield event, "response.nr", rests
            elif baseline is not None:
                if value >= 2 * baseline["value"]:
                    responded = True
                    yield event, "response.pr", rests
                else:
                    yield event, "response.nr", rests
        elif kind == "drug_level":
            if started and event["drug"] == "sirolimus":
                value = event["value"]
                yield event, ("level.low" if value < 5 else "level.high" if value > 15
                              else "level.target"), [event["id"]]
        elif kind == "medication":
            if event["drug"] == "mycophenolate-mofetil":
                mycophenolate = True
            elif event["drug"] == "sirolimus":
                if event["action"] == "start":
                    if (not started and mycophenolate and baseline is not None
                            and baseline["value"] < 30):
                        yield event, "rescue.eligible", [event["id"], baseline["id"]]
                    started, off = True, False
                elif event["action"] == "stop":
                    off = True
        elif kind == "bleeding" and (off and responded and event["grade"] >= 1
                                     and event["cause"] == "spontaneous"):
            yield event, "recurrence.bleeding", [event["id"]]


if __name__ == "__main__":
    with_json = "--json" in sys.argv
    if with_json:
        sys.argv.remove("--json")
    contest(lambda: judge, with_orjson=not with_json)
