"""From the files beside the rules to examples, or to every mistake that is in them.

The examples of `levels.yaml` stand in `levels.examples.yaml`.
"""

from __future__ import annotations

from datetime import date
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from engine.events.intake import Intake
from engine.examples.acts import Acts, read_moment
from engine.examples.calendar import Calendar
from engine.examples.comparing_nothing import check_compares
from engine.examples.example import Example
from engine.examples.names import NameCheck
from engine.examples.patients import PatientReader
from engine.examples.reporting import Mistakes
from engine.examples.shapes import ExampleShape, ExamplesShape
from engine.examples.shorthand import FILE, Shorthand, read_shorthand
from engine.problems import Problem, RulebookError, did_you_mean, told_once
from engine.rulebook.bases import chain_of
from engine.rulebook.folder import text_of
from engine.rulebook.loading import At
from engine.timeline.log import known
from engine.wording import describe
from engine.yaml_source import Document, read_yaml, validate

if TYPE_CHECKING:
    from collections.abc import Iterator

    from engine.rulebook.definitions import Rulebook

SUFFIX = ".examples.yaml"
_OF_SHORTHANDS = frozenset({"unknown-shorthand", "unknown-word", "refused-event"})


def load_examples(folder: Path, rulebook: Rulebook) -> list[Example]:
    """Return every example of a rulebook's folder, file by file.

    Those of a rulebook that it extends are not among them, but their shorthands serve here too.

    Raises RulebookError with every problem that could be found in one run.
    """
    mistakes = Mistakes()
    documents = {path.name: document for path in sorted(folder.glob(f"*{SUFFIX}"))
                 if path.name != FILE and (document := mistakes.attempt(partial(_document, path)))}
    chain = _chain(folder, rulebook)
    shorthands = _shorthands(chain, rulebook, mistakes)
    topics = {path.stem for base in chain for path in base.glob("*.yaml")
              if not path.name.endswith(SUFFIX)}
    reader = _FileReader(rulebook, shorthands, mistakes)
    examples: list[Example] = []
    for name, document in documents.items():
        topic = name.removesuffix(SUFFIX)
        if topic not in topics:
            mistakes.note(At(document), "no-topic", f"examples of '{topic}'",
                          f"a topic {topic}.yaml beside it", did_you_mean(topic, topics))
        examples += reader.examples(topic, document)
    if mistakes.problems:
        raise RulebookError(told_once(_roots(mistakes.problems)))
    return examples


def _roots(problems: list[Problem]) -> list[Problem]:
    """Return problems without those that come of shorthands which cannot be used themselves."""
    broken = any(Path(each.place.file).name == FILE for each in problems)
    return [each for each in problems if not (broken and each.code in _OF_SHORTHANDS)]


def load_shorthands(folder: Path, rulebook: Rulebook) -> dict[str, Shorthand]:
    """Return the shorthands that serve a rulebook's examples, those that it inherits among them."""
    mistakes = Mistakes()
    found = _shorthands(_chain(folder, rulebook), rulebook, mistakes)
    if mistakes.problems:
        raise RulebookError(mistakes.problems)
    return found


def _chain(folder: Path, rulebook: Rulebook) -> list[Path]:
    return chain_of(folder) if rulebook.extends else [folder]


def _shorthands(chain: list[Path], rulebook: Rulebook, mistakes: Mistakes) -> dict[str, Shorthand]:
    """Return the shorthands of each folder; one that is declared anew stands for the inherited."""
    found: dict[str, Shorthand] = {}
    for path in (folder / FILE for folder in reversed(chain) if (folder / FILE).exists()):
        written = mistakes.attempt(partial(_document, path))
        if written:
            found |= read_shorthand(written, rulebook.vocabulary, mistakes)
    return found


def _document(path: Path) -> Document:
    return read_yaml(text_of(path), str(path))


class _FileReader:
    """Reads the examples of one file after the other."""

    def __init__(self, rulebook: Rulebook, shorthands: dict[str, Shorthand],
                 mistakes: Mistakes) -> None:
        self._vocabulary, self._shorthands = rulebook.vocabulary, shorthands
        self._mistakes, self._names = mistakes, NameCheck(rulebook, mistakes)
        self._intakes: dict[str, Intake] = {}

    def examples(self, topic: str, document: Document) -> Iterator[Example]:
        """Yield the examples of a file that could be read."""
        whole = self._mistakes.attempt(lambda: validate(document, ExamplesShape))
        if whole is None:
            return
        seen: set[str] = set()
        for index in range(len(whole.examples)):
            at = At(document, ("examples", index))
            shape = self._mistakes.attempt(partial(validate, document, ExampleShape, at.path))
            if shape is None:
                continue
            if shape.name in seen:
                self._mistakes.note(at / "name", "duplicate-name", describe(shape.name),
                                    "a name that no other example of the file has")
            seen.add(shape.name)
            example = self._example(topic, At(document), at, whole, shape)
            if example is not None:
                yield example

    def _example(self, topic: str, top: At, at: At, whole: ExamplesShape,
                 shape: ExampleShape) -> Example | None:
        calendar = self._calendar(top, at, whole, shape)
        if calendar is None:
            return None
        found = len(self._mistakes.problems)
        patient = PatientReader(self._shorthands, self._vocabulary, calendar, self._mistakes)
        background = [top / "background"] if whole.background else []
        events, refused = patient.read(
            [*background, at / "given"], self._intake(calendar.zone),
            refusals_expected=any(isinstance(one, str) or one.field
                                  for one in shape.expect.refused))
        self._names.check(at / "expect", calendar)
        as_of = read_moment(at / "as_of", shape.as_of, calendar, self._mistakes)
        acts = Acts(at, shape, calendar, self._mistakes)
        decided = acts.read(self._names.alerts)
        if len(self._mistakes.problems) == found:
            check_compares(at, shape, events, refused, self._mistakes)
            acts.check(decided, known(events, as_of).as_of if events else as_of)
        cases = (shape.case,) if isinstance(shape.case, int) else tuple(shape.case or ())
        return Example(topic, shape.name, at.place, shape.shows, cases, shape.why, calendar,
                       events, refused, as_of, decided, shape.expect)

    def _calendar(self, top: At, at: At, whole: ExamplesShape,
                  shape: ExampleShape) -> Calendar | None:
        start = (top if shape.start is None else at) / "start"
        day = _day(whole.start if shape.start is None else shape.start)
        if day is None:
            self._mistakes.note(start, "not-a-date", describe(start.value),
                                "the first day, like 2015-03-01")
        name = (top if shape.timezone is None else at) / "timezone"
        zone = _zone(whole.timezone if shape.timezone is None else shape.timezone)
        if zone is None:
            self._mistakes.note(name, "not-a-zone", describe(name.value),
                                "an IANA time zone, like Europe/Rome")
        return Calendar(day, zone) if day and zone else None

    def _intake(self, zone: ZoneInfo) -> Intake:
        if zone.key not in self._intakes:
            self._intakes[zone.key] = Intake(self._vocabulary, zone)
        return self._intakes[zone.key]


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _zone(name: str) -> ZoneInfo | None:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return None
