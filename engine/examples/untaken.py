"""Which decisions of the examples cannot be taken, though no example expects that?

Only a run of the rules shows it: the alert is not open then, or may not be put off for so long.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.assess import Assessor
from engine.examples.comparing import refused_acts
from engine.examples.patients import PATIENT
from engine.examples.shift import work
from engine.problems import Problem

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from engine.examples.example import Example


def untaken_decisions(examples: Iterable[Example], ready: Assessor) -> Iterator[Problem]:
    """Yield every decision of the examples that is refused without being expected to be."""
    assessors = {ready.zone.key: ready}
    for example in examples:
        if not example.acts:
            continue
        zone = example.calendar.zone
        if zone.key not in assessors:
            assessors[zone.key] = Assessor(ready.rulebook, zone)
        shift = work(example.events, PATIENT, assessors[zone.key], example.acts, ())
        for each in refused_acts(example.expect, shift.refused)[1]:
            error = each.error
            yield Problem(each.act.place, "refused-decision", f"{each.act.text!r}: {error.found}",
                          error.expected, error.advice, each.act.line)
