"""What would the network answer, by forward chaining and nothing else?

It serves where durable_rules cannot be installed, and is what durable_rules is tested against.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.inference.clauses import compile_topic, outcomes_in

if TYPE_CHECKING:
    from collections.abc import Sequence

    from engine.inference.formula import Topic


class ReferenceNetwork:
    """The same questions and answers as `DurableNetwork`."""

    def __init__(self, topics: Sequence[Topic]) -> None:
        self._programs = {topic.name: compile_topic(topic) for topic in topics}

    def ask(self, topic: str, present: frozenset[str]) -> frozenset[str]:
        """Return the outcomes that follow where just these literal symbols hold."""
        program = self._programs[topic]
        known = set(program.inputs & present)
        before = -1
        while len(known) > before:
            before = len(known)
            for clause in program.clauses:
                if known.issuperset(clause.premises):
                    known.add(clause.conclusion)
        return outcomes_in(known)
