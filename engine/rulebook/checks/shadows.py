"""Which rules, severities and branches are never reached, because an earlier one is true as well?

It is told only where each criterion of the earlier one follows from the later: so what is told is
so, but not everything that is so is told. `rules check --prove` proves more.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.rulebook.checks.alternative import Known
from engine.rulebook.checks.literals import Spreader, TooManyError
from engine.wording import describe

if TYPE_CHECKING:
    from collections.abc import Iterable

    from engine.rulebook.checks.notes import Notes
    from engine.rulebook.definitions import Condition, Rule, Topic
    from engine.rulebook.loading import At


def check_shadows(notes: Notes) -> None:
    """Note each rule, line of severities and branch that an earlier one leaves nothing to do."""
    check = _Check(notes)
    for at, topic in notes.topics():
        if topic.alert is None:
            check.rules(at, topic)
        else:
            check.severities(at, topic)
    for fact in notes.loaded.loading.declared.values():
        check.branches(fact)


class _Check:
    """Compares conditions pairwise."""

    def __init__(self, notes: Notes) -> None:
        self._notes, self._written = notes, notes.conditions()
        self._spreader = Spreader(notes.rulebook)

    def rules(self, at: At, topic: Topic) -> None:
        """Note each rule that is true only where one before it is."""
        given = [topic.given] if topic.given is not None else []
        position = {rule.id: index for index, rule in enumerate(topic.rules)}
        ordered = sorted(topic.rules, key=lambda rule: topic.values.index(rule.value))
        told = {rule.id for rule in topic.rules
                if self._notes.is_settled(at / "rules" / position[rule.id] / "when")}
        for index, later in enumerate(ordered):
            for earlier in ordered[:index]:
                if not {later.id, earlier.id} & told and self._follows(
                        [*given, later.when], earlier.when):
                    self._say(at / "rules" / position[later.id] / "when", topic, earlier, later)
                    break

    def _say(self, at: At, topic: Topic, earlier: Rule, later: Rule) -> None:
        found = f"{later.id!r}, which is true only where {earlier.id!r} is true"
        if earlier.value == later.value:
            advice = f"both give {later.value!r}: remove one, or mend its conditions"
        elif topic.policy == "unique":
            advice = "two values would be true at once: mend the conditions of one"
        else:
            advice = (f"{earlier.value!r} stands before {later.value!r} in `values` and always "
                      "wins: mend the conditions, or the order of the values")
        self._notes.warn(at, "rule-shadowed", found, "a rule that can decide something", advice)

    def severities(self, at: At, topic: Topic) -> None:
        """Note each line that is reached only where one before it holds."""
        assert topic.alert is not None
        base = [topic.rules[0].when, *([topic.given] if topic.given is not None else [])]
        lines = topic.alert.severities
        for index, (severity, when) in enumerate(lines):
            for number, (_, before) in enumerate(lines[:index], 1):
                if before is not None and self._follows(
                        [*base, *([when] if when is not None else [])], before):
                    self._notes.refuse(
                        at / "severity" / index, "severity-out-of-reach",
                        f"the line '{severity}', reached only where line {number} holds",
                        "a line that can decide", "put the narrower condition first, or remove it")
                    break
        if len(lines) > 1 and lines[-1][0] == lines[-2][0]:
            self._notes.warn(
                at / "severity" / (len(lines) - 2), "severity-twice",
                f"{lines[-1][0]!r}, as the last line gives wherever none before it holds",
                "a severity of its own", "name the severity that is meant, or remove the line")

    def branches(self, at: At) -> None:
        """Note each branch of a `case` that is reached only where one before it holds."""
        written = at.value.get("case") if isinstance(at.value, dict) else None
        ifs = [self._written.get((at.document.file, (*at.path, "case", index, "if")))
               for index in range(len(written or ()))]
        told: set[int] = set()
        for index, condition in enumerate(ifs):
            for number, before in enumerate(ifs[:index], 1):
                if condition is not None and before is not None and self._follows(
                        [condition], before):
                    told.add(index)
                    self._notes.refuse(
                        at / "case" / index, "branch-out-of-reach",
                        f"a branch reached only where branch {number} holds",
                        "a branch that can decide", "put the narrower condition first")
                    break
        thens = [each.get("then") for each in written or ()]
        idle = len(ifs) - 2
        if idle >= 0 and ifs[-1] is None and thens[-1] == thens[idle] and idle not in told:
            self._notes.warn(
                at / "case" / idle, "branch-twice",
                f"{describe(thens[idle])}, as the last branch gives wherever none before it holds",
                "an answer of its own", "name what is meant, or remove the branch")

    def _follows(self, conditions: Iterable[Condition], other: Condition) -> bool:
        """Whether the other is surely true wherever all of the conditions are."""
        try:
            alternatives = self._spreader.together(conditions)
            wanted = self._spreader.together([other])
        except TooManyError:
            return False
        known = [Known(self._spreader).gather(each) for each in alternatives]
        possible = [each for each in known if each.conflict is None]
        return bool(possible) and all(
            any(all(each.entails(literal) for literal in needed) for needed in wanted)
            for each in possible)
