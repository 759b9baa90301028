"""Which rulebooks differ from one by a single change of meaning?"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from engine.mutation.edits import Edit, Path
from engine.mutation.expressions import ALWAYS, changes
from engine.mutation.omissions import NOTHING, omissions
from engine.rulebook.definitions import SEVERITIES
from engine.rulebook.folder import OWN_FILES

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from engine.problems import Place
    from engine.yaml_document import Document

_MOVED_WINDOW = "moved-window"
_BOUNDS = {"before": "until", "until": "before", "after": "since", "since": "after"}
_REPEATS = ("again_after", "quiet_for", "per_event")
_POLICIES = ("again_after", "longest_snooze")
_OPENED = ("after", "before", "since", "until", "within")
_PICKED = {"latest": "first", "first": "latest", "min": "max", "max": "min"}
_IN_FACTS = ("where", "establishes", "ignoring", "is")


@dataclass(frozen=True, slots=True)
class Mutant:
    """A rulebook with one change: where, what kind of change, and the text before and after."""

    place: Place
    kind: str
    before: str
    after: str
    edits: tuple[Edit, ...]

    @property
    def file(self) -> str:
        """The file in which the change stands."""
        return self.edits[-1].file

    def __str__(self) -> str:
        return f"{self.kind}: {self.before} -> {self.after}"


def mutants(documents: Mapping[str, Document]) -> Iterator[Mutant]:
    """Yield every mutant, file by file, in the order of the text."""
    for name, document in documents.items():
        maker = _Maker(name, document, documents)
        if name == "parameters.yaml":
            yield from maker.parameters()
        elif name == "rulebook.yaml":
            if "alerts_while" in document.value:
                yield from maker.condition(("alerts_while",))
            yield from maker.policies(("severities",))
        elif name not in OWN_FILES:
            for fact in document.value.get("facts") or {}:
                yield from maker.fact(("facts", fact))
            for index in range(len(document.value.get("classify") or ())):
                yield from maker.classification(("classify", index))
            for index in range(len(document.value.get("alert") or ())):
                yield from maker.alert(("alert", index))
        yield from maker.omitted()


class _Maker:
    """Makes the mutants of one document."""

    def __init__(self, name: str, document: Document, all_: Mapping[str, Document]) -> None:
        self._name, self._document, self._all = name, document, all_

    def _at(self, path: Path) -> Any:
        node = self._document.root
        for step in path:
            node = node.parts[step]
        return node.value

    def _has(self, path: Path) -> bool:
        above = self._at(path[:-1])
        return isinstance(above, dict) and path[-1] in above and above[path[-1]] is not None

    def _made(self, path: Path, kind: str, before: Any, after: Any, value: Any,
              *first: Edit) -> Mutant:
        return Mutant(self._document.place(*path), kind, _words(before), _words(after),
                      (*first, Edit(self._name, path, value)))

    def _removed(self, path: Path, kind: str, before: Any) -> Mutant:
        return Mutant(self._document.place(*path), kind, _words(before), "nothing",
                      (Edit(self._name, path, remove=True),))

    def omitted(self) -> Iterator[Mutant]:
        """Yield the document without one thing after the other."""
        for path, kind, missing, left in omissions(self._name, self._document.value):
            yield (self._removed(path, kind, missing) if left is NOTHING
                   else self._made(path, kind, missing, "nothing", left))

    def parameters(self) -> Iterator[Mutant]:
        """Yield each number moved by the smallest step of its printed precision, both ways."""
        for name, written in self._document.value.items():
            for path in _numbers(written):
                value = self._at((name, *path))
                for moved in _moved(value):
                    yield self._made((name, *path), "threshold moved", f"{name} = {value}", moved,
                                     moved)

    def policies(self, path: Path) -> Iterator[Mutant]:
        """Yield each severity that asks, or may be put off, for ever, or reaches somebody else."""
        written = self._at(path) if self._has(path) else {}
        channels = [each.get("channel") for each in written.values()]
        for severity, each in written.items():
            for key in _POLICIES:
                if key in each:
                    yield self._removed((*path, severity, key), f"{key} dropped",
                                        f"{severity}: {each[key]}")
            other = next((one for one in channels if one != each.get("channel")), None)
            if other is not None and each.get("channel"):
                yield self._made((*path, severity, "channel"), "channel changed",
                                 f"{severity}: {each['channel']}", other, other)

    def fact(self, path: Path) -> Iterator[Mutant]:
        """Yield what a fact could ask otherwise."""
        for key in _IN_FACTS:
            if self._has((*path, key)) and not isinstance(self._at((*path, key)), bool):
                yield from self.condition((*path, key))
        branches = self._at((*path, "case")) if self._has((*path, "case")) else ()
        for index in range(len(branches)):
            for key in ("if", "then"):
                at = (*path, "case", index, key)
                if self._has(at) and not isinstance(self._at(at), bool):
                    yield from self.condition(at)
        yield from self._renamed(path, "bound exchanged", _BOUNDS)
        yield from self._renamed(path, "pick exchanged", _PICKED)
        for key in _OPENED:
            if self._has((*path, key)):
                text = f"{key}: {_words(self._at((*path, key)))}"
                yield self._removed((*path, key), "window opened", text)
        if self._has((*path, "within")):
            yield from self._window((*path, "within"))

    def _renamed(self, path: Path, kind: str, others: Mapping[str, str]) -> Iterator[Mutant]:
        """Yield a fact with a key exchanged for its opposite, where that does not stand too."""
        for key, other in others.items():
            if self._has((*path, key)) and not self._has((*path, other)):
                text = f"{key}: {_words(self._at((*path, key)))}"
                yield Mutant(self._document.place_of_key(*path, key), kind, text, other,
                             (Edit(self._name, (*path, key), key=other),))

    def _window(self, path: Path) -> Iterator[Mutant]:
        """Yield the window a day (or month) longer and shorter, for this fact alone."""
        name = self._at(path)
        written = self._all["parameters.yaml"].value.get(name)
        if not isinstance(written, dict) or not isinstance(written.get("value"), int):
            return
        for moved in _moved(written["value"]):
            value = {**written, "value": moved}
            unit = written.get("unit", "")
            yield self._made(path, "window moved", f"within {name} ({written['value']} {unit})",
                             f"{moved} {unit}", _MOVED_WINDOW,
                             Edit("parameters.yaml", (_MOVED_WINDOW,), value))

    def classification(self, path: Path) -> Iterator[Mutant]:
        """Yield what a classification could conclude otherwise."""
        values = self._at((*path, "values"))
        for index, (one, other) in enumerate(pairwise(values)):
            swapped = [*values[:index], other, one, *values[index + 2:]]
            yield self._made((*path, "values"), "precedence swapped", f"{one} before {other}",
                             f"{other} before {one}", swapped)
        if self._has((*path, "given")):
            yield from self.condition((*path, "given"))
        if self._has((*path, "fallback")):
            at = (*path, "fallback")
            yield self._removed(at, "fallback dropped", self._at(at))
        for index in range(len(self._at((*path, "rules")))):
            rule = (*path, "rules", index)
            yield from self.condition((*rule, "when"))
            if self._has((*rule, "dated")):
                yield self._removed((*rule, "dated"), "date dropped", self._at((*rule, "dated")))
        yield from self._caveats(path)

    def alert(self, path: Path) -> Iterator[Mutant]:
        """Yield what an alert could tell otherwise."""
        yield from self.condition((*path, "when"))
        yield from self._severities((*path, "severity"))
        for index, line in enumerate(self._listed((*path, "advice"))):
            at = (*path, "advice", index)
            text = next(iter(line))
            yield self._removed(at, "advice dropped", text)
            yield from self.condition((*at, text))
        yield from self._caveats(path)
        yield from self._repeats(path)

    def _repeats(self, path: Path) -> Iterator[Mutant]:
        """Yield an alert that is told more often, or beside one that tells of the same."""
        for key in _REPEATS:
            if self._has((*path, key)):
                text = f"{key}: {_words(self._at((*path, key)))}"
                yield self._removed((*path, key), "repeat dropped", text)
        wider = self._listed((*path, "subsumes"))
        for index, name in enumerate(wider):
            left = [*wider[:index], *wider[index + 1:]]
            yield self._made((*path, "subsumes"), "subsumption dropped", name, "nothing", left)

    def _severities(self, path: Path) -> Iterator[Mutant]:
        lines = self._at(path)
        if not isinstance(lines, list):
            yield from self._severity(path)
            return
        for index, line in enumerate(lines):
            yield from self._severity((*path, index, "is"))
            if "when" in line:
                yield self._removed((*path, index), "severity dropped", line["is"])
                yield from self.condition((*path, index, "when"))

    def _severity(self, path: Path) -> Iterator[Mutant]:
        """Yield a severity one step graver, and one step less grave."""
        rank = SEVERITIES.index(self._at(path))
        for other in (*SEVERITIES[max(rank - 1, 0):rank], *SEVERITIES[rank + 1:rank + 2]):
            yield self._made(path, "severity changed", self._at(path), other, other)

    def _caveats(self, path: Path) -> Iterator[Mutant]:
        for index, caveat in enumerate(self._listed((*path, "caveats"))):
            at = (*path, "caveats", index)
            yield self._removed(at, "caveat dropped", caveat["name"])
            yield from self.condition((*at, "when"))

    def _listed(self, path: Path) -> list[Any]:
        return self._at(path) or [] if self._has(path) else []

    def condition(self, path: Path) -> Iterator[Mutant]:
        """Yield what a condition could be otherwise: text, a list, or all/any/none of one."""
        value = self._at(path)
        if isinstance(value, str):
            for kind, before, after in changes(value):
                yield self._made(path, kind, before, after, after)
            if path[-1] not in ("is", "then") and not isinstance(path[-1], int):
                yield self._made(path, "condition dropped", value, ALWAYS, ALWAYS)
        elif isinstance(value, list):
            yield from self._group(path, "all")
            if len(value) > 1:
                yield self._made(path, "all made any", value, "any of them", {"any": value})
        elif isinstance(value, dict) and len(value) == 1:
            [(word, items)] = value.items()
            if word in {"all", "any"} and isinstance(items, list) and len(items) > 1:
                other = "any" if word == "all" else "all"
                yield self._made(path, f"{word} made {other}", items, f"{other} of them",
                                 {other: items})
            if isinstance(items, list):
                yield from self._group((*path, word), word)

    def _group(self, path: Path, word: str) -> Iterator[Mutant]:
        items = self._at(path)
        for index, item in enumerate(items):
            at = (*path, index)
            if len(items) > 1:
                yield self._removed(at, "condition dropped", item)
            elif word == "all":
                yield self._made(at, "condition dropped", item, ALWAYS, ALWAYS)
            yield from self.condition(at)


def _numbers(written: dict[str, Any]) -> Iterator[Path]:
    """Yield where the numbers of a parameter stand."""
    value = written.get("value")
    if isinstance(value, list):
        yield from (("value", index) for index in range(len(value)))
    elif value is not None:
        yield ("value",)
    yield from (("values", name) for name in written.get("values") or {})
    for day, dated in (written.get("from") or {}).items():
        yield ("from", day, "value") if isinstance(dated, dict) else ("from", day)


def _moved(value: Any) -> Iterator[Any]:
    """Yield a number one step of its last printed digit higher and lower, but not below zero."""
    if isinstance(value, str):
        top, _, bottom = value.partition("/")
        if top.isdigit() and bottom.isdigit():
            yield f"{int(top) + 1}/{bottom}"
            yield f"{int(top) - 1}/{bottom}"
        return
    exponent = value.as_tuple().exponent if isinstance(value, Decimal) else 0
    step = Decimal(1).scaleb(int(exponent)) if isinstance(value, Decimal) else 1
    for moved in (value + step, value - step):
        if Fraction(moved) >= 0:
            yield moved


def _words(value: Any) -> str:
    if isinstance(value, dict):
        return "; ".join(f"{key}: {_words(each)}" for key, each in value.items())
    if isinstance(value, list):
        return f"[{', '.join(_words(each) for each in value)}]"
    return str(value)
