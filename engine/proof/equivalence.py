"""Do two versions of a rulebook conclude the same in every state, or in which do they differ?

What was changed is followed upward: through computed facts as formulas, through facts that look
at the timeline by the terms of their windows, up to the topics and what is shown of them. Where
a changed fact cannot be compared so, nothing is claimed.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from engine.proof.changes import (
    changed_facts,
    changed_topics,
    read_by_topic,
    read_directly,
    resting_on,
)
from engine.proof.encoding import Encoder
from engine.proof.inputs import Inputs, Place
from engine.proof.numbers import Number
from engine.proof.presence import read_as_latest
from engine.proof.solving import Solver
from engine.proof.topics import Judged, judged
from engine.proof.values import (
    NOW,
    Course,
    Formula,
    Moment,
    Name,
    Run,
    Truth,
    all_of,
    any_of,
    is_same,
    no,
)
from engine.proof.witness import Witness, witness_of
from engine.rulebook.definitions import Computed, Fact
from engine.rulebook.terms import Here, It, Term
from engine.rulebook.types import EventType, NumberType, SymbolType, TruthType

if TYPE_CHECKING:
    from collections.abc import Iterator

    from engine.rulebook.definitions import Rulebook, Topic


@dataclass(frozen=True, slots=True)
class Verdict:
    """`same` is proved; `different` comes with a state, if one was found; else nobody knows."""

    found: Literal["same", "different", "open"]
    topic: str = ""
    witness: Witness | None = None


def compare(old: Rulebook, new: Rulebook, seconds: float) -> Verdict:
    """Return whether two rulebooks with the same topics conclude and show the same."""
    return _Comparison(read_as_latest(old), read_as_latest(new), seconds).verdict()


class _Comparison:
    def __init__(self, old: Rulebook, new: Rulebook, seconds: float) -> None:
        self._old, self._new, self._seconds = old, new, seconds
        self._changed = changed_facts(old, new)
        changed = self._changed | changed_topics(old, new)
        self._affected = resting_on(changed, old) | resting_on(changed, new)
        self._same: dict[str, bool] = {}
        self._salts: tuple[dict[str, str], dict[str, str]] = ({}, {})
        self._witness: Verdict | None = None

    def verdict(self) -> Verdict:
        for topic in self._old.topics:
            if topic.name in self._affected:
                self._is_same(topic.name)
        for name in self._old.summary.values():
            self._is_same(name)
        if all(self._same.get(topic.name, True) for topic in self._old.topics) and all(
                self._same.get(name, True) for name in self._old.summary.values()):
            return Verdict("same")
        return self._witness or Verdict("open")

    def _is_same(self, name: str) -> bool:
        """Whether a fact or conclusion is the same; one that is not gets a salt of each side."""
        if name not in self._affected:
            return True
        if name not in self._same:
            self._same[name] = True  # what it says of earlier events may be taken for the same
            topics = [next((topic for topic in book.topics if topic.name == name), None)
                      for book in (self._old, self._new)]
            if topics[0] is not None and topics[1] is not None:
                self._same[name] = self._topic(topics[0], topics[1])
            else:
                self._same[name] = self._fact(self._old.facts[name], self._new.facts[name])
            if not self._same[name]:
                self._salts[0][name], self._salts[1][name] = " before", " after"
        return self._same[name]

    def _encoders(self) -> tuple[Inputs, Encoder, Encoder]:
        inputs = Inputs(censored=True)
        return (inputs, Encoder(self._old, inputs, self._salts[0]),
                Encoder(self._new, inputs, self._salts[1]))

    def _fact(self, one: Fact, other: Fact) -> bool:
        if (type(one.operation), one.of, one.now) != (type(other.operation), other.of, other.now):
            return False
        below = [self._is_same(name) for name in read_directly(one, self._old)]  # salts each
        compared = isinstance(one.operation, Computed) and isinstance(
            one.type, NumberType | TruthType | SymbolType)
        if not all(below) and not compared:
            return False
        if compared:
            inputs, before, after = self._encoders()
            place = _place_of(one, inputs)
            return self._proved(inputs, alike(before.fact(one.name, place),
                                              after.fact(one.name, place)))
        if one == other and one.name in self._changed:
            return False  # it looks up a table, or counts by a parameter, that has changed
        return self._parts(one, one.operation, other.operation) and self._parts(
            one, one.at, other.at)

    def _parts(self, fact: Fact, one: Any, other: Any) -> bool:
        """Whether two parts of a fact are equal, or terms that come to the same."""
        if one == other and not self._names_changed(one):
            return True
        if isinstance(one, Term) and isinstance(other, Term):
            return self._term(fact, one, other)
        if isinstance(one, tuple) and isinstance(other, tuple) and len(one) == len(other):
            return all(self._parts(fact, *pair) for pair in zip(one, other, strict=True))
        names = getattr(type(one), "__match_args__", ())  # of a Struct's fields, or a dataclass's
        return bool(names) and type(one) is type(other) and all(
            self._parts(fact, getattr(one, name), getattr(other, name)) for name in names)

    def _names_changed(self, part: Any) -> bool:
        """Whether a part names a parameter whose value has changed."""
        return isinstance(part, str) and part in self._old.parameters and (
            self._old.parameters[part] != self._new.parameters[part])

    def _term(self, fact: Fact, one: Term, other: Term) -> bool:
        if one.type != other.type:
            return False
        inputs, before, after = self._encoders()
        place = _place_of(fact, inputs)
        member = inputs.moment("it", "it", It(EventType(frozenset())), place, present=True,
                               until=place.here or NOW)
        place = Place(place.key, place.here, member)
        return self._proved(inputs, alike(before.value(one, place), after.value(other, place)))

    def _topic(self, one: Topic, other: Topic) -> bool:
        for name in read_by_topic(one, self._old) | read_by_topic(other, self._new):
            self._is_same(name)
        judged_alike = not one.of or self._is_same(one.of)
        alike_in_form = judged_alike and (
            set(one.values), one.fallback, one.of, len(one.rules)) == (
            set(other.values), other.fallback, other.of, len(other.rules))
        return self._differ_at(
            one, other, shown=alike_in_form and self._shown_alike(one, other))

    def _differ_at(self, one: Topic, other: Topic, *, shown: bool) -> bool:
        """Return whether nothing differs; note the smallest state in which something does."""
        inputs, before, after = self._encoders()
        old, new = judged(one, before), judged(other, after)
        formula = any_of(*_differences(old, new, before, after))
        solver = Solver(inputs, self._seconds)
        found = solver.holds_somewhere(formula)
        salted = any(key.endswith((" before", " after")) or " before " in key or " after " in key
                     for key in inputs.all)
        if found == "yes" and self._witness is None:
            model = None if salted else solver.smallest(formula)
            self._witness = Verdict(
                "open" if salted else "different", one.name,
                None if model is None else witness_of(model, inputs))
        return found == "no" and shown

    def _shown_alike(self, one: Topic, other: Topic) -> bool:
        if (one.words.keys() != other.words.keys()
                or [each.name for each in one.caveats] != [each.name for each in other.caveats]
                or (one.alert is None) != (other.alert is None)):
            return False
        if one.alert is not None and other.alert is not None and (
                one.alert.message != other.alert.message
                or [name for name, _ in one.alert.severities]
                != [name for name, _ in other.alert.severities]
                or [text for text, _ in one.alert.advice]
                != [text for text, _ in other.alert.advice]
                or one.alert.subsumes != other.alert.subsumes):
            return False
        asked = Fact("", Computed(()), TruthType(), one.place, of=_kinds(one, self._old))
        return all(self._term(asked, term, other.words[name])
                   for name, term in one.words.items()) and all(
            (first.dated is None) == (second.dated is None) and (
                first.dated is None or second.dated is None
                or self._term(asked, first.dated, second.dated))
            for first, second in zip(one.rules, other.rules, strict=True))

    def _proved(self, inputs: Inputs, formula: Formula) -> bool:
        return Solver(inputs, self._seconds).always(formula) == "yes"


def _differences(old: Judged, new: Judged, before: Encoder, after: Encoder) -> Iterator[Formula]:
    """Yield what would be seen to differ."""
    for value in dict.fromkeys((*old.topic.values, *new.topic.values)):
        if value not in old.topic.values or value not in new.topic.values:
            yield True
            return
        for read in (Judged.stands, Judged.open, Judged.certain):
            yield _unlike(read(old, value), read(new, value))
    deciding = {rule.id: new.decides(rule) for rule, _ in new.rules}
    for rule, _ in old.rules:
        yield _unlike(old.decides(rule), deciding.pop(rule.id, False))
    yield from deciding.values()
    shown = any_of(*(found.yes for _, found in old.rules),
                   old.undecided if old.topic.fallback is not None else False)
    for one, other in zip(_beside(old, before), _beside(new, after), strict=False):
        yield all_of(shown, _unlike(one, other))
    counts = [len(list(_beside(*each))) for each in ((old, before), (new, after))]
    if counts[0] != counts[1]:
        longer = (old, before) if counts[0] > counts[1] else (new, after)
        yield all_of(shown, any_of(*list(_beside(*longer))[min(counts):]))


def _beside(found: Judged, encoder: Encoder) -> Iterator[Formula]:
    """Yield when each caveat, severity and sentence of advice is shown."""
    topic, place = found.topic, encoder.place(found.topic.of)
    for caveat in topic.caveats:
        yield encoder.condition(caveat.when, place).yes
    if topic.alert is not None:
        before: list[Formula] = []
        for _, when in topic.alert.severities:
            holds = encoder.condition(when, place).yes
            yield all_of(holds, *(no(each) for each in before))
            before.append(holds)
        for _, when in topic.alert.advice:
            yield encoder.condition(when, place).yes


def _unlike(one: Formula, other: Formula) -> Formula:
    if one is other:
        return False
    return any_of(all_of(one, no(other)), all_of(no(one), other))


def alike(one: Any, other: Any) -> Formula:
    """Return the formula that two values are the same, unknown being the same as unknown."""
    match one, other:
        case Truth(), Truth():
            return all_of(no(_unlike(one.yes, other.yes)), no(_unlike(one.no, other.no)))
        case Number(), Number():
            same = all_of(*(
                all_of(no(_unlike(left.there, right.there)),
                       any_of(no(left.there), all_of(is_same(left.at, right.at),
                                                     no(_unlike(left.open, right.open)))))
                for left, right in ((one.low, other.low), (one.high, other.high))))
            return all_of(no(_unlike(one.known, other.known)), any_of(no(one.known), same))
        case Name(), Name():
            return all_of(no(_unlike(one.known, other.known)),
                          any_of(no(one.known), one.code == other.code))
        case (Moment(), Moment()) | (Course(), Course()) | (Run(), Run()):
            return bool(one.key == other.key)
    return bool(one == other)


def _place_of(fact: Fact, inputs: Inputs) -> Place:
    if not fact.of:
        return Place("now")
    here = inputs.moment("here", "here", Here(EventType(fact.of)), Place("here"), present=True,
                         until=NOW)
    return Place("here", here)


def _kinds(topic: Topic, rulebook: Rulebook) -> frozenset[str]:
    kind = rulebook.facts[topic.of].type if topic.of else None
    return kind.kinds if isinstance(kind, EventType) else frozenset()
