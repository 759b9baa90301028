"""Decisions are kept by the truths that they follow from, and no more of them than a cap says."""

from __future__ import annotations

from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from facts.lab import Lab

from engine import ready
from engine.assess import Assessor

TOPIC = """\
facts:
  newest: {latest: count}
classify:
  - name: state
    title: State
    of: newest
    values: [low, high]
    rules:
      - {id: low, title: Low, value: low, when: value < low, cite: lab}
      - {id: high, title: High, value: high, when: value > high, cite: lab}
"""
WAYS = ((True, False), (False, False), (True, False), (False, True), (True, False))


@pytest.mark.parametrize(("cap", "keeps", "asked"), [(9, True, 3), (2, True, 4), (9, False, 5)])
def test_how_often_the_network_is_asked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
                                        cap: int, keeps: bool, asked: int) -> None:
    monkeypatch.setattr(ready, "_MOST_KEPT", cap)
    rulebook = Lab(tmp_path, TOPIC).assessor.rulebook
    assessor = Assessor(rulebook, ZoneInfo("UTC"), "reference", keep_answers=keeps)
    told = [assessor.decision(assessor.topics[0], way)[0].value for way in WAYS]
    assert told == ["low", None, "low", "high", "low"]
    assert assessor.inference.asked == asked
