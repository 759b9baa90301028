"""Why a patient was judged so: printed as trees, or as one JSON object."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from engine.certificate.making import certificate_of
from engine.explain import explain, explainable, worth_explaining
from engine.problems import did_you_mean
from engine.reports.output import as_json, page_console
from engine.reports.records import refusal_records
from engine.reports.rulebooks import name_of
from engine.reports.trees import sources_of, tree_of
from engine.request import RequestError
from engine.timeline.log import known

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from engine.events.when import When
    from engine.passage import Passage
    from engine.reason import Node
    from engine.run import Run


def print_why(run: Run, paths: Iterable[str], patient: str, asked: Sequence[str],
              at: When | None, form: str) -> None:
    """Explain the conclusions asked for, or those of the summary and the open alerts.

    `at` is the moment at which they are explained, by what is known as of the run's own moment.
    """
    names = _names(run, asked)
    gathered = dict(run.reader.gathered(paths))
    if patient not in gathered:
        raise RequestError(f"patient: found {patient!r}, expected a patient of the input; "
                           "check the name")
    what = known(gathered[patient], run.as_of)
    run.refused.extend(what.refused)
    if run.is_stopped:
        return
    passage = run.setup.assessor().passage(what.events, at or what.as_of, whole=True)
    trees = [explain(passage, name) for name in names or worth_explaining(passage)]
    if form == "json":
        whole = certificate_of(patient, passage, what, trees, at, refusal_records(run.refused))
        sys.stdout.buffer.write(as_json(whole) + b"\n")
        sys.stdout.buffer.flush()
    else:
        _print_trees(run, patient, passage, trees)


def _names(run: Run, asked: Sequence[str]) -> list[str]:
    offered = explainable(run.setup.rulebook)
    for name in asked:
        if name not in offered:
            advice = did_you_mean(name, offered) or (
                "for example " + ", ".join(run.setup.rulebook.summary))
            raise RequestError(f"what: found {name!r}, expected a conclusion, an alert or a fact "
                               f"of the rulebook; {advice}")
    return [offered[name] for name in asked]


def _print_trees(run: Run, patient: str, passage: Passage, trees: Sequence[Node]) -> None:
    console, rulebook = page_console(), run.setup.rulebook
    with console.capture() as page:
        console.print(f"[bold]Patient {patient}[/], as of {passage.as_of.text}, by "
                      f"{name_of(rulebook)}\n")
        for tree in trees:
            console.print(tree_of(tree))
            console.print()
        for line in dict.fromkeys(line for tree in trees for line in sources_of(tree)):
            console.print(line, style="dim", markup=False, highlight=False)
    sys.stdout.write(page.get())
