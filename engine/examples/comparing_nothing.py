"""Which parts of an example compare nothing, so that it would pass whatever is concluded?"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

    from engine.events.event import Event
    from engine.examples.example import Refused
    from engine.examples.reporting import Mistakes
    from engine.examples.shapes import ExampleShape
    from engine.rulebook.loading import At

# an empty list of these says that there is none, and is compared
_MAY_BE_EMPTY = frozenset({"alerts", "closed", "subsumed", "worklist", "refused"})
_SAYS_NOTHING = frozenset({"says", "message", "event"})


def check_compares(at: At, shape: ExampleShape, events: tuple[Event, ...],
                   refused: tuple[Refused, ...], mistakes: Mistakes) -> None:
    """Note an example without a moment to assess, and every expectation that compares nothing."""
    expect = at / "expect"
    if not expect.value:
        mistakes.note_key(expect, "expects-nothing", "an example that expects nothing",
                          "what must be concluded", "say under `expect` what it shows")
    for part in _empty(expect):
        mistakes.note_key(part, "expects-nothing", f"{str(part.path[-1])!r} with nothing in it",
                          "what must be so", "name what it compares, or remove it")
    for text in _texts(expect):
        mistakes.note(text, "expects-nothing", "an empty text", "words that must be said",
                      "write them, or remove it")
    only_refusals = bool(refused) and shape.expect.model_fields_set == {"refused"}
    if not events and shape.as_of is None and not only_refusals and expect.value:
        found = "lines that are all refused" if refused else "no event"
        mistakes.note_key(at / "given", "missing-key", f"{found}, and no 'as_of'", "'as_of'",
                          "without an event nothing says as of which moment to assess")


def _empty(expect: At) -> Iterator[At]:
    """Yield each part with nothing in it, which any assessment would meet."""
    written: Any = expect.value
    for name, value in written.items():
        at = expect / name
        if value == {} or (value == [] and name not in _MAY_BE_EMPTY):
            yield at
        elif name == "needs":
            yield from (at / each for each in value if not value[each])


def _texts(expect: At) -> Iterator[At]:
    """Yield each empty text that would be found in whatever is said."""
    written: Any = expect.value
    for name, words in written.get("needs", {}).items():
        needs = expect / "needs" / name
        yield from (needs / index for index, word in enumerate(words) if not word)
    for name in written:
        if name != "summary" and isinstance(written[name], dict | list):
            yield from _unsaid(expect / name)


def _unsaid(at: At) -> Iterator[At]:
    value: Any = at.value
    for key, each in value.items() if isinstance(value, dict) else enumerate(value):
        if isinstance(each, dict | list):
            yield from _unsaid(at / key)
        elif key in _SAYS_NOTHING and each == "":
            yield at / key
