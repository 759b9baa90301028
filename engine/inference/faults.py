"""What can go wrong while a network is built or asked, and what can be done about it?"""

from __future__ import annotations


class InferenceFault(Exception):  # noqa: N818  a fault is ours to mend, an error its author's
    """The network did something other than concluding: its answer must not be used."""


class NetworkUnavailable(Exception):  # noqa: N818  a state of the machine, nobody's error
    """The network that was asked for is not installed on this machine."""


class TopicTooLargeError(ValueError):
    """A topic goes beyond what a network can hold; it has to be split into several topics."""

    def __init__(self, topic: str, found: str, expected: str) -> None:
        super().__init__(f"topic {topic!r} has {found}, and {expected.removeprefix('at most ')} is "
                         "the most that is possible; split it into several topics")
        self.found, self.expected = found, expected
