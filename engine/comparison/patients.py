"""Of which patients do two rulebooks say something else, and from which instant on?"""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import groupby
from typing import TYPE_CHECKING

from engine.events.when import LAST, When, just_before, moment_of, parse_when
from engine.explain import explain
from engine.reason import Node

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from datetime import datetime

    from engine.assess import Assessor
    from engine.assessment import Assessment
    from engine.passage import Passage
    from engine.timeline.log import Known


@dataclass(frozen=True, slots=True)
class Pairing:
    """Which conclusion of the old rulebook is compared with which of the new, and what is alike.

    `names` holds pairs of conclusions that have other names, `alike` values that mean the same.
    """

    names: Mapping[str, str] = field(default_factory=dict)
    alike: Mapping[str, str] = field(default_factory=dict)

    def same(self, old: str | None, new: str | None) -> bool:
        """Whether two values mean the same."""
        return old == new or (old is not None and old in self.alike and self.alike[old] == new)


@dataclass(frozen=True, slots=True)
class Span:
    """One value, from one instant to another."""

    value: str
    begun: datetime
    text: str
    ended: datetime = LAST


@dataclass(frozen=True, slots=True)
class Difference:
    """Where one thing is said of a patient by the old rulebook and another by the new.

    None is no such conclusion; of an alert the value is its severity. It begins at `since`; `to` is
    the instant at which both agree again (None: they do not).
    """

    patient: str
    name: str
    other_name: str
    old: str | None
    new: str | None
    since: str
    begun: datetime
    to: datetime | None
    is_alert: bool


def differences(patient: str, old: Assessment, new: Assessment, pairing: Pairing,
                assessor: Assessor) -> list[Difference]:
    """Return every stretch over which the two assessments differ, by name and time."""
    found: list[Difference] = []
    spans = [_spans(each, assessor) for each in (old, new)]
    alerts = {alert.rule for each in (old, new) for alert in each.alerts}
    paired = set(pairing.names.values()) - set(pairing.names)
    for name in dict.fromkeys((*spans[0], *spans[1])):
        if name in paired:
            continue
        other = pairing.names.get(name, name)
        found += _between(patient, name, other, spans[0].get(name, []), spans[1].get(other, []),
                          pairing, name in alerts)
    return sorted(found, key=lambda each: (each.is_alert, each.name, each.begun))


def _spans(assessment: Assessment, assessor: Assessor) -> dict[str, list[Span]]:
    spans: dict[str, list[Span]] = {}
    said = [(each.name, each.value, each.begin, each.end) for each in assessment.conclusions]
    said += [(each.rule, each.severity, each.begin, each.end) for each in assessment.alerts]
    for name, value, begin, end in said:
        ended = parse_when(end, assessor.zone).start if end else LAST
        spans.setdefault(name, []).append(
            Span(value, parse_when(begin, assessor.zone).start, begin, ended))
    return spans


def _between(patient: str, name: str, other: str, old: Sequence[Span], new: Sequence[Span],
             pairing: Pairing, is_alert: bool) -> Iterator[Difference]:
    """Yield the stretches over which two rows of spans differ; equal neighbours are one."""
    texts = {span.begun: span.text for span in (*new, *old)}
    bounds = sorted({each for span in (*old, *new) for each in (span.begun, span.ended)} - {LAST})
    running: Difference | None = None
    for bound in bounds:
        values = _at(old, bound), _at(new, bound)
        if running is not None and (running.old, running.new) == values:
            continue
        if running is not None:
            yield _ended(running, bound)
            running = None
        if not pairing.same(*values):
            running = Difference(patient, name, other, *values, texts.get(bound, ""), bound, None,
                                 is_alert)
    if running is not None:
        yield running


def _ended(running: Difference, to: datetime) -> Difference:
    return Difference(running.patient, running.name, running.other_name, running.old, running.new,
                      running.since, running.begun, to, running.is_alert)


def _at(spans: Iterable[Span], instant: datetime) -> str | None:
    """Return the value at an instant; of several the one that began last."""
    held = [span for span in spans if span.begun <= instant < span.ended]
    return max(held, key=lambda span: span.begun).value if held else None


@dataclass(frozen=True, slots=True)
class Explained:
    """Both reasons for a difference, as they stood `at` a moment."""

    at: str
    old: Node
    new: Node


class Explainer:
    """Gives both reasons for the differences of one patient."""

    def __init__(self, old: tuple[Assessor, Known], new: tuple[Assessor, Known]) -> None:
        self._sides = (old, new)

    def reasons(self, difference: Difference, as_of: When) -> Explained:
        """Return why each rulebook says what it says, at the first moment at which both do.

        A conclusion that is dated back is reached later than it began: then the reasons are those
        of the end.
        """
        zone = self._sides[0][0].zone
        first = moment_of(difference.begun, zone, difference.since)
        last = as_of if difference.to is None else moment_of(just_before(difference.to), zone)
        for moment, _ in groupby((first, last, as_of)):
            passages = [assessor.passage(what.events, moment, whole=True)
                        for assessor, what in self._sides]
            if self._say(passages, difference):
                break
        names = (difference.name, difference.other_name)
        old, new = (_told(passage, name) for passage, name in zip(passages, names, strict=True))
        return Explained(moment.text, old, new)

    def _say(self, passages: Sequence[Passage], difference: Difference) -> bool:
        """Whether both sides conclude now what the difference says."""
        wanted = ((difference.name, difference.old), (difference.other_name, difference.new))
        for passage, (name, value) in zip(passages, wanted, strict=True):
            standing = passage.standings.get(name)
            said = standing.value if standing is not None else None
            if difference.is_alert:
                if (said is None) != (value is None):
                    return False
            elif said != value:
                return False
        return True


def _told(passage: Passage, name: str) -> Node:
    """Return the explanation of a conclusion, or that the rulebook has none of that name."""
    if any(judged.topic.name == name for judged in passage.assessor.topics):
        return explain(passage, name)
    return Node("conclusion", f"{name}: this rulebook has no such conclusion")
