"""Of which files is a rulebook made, and what does it say otherwise than the one it extends?"""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct

if TYPE_CHECKING:
    from engine.problems import Place


class Override(Struct, frozen=True):
    """What a rulebook says otherwise than the one it extends, who decided it and why.

    `changes` are the keys that differ, each with the text before and after, empty for none. What is
    `added` the rulebook that is extended has not at all.
    """

    what: str
    name: str
    changes: tuple[tuple[str, str, str], ...]
    author: str
    reason: str
    decided: str
    rulebook: str
    place: Place
    added: bool = False


class Chapter(Struct, frozen=True):
    """A file of topics: its title and the names of what it declares, in the order written.

    `rulebook` is the id and version of the one in whose folder it stands.
    """

    rulebook: str
    name: str
    title: str
    about: str
    facts: tuple[str, ...]
    topics: tuple[str, ...]
