"""The commands of the store: what comes in, what was refused, and whether it is whole.

What is heavy is imported inside the commands, so that `--help` answers at once.
"""

from __future__ import annotations

from typing import Any, BinaryIO

import click

import cli_options
from cli_options import tell_replaced, wish_of, with_setup

_ADVICE = "The rest was stored; these are kept, with their reasons: see itp-cds refused."


@click.command()
@click.argument("events", nargs=-1, required=True, metavar="EVENTS...")
@cli_options.in_store(", made if it is not there")
@cli_options.with_format("table", "ndjson",
                         told="Print a summary, or a line for each group on the disk.")
@with_setup
@click.pass_context
def ingest(ctx: click.Context, /, events: tuple[str, ...], store: str, form: str,
           **options: Any) -> None:
    """Put the lines of EVENTS into a store, each once; what is refused is kept with its reasons."""
    from engine.events.intake import Intake
    from engine.reports.faults import DONE, REFUSED
    from engine.reports.refusals import more_refused_in_words
    from engine.reports.store_output import print_tallies, tally_in_words
    from engine.sources.ndjson import read_lines
    from engine.store.asked import by_now
    from engine.store.file import opened
    from engine.store.ingesting import Ingest

    with opened(store, cli_options.now, make=True) as base:
        answering = by_now(base, wish_of(options))
        tell_replaced(answering)
        vocabulary = answering.rulebook.vocabulary
        taking = Ingest(base, Intake(vocabulary, answering.zone),
                        vocabulary.future_tolerance)
        lines = (line for path in events for line in read_lines(path))
        print_tallies(taking.groups(lines, cli_options.now), form)
    if form == "table":
        click.echo(tally_in_words(taking.tally))
    tally = taking.tally
    for words in more_refused_in_words(tally.shown, tally.refused, _ADVICE):
        click.echo(words, err=True)
    ctx.exit(REFUSED if tally.refused else DONE)


@click.command()
@cli_options.in_store()
@cli_options.with_format("table", "ndjson")
def refused(store: str, form: str) -> None:
    """List the lines that a store refused: when, from where, and why."""
    from engine.reports.store_output import print_refused
    from engine.store.file import opened
    from engine.store.reading import refused_lines

    with opened(store, cli_options.now) as base:
        print_refused(refused_lines(base), form)


@click.command()
@click.argument("patient", metavar="PATIENT")
@click.argument("events", nargs=-1, metavar="[EVENTS...]")
@click.option("--what", multiple=True, metavar="NAME", help="Only changes of this conclusion or "
              "alert; may be repeated.")
@click.option("--from", "start", metavar="T", help="Only what became known at T or later.")
@click.option("--to", "end", metavar="T", help="Only what was known by T, and what time had "
              "changed by then; a date counts to its end.")
@cli_options.with_format("table", "json", "ndjson")
@cli_options.with_on_error(
    "Tell nothing if a line of the patient is refused, or do without it.")
@cli_options.with_store
@with_setup
@click.pass_context
def history(ctx: click.Context, /, patient: str, events: tuple[str, ...], what: tuple[str, ...],
            start: str | None, end: str | None, form: str, **options: Any) -> None:
    """Show every change of what is concluded about PATIENT: when it was so, and when it was known.

    For each moment at which something became known: what was learnt, and what that began, ended,
    withdrew or mended. Files go by `recorded`; a store by the moment of receipt.
    """
    from engine.reports.history_output import print_history

    with cli_options.history_over(ctx, patient, events, options, (start, end), what) as asked:
        told, names, run = asked
        if told is not None:
            print_history(told, names, form, run.refused)
    cli_options.finish(ctx, run)


@click.group()
def audit() -> None:
    """Check what is stored, and what was concluded from it."""


@audit.command()
@cli_options.in_store()
@click.option("--witness", "witnesses", metavar="LOG:COUNT:CHAIN", multiple=True,
              help="A line that verify printed before, kept elsewhere; may be repeated.")
@cli_options.with_format("table", "json")
@click.pass_context
def verify(ctx: click.Context, /, store: str, witnesses: tuple[str, ...], form: str) -> None:
    """Find every row of a store that is not as it was written; exit with 6 if there is one."""
    from engine.reports.faults import DONE, NOT_WHOLE
    from engine.reports.store_output import print_verdict
    from engine.store.file import opened
    from engine.store.verify import findings, heads
    from engine.store.witness import witness_named

    noted = [witness_named(each) for each in witnesses]
    with opened(store, cli_options.now, as_is=True) as base:
        found = list(findings(base, noted))
        print_verdict(found, [] if found else heads(base), form)
    ctx.exit(NOT_WHOLE if found else DONE)


@audit.command()
@click.argument("file", type=click.File("rb"), metavar="FILE")
@click.argument("events", nargs=-1, metavar="[EVENTS...]")
@click.option("--store", metavar="S", help="Look for the events and the rulebook in this store.")
@click.option("--rulebook", metavar="DIR", default=None, help="Folder or name of the rulebook.  "
              "[default: the copy in the store, or that of the certificate's name]")
@cli_options.with_format("table", "json")
@click.pass_context
def check(ctx: click.Context, /, file: BinaryIO, events: tuple[str, ...], store: str | None,
          rulebook: str | None, form: str) -> None:
    """Check a certificate, FILE as `why --format json` prints it; exit with 7 if it does not stand.

    First it is worked out again from the values in it, without the engine. With EVENTS or --store
    it is derived again from its events, and from all that is known since.
    """
    from engine.certificate.checking import checked
    from engine.certificate.shape import read_certificate
    from engine.reports.check_output import print_check
    from engine.reports.faults import DONE, NOT_STANDING

    certificate, raw = read_certificate(file.name, file.read())
    with cli_options.grounds_for(certificate, events, store, rulebook) as grounds:
        found = checked(certificate, raw, grounds)
        print_check(found, form)
    ctx.exit(DONE if found.stands else NOT_STANDING)
