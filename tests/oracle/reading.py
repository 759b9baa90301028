"""The oracle: clinical.md section 9, read literally, decision by decision. See CHOICES.md."""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime, timedelta
from fractions import Fraction
from typing import Any
from zoneinfo import ZoneInfo

from .moments import (
    ANYTHING,
    Interval,
    Span,
    Truth,
    add_months,
    after,
    all_of,
    any_of,
    days,
    ge,
    gt,
    lt,
    midnight,
    not_,
    quantity,
    shown,
    span,
)
from .record import (
    INDUCERS,
    INHIBITORS,
    LEVEL_UNITS,
    MYCOPHENOLATE,
    PLATELET_UNITS,
    STEROIDS,
    Count,
    Course,
    Event,
    Line,
    Patient,
    compare,
    conflicts,
    courses,
    daily,
    in_force,
    newest,
    parse,
    refused,
    surface_squared,
)

Alert = dict[str, Any]
RANK = {None: 0, "low": 1, "moderate": 2, "high": 3, "critical": 4}


# --- baseline and response ----------------------------------------------------------------------
def baseline(p: Patient, course: Course) -> Count | None:
    """Decision 4: the last valid count at or before the start, <= 28 days old, in no window."""
    known = [
        c for c in p.counts
        if not after(c.at, course.start) and days(c.at, course.start) <= 28 and not c.in_window
    ]  # fmt: skip
    return known[-1] if known else None


def no_thrombocytopenia(base: Count | None) -> bool:
    """Decision 4: a baseline that is, or may be, >= 100."""
    return base is not None and ge(base.value, 100) is not False


def response(count: Count, base: Count | None) -> tuple[str, tuple[str, ...]]:
    """Decision 5: the class of one count and its caveats; PR means fold AND 30, NR is its not."""
    if no_thrombocytopenia(base):
        return "unassessable", ()
    floor = base.value.times(2) if base else ANYTHING
    cr = ge(count.value, 100)
    pr = all_of(ge(count.value, 30), ge(count.value, floor))
    if cr:
        return "CR", ()
    better = ("could-be-CR",) if cr is None else ()
    if pr:
        return "PR", better
    if pr is False:
        return "NR", better
    return "unassessable", ()


def course_of(p: Patient, at: Span) -> Course | None:
    """The latest sirolimus course that surely began before this."""
    begun = [c for c in p.sirolimus if after(at, c.start)]
    if begun and begun[-1] is not p.sirolimus[-1]:
        following = p.sirolimus[p.sirolimus.index(begun[-1]) + 1]
        if following.start.day == at.day:
            p.notes.add(10)
    return begun[-1] if begun else None


def counts_of(p: Patient, course: Course) -> list[Count]:
    """Every valid count judged in this course (until the next one begins)."""
    return [c for c in p.counts if course_of(p, c.at) is course]


def best_counts(p: Patient, course: Course) -> list[Count]:
    """Decisions 5 and 9: those not after the end, and not between a stop and a restart."""
    return [c for c in counts_of(p, course) if course.on(c.at)]


def best_response(p: Patient, course: Course) -> str | None:
    """Decision 5."""
    base = baseline(p, course)
    classes = [response(c, base)[0] for c in best_counts(p, course)]
    return next((k for k in ("CR", "PR", "unassessable", "NR") if k in classes), None)


def days_to(p: Patient, course: Course) -> tuple[int | None, int | None]:
    """Decision 5: days to the first PR before any CR, and to the first CR."""
    base = baseline(p, course)
    to_pr = to_cr = None
    unclear = False
    for c in best_counts(p, course):
        kind, caveats = response(c, base)
        if kind == "CR" and to_cr is None:
            to_cr = days(course.start, c.at)
            if unclear:
                p.notes.add(47)
        if kind == "PR" and to_pr is None and to_cr is None:
            to_pr = days(course.start, c.at)
            if unclear:
                p.notes.add(47)
        unclear = unclear or kind == "unassessable" or bool(caveats)
    return to_pr, to_cr


# --- IWG ----------------------------------------------------------------------------------------
CR, R, NR, NOTHING = 3, 2, 1, 0
NAMES = {CR: "CR", R: "R", NR: "NR", NOTHING: None}


class Judged:
    """A count with the worst and the best IWG class that it may have."""

    def __init__(self, at: Span, worst: int, best: int, window: bool, helped: bool) -> None:
        self.at, self.worst, self.best, self.window, self.helped = at, worst, best, window, helped


def bleeding_at(p: Patient, at: Span) -> Truth:
    """Decision 8: the newest bleeding event within 7 days up to the count, of any cause."""
    near = [
        e for e in p.of("bleeding")
        if not after(e.at, at) and days(e.at, at) <= 7
    ]  # fmt: skip
    seen = [e for e in near if e.at.start <= at.start]
    if len(seen) != len(near):
        p.notes.add(1)
    last = newest(seen, lambda e: e.get("grade"))
    if last is None:
        return None
    if len({e.get("grade") >= 1 for e in seen if e.at.start == last.at.start}) > 1:
        p.notes.add(16)
    return bool(last.get("grade") >= 1)


def steroid_dependent(p: Patient, at: Span) -> bool:
    """Decision 8: corticosteroids running that day, begun 2 calendar months before or earlier."""
    for course in courses(p.visible(at.start), STEROIDS):
        running = any(s.stop is None or s.stop.at.day >= at.day for s in course.segments)
        if running and any(s.stop and s.stop.at.day == at.day for s in course.segments):
            p.notes.add(14)
        if running and course.start.day <= add_months(at.day, -2):
            return True
        if running and add_months(course.start.day, 2) <= at.day:
            p.notes.add(15)
    return False


def judge(p: Patient, count: Count, base: Count | None) -> Judged:
    """Decision 8: the classes that one count may have."""
    floor = base.value.times(2) if base else ANYTHING
    cr = ge(count.value, 100)
    thirty, fold = ge(count.value, 30), ge(count.value, floor)
    best = CR if cr is not False else R if thirty is not False and fold is not False else NR
    worst = CR if cr else R if thirty and fold else NR
    bleeding = bleeding_at(p, count.at)
    if bleeding or steroid_dependent(p, count.at):
        worst = best = NR
    elif bleeding is None:
        worst = NR
    helped = any(after(count.at, e.at) for e in p.of("procedure", procedure="splenectomy"))
    return Judged(count.at, worst, best, count.in_window, helped)


def apart(a: Span, b: Span) -> bool:
    """Decision 8: at least 1 calendar day, and 12 hours where both are timed."""
    near = a.timed and b.timed and b.start - a.start < timedelta(hours=12)
    return days(a, b) >= 1 and not near


def states(counts: list[Judged]) -> list[int]:
    """Decision 8: the state after each count; a step is taken only where it is certain."""
    out = []
    cr = r = nr = False
    for i, new in enumerate(counts):
        for k in (R, CR):
            for j, old in enumerate(counts[:i]):
                between = counts[j + 1 : i]
                if (
                    min(old.worst, new.worst) >= k
                    and not (old.window or old.helped or new.window or new.helped)
                    and days(old.at, new.at) >= 7
                    and all(m.worst >= k for m in between)
                ):
                    r, nr, cr = True, False, cr or k == CR
        for k in (R, NR):  # two counts at most R lose CR, two counts NR lose R
            for j, old in enumerate(counts[:i]):
                between = counts[j + 1 : i]
                if (
                    max(old.best, new.best) <= k
                    and apart(old.at, new.at)
                    and all(m.best <= k or m.window for m in between)
                ):
                    cr = False
                    if k == NR:
                        r, nr = False, True
        out.append(CR if cr else R if r else NR if nr else NOTHING)
    return out


def with_best(counts: list[Judged]) -> list[Judged]:
    return [Judged(c.at, c.best, c.best, c.window, c.helped) for c in counts]


def with_worst(counts: list[Judged]) -> list[Judged]:
    return [Judged(c.at, c.worst, c.worst, c.window, c.helped) for c in counts]


def settle(certain: int, possible: int, least: int) -> tuple[str | None, tuple[str, ...]]:
    """Decision 8: R stands with could-be-CR, else unassessable; nothing and no doubt: null."""
    if possible > certain:
        return ("R", ("could-be-CR",)) if certain == R else ("unassessable", ())
    if certain == NOTHING and least > NOTHING:
        return "unassessable", ()
    return NAMES[certain], ()


def response_iwg(p: Patient, course: Course) -> dict[str, tuple[str | None, tuple[str, ...]]]:
    """Decision 8: the current state, and the best of the counts of best_response alone."""
    base = baseline(p, course)
    every, best = counts_of(p, course), best_counts(p, course)
    out: dict[str, tuple[str | None, tuple[str, ...]]] = {}
    for name, chosen in (("current", every), ("best", best)):
        if not chosen:
            out[name] = (None, ())
        elif no_thrombocytopenia(base):
            if base and ge(base.value, 100) is None:
                p.notes.add(22)
            out[name] = ("unassessable", ())
        else:
            judged = [judge(p, c, base) for c in chosen]
            if len(judged) == 1 and judged[0].worst != judged[0].best:
                p.notes.add(20)
            runs = [states(f(judged)) for f in (lambda x: x, with_best, with_worst)]
            ends = [run[-1] if name == "current" else max(run) for run in runs]
            if name == "current" and ends[2] < ends[0]:
                p.notes.add(19)
            if any(j.helped for j in judged):
                p.notes.add(18)
            out[name] = settle(*ends)
    if len(best) != len(every) and any(
        after(b.at, e.at) for b in best for e in every if e not in best
    ):
        p.notes.add(21)
    return out


# --- loss and recurrence ------------------------------------------------------------------------
class Loss:
    """One event of decision 10."""

    def __init__(self, at: Span, kind: str, course: Course, severity: str | None) -> None:
        self.at, self.kind, self.course, self.severity = at, kind, course, severity


def first_response(p: Patient, course: Course) -> Count | None:
    base = baseline(p, course)
    return next((c for c in best_counts(p, course) if response(c, base)[0] in ("CR", "PR")), None)


def kind_of_loss(p: Patient, course: Course, at: Span) -> str:
    """Decision 10: by the state of the course at that event."""
    if not course.on(at):
        return "recurrence.off-drug"
    before = [d for d in course.doses if after(at, d.at)]
    tied = [d for d in before if d.at.start == before[-1].at.start]
    if len({d.get("action") for d in tied}) > 1:
        p.notes.add(9)
    return "loss.on-taper" if before[-1].get("action") == "taper" else "loss.on-treatment"


def bleeding_severity(p: Patient, at: Span) -> str | None:
    """Decision 11: by bleeding alone with platelets >= 100: low."""
    known = [c for c in p.counts if c.at.start <= at.start]
    later = [c for c in p.counts if c.at.start > at.start and not after(c.at, at)]
    high = bool(known) and ge(known[-1].value, 100) is True
    if any((ge(c.value, 100) is True) != high for c in later):
        p.notes.add(13)
        return None
    return "low" if high else None


def losses(p: Patient) -> list[Loss]:
    """Decisions 10 and 12, in order of time."""
    out = []
    for course in p.sirolimus:
        first = first_response(p, course)
        if first is None:
            continue
        for c in counts_of(p, course):
            if after(c.at, first.at) and lt(c.value, 30):
                out.append(Loss(c.at, kind_of_loss(p, course, c.at), course, None))
        for e in p.of("bleeding", cause="spontaneous"):
            if e.get("grade") >= 1 and after(e.at, first.at) and course_of(p, e.at) is course:
                kind = kind_of_loss(p, course, e.at)
                out.append(Loss(e.at, kind, course, bleeding_severity(p, e.at)))
    return sorted(out, key=lambda x: x.at.start)


def loss_alerts(p: Patient) -> list[Alert]:
    """Decision 10: opens at the first event of its kind, resolves at the next PR or CR."""
    good = [
        c for c in p.counts
        if (course := course_of(p, c.at))
        and response(c, baseline(p, course))[0] in ("CR", "PR")
    ]  # fmt: skip
    out: list[Alert] = []
    all_losses = losses(p)
    for kind in ("recurrence.off-drug", "loss.on-taper", "loss.on-treatment"):
        until: Count | None = None
        is_open = False
        for loss in (x for x in all_losses if x.kind == kind):
            if is_open and (until is None or not after(loss.at, until.at)):
                if until is not None and loss.at.start >= until.at.start:
                    p.notes.add(11)
                if loss.severity != "low":
                    out[-1]["severity"] = None
                continue
            until = next((c for c in good if after(c.at, loss.at)), None)
            if any(not after(c.at, loss.at) and c.at.start > loss.at.start for c in good):
                p.notes.add(11)
            is_open = True
            to = until.at.text if until else None
            out.append(alert(kind, loss.at.text, to, loss.severity))
    return out


def relapse(p: Patient, course: Course) -> tuple[str | None, bool]:
    """Decision 11: (value, undecided)."""
    first = first_response(p, course)
    if first is None:
        return None, False
    if any(loss.course is course for loss in losses(p)):
        return "yes", False
    base = baseline(p, course)
    doubtful = [
        c for c in best_counts(p, course)
        if c.at.start < first.at.start and response(c, base)[0] == "unassessable"
    ]  # fmt: skip
    for c in doubtful:
        if any(lt(x.value, 30) is not False and after(x.at, c.at) for x in counts_of(p, course)):
            p.notes.add(12)
    maybe = [
        c for c in counts_of(p, course) if after(c.at, first.at) and lt(c.value, 30) is None
    ]  # fmt: skip
    return (None, True) if maybe else ("no", False)


# --- group --------------------------------------------------------------------------------------
BIOMARKERS: dict[str, tuple[int, dict[str, Fraction | int]]] = {
    "sfasl": (200, {"pg/mL": 1, "ng/L": 1}),
    "il10": (20, {"pg/mL": 1, "ng/L": 1}),
    "il18": (500, {"pg/mL": 1, "ng/L": 1}),
    "b12": (1500, {"ng/L": 1, "pg/mL": 1, "pmol/L": 1 / Fraction("0.738")}),
}
DNT = {"dnt-of-cd3": Fraction("2.5"), "dnt-of-lymphocytes": Fraction("1.5")}


def confirmed(p: Patient, condition: str, moment: datetime) -> bool:
    """Decision 13: the newest event of a condition counts."""
    last = newest(p.of("diagnosis", moment, condition=condition))
    return last is not None and last.get("verification") == "confirmed"


def finding(p: Patient, name: str, moment: datetime) -> Event | None:
    """Decision 14: of a finding the newest event counts."""
    return newest(p.of("finding", moment, finding=name))


def present(p: Patient, name: str, moment: datetime) -> Truth:
    found = finding(p, name, moment)
    return None if found is None else bool(found.get("present"))


def labs(p: Patient, test: str, moment: datetime) -> list[Event]:
    """Decision 3: final or corrected only."""
    return [e for e in p.of("lab", moment, test=test) if e.status in ("final", "corrected")]


def value_of(e: Event) -> Interval:
    return quantity(e.get("value"), e.get("comparator"))


def lymphoproliferation(p: Patient, moment: datetime) -> Truth:
    """Decision 14: chronic when recorded 6 calendar months or more after its `since`."""
    found = finding(p, "lymphoproliferation", moment)
    if found is None:
        return None
    if not found.get("present"):
        return False
    since = found.get("since")
    if since is None:
        return None
    begun = span(since, p.zone).day
    chronic = add_months(begun, 6) <= found.at.day
    if chronic != (add_months(begun, 6) <= found.recorded.day):
        p.notes.add(34)
    return True if chronic else None


def dnt(p: Patient, moment: datetime) -> Truth:
    """Decision 14: raised if any evaluable test was."""
    verdicts: list[Truth] = []
    for test, limit in DNT.items():
        for e in labs(p, test, moment):
            up_to = [
                x for x in labs(p, "lymphocytes", moment)
                if not after(x.at, e.at) and days(x.at, e.at) <= 30
            ]  # fmt: skip
            last = newest(up_to, lambda x: value_of(x).lo * PLATELET_UNITS[x.get("unit")])
            low: Truth = False
            if last is not None:
                low = lt(value_of(last).times(PLATELET_UNITS[last.get("unit")]), Fraction("1.5"))
            raised = ge(value_of(e), limit)
            if low is not True:
                verdicts.append(raised if low is False or raised is False else None)
    if not verdicts:
        return None
    return any_of(*verdicts)


def apoptosis(p: Patient, moment: datetime) -> tuple[Truth, Truth]:
    """Decision 14: (one abnormal assay, two)."""
    found = finding(p, "apoptosis-defect", moment)
    if found is None:
        return None, None
    if not found.get("present"):
        return False, False
    two = (found.get("assays") or 1) >= 2
    if not two:
        p.notes.add(35)
    return True, two


def secondary_accessory(p: Patient, moment: datetime) -> Truth:
    """Section 3.1: a biomarker, histology, family history, or (cytopenia and) raised IgG."""
    marks: list[Truth] = []
    for test, (limit, units) in BIOMARKERS.items():
        found = labs(p, test, moment)
        values = [value_of(e).times(units[e.get("unit")]) for e in found]
        last = newest(found, lambda e, units=units: value_of(e).lo * units[e.get("unit")])
        verdict = None
        if last is not None:
            exact = value_of(last).times(units[last.get("unit")])
            verdict = gt(exact, limit)
            if len({gt(v, limit) for v in values}) > 1 or verdict != ge(exact, limit):
                p.notes.add(36)
        marks.append(verdict)
    names = ("typical-histology", "family-history", "igg-raised")
    return any_of(*marks, *(present(p, n, moment) for n in names))


def group(p: Patient, moment: datetime) -> tuple[str | None, tuple[str, ...], bool]:
    """Decisions 13 and 14: (value, caveats, undecided)."""
    if not confirmed(p, "itp", moment):
        return None, (), False
    lineages = ("evans", "autoimmune-haemolytic-anaemia", "immune-neutropenia")
    lp, raised = lymphoproliferation(p, moment), dnt(p, moment)
    one, two = apoptosis(p, moment)
    gene = present(p, "alps-gene-variant", moment)
    both = all_of(lp, raised)
    four = (lp, raised, one, gene)
    alps = True if confirmed(p, "alps", moment) else None
    rules: list[tuple[str, Truth]] = [
        ("excluded-multilineage", any(confirmed(p, c, moment) for c in lineages)),
        ("excluded-alps-definitive", alps or all_of(both, any_of(two, gene))),
        ("excluded-alps-probable", all_of(both, secondary_accessory(p, moment))),
        ("other-secondary", confirmed(p, "other-secondary", moment)),
        ("ars-itp", any_of(*four)),
        ("primary-itp", all_of(*(not_(x) for x in four))),
        ("primary-itp-provisional", True),
    ]
    winner = next(i for i, (_, truth) in enumerate(rules) if truth)
    doubts = tuple(f"could-be-{n}" for n, truth in rules[:winner] if truth is None)
    return rules[winner][0], doubts, bool(doubts)


# --- MMF ----------------------------------------------------------------------------------------
def low_dose(p: Patient, course: Course, seen: list[Event]) -> bool:
    """Decision 17: the highest dose known in the course is under 80% of 1000 mg/m2/d."""
    verdicts = []
    unknown = 0
    for e in course.doses:
        dose = daily(e)
        if dose is None:
            unknown += e.get("dose") is not None
            continue
        if e.get("drug") == "mycophenolate-sodium":
            dose = (dose[0] * Fraction(1000, 720), dose[1])
        sign = compare(dose, (Fraction(800), "mg/m2/d"), surface_squared(seen, e.at, p.notes))
        if sign is None:
            unknown += 1
        else:
            verdicts.append(sign < 0)
    if verdicts and all(verdicts) and unknown:
        p.notes.add(39)
    return bool(verdicts) and all(verdicts)


def mmf(p: Patient, moment: datetime) -> tuple[str | None, tuple[str, ...], bool]:
    """Decision 17: (value, caveats, undecided), as it stood at a moment."""
    seen = p.visible(moment)
    given = courses(seen, MYCOPHENOLATE, p.notes)
    if not given:
        if any(e.kind == "medication" and e.get("drug") in MYCOPHENOLATE for e in seen):
            p.notes.add(38)
        return "none", (), False
    course = given[-1]
    stop = course.last_stop
    said = course.doses + [s.stop for s in course.segments if s.stop]
    if any(e.get("response") == "failed" for e in said):
        return "stated", (), False
    if low_dose(p, course, seen):
        return "inadequate-trial", (), False
    last_day = moment.astimezone(p.zone).date()
    outcomes = [e.at.day for e in p.of("outcome", moment)]
    if stop is not None:
        last_day = stop.at.day
    elif outcomes:
        last_day = min(last_day, *outcomes)
    length = (last_day - course.start.day).days
    reason = stop.get("reason") if stop else None
    if reason == "no-response":
        if length >= 84:
            return "nonresponse", (), False
        return ("nonresponse", ("probable",), False) if length >= 56 else (
            "inadequate-trial", (), False
        )  # fmt: skip
    named = {
        "loss-of-response": "loss-of-response",
        "dependence": "dependence",
        "intolerance": "intolerance",
        "inadequate": "inadequate-trial",
    }
    if reason in named:
        return named[reason], (), False
    if reason is None:
        base = baseline(p, course)
        within = [
            c for c in p.counts
            if c.at.start <= moment and after(c.at, course.start) and course.on(c.at)
        ]  # fmt: skip
        if any(
            c.at.start <= moment and after(c.at, course.start) and not course.on(c.at)
            and (stop is None or not after(c.at, stop.at)) for c in p.counts
        ):  # fmt: skip
            p.notes.add(40)
        classes = [response(c, base) for c in within]
        maybe = any(k in ("CR", "PR", "unassessable") or caveats for k, caveats in classes)
        late = any(days(course.start, c.at) > 56 for c in within)
        if length >= 84 and late and not maybe:
            return "nonresponse", (), False
        if stop is None:
            return "ongoing", (), False
    return None, (), True


# --- rescue -------------------------------------------------------------------------------------
FAILED = ("stated", "nonresponse", "loss-of-response", "dependence")
ELIGIBLE = ("primary-itp", "primary-itp-provisional", "ars-itp")


def rescue_need(p: Patient, moment: datetime) -> tuple[Truth, tuple[str, ...]]:
    """Decisions 12 and 19 at one moment: (needed, caveats)."""
    if p.of("medication", moment, drug="sirolimus", action="start"):
        return False, ()
    if any(e.get("outcome") == "death" for e in p.of("outcome", moment)):
        return False, ()
    today = moment.astimezone(p.zone).date()
    outside = [c for c in p.counts if c.at.start <= moment and not c.in_window]
    low = lt(outside[-1].value, 30) if outside else None
    bled = any(
        e.get("grade") >= 1 and (today - e.at.day).days <= 7
        for e in p.of("bleeding", moment, cause="spontaneous")
    )
    trigger = any_of(low, bled)
    if trigger is False:
        return False, ()
    value, _, undecided = mmf(p, moment)
    failed = None if undecided else value in FAILED
    if failed is False or group(p, moment)[0] not in ELIGIBLE:
        return False, ()
    stale = bool(outside) and (today - outside[-1].at.day).days > 28
    return all_of(trigger, failed), (("stale-count",) if stale else ())


def rescue_alerts(p: Patient) -> list[Alert]:
    """Decision 19, with the moments that only the passing of time makes."""
    texts: dict[datetime, str] = {}
    for e in sorted(p.events, key=lambda e: e.at.timed):
        texts.setdefault(e.at.start, e.at.text)
    for e in p.of("bleeding", cause="spontaneous"):
        day = e.at.day + timedelta(8)
        texts.setdefault(midnight(day, p.zone), day.isoformat())
    for e in p.of("medication"):
        if e.get("drug") in MYCOPHENOLATE and e.get("action") == "start":
            day = e.at.day + timedelta(84)
            texts.setdefault(midnight(day, p.zone), day.isoformat())
    out: list[Alert] = []
    is_open = False
    for moment in sorted(t for t in texts if t <= p.moment):
        need, caveats = rescue_need(p, moment)
        if need and not is_open:
            out.append(alert("rescue.sirolimus", texts[moment], None, None, caveats))
        elif is_open and not need:
            if need is None:
                p.notes.add(42)
            out[-1]["to"] = texts[moment]
        is_open = bool(need)
    if is_open:
        out[-1]["caveats_now"] = list(rescue_need(p, p.moment)[1])
    return out


# --- levels -------------------------------------------------------------------------------------
class Level:
    """A judged sample."""

    def __init__(self, e: Event, value: Interval) -> None:
        self.at, self.value = e.at, value
        self.verdict = ""
        self.caveats: list[str] = []


def dose_steps(p: Patient, course: Course) -> list[tuple[Event, str]]:
    """Decision 15: each dose event with its direction: start, up, down, same, unknown."""
    out: list[tuple[Event, str]] = []
    previous = None
    starts = [s.start for s in course.segments]
    for e in course.doses:
        dose = daily(e)
        if e in starts:
            direction = "start"
        elif e.get("dose") is None and e.get("action") == "taper":
            direction = "down"
        elif dose is None or previous is None:
            direction = "unknown"
            if e.get("action") == "taper":
                p.notes.add(29)
                direction = "down"
        else:
            sign = compare(dose, previous, surface_squared(p.events, e.at, p.notes))
            if dose[1] != previous[1]:
                p.notes.add(28)
            direction = {1: "up", -1: "down", 0: "same", None: "unknown"}[sign]
            if direction == "unknown" and e.get("action") == "taper":
                direction = "down"
        previous = dose
        out.append((e, direction))
    return out


def movements(p: Patient, course: Course) -> list[tuple[Event, str]]:
    """Decision 15: dose steps and interacting drugs, as up, down or unknown."""
    names = {"start": "up", "up": "up", "down": "down", "unknown": "unknown"}
    out = [(e, names[d]) for e, d in dose_steps(p, course) if d != "same"]
    for drug in INHIBITORS + INDUCERS:
        for other in courses(p.events, (drug,), p.notes):
            for s in other.segments:
                raises = drug in INHIBITORS
                out.append((s.start, "up" if raises else "down"))
                if s.stop:
                    out.append((s.stop, "down" if raises else "up"))
    return out


def level(p: Patient, course: Course, e: Event) -> Level:
    """Decision 15."""
    value = quantity(e.get("value"), e.get("comparator")).times(LEVEL_UNITS[e.get("unit")])
    found = Level(e, value)
    can_low = can_high = True
    last_dose = e.get("last_dose_at")
    early = False
    if last_dose is not None:
        dosed = span(last_dose, p.zone)
        if dosed.timed and e.at.timed:
            gap = e.at.start - dosed.start
            early = timedelta(0) <= gap < timedelta(hours=10)
        else:
            p.notes.add(24)
    if e.get("sample") == "post-dose" or early:
        can_high = False
    if e.get("sample") == "unknown" and last_dose is None:
        found.caveats.append("timing-not-stated")
    for step, direction in movements(p, course):
        if after(e.at, step.at) and days(step.at, e.at) <= 6:
            can_low = can_low and direction == "down"
            can_high = can_high and direction == "up"
            if days(step.at, e.at) in (5, 6) and younger_than_13(p, e.at):
                found.caveats = sorted({*found.caveats, "probably-steady"})
    if e.get("matrix") in ("serum", "plasma"):
        can_low = can_high = False
    low, high = lt(value, 5), gt(value, 15)
    if can_low and low:
        found.verdict = "low"
    elif can_high and high:
        found.verdict = "high"
    elif (can_low and low is None) or (can_high and high is None):
        found.verdict = "indeterminate"
    elif can_low and can_high:
        found.verdict = "target"
    else:
        found.verdict = "not-interpretable"
    if e.get("matrix") in ("serum", "plasma") and gt(value, 25):
        p.notes.add(25)
    return found


def younger_than_13(p: Patient, at: Span) -> bool:
    born = newest([e for e in p.of("person") if e.get("birth_date")])
    return born is not None and at.day < add_months(span(born.get("birth_date"), p.zone).day, 156)


def levels(p: Patient, course: Course) -> list[list[Level]]:
    """Decision 15: the judged samples of each segment; of one instant the lower value."""
    samples = [
        e for e in p.of("drug_level", drug="sirolimus") if e.status in ("final", "corrected")
    ]  # fmt: skip
    out = []
    for s in course.segments:
        inside: dict[datetime, list[Level]] = defaultdict(list)
        for e in samples:
            if after(e.at, s.start.at) and not (s.stop and after(e.at, s.stop.at)):
                inside[e.at.start].append(level(p, course, e))
        chosen = []
        for start in sorted(inside):
            if len(inside[start]) > 1:
                p.notes.add(23)
            chosen.append(min(inside[start], key=lambda x: (x.value.lo, x.value.hi is None)))
        out.append(chosen)
    return out


def level_class(p: Patient, course: Course) -> str | None:
    """Decision 16: the class of the last such level of the latest course."""
    every = [x for part in levels(p, course) for x in part]
    return every[-1].verdict if every else None


def level_severity(rule: str, x: Level) -> str | None:
    """Decision 16: moderate; low within 10% of the bound; high above 20 (or above 25)."""
    v = x.value
    if rule == "level.low":
        return "low" if ge(v, Fraction("4.5")) else "moderate"
    if rule == "level.high":
        if gt(v, 20):
            return "high"
        return "low" if gt(v, Fraction("16.5")) is False else "moderate"
    return None


def level_alerts(p: Patient) -> list[Alert]:
    """Decision 16: consecutive levels of one class are one episode, closed at the stop."""
    out: list[Alert] = []
    for course in p.sirolimus:
        for s, part in zip(course.segments, levels(p, course), strict=True):
            running: dict[str, Alert] = {}
            for x in part:
                raised = {
                    "level.low": x.verdict == "low",
                    # "whatever the timing": an exact or > level above 25
                    "level.high": x.verdict == "high" or gt(x.value, 25) is True,
                    "level.not-interpretable": x.verdict == "not-interpretable",
                }
                for rule, holds in raised.items():
                    if not holds:
                        if rule in running:
                            running.pop(rule)["to"] = x.at.text
                        continue
                    severity = level_severity(rule, x)
                    if rule not in running:
                        running[rule] = alert(rule, x.at.text, None, severity, tuple(x.caveats))
                        running[rule]["severities"] = [severity]
                        running[rule]["to_fixed"] = rule != "level.not-interpretable"
                        out.append(running[rule])
                    else:
                        running[rule]["severities"].append(severity)
                        worst = max(running[rule]["severities"], key=lambda k: RANK[k])
                        if len(set(running[rule]["severities"])) > 1:
                            p.notes.add(26)
                        running[rule]["severity"] = worst
            if s.stop:
                if part and part[-1].at.start > s.stop.at.start:
                    p.notes.add(27)
                for a in running.values():
                    a["to"] = s.stop.at.text
    return out


# --- doses --------------------------------------------------------------------------------------
def outside_initial(dose: tuple[Fraction, str], bsa2: Fraction | None) -> Truth:
    """Decision 20: outside 2-2.5 mg/m2/d by more than 10%."""
    low = compare(dose, (Fraction("1.8"), "mg/m2/d"), bsa2)
    high = compare(dose, (Fraction("2.75"), "mg/m2/d"), bsa2)
    return None if low is None or high is None else low < 0 or high > 0


def tenfold(dose: tuple[Fraction, str], bsa2: Fraction | None) -> bool:
    """Decision 20: above 20 or below 0.25 mg/m2/d; no surface: certain at 0.2 and at 2.5 m2."""
    surfaces = [bsa2] if bsa2 is not None else [Fraction("0.04"), Fraction("6.25")]
    above = [compare(dose, (Fraction(20), "mg/m2/d"), b) == 1 for b in surfaces]
    below = [compare(dose, (Fraction(1, 4), "mg/m2/d"), b) == -1 for b in surfaces]
    return all(above) or all(below)


def dose_alerts(p: Patient) -> list[Alert]:
    """Decision 20. The end (the next dose event, or the stop) is not fixed by section 9."""
    out: list[Alert] = []
    for course in p.sirolimus:
        for s in course.segments:
            for i, e in enumerate(s.doses):
                dose = daily(e)
                first = e is course.segments[0].start
                if dose is None:
                    if first and any(daily(d) for d in course.doses):
                        p.notes.add(30)
                    continue
                bsa2 = surface_squared(p.events, e.at, p.notes)
                end = s.doses[i + 1] if i + 1 < len(s.doses) else s.stop
                to = end.at.text if end else None
                rules = []
                if tenfold(dose, bsa2):
                    rules.append("dose.tenfold")
                if first and outside_initial(dose, bsa2):
                    rules.append("dose.initial")
                for rule in rules:
                    out.append(alert(rule, e.at.text, to, None))
                    out[-1]["to_fixed"] = False
                if len(rules) == 2:
                    out[-1]["subsumed_by"] = "dose.tenfold"
    return out


# --- all together -------------------------------------------------------------------------------
def alert(
    rule: str, begin: str, to: str | None, severity: str | None, caveats: tuple[str, ...] = ()
) -> Alert:
    return {
        "rule": rule, "severity": severity, "from": begin, "to": to, "caveats": list(caveats),
        "to_fixed": True,
    }  # fmt: skip


def end_at_death(p: Patient, alerts: list[Alert]) -> list[Alert]:
    """Decision 24: after death nothing is open."""
    deaths = p.of("outcome", outcome="death")
    if not deaths:
        return alerts
    death = deaths[0].at
    out = []
    for a in alerts:
        begin = span(a["from"], p.zone)
        if after(begin, death):
            p.notes.add(44)
            continue
        if a["to"] is None or after(span(a["to"], p.zone), death):
            a["to"] = death.text
        out.append(a)
    return out


def assess_patient(lines: list[Line], as_of: str | None, zone: ZoneInfo) -> dict[str, Any] | None:
    """One patient; None where nothing was known."""
    parsed = [e for e in (parse(x, zone) for x in lines) if not refused(e)]
    if as_of is None:
        clashing = conflicts(parsed)
        own = [e for e in parsed if e not in clashing]
        if not own:
            return None
        last = max(own, key=lambda e: (e.recorded.last, e.recorded.text)).recorded
    else:
        own = parsed
        last = span(as_of, zone)
    moment = last.last
    if not any(e.recorded.start <= moment for e in own):
        return None
    p = Patient(zone, moment, in_force(parsed, moment))
    if as_of is None and len(own) != len(parsed):
        p.notes.add(4)
    summary, undecided = summarise(p)
    alerts = level_alerts(p) + loss_alerts(p) + rescue_alerts(p) + dose_alerts(p)
    alerts = end_at_death(p, alerts)
    alerts.sort(key=lambda a: (span(a["from"], zone).start, a["rule"]))
    return {
        "as_of": last.text, "summary": summary, "alerts": alerts, "undecided": undecided,
        "notes": p.notes,
    }  # fmt: skip


def summarise(p: Patient) -> tuple[dict[str, Any], set[str]]:
    """The summary of the latest sirolimus course, and what was undecided."""
    undecided: set[str] = set()
    its_group, _, group_open = group(p, p.moment)
    its_mmf, _, mmf_open = mmf(p, p.moment)
    if group_open:
        undecided.add("group")
    if mmf_open:
        undecided.add("mmf")
    summary: dict[str, Any] = dict.fromkeys(
        ("baseline", "best_response", "current_response", "days_to_pr", "days_to_cr", "relapse",
         "best_response_iwg", "current_response_iwg", "level")
    )  # fmt: skip
    summary = {"group": its_group, "mmf": its_mmf, **summary}
    if not p.sirolimus:
        return summary, undecided
    course = p.sirolimus[-1]
    base = baseline(p, course)
    summary["baseline"] = shown(base.value) if base else None
    summary["best_response"] = best_response(p, course)
    judged = counts_of(p, course)
    if judged:
        summary["current_response"], caveats = response(judged[-1], base)
        if summary["current_response"] == "unassessable" or caveats:
            undecided.add("response")
    summary["days_to_pr"], summary["days_to_cr"] = days_to(p, course)
    summary["relapse"], relapse_open = relapse(p, course)
    if relapse_open:
        undecided.add("relapse")
    iwg = response_iwg(p, course)
    summary["best_response_iwg"] = iwg["best"][0]
    summary["current_response_iwg"], caveats = iwg["current"]
    if summary["current_response_iwg"] == "unassessable" or caveats:
        undecided.add("response_iwg")
    summary["level"] = level_class(p, course)
    if summary["level"] == "indeterminate":
        undecided.add("level")
    return summary, undecided


def assess(
    lines: list[Line], as_of: str | None = None, timezone: str = "UTC"
) -> dict[str, dict[str, Any]]:
    """Every patient of the lines. `notes` holds the numbers of CHOICES.md that mattered."""
    zone = ZoneInfo(timezone)
    by_patient: dict[str, list[Line]] = defaultdict(list)
    for line in lines:
        by_patient[line["patient"]].append(line)
    out = {name: assess_patient(own, as_of, zone) for name, own in sorted(by_patient.items())}
    return {name: found for name, found in out.items() if found is not None}
