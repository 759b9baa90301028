"""zen-engine: a decision table asked once for every event; the host keeps all that came before.

The table is given by a static loader; `create_decision` would read it anew at every call.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from hosting import flat
from measuring import Conclusion, Event, Judge, contest, missing

try:
    import zen
except ImportError:
    raise missing("zen-engine") from None

FIELDS = ("kind", "value", "rise", "lost", "failed", "cause")
TABLE = (  # what stands in each column; nothing means anything
    ("response.cr", "'platelet_count'", ">= 100", "", "", "", ""),
    ("response.pr", "'platelet_count'", "[30..100)", "'enough'", "", "", ""),
    ("response.nr", "'platelet_count'", "[30..100)", "'small'", "", "", ""),
    ("response.nr", "'platelet_count'", "< 30", "", "", "", ""),
    ("recurrence.count", "'platelet_count'", "< 30", "", "true", "", ""),
    ("recurrence.bleeding", "'bleeding'", ">= 1", "", "true", "", "'spontaneous'"),
    ("level.low", "'drug_level'", "< 5", "", "", "", ""),
    ("level.target", "'drug_level'", "[5..15]", "", "", "", ""),
    ("level.high", "'drug_level'", "> 15", "", "", "", ""),
    ("rescue.eligible", "'start'", "< 30", "", "", "true", ""),
)


def _decision() -> dict[str, Any]:
    inputs = [{"id": name, "name": name, "field": name} for name in FIELDS]
    rules = [{"_id": f"r{place}", "what": f"'{what}'", **dict(zip(FIELDS, cells, strict=True))}
             for place, (what, *cells) in enumerate(TABLE)]
    table = {"hitPolicy": "collect", "inputs": inputs, "rules": rules,
             "outputs": [{"id": "what", "name": "what", "field": "what"}]}
    nodes = [{"id": "in", "name": "in", "type": "inputNode"},
             {"id": "table", "name": "table", "type": "decisionTableNode", "content": table},
             {"id": "out", "name": "out", "type": "outputNode"}]
    return {"contentType": "application/vnd.gorules.decision", "nodes": nodes, "edges": [
        {"id": "1", "type": "edge", "sourceId": "in", "targetId": "table"},
        {"id": "2", "type": "edge", "sourceId": "table", "targetId": "out"}]}


def prepare() -> Judge:
    """Return a judge that asks the table."""
    evaluate = zen.ZenEngine({"loader": {"type": "static", "content": {
        "letter": _decision()}}}).evaluate

    def judge(events: list[Event]) -> Iterator[Conclusion]:
        for event, fact in flat(events):
            for found in evaluate("letter", fact)["result"]:
                rests = [event["id"], fact["baseline"]] if fact["baseline"] else [event["id"]]
                yield event, found["what"], rests

    return judge


if __name__ == "__main__":
    contest(prepare)
