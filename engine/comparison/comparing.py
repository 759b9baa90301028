"""Two rulebooks over the same lines: who differs, where, and for which reasons?"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from engine.assessment import assessment_of
from engine.comparison.meaning import Change, changes
from engine.comparison.patients import Explainer, differences
from engine.events.intake import Intake
from engine.request import RequestError
from engine.sources.patients import PatientReader
from engine.timeline.log import known

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator, Sequence

    from engine.assess import Assessor
    from engine.comparison.patients import Difference, Explained, Pairing
    from engine.events.event import Event, Refusal, Source
    from engine.events.when import When
    from engine.rulebook.definitions import Rulebook


@dataclass(frozen=True, slots=True)
class PatientDifference:
    """One difference; `explain` gives both reasons, which takes long: two assessments or more."""

    difference: Difference
    explain: Callable[[], Explained]


@dataclass(frozen=True, slots=True)
class Comparison:
    """Everything that differs; `refused` are the lines that each rulebook refuses."""

    old: Rulebook
    new: Rulebook
    meaning: tuple[Change, ...]
    patients: int
    found: tuple[PatientDifference, ...]
    refused: tuple[tuple[Refusal, ...], tuple[Refusal, ...]]

    @property
    def differing(self) -> int:
        """How many patients differ."""
        return len({each.difference.patient for each in self.found})


def compared(old: Assessor, new: Assessor, read: Callable[[], Iterable[tuple[Source, bytes]]],
             pairing: Pairing, as_of: When | None = None,
             patients: Collection[str] = ()) -> Comparison:
    """Return all that differs between two rulebooks, over lines that `read` gives each time.

    A patient is assessed by both as of the moment given, or else as of the newest record.
    """
    check_pairing(old.rulebook, new.rulebook, pairing)
    sides = [_Side(assessor, read, as_of, patients) for assessor in (old, new)]
    found: list[PatientDifference] = []
    names = sorted({*sides[0].patients, *sides[1].patients})
    for name in names:
        found += _of_patient(name, sides, pairing)
    return Comparison(old.rulebook, new.rulebook, tuple(changes(old.rulebook, new.rulebook)),
                      len(names), tuple(found),
                      (tuple(sides[0].refused), tuple(sides[1].refused)))


def check_pairing(old: Rulebook, new: Rulebook, pairing: Pairing) -> None:
    """Raise RequestError where a conclusion that is to be compared is in neither rulebook."""
    for rulebook, names in ((old, pairing.names), (new, pairing.names.values())):
        known_names = [topic.name for topic in rulebook.topics]
        for name in names:
            if name not in known_names:
                raise RequestError(f"compare: found {name!r}, expected a conclusion of "
                                   f"{rulebook.id}: one of {', '.join(known_names)}")


def _of_patient(name: str, sides: Sequence[_Side],
                pairing: Pairing) -> Iterator[PatientDifference]:
    events = [side.patients.get(name, []) for side in sides]
    moments = [known(each, sides[0].as_of).as_of for each in events if each]
    as_of = max(moments, key=lambda when: when.end)
    facts = [known(each, as_of) for each in events]
    for side, what in zip(sides, facts, strict=True):
        side.refused += what.refused
    old, new = sides
    before, after = (assessment_of(name, side.assessor.assess(what.events, as_of))
                     for side, what in zip(sides, facts, strict=True))
    explainer = Explainer((old.assessor, facts[0]), (new.assessor, facts[1]))
    for difference in differences(name, before, after, pairing, old.assessor):
        yield PatientDifference(difference, partial(explainer.reasons, difference, as_of))


class _Side:
    """One rulebook, and the patients as it understands the lines."""

    def __init__(self, assessor: Assessor, read: Callable[[], Iterable[tuple[Source, bytes]]],
                 as_of: When | None, patients: Collection[str]) -> None:
        intake = Intake(assessor.rulebook.vocabulary, assessor.zone)
        reader = PatientReader(intake, patients, read=lambda *_: iter(read()))
        self.assessor, self.as_of = assessor, as_of
        self.patients: dict[str, list[Event]] = dict(reader.gathered([""]))
        self.refused: list[Refusal] = list(reader.refused)
