"""By which rulebook is a certificate derived again: the very one, or the nearest to it there is?"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from engine.problems import RulebookError
from engine.rulebook.loader import load_rulebook
from engine.store.rulebooks import in_force, is_kept, kept_rulebook

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from engine.certificate.shape import Certificate
    from engine.rulebook.definitions import Rulebook
    from engine.store.file import Store


@dataclass(frozen=True, slots=True)
class FoundRulebook:
    """A rulebook, where it is from, and the one by which is judged today."""

    rulebook: Rulebook
    place: str
    in_force: Rulebook


def certified_rulebook(certificate: Certificate, store: Store | None, name: str | None,
                       find: Callable[[str], Path], shipped: Callable[[str], Path]
                       ) -> FoundRulebook:
    """Return the rulebook that is named, or the store's own copy, or the one of that id.

    The parameters that were set when the certificate was made are set again, if they can be.
    """
    digest, now = certificate.rulebook.digest, in_force(store) if store else None
    today = kept_rulebook(store, now.digest, {}) if store and now else None
    if name is None and store is not None:
        if is_kept(store, digest):
            own = kept_rulebook(store, digest, {})
            return FoundRulebook(own, "the copy that the store keeps",
                                 own if today is None or today.digest == digest else today)
        if today is not None:
            return FoundRulebook(today, "the rulebook in force in the store", today)
    folder = find(name) if name else shipped(certificate.rulebook.id)
    found = _with_settings(folder, certificate.rulebook.settings)
    is_same = today is None or today.digest == found.digest
    return FoundRulebook(found, f"{folder}", found if is_same or today is None else today)


def _with_settings(folder: Path, settings: dict[str, str]) -> Rulebook:
    try:
        return load_rulebook(folder, settings)
    except RulebookError:
        return load_rulebook(folder, {})  # another rulebook: its digest will say so
