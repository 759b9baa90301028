"""What is in a certificate: an explanation, and all that one needs to work it out again.

Beside the tree stand the events that were known, each with its digest, and the working: every
criterion, fact and parameter with exact values. The seal is the SHA-256 of all of it.
"""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING, Any

from engine.certificate.values import value_record, when_record, written_exactly
from engine.certificate.working import Working
from engine.reason import record_of
from engine.rulebook.changes import extension_record
from engine.rulebook.settings import settings_of
from engine.store.lines import canonical, digest_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from engine.events.event import Event
    from engine.events.when import When
    from engine.passage import Passage
    from engine.reason import Node
    from engine.rulebook.definitions import Rulebook
    from engine.timeline.log import Known

CONTRACT = 1  # of the shape that others read
FORMAT = 1  # of what is added to it here


def certificate_of(patient: str, passage: Passage, what: Known, trees: Sequence[Node],
                   at: When | None, refused: Sequence[dict[str, Any]] = ()) -> dict[str, Any]:
    """Return explanations as a record, with everything that is needed to check them.

    `what` was known; `at` is the moment asked about, if it is another than that of the knowledge.
    """
    working, rulebook = Working(passage), passage.assessor.rulebook
    explanations = [record_of(tree) for tree in trees]
    for tree in explanations:
        _add_working(tree, working, "")
    rests_on = {*working.events, *(node["event"] for tree in explanations
                                   for node in nodes(tree) if "event" in node)}
    record = {
        "contract": CONTRACT,
        "certificate": FORMAT,
        "rulebook": {"id": rulebook.id, "version": rulebook.version, "digest": rulebook.digest,
                     "settings": settings_of(rulebook), **extension_record(rulebook)},
        "patient": patient,
        "as_of": passage.as_of.text,
        "known_by": what.as_of.text,
        "at": at.text if at else None,
        "timezone": passage.assessor.zone.key,
        "explanations": explanations,
        "refused": list(refused),
        "conclusions": working.conclusions,
        "facts": working.facts,
        "parameters": working.parameters,
        "events": [_event(event, rulebook, is_shown=event.id in rests_on)
                   for event in what.events],
    }
    return {**record, "seal": seal_of(record)}


def seal_of(record: Mapping[str, Any]) -> str:
    """Return the SHA-256 of a certificate, the seal itself apart: of its JSON, keys in order."""
    text = json.dumps({key: value for key, value in record.items() if key != "seal"},
                      sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def nodes(tree: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """Yield every line of a tree, from the top."""
    yield tree
    for each in tree.get("because", ()):
        yield from nodes(each)


def _add_working(node: dict[str, Any], working: Working, topic: str) -> None:
    """Add to each line of a tree the values it was worked out from."""
    match node["kind"]:
        case "conclusion":
            topic = node["name"]
            working.conclusion(topic)
        case "criterion":
            node["working"] = working.conclusions[topic]["criteria"][node["criterion"]]["working"]
        case "fact" if "fact" in node:
            here = working.events.get(node["asked_at"])
            key = working.fact(node["fact"], here)
            node["key"], node["value"] = key, working.facts[key]["value"]
        case "parameter":
            working.parameter(node["parameter"])
            shown = working.parameters[node["parameter"]]
            node |= {name: shown[name] for name in ("months", "table") if name in shown}
            if "value" in shown:
                node["exactly"] = shown["value"]
    if below := node.pop("because", None):  # what a line says goes before what it rests on
        for each in below:
            _add_working(each, working, topic)
        node["because"] = below


def _event(event: Event, rulebook: Rulebook, *, is_shown: bool) -> dict[str, Any]:
    """Return what tells an event from every other; what it says only if the tree rests on it."""
    text = canonical(dict(event.given))
    record = {"event": event.id, "kind": event.kind, "at": event.at.text,
              "recorded": event.recorded.text, "source": event.source.name,
              "line": event.source.line, "digest": digest_of(text).hex(), "rests_on": is_shown}
    if is_shown:
        record |= {"status": event.status, "span": when_record(event.at),
                   "text": text, "fields": {name: value_record(value)
                                            for name, value in sorted(event.fields.items())},
                   "factors": dict(_factors(event, rulebook))}
    return record


def _factors(event: Event, rulebook: Rulebook) -> Iterable[tuple[str, dict[str, str]]]:
    """Yield, for each quantity, the unit it was given in and the factor to the one it is kept in.
    """
    for quantity in rulebook.vocabulary.kinds[event.kind].quantities:
        unit = str(event.given.get(quantity.unit))
        for reading in (*quantity.readings, *quantity.readings_by.values()):
            if reading.field in event.fields and unit in reading.dimension.factors:
                yield reading.field, {"from": quantity.value, "unit": unit,
                                      "factor": written_exactly(reading.dimension.factors[unit])}
                break
