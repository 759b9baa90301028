"""Which parts of a rulebook do the decisions of overrides.yaml change, and may they?"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from engine.problems import RulebookError, did_you_mean
from engine.rulebook.files import OverrideFile
from engine.rulebook.folder import MAIN, OWN_FILES
from engine.rulebook.loading import At
from engine.rulebook.provenance import Override
from engine.wording import describe
from engine.yaml_grafting import grafted, pruned
from engine.yaml_source import validate

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from engine.problems import Place, Problem
    from engine.rulebook.files import AddedFile
    from engine.yaml_source import Document

Path = tuple[str | int, ...]
SECTIONS = {"parameters": "parameter", "facts": "fact", "classifications": "classification",
            "rules": "rule", "alerts": "alert", "severities": "severity"}
_FIXED = {"parameters": (), "classifications": ("name", "rules"), "rules": ("id",),
          "alerts": ("id",), "severities": ()}
_VALUES = ("value", "values", "from")


class Overriding:
    """The overrides of one file, put into the documents of the rulebook that is extended.

    `topics` are the files beside it that a decision may add, each with its name.
    """

    def __init__(self, documents: dict[str, Document], written: Document, rulebook: str,
                 topics: Mapping[str, Document]) -> None:
        self._documents, self._written, self._rulebook = dict(documents), written, rulebook
        self._topics = topics
        self.problems: list[Problem] = []
        self._first: dict[tuple[str, str], Place] = {}

    def apply(self) -> tuple[dict[str, Document], list[Override]]:
        """Return the documents as they are overridden, and what was overridden; note problems."""
        top = At(self._written)
        if not isinstance(top.value, list):
            self._report(top, "wrong-type", describe(top.value), "a list of decisions",
                         "put a dash before each author")
            return self._documents, []
        made = [override for index in range(len(top.value))
                for override in self._decision(top / index)]
        return self._documents, made

    def _decision(self, at: At) -> Iterator[Override]:
        try:
            decision = validate(at.document, OverrideFile, at.path)
        except RulebookError as error:
            self.problems += error.problems
            return
        adds = decision.adds
        if not any((*(getattr(decision, section) for section in SECTIONS), adds.topics,
                    adds.rules)):
            self._report(at, "overrides-nothing", "a decision that changes nothing",
                         f"one of {', '.join(SECTIONS)}, adds", "say what is decided")
        who = decision.author, decision.reason, decision.decided, self._rulebook
        for section, what in SECTIONS.items():
            for name in getattr(decision, section):
                changes = self._changed(section, name, at / section / name)
                if changes:
                    yield Override(what, name, changes, *who, (at / section / name).key_place)
        for what, name, after, place in self._added(adds, at / "adds"):
            yield Override(what, name, (("added", "", after),), *who, place, added=True)

    def _added(self, adds: AddedFile, at: At) -> Iterator[tuple[str, str, str, Place]]:
        """Add rules where they belong; yield of all that is added what, its name, to what, where.
        """
        for index, name in enumerate(adds.topics):
            there = at / "topics" / index
            if name not in self._topics:
                self._report(there, "overrides-unknown", repr(name),
                             f"a topic whose file {name}.yaml stands beside this one",
                             did_you_mean(name, self._topics) or "write the file")
            elif self._is_first("topics", name, there, there.place):
                title = self._topics[name].value
                yield "topic", name, str(
                    title.get("title", "") if isinstance(title, dict) else ""), there.place
        targets = dict(self._targets("classifications"))
        for name, rules in adds.rules.items():
            there = at / "rules" / name
            if name not in targets:
                self._report_key(there, "overrides-unknown", repr(name),
                                 "a classification of the rulebook that is extended",
                                 did_you_mean(name, targets))
                continue
            for index, rule in enumerate(rules):
                self._put_rule(*targets[name], there / index)
                if isinstance(rule, dict):
                    yield "rule", str(rule.get("id", "")), name, (there / index).place

    def _put_rule(self, file: str, path: Path, at: At) -> None:
        """Put a rule behind those of a classification."""
        there = self._documents[file].node(*path).value.get("rules")
        if isinstance(there, list):
            self._documents[file] = grafted(
                self._documents[file], (*path, "rules", len(there)), at.document, at.path)

    def _changed(self, section: str, name: str, at: At) -> tuple[tuple[str, str, str], ...]:
        """Override one thing, and return what is different by it; nothing after a problem."""
        what, targets = SECTIONS[section], dict(self._targets(section))
        if name not in targets:
            self._report_key(at, "overrides-unknown", repr(name),
                             f"{_article(what)} of the rulebook that is extended",
                             did_you_mean(name, targets))
            return ()
        if not self._is_first(section, name, at, at.key_place):
            return ()
        if not isinstance(at.value, dict) or not at.value:
            self._report(at, "wrong-type", describe(at.value), "what is different, by its keys",
                         "write a key and its value, as in {value: 4, unit: days}"
                         if section == "parameters" else "")
            return ()
        file, path = targets[name]
        before = self._documents[file].node(*path).value
        if self._is_refused(section, before, at):
            return ()
        if section == "facts":
            self._documents[file] = grafted(self._documents[file], path, at.document, at.path)
        else:
            self._put(section, file, path, at)
        changes = tuple(_changes(before, self._documents[file].node(*path).value))
        if not changes:
            self._report_key(at, "overrides-nothing", f"{name!r} as it is already",
                             "something that is different", "remove it")
        return changes

    def _is_first(self, section: str, name: str, at: At, place: Place) -> bool:
        """Whether no decision before has overridden or added a thing; else note it."""
        first = self._first.setdefault((section, name), place)
        if first == place:
            return True
        self.problems.append(at.document.problem(
            place, "overridden-twice", f"{name!r} a second time", f"it once (first at {first})",
            "join the two decisions, or remove one"))
        return False

    def _put(self, section: str, file: str, path: Path, at: At) -> None:
        assert isinstance(at.value, dict)
        gone = set(_VALUES[:2]) if section == "parameters" and set(at.value) & {
            "value", "values"} else set()
        if gone:
            gone.add("from")
        for key in gone & set(self._documents[file].node(*path).parts):
            self._documents[file] = pruned(self._documents[file], (*path, str(key)))
        for key in at.value:
            self._documents[file] = grafted(
                self._documents[file], (*path, key), at.document, (*at.path, key))

    def _is_refused(self, section: str, before: Any, at: At) -> bool:
        """Whether a thing may not be overridden so, which is then noted."""
        found, own = len(self.problems), at.value
        assert isinstance(own, dict)
        for key in _FIXED.get(section, ()):
            if key in own:
                self._report_key(at / key, "misplaced-key", f"'{key}:'",
                                 "what may be overridden of it",
                                 "override each rule under rules:" if key == "rules"
                                 else "its name stays as it is")
        if section == "parameters" and isinstance(before, dict):
            self._check_parameter(before, own, at)
        return len(self.problems) > found

    def _check_parameter(self, before: dict[str, Any], own: dict[str, Any], at: At) -> None:
        if not set(own) & set(_VALUES):
            return
        unit = before.get("unit")
        if unit and "unit" not in own:
            self._report(at, "unit-missing", "a value without its unit", f"unit: {unit}",
                         "a number without its unit is not taken")
        if "from" not in own and _form(before) != _form(own):
            self._report(at, "other-form", _form(own), f"{_form(before)}, as it is",
                         "rules rely on its form")

    def _targets(self, section: str) -> Iterator[tuple[str, tuple[str, Path]]]:
        """Yield the name of each thing that may be overridden, its document and where in it."""
        if section in ("parameters", "severities"):
            file, within = ("parameters.yaml", ()) if section == "parameters" else (
                MAIN, ("severities",))
            yield from ((name, (file, (*within, name))) for name in self._keys(file, within))
            return
        for file in self._documents:
            if file in OWN_FILES:
                continue
            if section == "facts":
                for name in self._keys(file, ("facts",)):
                    yield name, (file, ("facts", name))
                continue
            for path, item in self._listed(file, "alert" if section == "alerts" else "classify"):
                if section == "rules":
                    yield from ((str(rule.get("id")), (file, (*path, "rules", number)))
                                for number, rule in enumerate(_mappings(item.get("rules"))))
                else:
                    yield str(item.get("id" if section == "alerts" else "name")), (file, path)

    def _keys(self, file: str, path: Path) -> list[str]:
        document = self._documents.get(file)
        value: Any = document.value if document else {}
        for step in path:
            value = value.get(step) if isinstance(value, dict) else None
        return list(value) if isinstance(value, dict) else []

    def _listed(self, file: str, key: str) -> Iterator[tuple[Path, dict[str, Any]]]:
        whole = self._documents[file].value
        items = whole.get(key) if isinstance(whole, dict) else None
        for index, item in enumerate(_mappings(items)):
            yield (key, index), item

    def _report(self, at: At, *words: str) -> None:
        self.problems.append(at.document.problem(at.place, *words))

    def _report_key(self, at: At, *words: str) -> None:
        self.problems.append(at.document.problem(at.key_place, *words))


def _mappings(items: Any) -> list[dict[str, Any]]:
    """Return the items of a list, empty where one is no mapping, which is noted elsewhere."""
    return [item if isinstance(item, dict) else {} for item in items] if isinstance(
        items, list) else []


def _form(parameter: dict[str, Any]) -> str:
    if "values" in parameter:
        return "values by a name"
    return "an interval" if isinstance(parameter.get("value"), list) else "one value"


def _changes(before: Any, after: Any) -> Iterator[tuple[str, str, str]]:
    """Yield each key that differs, with the text before and after; a value with its unit."""
    before, after = (each if isinstance(each, dict) else {} for each in (before, after))
    for key in dict.fromkeys((*before, *after)):
        if before.get(key) != after.get(key):
            yield key, _text(before, key), _text(after, key)


def _text(written: dict[str, Any], key: str) -> str:
    if key not in written:
        return ""
    unit = f" {written['unit']}" if key in _VALUES and written.get("unit") else ""
    value = written[key]
    if key == "from" and isinstance(value, dict):
        return ", ".join(f"{day}: {as_written(each)}{unit}" for day, each in value.items())
    return as_written(value) + unit


def as_written(value: Any) -> str:
    """Return a value of YAML as one line of text.

    >>> as_written({"all": ["a > b", "c"]})
    '{all: [a > b, c]}'
    """
    if isinstance(value, dict):
        return "{" + ", ".join(f"{key}: {as_written(each)}" for key, each in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(as_written, value)) + "]"
    return value if isinstance(value, str) else describe(value)


def _article(what: str) -> str:
    return f"{'an' if what[0] in 'aeiou' else 'a'} {what}"
