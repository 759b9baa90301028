"""Does a line say the same as one that was read before, but for whose it is, when and how much?

Then what was read out of that one is said by this one too, and nothing of it is judged again but
the amount. Two lines are alike where they are the same bytes outside of a few texts: their
identity, patient, times and note; and outside of the numbers of measured quantities. So nothing is
guessed here, and nothing refused: every line that is like none before goes the careful way, which
alone judges, and alone finds words for a refusal.
"""

from __future__ import annotations

import json
import re
from decimal import Decimal
from operator import itemgetter
from typing import TYPE_CHECKING, Any

from msgspec import Struct, field

from engine.events.event import VOID, Event
from engine.events.fault import Unreadable

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping, Sequence

    from engine.events.event import Source, Value
    from engine.events.when import When

    Read = tuple[Mapping[str, Value], tuple[str, ...]]  # the fields of an event, and its marks

_KEPT = 1 << 14
_LAYOUTS = 8
_STRANGE = 1 << 10
_BACKSLASH, _QUOTE = ord("\\"), b'"'
_OWN = (b"id", b"patient", b"at", b"recorded", b"note")  # what each line says for itself
_NEEDED = 3  # of these, the first


class Learnt(Struct, frozen=True, gc=False):
    """What a line said that others may say too."""

    kind: str
    status: str
    fields: Mapping[str, Value]
    marks: tuple[str, ...]


class Form(Struct, frozen=True):
    """What lines say that differ in the numbers of these quantities alone; `given` is one of them.
    """

    learnt: Learnt
    given: Mapping[str, Any]
    quantities: list[str]


class Layout(Struct):
    """Where the texts stand that a line has for itself.

    `match` finds them, each between parts of the rest; `own` takes them out of all that is found,
    in their order, if there are others than those needed. `recorded` is whether there is one.
    `learnt` is by the rest, and `forms` by the rest without the numbers of quantities.
    """

    match: Callable[[bytes], re.Match[bytes] | None]
    own: Callable[[Sequence[bytes]], tuple[bytes, ...]]
    recorded: bool
    learnt: dict[tuple[bytes, ...], Learnt] = field(default_factory=dict)
    forms: dict[tuple[bytes, ...], Form] = field(default_factory=dict)

    def keep(self, rest: tuple[bytes, ...], learnt: Learnt) -> None:
        """Keep what a line said."""
        if len(self.learnt) >= _KEPT:
            self.learnt.clear()
        self.learnt[rest] = learnt


class Recall:
    """What was read out of the lines before, and the layouts that they had.

    `quantities` are the names that a line gives to measured numbers, and `read` reads the fields of
    a kind out of what a line says; None where there is a fault in it.
    """

    def __init__(self, when: Callable[[str], When], is_future: Callable[[When, When], bool],
                 quantities: Collection[str],
                 read: Callable[[str, Mapping[str, Any]], Read | None]) -> None:
        self._when, self._is_future, self._read = when, is_future, read
        self._numbers = _numbers_of(quantities)
        self._layouts: dict[tuple[int, ...], Layout] = {}
        self._order: list[Layout] = []
        self._strange = 0  # lines of yet another layout, which takes long to learn
        self._patient = b"", ""  # the last plain one: all events of a patient share the name

    def read(self, line: bytes, source: Source) -> Event | None:
        """Return the event of a line that is like one before, or None: then look closer."""
        is_escaped = _BACKSLASH in line
        if is_escaped and _hides_quotes(line):
            return None
        near = []
        for layout in self._order:
            found = layout.match(line)
            if found is not None:
                parts = found.groups()
                learnt = layout.learnt.get(parts[::2])
                if learnt is not None:
                    return self._like(learnt, layout, parts, line, source, is_escaped)
                near.append((layout, parts))
        for layout, parts in near:
            learnt = self._numbered(layout, parts[::2])
            if learnt is not None:
                return self._like(learnt, layout, parts, line, source, is_escaped)
        return None

    def learn(self, line: bytes, event: Event) -> None:
        """Keep what was read carefully out of a line."""
        if _BACKSLASH in line and _hides_quotes(line):
            return
        places = _places(line.split(_QUOTE))
        if min(places[:_NEEDED]) == 0:
            return
        if places not in self._layouts:
            if len(self._layouts) == _LAYOUTS:
                self._strange += 1
                if self._strange < _STRANGE:
                    return
                self._strange = 0
                self._layouts.clear()
            self._layouts[places] = _layout(places)
            self._order = [*self._layouts.values()]
        layout = self._layouts[places]
        found = layout.match(line)
        assert found is not None
        rest = found.groups()[::2]
        learnt = Learnt(event.kind, event.status, event.fields, event.marks)
        layout.keep(rest, learnt)
        if event.status in VOID:
            return  # nothing was read of its numbers
        pieces = self._numbers.split(b"".join(rest))
        if len(pieces) > 1:
            if len(layout.forms) >= _KEPT:
                layout.forms.clear()
            layout.forms[_without_numbers(pieces)] = Form(
                learnt, event.given, [name.decode() for name in pieces[1::_PIECES]])

    def _numbered(self, layout: Layout, rest: tuple[bytes, ...]) -> Learnt | None:
        """Return what a line says that is like one before but for its numbers."""
        pieces = self._numbers.split(b"".join(rest))
        form = layout.forms.get(_without_numbers(pieces))
        if form is None:
            return None
        numbers = map(_number, pieces[_PIECES - 1::_PIECES])
        like = form.learnt
        read = self._read(like.kind, {**form.given, **dict(zip(form.quantities, numbers,
                                                               strict=True))})
        if read is None:
            return None
        learnt = Learnt(like.kind, like.status, *read)
        layout.keep(rest, learnt)
        return learnt

    def _like(self, learnt: Learnt, layout: Layout, parts: Sequence[bytes], line: bytes,
              source: Source, is_escaped: bool) -> Event | None:
        """Return the event of a line that says what was learnt, if its own texts are plain."""
        if layout is not self._order[0]:
            self._order.remove(layout)
            self._order.insert(0, layout)
        own = layout.own(parts)
        try:
            if is_escaped:
                own = tuple([_unescaped(each) for each in own])
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


def _hides_quotes(line: bytes) -> bool:
    """Whether a quote may be escaped, and so end no text: of characters by number none is."""
    return line.count(b"\\") != line.count(b"\\u")


def _unescaped(text: bytes) -> bytes:
    return json.loads(_QUOTE + text + _QUOTE).encode() if _BACKSLASH in text else text


def _plain(name: str) -> str:
    """Return what surely is a name: what can be printed holds nothing that JSON forbids."""
    if name.isprintable() and not name.isspace() and name != "":
        return name
    raise ValueError("this has to be looked at more closely")


# Splitting with this pattern gives a piece between, then the name, the colon and the number.
_PIECES = 4


def _numbers_of(quantities: Collection[str]) -> re.Pattern[bytes]:
    """Return what splits a line at the names and the numbers of quantities, as JSON has numbers."""
    names = b"|".join(re.escape(name.encode()) for name in sorted(quantities)) or b"(?!)"
    return re.compile(rb'"(' + names + rb')"(\s*:\s*)(-?(?:0|[1-9][0-9]{0,29})(?:\.[0-9]{1,30})?)'
                      rb'(?=\s*[,}])')


def _without_numbers(pieces: list[bytes]) -> tuple[bytes, ...]:
    kept = pieces.copy()
    del kept[_PIECES - 1::_PIECES]
    return tuple(kept)


def _number(text: bytes) -> int | Decimal:
    return Decimal(text.decode()) if b"." in text else int(text)


def _places(parts: Sequence[bytes]) -> tuple[int, ...]:
    """Return, for each text that is the line's own, which part it is; 0 where there is none."""
    found: dict[bytes, int] = {}
    for name in range(1, len(parts) - 2, 2):
        if parts[name] in _OWN and parts[name + 1].strip() == b":":
            found[parts[name]] = name + 2
    return tuple(found.get(name, 0) for name in _OWN)


def _layout(places: tuple[int, ...]) -> Layout:
    """Return the layout of lines that have their own texts at some of the parts between quotes."""
    given = sorted(filter(None, places))
    pattern, before = b"", 0
    for place in given:
        pattern += b"(" + b'"' * bool(pattern) + b'[^"]*+"' * (place - before) + b')([^"]*+)'
        before = place + 1
    own: Any = itemgetter(*(2 * given.index(place) + 1 for place in places if place))
    return Layout(re.compile(pattern + b'(".*+)', re.DOTALL).fullmatch, own,
                  recorded=places[_NEEDED] > 0)
