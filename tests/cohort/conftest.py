"""The shipped rulebook, its cohort of the letter, and the assessments of the example file."""

from __future__ import annotations

from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from engine.assessment import Assessment
from engine.cohort.definition import definition_named
from engine.cohort.files import CohortFile
from engine.cohort.report import CohortReport, cohort_report
from engine.events.intake import Intake
from engine.pool import Setup
from engine.rulebook.definitions import Rulebook
from engine.rulebook.loader import load_rulebook
from engine.run import Run
from engine.sources.patients import PatientReader

HOME = Path(__file__).parents[2]
FOLDER = HOME / "rules" / "itp-sirolimus"
EXAMPLE = HOME / "examples" / "letter-cohort.ndjson"


@pytest.fixture(scope="session")
def rulebook() -> Rulebook:
    return load_rulebook(FOLDER)


@pytest.fixture(scope="session")
def definition(rulebook: Rulebook) -> CohortFile:
    return definition_named(FOLDER, rulebook)


@pytest.fixture(scope="session")
def assessments(rulebook: Rulebook) -> dict[str, Assessment]:
    zone = ZoneInfo("UTC")
    run = Run(Setup(rulebook, zone), PatientReader(Intake(rulebook.vocabulary, zone)))
    assessed = {each.patient: each for each in run.assessments([str(EXAMPLE)])}
    assert not run.refused
    return assessed


@pytest.fixture(scope="session")
def report(assessments: dict[str, Assessment], definition: CohortFile) -> CohortReport:
    return cohort_report(assessments.values(), definition)
