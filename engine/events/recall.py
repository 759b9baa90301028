"""Does a line say the same as one that was read before, but for whose it is and when it was?

Then what was read out of that one is said by this one too, and nothing of it is judged again. Two
lines are alike where they are the same bytes outside of a few texts: their identity, patient, times
and note. So nothing is guessed here, and nothing refused: every line that is like none before goes
the careful way, which alone judges, and alone finds words for a refusal.
"""

from __future__ import annotations

from operator import itemgetter
from typing import TYPE_CHECKING, Any

from msgspec import Struct

from engine.events.event import Event
from engine.events.fault import Unreadable

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from engine.events.event import Source, Value
    from engine.events.when import When

_KEPT = 1 << 14
_LAYOUTS = 8
_BACKSLASH, _QUOTE = ord("\\"), b'"'
_OWN = (b"id", b"patient", b"at", b"recorded", b"note")  # what each line says for itself
_NEEDED = 3  # of these, the first


class Learnt(Struct, frozen=True, gc=False):
    """What a line said that others may say too."""

    kind: str
    status: str
    fields: Mapping[str, Value]
    marks: tuple[str, ...]


class Layout(Struct):
    """Where the texts stand that a line has for itself, if it is split at its quotes.

    `own` takes them out of the parts, `rest` everything else; `recorded` is whether there is one.
    """

    splits: int
    own: Callable[[Sequence[bytes]], tuple[bytes, ...]]
    rest: Callable[[Sequence[bytes]], tuple[bytes, ...]]
    recorded: bool
    learnt: dict[tuple[bytes, ...], Learnt]


class Recall:
    """What was read out of the lines before, and the layouts that they had."""

    def __init__(self, when: Callable[[str], When],
                 is_future: Callable[[When, When], bool]) -> None:
        self._when, self._is_future = when, is_future
        self._layouts: dict[tuple[int, ...], Layout] = {}
        self._order: list[Layout] = []
        self._patient = b"", ""  # the last plain one: all events of a patient share the name

    def read(self, line: bytes, source: Source) -> Event | None:
        """Return the event of a line that is like one before, or None: then look closer."""
        if _BACKSLASH in line:
            return None
        for layout in self._order:
            parts = line.split(_QUOTE, layout.splits)
            if len(parts) <= layout.splits:
                continue
            learnt = layout.learnt.get(layout.rest(parts))
            if learnt is not None:
                if layout is not self._order[0]:
                    self._order.remove(layout)
                    self._order.insert(0, layout)
                return self._like(learnt, layout, layout.own(parts), line, source)
        return None

    def learn(self, line: bytes, event: Event) -> None:
        """Keep what was read carefully out of a line."""
        if _BACKSLASH in line:
            return
        parts = line.split(_QUOTE)
        places = _places(parts)
        if min(places[:_NEEDED]) == 0:
            return
        if places not in self._layouts:
            if len(self._layouts) == _LAYOUTS:
                self._layouts.clear()
            self._layouts[places] = _layout(places)
            self._order = [*self._layouts.values()]
        layout = self._layouts[places]
        if len(layout.learnt) >= _KEPT:
            layout.learnt.clear()
        layout.learnt[layout.rest(line.split(_QUOTE, layout.splits))] = Learnt(
            event.kind, event.status, event.fields, event.marks)

    def _like(self, learnt: Learnt, layout: Layout, own: Sequence[bytes], line: bytes,
              source: Source) -> Event | None:
        """Return the event of a line that says what was learnt, if its own texts are plain."""
        try:
            identity = own[0].decode()
            if own[1] != self._patient[0]:
                self._patient = own[1], _plain(own[1].decode())
            recorded = at = self._when(own[2].decode())
            if len(own) > _NEEDED:
                if not own[-1].decode().isprintable():
                    return None
                if layout.recorded:
                    recorded = self._when(own[3].decode())
                    if self._is_future(at, recorded):
                        return None
            return Event(identity if identity.isalnum() else _plain(identity), self._patient[1],
                         learnt.kind, at, recorded, learnt.status, learnt.fields, learnt.marks,
                         line, source)
        except (Unreadable, ValueError):
            return None


def _plain(name: str) -> str:
    """Return what surely is a name: what can be printed holds nothing that JSON forbids."""
    if name.isprintable() and not name.isspace() and name != "":
        return name
    raise ValueError("this has to be looked at more closely")


def _places(parts: Sequence[bytes]) -> tuple[int, ...]:
    """Return, for each text that is the line's own, which part it is; 0 where there is none."""
    found: dict[bytes, int] = {}
    for name in range(1, len(parts) - 2, 2):
        if parts[name] in _OWN and parts[name + 1].strip() == b":":
            found[parts[name]] = name + 2
    return tuple(found.get(name, 0) for name in _OWN)


def _layout(places: tuple[int, ...]) -> Layout:
    splits = max(places) + 1
    given = [place for place in places if place]
    rest = [part for part in range(splits + 1) if part not in given]
    taken: tuple[Any, Any] = itemgetter(*given), itemgetter(*rest)
    return Layout(splits, *taken, recorded=places[_NEEDED] > 0, learnt={})
