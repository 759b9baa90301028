"""Which rulebook, in which time zone, was in force at a moment, and what exactly did it say?

Who takes lines in, or assesses by all that is known, puts a rulebook in force; to look back at an
earlier moment changes nothing. Its files and settings are kept whole, under its digest.
"""

from __future__ import annotations

import json
import tempfile
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

from engine.rulebook.bases import chain_of, is_folder_name
from engine.rulebook.loader import load_rulebook
from engine.store.chain import Appending
from engine.store.errors import NotWholeError, StoreError
from engine.store.moments import written
from engine.store.schema import RULEBOOKS, USES

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from engine.rulebook.definitions import Rulebook
    from engine.store.file import Store

_OWN = ".rulebook"  # no rulebook can extend one of this name


@dataclass(frozen=True, slots=True)
class InForce:
    """A rulebook in force since a moment, and the zone in which dates were days."""

    digest: str
    zone: str
    since: str
    name: str
    id: str


def in_force(store: Store, moment: datetime | None = None) -> InForce | None:
    """Return what was in force at a moment, by default what is now; None if nothing was yet."""
    found = store.base.execute(
        "SELECT rulebook, zone, uses.noted, id || ' ' || version, id FROM uses "
        "JOIN rulebooks ON rulebook = digest WHERE uses.noted <= ? "
        "ORDER BY uses.seq DESC LIMIT 1",
        (written(moment) if moment else "9999-12-31T23:59:59.999999Z",)).fetchone()
    return InForce(*found) if found else None


def uses(store: Store) -> list[InForce]:
    """Return everything that was put in force, in order."""
    return [InForce(*row) for row in store.base.execute(
        "SELECT rulebook, zone, uses.noted, id || ' ' || version, id FROM uses "
        "JOIN rulebooks ON rulebook = digest ORDER BY uses.seq")]


def put_in_force(store: Store, rulebook: Rulebook, folder: Path, settings: Mapping[str, str],
                 zone: str) -> InForce | None:
    """Note that a rulebook is used from now on; return what it replaces, if that is another."""
    before = in_force(store)
    if before and (before.digest, before.zone) == (rulebook.digest, zone):
        return None
    files = None if is_kept(store, rulebook.digest) else _files(folder)
    if files is not None and _loaded(files, settings).digest != rulebook.digest:
        raise StoreError(f"{folder}: the rulebook was changed while it was read; try again")
    with store.writing() as moment:
        rulebooks, uses = (Appending(store.base, log) for log in (RULEBOOKS, USES))
        noted = written(moment)
        if files is not None:
            rulebooks.add(noted, rulebook.digest, rulebook.id, rulebook.version,
                          json.dumps(dict(settings)), json.dumps(files))
        before = in_force(store)  # another process may have come first
        is_new = not before or (before.digest, before.zone) != (rulebook.digest, zone)
        if is_new:
            uses.add(noted, rulebook.digest, zone)
        rulebooks.close(noted)
        uses.close(noted)
    return before if is_new else None


def kept_rulebook(store: Store, digest: str, settings: Mapping[str, str]) -> Rulebook:
    """Return a rulebook from the copy that the store keeps, with further parameters set anew."""
    own, files = store.base.execute(
        "SELECT settings, files FROM rulebooks WHERE digest = ?", (digest,)).fetchone()
    rulebook = _loaded(json.loads(files), {**json.loads(own), **settings})
    if not settings and rulebook.digest != digest:
        raise NotWholeError(f"{store.path}: found a copy of a rulebook with the digest "
                            f"{rulebook.digest}, expected {digest}; run audit verify")
    return rulebook


def is_kept(store: Store, digest: str) -> bool:
    """Whether the store has a copy of a rulebook."""
    return store.base.execute(
        "SELECT 1 FROM rulebooks WHERE digest = ?", (digest,)).fetchone() is not None


def _files(folder: Path) -> dict[str, str]:
    """Return the text of every file that a rulebook is read from; examples are no part of it.

    Those of a rulebook that it extends stand under the name of that one's folder.
    """
    own, *bases = chain_of(folder)
    if len({base.name for base in bases}) < len(bases):
        raise StoreError(f"{folder}: found two rulebooks of one folder name among those that it "
                         "extends, expected different names; rename one of them")
    return {f"{above}{path.name}": path.read_bytes().decode("utf-8")
            for above, each in (("", own), *((f"{base.name}/", base) for base in bases))
            for path in sorted(each.glob("*.yaml")) if not path.name.endswith(".examples.yaml")}


def _loaded(files: Mapping[str, str], settings: Mapping[str, str]) -> Rulebook:
    """Return the rulebook of such files; what it extends is laid out beside it, to be found first.
    """
    with tempfile.TemporaryDirectory() as name:
        own = Path(name) / _OWN
        for file, text in files.items():
            path = PurePosixPath(file)
            above = path.parent.name
            folder = Path(name) / above if is_folder_name(above) else own
            folder.mkdir(exist_ok=True)
            (folder / path.name).write_bytes(text.encode("utf-8"))
        return load_rulebook(own, settings)
