"""Which names an expression may use, where it stands, and what type each has."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from msgspec import Struct, field

from engine.rulebook.terms import DIRECTIONS
from engine.rulebook.types import (
    EventType,
    NumberType,
    SymbolType,
    TimeType,
    TruthType,
    Type,
    parse_units,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from engine.events.vocabulary import Field, Vocabulary
    from engine.rulebook.definitions import Fact, Parameter

STATUS_VALUES = frozenset({"final", "preliminary", "corrected", "cancelled", "entered-in-error"})


class Names(Protocol):
    """What a rulebook declares; facts are resolved when they are first asked for."""

    @property
    def vocabulary(self) -> Vocabulary:
        """Return the kinds of event and their fields."""

    @property
    def parameters(self) -> Mapping[str, Parameter]:
        """Return the declared numbers."""

    @property
    def conclusions(self) -> Mapping[str, SymbolType]:
        """Return the classifications, and which values each may take."""

    def fact(self, name: str) -> Fact | None:
        """Return a declared fact, or None where there is none, or none that can be used."""

    def fact_names(self) -> Iterable[str]:
        """Return the names of all declared facts."""

    def is_worked_out(self, name: str) -> bool:
        """Whether a fact is declared that is worked out: its answer may be a name."""

    def judged(self, topic: str) -> EventType | None:
        """Return the type of the events that a conclusion is judged at, or None."""

    def is_broken(self, name: str) -> bool:
        """Whether a name is declared in a way that cannot be used."""

    def use(self, name: str) -> None:
        """Note that a parameter, fact or conclusion is used."""


class Scope(Struct, frozen=True):
    """A place where an expression stands: what `here` is, and `it` inside a filter.

    It is `blind` where what is here could not be resolved, which is noted elsewhere.
    """

    names: Names
    here: EventType | None = None
    it: EventType | None = None
    renamed: Mapping[str, str] = field(default_factory=dict)
    blind: bool = False

    def within(self, it: EventType) -> Scope:
        """Return the scope of a filter over such members."""
        return Scope(self.names, self.here, it, self.renamed, self.blind)

    def kinds_with(self, event: EventType, name: str) -> list[str]:
        """Return the kinds of an event that have a field."""
        return sorted(kind for kind in event.kinds
                      if self.field_type(EventType(frozenset({kind})), name) is not None)

    def field_type(self, event: EventType, name: str) -> Type | None:
        """Return the type of a field that every kind of the event has, or None."""
        if name == "verdict" and event.topic:
            return self.names.conclusions[event.topic]
        if name == "direction" and event.step:
            return SymbolType(DIRECTIONS)
        if name == "status":
            return SymbolType(STATUS_VALUES)
        kinds = self.names.vocabulary.kinds
        if any(name not in kinds[kind].fields for kind in event.kinds):
            return None
        types = {_type_of(kinds[kind].fields[name]) for kind in event.kinds}
        return types.pop() if len(types) == 1 else None

    def main_field(self, event: EventType) -> str | None:
        """Return the field an event stands for where a number is wanted, if all kinds agree."""
        return self.names.vocabulary.main_of(event.kinds)

    def refers(self, parts: tuple[str, ...]) -> bool:
        """Whether a name in the place of a value is that of something declared.

        One with a field behind it is, even if nothing is called so: then it is misspelt.
        """
        head, *rest = parts
        head, names = self.renamed.get(head, head), self.names
        if rest:
            fields = {key for kind in names.vocabulary.kinds.values() for key in kind.fields}
            return head in {"it", "here", *names.fact_names()} or rest[-1] in fields
        event = self.it or self.here
        if event is not None and (kind := self.field_type(event, head)) is not None:
            return isinstance(kind, SymbolType)
        return head in {*names.fact_names(), *names.parameters, *names.conclusions}

    def is_looked_up(self, head: str) -> bool:
        """Whether a name is that of a fact which is no name itself, nor worked out from one."""
        head, event = self.renamed.get(head, head), self.it or self.here
        is_field = event is not None and self.field_type(event, head) is not None
        return not is_field and head in {*self.names.fact_names()} and (
            not self.names.is_worked_out(head))

    def known_words(self) -> list[str]:
        """Return every name that could have been meant here."""
        words = [*self.names.fact_names(), *self.names.parameters, *self.names.conclusions, "here"]
        event = self.it or self.here
        for kind in event.kinds if event is not None else ():
            words += [name for name in self.names.vocabulary.kinds[kind].fields
                      if event is not None and self.field_type(event, name) is not None]
        if self.it is not None:
            words += ["it", *(["verdict"] if self.it.topic else []),
                      *(["direction"] if self.it.step else [])]
        return words


def _type_of(declared: Field) -> Type:
    match declared.type:
        case "amount":
            return NumberType(parse_units(declared.unit or ""))
        case "count":
            return NumberType()
        case "boolean":
            return TruthType()
        case "when":
            return TimeType()
        case "symbol":
            listed = frozenset(declared.values or ())
            closed = declared.values is not None and not declared.open
            return SymbolType(listed if closed else None, listed)
    return SymbolType(None)
