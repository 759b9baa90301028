"""What does it cost merely to read the lines, or to read and validate them, and judge nothing?

``floors.py lines`` counts lines; ``floors.py pydantic`` validates each with pydantic as one of five
typed shapes; ``floors.py intake`` makes the engine's own events of them.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from time import perf_counter
from typing import Annotated, Literal

from measuring import Tally, chosen

Number = float | int
Way = Callable[[str], int]


def _lines() -> Way:
    def count(path: str) -> int:
        with open(path, "rb") as file:  # noqa: PTH123
            return sum(1 for _ in file)

    return count


def _pydantic() -> Way:
    from pydantic import ConfigDict, Field, TypeAdapter, with_config
    from typing_extensions import TypedDict

    strict = with_config(ConfigDict(extra="forbid", strict=True))

    @strict
    class _Event(TypedDict):
        id: str
        patient: str
        at: str

    @strict
    class Count(_Event):
        kind: Literal["platelet_count"]
        value: Number
        unit: Literal["10*9/L"]

    @strict
    class Level(_Event):
        kind: Literal["drug_level"]
        drug: str
        value: Number
        unit: Literal["ng/mL"]
        sample: Literal["trough", "post-dose", "unknown"]

    @strict
    class Medication(_Event, total=False):
        kind: Literal["medication"]
        drug: str
        action: Literal["start", "change", "taper", "stop"]
        dose: Number
        unit: Literal["mg/m2/d"]

    @strict
    class Bleeding(_Event):
        kind: Literal["bleeding"]
        grade: int
        cause: Literal["spontaneous", "trauma", "procedure", "menses"]

    @strict
    class Diagnosis(_Event):
        kind: Literal["diagnosis"]
        condition: Literal["itp"]

    shapes = Count | Level | Medication | Bleeding | Diagnosis
    validate = TypeAdapter(Annotated[shapes, Field(discriminator="kind")]).validate_json

    def count(path: str) -> int:
        with open(path, "rb") as file:  # noqa: PTH123
            return sum(1 for line in file if validate(line))

    return count


def _intake() -> Way:
    sys.path.insert(0, str(Path(__file__).parents[2]))
    from engine.events.intake import Intake
    from engine.request import zone_named
    from engine.rulebook.loader import load_rulebook
    from engine.sources.ndjson import read_lines

    letter = load_rulebook(Path(__file__).parents[1] / "letter", {})
    intake = Intake(letter.vocabulary, zone_named("UTC"))

    def count(path: str) -> int:
        events = 0
        for source, line in read_lines(path):
            if isinstance(intake.read(line, source), tuple):
                raise SystemExit(f"{path}: line {source.line} was refused")
            events += 1
        return events

    return count


WAYS = {"lines": _lines, "pydantic": _pydantic, "intake": _intake}


def main() -> None:
    """Measure one of the ways."""
    way = sys.argv.pop(1)
    options = chosen()
    tally = Tally(with_digest=False)
    begun = perf_counter()
    count = WAYS[way]()
    tally.ready = perf_counter() - begun
    begun = perf_counter()
    if not count(options.file):
        raise SystemExit(f"{options.file} has no lines")
    tally.end_to_end = perf_counter() - begun
    tally.report()


if __name__ == "__main__":
    main()
