"""CLIPS (clipspy): facts of the past stay in the environment, each event comes and goes.

The host adds the baseline alone. An environment grows slower with use, whatever is reset, so a new
one is made after every hundred patients.
"""

from __future__ import annotations

from collections.abc import Iterator

from hosting import PR_FOLD
from measuring import Conclusion, Event, Judge, contest, missing

try:
    import clips
except ImportError:
    raise missing("clipspy") from None

PATIENTS_AN_ENVIRONMENT = 100

EVENT = """(deftemplate event (slot kind (type SYMBOL)) (slot value (type NUMBER) (default 0))
  (slot rise (type SYMBOL) (default unknown)) (slot drug (type STRING) (default ""))
  (slot action (type SYMBOL) (default none)) (slot cause (type SYMBOL) (default none)))"""

RULES = """
(defrule complete (started) (event (kind platelet_count) (value ?v&:(>= ?v 100)))
  => (conclude "response.cr"))
(defrule partial (started)
  (event (kind platelet_count) (value ?v&:(>= ?v 30)&:(< ?v 100)) (rise enough))
  => (conclude "response.pr"))
(defrule none-low (started) (event (kind platelet_count) (value ?v&:(< ?v 30)))
  => (conclude "response.nr"))
(defrule none-fold (started)
  (event (kind platelet_count) (value ?v&:(>= ?v 30)&:(< ?v 100)) (rise small))
  => (conclude "response.nr"))
(defrule respond (started) (not (responded))
  (event (kind platelet_count) (value ?v&:(>= ?v 30)) (rise ?r))
  (test (or (>= ?v 100) (eq ?r enough))) => (assert (responded)))
(defrule low (started) (event (kind drug_level) (drug "sirolimus") (value ?v&:(< ?v 5)))
  => (conclude "level.low"))
(defrule target (started)
  (event (kind drug_level) (drug "sirolimus") (value ?v&:(>= ?v 5)&:(<= ?v 15)))
  => (conclude "level.target"))
(defrule high (started) (event (kind drug_level) (drug "sirolimus") (value ?v&:(> ?v 15)))
  => (conclude "level.high"))
(defrule mycophenolate (event (kind medication) (drug "mycophenolate-mofetil"))
  => (assert (failed)))
(defrule eligible (declare (salience 1)) (failed) (not (started))
  (event (kind medication) (drug "sirolimus") (action start) (value ?v&:(< ?v 30)))
  => (conclude "rescue.eligible"))
(defrule start (not (started)) (event (kind medication) (drug "sirolimus") (action start))
  => (assert (started)))
(defrule stop (event (kind medication) (drug "sirolimus") (action stop)) => (assert (off)))
(defrule again ?off <- (off) (event (kind medication) (drug "sirolimus") (action start))
  => (retract ?off))
(defrule recurrence (off) (responded) (event (kind platelet_count) (value ?v&:(< ?v 30)))
  => (conclude "recurrence.count"))
(defrule bleeding (off) (responded)
  (event (kind bleeding) (value ?v&:(>= ?v 1)) (cause spontaneous))
  => (conclude "recurrence.bleeding"))
"""


class Session:
    """An environment, what it concluded about the event in it, and how many patients it had."""

    def __init__(self) -> None:
        self.found: list[str] = []
        self.patients = 0
        self.environment = clips.Environment()
        self.environment.define_function(self.found.append, "conclude")
        self.environment.build(EVENT)
        for rule in RULES.split("\n(defrule ")[1:]:
            self.environment.build(f"(defrule {rule.strip()}")
        self.event = self.environment.find_template("event")


def prepare() -> Judge:
    """Return a judge that resets the environment for each patient."""
    session = Session()

    def judge(events: list[Event]) -> Iterator[Conclusion]:
        nonlocal session
        if session.patients == PATIENTS_AN_ENVIRONMENT:
            session = Session()
        session.patients += 1
        session.environment.reset()
        for event, slots, baseline in _slots(events):
            session.found.clear()
            fact = session.event.assert_fact(**slots)
            session.environment.run()
            fact.retract()
            rests = [event["id"]] if baseline is None else [event["id"], baseline["id"]]
            for name in session.found:
                yield event, name, rests

    return judge


def _slots(events: list[Event]) -> Iterator[tuple[Event, Event, Event | None]]:
    """Yield each event that some rule reads as slots of a fact, and the baseline if it is known."""
    baseline, started = None, False
    for event in events:
        kind = event["kind"]
        slots: Event = {"kind": clips.Symbol(kind)}
        if kind == "platelet_count":
            slots["value"] = event["value"]
            if not started:
                baseline = event
                continue
            if baseline is not None:
                is_enough = event["value"] >= PR_FOLD * baseline["value"]
                slots["rise"] = clips.Symbol("enough" if is_enough else "small")
        elif kind == "drug_level":
            slots["value"], slots["drug"] = event["value"], event["drug"]
        elif kind == "medication":
            slots["drug"], slots["action"] = event["drug"], clips.Symbol(event["action"])
            if event["drug"] == "sirolimus" and event["action"] == "start":
                # Not low, where no count is known.
                slots["value"] = baseline["value"] if baseline is not None else 30
                started = True
        elif kind == "bleeding":
            slots["value"], slots["cause"] = event["grade"], clips.Symbol(event["cause"])
        else:
            continue
        yield event, slots, baseline


if __name__ == "__main__":
    contest(prepare)
