"""Why something was not concluded: printed as a tree and sentences, or as one JSON object."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

from engine.counting import counted
from engine.reason import record_of
from engine.reports.output import as_json, page_console
from engine.reports.records import CONTRACT, refusal_records, rulebook_record
from engine.reports.rulebooks import name_of
from engine.reports.trees import tree_of
from engine.request import RequestError
from engine.timeline.log import known
from engine.whynot.answer import answer
from engine.whynot.question import question_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from engine.events.when import When
    from engine.run import Run
    from engine.whynot.answer import Answer, Way

_SCOPE = "This says what the rules would conclude; it is no advice."


def print_whynot(run: Run, paths: Iterable[str], patient: str, asked: Sequence[str],
                 at: When | None, form: str) -> None:
    """Answer each question about a patient; `at` is the moment that is asked about."""
    assessor = run.setup.assessor()
    questions = [question_of(assessor, text) for text in asked]
    gathered = dict(run.reader.gathered(paths))
    if patient not in gathered:
        raise RequestError(f"patient: found {patient!r}, expected a patient of the input; "
                           "check the name")
    lines = gathered[patient]
    what = known(lines, run.as_of)
    run.refused.extend(what.refused)
    if run.is_stopped:
        return
    answers = [answer(question, assessor, what, lines, at) for question in questions]
    if form == "json":
        _print_record(run, patient, answers)
    else:
        _print_page(run, patient, answers)


def _print_page(run: Run, patient: str, answers: Sequence[Answer]) -> None:
    console, rulebook = page_console(), run.setup.rulebook
    with console.capture() as page:
        console.print(f"[bold]Patient {patient}[/], as of {answers[0].passage.as_of.text}, by "
                      f"{name_of(rulebook)}\n")
        for each in answers:
            if each.against is None:
                console.print(_holds(each), markup=False, highlight=False)
            else:
                console.print(tree_of(each.against))
                console.print()
                for line in _ways(each):
                    console.print(line, markup=False, highlight=False)
            console.print()
        console.print(_SCOPE, style="dim", markup=False, highlight=False)
    sys.stdout.write(page.get())


def _holds(each: Answer) -> str:
    is_alert = each.question.judged is not None and each.question.judged.topic.alert is not None
    state = "is open" if is_alert else "holds"
    return (f"{each.question.text} {state} already: ask for the reason with "
            f"why --what {each.question.name}.")


def _ways(each: Answer) -> list[str]:
    tried = counted(each.tried, "assessment was", "assessments were") + " tried"
    tried += ", which is the bound of the search" if each.bounded else ""
    if not each.ways:
        return [f"No change was found that would bring it about: {tried}."]
    lines = [f"{way.text} (checked)." for way in each.ways]
    return [*lines, f"The smallest that was found; {tried}."]


def _print_record(run: Run, patient: str, answers: Sequence[Answer]) -> None:
    whole = {
        "contract": CONTRACT,
        "rulebook": rulebook_record(run.setup.rulebook),
        "patient": patient,
        "as_of": answers[0].passage.as_of.text,
        "answers": [_record(each) for each in answers],
        "refused": refusal_records(run.refused),
    }
    sys.stdout.buffer.write(as_json(whole) + b"\n")
    sys.stdout.buffer.flush()


def _record(each: Answer) -> dict[str, Any]:
    return {
        "name": each.question.name,
        "wanted": each.question.value,
        "holds": each.against is None,
        "against": record_of(each.against) if each.against is not None else None,
        "changes": [_way(way) for way in each.ways],
        "tried": each.tried,
        "bounded": each.bounded,
    }


def _way(way: Way) -> dict[str, Any]:
    """Return a change with the lines that tell it: with them, as of then, it is so."""
    lines = [dict(change.event.given) for change in way.supposed.changes if change.event]
    return {"text": way.text, "checked": True, "of_the_past": way.is_past,
            "as_of": way.as_of.text, "lines": lines}
