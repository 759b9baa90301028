"""The witnesses of proofs as a file of examples, in the notation in which people write them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from engine.assess import Assessor
from engine.examples.calendar import Calendar
from engine.proof.patients import patient_of, shows, timed

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from engine.examples.shorthand import Shorthand
    from engine.proof.proving import TopicProof
    from engine.proof.witness import Witness
    from engine.rulebook.definitions import Rulebook, Topic

_START = date(2020, 1, 1)
_UNDECIDED, _SILENT = "undecided", "silent"


@dataclass(frozen=True, slots=True)
class Shown:
    """What a witness shows of a topic: a value by precedence over another, or no value."""

    topic: Topic
    name: str
    witness: Witness
    value: str | None
    overrode: str | None = None


def example_file(proofs: Sequence[TopicProof], rulebook: Rulebook,
                 shorthands: Mapping[str, Shorthand]) -> tuple[str, int, int]:
    """Return the text of a file, how many witnesses became examples, and how many did not."""
    zone = ZoneInfo("UTC")
    assessor, calendar = Assessor(rulebook, zone, "reference"), Calendar(_START, zone)
    examples: list[str] = []
    notes: list[str] = []
    for shown in _all_shown(proofs):
        patient = patient_of(shown.topic, shown.witness, rulebook)
        found = None if patient.open else next(
            (lines for lines in timed(patient)
             if shows(lines, shown.topic, shown.value, shown.overrode, assessor, calendar)), None)
        if found is None:
            notes.append(f"# {shown.name}: record a patient of whom this holds: {shown.witness}")
        else:
            examples.append(_example(shown, found, shorthands))
    head = [f"about: Witnesses of the proofs over {rulebook.id}, each tried on the engine",
            f"start: {_START}", "examples:" if examples else "examples: []"]
    return "\n".join([*head, *examples, *notes]) + "\n", len(examples), len(notes)


def _all_shown(proofs: Sequence[TopicProof]) -> Iterator[Shown]:
    for proof in proofs:
        topic = proof.topic
        if topic.alert is not None or topic.internal:
            continue
        for each in proof.overlaps:
            if each.answer.witness is not None:
                name = f"{topic.name}, {each.stands} before {each.hidden}"
                yield Shown(topic, name, each.answer.witness, each.stands, each.hidden)
        if proof.silent.witness is not None:
            yield Shown(topic, f"{topic.name}, where no rule is true", proof.silent.witness, None)
        if proof.undecided.witness is not None:
            yield Shown(topic, f"{topic.name}, where it stays undecided", proof.undecided.witness,
                        topic.fallback)


def _example(shown: Shown, lines: list[dict[str, Any]],
             shorthands: Mapping[str, Shorthand]) -> str:
    short: dict[str, list[str]] = {}
    full = []
    for line in lines:
        found = next((item for each in shorthands.values() if (item := _item(line, each))), None)
        if found is None:
            fields = ", ".join(f"{key}: {_scalar(value)}" for key, value in line.items())
            full.append(f"{{{fields}}}")
        else:
            short.setdefault(found[0], []).append(found[1])
    given = [f'{name}: "{", ".join(items)}"' for name, items in short.items()]
    given += [f"events: [{', '.join(full)}]"] if full else []
    value = "null" if shown.value is None else _scalar(shown.value) if (
        shown.overrode is None) else f"{{value: {shown.value}, overrode: [{shown.overrode}]}}"
    return (f"  - name: {shown.name}\n    why: \"{shown.witness}\"\n"
            f"    given: {{{', '.join(given)}}}\n"
            f"    expect: {{conclusions: {{{shown.topic.name}: {value}}}}}")


def _item(line: dict[str, Any], shorthand: Shorthand) -> tuple[str, str] | None:
    """Return an event as an item of a shorthand, if a number and one word can say it."""
    left = {key: value for key, value in line.items() if key not in {"kind", "at"}}
    if line["kind"] != shorthand.kind.name or not shorthand.fields.items() <= left.items():
        return None
    left = {key: value for key, value in left.items() if key not in shorthand.fields}
    words = []
    if shorthand.number and shorthand.number in left:
        quantity = shorthand.quantity(shorthand.number)
        words.append(str(left.pop(shorthand.number)))
        if quantity is not None and left.pop(quantity.unit, shorthand.unit) != shorthand.unit:
            return None
    for word, fields in shorthand.words.items():
        if not isinstance(fields, str) and fields and fields.items() <= left.items():
            words.append(word)
            left = {key: value for key, value in left.items() if key not in fields}
    return None if left or not words else (
        shorthand.name, " ".join([*words, f"@{line['at']}"]))


def _scalar(value: Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    text = str(value)
    return f'"{text}"' if text in {"yes", "no"} or not text[:1].isalnum() else text
