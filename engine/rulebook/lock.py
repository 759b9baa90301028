"""Has anything in a rulebook changed since its version was fixed, and in which version did it?

`rulebook.lock` holds a version, and of each part a digest as it was then and the version in which
it came to be so. A digest is one of what is said: white space, comments, quotes and the order of
keys do not count, every word does.
"""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from msgspec.structs import replace

from engine.counting import first_of
from engine.problems import Place, Problem, RulebookError
from engine.rulebook.folder import OWN_FILES
from engine.rulebook.loading import At
from engine.wording import describe
from engine.yaml_source import read_yaml

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from engine.rulebook.loading import Loaded
    from engine.yaml_source import Document

LOCK = "rulebook.lock"
_DIGITS = 16
_SHOWN = 5
_HEAD = ("# What the rulebook said when its version was fixed: one line a part.\n"
         "# `rules check --lock` writes this file; it is not written by hand.\n")
_CONDITIONS = frozenset({"when", "where", "if", "given", "establishes", "ignoring",
                         "alerts_while", "cite"})
_NAMED = {"citations.yaml": "source", "parameters.yaml": "parameter"}
_VOCABULARY = {"units": "unit", "symbols": "symbols", "kinds": "kind", "sets": "set"}


@dataclass(frozen=True, slots=True)
class Lock:
    """The version that was fixed, and of each part the digest and the version it is so since."""

    version: str
    digests: Mapping[str, str]
    since: Mapping[str, str]


def write_lock(folder: Path, loaded: Loaded) -> Lock:
    """Fix the version of a rulebook as it is now; what is as it was keeps the version it is since.
    """
    digests = {name: digest for name, digest, _ in sorted(_parts(loaded.documents))}
    before = _read(folder / LOCK) if (folder / LOCK).exists() else None
    version = loaded.rulebook.version
    lock = Lock(version, digests, {
        name: before.since[name] if before and before.digests.get(name) == digest else version
        for name, digest in digests.items()})
    lines = [f"version: {json.dumps(version)}", "parts:",
             *(f'  {json.dumps(name, ensure_ascii=False)}: '
               f'{{digest: "{digest}", since: {json.dumps(lock.since[name])}}}'
               for name, digest in digests.items())]
    (folder / LOCK).write_text(_HEAD + "\n".join(lines) + "\n", encoding="utf-8")
    return lock


def versions(folder: Path, loaded: Loaded) -> dict[str, str]:
    """Return the version since which each part says what it says, by its name in the lock.

    Nothing is said of a part that was changed without a raised version, nor without a lock.
    """
    path = folder / LOCK
    try:
        lock = _read(path) if path.exists() else None
    except RulebookError:  # told by check_lock
        lock = None
    if lock is None:
        return {}
    now = loaded.rulebook.version
    found = {}
    for name, digest, _ in _parts(loaded.documents):
        if lock.digests.get(name) == digest:
            found[name] = lock.since[name]
        elif is_lower(lock.version, now):
            found[name] = now
    return found


def check_lock(folder: Path, loaded: Loaded) -> list[Problem]:
    """Return what the lock says against a rulebook; nothing where there is no lock."""
    path = folder / LOCK
    if not path.exists():
        return []
    try:
        lock = _read(path)
    except RulebookError as error:
        return list(error.problems)
    at = At(loaded.documents["rulebook.yaml"], ("version",))
    now = loaded.rulebook.version
    changes = _changes(lock, loaded.documents)
    if now == lock.version:
        return [_not_raised(at, now, changes)] if changes else []
    if is_lower(now, lock.version):
        return [at.document.problem(
            at.place, "version-lowered", f"version {now}, after {lock.version} was fixed",
            f"a version above {lock.version}", "raise the version")]
    told = at.document.problem(
        at.place, "lock-outdated", f"version {now}, while {LOCK} holds {lock.version}",
        "the lock of this version", "when the version is finished, fix it with rules check --lock")
    return [replace(told, level="warning")]


def _not_raised(at: At, version: str, changes: list[str]) -> Problem:
    return at.document.problem(
        at.place, "version-not-raised", f"version {version}, unchanged, while changed since it "
        f"was fixed: {first_of(changes, _SHOWN)}", f"a version above {version}",
        "raise the version, then fix it with rules check --lock")


def _changes(lock: Lock, documents: Mapping[str, Document]) -> list[str]:
    """Return what was changed, added or removed, and where it stands."""
    found, now = [], set()
    for name, digest, at in _parts(documents):
        now.add(name)
        if lock.digests.get(name) != digest:
            word = "" if name in lock.digests else " (new)"
            found.append(f"{name}{word} at {at.key_place}")
    return found + [f"{name} (removed)" for name in sorted(set(lock.digests) - now)]


def _parts(documents: Mapping[str, Document]) -> Iterator[tuple[str, str, At]]:
    """Yield each part of a rulebook with its name and digest."""
    for file, document in documents.items():
        if file == "rulebook.yaml":
            for key in document.value:
                if key != "version":
                    yield _part(f"rulebook {key}", At(document, (key,)))
        elif file == "vocabulary.yaml":
            for key, value in document.value.items():
                at = At(document, (key,))
                if key in _VOCABULARY and isinstance(value, dict):
                    for name in value:
                        yield _part(f"{_VOCABULARY[key]} {name}", at / name)
                else:
                    yield _part(f"vocabulary {key}", at)
        elif file in OWN_FILES:
            word = _NAMED.get(file, file.removesuffix(".yaml"))
            for name in document.value:
                yield _part(f"{word} {name}", At(document, (name,)))
        else:
            yield from _topic(file, document)


def _topic(file: str, document: Document) -> Iterator[tuple[str, str, At]]:
    top = At(document)
    for name in document.value.get("facts", {}):
        yield _part(f"fact {name}", top / "facts" / name)
    for index, written in enumerate(document.value.get("classify", [])):
        at = top / "classify" / index
        frame = {key: value for key, value in written.items() if key != "rules"}
        yield _part(f"classification {written['name']}", at, frame)
        for number, rule in enumerate(written["rules"]):
            yield _part(f"rule {rule['id']}", at / "rules" / number)
    for index, written in enumerate(document.value.get("alert", [])):
        yield _part(f"alert {written['id']}", top / "alert" / index)
    words = {key: document.value[key] for key in ("title", "about") if key in document.value}
    yield _part(f"topic {file.removesuffix('.yaml')}", top, words)


def _part(name: str, at: At, value: Any = None) -> tuple[str, str, At]:
    text = json.dumps(_said(at.value if value is None else value), sort_keys=True, default=str)
    return name, hashlib.sha256(text.encode()).hexdigest()[:_DIGITS], at


def _said(value: Any) -> Any:
    """Return a value without what is only layout: white space, and a list that is an `all`."""
    if isinstance(value, str):
        return re.sub(r"\s*([^\w\s.'\"{}-]+)\s*", r" \1 ", " ".join(value.split())).strip()
    if isinstance(value, dict):
        if set(value) == {"all"}:
            return _alone(_said(value["all"]))
        return {key: _alone(_said(each)) if key in _CONDITIONS else _said(each)
                for key, each in value.items()}
    return [_said(each) for each in value] if isinstance(value, list) else value


def _alone(value: Any) -> Any:
    """Return the one condition of a list, which says no more than the condition."""
    return value[0] if isinstance(value, list) and len(value) == 1 else value


def _read(path: Path) -> Lock:
    try:
        document = read_yaml(path.read_text(encoding="utf-8"), str(path))
    except RulebookError as error:
        first = error.problems[0]
        raise RulebookError([replace(first, code="lock-unreadable", advice=_ANEW,
                                     expected="a lock as rules check --lock writes it")]) from None
    except (OSError, UnicodeDecodeError) as error:
        raise RulebookError([Problem(Place(str(path)), "lock-unreadable", describe(str(error)),
                                     "a lock that can be read", _ANEW)]) from None
    value = document.value
    parts = value.get("parts", value.get("digests")) if isinstance(value, dict) else None
    if not isinstance(parts, dict) or "version" not in value:
        raise RulebookError([document.problem(
            document.root.place, "lock-unreadable", describe(value),
            "version: and parts:, as rules check --lock writes them", _ANEW)])
    version = str(value["version"])
    told = {name: each if isinstance(each, dict) else {"digest": each}  # one of before `since`
            for name, each in parts.items()}
    return Lock(version, {name: str(each.get("digest")) for name, each in told.items()},
                {name: str(each.get("since", version)) for name, each in told.items()})


_ANEW = "take the last one that was whole, or remove it and write it anew"


def is_lower(one: str, other: str) -> bool:
    """Whether a version is surely lower than another: numbers with dots between them."""
    if not all(re.fullmatch(r"\d+(\.\d+)*", each) for each in (one, other)):
        return False
    return [int(part) for part in one.split(".")] < [int(part) for part in other.split(".")]
