"""Which facts a rulebook has: each resolved once, in whatever order they name each other."""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.rulebook.facts import FactReader
from engine.rulebook.files import FactFile
from engine.rulebook.naming import UnresolvedError

if TYPE_CHECKING:
    from engine.rulebook.definitions import Fact
    from engine.rulebook.loading import Loading


class FactResolver:
    """Resolves each declared fact once, when it is first named; a circle is a problem."""

    def __init__(self, loading: Loading) -> None:
        self._loading = loading
        self._done: dict[str, Fact | None] = {}
        self._open: list[str] = []

    def __call__(self, name: str) -> Fact | None:
        if name not in self._loading.declared:
            return None
        if name in self._open:
            circle = [*self._open[self._open.index(name):], name]
            self._loading.report_key(self._loading.declared[name], "circle", " -> ".join(circle),
                                 "facts that do not ask each other in a circle",
                                 "let one of them ask the events instead")
            raise UnresolvedError
        if name not in self._done:
            self._open.append(name)
            try:
                self._done[name] = self._resolve(name)
            finally:
                self._open.pop()
        fact = self._done[name]
        if fact is None:
            raise UnresolvedError
        return fact

    def everything(self) -> dict[str, Fact]:
        """Return all facts that could be resolved."""
        for name in self._loading.declared:
            try:
                self(name)
            except UnresolvedError:
                self._done.setdefault(name, None)
        return {name: fact for name, fact in self._done.items() if fact is not None}

    def _resolve(self, name: str) -> Fact | None:
        at = self._loading.declared[name]
        written = self._loading.read(at, FactFile)
        if written is None:
            return None
        return FactReader(self._loading, name, at, written).read()
