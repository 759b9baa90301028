"""What else is wrong with a classification or an alert that has not the shape of one?

Its conditions and its sources can be read all the same, so that one missing key hides no other
mistake.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.rulebook.files import AlertFile, ClassifyFile
from engine.rulebook.scope import Scope
from engine.rulebook.topics import scope_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from engine.rulebook.loading import At, Loading

_KEYS = {*ClassifyFile.__annotations__, *AlertFile.__annotations__}


def look_through(torn: Iterable[At], loading: Loading) -> None:
    """Note what is wrong with the conditions and sources of things that are torn."""
    for at in torn:
        _look_through(at, loading)


def _look_through(at: At, loading: Loading) -> None:
    written = at.value
    if not isinstance(written, dict):
        return
    of = written.get("of")
    sure = isinstance(of, str | None) and {*written} <= _KEYS  # else: at which event is it judged?
    scope = scope_of(at, of, loading) if sure else Scope(loading, blind=True)
    rules = written.get("rules")
    _conditions(at, scope, loading)
    for index in range(len(rules) if isinstance(rules, list) else 0):
        _conditions(at / "rules" / index, scope, loading)


def _conditions(at: At, scope: Scope, loading: Loading) -> None:
    written = at.value
    if not isinstance(written, dict):
        return
    for key in ("given", "when"):
        if written.get(key) is not None:
            loading.condition(at / key, scope)
    cites = written.get("cite")
    if isinstance(cites, str) or (
            isinstance(cites, list) and all(isinstance(each, str) for each in cites)):
        loading.cite(at / "cite")
