"""Which outcomes follow from the literal symbols that hold, according to durable_rules?

The one module that imports durable_rules 2.0.28, and so the one place that knows its traps; a
test pins each of them (`test_durable_hazards.py`):

- a Host starts two timer threads, and a second Host leaks: one Host for the process, kept quiet;
- a ruleset is never freed: programs of the same shape share one, for the life of the process;
- a ruleset holds 1024 sessions: one session at a time, deleted after every question;
- deleting a session in which no action has fired frees a wild pointer: `_MARK` fires first;
- an action that the wall clock calls longer than ten seconds ends the chain in silence, and so
  does an exception in an action: `_MARK` must fire last too, and exceptions are recorded;
- a fact that no rule reads, or one that seems to be there already, raises: each would mean that
  the ruleset is not the program, so each is a fault.
"""

from __future__ import annotations

import threading
from functools import cache
from itertools import count
from typing import TYPE_CHECKING, Any

from durable import engine as durable_engine

from engine.inference.clauses import Clause, compile_topic, rename
from engine.inference.faults import InferenceFault

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from engine.inference.formula import Topic

_MARK = "mark"
_FIRST, _LAST = "first", "last"
_numbers = count()


class DurableNetwork:
    """Topics as rulesets of durable_rules, one each."""

    def __init__(self, topics: Sequence[Topic]) -> None:
        self._questions = {topic.name: _Question(topic) for topic in topics}

    def ask(self, topic: str, present: frozenset[str]) -> frozenset[str]:
        """Return the outcomes that follow where just these literal symbols hold."""
        return self._questions[topic].ask(present)


class _Question:
    """A topic's own symbols in front of a ruleset that knows only `s0`, `s1`, ..."""

    def __init__(self, topic: Topic) -> None:
        program = compile_topic(topic)
        clauses, table = rename(program.clauses)
        self._ruleset = _ruleset_of(clauses)
        self._inputs = {symbol: table[symbol] for symbol in sorted(program.inputs)}
        self._outcomes = {
            name: symbol[1:] for symbol, name in table.items() if symbol.startswith("=")
        }

    def ask(self, present: frozenset[str]) -> frozenset[str]:
        facts = [name for symbol, name in self._inputs.items() if symbol in present]
        concluded = self._ruleset.ask(facts)
        return frozenset(self._outcomes[name] for name in concluded if name in self._outcomes)


class _Ruleset:
    """One ruleset, its only session, and what was concluded in it."""

    def __init__(self, host: Any, name: str, clauses: tuple[Clause, ...]) -> None:
        self._host = host
        self._name = name
        self._session = 0
        self._one_at_a_time = threading.Lock()
        self._marks = 0
        self._fault: BaseException | None = None
        self._concluded: set[str] = set()
        self._read = {premise for clause in clauses for premise in clause.premises}
        host.register_rulesets({name: self._rules(clauses)})

    def ask(self, facts: Sequence[str]) -> frozenset[str]:
        with self._one_at_a_time:
            return self._ask(facts)

    def _ask(self, facts: Sequence[str]) -> frozenset[str]:
        self._marks, self._fault = 0, None
        self._concluded.clear()
        try:
            self._tell(_FIRST, _MARK)
            for fact in facts:
                self._tell(fact, fact)
            self._tell(_LAST, _MARK)
        finally:
            self._forget_session()
        if self._marks != 2:
            raise InferenceFault(f"{self._name} stopped before it had concluded everything")
        return frozenset(self._concluded)

    def _rules(self, clauses: tuple[Clause, ...]) -> dict[str, Any]:
        rules = {_MARK: _rule((_MARK,), self._action(self._count_mark))}
        for index, clause in enumerate(clauses):
            # Bound here and not in a lambda or a partial: durable_rules counts an action's
            # parameters, and takes whatever has two for an asynchronous one.
            conclude = self._conclusion_of(clause)
            rules[f"r{index}"] = _rule(clause.premises or (_MARK,), self._action(conclude))
        return rules

    def _action(self, act: Callable[[Any], None]) -> Callable[[Any], None]:
        def recorded(closure: Any) -> None:
            try:
                act(closure)
            except BaseException as fault:  # durable_rules would hide even an interrupt
                self._fault = self._fault or fault

        return recorded

    def _count_mark(self, _closure: Any) -> None:
        self._marks += 1

    def _conclusion_of(self, clause: Clause) -> Callable[[Any], None]:
        symbol = clause.conclusion

        def conclude(closure: Any) -> None:
            if symbol not in self._concluded:
                self._concluded.add(symbol)
                if symbol in self._read:
                    closure.assert_fact({"id": symbol, symbol: 1})

        return conclude

    def _tell(self, fact: str, prop: str) -> None:
        try:
            self._host.assert_fact(self._name, {"id": fact, "sid": f"{self._session}", prop: 1})
        except Exception as fault:
            raise InferenceFault(f"{self._name} refused the fact {fact!r}: {fault!r}") from fault
        if isinstance(self._fault, Exception):
            said = f"an action of {self._name} failed: {self._fault!r}"
            raise InferenceFault(said) from self._fault
        if self._fault is not None:
            raise self._fault

    def _forget_session(self) -> None:
        if self._marks:
            self._host.delete_state(self._name, self._session)
        else:
            # Not safe to delete, so it is left behind and never asked again.
            self._session += 1


def _rule(premises: tuple[str, ...], action: Callable[[Any], None]) -> dict[str, Any]:
    joined = [{f"m_{index}": {premise: 1}} for index, premise in enumerate(premises)]
    return {"all": joined, "run": action}


class _QuietHost(durable_engine.Host):  # type: ignore[misc]  # durable_rules has no types
    def _run(self) -> None:
        """Start no timer threads: nothing here waits."""


@cache
def _host() -> Any:
    return _QuietHost()


@cache
def _ruleset_of(clauses: tuple[Clause, ...]) -> _Ruleset:
    return _Ruleset(_host(), f"ruleset{next(_numbers)}", clauses)
