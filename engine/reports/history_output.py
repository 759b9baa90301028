"""A patient's history of knowledge: as pages for a person, as one JSON object, or line by line."""

from __future__ import annotations

import sys
import textwrap
from datetime import time
from typing import TYPE_CHECKING, Any

from engine.history.telling import is_quiet, told
from engine.history.wording import as_it_was, learnt_in_words, loaded_in_words
from engine.records import WRITTEN, AlertRecord, ConclusionRecord, Undecided
from engine.reports.output import as_json, page_console
from engine.reports.records import CONTRACT, record_of, refusal_records, rulebook_record
from engine.reports.rulebooks import name_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from engine.events.event import Refusal
    from engine.history.comparing import Change
    from engine.history.lines import Learnt
    from engine.history.steps import History, Step

_AT_ONCE = 8  # more lines than these are told as a load, counted by their kind
_CAUSES = {"time": "meanwhile, by the passing of time:", "rulebook": "by the other rulebook:",
           "events": ""}
_KINDS = {ConclusionRecord: "conclusion", AlertRecord: "alert", Undecided: "undecided"}


def print_history(history: History, names: Sequence[str], form: str,
                  refused: Sequence[Refusal]) -> None:
    """Print every step, or with `names` those that changed one of these."""
    steps = _concerning(history.steps(), frozenset(names))
    if form == "table":
        for line in _pages(history, steps, names):
            sys.stdout.write(f"{line}\n")
        return
    out = sys.stdout.buffer
    if form == "ndjson":
        for step in steps:
            out.write(as_json(_step_record(step)) + b"\n")
            out.flush()
        return
    era = history.eras[-1]
    whole = {"contract": CONTRACT, "rulebook": rulebook_record(era.assessor.rulebook),
             "timezone": era.assessor.zone.key, "patient": history.patient,
             "moments": [_step_record(step) for step in steps],
             "refused": refusal_records(refused)}
    out.write(as_json(whole) + b"\n")
    out.flush()


def _concerning(steps: Iterable[Step], names: frozenset[str]) -> Iterator[Step]:
    for step in steps:
        if not names:
            yield step
        elif own := tuple(each for each in step.changes if each.name in names):
            yield type(step)(step.moment, step.learnt, step.replaced, step.era, own)


def _pages(history: History, steps: Iterable[Step], names: Sequence[str]) -> Iterator[str]:
    width, book = page_console().width, history.eras[-1].assessor.rulebook
    about = f" about {', '.join(names)}" if names else ""
    yield from _wrapped(f"Patient {history.patient}: what was known when{about}, by "
                        f"{name_of(book)}; times of knowledge in "
                        f"{history.eras[-1].assessor.zone.key}", "", width)
    told_of = quiet = 0
    for step in steps:
        if names and all(is_quiet(each) for each in step.changes):
            quiet += 1
            continue
        told_of += 1
        yield ""
        yield from _page(step, width)
    if not told_of and not quiet:
        yield ""
        yield "Nothing became known in this time." if not names else (
            f"Nothing that became known changed {', '.join(names)}.")
    elif quiet:
        yield ""
        yield (f"At {quiet} other moment{'s' if quiet > 1 else ''} it only came to rest on "
               "other events.")


def _page(step: Step, width: int) -> Iterator[str]:
    moment = _clock(step)
    for number, head in enumerate(_heads(step) or ["nothing was learnt"]):
        yield from _wrapped(head, f"{moment}  " if number == 0 else " " * (len(moment) + 2), width)
    was = _as_they_were(step)
    for through, title in _CAUSES.items():
        lines = [*told((each for each in step.changes if each.through == through), was)]
        if lines and title:
            yield f"    {title}"
        for line in lines:
            yield from _wrapped(line, "      " if title else "    ", width)
    if not step.changes:
        yield "    nothing that is concluded changed"


def _heads(step: Step) -> list[str]:
    """Return what became known, the rulebook first; many lines at once as a load."""
    vocabulary, heads = step.era.assessor.rulebook.vocabulary, []
    if step.replaced is not None:
        was, now = (each.assessor.rulebook for each in (step.replaced, step.era))
        heads.append(f"in force from now on: {name_of(now)}, before it "
                     f"{name_of(was)}")
    news = [each for each in step.learnt if each.what != "repeated"]
    words = []
    if len(news) > _AT_ONCE:
        words.append(loaded_in_words(news, vocabulary))
        news = [each for each in news if each.before is not None]
    words += [learnt_in_words(each, vocabulary) for each in news]
    if not words and step.learnt:
        words.append("only what was known already")
    return heads + [f"{'learnt: ' if number == 0 else '        '}{each}"
                    for number, each in enumerate(words)]


def _as_they_were(step: Step) -> dict[str, str]:
    vocabulary = step.era.assessor.rulebook.vocabulary
    return {each.line.id: as_it_was(each, vocabulary) for each in step.learnt
            if each.before is not None}


def _clock(step: Step) -> str:
    """Return a moment as a reader tells the time: the day alone where it is its beginning or end.
    """
    local = step.moment.end.astimezone(step.era.assessor.zone)
    if local.time() == time() or (local.hour, local.minute, local.microsecond) == (23, 59, 999999):
        return local.date().isoformat()
    return local.strftime("%Y-%m-%d %H:%M" + (":%S" if local.second else ""))


def _wrapped(text: str, first: str, width: int) -> list[str]:
    return textwrap.wrap(text.lstrip() if text.startswith(" ") else text, width,
                         initial_indent=first + " " * (len(text) - len(text.lstrip())),
                         subsequent_indent=" " * (len(first) + 2), break_on_hyphens=False,
                         break_long_words=False)


def _step_record(step: Step) -> dict[str, Any]:
    book = step.era.assessor.rulebook
    return {"as_of": step.moment.end.astimezone(step.era.assessor.zone).isoformat(),
            "rulebook": rulebook_record(book),
            "rulebook_before": rulebook_record(step.replaced.assessor.rulebook)
            if step.replaced else None,
            "learnt": [_learnt_record(each, step) for each in step.learnt],
            "changes": [_change_record(each, _as_they_were(step)) for each in step.changes]}


def _learnt_record(learnt: Learnt, step: Step) -> dict[str, Any]:
    line = learnt.line
    return {"event": line.id, "kind": line.kind, "what": learnt.what, "at": line.at.text,
            "recorded": line.recorded.text, "status": line.status,
            "source": line.source.name, "line": line.source.line,
            "words": learnt_in_words(learnt, step.era.assessor.rulebook.vocabulary)}


def _change_record(change: Change, was: dict[str, str]) -> dict[str, Any]:
    return {"what": change.what, "of": _KINDS[type(change.record)], "name": change.name,
            "through": change.through, "before": change.before and record_of(change.before),
            "after": change.after and record_of(change.after),
            "fields": [WRITTEN.get(each, each) for each in change.fields],
            "rested_on": list(change.rested_on), "words": " ".join(told([change], was))}
