"""A seeded generator of random patients: plausible stories, with every nasty thing on top."""

from __future__ import annotations

import random
from datetime import UTC, date, datetime, time, timedelta, timezone
from fractions import Fraction
from typing import Any

Line = dict[str, Any]
OFFSETS = (0, 0, 0, 60, 120, -300, 330)
PLATELET_UNITS = {
    "10*9/L": 1, "10*3/uL": 1, "K/uL": 1, "G/L": 1, "/uL": 1000, "/mm3": 1000,
}  # fmt: skip
BASELINES = (0, 2, 5, 8, 9, 10, 12, 15, 16, "18.3", 20, 25, 29, 30, 40, 49, 50, 60, 75)
ODD_BASELINES = ("<5", "<10", "<20", "<50", "<60", "<120", ">90", "99.9", 100, 120)
THRESHOLDS = ("29.9", 30, "30.1", "99.9", 100, "100.1", 28, 27, 31, 36, 99, 101)
CENSORED = ("<10", "<20", "<30", "<31", "<50", "<100", "<110", ">20", ">30", ">50", ">99", ">100",
            ">=30", ">=100", "<=29", "<=30")  # fmt: skip
LEVELS = ("1.2", "3.1", "4.4", "4.5", "4.6", "4.96", "4.99", 5, "5.01", 6, 8, 9, 11, 13, "14.9",
          15, "15.01", 16, "16.5", "16.51", 18, 20, "20.1", 22, 25, "25.1", 30)  # fmt: skip
CENSORED_LEVELS = ("<2.0", "<1.5", "<5", "<6.5", ">4", ">14", ">15", ">18", ">22", ">25", ">30",
                   "<=5", ">=15", "<20")  # fmt: skip
NANOMOLES = ("4.9", "5.46", "5.47", "5.5", 8, "16.40", "16.41", "18.1", 22, "27.5")
REASONS = ("no-response", "loss-of-response", "dependence", "intolerance", "inadequate",
           "remission", "planned", "other", None)  # fmt: skip
STRONG = ("voriconazole", "clarithromycin", "itraconazole", "ketoconazole", "posaconazole",
          "rifampin", "rifabutin", "carbamazepine", "phenobarbital", "phenytoin")  # fmt: skip
PLANS = (
    ("NR",), ("NR",), ("NR", "PR"), ("NR", "PR"), ("PR",), ("CR",), ("NR", "CR"), ("NR", "CR"),
    ("NR", "PR", "CR"), ("NR", "PR", "CR"), ("NR", "PR", "NR", "PR"), ("NR", "CR", "NR", "CR"),
    ("NR", "CR", "PR"), ("PR", "CR", "NR"),
)  # fmt: skip
HARMLESS = ("azithromycin", "fluconazole", "paracetamol")


class Story:
    """The lines of one patient while they are made."""

    def __init__(self, rng: random.Random, name: str) -> None:
        self.rng, self.name = rng, name
        self.lines: list[Line] = []
        self.first = date(2012, 1, 1) + timedelta(rng.randrange(4000))

    def chance(self, p: float) -> bool:
        return self.rng.random() < p

    def when(self, day: float, dates: float = 0.35) -> str:
        """A date, or a date-time with some offset; day counts from the first day."""
        on = self.first + timedelta(int(day // 1))
        if self.chance(dates):
            return on.isoformat()
        hour = self.rng.choice((7, 8, 8, 9, 9, 10, 11, 12, 14, 16, 20, 23, 1))
        minute = self.rng.choice((5, 15, 30, 30, 45, 59))
        zone = timezone(timedelta(minutes=self.rng.choice(OFFSETS)))
        moment = datetime.combine(on, time(hour, minute), zone)
        text = moment.isoformat()
        if zone.utcoffset(None) == timedelta(0) and self.chance(0.5):
            text = text.replace("+00:00", "Z")
        return text

    def add(self, kind: str, at: str, **fields: Any) -> Line:
        line: Line = {"id": f"e{len(self.lines) + 1}", "patient": self.name, "kind": kind, "at": at}
        line.update({k: v for k, v in fields.items() if v is not None})
        if self.chance(0.35):
            line["recorded"] = stamp(end_of(at) + timedelta(minutes=self.rng.choice(
                (0, 1, 30, 90, 600, 1440, 4000, 20000))))  # fmt: skip
        if self.chance(0.03):
            line["note"] = self.rng.choice(("checked by phone", "external laboratory"))
        self.lines.append(line)
        return line

    # --- the kinds ---
    def count(self, at: str, value: object, **fields: Any) -> Line:
        return self.add("platelet_count", at, **self.platelets(value), **fields)

    def platelets(self, value: object) -> dict[str, Any]:
        """The same number in any unit, as a number, as text, or with a comparator."""
        unit = self.rng.choice(tuple(PLATELET_UNITS))
        text = str(value)
        sign = text[: len(text) - len(text.lstrip("<>="))]
        x = Fraction(text.lstrip("<>=")) * PLATELET_UNITS[unit]
        if unit in ("/uL", "/mm3") and 0 < x < 1000:
            unit, x = "10*9/L", x / 1000
        if unit in ("/uL", "/mm3") and x == 0:
            unit = "K/uL"
        plain: object = int(x) if x.denominator == 1 else float(x)
        if sign and self.chance(0.5):
            return {"value": plain, "unit": unit, "comparator": sign}
        if sign:
            return {"value": f"{sign}{plain}", "unit": unit}
        return {"value": str(plain) if self.chance(0.2) else plain, "unit": unit}

    def bleed(self, at: str, grade: int | None = None, cause: str | None = None) -> None:
        grade = self.rng.choice((0, 0, 0, 1, 1, 2, 3, 4)) if grade is None else grade
        if cause is None and grade and self.chance(0.35):
            cause = self.rng.choice(("trauma", "procedure", "menses", "spontaneous"))
        scale = self.rng.choice(("who", "buchanan", "itp-bat", None))
        self.add("bleeding", at, grade=grade, cause=cause, scale=scale)

    def drug(self, at: str, drug: str, action: str, dose: Line | None = None, **more: Any) -> Line:
        return self.add("medication", at, drug=drug, action=action, **(dose or {}), **more)


def end_of(text: str) -> datetime:
    """A moment at or after which a thing dated like this may be recorded."""
    if len(text) == 10:
        return datetime.combine(date.fromisoformat(text), time(12), UTC)
    return datetime.fromisoformat(text).astimezone(UTC)


def stamp(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat().replace("+00:00", "Z")


def patient(rng: random.Random, name: str) -> list[Line]:
    """One random patient: lines in any order."""
    s = Story(rng, name)
    gate(s)
    body(s)
    day = mycophenolate(s, rng.choice((20, 40, 90)))
    if s.chance(0.12):
        day += rng.choice((5, 30, 60))
    if s.chance(0.8):
        end = sirolimus(s, day + rng.choice((0, 1, 3, 10, 15, 20, 30)))
    else:
        end = waiting(s, day)
    others(s, day, end)
    if s.chance(0.12):
        outcome = rng.choice(("death", "transferred", "lost", "lost"))
        s.add("outcome", s.when(end + rng.choice((1, 3, 30))), outcome=outcome)
    if s.chance(0.5):
        add = rng.choice((0, 1, 5, 8, 9, 40, 150))
        s.add("lab", s.when(end + add), test="haemoglobin", value=12.1, unit="g/dL")
    disturb(s)
    tidy(s)
    rng.shuffle(s.lines)
    return s.lines


# --- the gate: diagnoses, findings, laboratory -----------------------------------------------
def gate(s: Story) -> None:
    if s.chance(0.94):
        at = s.when(-s.rng.choice((1, 30, 300)))
        s.add("diagnosis", at, condition="itp",
              verification=s.rng.choice((None, "confirmed")))  # fmt: skip
        if s.chance(0.03):
            s.add("diagnosis", s.when(60), condition="itp", verification="refuted")
    for condition in ("evans", "autoimmune-haemolytic-anaemia", "immune-neutropenia", "alps",
                      "other-secondary"):  # fmt: skip
        if s.chance(0.02):
            s.add("diagnosis", s.when(s.rng.choice((0, 100, 250))), condition=condition)
            if s.chance(0.5):
                s.add("diagnosis", s.when(s.rng.choice((120, 300))), condition=condition,
                      verification="refuted")  # fmt: skip
    profile = s.rng.choices(("none", "all", "ars", "alps", "mixed"), (25, 20, 25, 12, 18))[0]
    if profile == "none":
        return
    p = 1.0 if profile in ("all", "alps") else 0.6
    bad = {"all": 0.0, "ars": 0.4, "alps": 1.0, "mixed": 0.25}[profile]
    early = s.rng.choice((0, 5, 30))
    if s.chance(p):
        lymphopenia = s.chance(0.12)
        if s.chance(0.4):
            value: object = 0.9 if lymphopenia else s.rng.choice((1.5, 2.4, 3.3, "1.49"))
            if s.chance(0.4):
                s.add("lab", s.when(early), test="lymphocytes", unit="/uL",
                      value=round(float(value) * 1000))  # type: ignore[arg-type]  # fmt: skip
            else:
                s.add("lab", s.when(early), test="lymphocytes", value=value,
                      unit=s.rng.choice(("10*9/L", "10*3/uL")))  # fmt: skip
        for _ in range(s.rng.choice((1, 1, 2))):
            test = s.rng.choice(("dnt-of-cd3", "dnt-of-lymphocytes"))
            high = s.chance(max(bad, 0.0))
            limit = 2.5 if test == "dnt-of-cd3" else 1.5
            value = limit + s.rng.choice((0, 0.1, 1.3)) if high else s.rng.choice((0.4, 1.0, 1.4))
            if s.chance(0.05):
                value = s.rng.choice((">1", "<3", "<0.5", ">4"))
            s.add("lab", s.when(early + s.rng.choice((0, 10, 30, 31, 200))), test=test,
                  value=value, unit="%",
                  status="preliminary" if s.chance(0.05) else None)  # fmt: skip
    if s.chance(p):
        present = s.chance(bad)
        at = s.when(s.rng.choice((5, 30, 200)), 0.6)
        on = end_of(at).date()
        back = s.rng.choice((40, 150, 180, 181, 182, 183, 184, 185, 240, 400))
        since = (on - timedelta(back)).isoformat() if present and s.chance(0.9) else None
        s.add("finding", at, finding="lymphoproliferation", present=present, since=since)
        if present and s.chance(0.2):
            s.add("finding", s.when(260), finding="lymphoproliferation", present=s.chance(0.6),
                  since=since)  # fmt: skip
    for finding in ("apoptosis-defect", "alps-gene-variant"):
        if s.chance(p):
            present = s.chance(bad * 0.5)
            assays = s.rng.choice((None, 1, 2)) if finding == "apoptosis-defect" else None
            s.add("finding", s.when(s.rng.choice((5, 200))), finding=finding, present=present,
                  assays=assays if present else None)  # fmt: skip
    for finding in ("typical-histology", "family-history", "igg-raised", "autoantibodies"):
        if s.chance(0.3):
            s.add("finding", s.when(30), finding=finding, present=s.chance(bad * 0.35))
    for test, unit, good, bad_value in (
        ("sfasl", "pg/mL", 120, 260), ("il10", "pg/mL", 9, 31), ("il18", "pg/mL", 300, 640),
        ("b12", "ng/L", 400, 1700), ("b12", "pmol/L", 300, 1200),
    ):  # fmt: skip
        if s.chance(0.15):
            s.add("lab", s.when(31), test=test, unit=unit,
                  value=bad_value if s.chance(bad * 0.4) else good)  # fmt: skip


def body(s: Story) -> None:
    """Person, and height and weight now and then: fresh and stale."""
    years = s.rng.choice((1.5, 3, 6, 9, 11, 13.5, 15, 19))
    if s.chance(0.6):
        birth = s.first - timedelta(int(years * 365.25))
        s.add("person", s.first.isoformat(), birth_date=birth.isoformat(),
              sex=s.rng.choice(("female", "male", None)))  # fmt: skip
    height, weight = 76 + 6 * years, 8 + 3 * years
    if s.chance(0.75):
        for day in range(s.rng.choice((0, 10)), 900, s.rng.choice((25, 60, 150))):
            if s.chance(0.25):
                s.add("measurement", s.when(day, 0.8), weight=weight, weight_unit="kg")
                continue
            s.add("measurement", s.when(day, 0.8), height=height, height_unit="cm",
                  weight=weight, weight_unit="kg")  # fmt: skip


# --- treatments -------------------------------------------------------------------------------
def mmf_dose(s: Story, sodium: bool) -> Line | None:
    k = 0.72 if sodium else 1
    per_m2 = s.rng.choice((1000, 1200, 1000, 1100, 800, 799, 500))
    kind = s.rng.choice(("m2", "m2", "mg", "split", "none"))
    if kind == "none":
        return None
    if kind == "m2":
        return {"dose": round(per_m2 * k), "unit": "mg/m2/d"}
    total = s.rng.choice((360, 720, 1000, 1440, 1500, 2000))
    if kind == "mg":
        return {"dose": total, "unit": "mg/d"}
    return {"dose": total // 2, "unit": "mg", "per_day": 2}


def mycophenolate(s: Story, day: int) -> int:
    """MMF as a story; the day after it."""
    if s.chance(0.12):
        return day
    for again in range(s.rng.choice((1, 1, 1, 2))):
        drug = "mycophenolate-sodium" if s.chance(0.15) else "mycophenolate-mofetil"
        length = s.rng.choice((20, 40, 55, 56, 57, 70, 83, 84, 84, 85, 86, 100, 120, 200, 300))
        stated = "failed" if s.chance(0.2) else None
        base = s.rng.choice((5, 10, 12, 15, 20))
        if s.chance(0.85):
            s.count(s.when(day - s.rng.choice((0, 1, 5))), base)
        s.drug(s.when(day), drug, "start", mmf_dose(s, drug.endswith("sodium")), response=stated)
        responds = s.chance(0.3)
        at = day + 7
        while at < day + length:
            value: object = s.rng.choice((4, 7, 11, 14, 19, 24, "29.9"))
            if responds and at > day + 20 and s.chance(0.7):
                value = s.rng.choice((45, 80, 120, 30))
            if s.chance(0.03):
                value = s.rng.choice(CENSORED)
            if s.chance(0.8):
                s.count(s.when(at), value)
            at += s.rng.choice((10, 20, 30))
        if s.chance(0.15):
            s.drug(s.when(day + length // 2), drug, s.rng.choice(("change", "taper")),
                   mmf_dose(s, drug.endswith("sodium")))  # fmt: skip
        if s.chance(0.08):
            other = "mycophenolate-sodium" if drug.endswith("mofetil") else "mycophenolate-mofetil"
            swap = day + length // 2
            s.drug(s.when(swap), drug, "stop", reason="other")
            s.drug(s.when(swap + s.rng.choice((0, 1, 20))), other, "start", mmf_dose(s, False))
            drug = other
        running = again == 0 and s.chance(0.12)
        if running:
            return day + length
        reason = s.rng.choice(("no-response", "no-response", *REASONS))
        s.drug(s.when(day + length), drug, "stop", reason=reason,
               response="failed" if s.chance(0.04) else None)  # fmt: skip
        day += length + s.rng.choice((3, 20, 27, 28, 29, 60))
    return day


def sirolimus_dose(s: Story) -> Line | None:
    kind = s.rng.choice(("m2", "m2", "mg", "split", "split", "none", "odd"))
    per_m2 = s.rng.choice((2, 2.5, 2.2, 2, 1.8, 1.79, 2.75, 2.76, 1, 4))
    if kind == "m2":
        return {"dose": per_m2, "unit": "mg/m2/d"}
    if kind == "odd":
        return {"dose": s.rng.choice((0.2, 0.25, 20, 20.1, 25, 60)),
                "unit": s.rng.choice(("mg/m2/d", "mg/d"))}  # fmt: skip
    total = s.rng.choice((0.5, 1, 1.5, 2, 2.5, 3, 4, 20))
    if kind == "mg":
        return {"dose": total, "unit": "mg/d"}
    if kind == "split":
        times = s.rng.choice((1, 2))
        return {"dose": total / times, "unit": "mg", "per_day": times}
    return None


def sirolimus(s: Story, day: int) -> int:
    """One to three courses, or one interrupted."""
    end = day
    dose = sirolimus_dose(s)
    for _ in range(s.rng.choices((1, 2, 3), (70, 22, 8))[0]):
        length = s.rng.choice((20, 50, 83, 84, 130, 160, 250, 400, 600))
        base = baseline(s, day)
        start = s.when(day, 0.45)
        s.drug(start, "sirolimus", "start", dose)
        steps = doses(s, day, length, dose)
        follow(s, day, length, base)
        drawn(s, day, length, steps)
        end = day + length
        if s.chance(0.4):
            break
        stop = s.when(end, 0.45)
        if s.chance(0.06):  # stop and start on one date
            s.drug(stop, "sirolimus", "stop", reason="planned")
            day = end
            continue
        s.drug(stop, "sirolimus", "stop", reason=s.rng.choice(REASONS))
        gap = s.rng.choice((5, 14, 27, 28, 28, 29, 29, 45, 90))
        for after in range(3, gap, 9):
            off_drug(s, end + after, base)
        day = end + gap
        end = day
        if s.chance(0.5):
            dose = sirolimus_dose(s)
    for k in range(s.rng.choice((0, 0, 2, 4))):
        off_drug(s, end + 6 + 11 * k, 10)
        end += 6
    return end + 20


def baseline(s: Story, day: int) -> float:
    """Counts before the start; the value that the story goes on with."""
    if s.chance(0.06):
        return 10.0
    value: object = s.rng.choice(ODD_BASELINES if s.chance(0.1) else BASELINES)
    back = s.rng.choice((0, 0, 1, 3, 7, 13, 14, 15, 27, 28, 29))
    if s.chance(0.3):
        s.count(s.when(day - back - s.rng.choice((1, 3))), s.rng.choice((5, 8, 40, 110)))
    if s.chance(0.12):
        therapy = s.rng.choice(("ivig", "platelet-transfusion", "steroid-pulse", "anti-d"))
        s.add("rescue", s.when(day - back - s.rng.choice((0, 1, 6, 7, 8, 27, 28, 29))),
              therapy=therapy)  # fmt: skip
    s.count(s.when(day - back, 0.5), value)
    text = str(value)
    return float(text.lstrip("<>="))


def doses(s: Story, day: int, length: int, dose: Line | None) -> list[int]:
    """Changes, tapers and starts while running; the days on which they were."""
    out = []
    at = day + s.rng.choice((5, 14, 30, 60))
    while at < day + length - 3 and s.chance(0.6):
        action = s.rng.choice(("change", "change", "taper", "taper", "start"))
        new: Line | None = None
        if dose and s.chance(0.75):
            factor = s.rng.choice((0.5, 0.8, 1, 1.25, 1.5) if action != "taper" else (0.5, 0.75))
            new = {**dose, "dose": round(dose["dose"] * factor, 3)}
        elif s.chance(0.3):
            new = sirolimus_dose(s)
        s.drug(s.when(at), "sirolimus", action, new)
        dose = new or dose
        out.append(at)
        at += s.rng.choice((4, 15, 40, 90))
    return out


def value_for(s: Story, state: str, base: float, odd: float = 0.05) -> object:
    if s.chance(odd * 0.8):
        return s.rng.choice(CENSORED)
    if s.chance(odd):
        return s.rng.choice((*THRESHOLDS, 2 * Fraction(str(base)) or 1))
    if state == "CR":
        return s.rng.choice((100, 105, 120, 150, 240, 300, 620))
    if state == "PR":
        low = max(30, int(2 * base))
        return s.rng.randrange(low, 100) if low < 100 else 90
    return s.rng.choice((3, 8, 12, 18, 22, 25, 28, 29, int(base)))


def follow(s: Story, day: int, length: int, base: float) -> None:
    """Counts over a course: a plan of states, with rescues and bleeding around them."""
    plan = s.rng.choice(PLANS)
    at: float = day + s.rng.choice((0, 1, 2, 4, 7))
    odd = s.rng.choice((0.0, 0.03, 0.2))
    careful = s.chance(0.55)  # bleeding is written down at every visit
    while at < day + length:
        state = plan[min(len(plan) - 1, int((at - day) / max(length, 1) * len(plan) * 1.2))]
        when = s.when(at)
        value = value_for(s, state, base, odd)
        fields: Line = {}
        if s.chance(0.03):
            fields["method"] = s.rng.choice(("estimate", "manual", "automated"))
        if s.chance(0.02):
            fields["clumped"] = s.chance(0.8)
        if s.chance(0.03):
            fields["status"] = s.rng.choice(("preliminary", "corrected"))
        s.count(when, value, **fields)
        if s.chance(0.05):
            s.count(when, value if s.chance(0.3) else value_for(s, state, base))
        if s.chance(0.02):
            s.add("platelet_count", s.when(at), clumped=True)
        if s.chance(0.02):
            s.add("platelet_count", s.when(at), value=s.rng.choice((36, 150, 999, 1000)),
                  unit="/uL")  # fmt: skip
        if careful and s.chance(0.92):
            s.bleed(when if s.chance(0.5) else s.when(at - s.rng.choice((0, 1, 7))), 0)
        if s.chance(0.03):
            s.bleed(s.when(at - s.rng.choice((0, 1, 6, 7, 8))))
        if s.chance(0.04):
            s.add("rescue", s.when(at - s.rng.choice((0, 1, 3, 7, 8, 28, 29))),
                  therapy=s.rng.choice(("ivig", "platelet-transfusion", "steroid-pulse",
                                        "anti-d")))  # fmt: skip
        at += s.rng.choice((0.5, 1, 2, 6, 7, 8, 14, 14, 30, 30, 60))
    if s.chance(0.02):
        s.add("procedure", s.when(day + length / 2), procedure="splenectomy")


def off_drug(s: Story, at: int, base: float) -> None:
    if s.chance(0.6):
        s.count(s.when(at), value_for(s, s.rng.choice(("NR", "PR", "CR")), base))
    if s.chance(0.2):
        s.bleed(s.when(at + 1))


def drawn(s: Story, day: int, length: int, steps: list[int]) -> None:
    """Levels, and interacting drugs near them."""
    days = [day + x for x in (3, 6, 7, 14, 40, 70, 100, 160, 220) if x < length and s.chance(0.5)]
    days += [x + s.rng.choice((1, 4, 5, 6, 7, 10)) for x in steps if s.chance(0.7)]
    if s.chance(0.15):
        days.append(day + length + s.rng.choice((-1, 0, 1)))
    shift = s.rng.choice((0, 0, 1, -1))
    for at in days:
        unit = s.rng.choice(("ng/mL", "ng/mL", "ug/L", "nmol/L"))
        pool: tuple[Any, ...] = LEVELS
        if shift:
            pool = LEVELS[16:] if shift > 0 else LEVELS[:8]
        value: object = s.rng.choice(pool)
        if unit == "nmol/L":
            value = s.rng.choice(NANOMOLES)
        elif s.chance(0.12):
            value = s.rng.choice(CENSORED_LEVELS)
        fields: Line = {"value": value, "unit": unit}
        if str(value)[0] not in "<>" and s.chance(0.8):
            fields["value"] = float(str(value))
        if isinstance(value, str) and value[0] in "<>" and s.chance(0.4):
            sign = value[: len(value) - len(value.lstrip("<>="))]
            fields.update(value=float(value.lstrip("<>=")), comparator=sign)
        fields["sample"] = s.rng.choice(("trough", "trough", "trough", "trough", "post-dose",
                                         "unknown", None))  # fmt: skip
        when = s.when(at, 0.2)
        if s.chance(0.3 if len(when) > 10 else 0.03):
            hours = s.rng.choice((2, 9.5, 10, 12, 23, 24))
            fields["last_dose_at"] = stamp(end_of(when) - timedelta(hours=hours))
        if s.chance(0.06):
            fields["matrix"] = s.rng.choice(("serum", "plasma", "whole-blood"))
        if s.chance(0.04):
            fields["status"] = "preliminary"
        drug = "everolimus" if s.chance(0.02) else "sirolimus"
        s.add("drug_level", when, drug=drug, **fields)
        if s.chance(0.12):
            name = s.rng.choice((*STRONG, *HARMLESS))
            begin = at - s.rng.choice((0, 1, 6, 7, 10, 20))
            s.drug(s.when(begin), name, "start")
            if s.chance(0.7):
                s.drug(s.when(begin + s.rng.choice((0, 2, 7, 14))), name, "stop")


def others(s: Story, day: int, end: int) -> None:
    """Corticosteroids short and long, TPO agonists, rituximab, stray medication lines."""
    if s.chance(0.35):
        begin = day - s.rng.choice((5, 30, 60, 100))
        name = s.rng.choice(("prednisone", "prednisolone", "dexamethasone", "hydrocortisone",
                             "methylprednisolone"))  # fmt: skip
        length = s.rng.choice((5, 28, 59, 61, 62, 90, 200, 300))
        s.drug(s.when(begin), name, "start", {"dose": 20, "unit": "mg/d"})
        if s.chance(0.5):
            s.drug(s.when(begin + length // 2), name, "taper", {"dose": 5, "unit": "mg/d"})
        if s.chance(0.9):
            s.drug(s.when(begin + length), name, "stop")
            if s.chance(0.3):
                again = begin + length + s.rng.choice((0, 10, 27, 28, 29))
                s.drug(s.when(again), s.rng.choice((name, "prednisone")), "start")
                s.drug(s.when(again + 60), name, "stop")
    if s.chance(0.1):
        name = s.rng.choice(("eltrombopag", "romiplostim", "rituximab"))
        s.drug(s.when(day + 20), name, "start")
        s.drug(s.when(day + 80), name, "stop")
    if s.chance(0.05):
        s.drug(s.when(day - 40), s.rng.choice(("sirolimus", "prednisone")),
               s.rng.choice(("change", "taper", "stop")))  # fmt: skip
    if s.chance(0.04):
        s.bleed(s.when(end + 2), s.rng.choice((1, 2, 3)))


def waiting(s: Story, day: int) -> int:
    """No sirolimus: counts and bleeding round the rescue suggestion."""
    at = day + s.rng.choice((1, 10))
    for _ in range(s.rng.choice((2, 4, 7))):
        value: object = s.rng.choice((5, 12, 20, 29, "29.9", 30, 45, 110, 8, 22))
        if s.chance(0.08):
            value = s.rng.choice(CENSORED)
        s.count(s.when(at), value)
        if s.chance(0.15):
            s.add("rescue", s.when(at - s.rng.choice((0, 1, 7, 8))),
                  therapy=s.rng.choice(("ivig", "platelet-transfusion")))  # fmt: skip
        if s.chance(0.3):
            s.bleed(s.when(at + s.rng.choice((1, 5, 12))))
        at += s.rng.choice((3, 9, 14, 30, 45))
    return at


# --- what happens to records ------------------------------------------------------------------
def disturb(s: Story) -> None:
    """Late records, corrections, voids, preliminary-then-final, duplicates, conflicts."""
    for line in list(s.lines):
        moment = end_of(line.get("recorded") or line["at"])
        later = stamp(moment + timedelta(hours=s.rng.choice((1, 30, 24 * 20))))
        roll = s.rng.random()
        if roll < 0.02:
            void = {k: line[k] for k in ("id", "patient", "kind", "at")}
            status = s.rng.choice(("entered-in-error", "cancelled"))
            s.lines.append({**void, "recorded": later, "status": status})
        elif roll < 0.05 and line["kind"] in ("platelet_count", "drug_level"):
            fixed = {**line, "recorded": later, "status": "corrected"}
            fixed.update(changed(s, line))
            s.lines.append(fixed)
            if s.chance(0.2):  # corrected twice
                again = stamp(moment + timedelta(days=40))
                s.lines.append({**fixed, **changed(s, line), "recorded": again})
        elif roll < 0.06 and line["kind"] == "platelet_count":
            s.lines.append({**line, "status": "final", "recorded": later})
            line["status"] = "preliminary"
        elif roll < 0.075 and line["kind"] in ("medication", "bleeding"):
            day = s.rng.choice((-1, 1, 2))
            moved = (end_of(line["at"]) + timedelta(day)).date().isoformat()
            if s.chance(0.8):
                s.lines.append({**line, "at": moved,
                                "recorded": stamp(moment + timedelta(days=3))})  # fmt: skip
        elif roll < 0.10:
            s.lines.append(dict(line))
        elif roll < 0.105 and line["kind"] == "platelet_count":
            s.lines.append({**line, **changed(s, line)})
            if s.chance(0.5):
                s.lines.append({**line, "recorded": later, "status": "corrected"})


def changed(s: Story, line: Line) -> Line:
    if line["kind"] == "drug_level":
        return {"value": float(s.rng.choice(("4.2", "7", "16", "21"))), "unit": "ng/mL",
                "comparator": None}  # fmt: skip
    return {"comparator": None, "value": None, "unit": None,
            **s.platelets(s.rng.choice((12, 40, 112, "29.9", 30)))}  # fmt: skip


def tidy(s: Story) -> None:
    """No empty fields; no conflict as the newest line (CHOICES.md 5)."""
    s.lines = [{k: v for k, v in line.items() if v is not None} for line in s.lines]
    top = max(end_of(x.get("recorded") or x["at"]) for x in s.lines)
    s.lines.append({
        "id": "z", "patient": s.name, "kind": "lab", "test": "creatinine", "value": 0.5,
        "unit": "mg/dL", "at": stamp(top + timedelta(hours=1)),
    })  # fmt: skip


def cohort(seed: int, n: int) -> list[list[Line]]:
    """n patients, each from its own seed, so that one can be made again alone."""
    return [patient(random.Random(f"{seed}/{i}"), f"p{seed}-{i}") for i in range(n)]


def moments(rng: random.Random, lines: list[Line], k: int = 3) -> list[str]:
    """As-of moments worth asking about: at and just around what was recorded."""
    out = []
    for _ in range(k):
        at = end_of(rng.choice([x.get("recorded") or x["at"] for x in lines]))
        at += timedelta(hours=rng.choice((0, 0, -1, 12, 24 * 9)))
        out.append(at.date().isoformat() if rng.random() < 0.4 else stamp(at))
    return out
