"""Does each conclusion follow from its rules and their order, and does the tree say the same?"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from engine.certificate.flaws import Noting
from engine.certificate.numbers import BrokenError
from engine.certificate.operations import logic

if TYPE_CHECKING:
    from collections.abc import Sequence

    from engine.certificate.shape import ConclusionPart, Line

_CONDITIONS = {"group", "criterion"}


class ConclusionChecking(Noting):
    """Checks conclusions, and the lines of explanations against them."""

    def conclusion(self, place: str, part: ConclusionPart) -> None:
        """Check one conclusion: its criteria, its rules, and what their order makes of them."""
        if not part.arises:
            self.agree(f"{place}.value", part.value, None)
            return
        for text, judged in part.criteria.items():
            at = f"{place}.criteria[{text}]"
            self.term(f"{at}.working", judged.working, part.judged_at)
            self.agree(f"{at}.truth", judged.truth, judged.working.value)
        for index, each in enumerate(part.rules):
            if each.value not in part.values:
                self.note(f"{place}.rules[{index}].value", each.value, part.values)
        value, rule, undecided, overrode = self._decided(part)
        for name, found, expected in (
                ("value", part.value, value), ("rule", part.rule, rule),
                ("undecided", part.undecided, undecided), ("overrode", part.overrode, overrode)):
            self.agree(f"{place}.{name}", found, expected)
        if part.of is not None:
            anchor = self.certificate.facts[part.of].value
            self.agree(f"{place}.judged_at", {"event": part.judged_at}, anchor)
        if part.value is not None and part.caveat_conditions is not None:
            self._details(place, part)

    def _decided(self, part: ConclusionPart) -> tuple[str | None, str | None, list[str],
                                                     list[str]]:
        """Return value, rule, what is undecided and what was overridden, by the order of values.

        The first value with a rule that is true counts; one above it that may be true is open.
        Where nothing is true and something is open, the fallback stands.
        """
        given = [] if part.given is None else [self._outline(part, part.given)]
        truths = [(each, logic([*given, self._outline(part, each.when)], "all"))
                  for each in part.rules]
        sure: dict[str, str] = {}
        for each, truth in truths:
            if truth is True:
                sure.setdefault(each.value, each.rule)
        open_ = {each.value for each, truth in truths if truth is None} - sure.keys()
        value = next((each for each in part.values if each in sure), None)
        above = part.values[:part.values.index(value)] if value is not None else part.values
        undecided = [each for each in above if each in open_]
        rule = sure[value] if value is not None else None
        if value is None and undecided:
            value = part.fallback
        return value, rule, undecided, [each for each in part.values
                                        if each in sure and each != value]

    def _outline(self, part: ConclusionPart, outline: Any) -> bool | None:
        if isinstance(outline, str):
            return part.criteria[outline].truth
        if not isinstance(outline, dict) or len(outline) != 1:
            raise BrokenError(outline, "a criterion, or a group of all, any or none")
        ((word, inner),) = outline.items()
        return logic([self._outline(part, each) for each in inner], _word(word))

    def _details(self, place: str, part: ConclusionPart) -> None:
        caveats = set()
        for name, term in (part.caveat_conditions or {}).items():
            self.term(f"{place}.caveat_conditions[{name}]", term, part.judged_at)
            if term.value is True:
                caveats.add(name)
        if part.rule is not None and not part.is_alert:
            caveats |= {f"could-be-{each}" for each in part.undecided}
        self.agree(f"{place}.caveats", part.caveats, sorted(caveats))
        for index, line in enumerate(part.severities):
            if line.when is not None:
                self.term(f"{place}.severities[{index}]", line.when, part.judged_at)
        if part.is_alert:
            grave = next((line.is_ for line in part.severities
                          if line.when is None or line.when.value is True), "")
            self.agree(f"{place}.severity", part.severity, grave)
        known = {event.event for event in self.certificate.events}
        for each in part.evidence:
            if each not in known:
                self.note(f"{place}.evidence", each, "an event of the certificate")

    # ---- the tree

    def line(self, place: str, line: Line, of: ConclusionPart | None) -> None:
        """Check one line of an explanation, and those below it; `of` is what they explain."""
        match line.kind:
            case "conclusion":
                of = self.certificate.conclusions[line.said("name")]
                self._told_conclusion(place, line, of)
            case "rule":
                self._told_rule(place, line, of)
            case "group":
                self.agree(f"{place}.truth", line.said("truth"),
                           _joined(line.because, _word(line.said("word"))))
            case "criterion":
                self._told_criterion(place, line, of)
            case "fact" if line.said("key") is not None:
                self.agree(f"{place}.value", line.said("value"),
                           self.certificate.facts[line.said("key")].value)
            case "parameter":
                self._told_parameter(place, line)
            case "event":
                event = self.recomputing.events[line.said("event")]
                for name in ("at", "recorded", "source", "line"):
                    self.agree(f"{place}.{name}", line.said(name), getattr(event, name))
        for index, below in enumerate(line.because):
            self.at(f"{place}.because[{index}]", self.line, below, of)

    def _told_conclusion(self, place: str, line: Line, of: ConclusionPart) -> None:
        self.agree(f"{place}.value", line.said("value"), of.value)
        if line.said("rule") is not None or of.rule is not None:
            self.agree(f"{place}.rule", line.said("rule"), of.rule)
        if not of.arises:
            return
        told = {each.said("rule"): each.said("truth") for each in line.because
                if each.kind == "rule" and each.said("rule") is not None}
        if of.rule is not None:
            self.agree(f"{place} (its rules)", told, {of.rule: True})
            for kind, name, expected in (("overrode", "value", of.overrode),
                                         ("undecided", "value", of.undecided),
                                         ("caveat", "caveat", of.caveats)):
                found = [each.said(name) for each in line.because if each.kind == kind]
                self.agree(f"{place} ({kind})", found, expected)
        elif True in told.values():
            self.note(f"{place} (its rules)", told, "none that is true")

    def _told_rule(self, place: str, line: Line, of: ConclusionPart | None) -> None:
        """A line that names no rule says that none is certain."""
        if of is None:
            raise BrokenError("a rule", "it below a conclusion")
        rule, values = line.said("rule"), {each.rule: each.value for each in of.rules}
        truth = None if rule is None else _joined(line.because, "all")
        self.agree(f"{place}.truth", line.said("truth"), truth)
        if rule is not None:
            self.agree(f"{place}.value", line.said("value"), values.get(rule))

    def _told_criterion(self, place: str, line: Line, of: ConclusionPart | None) -> None:
        if of is None:
            raise BrokenError("a criterion", "it below a conclusion")
        judged = of.criteria[line.said("criterion")]
        self.agree(f"{place}.truth", line.said("truth"), judged.truth)
        self.agree(f"{place}.working", line.said("working"),
                   judged.working.model_dump(exclude_unset=True))

    def _told_parameter(self, place: str, line: Line) -> None:
        parameter = self.certificate.parameters[line.said("parameter")]
        self.agree(f"{place}.value", line.said("value"), parameter.given)
        self.agree(f"{place}.exactly", line.said("exactly"), parameter.value)
        self.agree(f"{place}.months", line.said("months"), parameter.months)


def _joined(below: Sequence[Line], word: str) -> bool | None:
    return logic([each.said("truth") for each in below if each.kind in _CONDITIONS], word)


def _word(word: Any) -> str:
    if word not in ("all", "any", "none"):
        raise BrokenError(word, "all, any or none")
    return str(word)
