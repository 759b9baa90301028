"""A rulebook, loaded: every name resolved, every unit checked, nothing left to go wrong."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Literal, get_args

import msgspec
from msgspec import Struct

from engine.events.amount import Amount

if TYPE_CHECKING:
    from datetime import date, timedelta

    from engine.events.vocabulary import Vocabulary
    from engine.problems import Place
    from engine.rulebook.provenance import Chapter, Override
    from engine.rulebook.terms import Term
    from engine.rulebook.types import Type

Severity = Literal["critical", "high", "moderate", "low"]
SEVERITIES: tuple[Severity, ...] = get_args(Severity)  # worst first


class Citation(Struct, frozen=True):
    """A source and the passage of it that is meant."""

    key: str
    title: str
    source: str
    status: str
    locator: str = ""
    passage: str = ""


class DatedValue(Struct, frozen=True):
    """The value of a parameter from the beginning of a day on."""

    since: date
    amount: Amount
    given: str
    cite: Citation


class Parameter(Struct, frozen=True):
    """A named number, interval, table or span of calendar months, and where it comes from.

    `months` is set for calendar months; `table` for values by a symbol; else `amount`, which
    stands until the first day of `dated`, in order, brings another.
    """

    name: str
    type: Type
    cite: Citation
    about: str
    place: Place
    amount: Amount | None = None
    months: int | None = None
    table: Mapping[str, Amount] = msgspec.field(default_factory=dict)
    given: str = ""
    override: str = ""
    dated: tuple[DatedValue, ...] = ()

    def in_force(self, day: date) -> DatedValue | None:
        """Return the dated value that stands on a day; None before the first."""
        return next((each for each in reversed(self.dated) if each.since <= day), None)


@dataclass(frozen=True, slots=True)
class Window:
    """Which events a question looks at; the kinds, facts, conclusions or courses they come from.

    Each bound is a term with a time. `within` counts back from `until` or `before`, or else from
    the moment asked about.
    """

    kinds: tuple[str, ...] = ()
    facts: tuple[str, ...] = ()
    topics: tuple[str, ...] = ()
    steps: tuple[Term, ...] = ()
    where: Term | None = None
    after: Term | None = None
    before: Term | None = None
    since: Term | None = None
    until: Term | None = None
    within: Term | None = None

    @property
    def bounds(self) -> tuple[Term, ...]:
        """The times between which it lies."""
        return tuple(term for term in (self.after, self.before, self.since, self.until)
                     if term is not None)

    def unfiltered(self) -> Window:
        """Return the window without its filter."""
        return replace(self, where=None)


class Pick(Struct, frozen=True):
    """One event of a window: the `latest` or the `first`."""

    which: str
    window: Window


class Tally(Struct, frozen=True):
    """What all members say together: `any`, `count`, `min` or `max`."""

    which: str
    window: Window
    value: Term | None = None


class Series(Struct, frozen=True):
    """The members themselves; `lowest` keeps one for each instant."""

    window: Window
    lowest: bool = False


class Treatment(Struct, frozen=True):
    """A course; with `each`, one of every drug (or whatever it is told apart by)."""

    kind: str
    where: Term | None
    rejoin: str
    amounts: tuple[str, ...]
    each: bool


class Sustained(Struct, frozen=True):
    """Two occasions so far apart, with nothing between them that speaks against."""

    window: Window
    holds: Term
    establishes: Term | None
    ignoring: Term | None
    apart: str
    apart_hours: str | None


class Computed(Struct, frozen=True):
    """The first branch whose condition holds; a condition of None always does."""

    branches: tuple[tuple[Term | None, Term], ...]


Operation = Pick | Tally | Series | Treatment | Sustained | Computed


class Fact(Struct, frozen=True):
    """A declared question to the timeline.

    `of`: the kinds of event it is asked at (empty: at any moment). `now`: always asked at the
    present instant. `at`: asked at the event that this term names.
    """

    name: str
    operation: Operation
    type: Type
    place: Place
    about: str = ""
    needs: str = ""
    of: frozenset[str] = frozenset()
    now: bool = False
    at: Term | None = None


@dataclass(frozen=True, slots=True)
class Criterion:
    """One comparison, in the author's words, and where they stand."""

    text: str
    term: Term
    place: Place | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class Group:
    """`all`, `any` or `none` of its parts."""

    word: str
    parts: tuple[Condition, ...]
    place: Place | None = field(default=None, compare=False)


Condition = Criterion | Group


class Caveat(Struct, frozen=True):
    """A reservation, and when it applies."""

    name: str
    when: Condition
    about: str


class Rule(Struct, frozen=True):
    """When one value is true, and the words and the source for it."""

    id: str
    title: str
    value: str
    when: Condition
    because: str
    dated: Term | None
    cites: tuple[Citation, ...]
    place: Place


class Topic(Struct, frozen=True):
    """One question put to the network: a classification, or one alert.

    `words` are the terms that the names in curly brackets of its messages stand for. An `internal`
    topic serves others and is not shown among the conclusions. `line` is the text at its place.
    """

    name: str
    title: str
    values: tuple[str, ...]
    policy: str
    of: str | None
    given: Condition | None
    fallback: str | None
    rules: tuple[Rule, ...]
    caveats: tuple[Caveat, ...]
    needs: str
    place: Place
    words: Mapping[str, Term] = msgspec.field(default_factory=dict)
    alert: AlertPart | None = None
    internal: bool = False
    line: str = ""


class AlertPart(Struct, frozen=True):
    """What makes a topic an alert: how grave, in which words, and what it subsumes.

    With `per_event`, each event that it is judged at makes an alert of its own. One that was
    acknowledged and still holds asks again `again_after` (None: as its severity says); a new one
    that comes within `quiet_for` of an acknowledged one, and is no worse, is suppressed.
    """

    severities: tuple[tuple[str, Condition | None], ...]
    message: str
    advice: tuple[tuple[str, Condition], ...]
    subsumes: tuple[str, ...]
    per_event: bool = False
    again_after: timedelta | None = None
    quiet_for: timedelta | None = None


class SeverityPolicy(Struct, frozen=True):
    """By which channel alerts of a severity reach somebody, and how long they may be put off.

    An acknowledgement holds for `again_after` (None: as long as the alert), a snooze for at most
    `longest_snooze` (None: as long as one likes).
    """

    channel: str = ""
    again_after: timedelta | None = None
    longest_snooze: timedelta | None = None


class Rulebook(Struct, frozen=True, eq=False):
    """Everything that decides an assessment but the events and the moment.

    One is equal to none but itself, so that what was found out about it can be kept by it.
    """

    id: str
    version: str
    digest: str
    title: str
    intended_use: str
    vocabulary: Vocabulary
    parameters: Mapping[str, Parameter]
    facts: Mapping[str, Fact]
    topics: tuple[Topic, ...]
    summary: Mapping[str, str]
    severities: Mapping[str, SeverityPolicy] = msgspec.field(default_factory=dict)
    extends: tuple[str, ...] = ()
    overrides: tuple[Override, ...] = ()
    chapters: tuple[Chapter, ...] = ()
