"""Who was used lately, so that of the others less is kept in memory?"""

from __future__ import annotations

from collections import OrderedDict
from itertools import islice
from typing import TypeVar

Value = TypeVar("Value")
MOST_LIVE, MOST_READY = 1024, 64  # in all, and of those for whom a late line costs little, too


class Recent(OrderedDict[str, Value]):
    """Patients by name, the one used last at the end."""

    def use(self, name: str, value: Value) -> None:
        """Put a patient at the end."""
        self[name] = value
        self.move_to_end(name)

    def before(self, most: int) -> str | None:
        """Return who was used just before the last so many, or None if there are no more."""
        return next(islice(reversed(self), most, None)) if len(self) > most else None
