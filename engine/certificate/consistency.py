"""Is a certificate consistent with itself? Everything in it that can be reckoned is, once more.

Needs neither events nor rules nor the engine: each comparison from the values beside it, each group
from its parts, each conclusion from its rules and their order, the tree against all of these.
"""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING, Any

from engine.certificate.check_conclusions import ConclusionChecking
from engine.certificate.check_events import EventChecking
from engine.certificate.check_facts import FactChecking
from engine.certificate.flaws import Flaw

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from engine.certificate.shape import Certificate


def flaws(certificate: Certificate, raw: Mapping[str, Any]) -> list[Flaw]:
    """Return every place at which a certificate contradicts itself, what others rest on first."""
    found: list[Flaw] = []
    events = EventChecking(certificate, found)
    for index, event in enumerate(certificate.events):
        events.at(f"events[{index}]", events.event, event)
    facts = FactChecking(certificate, found)
    for key, fact in certificate.facts.items():
        facts.at(f"facts[{key}]", facts.fact, key, fact)
    conclusions = ConclusionChecking(certificate, found)
    for name, part in certificate.conclusions.items():
        conclusions.at(f"conclusions[{name}]", conclusions.conclusion, part)
    for index, tree in enumerate(certificate.explanations):
        conclusions.at(f"explanations[{index}]", conclusions.line, tree, None)
    return [*found, *_seal(raw)]


def _seal(raw: Mapping[str, Any]) -> Iterator[Flaw]:
    text = json.dumps({key: value for key, value in raw.items() if key != "seal"},
                      sort_keys=True, separators=(",", ":"))
    made = hashlib.sha256(text.encode()).hexdigest()
    if made != raw["seal"]:
        yield Flaw("seal", f"{raw['seal'][:12]}", f"{made[:12]}, the SHA-256 of the rest: "
                   "something was changed after it was made")
