"""Does each fact follow from what it was worked out from?"""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Any

from engine.certificate.flaws import Noting
from engine.certificate.numbers import BrokenError, Interval, compared, number_of
from engine.certificate.operations import in_common, logic

if TYPE_CHECKING:
    from engine.certificate.shape import FactPart, Member


class FactChecking(Noting):
    """Checks facts, each by the operation that answers it."""

    def fact(self, place: str, key: str, fact: FactPart) -> None:
        """Check one fact."""
        name = fact.fact if fact.at is None else f"{fact.fact}@{fact.at}"
        if key.partition(" (before its ")[0] != name:
            self.note(place, key, name)
        for bound, term in fact.bounds.items():
            self.term(f"{place}.bounds.{bound}", term, fact.at)
        match fact.op:
            case "computed":
                self._computed(place, fact)
            case "latest" | "first":
                self._picked(place, fact)
            case "any" | "count" | "min" | "max":
                self._tallied(place, fact)
            case "not-asked":
                self.agree(f"{place}.value", fact.value, None)

    def _computed(self, place: str, fact: FactPart) -> None:
        answers: list[Any] = []
        sure = False
        for index, branch in enumerate(fact.branches):
            at = f"{place}.branches[{index}]"
            if sure:
                self.note(at, "a branch", "nothing behind the one that is surely taken")
            if branch.if_ is not None:
                self.term(f"{at}.if", branch.if_, fact.at)
            holds = True if branch.if_ is None else branch.if_.value
            if (branch.then is not None) == (holds is False):
                self.note(at, "an outcome" if branch.then else "no outcome",
                          "an outcome where its condition may hold, and only there")
            if branch.then is not None:
                self.term(f"{at}.then", branch.then, fact.at)
                answers.append(branch.then.value)
            sure = sure or holds is True
        expected = in_common(answers) if sure else None
        if not isinstance(expected, Interval):
            self.agree(f"{place}.value", fact.value, expected)
        elif number_of(fact.value) not in {(expected, number_of(each)[1]) for each in answers}:
            self.note(f"{place}.value", fact.value, f"{expected.low} to {expected.high}, "
                                                    "which holds what every branch comes to")

    def _picked(self, place: str, fact: FactPart) -> None:
        if fact.value is None:
            return
        picked = self.recomputing.event(fact.value)
        own = self.recomputing.span(fact.value)
        if fact.where is not None:
            self.term(f"{place}.where", fact.where, fact.at, picked.event)
            self.agree(f"{place}.where.value", fact.where.value, True)
        for name, term in fact.bounds.items():
            if name == "within" or (bound := term.value) is None:
                continue
            limit = self.recomputing.span(bound)
            keeps = {"after": own.start > limit.end, "before": limit.start > own.end,
                     "since": limit.start <= own.end, "until": own.start <= limit.end}
            if not keeps.get(name, False):
                self.note(place, f"{picked.event} on {picked.at}", f"an event {name} its bound")

    def _tallied(self, place: str, fact: FactPart) -> None:
        for index, member in enumerate(fact.members):
            if member.amount is not None:
                self.term(f"{place}.members[{index}].amount", member.amount, fact.at,
                           member.event)
        sure = [member.sure for member in fact.members]
        if fact.op == "any":
            self.agree(f"{place}.value", fact.value, logic(sure, "any"))
        elif fact.op == "count":
            number = number_of(fact.value)[0]
            expected = Interval(Fraction(sum(each is True for each in sure)), Fraction(len(sure)))
            if number != expected:
                self.note(f"{place}.value", fact.value, f"{expected.low} to {expected.high}")
        else:
            self._extreme(place, fact)

    def _extreme(self, place: str, fact: FactPart) -> None:
        if fact.value is None:
            return
        best = number_of(fact.value)[0]
        values = [self._amount(each) for each in fact.members]
        sign = "<=" if fact.op == "min" else ">="
        if best not in values or not all(
                best == each or compared(sign, best, each) for each in values):
            self.note(f"{place}.value", fact.value, f"the {fact.op} of its members")

    def _amount(self, member: Member) -> Interval:
        if member.amount is None or member.sure is not True:
            raise BrokenError("a member that is open", "members that are certain")
        return number_of(member.amount.value)[0]
