"""What is found out about a thing of a rulebook, once for all that ask it."""

from __future__ import annotations

from functools import lru_cache, wraps
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable

    from engine.rulebook.definitions import Rulebook

Thing = TypeVar("Thing", bound="Hashable")
Found = TypeVar("Found")
_RULEBOOKS = 4  # the last that were asked about; a comparison has two, each perhaps extending one


def once_a_rulebook(work: Callable[[Thing, Rulebook], Found]
                    ) -> Callable[[Thing, Rulebook], Found]:
    """Return the function, which works out its answer about one thing of a rulebook only once."""

    @lru_cache(maxsize=_RULEBOOKS)
    def known(_rulebook: Rulebook) -> dict[Thing, Found]:
        return {}

    @wraps(work)
    def found(thing: Thing, rulebook: Rulebook) -> Found:
        answers = known(rulebook)
        if thing not in answers:
            answers[thing] = work(thing, rulebook)
        return answers[thing]

    return found
