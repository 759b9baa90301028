"""What the tests of certificates share: one about a random patient, and changes to it."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from functools import cache
from typing import Any

from laws.assessed import assessor, read
from oracle.patients import patient

from engine.certificate.consistency import flaws
from engine.certificate.errors import CertificateError
from engine.certificate.flaws import Flaw
from engine.certificate.making import certificate_of, seal_of
from engine.certificate.shape import read_certificate
from engine.explain import explain, explainable
from engine.timeline.log import known

Record = dict[str, Any]
Path = tuple[str | int, ...]


@cache
def made(seed: int, *, facts: bool = False) -> Record:
    """Return a certificate about everything that is concluded of a random patient."""
    what = known(read(patient(random.Random(f"certified/{seed}"), "p")))
    ready = assessor("reference")
    passage = ready.passage(what.events, what.as_of, whole=True)
    names = list(dict.fromkeys(explainable(ready.rulebook).values())) if facts else [
        judged.topic.name for judged in ready.topics]
    record = certificate_of("p", passage, what, [explain(passage, name) for name in names], None)
    return json.loads(json.dumps(record))  # type: ignore[no-any-return]


def flaws_in(record: Record) -> list[Flaw]:
    """Return what the checker finds in a record."""
    return flaws(*read_certificate("test", json.dumps(record).encode()))


def is_refused(record: Record) -> bool:
    """Whether a record is refused, as no certificate or as one that contradicts itself."""
    try:
        return bool(flaws_in(record))
    except CertificateError:
        return True


def sealed(record: Record) -> Record:
    """Return a record with the seal that fits it, as one who knows how would forge it."""
    return {**record, "seal": seal_of(record)}


def leaves(value: Any, path: Path = ()) -> Iterator[Path]:
    """Yield the way to each plain value in a record."""
    if isinstance(value, dict | list):
        for key, each in value.items() if isinstance(value, dict) else enumerate(value):
            yield from leaves(each, (*path, key))
    else:
        yield path


def at(record: Any, path: Path) -> Any:
    """Return what stands at the end of a way."""
    for key in path:
        record = record[key]
    return record


def changed(record: Record, path: Path, value: Any) -> Record:
    """Return a record with another value at the end of a way."""
    twin: Record = json.loads(json.dumps(record))
    at(twin, path[:-1])[path[-1]] = value
    return twin
