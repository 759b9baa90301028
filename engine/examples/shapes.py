"""What may a file of examples say: the shapes of its YAML.

`given` and `background` are read afterwards, word by word, with the rulebook's own shorthand.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field

from engine.yaml_model import Strict


def _no_count(value: Any) -> Any:
    if isinstance(value, int | Decimal) and not isinstance(value, bool):
        raise ValueError(f"a time like 14d, -2mo, 14d 09:00 or 2015-03-15; write {value}d")
    return value


Time = Annotated[str, BeforeValidator(_no_count)]
Scalar = str | int
Shows = Literal["fires", "boundary", "unknown"]


class ShorthandShape(Strict):
    """A compact way to write the events of one kind.

    A bare number is the field `number`, in `unit` unless another follows. Each of `words` sets
    fields, or, where it is text, is another name of a field whose value follows it.
    """

    about: str = ""
    kind: str
    fields: dict[str, Any] = Field(default_factory=dict)
    number: str = ""
    unit: str = ""
    words: dict[str, Any] = Field(default_factory=dict)


class EntryShape(Strict):
    """What is expected of one alert, or of one value of a conclusion; what is left out is free.

    `says` is a part of an alert's message, `message` the whole of it, with its advice; `channel`
    is how it reaches somebody. Of a conclusion that holds they are its reason.
    """

    rule: str = ""
    value: str = ""
    severity: str = ""
    channel: str = ""
    begin: Time = Field(default="", alias="from")
    end: str | None = Field(default="", alias="to")
    says: str = ""
    message: str = ""
    caveats: list[str] | None = None
    evidence: list[str] | None = None
    overrode: list[str] | None = None


class RefusedShape(Strict):
    """What is expected of one refusal: the field, and words that its sentence holds.

    Of a decision that is refused: the alert that it is about.
    """

    field: str = ""
    alert: str = ""
    event: str = ""
    says: str = ""


class ExpectShape(Strict):
    """What the assessment must say; what is not named here is not compared.

    `may_be` are all values that a conclusion which is not decided may have.
    `worklist` are the alerts that ask to be looked at at the moment asked, or at each of several
    moments, after what was decided before.
    """

    summary: dict[str, Any] = Field(default_factory=dict)
    conclusions: dict[str, str | EntryShape | None] = Field(default_factory=dict)
    history: dict[str, list[str | EntryShape]] = Field(default_factory=dict)
    alerts: list[str | EntryShape] | None = None
    closed: list[str | EntryShape] | None = None
    subsumed: list[str | EntryShape] | None = None
    worklist: list[str | EntryShape] | dict[str, list[str | EntryShape]] | None = None
    caveats: dict[str, list[str]] = Field(default_factory=dict)
    undecided: list[str] = Field(default_factory=list)
    may_be: dict[str, list[str]] = Field(default_factory=dict)
    decided: list[str] = Field(default_factory=list)
    needs: dict[str, list[str]] = Field(default_factory=dict)
    refused: list[str | RefusedShape] = Field(default_factory=list)

    def worklists(self) -> list[tuple[str, list[str | EntryShape]]]:
        """Return the worklists expected, each with its moment; empty: the moment asked."""
        if isinstance(self.worklist, dict):
            return list(self.worklist.items())
        return [] if self.worklist is None else [("", self.worklist)]


class ExampleShape(Strict):
    """One patient, and what must be concluded."""

    name: str
    shows: Shows | None = None
    case: int | list[int] | None = None
    why: str = ""
    start: str | None = None
    timezone: str | None = None
    given: dict[str, Any]
    as_of: Time | None = None
    acknowledged: Time | None = None
    decisions: str | list[str] | None = None
    expect: ExpectShape


class ExamplesShape(Strict):
    """The examples of one topic; the `background` is given in each of them."""

    about: str = ""
    start: str
    timezone: str = "UTC"
    background: dict[str, Any] = Field(default_factory=dict)
    # each example is read on its own, so that one mistake hides no other
    examples: list[Any]
