"""How is a declared question to the timeline read aloud: what it looks at, and within which bounds?
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.document.parts import Item, Span, Words, joined, say
from engine.rulebook.definitions import (
    Computed,
    Fact,
    Pick,
    Series,
    Sustained,
    Tally,
    Treatment,
    Window,
)
from engine.rulebook.terms import TRUTH, Constant, Term

if TYPE_CHECKING:
    from engine.document.wording import Wording

_PICKED = {"latest": "the newest ", "first": "the first "}
_TALLIED = {"any": "whether there is any ", "count": "how many there are of ",
            "min": "the least of ", "max": "the greatest of "}
_BOUNDS = (("after", "surely after "), ("since", "at or after "), ("until", "at or before "),
           ("before", "surely before "))


class Asking:
    """Reads the questions of one rulebook."""

    def __init__(self, wording: Wording) -> None:
        self._wording = wording

    def answer(self, fact: Fact) -> tuple[Item, ...]:
        """Return how a question is answered, as a list of lines."""
        operation = fact.operation
        match operation:
            case Pick(which=which, window=window):
                return (Item(say(_PICKED[which], self._members(window))), *self._bounds(window))
            case Tally(which=which, window=window, value=value):
                of = say(self._wording.within().noun(value), " over ") if value is not None else ()
                members = self._members(window, "of " if which == "any" else "")
                return (Item(say(_TALLIED[which], of, members)), *self._bounds(window))
            case Series(window=window, lowest=lowest):
                each = ", the lowest of each instant" if lowest else ""
                every = "every " if not (window.facts or window.steps) else "all "
                return (Item(say(every, self._members(window), each)), *self._bounds(window))
            case Treatment():
                return self._treatment(operation)
            case Sustained():
                return self._sustained(operation)
            case Computed(branches=branches):
                if fact.type == TRUTH and len(branches) == 1:
                    return self._wording.lines(branches[0][1])
                reading = self._answer if fact.type == TRUTH else self._wording.noun
                return tuple(
                    Item(reading(then)) if when is None and len(branches) == 1 else
                    Item(say("else: ", reading(then))) if when is None else
                    Item(say(reading(then), ", if ", self._wording.read(when)))
                    for when, then in branches)

    def _answer(self, term: Term) -> Words:
        """Return an answer that is true or false."""
        if isinstance(term, Constant):
            return say("unknown" if term.value is None else "yes" if term.value else "no")
        return self._wording.read(term)

    def asked(self, fact: Fact) -> Words:
        """Return where a question is asked, where that is not the present."""
        if fact.at is not None:
            return say("asked at ", self._wording.noun(fact.at))
        if fact.of:
            return say("asked at an event (", joined(
                [self.kind(name) for name in sorted(fact.of)], " or "), ")")
        return say("always asked at the present moment") if fact.now else ()

    def kind(self, name: str) -> Words:
        """Return a kind of event by its title."""
        return say(Span(self._wording.rulebook.vocabulary.kinds[name].title.lower(),
                        link=f"kind-{name}"))

    def _members(self, window: Window, of: str = "of ") -> Words:
        facts = self._wording.rulebook.facts
        sources = [
            *(self.kind(name) for name in window.kinds),
            *(say(of, Span(facts[name].about or _spoken(name), link=f"fact-{name}"))
              for name in window.facts),
            *(say("event judged by ", self._wording.conclusion(name)) for name in window.topics),
            *(say(of, self._wording.noun(term)) for term in window.steps)]
        return joined(sources, " or ")

    def _bounds(self, window: Window) -> tuple[Item, ...]:
        wording = self._wording
        items = [Item(say(words, wording.noun(term))) for name, words in _BOUNDS
                 if (term := getattr(window, name)) is not None]
        if window.within is not None:
            items.append(Item(say("at most ", wording.noun(window.within), " back")))
        if window.where is not None:
            items.append(self._where(window.where))
        return tuple(items)

    def _where(self, term: Term) -> Item:
        """Return which members count."""
        (line,) = self._wording.within().lines(term)
        return Item(say("only where ", line.words), line.below)

    def _treatment(self, operation: Treatment) -> tuple[Item, ...]:
        what = "every course of " if operation.each else "the latest course of "
        items = [Item(say(what, self.kind(operation.kind)))]
        if operation.where is not None:
            items.append(self._where(operation.where))
        items.append(Item(say("a gap of more than ", self._wording.parameter(operation.rejoin),
                              " begins another")))
        facts = self._wording.rulebook.facts
        doses = [say(Span(facts[name].about or _spoken(name), link=f"fact-{name}"))
                 for name in operation.amounts]
        if doses:
            items.append(Item(say("its steps are compared by ", joined(doses, ", else by "))))
        return tuple(items)

    def _sustained(self, operation: Sustained) -> tuple[Item, ...]:
        wording = self._wording
        apart = wording.parameter(operation.apart)
        if operation.apart_hours:
            apart = say(apart, ", or ", wording.parameter(operation.apart_hours),
                        " where both are timed")
        items = [
            Item(say("whether it held on two occasions:"),
                 wording.within().lines(operation.holds)),
            Item(say("at least so far apart: ", apart)),
            Item(say("looked for in: ", self._members(operation.window, ""),
                     "; none between them may fail it"))]
        if operation.establishes is not None:
            items.append(Item(say("either may begin or confirm it only if ",
                                  wording.within().read(operation.establishes))))
        if operation.ignoring is not None:
            items.append(Item(say("a failure is passed over if ",
                                  wording.within().read(operation.ignoring))))
        return (*items, *self._bounds(operation.window))


def _spoken(name: str) -> str:
    return name.replace("_", " ")
