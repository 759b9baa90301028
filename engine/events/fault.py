"""What is wrong with one line, field by field, before it is known where the line came from?"""

from __future__ import annotations

from msgspec import Struct, field

from engine.events.refusal import Refusal, Source


class Fault(Struct, frozen=True):
    """One reason to refuse a line: the field, what was found, what was expected, what to do."""

    field: str
    found: str
    expected: str
    reason: str


class Unreadable(Exception):  # noqa: N818 - it names what the text is, not a failure of ours
    """A text or a part of a line that cannot be read further, with its fault."""

    def __init__(self, field: str, found: str, expected: str, reason: str) -> None:
        self.fault = Fault(field, found, expected, reason)
        super().__init__(f"{field}: found {found}, expected {expected}; {reason}")


class Faults(Struct):
    """Every fault of one line, and the fields that need no further look."""

    noted: list[Fault] = field(default_factory=list)
    fields: set[str] = field(default_factory=set)

    def note(self, fault: Fault) -> None:
        """Note a fault; its field is not judged again."""
        self.noted.append(fault)
        self.fields.add(fault.field)

    def refusals(self, source: Source) -> tuple[Refusal, ...]:
        """Return the faults with the place of the line."""
        return tuple(Refusal(source.name, source.line, one.field, one.found, one.expected,
                             one.reason) for one in self.noted)
