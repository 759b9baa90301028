"""What is told of an event by its fields alone, and so of every event that says the same?

Events that were reported in the same words share their fields, and most are: what was worked out of
fields once is not worked out again.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Generic, TypeVar

from engine.facts.terms import compile_terms
from engine.rulebook.definitions import Computed
from engine.rulebook.terms import (
    TRUTH,
    Among,
    Arithmetics,
    Ask,
    Both,
    Comparing,
    Constant,
    FieldOf,
    Function,
    Here,
    It,
    Negated,
    TableEntry,
    parts,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from engine.events.event import Event, Value
    from engine.facts.terms import Writer
    from engine.rulebook.definitions import Fact
    from engine.rulebook.terms import Term

T = TypeVar("T")
_MOST_KNOWN = 1 << 12  # fields, which repeat from patient to patient
_UNKNOWN = Constant(None, TRUTH)
_MADE_OF_PARTS = (TableEntry, Arithmetics, Comparing, Among, Both, Negated, Function)


def in_fields(term: Term) -> bool:
    """Whether a term looks at nothing but the fields of the event that it is asked of."""
    match term:
        case FieldOf(base=Here() | It(), field=name):
            return name != "status"
        case Function(name="later_by"):
            return False  # it counts in the patient's days
        case Constant():
            return True
    return isinstance(term, _MADE_OF_PARTS) and all(map(in_fields, parts(term)))


def by_fields(truth: Term, facts: Mapping[str, Fact]) -> Term:
    """Return what fields alone tell of a truth that is asked of an event: all else is unknown.

    Where that is true or false the truth is so too: nothing that becomes known makes `and`, `or` or
    `not` take back what they say already.
    """
    if in_fields(truth):
        return truth
    match truth:
        case Both(operator=operator, parts=each):
            return Both(operator, tuple(by_fields(part, facts) for part in each))
        case Negated(part=part):
            return Negated(by_fields(part, facts))
        case Ask(fact=name):
            match facts[name].operation:
                case Computed(branches=((None, then),)):
                    return by_fields(then, facts)
    return _UNKNOWN


class ByFields(Generic[T]):
    """What a work that looks at nothing but fields comes to; `known` is by the fields' identity.

    With what is known go the fields themselves, so that no others can have their identity.
    """

    __slots__ = ("_work", "known")

    def __init__(self, work: Callable[[Event], T]) -> None:
        self._work = work
        self.known: dict[int, tuple[Mapping[str, Value], T]] = {}

    def of(self, event: Event) -> tuple[Mapping[str, Value], T]:
        """Do the work for an event, and keep what it comes to."""
        if len(self.known) >= _MOST_KNOWN:
            self.known.clear()
        found = self.known[id(event.fields)] = event.fields, self._work(event)
        return found


def written_by_fields(terms: Sequence[Term], writer: Writer) -> str:
    """Return the expression that works out terms that look at nothing but fields, as a tuple."""
    work: Any = compile_terms(terms, writer.program)
    kept: ByFields[Any] = ByFields(lambda here: work(None, here))
    return (f"({writer.name(kept.known)}.get(id(here.fields)) or "
            f"{writer.name(kept.of)}(here))[1]")
