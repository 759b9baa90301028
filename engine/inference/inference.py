"""Which outcomes are certain and which are possible, when some inputs are unknown?

A network knows only what is true, so it is asked twice: once taking every unknown input as false
(what follows is certain), once as true (what follows is possible). An input that is wanted false
is a symbol of its own and is treated likewise, so in `x is false` the unknown x counts as true
and then as false. What is possible and not certain is unknown.

An answer is a pure function of the topic and its inputs' truths, so whoever asks may keep it.
"""

from __future__ import annotations

import sys
import typing
from typing import TYPE_CHECKING, Protocol

from msgspec import Struct

from engine.inference.faults import InferenceFault, NetworkUnavailable
from engine.inference.formula import inputs_of
from engine.inference.reference import ReferenceNetwork

if TYPE_CHECKING:
    from collections.abc import Sequence

    from engine.inference.formula import Topic, Truth

NetworkName = typing.Literal["durable", "reference"]

_FIRST_PYTHON_WITHOUT_DURABLE = (3, 13)


class Network(Protocol):
    """Whatever can say which outcomes follow from the literal symbols that hold."""

    def ask(self, topic: str, present: frozenset[str]) -> frozenset[str]:
        """Return the outcomes of `topic`; `+x` in `present` says x is true, `-x` x is false."""


class Answer(Struct, frozen=True):
    """Outcomes that hold whatever the unknown turns out to be, and those that may hold."""

    certain: frozenset[str]
    possible: frozenset[str]


class Inference:
    """Asks a network about topics; `asked` counts the questions put to it."""

    def __init__(self, topics: Sequence[Topic], network: NetworkName | None = None) -> None:
        self._inputs = {topic.name: inputs_of(topic) for topic in topics}
        if len(self._inputs) < len(topics):
            raise ValueError("two topics have the same name")
        self._network = _network(topics, network)
        self.asked = 0

    def inputs(self, topic: str) -> tuple[str, ...]:
        """Return the symbols whose truths `ask` takes, in its order."""
        return self._inputs[topic]

    def ask(self, topic: str, truths: tuple[Truth, ...]) -> Answer:
        """Return what follows from the truths of the topic's inputs."""
        self.asked += 1
        known = list(zip(self._inputs[topic], truths, strict=True))
        sure = {f"{'+' if truth else '-'}{name}" for name, truth in known if truth is not None}
        certain = self._network.ask(topic, frozenset(sure))
        if len(sure) == len(known):
            return Answer(certain, certain)
        open_ = {f"{sign}{name}" for name, truth in known if truth is None for sign in "+-"}
        possible = self._network.ask(topic, frozenset(sure | open_))
        if not certain <= possible:
            raise InferenceFault(f"{topic!r}: {sorted(certain - possible)} certain, not possible")
        return Answer(certain, possible)


def _network(topics: Sequence[Topic], name: NetworkName | None) -> Network:
    if name == "reference":
        return ReferenceNetwork(topics)
    if name is None and sys.version_info >= _FIRST_PYTHON_WITHOUT_DURABLE:
        return ReferenceNetwork(topics)
    try:
        from engine.inference.network import DurableNetwork
    except ImportError as missing:
        if name is None:
            return ReferenceNetwork(topics)
        raise NetworkUnavailable(_HOW_TO_INSTALL) from missing
    return DurableNetwork(topics)


_HOW_TO_INSTALL = (
    "durable_rules is not installed. It needs Python 3.11 or 3.12, and is built from C source:"
    " install gcc and the Python headers (on Debian: apt-get install gcc python3-dev), then"
    " pip install durable-rules==2.0.28. Without it, the reference network gives the same answers."
)
