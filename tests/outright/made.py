"""Rulebooks made at random, of what can be judged outright and, if asked for, of a little else."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import random
    from collections.abc import Sequence

FILES = {
    "citations.yaml": "lab: {title: Lab, source: Here}\n",
    "vocabulary.yaml": """\
future_tolerance_minutes: 10
units: {g/L: {spellings: {mg/L: 1/1000}}, g: {}}
kinds:
  count:
    title: Count
    main: value
    fields:
      value:
        quantity: g/L
        unit: unit
        comparator: comparator
        plausible: [0, 1000]
        required: true
      method: {type: symbol, values: [machine, eye]}
      doubtful: {type: boolean, default: false}
      taken: {type: when}
  level:
    title: Level
    main: value
    fields:
      value: {quantity: g/L, unit: unit, comparator: comparator, plausible: [0, 1000]}
      drug: {type: symbol, values: [a, b], open: true, required: true}
      taken: {type: when}
  pill:
    title: Pill
    fields:
      drug: {type: symbol, values: [a, b], open: true, required: true}
      action: {type: symbol, values: [start, change, stop], required: true}
      dose: {quantity: g, unit: unit}
  fall:
    title: Fall
    main: grade
    fields: {grade: {type: count, required: true}}
  visit: {title: Visit, fields: {}}
""",
    "parameters.yaml": """\
low: {value: 10, unit: g/L, cite: lab}
high: {value: 20.5, unit: g/L, cite: lab}
turning: {value: 10, from: {2020-01-03: 20, 2020-01-05: 5.25}, unit: g/L, cite: lab}
between: {value: [8, 12], unit: g/L, cite: lab}
two: {value: 2, cite: lab}
ratio: {value: 25/18, cite: lab}
dosis: {value: 2, unit: g, cite: lab}
bound: {by: drug, values: {a: 10, b: 20}, unit: g/L, cite: lab}
two_days: {value: 2, unit: days, cite: lab}
span: {value: 1, from: {2020-01-04: 3}, unit: days, cite: lab}
half_day: {value: 12, unit: hours, cite: lab}
month: {value: 1, unit: months, cite: lab}
""",
}
KINDS = ("count", "level", "pill", "fall", "visit")
BOTH = "[count, level]"
PLACES = (*KINDS, BOTH)
MEASURED = ("count", "level", BOTH)
SIGNS = ("<", "<=", ">", ">=", "==", "!=")
SEVERITIES = ("critical", "high", "moderate", "low")


@dataclass
class Book:
    """A rulebook in the making; what it has so far may be named in what comes next.

    Facts by what they answer; each with the kind that it is asked at ("" for any place), and an
    event with its kind. `odd` is how often something is written that cannot be judged outright.
    """

    rng: random.Random
    odd: float = 0.0
    lines: list[str] = field(default_factory=list)
    events: list[tuple[str, str, str]] = field(default_factory=list)
    numbers: list[tuple[str, str]] = field(default_factory=list)
    truths: list[tuple[str, str]] = field(default_factory=list)
    times: list[tuple[str, str]] = field(default_factory=list)
    series: list[tuple[str, str, str]] = field(default_factory=list)

    def one(self, *choices: Any) -> Any:
        """Return one of some choices."""
        return self.rng.choice(choices)

    def odds(self, chance: float) -> bool:
        """Return whether something is the case that mostly is not."""
        return self.rng.random() < chance

    def files(self) -> dict[str, str]:
        """Return the files of a whole rulebook."""
        for number in range(self.rng.randint(3, 9)):
            self.fact(f"f{number}")
        anchors = [each for each in self.events if not each[1]] or [self.anchor()]
        alerts = [self.alert(f"a{number}", anchors) for number in range(self.rng.randint(1, 4))]
        classes = [self.classification(f"c{number}", anchors)
                   for number in range(self.rng.randint(0, 2))]
        asked = [name for name, of in (*self.numbers, *self.truths) if not of]
        summary = [f"s{at}: {name}" for at, name in enumerate(
            [*self.rng.sample(asked, min(len(asked), 2)), *(["c0"] if classes else [])])]
        alive = "" if self.odds(0.7) or not self.at("", self.truths) else (
            f"alerts_while: {self.one(*self.at('', self.truths))}\n")
        topic = ["title: Topic", "facts:", *self.lines, "alert:", *alerts,
                 *(["classify:", *classes] if classes else [])]
        return {**FILES, "topic.yaml": "\n".join(topic) + "\n", "rulebook.yaml": (
            "id: made\nversion: 1.0.0\ntitle: Made\nintended_use: Tests.\n"
            f"summary: {{{', '.join(summary)}}}\n{alive}")}

    def anchor(self) -> tuple[str, str, str]:
        """Declare the newest count, where no event is asked for otherwise."""
        self.lines.append("  newest: {about: newest, latest: count}")
        return "newest", "", "count"

    # what a fact may be

    def fact(self, name: str) -> None:
        """Declare a fact."""
        of = self.one(*PLACES) if self.odds(0.4) else ""
        make = self.one(self.pick, self.pick, self.pick, self.tally, self.tally, self.truth_of,
                        self.number_of, self.event_of, self.time_of, self.list_of)
        keys = make(name, of)
        if keys is None:
            return
        if of:
            keys.append(f"of: {of}")
        if self.odds(self.odd) and not of:
            keys.append("now: true")
        if self.odds(0.3):
            keys.append(f"needs: what {name} is")
        self.lines.append(f"  {name}: {{about: about {name}, {', '.join(keys)}}}")

    def pick(self, name: str, of: str) -> list[str]:
        kind, source = self.source()
        keys = [f"{self.one('first', 'latest', 'latest')}: {source}", *self.window(kind, of)]
        self.events.append((name, of, kind))
        return keys

    def tally(self, name: str, of: str) -> list[str]:
        kind, source = self.source()
        which = self.one("any", "any", "count", *(("min", "max") if kind in MEASURED else ()))
        keys = [f"{which}: {source}", *self.window(kind, of)]
        if which == "any":
            self.truths.append((name, of))
        elif which != "count":
            other = self.one("low", *["turning"] * bool(of), *self.at(of, self.numbers))
            value = self.one("value", "it.value", f"value + {other}")
            keys.append(f'value: "{value}"')
            self.numbers.append((name, of))
        return keys

    def truth_of(self, name: str, of: str) -> list[str]:
        keys = self.cases(of, lambda: self.condition(of))
        self.truths.append((name, of))
        return keys

    def number_of(self, name: str, of: str) -> list[str]:
        keys = self.cases(of, lambda: self.number(of))
        self.numbers.append((name, of))
        return keys

    def event_of(self, name: str, of: str) -> list[str] | None:
        kind = self.one(*PLACES)
        known = self.at(of, [each[:2] for each in self.events if each[2] == kind])
        if len(known) < 2:
            return None
        keys = self.cases(of, lambda: self.one(*known), least=2)
        self.events.append((name, of, kind))
        return keys

    def time_of(self, name: str, of: str) -> list[str] | None:
        moments = self.moments(of)
        if not moments:
            return None
        keys = self.cases(of, lambda: f"later_by({self.one(*moments)}, two_days)")
        self.times.append((name, of))
        return keys

    def list_of(self, name: str, of: str) -> list[str] | None:
        if of:
            return None
        kind, source = self.source()
        keys = [f"series: {source}", *self.window(kind, of, within=self.odd)]
        self.series.append((name, of, kind))
        return keys

    def cases(self, of: str, answer: Any, least: int = 1) -> list[str]:
        count = self.rng.randint(least, 3)
        if count == 1:
            return [f'is: "{answer()}"']
        inner = [f'{{if: "{self.condition(of)}", then: "{answer()}"}}' for _ in range(count - 1)]
        last = f'{{then: "{answer()}"}}' if self.odds(0.7) else (
            f'{{if: "{self.condition(of)}", then: "{answer()}"}}')
        return [f"case: [{', '.join([*inner, last])}]"]

    def source(self) -> tuple[str, str]:
        if self.series and self.odds(0.25):
            name, _, kind = self.one(*self.series)
            return kind, name
        kind = self.one(*PLACES)
        return kind, kind

    def window(self, kind: str, of: str, within: float = 0.15) -> list[str]:
        keys = []
        if self.odds(0.5):
            keys.append(f'where: "{self.condition(kind, inside=of or "-")}"')
        for name in ("after", "before", "since", "until"):
            if self.odds(0.2):
                moments = self.moments(of)
                if moments:
                    keys.append(f"{name}: {self.one(*moments)}")
        if (of and self.odds(within)) or self.odds(self.odd / 4):
            keys.append(f"within: {self.one('two_days', 'span', 'half_day', 'month')}")
        return keys

    # what may be named

    def at(self, of: str, facts: Sequence[tuple[str, str]]) -> list[str]:
        """Return the names of facts that can be asked at a kind of event, or now."""
        return [name for name, where in facts if not where or self.covers(where, of)]

    def covers(self, where: str, of: str) -> bool:
        """Return whether what is asked at some kinds of event can be asked at others."""
        return where == of or (where == BOTH and of in MEASURED)

    def moments(self, of: str) -> list[str]:
        events = self.at(of, [each[:2] for each in self.events])
        fields = [f"{each[0]}.taken" for each in self.events
                  if each[2] in MEASURED and (not each[1] or self.covers(each[1], of))]
        return [*events, *fields, *self.at(of, self.times), *([of and "here"] * 3 if of else []),
                *(["here.taken"] if of in MEASURED else [])]

    def number(self, of: str, inside: str = "") -> str:
        """Return a number; in a filter (`inside`), one that says the same wherever it is asked."""
        choices = ["low", "high", "between"]
        choices += ["turning"] * (bool(of) or self.odds(self.odd))
        choices += ["value"] * 6 * (of in MEASURED)
        if not inside or self.odds(self.odd):
            choices += self.at(of, self.numbers) * 2
            choices += [f"{name}.value" for name in self.at(
                of, [each[:2] for each in self.events if each[2] in MEASURED])] * 2
        else:
            choices += [name for name, where in self.numbers if self.covers(where, of)]
        if of == "level":
            choices.append("bound[drug]")
        name = str(self.one(*choices))
        other = str(self.one(*[each for each in choices if each != name]))
        return self.one(name, name, name, f"({name} * ratio)", f"({name} + {other})",
                        f"({name} - {other})", f"({name} / two)")

    def condition(self, of: str, inside: str = "", depth: int = 0) -> str:
        """Return a condition over a kind of event, or about the present."""
        if depth < 2 and self.odds(0.25):
            parts = [self.condition(of, inside, depth + 1) for _ in range(self.rng.randint(2, 3))]
            return f"({self.one(' and ', ' or ').join(parts)})"
        if depth < 3 and self.odds(0.15):
            inner = self.condition(of, inside, depth + 1)
            return self.one(f"not ({inner})", f"possibly({inner})", f"certainly({inner})")
        return str(self.one(*self.criteria(of, inside))())

    def comparison(self, of: str, inside: str) -> str:
        left = right = self.number(of, inside)
        while right == left:
            right = self.number(of, inside)
        return f"{left} {self.one(*SIGNS)} {right}"

    def criteria(self, of: str, inside: str) -> list[Any]:
        """Return what makes a single comparison."""
        name = "it" if inside else "here"
        found: list[Any] = []
        if of in MEASURED or not inside:
            found += [lambda: self.comparison(of, inside)] * 3
        if of in MEASURED:
            found += [lambda: f"value {self.one(*SIGNS)} {self.one('low', 'high', 'turning')}",
                      lambda: "known(taken)", lambda: f"precedes(taken, {name})"]
        if of == "count":
            found += [lambda: "method == machine", lambda: "method in [machine, eye]",
                      lambda: "doubtful", lambda: "method != eye"]
        if of in ("level", "pill"):
            found += [lambda: "drug == a", lambda: "drug != b", lambda: "drug in [a, b]"]
        if of == "pill":
            found += [lambda: "action == start", lambda: "action in [start, change]",
                      lambda: f"dose {self.one(*SIGNS)} dosis"]
        if of == "fall":
            found += [lambda: f"grade {self.one(*SIGNS)} two", lambda: "grade > 0"]
        if of:
            found += [lambda: f"{name}.status == final"]
        own = [each for each, where in self.truths if self.covers(where, of)] if inside else (
            self.at(of, self.truths))
        found += [lambda: self.one(*own)] * 2 * bool(own)
        events = [each for each, where in (
            each[:2] for each in self.events) if self.covers(where, of)] if (
            inside) else self.at(of, [each[:2] for each in self.events])
        if events:
            found += [lambda: f"known({self.one(*events)})"]
            if of:
                ask = self.one("same_day", "same_instant", "precedes", "surely_after", "same")
                found += [lambda: f"{ask}({self.one(*events)}, {name})",
                          lambda: f"days({self.one(*events)}, {name}) {self.one(*SIGNS)} two_days",
                          lambda: f"hours({self.one(*events)}, {name}) > half_day"]
            if (of and not inside) or self.odds(self.odd):
                found += [
                    lambda: f"days_since({self.one(*events)}) {self.one('>', '<=')} two_days",
                    lambda: f"days_since({self.one(*events)}) {self.one('>=', '<')} month",
                    lambda: f"hours_since({self.one(*events)}) {self.one('>=', '<')} half_day"]
        return found or [lambda: "low < high"]

    # what is said

    def conditions(self, of: str) -> str:
        parts = [f'"{self.condition(of)}"' for _ in range(self.rng.randint(1, 3))]
        if len(parts) > 1 and self.odds(0.4):
            return f"{{{self.one('any', 'none', 'all')}: [{', '.join(parts)}]}}"
        if len(parts) > 2:
            return f"[{parts[0]}, {{{self.one('any', 'none')}: [{', '.join(parts[1:])}]}}]"
        return f"[{', '.join(parts)}]"

    def words(self, of: str) -> str:
        names = ["here", "low", "turning", "here.status", *self.at(of, self.numbers),
                 *self.at(of, self.truths), *self.at(of, self.times),
                 *self.at(of, [each[:2] for each in self.events])]
        names += ["value", "taken"] * (of in MEASURED) + ["here.drug"] * (of in ("level", "pill"))
        return " and ".join(f"{{{self.one(*names)}}}" for _ in range(self.rng.randint(1, 4)))

    def caveats(self, of: str) -> list[str]:
        if self.odds(0.6):
            return []
        return [f'    caveats: [{{name: loose, about: loose, when: "{self.condition(of)}"}}]']

    def alert(self, name: str, anchors: Sequence[tuple[str, str, str]]) -> str:
        anchor, _, of = self.one(*anchors)
        each = [f"    per_event: {self.one('true', 'true', 'false')}"]
        anchored = [f"    of: {anchor}"]
        if self.odds(self.odd / 2):
            each, anchored, of = [], [], ""
        severity = self.one(*SEVERITIES) if self.odds(0.6) else (
            f"[{{is: {self.one(*SEVERITIES)}, when: \"{self.condition(of)}\"}}, low]")
        if severity.startswith("["):
            severity = severity.replace(", low]", ", {is: low}]")
        message = self.words(of) if of else "Said."
        lines = [f"  - id: {name}", f"    title: Alert {name}", *anchored, *each,
                 f"    when: {self.conditions(of)}", f"    severity: {severity}",
                 f'    message: "{name}: {message}."', "    cite: lab", *self.caveats(of)]
        if self.odds(0.3) and of:
            lines.append(f'    advice: ["And {self.words(of)}.": "{self.condition(of)}"]')
        if self.odds(0.3):
            lines.append(f"    needs: what {name} needs")
        if name != "a0" and self.odds(0.3):
            lines.append("    subsumes: [a0]")
        return "\n".join(lines)

    def classification(self, name: str, anchors: Sequence[tuple[str, str, str]]) -> str:
        anchor, _, of = self.one(*anchors)
        lines = [f"  - name: {name}", f"    title: Class {name}", f"    of: {anchor}",
                 "    values: [v0, v1, v2]", *self.caveats(of)]
        if self.odds(0.3):
            lines.append(f"    fallback: {self.one('v0', 'v2')}")
        if self.odds(0.2):
            lines.append(f'    given: "{self.condition(of)}"')
        if self.odds(0.2):
            lines.append("    internal: true")
        lines.append("    rules:")
        dated = self.at(of, [each[:2] for each in self.events])
        for value in self.one(("v0", "v1", "v2"), ("v0", "v1", "v2", "v1")):
            rule = f"{name}.r{len(lines)}"
            extra = f", dated: {self.one(*dated)}" if dated and self.odds(0.3) else ""
            lines.append(f"      - {{id: {rule}, title: Rule {rule}, value: {value}, "
                         f"when: {self.conditions(of)}, cite: lab{extra}}}")
        return "\n".join(lines)
