"""Which readings go on from where they were, of each window or fold, over each of its sources?"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

_MOST = 8  # of one looker: each begins at another event, and the old ones are done with


class Streams:
    """What was read so far, by who looks and from where."""

    __slots__ = ("_known",)

    def __init__(self) -> None:
        self._known: dict[object, dict[Any, Any]] = {}

    def of(self, looker: object, key: Any, make: Callable[[Any], Any], source: Any) -> Any:
        """Return what goes on from where it was: of one looker, over one source."""
        streams = self._known.get(looker)
        if streams is None:
            streams = self._known[looker] = {}
        stream = streams.get(key)
        if stream is None:
            if len(streams) >= _MOST:
                streams.clear()
            stream = streams[key] = make(source)
        return stream
