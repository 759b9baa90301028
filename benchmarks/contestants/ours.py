"""The engine of this project, each conclusion written out in full: evidence, caveats, sources.

``ours.py letter`` judges by the rules that all contestants have; ``ours.py itp-sirolimus`` by the
whole rulebook that ships, whose conclusions are others and many more.
"""

from __future__ import annotations

import gc
import sys
from pathlib import Path
from time import perf_counter

from measuring import Tally, chosen

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT))

from cli import NEW_OBJECTS_A_SEARCH  # noqa: E402
from engine.assess import Assessor  # noqa: E402
from engine.assessment import assessment_of  # noqa: E402
from engine.events.intake import Intake  # noqa: E402
from engine.reports.output import patient_line  # noqa: E402
from engine.request import zone_named  # noqa: E402
from engine.rulebook.loader import load_rulebook  # noqa: E402
from engine.sources.patients import PatientReader  # noqa: E402
from engine.timeline.log import known  # noqa: E402

FOLDERS = {"letter": ROOT / "benchmarks/letter", "itp-sirolimus": ROOT / "rules/itp-sirolimus"}


def main() -> None:
    """Read, validate, judge and write, one patient after the other."""
    gc.set_threshold(NEW_OBJECTS_A_SEARCH)  # as the program does
    folder = FOLDERS[sys.argv.pop(1)]
    options = chosen()
    tally = Tally(options.digest)
    begun = perf_counter()
    rulebook, zone = load_rulebook(folder, {}), zone_named("UTC")
    assessor = Assessor(rulebook, zone)
    reader = PatientReader(Intake(rulebook.vocabulary, zone))
    tally.ready = perf_counter() - begun
    begun = perf_counter()
    with open(options.out, "wb") as out:  # noqa: PTH123
        for name, events in reader.in_turn([options.file]):
            asked = perf_counter()
            told = known(events)
            assessment = assessment_of(name, assessor.assess(told.events, told.as_of))
            tally.rules += perf_counter() - asked
            for alert in assessment.alerts:
                tally.note(name, alert.begin, alert.rule)
            for conclusion in assessment.conclusions:
                tally.note(name, conclusion.begin, f"{conclusion.name} {conclusion.value}")
            out.write(patient_line(assessment) + b"\n")
    tally.end_to_end = perf_counter() - begun
    if reader.refused:
        raise SystemExit(f"{len(reader.refused)} lines were refused: {reader.refused[0]}")
    tally.report()


if __name__ == "__main__":
    main()
