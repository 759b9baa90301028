"""Which mutants does an example notice, which change no meaning, and which survive?"""

from __future__ import annotations

from collections import OrderedDict
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path, PurePath
from typing import TYPE_CHECKING, Literal

from engine.alerts.policy import policy_of
from engine.assess import Assessor
from engine.examples.reading import load_examples
from engine.examples.running import Assessors
from engine.mutation.edits import edited
from engine.mutation.mutants import Mutant, mutants
from engine.mutation.reduced import reduced
from engine.mutation.slices import Parts
from engine.problems import RulebookError, did_you_mean
from engine.proof.available import solver_is_installed
from engine.request import RequestError
from engine.rulebook.extending import Whole
from engine.rulebook.loader import load_rulebook, rulebook_of
from engine.wording import one_of
from engine.workers import own_context

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping

    from engine.examples.example import Example
    from engine.rulebook.definitions import Rulebook
    from engine.yaml_document import Document

Fate = Literal["killed", "same", "survived", "unreadable"]
_SLICES_KEPT = 40
_ASKED_AGAIN = ("what becomes of a decided alert differs: expect a worklist, a channel or a "
                "refused decision, after 'decisions'")


@dataclass(frozen=True, slots=True)
class Judgement:
    """What became of a mutant: by which example it was killed, why it changes no meaning, or
    which state would show the difference."""

    mutant: Mutant
    fate: Fate
    by: str = ""
    hint: str = ""


class Bench:
    """A rulebook's documents and examples, on which mutants are tried one after the other."""

    def __init__(self, folder: Path, seconds: float) -> None:
        self._whole = Whole(folder)
        self.documents = self._whole.documents
        self.examples = load_examples(folder, load_rulebook(folder))
        self._parts = Parts(self.documents)
        self._seconds = seconds
        self._originals: OrderedDict[frozenset[str], Rulebook] = OrderedDict()

    def judge(self, mutant: Mutant) -> Judgement:
        """Return what becomes of a mutant."""
        touched = self._parts.touched(mutant.edits)
        needed = self._parts.needed(touched)
        try:
            rulebook = self._rulebook(edited(self.documents, mutant.edits), needed)
            assessors = Assessors(lambda zone: Assessor(rulebook, zone, "reference"))
            for example in self._examples(mutant, touched, needed):
                if not assessors.run(example).passed:
                    return Judgement(mutant, "killed", f"{example.place}: {example.name}")
        except RulebookError as error:
            return Judgement(mutant, "unreadable", error.problems[0].code)
        return self._unnoticed(mutant, rulebook, needed)

    def _examples(self, mutant: Mutant, touched: set[str],
                  needed: set[str]) -> Iterator[Example]:
        """Yield the examples that the mutant may fail, those of its own file first."""
        fields = {field for field, name in self._parts.summary.items() if name in touched}
        own = PurePath(mutant.file).stem
        for example in sorted(self.examples, key=lambda one: one.topic != own):
            part = reduced(example, touched, needed, fields)
            if part is not None:
                yield part

    def _unnoticed(self, mutant: Mutant, rulebook: Rulebook, needed: set[str]) -> Judgement:
        if not solver_is_installed():
            return Judgement(mutant, "survived")
        from engine.proof.equivalence import compare

        original = self._original(frozenset(needed))
        if policy_of(original) != policy_of(rulebook):
            return Judgement(mutant, "survived", hint=_ASKED_AGAIN)
        found = compare(original, rulebook, self._seconds)
        if found.found == "same":
            return Judgement(mutant, "same")
        hint = f"{found.topic} differs where {found.witness}" if found.witness else ""
        return Judgement(mutant, "survived", hint=hint)

    def _original(self, needed: frozenset[str]) -> Rulebook:
        if needed not in self._originals:
            self._originals[needed] = self._rulebook(self.documents, set(needed))
            if len(self._originals) > _SLICES_KEPT:
                self._originals.popitem(last=False)
        return self._originals[needed]

    def _rulebook(self, documents: Mapping[str, Document], needed: set[str]) -> Rulebook:
        return rulebook_of(self._whole.changed(self._parts.slice(documents, needed)))


def chosen(folder: Path, topics: Collection[str] = ()) -> list[Mutant]:
    """Return the mutants of a rulebook, or of some of its files by their names without ending.

    What stands in a rulebook that it extends is tried there, by the examples beside it. Raises
    RequestError for a name that none of them has.
    """
    own = [mutant for mutant in mutants(Whole(folder).documents)
           if Path(mutant.place.file).parent == folder]
    known = dict.fromkeys(PurePath(mutant.file).stem for mutant in own)
    for name in topics:
        if name not in known:
            meant = did_you_mean(name, known)
            raise RequestError(f"topic: found {name!r}, expected {one_of(tuple(known))}"
                               f"{f'; {meant}' if meant else ''}")
    return [mutant for mutant in own if not topics or PurePath(mutant.file).stem in topics]


def judgements(folder: Path, given: list[Mutant], seconds: float,
               jobs: int = 1) -> Iterator[Judgement]:
    """Yield what becomes of each mutant, in their order."""
    if jobs == 1:
        bench = Bench(folder, seconds)
        yield from map(bench.judge, given)
        return
    with ProcessPoolExecutor(jobs, own_context(), _begin, (folder, seconds)) as pool:
        try:
            yield from pool.map(_judge, given, chunksize=8)
        except BaseException:  # a pool that ended well is waited for: it must not outlive its pipes
            pool.shutdown(wait=False, cancel_futures=True)
            raise


_own: dict[str, Bench] = {}


def _begin(folder: Path, seconds: float) -> None:
    _own["bench"] = Bench(folder, seconds)


def _judge(mutant: Mutant) -> Judgement:
    return _own["bench"].judge(mutant)
