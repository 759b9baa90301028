"""A count dated before birth is shown, whichever of the two lines comes first, or is corrected."""

from __future__ import annotations

import itertools
import json
from pathlib import Path

from command_line.program import Line, run, written

COUNT: Line = {"id": "c", "patient": "eva", "kind": "platelet_count", "at": "2015-03-09",
               "value": 15, "unit": "10*9/L", "recorded": "2015-03-12T08:00:00Z"}
BORN: Line = {"id": "b", "patient": "eva", "kind": "person", "at": "2015-03-11",
              "birth_date": "2015-03-10", "recorded": "2015-03-12T08:00:00Z"}
RIGHT: Line = {**BORN, "birth_date": "2014-03-10", "recorded": "2015-03-13T08:00:00Z"}


def noted(folder: Path, lines: tuple[Line, ...]) -> set[tuple[str, ...]]:
    answers = set()
    for order in itertools.permutations(lines):
        done = run("assess", written([*order], folder), "--format", "json")
        (patient,) = json.loads(done.stdout)["patients"]
        answers.add(tuple(each["value"] for each in patient["conclusions"]
                          if each["name"] == "date_note"))
    return answers


def test_the_order_of_arrival_does_not_matter(tmp_path: Path) -> None:
    assert noted(tmp_path, (COUNT, BORN)) == {("before-birth",)}
    assert noted(tmp_path, (COUNT, BORN, RIGHT)) == {()}
