"""Is a file a certificate, and if not, what is wrong with it and where?"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from engine.certificate.errors import CertificateError
from engine.wording import explain

if TYPE_CHECKING:
    from collections.abc import Sequence

_MOST_TOLD = 10
_MADE = "a certificate as `why --format json` prints it"
Truth = bool | None


class _Part(BaseModel):
    model_config = ConfigDict(strict=True, extra="allow", frozen=True)


class Term(_Part):
    """One step of a working: what was done to the values of its parts, and what came of it."""

    op: str
    name: str = ""
    sign: str = ""
    key: str = ""
    day: str = ""
    span: dict[str, str] = Field(default_factory=dict)
    values: list[str] = Field(default_factory=list)
    may_be: list[str] = Field(default_factory=list)
    parts: list[Term] = Field(default_factory=list)
    value: Any


class Judged(_Part):
    """A criterion, its truth, and how it was worked out."""

    truth: Truth
    working: Term


class RulePart(_Part):
    """A rule: which value it gives, and when, its criteria named by their text."""

    rule: str
    value: str
    when: Any


class Severity(_Part):
    """One line of how grave an alert is."""

    is_: str = Field(alias="is")
    when: Term | None


class ConclusionPart(_Part):
    """A conclusion with everything that decided it."""

    value: str | None
    rule: str | None
    is_alert: bool
    values: list[str]
    fallback: str | None
    judged_at: str | None
    arises: bool
    of: str | None = None
    criteria: dict[str, Judged] = Field(default_factory=dict)
    given: Any = None
    rules: list[RulePart] = Field(default_factory=list)
    undecided: list[str] = Field(default_factory=list)
    overrode: list[str] = Field(default_factory=list)
    evidence: list[str] = Field(default_factory=list)
    caveats: list[str] = Field(default_factory=list)
    caveat_conditions: dict[str, Term] | None = None
    severity: str = ""
    severities: list[Severity] = Field(default_factory=list)


class Branch(_Part):
    """A branch of a computed fact; `then` only where it may be taken."""

    if_: Term | None = Field(alias="if")
    then: Term | None = None


class Member(_Part):
    """A member that a tally counted."""

    event: str
    sure: Truth
    amount: Term | None = None


class FactPart(_Part):
    """A fact as it was asked, and how it was worked out."""

    fact: str
    at: str | None
    op: str
    value: Any
    branches: list[Branch] = Field(default_factory=list)
    bounds: dict[str, Term] = Field(default_factory=dict)
    where: Term | None = None
    members: list[Member] = Field(default_factory=list)


class ParameterPart(_Part):
    """A parameter: a number, a number of months, or a table."""

    given: str
    value: Any = None
    months: int | None = None
    table: dict[str, Any] = Field(default_factory=dict)


class Factor(_Part):
    """In which unit a quantity was given, under which name, and how many of ours make one."""

    from_: str = Field(alias="from")
    unit: str
    factor: str


class EventPart(_Part):
    """An event that was known; what it says only where something rests on it."""

    event: str
    kind: str
    at: str
    recorded: str
    source: str
    line: int
    digest: str = Field(pattern="^[0-9a-f]{64}$")
    rests_on: bool
    status: str = ""
    text: str | None = None
    span: dict[str, str] = Field(default_factory=dict)
    fields: dict[str, Any] = Field(default_factory=dict)
    factors: dict[str, Factor] = Field(default_factory=dict)


class RulebookPart(_Part):
    """Which rulebook it was, and which of its parameters were set for the run."""

    id: str
    version: str
    digest: str
    settings: dict[str, str]
    extends: list[str] = Field(default_factory=list)
    overrides: list[dict[str, Any]] = Field(default_factory=list)


class Line(_Part):
    """One line of an explanation."""

    kind: str
    text: str
    because: list[Line] = Field(default_factory=list)

    def said(self, name: str) -> Any:
        """Return what else stands in the line under a name."""
        return (self.model_extra or {}).get(name)


class Certificate(_Part):
    """A certificate; `raw` is the object that it was read from."""

    certificate: Literal[1]
    rulebook: RulebookPart
    patient: str
    as_of: str
    known_by: str
    at: str | None
    timezone: str
    explanations: list[Line]
    events: list[EventPart]
    conclusions: dict[str, ConclusionPart]
    facts: dict[str, FactPart]
    parameters: dict[str, ParameterPart]
    seal: str


def read_certificate(name: str, content: bytes) -> tuple[Certificate, dict[str, Any]]:
    """Return the certificate in a file, and the object as it stands there."""
    try:
        raw = json.loads(content, object_pairs_hook=_object)
    except UnicodeDecodeError:
        raise CertificateError(f"{name}: found bytes that are not UTF-8, expected {_MADE}"
                               ) from None
    except json.JSONDecodeError as error:
        raise CertificateError(
            f"{name}:{error.lineno}:{error.colno}: found text that is not JSON ({error.msg}), "
            f"expected {_MADE}; make it again") from None
    except (RecursionError, ValueError) as error:
        said = str(error) if isinstance(error, _TwiceError) else "what no program can read"
        raise CertificateError(f"{name}: found {said}, expected {_MADE}") from None
    if not isinstance(raw, dict) or "certificate" not in raw:
        raise CertificateError(f"{name}: found JSON that is no certificate, expected {_MADE}")
    try:
        return Certificate.model_validate(raw), raw
    except ValidationError as error:
        raise CertificateError("\n".join(_faults(name, error))) from None


class _TwiceError(ValueError):
    pass


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    made = dict(pairs)
    if len(made) != len(pairs):
        names = [name for name, _ in pairs]
        raise _TwiceError(f"the key {next(n for n in names if names.count(n) > 1)!r} twice in "
                          "one object")
    return made


def _faults(name: str, error: ValidationError) -> list[str]:
    found = error.errors()
    lines = []
    for each in found[:_MOST_TOLD]:
        words = explain(each)
        lines.append(f"{name}: {place_of(each['loc'])}: found {words.found}, "
                     f"expected {words.expected}")
    if len(found) > _MOST_TOLD:
        lines.append(f"... and {len(found) - _MOST_TOLD} more")
    return [*lines, f"This is no certificate as it was made: expected {_MADE}; make it again."]


def place_of(steps: Sequence[str | int]) -> str:
    """Return where something stands.

    >>> place_of(("facts", "count@1", "branches", 0))
    'facts[count@1].branches[0]'
    """
    text = ""
    for step in steps:
        plain = isinstance(step, str) and step.isidentifier()
        text += (f".{step}" if text else str(step)) if plain else f"[{step}]"
    return text
