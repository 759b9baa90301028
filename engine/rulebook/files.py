"""What each file of a rulebook may say: the shapes of its YAML.

JSON Schema for editors comes from the same models.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Any, Literal

from engine.rulebook.definitions import SEVERITIES, Severity
from engine.rulebook.written import Advice, Condition, Day, Expression, Text, Version, no_number
from engine.yaml_shape import Checked, Limits, Shape

Numeral = int | Decimal | str


class PolicyFile(Shape):
    """How alerts of one severity reach somebody, and how long one that was dealt with is quiet."""

    channel: Text
    again_after: Expression | None = None
    longest_snooze: Expression | None = None


class RulebookFile(Shape):
    """rulebook.yaml: what the rulebook is, and which facts and conclusions sum a patient up."""

    extends: str | None = None
    id: str
    version: Version
    title: Text
    intended_use: Text
    summary: dict[str, str] = {}
    alerts_while: Condition | None = None
    severities: dict[Severity, PolicyFile] = {}


class ExtensionFile(Shape):
    """rulebook.yaml of a rulebook that extends another: what is its own.

    Everything else is as in the other, but for what overrides.yaml and further files say.
    """

    extends: str
    id: str
    version: Version
    title: Text
    intended_use: Text
    summary: dict[str, str] = {}


class AddedFile(Shape):
    """What a decision adds: topics, by the names of their files, and rules of classifications."""

    topics: list[str] = []
    rules: dict[str, list[Any]] = {}


class OverrideFile(Shape):
    """One decision of overrides.yaml: who decided, why, and what is different by it.

    Under each name stand the keys that are different; a fact is written anew as a whole.
    """

    author: Text
    reason: Text
    decided: Day = ""
    parameters: dict[str, Any] = {}
    facts: dict[str, Any] = {}
    classifications: dict[str, Any] = {}
    rules: dict[str, Any] = {}
    alerts: dict[str, Any] = {}
    severities: dict[str, Any] = {}
    adds: AddedFile = AddedFile()


class CitationFile(Shape):
    """One source: who, where, when, and the passages that parameters and rules rest on."""

    title: Text
    source: Text
    year: Annotated[int, Limits(1000, 9999)] | None = None
    status: Literal["published", "label", "laboratory", "project-default"] = "published"
    passages: dict[str, str] = {}


class DatedFile(Shape):
    """The value of a parameter from a day on, where it has a source of its own."""

    value: Numeral
    cite: str | None = None


class ParameterFile(Shape):
    """A named threshold, duration or table, with its unit and its source.

    `from` says from which days on the value is another one.
    """

    @classmethod
    def _before(cls, value: Any) -> Any:
        if isinstance(value, int | Decimal | str) and not isinstance(value, bool):
            raise ValueError("a number with its source; write {value: ..., unit: ..., cite: ...}")
        return value

    value: Numeral | list[Numeral] | None = None
    from_: dict[str, Numeral | DatedFile] | None = None
    values: dict[str, Numeral] | None = None
    by: str = ""
    unit: str = ""
    about: str = ""
    cite: str


class BranchFile(Shape):
    """One line of a `case`: the first whose `if` holds decides."""

    @classmethod
    def _before(cls, value: Any) -> Any:
        if isinstance(value, dict) and "then" not in value and (other := {"else", "otherwise",
                                                                          "default"} & {*value}):
            raise ValueError("then: alone, as the last branch; "
                             f"write then: instead of {min(other)}:")
        return value

    if_: Condition | None = None
    then: Annotated[str | bool, Checked(no_number)]


class FactFile(Shape):
    """A question to the timeline: one operator, and the window it looks at."""

    about: str = ""
    needs: str = ""
    of: str | list[str] | None = None
    now: bool = False
    at: str | None = None
    # operators: exactly one
    series: str | list[str] | None = None
    latest: str | list[str] | None = None
    first: str | list[str] | None = None
    any: str | list[str] | None = None
    count: str | list[str] | None = None
    min: str | list[str] | None = None
    max: str | list[str] | None = None
    course: str | None = None
    courses: str | None = None
    sustained: str | list[str] | None = None
    is_: Annotated[str | bool | None, Checked(no_number)] = None
    case: list[BranchFile] | None = None
    like: str | None = None
    # the window and the filter
    where: Condition | None = None
    after: str | None = None
    before: str | None = None
    since: str | None = None
    until: str | None = None
    within: Expression | None = None
    # what some operators need
    occasions: Literal["lowest"] | None = None
    value: Expression | None = None
    rejoin: Expression | None = None
    amounts: list[str] = []
    establishes: Condition | None = None
    ignoring: Condition | None = None
    apart: Expression | None = None
    apart_hours: Expression | None = None
    with_: dict[str, str] = {}


class CaveatFile(Shape):
    """A reservation that a conclusion carries while a condition holds."""

    name: str
    when: Condition
    about: str = ""


class RuleFile(Shape):
    """When one value of a classification is true, and why."""

    id: str
    title: Text
    value: str
    when: Condition
    because: str = ""
    dated: str | None = None
    cite: str | list[str]


class ClassifyFile(Shape):
    """A conclusion that takes one of an ordered list of values."""

    name: str
    title: Text
    values: list[str]
    policy: Literal["first", "unique"] = "first"
    internal: bool = False
    of: str | None = None
    given: Condition | None = None
    fallback: str | None = None
    needs: str = ""
    rules: list[RuleFile]
    caveats: list[CaveatFile] = []


class SeverityFile(Shape):
    """One line of a severity list: the first whose `when` holds decides."""

    @classmethod
    def _before(cls, value: Any) -> Any:
        word = next(iter(value)) if isinstance(value, dict) and len(value) == 1 else ""
        if word in SEVERITIES:
            raise ValueError(f"is: and when:; write {{is: {word}, when: ...}}")
        return value

    is_: Severity 
    when: Condition | None = None


class AlertFile(Shape):
    """A conclusion that somebody must be told about."""

    id: str
    title: Text
    of: str | None = None
    per_event: bool = False
    when: Condition
    severity: Severity | list[SeverityFile]
    message: Text
    advice: list[Advice] = []
    needs: str = ""
    subsumes: list[str] = []
    again_after: Expression | None = None
    quiet_for: Expression | None = None
    caveats: list[CaveatFile] = []
    cite: str | list[str]


class TopicFile(Shape):
    """A topic: its facts, its classifications and its alerts."""

    title: Text
    about: str = ""
    # each fact, classification and alert is read on its own, so that one mistake hides no other
    facts: dict[str, Any] = {}
    classify: list[Any] = []
    alert: list[Any] = []


_ASKED = ("about", "needs", "of", "now", "at")
_WINDOW = ("where", "after", "before", "since", "until", "within")
KEYS = {
    "series": (*_ASKED, *_WINDOW, "occasions"),
    **dict.fromkeys(("latest", "first", "any", "count"), (*_ASKED, *_WINDOW)),
    **dict.fromkeys(("min", "max"), (*_ASKED, *_WINDOW, "value")),
    **dict.fromkeys(("course", "courses"), (*_ASKED, "where", "rejoin", "amounts")),
    "sustained": (*_ASKED, *_WINDOW, "establishes", "ignoring", "apart", "apart_hours"),
    **dict.fromkeys(("is", "case"), _ASKED),
    "like": ("about", "needs", "with"),
}
"""What may stand beside each operator."""
OPERATORS = ("series", "latest", "first", "any", "count", "min", "max", "course", "courses",
             "sustained", "is_", "case", "like")
