"""What stood against a conclusion, told: each part that is not as it should be, as it is.

The question that does not arise, the rule whose criteria fail, the value that goes before: with the
distance of each, and what stands behind a conclusion that is read.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from engine.facts.wording import fill_in
from engine.reason import Node
from engine.rulebook.ranges import DENIED
from engine.rulebook.terms import (
    Among,
    Comparing,
    Conclusion,
    Elapsed,
    FieldOf,
    Function,
    It,
    PartOf,
)
from engine.whynot.distance import distance_of, reader_at
from engine.whynot.unmet import judged_named

if TYPE_CHECKING:
    from collections.abc import Iterable

    from engine.passage import Passage
    from engine.whynot.question import Question
    from engine.whynot.unmet import Place, Unmet

_DEEPEST = 2
_NEAREST = 2
_PARTS = {("begun", True): "has begun", ("begun", False): "has not begun",
          ("running", True): "is running", ("running", False): "is not running",
          ("stopped", True): "is stopped", ("stopped", False): "is not stopped"}


def against(question: Question, passage: Passage) -> Node:
    """Return the tree of what stands against what is asked, where a passage ends."""
    unmet = question.unmet(passage)
    title = question.judged.topic.title if question.judged else question.name
    below = _told([unmet], 0) if unmet is not None else []
    return Node("conclusion", f"{title}: {_instead(question, passage)}", None,
                {"name": question.name, "wanted": question.value,
                 "value": question.standing(passage).value}, tuple(below))


def _instead(question: Question, passage: Passage) -> str:
    """Return that it does not hold, and what does instead."""
    if question.judged is None:
        return f"{question.text} does not hold"
    standing, topic = question.standing(passage), question.judged.topic
    if topic.alert is not None:
        return f"{topic.name} is not open"
    told = f"{question.text} does not hold"
    if standing.value is None:
        undecided = " or ".join(standing.undecided)
        return told + (f": it may be {undecided}, which is not decided" if undecided
                       else ", nor does any other value")
    told += f": it is {standing.value}{_since(passage, topic.name)}{_why(passage, topic.name)}"
    if not question.has_rule:
        told += f". {question.value} only stands in where no rule is certain and one is possible"
    return told


def _since(passage: Passage, name: str) -> str:
    episodes = passage.episodes.get(name)
    return f", since {episodes[-1].begun.text}" if episodes else ""


def _why(passage: Passage, name: str) -> str:
    """Return the reason of what is concluded, in the words of its rule."""
    judged = passage.assessor.by_name[name]
    standing = passage.standings[name]
    if standing.rule is None:
        return ""
    rule = judged.rule(standing.rule)
    because = fill_in(rule.because, judged.topic.words, passage.chart, standing.here)
    return f" ({because or rule.title})" if judged.topic.alert is None else ""


def _told(parts: Iterable[Unmet | None], depth: int) -> list[Node]:
    """Return the lines for parts that all stand against it; those that say nothing are none."""
    nodes: list[Node] = []
    for part in parts:
        if part is None:
            continue
        if part.given:
            nodes.append(Node("choice", "the question does not arise", None, {},
                              tuple(_told([replace(part, given=False)], depth))))
        elif part.over:
            nodes.append(Node("choice", f"{part.over} holds, and goes before it", None,
                              {"value": part.over},
                              tuple(_told([replace(part, over="")], depth))))
        elif part.word == "leaf":
            nodes.append(_leaf(part, depth))
        elif part.rule is not None:
            nodes.append(Node("rule", part.rule.title, False if _is_false(part) else None,
                              {"rule": part.rule.id, "value": part.rule.value},
                              tuple(_told(part.parts, depth))))
        elif part.word == "all":
            nodes += _told(part.parts, depth)
        else:
            nodes += _one_of(part, depth)
    return nodes


def _one_of(part: Unmet, depth: int) -> list[Node]:
    """Return alternatives, of which one would do; behind a conclusion only the nearest."""
    options = [each for each in part.parts if not each.aside] or list(part.parts)
    if depth and any(each.rule is not None for each in options):
        options = sorted(options, key=lambda each: each.least)[:_NEAREST]
    nodes = _told(options, depth)
    if len(options) == 1 or all(each.rule is not None for each in options):
        return nodes
    return [Node("choice", "one of these would have to be otherwise", None, {}, tuple(nodes))]


def _is_false(part: Unmet) -> bool:
    return any(leaf.place is not None and leaf.term is not None
               and leaf.place.value(leaf.term) is (not leaf.wanted) for leaf in part.leaves())


def _leaf(leaf: Unmet, depth: int) -> Node:
    assert leaf.place is not None and leaf.term is not None
    text, record = distance_of(leaf)
    words = as_it_is(leaf)
    below = _told(leaf.parts, depth + 1) if depth < _DEEPEST else []
    value = leaf.place.value(leaf.term)
    data: dict[str, Any] = {"truth": value if isinstance(value, bool) else None,
                            "wanted": leaf.wanted}
    if record:
        data["distance"] = {"text": text, **record}
    return Node("against", words + (f": {text}" if text else ""), None, data, tuple(below))


def as_it_is(leaf: Unmet) -> str:
    """Return a condition as it stands: turned round where it is false, open where it is unknown."""
    term, place = leaf.term, leaf.place
    assert term is not None and place is not None
    reader, value = reader_at(place), place.value(term)
    if isinstance(term, Among | Comparing) and (said := _conclusion(leaf, place)):
        return said
    match term:
        case _ if value is None and not isinstance(term, Function):
            return f"not known: {reader.read(term)}".removesuffix(": unknown")
        case Function(name="known") if value is False:
            told = reader.read(term).removesuffix(": unknown")
            return told.replace("there is an answer", "there is no answer", 1)
        case Comparing(operator=sign, left=left, right=right) if value is False:
            return reader.read(Comparing(DENIED[sign], left, right))
        case Elapsed(since=since, operator=sign, span=span) if value is False:
            return reader.read(Elapsed(since, DENIED[sign], span))
        case Among(item=item, values=values, name=name) if value is False:
            wanted = f"one of the {name}" if name else " or ".join(sorted(values))
            return f"{reader.noun(item)} is not {wanted}"
        case PartOf(base=base, part=part) if (part, value) in _PARTS:
            return f"{reader.noun(base)} {_PARTS[part, value]}"
        case FieldOf(base=It(), field=field):
            return f"{field}: {'yes' if value else 'no'}"
        case Function(name="stands", arguments=(run, other)) if value is not True:
            return _ended(reader.noun(run), reader.noun(other), run, place)
    return reader.read(term)


def _ended(run: str, other: str, sought: Any, place: Place) -> str:
    found = place.value(sought)
    reached = found is not None and found.certain is not None
    return f"{run} has been ended since by {other}" if reached else run


def _conclusion(leaf: Unmet, place: Place) -> str:
    """Return what a conclusion is that is read, with its reason, and what it would have to be."""
    term = leaf.term
    item = term.item if isinstance(term, Among) else (
        term.left if isinstance(term, Comparing) else None)
    if not isinstance(item, Conclusion):
        return ""
    values = sorted(term.values) if isinstance(term, Among) else [
        str(place.value(term.right))] if isinstance(term, Comparing) else []
    sign = leaf.wanted if isinstance(term, Among) else (
        (isinstance(term, Comparing) and term.operator == "==") is leaf.wanted)
    wanted = ("" if sign else "not ") + " or ".join(values)
    now = place.passage.chart.concluded(item.topic)
    name = judged_named(place, item.topic).topic.title
    if now is None:
        return f"{name} ({item.topic}) is not decided; needed is {wanted}"
    is_now = f"{now}{_why(place.passage, item.topic)}" if now else "not concluded"
    return f"{name} ({item.topic}) is {is_now}; needed is {wanted}"
