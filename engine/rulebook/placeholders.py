"""Which names stand in curly brackets in a message, and does each of them mean something?"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from engine.problems import did_you_mean
from engine.rulebook.expression import ExpressionError, parse_expression
from engine.rulebook.naming import MeaningError, UnresolvedError
from engine.rulebook.resolve import resolve
from engine.rulebook.terms import Constant

if TYPE_CHECKING:
    from collections.abc import Iterable

    from engine.rulebook.loading import At, Loading
    from engine.rulebook.scope import Scope
    from engine.rulebook.terms import Term

_PLACEHOLDER = re.compile(r"\{([^{}]*)\}")
_EXPECTED = "a fact, parameter or conclusion in curly brackets"
_NAME = r"[A-Za-z_][\w.-]*"
_FOREIGN = re.compile(
    rf"\{{\{{+\s*(?P<twice>{_NAME})[^{{}}]*\}}\}}+|[$#]\{{\s*(?P<dollar>{_NAME})[^{{}}]*\}}"
    rf"|%\((?P<percent>{_NAME})\)[a-z]?|<%=?\s*(?P<tag>{_NAME})[^%]*%>"
    rf"|(?P<bare>(?<![\w$])\$(?={_NAME})|(?<![\w<])<(?={_NAME}>)|(?<!\w)\[(?={_NAME}\]))"
    rf"(?P<name>{_NAME})[>\]]?|(?<![\w%])%[sd](?!\w)")
"""How other languages of templates write a name; a bare sign counts only before a known name."""
_MARKED = ("twice", "dollar", "percent", "tag", "name")
_WORD = re.compile(r"(?<![\w{.-])[a-z]\w*_\w+(?:\.\w+)*")


def words_of(texts: Iterable[tuple[str, At]], scope: Scope, loading: Loading, *,
             key: bool = False) -> dict[str, Term]:
    """Return the term that each name in curly brackets stands for; `key`: the texts are keys."""
    terms: dict[str, Term] = {}
    for text, at in texts:
        reader = _Text(text, at, scope, loading, key)
        terms |= reader.terms()
    return terms


class _Text:
    """One message, and the problems in it."""

    def __init__(self, text: str, at: At, scope: Scope, loading: Loading, key: bool) -> None:
        self._text, self._at, self._scope = text, at, scope
        self._loading, self._key = loading, key

    def terms(self) -> dict[str, Term]:
        """Return what the names stand for; what stands for nothing is noted."""
        rest = self._without_foreign()
        bare = _PLACEHOLDER.sub(lambda found: " " * len(found[0]), rest)
        if stray := re.search(r"[{}]", bare):
            self._note(f"a single {stray[0]}", "a name between { and }", "close it with }"
                       if stray[0] == "{" else "open it with {", stray.start())
        for word in _WORD.finditer(bare):
            if self._is_declared(word[0].split(".")[0]):
                self._note(f"{word[0]!r} outside of curly brackets", "words for the reader, or "
                           "the name in curly brackets", f"write {{{word[0]}}}: as it stands, the "
                           "reader sees the name and not the answer", word.start())
        found = {}
        for each in _PLACEHOLDER.finditer(rest):
            if (term := self._resolved(each[0], each[1], each.start(1))) is not None:
                found[each[1]] = term
        return found

    def _without_foreign(self) -> str:
        """Return the text without the names that are marked as in other languages; note them."""
        rest = self._text
        for each in _FOREIGN.finditer(self._text):
            name = next((each[key] for key in _MARKED if each[key]), "")
            known = self._is_declared(name.split(".")[0])
            if each["bare"] and not known:
                continue
            near = "" if known else did_you_mean(name.split(".")[0], self._scope.known_words())
            advice = f"write {{{name}}}" if name else "write the name itself, in curly brackets"
            self._note(each[0], _EXPECTED, "; ".join(filter(None, (advice, near))), each.start())
            rest = rest[:each.start()] + " " * len(each[0]) + rest[each.end():]
        return rest

    def _is_declared(self, name: str) -> bool:
        loading = self._loading
        return name in loading.declared or name in loading.parameters or name in loading.conclusions

    def _resolved(self, whole: str, name: str, column: int) -> Term | None:
        try:
            term = resolve(parse_expression(name), self._scope)
        except (MeaningError, ExpressionError) as fault:
            self._note(whole, _EXPECTED, fault.advice if not self._formatted(name) else
                       f"write {{{self._formatted(name)}}}: a number is shown as it was reported, "
                       "with its unit", column + fault.column)
        except UnresolvedError:
            pass
        else:
            if not isinstance(term, Constant) or term.name:
                return term
            self._note(whole, _EXPECTED, "write the name of what is to be shown", column)
        return None

    def _formatted(self, name: str) -> str:
        """Return the name before a format, as in {name:.1f} or {name|round}."""
        found = re.match(rf"\s*({_NAME})\s*[:|!]", name)
        return found[1] if found else ""

    def _note(self, found: str, expected: str, advice: str, column: int) -> None:
        self._loading.report_within(self._at, self._text, "unknown-placeholder", found, expected,
                                    advice, column, key=self._key)
