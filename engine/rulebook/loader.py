"""From a folder of YAML to a rulebook, or to every problem that keeps it from being one."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from msgspec.structs import replace

from engine.events.vocabulary import Vocabulary, load_vocabulary
from engine.problems import Problem, RulebookError, told_once
from engine.rulebook.bases import is_folder_name
from engine.rulebook.definitions import Citation, Rulebook, Topic
from engine.rulebook.extending import Whole, decided
from engine.rulebook.files import (
    AlertFile,
    CitationFile,
    ClassifyFile,
    FactFile,
    ParameterFile,
    RulebookFile,
    TopicFile,
)
from engine.rulebook.folder import OWN_FILES
from engine.rulebook.identities import Identities
from engine.rulebook.loading import At, Loaded, Loading
from engine.rulebook.naming import UnresolvedError
from engine.rulebook.parameters import read_parameter
from engine.rulebook.policies import read_policies
from engine.rulebook.provenance import Chapter
from engine.rulebook.resolver import FactResolver
from engine.rulebook.scope import Scope
from engine.rulebook.settings import override
from engine.rulebook.strata import in_order
from engine.rulebook.topics import check_subsuming, read_alert, read_classification
from engine.rulebook.torn import look_through
from engine.rulebook.types import NumberType, SymbolType, TruthType
from engine.wording import describe

if TYPE_CHECKING:
    from collections.abc import Mapping

    from engine.rulebook.definitions import Fact
    from engine.yaml_source import Document

_TAKEN = frozenset({"name-taken", "id-taken"})  # then a circle may be one of names only


def load_rulebook(folder: Path, settings: Mapping[str, str] | None = None) -> Rulebook:
    """Return the rulebook in a folder, with parameters set anew where `settings` names them.

    Raises RulebookError with every problem that could be found in one run.
    """
    return read_rulebook(folder, settings).rulebook


def read_rulebook(folder: Path, settings: Mapping[str, str] | None = None) -> Loaded:
    """Return the rulebook in a folder as `load_rulebook` does, with what it was read from."""
    return _loaded(Whole(folder), settings or {})


def rulebook_of(whole: Whole) -> Rulebook:
    """Return the rulebook that was put together so, as `load_rulebook` does from its folder."""
    return _loaded(whole, {}).rulebook


def _loaded(whole: Whole, settings: Mapping[str, str]) -> Loaded:
    problems = whole.problems
    if not whole.is_whole:
        raise RulebookError(problems)
    vocabulary = _vocabulary(whole.documents, problems)
    if vocabulary is None:
        raise RulebookError([*problems, *_shapes(whole.documents)])
    loading = Loading(vocabulary, problems=problems, blind=bool(problems))
    rulebook = _Reader(whole, loading).read(settings)
    if loading.problems or rulebook is None:
        raise RulebookError(told_once(_blamed(whole, loading.problems)))
    return Loaded(rulebook, whole.documents, loading)


def _blamed(whole: Whole, problems: list[Problem]) -> list[Problem]:
    """Return problems; those of a rulebook that loads by itself say that overrides make them."""
    folders = [folder for folder, _ in whole.layers]
    made = [each for each in problems if Path(each.place.file).parent != folders[0]]
    if len(folders) == 1 or not made:
        return problems
    try:
        load_rulebook(folders[1])
    except RulebookError:
        return problems
    note = f"{whole.extends[0]} loads by itself: look at what {whole.name} overrides or adds"
    return [replace(each, advice="; ".join(filter(None, (each.advice, note)))) if each in made
            else each for each in problems]


def _vocabulary(documents: Mapping[str, Document], problems: list[Problem]) -> Vocabulary | None:
    document = documents.get("vocabulary.yaml")
    try:
        return load_vocabulary(document) if document is not None else None
    except RulebookError as error:
        problems += error.problems
        return None


def _shapes(documents: Mapping[str, Document]) -> list[Problem]:
    """Return what is wrong with the shape of each file: all that can be said without a vocabulary.
    """
    loading = Loading(Vocabulary({}, {}, {}, (), {}, 0))
    for name, document in documents.items():
        if name == "rulebook.yaml":
            loading.read(At(document), RulebookFile)
        elif name in OWN_FILES:
            model = CitationFile if name == "citations.yaml" else ParameterFile
            for _, at in _entries(document) if name != "vocabulary.yaml" else ():
                loading.read(at, model)
        elif loading.read(At(document), TopicFile):
            for _, at in _entries(document, "facts"):
                loading.read(at, FactFile)
            for key, shape in (("classify", ClassifyFile), ("alert", AlertFile)):
                for at in _items(document, key):
                    loading.read(at, shape)
    return loading.problems


def _entries(document: Document, *path: str) -> list[tuple[str, At]]:
    value = At(document, path).value
    if path and path[-1] not in (At(document, path[:-1]).value or ()):  # type: ignore[operator]
        return []
    return [(name, At(document, (*path, name))) for name in value] if isinstance(
        value, dict) else []


def _items(document: Document, key: str) -> list[At]:
    value = At(document, (key,)).value if isinstance(document.value, dict) and (
        key in document.value) else []
    return [At(document, (key, index)) for index in range(len(value))] if isinstance(
        value, list) else []


def _named(at: At, key: str) -> str:
    return str(at.value.get(key, "")) if isinstance(at.value, dict) else ""


class _Reader:
    """Reads the files in the order in which they rest on each other."""

    def __init__(self, whole: Whole, loading: Loading) -> None:
        self._whole, self._documents, self._loading = whole, whole.documents, loading
        self._main = self._documents.get("rulebook.yaml")
        self._names = Identities(loading)
        self._chapters: list[Chapter] = []
        self._torn: list[At] = []

    def read(self, settings: Mapping[str, str]) -> Rulebook | None:
        """Return the rulebook; None, or one that is not to be used, where problems were noted."""
        loading = self._loading
        head = loading.read(At(self._main), RulebookFile) if self._main is not None else None
        if head is not None and self._main is not None and not is_folder_name(head.id):
            loading.report(At(self._main, ("id",)), "not-a-name", describe(head.id),
                           "letters, digits, - and _", "write - instead of a space")
        self._citations()
        self._parameters()
        override(loading, settings)
        facts, asked = self._topics(head)
        summary = self._summary(head) if head else {}
        policies = read_policies(At(self._main, ("severities",)), head.severities, loading) if (
            head and self._main) else {}
        if not any(problem.code in _TAKEN for problem in loading.problems):
            asked = in_order(asked, facts, loading)
        if head is None:
            return None
        return Rulebook(head.id, head.version, self._whole.digest(settings), head.title,
                        head.intended_use, loading.vocabulary, loading.parameters, facts, asked,
                        summary, policies, tuple(self._whole.extends), tuple(self._whole.overrides),
                        tuple(self._chapters))

    def _named_parts(self, file: str) -> list[tuple[str, At]]:
        """Return the parts of a file that is a mapping; what it names is unknown where it is none.
        """
        document = self._documents.get(file)
        if document is None:
            return []
        if not isinstance(document.value, dict):
            self._loading.report(At(document), "wrong-type", describe(document.value),
                                 "names with values", "{} says that there are none")
            self._loading.blind = True
        return _entries(document)

    def _citations(self) -> None:
        loading = self._loading
        for key, at in self._named_parts("citations.yaml"):
            written = loading.read(at, CitationFile)
            if written is None:
                loading.broken.add(f"cite {key}")
            else:
                citation = Citation(key, written.title, written.source, written.status)
                loading.citations[key] = (citation, written.passages)

    def _parameters(self) -> None:
        loading = self._loading
        for name, at in self._named_parts("parameters.yaml"):
            self._names.claim(name, "a parameter", at, key=True)
            written = loading.read(at, ParameterFile)
            parameter = written and read_parameter(name, at, written, loading)
            if parameter:
                parameter = decided(parameter, at, self._whole.overrides, loading)
            if parameter:
                loading.parameters[name] = parameter
            else:
                loading.broken.add(name)

    def _topics(self, head: RulebookFile | None) -> tuple[
            dict[str, Fact], tuple[Topic, ...]]:
        loading = self._loading
        classifications: list[tuple[At, ClassifyFile]] = []
        alerts: list[tuple[At, AlertFile]] = []
        for name, document in self._documents.items():
            if name not in OWN_FILES:
                topic = loading.read(At(document), TopicFile)
                if topic is None:
                    loading.blind = True
                for fact, at in _entries(document, "facts"):
                    self._names.claim(fact, "a fact", at, key=True)
                    loading.declared.setdefault(fact, at)
                classified, alerting = self._classifications(document), self._alerts(document)
                classifications += classified
                alerts += alerting
                if topic is not None:
                    self._chapters.append(Chapter(
                        self._whole.homes[name], Path(name).stem, topic.title, topic.about,
                        tuple(topic.facts),
                        (*(each.name for _, each in classified),
                         *(each.id for _, each in alerting))))
        resolver = FactResolver(loading)
        loading.resolve_fact = resolver
        held = None
        if head is not None and head.alerts_while is not None and self._main is not None:
            held = loading.condition(At(self._main, ("alerts_while",)), Scope(loading))
        known = {each.id for _, each in alerts}
        facts = resolver.everything()
        topics = [read_classification(at, each, loading) for at, each in classifications]
        topics += [read_alert(at, each, loading, held, known) for at, each in alerts]
        check_subsuming(alerts, loading)
        look_through(self._torn, loading)
        return facts, tuple(topic for topic in topics if topic is not None)

    def _classifications(self, document: Document) -> list[tuple[At, ClassifyFile]]:
        loading, found = self._loading, []
        for at in _items(document, "classify"):
            written = loading.read(at, ClassifyFile)
            if written is None:
                loading.broken.add(_named(at, "name"))
                self._torn.append(at)
                continue
            self._names.claim(written.name, "a conclusion", at / "name", key=False)
            for index, rule in enumerate(written.rules):
                self._names.claim_id(rule.id, at / "rules" / index / "id")
            if written.name not in loading.conclusions:
                values = SymbolType(frozenset(written.values) or None)
                loading.conclusions[written.name] = values
                loading.judged_at[written.name] = written.of
            found.append((at, written))
        return found

    def _alerts(self, document: Document) -> list[tuple[At, AlertFile]]:
        loading = self._loading
        found: list[tuple[At, AlertFile]] = []
        for at in _items(document, "alert"):
            written = loading.read(at, AlertFile)
            if written is None:
                loading.broken.add(_named(at, "id"))
                self._torn.append(at)
                continue
            if self._names.claim_id(written.id, at / "id"):
                self._names.claim(written.id, "an alert", at / "id", key=False)
            found.append((at, written))
        return found

    def _summary(self, head: RulebookFile) -> dict[str, str]:
        loading = self._loading
        assert self._main is not None
        known = {*loading.declared, *loading.conclusions}
        for field, name in head.summary.items():
            at = At(self._main, ("summary", field))
            loading.use(name)
            if name not in known:
                loading.unknown(at, name, "a fact or a conclusion", known)
            elif name in loading.declared:
                self._check_summary(at, name)
        return dict(head.summary)

    def _check_summary(self, at: At, name: str) -> None:
        try:
            fact = self._loading.fact(name)
        except UnresolvedError:
            return
        if fact is not None and not isinstance(fact.type, NumberType | TruthType | SymbolType):
            self._loading.report(at, "not-a-value", f"{name!r}, which is {fact.type}",
                                 "a number, a name, or true or false",
                                 "name a fact that is one value of it")
