"""In which words does a rule say why a conclusion has its value?"""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.facts.wording import fill_in

if TYPE_CHECKING:
    from engine.passage import Passage


def reason_of(passage: Passage, name: str) -> str:
    """Return the reason for what a conclusion is where the passage ends.

    Nothing where it has no value, or where no rule gave it one: a fallback has no reason.
    """
    standing = passage.standings.get(name)
    if standing is None or standing.rule is None:
        return ""
    judged = passage.sight.settled(name)
    return fill_in(judged.rule(standing.rule).because, judged.topic.words, passage.sight.chart,
                   standing.here)
