"""Write letter-cohort.ndjson: event streams of the 19 children of the letter's Table 1.

Source: Miano M, et al. Sirolimus as a rescue therapy in children with immune thrombocytopenia
refractory to mycophenolate mofetil. Am J Hematol 2018;93(7):E175-E177, Table 1 A and the text.

From the letter: the signs, previous treatments and failure of mycophenolate of each child, the
response, the days to PR and CR, the relapse of patient 19 on taper, the range of the first dose
and of the levels; and as medians and ranges of all 19: age, months from diagnosis to sirolimus,
months on it and months followed, the sexes (9 male, 10 female) and the years 2005-2016.

INVENTED, for the letter gives none of it child by child: every date, count, level, dose, laboratory
value, and which child has which sex, age and times. Each event says in `note` what of it is the
letter's. examples/README.md says how silent places were filled.

Run `python examples/make_letter_cohort.py` to write the file anew; the bytes are always the same.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from random import Random
from typing import Any, NamedTuple

TARGET = Path(__file__).with_name("letter-cohort.ndjson")
SEED = "letter cohort"

# As printed. Signs: DNT double-negative T cells, LP lymphoproliferation, FAS defective apoptosis,
# Ab (not explained; read as autoantibodies). The days are those to PR and to CR.
TABLE_1 = """
 1 | -           | MMF                    | CR |     |  43 | No
 2 | -           | MMF                    | NR |     |     | No
 3 | -           | MMF                    | NR |     |     | No
 4 | -           | MMF                    | CR |     | 108 | No
 5 | -           | MMF, Eltrombopag       | NR |     |     | No
 6 | -           | MMF                    | CR |  40 | 306 | No
 7 | -           |                        | CR |     |  14 | No
 8 | -           | MMF                    | CR | 135 | 196 | No
 9 | -           | MMF                    | NR |     |     | No
10 | -           | Idroxiclorochine, MMF  | NR |     |     | No
11 | DNT, Ab     | MMF                    | CR |     | 120 | No
12 | DNT, LP     |                        | PR |  29 |     | No
13 | DNT, FAS    | MMF                    | PR |  37 |     | No
14 | DNT, Ab     | MMF                    | CR |     | 120 | No
15 | DNT         | MMF                    | CR | 103 | 579 | No
16 | DNT, LP     | MMF                    | CR |  88 | 239 | No
17 | DNT, LP, Ab | MMF                    | PR |  27 |     | No
18 | DNT, Ab     | MMF                    | NR |     |     | No
19 | DNT         | Rituximab, MMF         | CR |  60 | 425 | Yes
"""

# Invented child by child, so that the printed medians and ranges come out: age at sirolimus 9.8
# years (1.8-20), diagnosis to sirolimus 22 months (6-106), on sirolimus 15 (1-71), followed 21
# (4-71). Columns: sex, age, months from diagnosis, months on sirolimus, months followed, its start.
INVENTED = """
 1 | male   | 12.4 |  22 | 12 | 21 | 2012-03-05
 2 | female |  7.1 |  31 |  5 | 18 | 2009-10-12
 3 | female | 15.2 |  48 |  6 | 14 | 2013-05-20
 4 | male   |  9.8 |  17 | 15 | 20 | 2014-01-13
 5 | male   | 13.6 |  63 |  5 |  9 | 2010-06-07
 6 | female |  5.3 |  19 | 24 | 40 | 2008-09-15
 7 | female |  3.9 |   9 |  1 |  4 | 2016-02-08
 8 | male   | 11.0 |  26 | 18 | 24 | 2011-11-14
 9 | female | 16.8 |  85 |  6 | 12 | 2007-04-16
10 | male   | 14.5 |  54 |  7 | 30 | 2006-02-20
11 | female |  8.2 |  12 | 19 | 27 | 2013-09-02
12 | male   |  1.8 |   6 | 10 | 10 | 2015-03-23
13 | male   |  4.6 |  15 | 16 | 16 | 2014-10-06
14 | female | 10.7 |  24 | 20 | 26 | 2010-03-08
15 | female |  6.4 |  20 | 36 | 36 | 2012-06-18
16 | male   |  2.7 |  14 | 22 | 22 | 2014-11-10
17 | female |  9.1 |  13 | 17 | 17 | 2015-05-04
18 | male   | 17.9 | 106 |  8 | 35 | 2005-05-09
19 | female | 20.0 |  71 | 71 | 71 | 2010-10-11
"""

DRUGS = {"MMF": "mycophenolate-mofetil", "Eltrombopag": "eltrombopag",
         "Idroxiclorochine": "hydroxychloroquine", "Rituximab": "rituximab"}
FIRST_VISITS = (7, 14, 21, 28, 42, 56, 84, 112, 140, 168)
LATER_VISITS = 56
CLEAR = 6  # no other visit within so many days of a day that matters
TAPER, LOSS, RAISED, REGAINED = 480, 521, 523, 551  # patient 19; the order is the letter's

Event = dict[str, Any]


class Child(NamedTuple):
    """One row of the table, with what was invented beside it."""

    patient: str
    signs: frozenset[str]
    previous: tuple[str, ...]
    response: str
    pr: int | None
    cr: int | None
    relapsed: bool
    sex: str
    age: float
    since_diagnosis: int
    on_drug: int
    followed: int
    start: date

    def months(self, count: int) -> date:
        """Return the day so many calendar months after the start."""
        month = self.start.year * 12 + self.start.month - 1 + count
        return date(month // 12, month % 12 + 1, self.start.day)

    def day(self, when: date) -> int:
        """Return on which day after the start a date is."""
        return (when - self.start).days


def children() -> list[Child]:
    """Return the 19 children."""
    return [_child(printed, invented) for printed, invented in zip(
        _rows(TABLE_1), _rows(INVENTED), strict=True)]


def events(child: Child) -> Iterator[Event]:
    """Yield everything recorded about one child, each event with its id."""
    told = [*_person(child), *_diagnosis(child), *_signs(child), *_previous(child),
            *_sirolimus(child), *_visits(child, Random(f"{SEED} {child.patient}"))]
    for number, event in enumerate(sorted(told, key=lambda each: each["at"]), start=1):
        yield {"id": f"{child.patient}-{number:03}", "patient": child.patient, **event}


def main() -> None:
    """Write the file."""
    lines = [json.dumps(event, ensure_ascii=False) for child in children()
             for event in events(child)]
    TARGET.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8", newline="\n")


def _rows(text: str) -> list[list[str]]:
    return [[cell.strip() for cell in line.split("|")] for line in text.strip().splitlines()]


def _child(printed: list[str], invented: list[str]) -> Child:
    patient, signs, previous, response, pr, cr, relapse = printed
    same, sex, age, since_diagnosis, on_drug, followed, start = invented
    assert patient == same
    return Child(patient, frozenset(signs.split(", ")) - {"-"},
                 tuple(previous.split(", ")) if previous else (), response,
                 int(pr) if pr else None, int(cr) if cr else None, relapse == "Yes", sex,
                 float(age), int(since_diagnosis), int(on_drug), int(followed),
                 date.fromisoformat(start))


def _event(kind: str, at: date, note: str, **fields: Any) -> Event:
    return {"kind": kind, "at": at.isoformat(), **fields, "note": note}


def _person(child: Child) -> Iterator[Event]:
    born = child.start - timedelta(days=round(child.age * 365.25))
    yield _event("person", child.months(-child.since_diagnosis), "invented: sex and date of birth",
                 birth_date=born.isoformat(), sex=child.sex)


def _diagnosis(child: Child) -> Iterator[Event]:
    yield _event("diagnosis", child.months(-child.since_diagnosis),
                 "ITP: the letter's; date invented", condition="itp")


def _signs(child: Child) -> Iterator[Event]:
    """Yield the signs; what the column does not list is recorded as absent."""
    tested = child.start - timedelta(days=30)
    raised = "DNT" in child.signs
    yield _event("lab", tested, "invented: value and date", test="lymphocytes", value="2.8",
                 unit="10*9/L")
    yield _event("lab", tested, f"Table 1: DNT {'raised' if raised else 'not listed'}; "
                 "value and date invented", test="dnt-of-cd3", value="4.1" if raised else "1.2",
                 unit="%")
    for sign, finding in (("LP", "lymphoproliferation"), ("FAS", "apoptosis-defect")):
        present = sign in child.signs
        more: Event = {"assays": 1} if present and sign == "FAS" else {}
        note = f"Table 1: {sign} {'listed' if present else 'not listed'}; date invented"
        if present and sign == "LP":
            more = {"since": (tested - timedelta(days=270)).isoformat()}
            note += ", and that it was chronic"
        yield _event("finding", tested, note, finding=finding, present=present, **more)
    yield _event("finding", tested, "no variant among the signs of Table 1; whether the genes were "
                 "read is not said", finding="alps-gene-variant", present=False)
    if "Ab" in child.signs:
        yield _event("finding", tested, "Table 1: Ab, not explained there; date invented",
                     finding="autoantibodies", present=True)
    if "LP" in child.signs:
        yield from _no_accessory(tested)


def _no_accessory(tested: date) -> Iterator[Event]:
    """Yield what keeps a child with both required criteria out of ALPS, which was excluded."""
    note = "follows from the exclusion of probable ALPS; {} invented"
    for finding in ("igg-raised", "typical-histology", "family-history"):
        yield _event("finding", tested, note.format("date"), finding=finding, present=False)
    for test, value, unit in (("sfasl", "110", "pg/mL"), ("il10", "8", "pg/mL"),
                              ("il18", "240", "pg/mL"), ("b12", "610", "ng/L")):
        yield _event("lab", tested, note.format("value and date"), test=test, value=value,
                     unit=unit)


def _previous(child: Child) -> Iterator[Event]:
    """Yield the earlier treatments in the order printed, one after the other."""
    end = child.start - timedelta(days=35)
    begun = child.months(-child.since_diagnosis) + timedelta(days=45)
    each = min(300, (end - begun).days // max(1, len(child.previous)) - 30)
    for drug in reversed(child.previous):
        yield _event("medication", end - timedelta(days=each), "Table 1; date invented",
                     drug=DRUGS[drug], action="start")
        if drug == "MMF":
            yield _event("medication", end, "the letter: MMF had failed; date invented",
                         drug=DRUGS[drug], action="stop", response="failed")
        else:
            yield _event("medication", end, "invented: date of the end", drug=DRUGS[drug],
                         action="stop")
        end -= timedelta(days=each + 30)


def _sirolimus(child: Child) -> Iterator[Event]:
    dose = ("2", "2.2", "2.4", "2.5")[int(child.patient) % 4]
    yield _event("medication", child.start, "first dose within the letter's 2-2.5; dose and date "
                 "invented", drug="sirolimus", action="start", dose=dose, unit="mg/m2/d")
    if child.relapsed:
        note = "the letter: relapsed during tapering, recovered after dose adjustment; {} invented"
        for day, action, amount in ((TAPER, "taper", "1.2"), (RAISED, "change", dose)):
            yield _event("medication", child.start + timedelta(days=day),
                         note.format("dose and date"), drug="sirolimus", action=action,
                         dose=amount, unit="mg/m2/d")
    if child.on_drug < child.followed:
        yield _event("medication", child.months(child.on_drug), "invented: date of the end",
                     drug="sirolimus", action="stop")


def _visits(child: Child, random: Random) -> Iterator[Event]:
    """Yield the baseline, and at each visit a count, a level and what is said of bleeding."""
    baseline = _between(random, 5, 22)
    yield _count(child, -_between(random, 1, 6), baseline, "invented: baseline")
    stop = child.day(child.months(child.on_drug))
    changes = (TAPER, RAISED) if child.relapsed else ()
    for day in _days(child):
        wanted = _class_on(child, day)
        note = f"Table 1: {wanted} on day {day}; " if day in (child.pr, child.cr) else ""
        yield _count(child, day, _platelets(random, wanted, baseline),
                     f"{note}value invented" if note else "invented: value and date")
        if wanted != "NR":
            yield _event("bleeding", child.start + timedelta(days=day),
                         "invented: no bleeding is mentioned in a child who had responded",
                         grade=0)
        level = f"{_between(random, 55, 140) / 10}"
        if 14 <= day <= stop and not any(0 <= day - change <= CLEAR for change in changes):
            yield _event("drug_level", child.start + timedelta(days=day),
                         "within the letter's 5-15; value and date invented", drug="sirolimus",
                         value=level, unit="ng/mL")


def _count(child: Child, day: int, value: int, note: str) -> Event:
    return _event("platelet_count", child.start + timedelta(days=day), note, value=value,
                  unit="10*9/L")


def _days(child: Child) -> list[int]:
    """Return the days of the visits: those that the table names, and others clear of them."""
    last = child.day(child.months(child.followed))
    fixed = {day for day in (child.pr, child.cr) if day is not None} | {last}
    if child.relapsed:
        fixed |= {LOSS, REGAINED}
    kept_clear = fixed | {child.day(child.months(child.on_drug))}
    usual = [*FIRST_VISITS, *range(FIRST_VISITS[-1] + LATER_VISITS, last, LATER_VISITS)]
    return sorted(fixed | {day for day in usual if day < last and all(
        abs(day - other) > CLEAR for other in kept_clear)})


def _class_on(child: Child, day: int) -> str:
    """Return the class that the count of a day must have."""
    if child.relapsed and RAISED > day >= LOSS:
        return "NR"
    if child.cr is not None and day >= child.cr:
        return "CR"
    return "PR" if child.pr is not None and day >= child.pr else "NR"


def _platelets(random: Random, wanted: str, baseline: int) -> int:
    if wanted == "CR":
        return _between(random, 105, 260)
    if wanted == "PR":
        return _between(random, max(32, 2 * baseline + 2), 94)
    return _between(random, 4, 27)


def _between(random: Random, low: int, high: int) -> int:
    """Return a whole number from low to high; `random()` alone is the same on every Python."""
    return low + int(random.random() * (high - low + 1))


if __name__ == "__main__":
    main()
