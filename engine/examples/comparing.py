"""Where do an assessment and the expectations of an example differ, in words side by side?"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from engine.examples.entries import Entry, compare_entries
from engine.examples.wording import in_words, same

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from engine.assessment import AlertRecord, Assessment
    from engine.examples.example import Example, Refused
    from engine.examples.shapes import ExpectShape, RefusedShape


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing that is not as expected."""

    what: str
    expected: str
    got: str


def differences(example: Example, assessment: Assessment | None, refused: Sequence[Refused],
                worklist: Sequence[AlertRecord] = ()) -> tuple[Difference, ...]:
    """Return every difference; without an assessment, because every line was refused, of those.

    `worklist` are the alerts that ask to be looked at; they are compared where any are expected.
    """
    found = list(_refusals(example.expect, refused))
    if assessment is not None:
        found += _of_assessment(example, assessment, worklist)
    return tuple(found)


def _of_assessment(example: Example, assessment: Assessment,
                   worklist: Sequence[AlertRecord]) -> Iterator[Difference]:
    expect = example.expect
    for field, expected in expect.summary.items():
        got = assessment.summary.get(field)
        if not same(expected, got):
            yield Difference(f"summary: {field}", in_words(expected), in_words(got))
    yield from _conclusions(example, assessment)
    yield from _alerts(example, assessment, worklist)
    for name, caveats in expect.caveats.items():
        yield from _caveats(name, caveats, assessment)
    yield from _undecided(expect, assessment)


def _conclusions(example: Example, assessment: Assessment) -> Iterator[Difference]:
    expect, calendar = example.expect, example.calendar
    for name, value in expect.conclusions.items():
        holding = [Entry.of_conclusion(each) for each in assessment.conclusions
                   if each.name == name and each.end is None]
        wanted = [] if value is None else [value]
        for pair in compare_entries(wanted, holding, calendar):
            yield Difference(f"conclusion: {name}", *pair)
    for name, values in expect.history.items():
        held = [Entry.of_conclusion(each) for each in assessment.conclusions
                if each.name == name]
        for pair in compare_entries(values, held, calendar, in_order=True):
            yield Difference(f"history: {name}", *pair)


def _alerts(example: Example, assessment: Assessment,
            worklist: Sequence[AlertRecord]) -> Iterator[Difference]:
    expect = example.expect
    for what, wanted, alerts in (
        ("open alert", expect.alerts,
         [each for each in assessment.alerts if each.end is None and not each.subsumed_by]),
        ("closed alert", expect.closed,
         [each for each in assessment.alerts if each.end is not None]),
        ("subsumed alert", expect.subsumed,
         [each for each in assessment.alerts if each.subsumed_by]),
        ("alert on the worklist", expect.worklist, worklist),
    ):
        if wanted is not None:
            got = [Entry.of_alert(each) for each in alerts]
            for pair in compare_entries(wanted, got, example.calendar):
                yield Difference(what, *pair)


def _caveats(name: str, expected: list[str], assessment: Assessment) -> Iterator[Difference]:
    holding: list[Any] = [each for each in assessment.conclusions
                          if each.name == name and each.end is None]
    holding += [each for each in assessment.alerts if each.rule == name and each.end is None]
    if not holding:
        yield Difference(f"caveats: {name}", _listed(expected), "it does not hold")
    elif set(holding[-1].caveats) != set(expected):
        yield Difference(f"caveats: {name}", _listed(expected), _listed(holding[-1].caveats))


def _undecided(expect: ExpectShape, assessment: Assessment) -> Iterator[Difference]:
    open_ = {each.name: each for each in assessment.undecided}
    for name in expect.undecided:
        if name not in open_:
            yield Difference(f"undecided: {name}", "undecided", "decided")
    for name in expect.decided:
        if name in open_:
            yield Difference(f"undecided: {name}", "decided",
                             f"undecided, may be {_listed(open_[name].values)}")
    for name, values in expect.may_be.items():
        may_be = open_[name].values if name in open_ else ()
        if set(may_be) != set(values):
            yield Difference(f"may be: {name}", _listed(values), _listed(may_be))
    for name, needs in expect.needs.items():
        got = open_[name].needs if name in open_ else ()
        for need in needs:
            if not any(need in each for each in got):
                yield Difference(f"needs: {name}", need, "; ".join(got) or "nothing")


def _refusals(expect: ExpectShape, refused: Sequence[Refused]) -> Iterator[Difference]:
    left = list(refused)
    for wanted in expect.refused:
        match = next((each for each in left if _is_refusal(wanted, each)), None)
        if match is None:
            yield Difference("refused", _wanted_refusal(wanted), "no such refusal")
        else:
            left.remove(match)
    for each in left:
        one = each.refusal
        yield Difference("refused", "no refusal", f"{each.event}, {one.field}: found {one.found}, "
                         f"expected {one.expected}; {one.reason}")


def _is_refusal(wanted: str | RefusedShape, refused: Refused) -> bool:
    one = refused.refusal
    if isinstance(wanted, str):
        return one.field == wanted
    said = f"found {one.found}, expected {one.expected}; {one.reason}"
    return (one.field == wanted.field and wanted.says in said
            and wanted.event in ("", refused.event))


def _wanted_refusal(wanted: str | RefusedShape) -> str:
    if isinstance(wanted, str):
        return wanted
    words = [wanted.event, wanted.field, wanted.says and f"saying '{wanted.says}'"]
    return ", ".join(word for word in words if word)


def _listed(words: Iterable[str]) -> str:
    return ", ".join(sorted(words)) or "none"
