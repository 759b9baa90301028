"""Which head of a log was written down elsewhere, where nobody could change it with the store?"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from engine.request import RequestError
from engine.store.schema import LOGS

if TYPE_CHECKING:
    from engine.store.schema import Log

_SHAPE = re.compile(r"([a-z]+):([0-9]{1,18}):([0-9a-f]{64})")


@dataclass(frozen=True, slots=True)
class Witness:
    """The chain that a log's row of that number had."""

    log: Log
    count: int
    chain: str


def witness_named(text: str) -> Witness:
    """Return the head that a text like ``received:120:ab12...`` names."""
    match = _SHAPE.fullmatch(text.strip())
    log = next((log for log in LOGS if match and log.name == match[1]), None)
    if match is None or log is None:
        raise RequestError(f"witness: found {text!r}, expected LOG:COUNT:CHAIN as audit verify "
                           f"prints it, LOG one of {', '.join(each.name for each in LOGS)}; "
                           "copy the whole of it")
    return Witness(log, int(match[2]), match[3])
