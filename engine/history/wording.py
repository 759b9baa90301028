"""What was learnt, in the words of the vocabulary: what events say, and how they were mended."""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.facts.wording import readable

if TYPE_CHECKING:
    from engine.events.event import Event
    from engine.events.kinds import Kind
    from engine.events.vocabulary import Vocabulary
    from engine.history.lines import Learnt


def learnt_in_words(learnt: Learnt, vocabulary: Vocabulary) -> str:
    """Return what a line told, as one would say it."""
    line, before, after = learnt.line, learnt.before, learnt.after
    kind = vocabulary.kinds[line.kind]
    name, mark = kind.title.lower(), f" [{line.id}]"
    match learnt.what:
        case "new":
            return f"{name} {_content(line, kind)}of {_day(line)}{mark}"
        case "corrected" if before is not None and after is not None:
            return f"{_corrected(before, after, vocabulary)}{mark}"
        case "restated" if before is not None and after is not None:
            now = "confirmed" if before.status == after.status else (
                f"now {after.status}, before {before.status}")
            return f"{name} {_content(after, kind)}of {_day(after)} stands, {now}{mark}"
        case "voided" if before is not None:
            return (f"{name} {_content(before, kind)}of {_day(before)} is void: "
                    f"{line.status.replace('-', ' ')}{mark}")
        case "voided":
            return f"{name} of {_day(line)} is void: {line.status.replace('-', ' ')}{mark}"
        case "contradicted":
            return (f"lines about the {name} of {_day(line)} contradict each other: none is "
                    f"believed{mark}")
        case "superseded":
            return (f"an older version of the {name} of {_day(line)}, which changes nothing"
                    f"{mark}")
    return f"{name} of {_day(line)} once more, the same{mark}"


def _corrected(before: Event, after: Event, vocabulary: Vocabulary) -> str:
    if before.kind != after.kind:
        one, other = (vocabulary.kinds[each.kind] for each in (before, after))
        return (f"{one.title.lower()} {_content(before, one)}of {_day(before)} corrected to "
                f"{other.title.lower()} {_content(after, other)}of {_day(after)}")
    kind = vocabulary.kinds[after.kind]
    was, is_ = _parts(before, kind), _parts(after, kind)
    differing = [name for name in [*was, *(name for name in is_ if name not in was)]
                 if was.get(name) != is_.get(name)]
    moved = "" if _day(before) == _day(after) else f", and moved to {_day(after)}"
    if not differing:
        said = f"moved to {_day(after)}" if moved else "corrected in what no rule reads"
        return f"{kind.title.lower()} {_content(before, kind)}of {_day(before)} {said}"
    old, new = (" ".join(each[name] for name in differing if name in each) or "nothing"
                for each in (was, is_))
    return f"{kind.title.lower()} of {_day(before)} corrected from {old} to {new}{moved}"


def _content(event: Event, kind: Kind) -> str:
    said = " ".join(_parts(event, kind).values())
    return f"{said} " if said else ""


def _parts(event: Event, kind: Kind) -> dict[str, str]:
    """Return what was given of an event, field by field: names first, then numbers, then flags."""
    given = event.given
    names, flags = {}, {}
    for name, field in kind.plain.items():
        value = given.get(name)
        if value is None:
            continue
        if isinstance(value, bool):
            flags[name] = name.replace("_", " ") if value else f"not {name.replace('_', ' ')}"
        elif field.type == "symbol":
            names[name] = str(value)
        else:
            flags[name] = f"{name.replace('_', ' ')} {value}"
    numbers = {}
    for quantity in kind.quantities:
        if given.get(quantity.value) is not None:
            sign = given.get(quantity.comparator or "", "")
            unit = readable(str(given.get(quantity.unit, "")))
            numbers[quantity.value] = f"{sign}{given[quantity.value]} {unit}".strip()
    return {**names, **numbers, **flags}


def _day(event: Event) -> str:
    return event.at.text.replace("T", " ")


def as_it_was(learnt: Learnt, vocabulary: Vocabulary) -> str:
    """Return an event as it stood before a line mended it, or took it away."""
    before = learnt.before or learnt.line
    kind = vocabulary.kinds[before.kind]
    return f"the {kind.title.lower()} {_content(before, kind)}of {_day(before)} [{before.id}]"


def loaded_in_words(learnt: list[Learnt], vocabulary: Vocabulary) -> str:
    """Return what came at once, counted by its kind, in one sentence."""
    counts: dict[str, int] = {}
    for each in learnt:
        title = vocabulary.kinds[each.line.kind].title.lower()
        counts[title] = counts.get(title, 0) + 1
    days = sorted((each.line.at.start, each.line.at.day) for each in learnt)
    inner = ", ".join(f"{count} {title}" for title, count in sorted(
        counts.items(), key=lambda item: (-item[1], item[0])))
    return (f"{len(learnt)} events at once, of {days[0][1].isoformat()} to "
            f"{days[-1][1].isoformat()}: {inner}")
