"""From a folder of YAML to a rulebook, or to every problem that keeps it from being one."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import TYPE_CHECKING

from engine.events.vocabulary import load_vocabulary
from engine.problems import Place, Problem, RulebookError, did_you_mean
from engine.rulebook.definitions import Citation, Rulebook, Topic
from engine.rulebook.facts import FactResolver
from engine.rulebook.files import (
    AlertFile,
    CitationFile,
    ClassifyFile,
    ParameterFile,
    RulebookFile,
    TopicFile,
)
from engine.rulebook.loading import At, Loading
from engine.rulebook.parameters import overridden, read_parameter
from engine.rulebook.scope import Scope
from engine.rulebook.strata import in_order
from engine.rulebook.topics import read_alert, read_classification
from engine.rulebook.types import SymbolType
from engine.rulebook.yaml_source import Document, read_yaml

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from engine.rulebook.definitions import Fact

_OWN_FILES = ("rulebook.yaml", "vocabulary.yaml", "citations.yaml", "parameters.yaml")


def load_rulebook(folder: Path, settings: Mapping[str, str] | None = None) -> Rulebook:
    """Return the rulebook in a folder, with parameters set anew where `settings` names them.

    Raises RulebookError with every problem that could be found in one run.
    """
    documents = _read(folder)
    vocabulary = load_vocabulary(documents["vocabulary.yaml"])
    loading = Loading(vocabulary)
    head = loading.read(At(documents["rulebook.yaml"]), RulebookFile)
    _citations(documents["citations.yaml"], loading)
    _parameters(documents["parameters.yaml"], loading)
    loading.parameters = overridden(loading.parameters, settings or {}, vocabulary)
    topics = [document for name, document in documents.items() if name not in _OWN_FILES]
    facts, asked = _topics(topics, head, documents["rulebook.yaml"], loading)
    summary = _summary(head, At(documents["rulebook.yaml"]), loading) if head else {}
    if not loading.problems:
        asked = in_order(asked, facts, loading)
    if loading.problems or head is None:
        raise RulebookError(loading.problems)
    held = (loading.condition(At(documents["rulebook.yaml"], ("alerts_while",)), Scope(loading))
            if head.alerts_while is not None else None)
    return Rulebook(head.id, head.version, _digest(documents, settings or {}), head.title,
                    head.intended_use, vocabulary, loading.parameters, facts, asked, summary, held)


def _read(folder: Path) -> dict[str, Document]:
    """Return every document of the folder by file name; examples are not part of a rulebook."""
    if not folder.is_dir():
        raise RulebookError([Problem(Place(str(folder)), "no-rulebook", "no folder of that name",
                                     "a folder with rulebook.yaml", "name a rulebook's folder")])
    documents: dict[str, Document] = {}
    problems: list[Problem] = []
    for path in sorted(folder.glob("*.yaml")):
        if path.name.endswith(".examples.yaml"):
            continue
        try:
            documents[path.name] = read_yaml(path.read_text(encoding="utf-8"), str(path))
        except UnicodeDecodeError:
            problems.append(Problem(Place(str(path)), "not-utf-8", "bytes that are no UTF-8",
                                    "text in UTF-8", "save the file as UTF-8"))
        except RulebookError as error:
            problems += error.problems
    missing = [name for name in _OWN_FILES if not (folder / name).exists()]
    problems += [Problem(Place(str(folder / name)), "missing-file", "no such file", name,
                         "every rulebook has one") for name in missing]
    if problems:
        raise RulebookError(problems)
    return documents


def _citations(document: Document, loading: Loading) -> None:
    for key, at in _entries(document):
        written = loading.read(at, CitationFile)
        if written is None:
            loading.broken.add(f"cite {key}")
        else:
            citation = Citation(key, written.title, written.source, written.status)
            loading.citations[key] = (citation, written.passages)


def _parameters(document: Document, loading: Loading) -> None:
    for name, at in _entries(document):
        written = loading.read(at, ParameterFile)
        parameter = written and read_parameter(name, at, written, loading)
        if parameter:
            loading.parameters[name] = parameter
        else:
            loading.broken.add(name)


def _entries(document: Document, *path: str) -> list[tuple[str, At]]:
    value = At(document, path).value
    return [(name, At(document, (*path, name))) for name in value] if isinstance(
        value, dict) else []


def _items(document: Document, key: str) -> list[At]:
    value = At(document, (key,)).value if isinstance(document.value, dict) and (
        key in document.value) else []
    return [At(document, (key, index)) for index in range(len(value))] if isinstance(
        value, list) else []


def _topics(documents: Iterable[Document], head: RulebookFile | None, main: Document,
            loading: Loading) -> tuple[dict[str, Fact], tuple[Topic, ...]]:
    classifications: list[tuple[At, ClassifyFile]] = []
    alerts: list[tuple[At, AlertFile]] = []
    for document in documents:
        loading.read(At(document), TopicFile)
        for name, at in _entries(document, "facts") if "facts" in (document.value or {}) else ():
            _declare(name, at, loading)
        for at in _items(document, "classify"):
            written = loading.read(at, ClassifyFile)
            if written is not None:
                _conclude(written.name, at, written, loading)
                classifications.append((at, written))
            else:
                loading.broken.add(_named(at, "name"))
        for at in _items(document, "alert"):
            alert = loading.read(at, AlertFile)
            if alert is not None:
                alerts.append((at, alert))
            else:
                loading.broken.add(_named(at, "id"))
    resolver = FactResolver(loading)
    loading.resolve_fact = resolver
    held = None
    if head is not None and head.alerts_while is not None:
        held = loading.condition(At(main, ("alerts_while",)), Scope(loading))
    names = {each.id for _, each in alerts} | loading.broken
    facts = resolver.everything()
    topics = [read_classification(at, each, loading) for at, each in classifications]
    topics += [read_alert(at, each, loading, held, names) for at, each in alerts]
    return facts, tuple(topic for topic in topics if topic is not None)


def _named(at: At, key: str) -> str:
    return str(at.value.get(key, "")) if isinstance(at.value, dict) else ""


def _declare(name: str, at: At, loading: Loading) -> None:
    if name in {**loading.declared, **loading.parameters, **loading.vocabulary.kinds}:
        loading.problems.append(at.document.problem(
            at.key_place, "name-taken", repr(name), "a name that nothing else has",
            "rename the fact"))
    loading.declared[name] = at


def _conclude(name: str, at: At, written: ClassifyFile, loading: Loading) -> None:
    if name in loading.declared or name in loading.conclusions:
        loading.report(at / "name", "name-taken", repr(name), "a name that nothing else has",
                       "rename the conclusion or the fact")
    loading.conclusions[name] = SymbolType(frozenset(written.values))
    loading.judged_at[name] = written.of


def _summary(head: RulebookFile, at: At, loading: Loading) -> dict[str, str]:
    known = {*loading.declared, *loading.conclusions, *loading.broken}
    for field, name in head.summary.items():
        loading.use(name)
        if name not in known:
            loading.report(at / "summary" / field, "unknown-name", repr(name),
                           "a fact or a conclusion", did_you_mean(name, known))
    return dict(head.summary)


def _digest(documents: Mapping[str, Document], settings: Mapping[str, str]) -> str:
    """Return the SHA-256 of what is written, white space and comments apart, and of settings."""
    content = {name: document.value for name, document in documents.items()}
    text = json.dumps([content, dict(settings)], sort_keys=True, default=str)
    return hashlib.sha256(text.encode()).hexdigest()
