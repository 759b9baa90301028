"""Why a patient was classified, or alerted, so: the tree from a conclusion down to its events.

Conclusion, rule, criterion, fact and parameter, citation and event: each with the values it had,
in the order in which they were judged, and what would decide what could not be decided.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from engine.facts.evidence import asked_at, came_from, events_of, members_of
from engine.facts.lacking import would_decide
from engine.facts.phrases import Reader
from engine.facts.terms import compile_term
from engine.facts.wording import (
    event_in_words,
    fill_in,
    in_words,
    parameter_in_words,
    period_in_words,
    readable,
)
from engine.reason import Node, citation, group_truth, overrides
from engine.rulebook.definitions import Criterion, Pick, Tally
from engine.rulebook.terms import Ask, Conclusion, Constant, Dated, TableEntry, Term, walk
from engine.rulebook.topics import criteria, is_always
from engine.rulebook.windows import as_term
from engine.standing import Standing

if TYPE_CHECKING:

    from engine.events.event import Event
    from engine.facts.judging import JudgedTopic
    from engine.passage import Passage
    from engine.rulebook.definitions import Condition, Fact, Rule, Rulebook

_DEEPEST = 4


def explain(passage: Passage, name: str) -> Node:
    """Return the tree for a conclusion, an alert or a fact, as it stands where the passage ends.
    """
    judged = passage.assessor.by_name.get(name)
    if judged is not None:
        return _Teller(passage, judged).conclusion()
    fact = passage.assessor.rulebook.facts[name]
    return _Teller(passage).fact(Ask(name, fact.type))


def explainable(rulebook: Rulebook) -> dict[str, str]:
    """Return what may be asked about, by each name it has: conclusions, alerts, the summary."""
    topics = {topic.name: topic.name for topic in rulebook.topics}
    facts = {name: name for name, fact in rulebook.facts.items() if not fact.of}
    return {**facts, **rulebook.summary, **topics}


def worth_explaining(passage: Passage) -> list[str]:
    """Return what a reader wants first: the conclusions of the summary, then the open alerts."""
    rulebook = passage.assessor.rulebook
    alerts = [topic.name for topic in rulebook.topics if topic.alert is not None
              and passage.standings.get(topic.name, Standing.nothing(topic.name)).value is not None]
    summary = [name for name in rulebook.summary.values() if name in passage.standings]
    return [*summary, *alerts]


class _Teller:
    """Tells one tree; what was told in it once is not told again."""

    def __init__(self, passage: Passage, judged: JudgedTopic | None = None) -> None:
        assert passage.whole, "only of a whole passage is every criterion known"
        self._passage, self._chart = passage, passage.chart
        self._topic = judged
        self._standing = passage.standings.get(judged.topic.name) if judged else None
        self._here: Event | None = self._standing.here if self._standing else None
        inputs = judged.inputs if judged else ()
        truths = (each for each in (self._standing.truths if self._standing else ())
                  if each is not ...)
        self._truths = dict(zip((each.text for each in inputs), truths, strict=False))
        self._told: set[str] = set()

    @property
    def _judged(self) -> JudgedTopic:
        assert self._topic is not None
        return self._topic

    def fact(self, asked: Ask) -> Node:
        return self._fact(asked, None, 0)[0]

    def conclusion(self) -> Node:
        topic, standing = self._judged.topic, self._standing
        if standing is None or not standing.truths:
            return Node("conclusion", f"{topic.title}: the question does not arise", None,
                        {"name": topic.name, "value": None})
        if (given := self._given()) is not None and given.truth is False:
            return Node("conclusion", f"{topic.title}: the question does not arise", None,
                        {"name": topic.name, "value": None}, (*self._judged_at(), given))
        value = standing.value
        holds = f"{topic.name} = {value}" if topic.alert is None else f"{topic.name} is open"
        if value is None:
            none = "no value" if topic.alert is None else "not open"
            holds = f"{topic.name}: {'not decided' if standing.undecided else none}"
        data = {"name": topic.name, "value": value, "rule": standing.rule,
                "evidence": list(standing.evidence)}
        episodes = self._passage.episodes.get(topic.name, [])
        if value is not None and episodes:
            holds += f", since {episodes[-1].begun.text}"
            data["from"] = episodes[-1].begun.text
        changed = overrides(self._passage.assessor.rulebook, topic.name, "classification")
        below = [*self._judged_at(), *self._message(), *changed, *self._rules(standing),
                 *self._overrode(standing), *self._caveats(standing), *self._undecided(standing)]
        return Node("conclusion", f"{topic.title}: {holds}", None, data, tuple(below))

    def _given(self) -> Node | None:
        """What must hold for the question to arise, told apart from the rules."""
        topic = self._judged.topic
        if topic.given is None or topic.alert is not None:
            return None
        return _Teller(self._passage, self._judged)._condition(topic.given)

    def _judged_at(self) -> list[Node]:
        if self._here is None:
            return []
        return [Node("fact", "judged at", None, {}, (self._event(self._here),))]

    def _message(self) -> list[Node]:
        standing = self._standing
        if standing is None or not standing.message:
            return []
        worst = self._passage.episodes[self._judged.topic.name][-1].standing.severity
        return [Node("message", f"{worst}: {standing.message}", None, {"severity": worst},
                     tuple(self._severity(worst)))]

    def _severity(self, worst: str) -> list[Node]:
        """Return why an alert is as grave as it is, where that depends on anything."""
        alert, now = self._judged.topic.alert, self._judged.severity(self._chart, self._here)
        if alert is None or len(alert.severities) == 1:
            return []
        if now != worst:
            return [Node("ground", f"{worst} is the worst it has been since it opened; it would "
                                   f"be {now} now")]
        when = next(when for severity, when in alert.severities if severity == now and (
            when is None or self._holds(when)))
        if when is None:
            return [Node("ground", f"{now}, as nothing makes it graver")]
        return [Node("ground", f"{now}, because", None, {}, tuple(self._grounds(when)))]

    def _holds(self, condition: Condition) -> bool:
        term = as_term(condition)
        return term is None or compile_term(term, self._chart.program)(
            self._chart, self._here, None) is True

    def _grounds(self, condition: Condition) -> list[Node]:
        """Return what holds of a condition that no rule asks; the rules are told all the same."""
        apart = _Teller(self._passage, self._judged)
        return [Node("ground", text, None, {}, below) for each in criteria(condition)
                if not is_always(each) and self._holds(each)
                for text, below in (apart._read(each),)]

    def _rules(self, standing: Standing) -> list[Node]:
        """The rule that decided; where none did, every rule with what stood against it."""
        rules = self._judged.topic.rules
        if standing.rule is not None:
            return [self._rule(self._judged.rule(standing.rule))]
        nodes = [self._rule(rule) for rule in rules]
        if standing.value is not None:
            head = Node("rule", f"no rule is certain: {standing.value} stands until more is known")
            return [head, *nodes]
        return nodes

    def _rule(self, rule: Rule) -> Node:
        given = self._judged.topic.given
        below = [self._condition(part) for part in (given, rule.when)
                 if part is not None and not is_always(part)]
        truth = group_truth("all", below)
        because = fill_in(rule.because, self._judged.topic.words, self._chart, self._here)
        text = f"{rule.title}" + (f": {because}" if because and truth else "")
        if truth is not False:
            below += overrides(self._passage.assessor.rulebook, rule.id, "rule", "alert")
            below += [citation(cite) for cite in rule.cites]
        return Node("rule", text, truth, {"rule": rule.id, "value": rule.value}, tuple(below))

    def _condition(self, condition: Condition) -> Node:
        if isinstance(condition, Criterion):
            return self._criterion(condition)
        words = {"all": "all of these", "any": "at least one of these", "none": "none of these"}
        below = tuple(self._condition(part) for part in condition.parts)
        return Node("group", words[condition.word], group_truth(condition.word, below),
                    {"word": condition.word}, below)

    def _criterion(self, criterion: Criterion) -> Node:
        text, below = self._read(criterion)
        return Node("criterion", text, self._truths.get(criterion.text), {"text": criterion.text},
                    below)

    def _read(self, criterion: Criterion) -> tuple[str, tuple[Node, ...]]:
        """Return a criterion as a sentence, and what lies behind it."""
        text = Reader(self._chart, self._here, self._passage.moment).read(criterion.term)
        below = self._behind(criterion.term, self._here, 0)
        if len(below) == 1 and below[0].text == text:
            return text, below[0].below  # the criterion is the fact itself
        return text, tuple(below)

    def _behind(self, term: Term, here: Event | None, depth: int) -> list[Node]:
        """The facts and parameters that a term names, each told once in an explanation."""
        nodes: list[Node] = []
        for part in walk(term):
            name = part.name if isinstance(part, Constant | Dated | TableEntry) else ""
            if name and name not in self._told:
                self._told.add(name)
                nodes.append(self._parameter(name, here))
            elif isinstance(part, Ask) and not part.at_it:
                nodes += self._fact(part, here, depth)
            elif isinstance(part, Conclusion) and part.topic not in self._told:
                self._told.add(part.topic)
                nodes.append(explain(self._passage, part.topic))
        return nodes

    def _fact(self, asked: Ask, here: Event | None, depth: int) -> list[Node]:
        question = self._chart.program.by_name[asked.fact]
        key = f"{asked.fact}@{here.id if here else ''}"
        if key in self._told or depth > _DEEPEST:
            return []
        self._told.add(key)
        fact, place = question.fact, asked_at(question.fact, self._chart, here)
        value = self._chart.answer(question, here)
        events = {event.id: event for event in self._events(fact, value, place)}
        below = overrides(self._passage.assessor.rulebook, fact.name, "fact")
        below += [self._event(event) for event in events.values()]
        for term in came_from(fact, value, self._chart, place):
            below += self._behind(term, place, depth + 1)
        if value is None and fact.needs:
            below.append(Node("need", f"would be decided by {fact.needs}"))
        none = value is None and isinstance(fact.operation, Pick)
        answer = "none recorded" if none else in_words(value, self._chart)
        text = f"{fact.about or fact.name}: {answer}"
        text += Reader(self._chart, place, self._passage.moment).calculation(fact, value)
        data = {"fact": fact.name, "asked_at": place.id if place else None}
        return [Node("fact", text, None, data, tuple(below))]

    def _events(self, fact: Fact, value: Any, place: Event | None) -> list[Event]:
        if isinstance(fact.operation, Tally) and value is not False:
            return members_of(fact, self._chart, place)
        return events_of(value)

    def _event(self, event: Event) -> Node:
        title = self._chart.program.rulebook.vocabulary.kinds[event.kind].title
        text = f"{title}: {event_in_words(event, self._chart)}"
        return Node("event", f"{text} [{event.id}, {event.source.name}:{event.source.line}]", None,
                    {"event": event.id, "source": event.source.name, "line": event.source.line,
                     "at": event.at.text, "recorded": event.recorded.text})

    def _parameter(self, name: str, here: Event | None) -> Node:
        rulebook = self._chart.program.rulebook
        parameter = rulebook.parameters[name]
        dated = parameter.in_force((self._chart.now if here is None else here.at).day)
        given, cite = (dated.given, dated.cite) if dated else (parameter.given, parameter.cite)
        if parameter.dated and dated is None:
            given = parameter_in_words(name, self._chart)
        changed = parameter.override and f" (set for this run: {readable(parameter.override)})"
        if parameter.dated:
            changed = f", in force {period_in_words(parameter, dated)}"
        text = f"{name} = {readable(given)}{changed}"
        text += f": {parameter.about}" if parameter.about else ""
        data = {"parameter": name, "value": given, "override": parameter.override or None}
        if parameter.dated:
            data["since"] = dated.since.isoformat() if dated else None
        return Node("parameter", text, None, data,
                    (*overrides(rulebook, name, "parameter"), citation(cite)))

    def _overrode(self, standing: Standing) -> list[Node]:
        order = " before ".join(self._judged.topic.values)
        return [Node("overrode", f"{value} would hold as well, but precedence is {order}", None,
                     {"value": value}) for value in standing.overrode]

    def _caveats(self, standing: Standing) -> list[Node]:
        declared = {caveat.name: caveat for caveat in self._judged.topic.caveats}
        return [Node("caveat", f"{name}: {declared[name].about}", None, {"caveat": name},
                     tuple(self._grounds(declared[name].when))) if name in declared else
                Node("caveat", f"{name}: not excluded by what is known", None, {"caveat": name})
                for name in standing.caveats]

    def _undecided(self, standing: Standing) -> list[Node]:
        nodes = []
        for value in standing.undecided:
            needs = would_decide(self._judged.topic, {value}, self._chart, self._here)
            words = "; ".join(needs) or "more data"
            nodes.append(Node("undecided", f"{value} is not decided; it would be by: {words}", None,
                              {"value": value, "needs": needs}))
        return nodes
