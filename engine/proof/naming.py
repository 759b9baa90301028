"""What is an input called, in the words of the rulebook?"""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.rulebook.terms import (
    Ask,
    Conclusion,
    Constant,
    Dated,
    Elapsed,
    FieldOf,
    Function,
    Here,
    It,
    PartOf,
    Term,
    Verdict,
)

if TYPE_CHECKING:
    from engine.rulebook.definitions import Rulebook


def words_of(term: Term, rulebook: Rulebook) -> str:
    """Return a term as an author would write it; the main field of an event goes unsaid."""
    match term:
        case Ask(fact=fact):
            return fact
        case FieldOf(base=base, field=name):
            if isinstance(base, Here | It):
                return name
            return words_of(base, rulebook) + ("" if _is_main(base, name, rulebook)
                                               else f".{name}")
        case PartOf(base=base, part=part):
            return f"{words_of(base, rulebook)}.{part}"
        case Verdict(topic=topic, base=base):
            return f"{topic} of {words_of(base, rulebook)}"
        case Conclusion(topic=topic):
            return topic
        case Function(name=name, arguments=arguments):
            return f"{name}({', '.join(words_of(each, rulebook) for each in arguments)})"
        case Elapsed(since=since):
            return f"{'hours' if term.in_hours else 'days'}_since({words_of(since, rulebook)})"
        case Here():
            return "here"
        case It():
            return "it"
        case Constant(name=name, value=value):
            return name or str(value)
        case Dated(name=name):
            return name
    return type(term).__name__.lower()


def _is_main(base: Term, field: str, rulebook: Rulebook) -> bool:
    kinds: frozenset[str] = getattr(base.type, "kinds", frozenset())
    return bool(kinds) and all(rulebook.vocabulary.kinds[kind].main == field for kind in kinds
                               if kind in rulebook.vocabulary.kinds)
