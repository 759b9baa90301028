"""What does a rulebook come to that extends another: the other's text, with what is different?

The parts of several rulebooks are put together as documents, before anything in them is read: each
part keeps its place, so that every later problem is shown in the file in which it was written.
"""

from __future__ import annotations

import hashlib
import json
from copy import copy
from typing import TYPE_CHECKING, Any

from msgspec.structs import replace

from engine.problems import RulebookError
from engine.rulebook.bases import Layer, extended, read_layers
from engine.rulebook.definitions import Citation, Parameter
from engine.rulebook.files import ExtensionFile
from engine.rulebook.folder import MAIN, OVERRIDES, OWN_FILES
from engine.rulebook.loading import At
from engine.rulebook.overriding import Overriding
from engine.rulebook.parameters import MONTHS, unit_of
from engine.yaml_grafting import grafted
from engine.yaml_source import validate

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from engine.rulebook.loading import Loading
    from engine.rulebook.provenance import Override
    from engine.yaml_source import Document

_OWN_HEAD = ("id", "version", "title", "intended_use")
_SUPPLEMENTED = {
    "parameters.yaml": "to change it, write it under parameters: in overrides.yaml, with author "
                       "and reason",
    "citations.yaml": "give the source another key",
}


class Whole:
    """A rulebook put together: its documents, what was overridden, which rulebooks it extends.

    It is not whole where one that is extended was not found: then nothing is put together.
    `homes` says from which rulebook a document comes; `layers` are the documents of the rulebook
    itself and of each that it extends, as written.
    """

    def __init__(self, folder: Path) -> None:
        self.layers, self.problems = read_layers(folder)
        self.documents: dict[str, Document] = {}
        self.homes: dict[str, str] = {}
        self.overrides: list[Override] = []
        self.extends: list[str] = []
        self.name = ""
        self.is_whole = extended(self.layers[-1][1].get(MAIN)) is None
        if not self.is_whole:
            return
        names = [_name(documents) for _, documents in self.layers]
        self.name, *self.extends = names
        for number, (layer, name) in enumerate(zip(reversed(self.layers), reversed(names),
                                                   strict=True)):
            self._add(layer, name, is_base=number == 0)

    def changed(self, documents: Mapping[str, Document]) -> Whole:
        """Return the same put together from other documents, as if they were written so."""
        other = copy(self)
        other.documents, other.problems = dict(documents), []
        other.layers = [(self.layers[0][0], other.documents)]
        return other

    def digest(self, settings: Mapping[str, str]) -> str:
        """Return the SHA-256 of what is written, white space and comments apart, and of settings.

        What a rulebook extends is part of it, as it is written there.
        """
        own, *bases = [{name: document.value for name, document in documents.items()}
                       for _, documents in self.layers]
        text = json.dumps([own, dict(settings), *bases], sort_keys=True, default=str)
        return hashlib.sha256(text.encode()).hexdigest()

    def _add(self, layer: Layer, name: str, *, is_base: bool) -> None:
        folder, documents = layer
        for file, document in documents.items():
            if file == OVERRIDES:
                continue
            if is_base or not (file == MAIN or file in _SUPPLEMENTED or file == "vocabulary.yaml"):
                key = f"{folder.name}/{file}" if file in self.documents else file
                self.documents[key], self.homes[key] = document, name
            elif file == MAIN:
                self._head(document)
            elif file in _SUPPLEMENTED:
                self._supplement(file, document)
            else:
                self._report(At(document), "misplaced-file", "a vocabulary",
                             "the vocabulary of the rulebook that is extended", "remove the file")
        if OVERRIDES in documents:
            topics = {file.removesuffix(".yaml"): document for file, document in documents.items()
                      if file not in (*OWN_FILES, OVERRIDES)}
            overriding = Overriding(self.documents, documents[OVERRIDES], name, topics)
            self.problems += overriding.problems
            if is_base and not self._lacks_base(documents):
                self._report(At(documents[OVERRIDES]), "misplaced-file", "overrides",
                             "them only beside extends: in rulebook.yaml", "remove the file")
            elif not is_base:
                self.documents, more = overriding.apply()
                self.overrides += more
                self.problems += overriding.problems

    def _lacks_base(self, documents: Mapping[str, Document]) -> bool:
        """Whether overrides stand beside no rulebook, so that one must be extended: it is noted."""
        main = documents[MAIN].value if MAIN in documents else {}
        return "vocabulary.yaml" not in documents or (isinstance(main, dict) and "extends" in main)

    def _head(self, own: Document) -> None:
        """Put a name, a title and a summary of its own before what is extended."""
        try:
            validate(own, ExtensionFile)
        except RulebookError as error:
            self.problems += error.problems
        if MAIN not in self.documents or not _is_mapping(own, self.documents[MAIN]):
            return
        for key in _OWN_HEAD:
            if key in own.value:
                self.documents[MAIN] = grafted(self.documents[MAIN], (key,), own, (key,))
        if isinstance(own.value.get("summary"), dict):
            self._add_entries(MAIN, own, ("summary",), "a field of the summary of its own",
                              "give the field another name")

    def _supplement(self, file: str, own: Document) -> None:
        if file not in self.documents:
            self.documents[file] = own
        elif _is_mapping(own, self.documents[file]):
            self._add_entries(file, own, (), "a name that it has not", _SUPPLEMENTED[file])
        else:
            self._report(At(own), "wrong-type", "no names with values", "names with values",
                         "remove the file if there is nothing to add")

    def _add_entries(self, file: str, own: Document, path: tuple[str, ...], expected: str,
                     advice: str) -> None:
        base = self.documents[file]
        if path and path[0] not in base.value:
            self.documents[file] = grafted(base, path, own, path)
            return
        there = base.node(*path).value
        for key in own.node(*path).parts:
            if key in there:
                found = f"{key!r}, which the rulebook that is extended has"
                place = own.place_of_key(*path, key)
                self.problems.append(own.problem(place, "name-taken", found, expected, advice))
            else:
                self.documents[file] = grafted(
                    self.documents[file], (*path, key), own, (*path, key))

    def _report(self, at: At, *words: str) -> None:
        self.problems.append(at.document.problem(at.place, *words))


def decided(parameter: Parameter, at: At, overrides: Iterable[Override],
            loading: Loading) -> Parameter | None:
    """Return a parameter with the decisions that changed it, in order, as the source of its value.

    A decision that names a source of its own keeps it. None after noting another unit.
    """
    found = len(loading.problems)
    for each in overrides:
        if each.what != "parameter" or each.name != parameter.name:
            continue
        changes = {key: (before, after) for key, before, after in each.changes}
        _check_unit(at, *changes.get("unit", ("", "")), loading)
        if "cite" not in changes:
            parameter = _sourced(parameter, changes, _source(each))
    return parameter if len(loading.problems) == found else None


def _source(override: Override) -> Citation:
    when = f" on {override.decided}" if override.decided else ""
    title = f"a decision of {override.author}{when}, not published"
    return Citation(override.rulebook.split()[0], title, f"{title}: {override.reason}", "site")


def _sourced(parameter: Parameter, changed: Iterable[str], source: Citation) -> Parameter:
    """Return a parameter whose changed values rest on a source; those that stay keep their own."""
    if {"value", "values"} & {*changed}:
        parameter = replace(parameter, cite=source)
    if "from" in changed:
        dated = tuple(replace(each, cite=source) for each in parameter.dated)
        parameter = replace(parameter, dated=dated)
    return parameter


def _check_unit(at: At, before: str, after: str, loading: Loading) -> None:
    """Note a unit that measures something else; another spelling of it is converted."""
    if not after:
        return
    one, other = ("months" if each in MONTHS else (unit_of(each, loading.vocabulary) or [""])[0]
                  for each in (before, after))
    if one != other:
        loading.report(at / "unit", "unit-mismatch", repr(after),
                       f"{before or 'no unit'}, as in what is overridden",
                       "rules compare it in that unit")


def _name(documents: dict[str, Document]) -> str:
    """Return a rulebook's id and version, as far as they can be read."""
    head: Any = documents[MAIN].value if MAIN in documents else {}
    return f"{head.get('id', '?')} {head.get('version', '?')}" if isinstance(head, dict) else "?"


def _is_mapping(*documents: Document) -> bool:
    return all(isinstance(document.value, dict) for document in documents)
