"""Of which shape is each file of a rulebook, as a whole?

When a rulebook is loaded, the parts of a file are read one by one, so that one mistake hides no
other. Here each file is one shape, made of the same models.
"""

from __future__ import annotations

from typing import Any

from engine.cohort.files import CohortFile
from engine.events.vocabulary_shape import VocabularyShape
from engine.examples.shapes import ExampleShape, ExamplesShape, ShorthandShape
from engine.rulebook.files import (
    AddedFile,
    AlertFile,
    CitationFile,
    ClassifyFile,
    ExtensionFile,
    FactFile,
    OverrideFile,
    ParameterFile,
    PolicyFile,
    RulebookFile,
    RuleFile,
    TopicFile,
)


class WholeTopicFile(TopicFile):
    """A topic: its facts, its classifications and its alerts."""

    facts: dict[str, FactFile] = {}
    classify: list[ClassifyFile] = []
    alert: list[AlertFile] = []


class WholeRuleFile(RuleFile):
    """When one value of a classification is true, and why: a rule as a whole."""


class WholeAddedFile(AddedFile):
    """What a decision adds: topics, by the names of their files, and rules of classifications."""

    rules: dict[str, list[WholeRuleFile]] = {}


class WholeOverrideFile(OverrideFile):
    """One decision: who decided, why, and what is different by it."""

    parameters: dict[str, ParameterFile] = {}
    facts: dict[str, FactFile] = {}
    classifications: dict[str, ClassifyFile] = {}
    rules: dict[str, RuleFile] = {}
    alerts: dict[str, AlertFile] = {}
    severities: dict[str, PolicyFile] = {}
    adds: WholeAddedFile = WholeAddedFile()


class WholeExamplesShape(ExamplesShape):
    """The examples of one topic; the `background` is given in each of them."""

    examples: list[ExampleShape]


SHAPES: dict[str, Any] = {
    "rulebook": RulebookFile,
    "extension": ExtensionFile,
    "overrides": list[WholeOverrideFile],
    "parameters": dict[str, ParameterFile],
    "citations": dict[str, CitationFile],
    "vocabulary": VocabularyShape,
    "topic": WholeTopicFile,
    "examples": WholeExamplesShape,
    "shorthand": dict[str, ShorthandShape],
    "cohort": CohortFile,
}
"""The shape of each file, by the name of its schema."""

FILES = {
    "rulebook": "rulebook.yaml",
    "extension": "rulebook.yaml of a rulebook that extends another",
    "overrides": "overrides.yaml",
    "parameters": "parameters.yaml",
    "citations": "citations.yaml",
    "vocabulary": "vocabulary.yaml",
    "topic": "a topic, such as response.yaml",
    "examples": "the examples of a topic, such as response.examples.yaml",
    "shorthand": "shorthand.examples.yaml",
    "cohort": "a cohort, such as cohorts/letter.yaml",
}
"""Which file each schema is for."""
