"""Where do an assessment and the expectations of an example differ, in words side by side?"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from engine.examples.entries import NOTHING, Entry, Wanted, compare_entries
from engine.examples.wording import in_words, same

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from engine.alerts.alert import State
    from engine.alerts.policy import Policy
    from engine.assessment import Assessment
    from engine.examples.example import Example, Refused
    from engine.examples.shapes import ExpectShape, RefusedShape
    from engine.examples.shift import RefusedAct, Shift
    from engine.records import AlertRecord


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing that is not as expected."""

    what: str
    expected: str
    got: str


@dataclass(frozen=True, slots=True)
class Answer:
    """An assessment, and what tells in words why a conclusion of it holds."""

    assessment: Assessment
    reason: Callable[[str], str]


def differences(example: Example, answer: Answer | None, refused: Sequence[Refused],
                shift: Shift, policy: Policy) -> tuple[Difference, ...]:
    """Return every difference; without an answer, because every line was refused, of the rest.

    `shift` is what was on the worklist at each moment asked, and what could not be decided.
    """
    found = [*_refusals(example.expect, refused), *_decisions(example.expect, shift.refused)]
    if answer is not None:
        found += _of_assessment(example, answer, policy)
    for (moment, wanted), look in zip(example.expect.worklists(), shift.looks, strict=False):
        what = f"alert on the worklist{moment and f', {moment}'}"
        found += [_with_state(each, look.quiet) for each in
                  _listed_alerts(what, wanted, look.open, example, policy)]
    return tuple(found)


def _with_state(difference: Difference, quiet: Mapping[str, State]) -> Difference:
    """Return a difference that says, of an alert which is missing, how it stands."""
    state = quiet.get(difference.expected.partition(" ")[0])
    if difference.got != NOTHING or state is None:
        return difference
    why = "" if state.until is None else f" until {state.until.isoformat(timespec='minutes')}"
    return replace(difference, got=f"{NOTHING}: it is {state.name}{why}")


def _of_assessment(example: Example, answer: Answer, policy: Policy) -> Iterator[Difference]:
    expect, assessment = example.expect, answer.assessment
    for field, expected in expect.summary.items():
        got = assessment.summary.get(field)
        if not same(expected, got):
            yield Difference(f"summary: {field}", in_words(expected), in_words(got))
    yield from _conclusions(example, answer)
    yield from _alerts(example, assessment, policy)
    for name, caveats in expect.caveats.items():
        yield from _caveats(name, caveats, assessment)
    yield from _undecided(expect, assessment)


def _conclusions(example: Example, answer: Answer) -> Iterator[Difference]:
    expect, calendar, assessment = example.expect, example.calendar, answer.assessment
    for name, value in expect.conclusions.items():
        holding = [Entry.of_conclusion(each, answer.reason(name))
                   for each in assessment.conclusions if each.name == name and each.end is None]
        wanted = [] if value is None else [value]
        for pair in compare_entries(wanted, holding, calendar):
            yield Difference(f"conclusion: {name}", *pair)
    for name, values in expect.history.items():
        held = [Entry.of_conclusion(each) for each in assessment.conclusions
                if each.name == name]
        for pair in compare_entries(values, held, calendar, in_order=True):
            yield Difference(f"history: {name}", *pair)


def _alerts(example: Example, assessment: Assessment, policy: Policy) -> Iterator[Difference]:
    expect = example.expect
    for what, wanted, alerts in (
        ("open alert", expect.alerts,
         [each for each in assessment.alerts if each.end is None and not each.subsumed_by]),
        ("closed alert", expect.closed,
         [each for each in assessment.alerts if each.end is not None]),
        ("subsumed alert", expect.subsumed,
         [each for each in assessment.alerts if each.subsumed_by]),
    ):
        if wanted is not None:
            yield from _listed_alerts(what, wanted, alerts, example, policy)


def _listed_alerts(what: str, wanted: Sequence[Wanted], alerts: Sequence[AlertRecord],
                   example: Example, policy: Policy) -> Iterator[Difference]:
    got = [Entry.of_alert(each, policy) for each in alerts]
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
        if not isinstance(wanted, str) and wanted.alert:
            continue
        match = next((each for each in left if _is_refusal(wanted, each)), None)
        if match is None:
            yield Difference("refused", _wanted_refusal(wanted), "no such refusal")
        else:
            left.remove(match)
    for each in left:
        one = each.refusal
        yield Difference("refused", "no refusal", f"{each.event}, {one.field}: found {one.found}, "
                         f"expected {one.expected}; {one.reason}")


def refused_acts(expect: ExpectShape, refused: Sequence[RefusedAct]
                 ) -> tuple[list[RefusedShape], list[RefusedAct]]:
    """Return the refusals of decisions that are expected and did not come, and the reverse."""
    missing, left = [], list(refused)
    for wanted in expect.refused:
        if isinstance(wanted, str) or not wanted.alert:
            continue
        match = next((each for each in left if each.act.rule == wanted.alert
                      and wanted.says in str(each.error)), None)
        if match is None:
            missing.append(wanted)
        else:
            left.remove(match)
    return missing, left


def _decisions(expect: ExpectShape, refused: Sequence[RefusedAct]) -> Iterator[Difference]:
    missing, left = refused_acts(expect, refused)
    for wanted in missing:
        yield Difference("refused decision", _wanted_refusal(wanted), "no such refusal")
    for each in left:
        if not each.act.rule:  # a part of the rulebook may have nothing open: the check tells it
            continue
        yield Difference(f"decision: {each.act.text}", "no refusal", str(each.error))


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
    words = [wanted.alert, wanted.event, wanted.field, wanted.says and f"saying '{wanted.says}'"]
    return ", ".join(word for word in words if word)


def _listed(words: Iterable[str]) -> str:
    return ", ".join(sorted(words)) or "none"
