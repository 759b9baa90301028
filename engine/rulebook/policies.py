"""How long is an alert quiet that somebody has dealt with, and how does it reach anybody?"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from engine.rulebook.definitions import SeverityPolicy
from engine.rulebook.naming import NOT_DATED
from engine.rulebook.types import DAYS, HOURS, NumberType

if TYPE_CHECKING:
    from collections.abc import Mapping

    from engine.rulebook.definitions import Severity
    from engine.rulebook.files import AlertFile, PolicyFile
    from engine.rulebook.loading import At, Loading

_EXPECTED = "the name of a parameter in days or hours"


def read_policies(at: At, written: Mapping[Severity, PolicyFile],
                  loading: Loading) -> dict[str, SeverityPolicy]:
    """Return the policy of each severity that has one."""
    return {name: SeverityPolicy(
                each.channel, read_duration(at / name, each, "again_after", loading),
                read_duration(at / name, each, "longest_snooze", loading))
            for name, each in written.items()}


def read_duration(at: At, written: AlertFile | PolicyFile, key: str,
                  loading: Loading) -> timedelta | None:
    """Return the duration of the parameter named under a key; None where there is none."""
    name = getattr(written, key)
    if name is None or loading.is_broken(name):
        return None
    parameter = loading.parameters.get(name)
    if parameter is None:
        loading.unknown(at / key, name, _EXPECTED, loading.parameters)
        return None
    loading.use(name)
    amount = parameter.amount
    if parameter.type not in (NumberType(DAYS), NumberType(HOURS)) or (
            amount is None or not amount.is_exact or amount.low is None):
        loading.report(at / key, "unit-mismatch", f"{name!r}, which is {parameter.type}", _EXPECTED)
        return None
    if parameter.dated:
        loading.report(at / key, "dated-value", f"{name!r}, which changes with time",
                       "a parameter of one value", NOT_DATED)
    hours = amount.low * (24 if parameter.type == NumberType(DAYS) else 1)
    return timedelta(seconds=int(hours * 3600))
