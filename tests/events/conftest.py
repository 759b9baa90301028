"""The vocabulary of the rulebook that ships, read once."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine.events.vocabulary import Vocabulary, load_vocabulary
from engine.yaml_source import read_yaml

VOCABULARY = Path(__file__).parents[2] / "rules" / "itp-sirolimus" / "vocabulary.yaml"


@pytest.fixture(scope="session")
def vocabulary() -> Vocabulary:
    return load_vocabulary(read_yaml(VOCABULARY.read_text("utf-8"), VOCABULARY.name))
