"""What do the events say: as they were certified, by all that is known since, and today?"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from engine.certificate.comparing import Difference, differences
from engine.certificate.making import certificate_of, nodes
from engine.explain import explain
from engine.request import moment_named
from engine.timeline.log import Known, known

if TYPE_CHECKING:
    from collections.abc import Sequence

    from engine.assess import Assessor
    from engine.certificate.events_now import EventsNow
    from engine.certificate.shape import Certificate, Line
    from engine.events.event import Event
    from engine.events.when import When


@dataclass(frozen=True, slots=True)
class Said:
    """What is said of one thing at a moment, `text` for a reader, `said` to compare."""

    text: str
    said: dict[str, Any]
    evidence: frozenset[str]


@dataclass(frozen=True, slots=True)
class Standing:
    """One conclusion: as certified, of the same moment by all that is known now, and today.

    `today` is None where today the same is said. `because` are the events through which it became
    another; `today_because` those through which it is another today.
    """

    name: str
    certified: Said
    by_now: Said | None
    today: Said | None
    today_of: str
    because: tuple[str, ...]
    today_because: tuple[str, ...] = ()

    @property
    def stands(self) -> bool:
        """Whether the same is said of the moment certified; what it rests on may be another."""
        return self.by_now is not None and self.by_now.said == self.certified.said


def derived(certificate: Certificate, raw: dict[str, Any], assessor: Assessor,
            events: Sequence[Event]) -> list[Difference]:
    """Derive a certificate anew from the very events it names; return what came out otherwise."""
    zone = assessor.zone
    asked = [_name(tree) for tree in certificate.explanations]
    if unknown := [name for name in asked if not _is_known(name, assessor)]:
        return [Difference("explanations", f"{name!r}", "nothing of that name in the rulebook")
                for name in unknown]
    passage = assessor.passage(events, moment_named(certificate.as_of, zone), whole=True)
    what = Known(tuple(events), (), moment_named(certificate.known_by, zone))
    at = moment_named(certificate.at, zone) if certificate.at else None
    trees = [explain(passage, name) for name in asked]
    return differences(raw, certificate_of(certificate.patient, passage, what, trees, at))


def standings(certificate: Certificate, raw: dict[str, Any], own: Assessor, today: Assessor,
              events: EventsNow, lines: Sequence[Event]) -> list[Standing]:
    """Return what is said now, by all lines, of each thing that was certified.

    Of the moment certified `own` says it, the rulebook of the certificate; of today, `today`.
    """
    newest = known(lines)
    moment = moment_named(certificate.as_of, own.zone)
    by_now = _asked(certificate, own, newest, moment)
    later = _asked(certificate, today, newest, newest.as_of) if (
        newest.as_of.end > moment.end) else {}
    found = []
    for tree in raw["explanations"]:
        name, certified = _name(tree), _said(tree, raw)
        now = later.get(name)
        changed = now is not None and now.said != (by_now.get(name) or certified).said
        found.append(Standing(name, certified, by_now.get(name), now if changed else None,
                              newest.as_of.text if later else "",
                              _because(certified, by_now.get(name), events),
                              _because(certified, now, events) if changed else ()))
    return found


def _asked(certificate: Certificate, assessor: Assessor, what: Known,
           moment: When) -> dict[str, Said]:
    """Return what is said at a moment of each thing that the rulebook still knows."""
    passage = assessor.passage(what.events, moment, whole=True)
    names = [_name(tree) for tree in certificate.explanations]
    trees = [explain(passage, name) for name in names if _is_known(name, assessor)]
    raw = certificate_of(certificate.patient, passage, what, trees, None)
    return {_name(tree): _said(tree, raw) for tree in raw["explanations"]}


def _name(tree: Line | dict[str, Any]) -> str:
    """Return what a tree explains: a conclusion, an alert or a fact."""
    said = tree if isinstance(tree, dict) else tree.model_extra or {}
    return str(said.get("name") or said.get("fact"))


def _is_known(name: str, assessor: Assessor) -> bool:
    return name in assessor.rulebook.facts or any(
        judged.topic.name == name for judged in assessor.topics)


def _said(tree: dict[str, Any], raw: dict[str, Any]) -> Said:
    evidence = frozenset(node["event"] for node in nodes(tree) if "event" in node)
    if tree["kind"] != "conclusion":
        return Said(tree["text"], {"value": tree.get("value")}, evidence)
    part = raw["conclusions"][tree["name"]]
    severity = next((each.get("severity") for each in tree.get("because", ())
                     if each["kind"] == "message"), None)
    said = {"value": tree["value"], "from": tree.get("from"), "severity": severity,
            "caveats": part.get("caveats", []), "undecided": part.get("undecided", [])}
    return Said(tree["text"], said, evidence | {*part.get("evidence", ())})


def _because(certified: Said, now: Said | None, events: EventsNow) -> tuple[str, ...]:
    """Return the events through which one became the other: those that are new, or changed."""
    concerned = certified.evidence | (now.evidence if now else frozenset())
    changed = [each.part.event for each in events.named if each.state != "found"]
    new = [event.id for event in events.added]
    among = [each for each in (*changed, *new) if each in concerned]
    return tuple(among or changed)
