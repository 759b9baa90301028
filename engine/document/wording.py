"""How is a term of a rulebook read aloud where there is no patient: each name by what it means?"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from engine.document.parts import Item, Span, Words, joined, say
from engine.events.amount import Amount
from engine.facts.wording import SIGNS, readable
from engine.rulebook.definitions import Criterion
from engine.rulebook.terms import (
    Among,
    Arithmetics,
    Ask,
    Both,
    Comparing,
    Conclusion,
    Constant,
    Dated,
    Elapsed,
    FieldOf,
    Function,
    Here,
    It,
    Negated,
    PartOf,
    TableEntry,
    Term,
    Verdict,
)
from engine.rulebook.types import EventType

if TYPE_CHECKING:
    from collections.abc import Mapping

    from engine.rulebook.definitions import Condition, Rulebook

_OPPOSITE = {"==": "!=", "!=": "=="}
_TIMES = {"*": " times ", "+": " plus ", "-": " minus ", "/": " divided by "}
_LEAST = {">=": "at least", ">": "more than", "<": "less than", "<=": "at most"}
_GROUPS = {"all": "all of these hold", "any": "at least one of these holds",
           "none": "none of these holds"}
_TRUTHS = {True: "yes", False: "no", None: "unknown"}
_PARTS = {"start": "the start of ", "stop": "the end of ", "steps": "the steps of ",
          "resumed": "the last start or restart of ", "last_step": "the newest step of ",
          "ignored": "the events that could not belong to ", "first": "the first event of ",
          "confirmed": "the confirming event of "}
_STATES = {"running": " is running", "begun": " has begun", "stopped": " is stopped"}
_PAIRS = {"same_day": " is of the same day as ", "same_instant": " is of the same instant as ",
          "precedes": " came before ", "surely_after": " came surely after ",
          "same": " is the same event as "}
_PLACEHOLDER = re.compile(r"\{([^{}]+)\}")


class Wording:
    """Reads the terms of one rulebook; each name is a link to where it is defined.

    `filtering` says that members are looked at: then "its" is the member's.
    """

    def __init__(self, rulebook: Rulebook, *, filtering: bool = False) -> None:
        self.rulebook, self._filtering = rulebook, filtering

    def items(self, condition: Condition) -> tuple[Item, ...]:
        """Return a condition as a list, its groups within each other."""
        if isinstance(condition, Criterion):
            return self.lines(condition.term)
        if condition.word == "none" and len(condition.parts) == 1 and isinstance(
                condition.parts[0], Criterion):
            return (Item(self.denied(condition.parts[0].term)),)
        below = tuple(item for part in condition.parts for item in self.items(part))
        return (Item(say(f"{_GROUPS[condition.word]}:"), below),)

    def lines(self, term: Term) -> tuple[Item, ...]:
        """Return the term of a condition as a list, what it is made of within each other."""
        term = _bare(term)
        if isinstance(term, Negated) and isinstance(inner := _bare(term.part), Both) and (
                inner.operator == "or"):
            return (Item(say(f"{_GROUPS['none']}:"),
                         tuple(item for part in inner.parts for item in self.lines(part))),)
        if not isinstance(term, Both):
            return (Item(self.read(term)),)
        below = tuple(item for part in term.parts for item in self.lines(part))
        return (Item(say(f"{_GROUPS['all' if term.operator == 'and' else 'any']}:"), below),)

    def within(self) -> Wording:
        """Return the wording of a filter over members."""
        return Wording(self.rulebook, filtering=True)

    def sentence(self, condition: Condition) -> Words:
        """Return a condition as one sentence, without its full stop."""
        if isinstance(condition, Criterion):
            return self.read(condition.term)
        inner = [self.sentence(part) for part in condition.parts]
        if len(inner) == 1:
            return say("not: ", inner[0]) if condition.word == "none" else inner[0]
        apart = [words if isinstance(part, Criterion) and not isinstance(_bare(part.term), Both)
                 else say("(", words, ")")
                 for part, words in zip(condition.parts, inner, strict=True)]
        whole = joined(apart, " and " if condition.word == "all" else " or ")
        return say("not: (", whole, ")") if condition.word == "none" else whole

    def filled(self, text: str, words: Mapping[str, Term]) -> Words:
        """Return a message with each name in curly brackets replaced by what it stands for."""
        found: Words = ()
        end = 0
        for match in _PLACEHOLDER.finditer(text):
            term = words[match[1]]
            filled = self.parameter(term.name, named=False) if isinstance(
                term, Constant) and term.name else say("[", self.noun(term), "]")
            found = say(found, text[end:match.start()], filled)
            end = match.end()
        return say(found, text[end:])

    def read(self, term: Term) -> Words:
        """Return a condition as a sentence without its full stop."""
        match term := _bare(term):
            case Comparing(operator=operator, left=left, right=right):
                return say(self.noun(left), f" {SIGNS[operator]} ", self.noun(right))
            case Elapsed(since=since, operator=operator, span=span):
                return say(f"{_LEAST[operator]} ", self.noun(span), " have passed since ",
                           self.noun(since))
            case Among(item=item, values=values, name=name):
                return say(self.noun(item), " is ", self._listed(values, name))
            case Both(operator=operator, parts=inner):
                return joined([self._inner(part) for part in inner], f" {operator} ")
            case Negated(part=part):
                return self.denied(part)
            case Ask(fact=fact):
                return self._fact(fact, re.sub(r"^whether ", "", self._about(fact)))
            case PartOf(base=base, part=part) if part in _STATES:
                return say(self.noun(base), _STATES[part])
            case FieldOf(base=Here() | It() as base, field=field):
                return say(self._one(base), f" is marked {_spoken(field)}")
            case Function(name=name, arguments=arguments):
                return self._condition(name, arguments)
            case Constant(value=value) if isinstance(value, bool) or value is None:
                return say({True: "always", False: "never", None: "this is never known"}[value])
        return self.noun(term)

    def denied(self, term: Term) -> Words:
        """Return that a condition does not hold, as a sentence."""
        match term := _bare(term):
            case Comparing(operator=operator, left=left, right=right) if operator in _OPPOSITE:
                return self.read(Comparing(_OPPOSITE[operator], left, right))
            case Among(item=item, values=values, name=name):
                return say(self.noun(item), " is not ", self._listed(values, name))
            case PartOf(base=base, part=part) if part in _STATES:
                return say(self.noun(base), re.sub("(is|has)", r"\1 not", _STATES[part]))
            case FieldOf(base=Here() | It() as base, field=field):
                return say(self._one(base), f" is not marked {_spoken(field)}")
            case Function(name="known", arguments=(argument,)):
                return say("there is no answer to: ", self.noun(argument))
        return say("not: ", self._inner(term))

    def noun(self, term: Term) -> Words:
        """Return what a term stands for."""
        match term:
            case Constant(name=name) | Dated(name=name) if name:
                return self.parameter(name)
            case Constant(value=value) | Dated(value=value):
                return say(_plain(value))
            case Ask(fact=fact):
                return self._fact(fact, self._about(fact))
            case FieldOf(base=It(), field=field):
                return say(f"its {_spoken(field)}")
            case FieldOf(base=Here(), field=field) if not self._filtering:
                return say(f"its {_spoken(field)}")
            case FieldOf(base=base, field=field):
                return self.noun(base) if field == self._main(base) and not (
                    isinstance(base, Here)) else say(
                    f"the {_spoken(field)} of ", self.noun(base))
            case PartOf(base=base, part=part):
                return say(_PARTS.get(part, f"{_spoken(part)} of "), self.noun(base))
            case Here(type=EventType()):
                return say("the event asked about")
            case Here():
                return say("the moment asked about")
            case It():
                return say("it")
            case Verdict(topic=topic):
                return say("its verdict by ", self.conclusion(topic))
            case Conclusion(topic=topic):
                return self.conclusion(topic)
            case TableEntry(name=name, key=key):
                return say(Span(name, "code", f"parameter-{name}"), " for ", self.noun(key))
            case Arithmetics(operator=operator, left=left, right=right):
                return say(self._operand(left, operator), _TIMES[operator],
                           self._operand(right, operator))
            case Function(name=name, arguments=arguments):
                return self._worked_out(name, arguments)
        return self.read(term)

    def parameter(self, name: str, *, named: bool = True) -> Words:
        """Return a parameter's value with its unit, and its name as a link."""
        given = readable(self.rulebook.parameters[name].given)
        link = f"parameter-{name}"
        return say(f"{given} (", Span(name, "code", link), ")") if named else say(
            Span(given, link=link))

    def conclusion(self, topic: str) -> Words:
        """Return the name of a conclusion as a link."""
        return say(Span(topic, "code", f"topic-{topic}"))

    def _fact(self, name: str, text: str) -> Words:
        return say(Span(text, link=f"fact-{name}"))

    def _about(self, fact: str) -> str:
        return self.rulebook.facts[fact].about or _spoken(fact)

    def _one(self, base: Term) -> Words:
        return say("it") if isinstance(base, It) or not self._filtering else self.noun(base)

    def _listed(self, values: frozenset[str], name: str) -> Words:
        if name:
            return say("one of the set ", Span(name, "code", f"set-{name}"))
        ordered = sorted(values)
        return say(" or ".join(filter(None, (", ".join(ordered[:-1]), ordered[-1]))))

    def _inner(self, term: Term) -> Words:
        """Return a condition that stands within another, in brackets where it is made of several.
        """
        words = self.read(term)
        return say("(", words, ")") if isinstance(_bare(term), Both) else words

    def _operand(self, term: Term, outer: str) -> Words:
        words = self.noun(term)
        loose = isinstance(term, Arithmetics) and (outer == "/" or (
            outer == "*" and term.operator in "+-"))
        return say("(", words, ")") if loose else words

    def _main(self, base: Term) -> str | None:
        return self.rulebook.vocabulary.main_of(getattr(base.type, "kinds", ()))

    def _condition(self, name: str, arguments: tuple[Term, ...]) -> Words:
        nouns = [self.noun(each) for each in arguments]
        match name:
            case "known":
                return say("there is an answer to: ", nouns[0])
            case "possibly" | "certainly":
                return say(f"{name} ", self._inner(arguments[0]))
            case "happened":
                return say("it was reached: ", nouns[0])
            case "stands":
                return say("it was reached and has not been ended since: ", nouns[0],
                           ", ended by ", nouns[1])
        if name in _PAIRS:
            return say(nouns[0], _PAIRS[name], nouns[1])
        return say(f"{_spoken(name)} of ", joined(nouns, " and "))

    def _worked_out(self, name: str, arguments: tuple[Term, ...]) -> Words:
        nouns = [self.noun(each) for each in arguments]
        match name:
            case "days" | "hours":
                return say(f"the number of {name} from ", nouns[0], " to ", nouns[1])
            case "later_by":
                return say("the day ", nouns[1], " after ", nouns[0])
            case "sqrt":
                return say("the square root of (", nouns[0], ")")
        return self._condition(name, arguments)


def _bare(term: Term) -> Term:
    """Return a term without the `and` or `or` that joins nothing."""
    return _bare(term.parts[0]) if isinstance(term, Both) and len(term.parts) == 1 else term


def _plain(value: Amount | str | bool | None) -> str:
    if isinstance(value, Amount):
        return str(value.low)
    return value if isinstance(value, str) else _TRUTHS[value]


def _spoken(name: str) -> str:
    return name.replace("_", " ")
