"""The commands for alerts: the worklist, what somebody decides, and what happens as it happens.

What is heavy is imported inside the commands, so that `--help` answers at once.
"""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import click

import cli_options

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from engine.events.event import Refusal
    from engine.store.asked import Answering
    from engine.store.file import Store
    from engine.store.ward import Ward

STATES = ("open", "acknowledged", "snoozed", "suppressed", "resolved", "withdrawn", "all")
_REFUSED = "The rulebook in force does not understand these lines; no alert rests on them."
_CONTRADICTED = "No alert rests on these lines until a later one says which is right."


@click.command()
@cli_options.in_store()
@click.option("--patient", "patients", metavar="P", multiple=True,
              help="Only this patient; may be repeated.")
@click.option("--rule", "rules", metavar="R", multiple=True,
              help="Only alerts of this rule; may be repeated.")
@click.option("--state", "states", type=click.Choice(STATES), multiple=True, default=("open",),
              show_default=True, help="Only alerts in this state; may be repeated.")
@click.option("--as-of", metavar="T", help="The worklist as it had been written by T; a date "
              "counts to its end.")
@cli_options.with_format("table", "json")
def alerts(store: str, patients: tuple[str, ...], rules: tuple[str, ...],
           states: tuple[str, ...], as_of: str | None, form: str) -> None:
    """Show the worklist of a store: the gravest alerts first, then the oldest.

    Brings every patient up to date first, by the rulebook in force and as of now.
    """
    from engine.alerts.policy import policy_of
    from engine.alerts.worklist import Filter, worklist
    from engine.events.intake import Intake
    from engine.reports.alert_output import print_alerts
    from engine.request import past_moment_named
    from engine.store.asked import check_wanted
    from engine.store.contradictions import contradictions
    from engine.store.steps import all_alerts

    with _opened(store) as (base, answering):
        zone = answering.zone
        now = cli_options.now()
        moment = past_moment_named(as_of, zone, now) if as_of else now
        wanted = Filter(patients, rules, () if "all" in states else states)
        check_wanted(base, answering.rulebook, wanted)
        if not as_of:
            ward = _ward(base, answering)
            for _ in ward.catch_up(now):
                pass
            _tell(ward.refused, _REFUSED)
        unclear = contradictions(base, Intake(answering.rulebook.vocabulary, zone), moment,
                                 patients)
        _tell(unclear, _CONTRADICTED)
        found = worklist(all_alerts(base, moment if as_of else None), wanted)
        print_alerts(found, answering.rulebook, policy_of(answering.rulebook), moment, zone, form,
                     unclear)


@click.command()
@click.argument("name", metavar="ID")
@cli_options.in_store()
@cli_options.with_format("table", "json")
def show(name: str, store: str, form: str) -> None:
    """Show one alert: what it says, how it stands, and everything that has become of it."""
    import shlex

    from engine.alerts.policy import policy_of
    from engine.reports.alert_output import print_one
    from engine.store.deciding import alert_named
    from engine.store.steps import steps_of

    with _opened(store) as (base, answering):
        _brought(base, answering, name)
        alert = alert_named(base, name)
        asked = shlex.join([alert.patient, "--store", store, "--what", alert.record.rule])
        hint = f"Why: itp-cds why {asked}"
        print_one(alert, steps_of(base, alert.patient, alert.key), policy_of(answering.rulebook),
                  answering.zone, hint, form)


@click.command()
@click.argument("name", metavar="ID")
@cli_options.in_store()
@click.option("--by", metavar="NAME", required=True, help="Who acknowledges it.")
@click.option("--reason", metavar="TEXT", required=True, help="What was done, or why nothing is.")
@cli_options.with_format("table", "json")
def ack(name: str, store: str, by: str, reason: str, form: str) -> None:
    """Acknowledge an alert: it was seen and dealt with.

    It comes back when it is graver than it was, when what it rested on is corrected, or when it
    still holds after the time that the rulebook gives.
    """
    _decide(store, name, "acknowledged", by, reason, None, form)


@click.command()
@click.argument("name", metavar="ID")
@cli_options.in_store()
@click.option("--until", metavar="T", required=True, help="When it comes back; a date is its "
              "beginning.")
@click.option("--by", metavar="NAME", required=True, help="Who puts it off.")
@click.option("--reason", metavar="TEXT", required=True, help="Why it can wait.")
@cli_options.with_format("table", "json")
def snooze(name: str, store: str, until: str, by: str, reason: str, form: str) -> None:
    """Put an alert off until a time, no longer than the rulebook allows for its severity."""
    _decide(store, name, "snoozed", by, reason, until, form)


def _decide(store: str, name: str, what: Any, by: str, reason: str, until: str | None,
            form: str) -> None:
    from engine.alerts.policy import policy_of
    from engine.reports.alert_output import print_decided
    from engine.request import moment_named
    from engine.store.deciding import take_decision

    with _opened(store) as (base, answering):
        end = moment_named(until, answering.zone).start if until else None
        step = take_decision(base, _brought(base, answering, name), name, what, by, reason, end)
        print_decided(step, policy_of(answering.rulebook), answering.zone, form)


@contextmanager
def _opened(store: str) -> Iterator[tuple[Store, Answering]]:
    from engine.store.asked import in_use
    from engine.store.file import opened

    with opened(store, cli_options.now) as base:
        yield base, in_use(base)


def _ward(base: Store, answering: Answering) -> Ward:
    from engine.assess import Assessor
    from engine.store.ward import Ward

    return Ward(base, Assessor(answering.rulebook, answering.zone))


def _brought(base: Store, answering: Answering, name: str) -> Ward:
    """Bring the patient of an alert up to date, say what could not be used, and give the ward."""
    ward = _ward(base, answering)
    ward.bring_for(name, cli_options.now())
    _tell(ward.refused, _REFUSED)
    _tell(ward.contradicted, _CONTRADICTED)
    return ward


def _tell(refused: Sequence[Refusal], advice: str) -> None:
    from engine.reports.refusals import refusals_in_words

    for words in refusals_in_words(refused, advice):
        click.echo(words, err=True)
