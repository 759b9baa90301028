"""What changed at a moment, in plain words: what began, ended, was withdrawn or mended, and why."""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.records import AlertRecord, ConclusionRecord, Undecided

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from engine.history.comparing import Change

_MOST_SINGLE = 3
_ORDER = ("withdrawn", "ended", "begun", "resumed", "changed")
_QUIET = {"evidence", "overrode", "rule"}  # of these alone a reader need not be told one by one


def told(changes: Iterable[Change], was: Mapping[str, str]) -> Iterator[str]:
    """Yield a sentence for each thing that changed, conclusions before alerts.

    `was` are the words for events as they stood before they were corrected or voided.
    """
    found = [*changes]
    quiet = [each for each in found if is_quiet(each)]
    loud = [each for each in found if not is_quiet(each)]
    conclusions: dict[str, list[Change]] = {}
    for each in loud:
        if isinstance(each.record, ConclusionRecord):
            conclusions.setdefault(each.name, []).append(each)
    for name, own in conclusions.items():
        yield from _conclusion(name, own, was)
    for each in loud:
        if isinstance(each.record, AlertRecord):
            yield _alert(each, was)
    for each in loud:
        if isinstance(each.record, Undecided):
            yield _undecided(each)
    if quiet:
        names = ", ".join(dict.fromkeys(each.name for each in quiet))
        yield f"as before, but resting on other events: {names}"


def is_quiet(change: Change) -> bool:
    """Whether only what something rests on has changed."""
    return change.what == "changed" and set(change.fields) <= _QUIET


def _conclusion(name: str, changes: list[Change],
                was: Mapping[str, str]) -> Iterator[str]:
    """Tell the changes of one conclusion; where there are many, as what holds now in a row."""
    ordered = sorted(changes, key=lambda each: (_ORDER.index(each.what), _begin(each)))
    begun = [each for each in ordered if each.what == "begun"]
    if len(begun) > _MOST_SINGLE:
        spans = "; ".join(_span(each) for each in begun)
        yield f"{name}: {spans}"
        ordered = [each for each in ordered if each.what != "begun"]
    merged: set[int] = set()
    for each in ordered:
        after = each.after
        if each.what == "begun" and isinstance(after, ConclusionRecord):
            until = next((other for other in ordered if other.what == "ended" and isinstance(
                other.after, ConclusionRecord) and other.after.end == after.begin), None)
            if until is not None:
                merged.add(id(until))
    for each in ordered:
        if id(each) not in merged:
            yield f"{name}: {_of_conclusion(each, ordered, was)}"


def _of_conclusion(change: Change, among: Sequence[Change], was: Mapping[str, str]) -> str:
    before, after = change.before, change.after
    match change.what:
        case "withdrawn" if isinstance(before, ConclusionRecord):
            return (f"WITHDRAWN: {before.value}, {_time(before.begin, before.end)}"
                    f"{_rested(change, was)}")
        case "begun" if isinstance(after, ConclusionRecord):
            until = next((each.before for each in among if each.what == "ended" and isinstance(
                each.after, ConclusionRecord) and each.after.end == after.begin), None)
            then = f" (until then {until.value})" if isinstance(until, ConclusionRecord) else ""
            return f"{after.value}, {_time(after.begin, after.end)}{then}{_with(after.caveats)}"
        case "ended" if isinstance(after, ConclusionRecord):
            return (f"{after.value} ended on {_moment(after.end)}{_amended(change)}"
                    f"{_rested(change, was)}")
        case "resumed" if isinstance(after, ConclusionRecord):
            assert isinstance(before, ConclusionRecord)
            return (f"{after.value} after all, since {_moment(after.begin)}: that it ended on "
                    f"{_moment(before.end)} is withdrawn{_amended(change)}{_rested(change, was)}")
    assert isinstance(after, ConclusionRecord)
    return f"{after.value} stays{_amended(change)}{_rested(change, was)}"


def _alert(change: Change, was: Mapping[str, str]) -> str:
    before, after = change.before, change.after
    record = after or before
    assert isinstance(record, AlertRecord)
    name = f"ALERT {record.rule} ({record.severity})"
    match change.what:
        case "withdrawn" if isinstance(before, AlertRecord):
            return f"{name} WITHDRAWN, {_time(before.begin, before.end)}{_rested(change, was)}"
        case "begun" if isinstance(after, AlertRecord):
            what = "raised" if after.end is None else "raised and resolved"
            under = f" (told by {after.subsumed_by})" if after.subsumed_by else ""
            return (f"{name} {what}, {_time(after.begin, after.end)}{under}: {after.message}"
                    f"{_with(after.caveats)}")
        case "ended" if isinstance(after, AlertRecord):
            return (f"{name} resolved on {_moment(after.end)}, open since "
                    f"{_moment(after.begin)}{_amended(change)}{_rested(change, was)}")
        case "resumed" if isinstance(before, AlertRecord):
            return (f"{name} is open again: that it was resolved on {_moment(before.end)} is "
                    f"withdrawn{_amended(change)}{_rested(change, was)}")
    return f"{name} amended{_amended(change)}{_rested(change, was)}"


def _undecided(change: Change) -> str:
    if not isinstance(change.after, Undecided):
        return f"{change.name}: nothing is open any more"
    values, needs = ", ".join(change.after.values), "; ".join(change.after.needs)
    return f"{change.name}: open whether {values}" + (f"; needed: {needs}" if needs else "")


def _amended(change: Change) -> str:
    """Return which fields are another now, the end apart, and those that a reader need not see."""
    before, after = change.before, change.after
    if before is None or after is None:
        return ""
    words = []
    for name in change.fields:
        old, new = getattr(before, name), getattr(after, name)
        match name:
            case "begin":
                words.append(f"it began on {_moment(new)}, not {_moment(old)}")
            case "end" if change.what == "changed":
                words.append(f"it ended on {_moment(new)}, not {_moment(old)}")
            case "severity":
                words.append(f"severity {new}, was {old}")
            case "message":
                words.append(f"it says now: {new}")
            case "caveats":
                words += [f"caveat {each}" for each in new if each not in old]
                words += [f"caveat {each} no more" for each in old if each not in new]
            case "subsumed_by":
                words.append(f"told by {new}" if new else "told by itself")
            case "id" | "end" | "evidence" | "overrode":
                continue
            case "rule" | "cites":
                words.append("by another rule" if name == "rule" else "by other sources")
            case _:
                words.append(f"{name.replace('_', ' ')} is another")
    return f"; {', '.join(words)}" if words else ""


def _rested(change: Change, was: Mapping[str, str]) -> str:
    if change.rested_on:
        return f"; it rested on {', '.join(was.get(each, each) for each in change.rested_on)}"
    if change.what != "withdrawn":
        return ""
    if 0 < len(was) <= _MOST_SINGLE and change.through == "events":
        return f"; it does not follow without {', '.join(was.values())}"
    return "; it does not follow from what is known now"


def _with(caveats: Sequence[str]) -> str:
    return f" (caveat {', '.join(caveats)})" if caveats else ""


def _span(change: Change) -> str:
    after = change.after
    assert isinstance(after, ConclusionRecord)
    return f"{after.value} {_time(after.begin, after.end)}"


def _time(begin: str, end: str | None) -> str:
    return f"since {_moment(begin)}" if end is None else f"{_moment(begin)} to {_moment(end)}"


def _moment(text: str | None) -> str:
    return (text or "").replace("T", " ")


def _begin(change: Change) -> str:
    record = change.record
    return "" if isinstance(record, Undecided) else record.begin
