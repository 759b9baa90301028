"""The commands of itp-cds: each reads its options, calls the engine and prints a report.

What is heavy is imported inside the commands, so that `--help` answers at once.
"""

from __future__ import annotations

import atexit
import gc
import io
import os
import sys
from typing import TYPE_CHECKING, Any

import click

import cli_alerts
import cli_rules
import cli_spark
import cli_store
import cli_watch
from cli_options import (
    about_one_patient,
    finish,
    folder_named,
    run_over,
    setup_of,
    with_format,
    with_on_error,
    with_setup,
    with_store,
)

if TYPE_CHECKING:
    from engine.run import OnError

NAME = "itp-cds"
DEBUG_SWITCH = "ITP_CDS_DEBUG"
# A rulebook lives as long as the program, and is more than a hundred thousand objects: to look
# through what is new for garbage before all of it is there is a tenth of a short run.
NEW_OBJECTS_A_SEARCH = 200_000


class Program(click.Group):
    """The group of all commands; every error ends with a sentence and a code of its own."""

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command that was asked for."""
        try:
            try:
                return super().invoke(ctx)
            finally:
                sys.stdout.flush()
        except (click.ClickException, click.exceptions.Exit, click.Abort):
            raise
        except (Exception, KeyboardInterrupt) as error:
            from engine.reports.faults import PIPE_CLOSED, ending_of

            code, words = ending_of(error, os.environ, DEBUG_SWITCH)
            if code == PIPE_CLOSED:  # nobody reads on: what is still buffered has nowhere to go
                os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
            if words:
                click.echo(words, err=True)
            ctx.exit(code)


def _version(ctx: click.Context, _option: click.Parameter, asked: bool) -> None:
    if asked and not ctx.resilient_parsing:
        from importlib.metadata import PackageNotFoundError, version

        try:
            click.echo(f"{NAME} {version(NAME)}")
        except PackageNotFoundError:
            click.echo(f"{NAME}, from a checkout that is not installed")
        ctx.exit()


@click.group(cls=Program, context_settings={"help_option_names": ["-h", "--help"]})
@click.option("--version", is_flag=True, is_eager=True, expose_value=False, callback=_version,
              help="Show the version and exit.")
def program() -> None:
    """Judge the events of patients by cited rules, and give every reason.

    \b
    Exit codes: 0 done; 1 a fault of the program; 2 wrong usage;
    3 the rulebook has problems; 4 a rulebook's example failed; 5 input refused;
    6 a store is not whole; 7 a certificate does not stand.
    """


for command in (cli_store.ingest, cli_store.refused, cli_store.audit, cli_store.history,
                cli_alerts.alerts, cli_alerts.show, cli_alerts.ack, cli_alerts.snooze,
                cli_watch.watch, cli_rules.rules):
    program.add_command(command)


@program.command()
@click.argument("events", nargs=-1, metavar="EVENTS...")
@click.option("--as-of", metavar="T", help="Assess by what was known at T; a date counts to its "
              "end.  [default: each patient's newest record]")
@click.option("--patient", "patients", metavar="P", multiple=True,
              help="Only this patient; may be repeated.")
@with_format("table", "json", "ndjson", "parquet",
             told="What to print; parquet with --to only.")
@click.option("--jobs", type=click.IntRange(min=1), default=1, show_default=True, metavar="N",
              help="How many processes to use; the result is the same.")
@click.option("--grouped", is_flag=True, help="Each patient's lines stand together: memory does "
              "not grow with their number, and patients keep the order of the input.")
@with_on_error("Assess nothing if a line is refused, or the rest.")
@cli_spark.with_engine
@with_store
@with_setup
@click.pass_context
def assess(ctx: click.Context, /, events: tuple[str, ...], patients: tuple[str, ...], form: str,
           jobs: int, grouped: bool, engine: str, to: str | None, checkpoint: str | None,
           **options: Any) -> None:
    """Assess every patient in EVENTS: files of NDJSON, plain or gzip, or - for standard input.

    With --store, assess every patient of a store; --as-of T is then by what it had received by T,
    and by the rulebook in force at T.
    """
    if engine == "spark":
        more = {**options, "form": form, "jobs": jobs, "grouped": grouped}
        cli_spark.assess(ctx, events, patients, to, checkpoint, more)
    cli_spark.refuse_without_spark(form, to, checkpoint)
    if jobs > 1:
        from engine.workers import prepare

        prepare()
    from engine.reports.output import print_assessments, teller
    from engine.reports.progress import Meter

    meter = Meter(sys.stderr.isatty() and not (sys.stdout.isatty() and form != "table"))
    with run_over(ctx, events, patients, options, meter.reading(events)) as run:
        run.grouped, run.jobs = grouped, jobs
        try:
            print_assessments(run, meter.counting(run.told(events or ("",), teller(form)),
                                                  lambda: run.to_do), form)
        finally:
            meter.stop()
    for name in sorted(run.reader.missing):
        click.echo(f"No line of patient {name!r} was accepted: check the name.", err=True)
    finish(ctx, run)


@program.command()
@click.argument("patient", metavar="PATIENT")
@click.argument("events", nargs=-1, metavar="EVENTS...")
@click.option("--what", multiple=True, metavar="NAME", help="A conclusion, an alert or a fact; may "
              "be repeated.  [default: the summary and the open alerts]")
@about_one_patient("Explain", "Explain what held")
@click.pass_context
def why(ctx: click.Context, /, patient: str, events: tuple[str, ...], what: tuple[str, ...],
        at: str | None, form: str, **options: Any) -> None:
    """Explain why PATIENT was judged so: from the conclusion to rule, criterion, fact and event."""
    from engine.reports.why_output import print_why
    from engine.request import moment_named

    with run_over(ctx, events, [patient], options) as run:
        print_why(run, events or ("",), patient, what,
                  moment_named(at, run.setup.zone) if at else None, form)
    finish(ctx, run)


@program.command()
@click.argument("patient", metavar="PATIENT")
@click.argument("events", nargs=-1, metavar="EVENTS...")
@click.option("--what", multiple=True, required=True, metavar="NAME=VALUE",
              help="A conclusion and a value that it has not, an alert that is not open (NAME "
              "alone), or a fact and yes or no; may be repeated.")
@about_one_patient("Answer", "Ask what stood against it")
@click.pass_context
def whynot(ctx: click.Context, /, patient: str, events: tuple[str, ...], what: tuple[str, ...],
           at: str | None, form: str, **options: Any) -> None:
    """Say what stood against a conclusion about PATIENT, and what would have brought it about.

    The smallest changes in the facts are looked for, and each is checked by assessing the patient
    with it. This is a statement about the rules, never advice about the patient.
    """
    from engine.reports.whynot_output import print_whynot
    from engine.request import moment_named

    with run_over(ctx, events, [patient], options) as run:
        print_whynot(run, events or ("",), patient, what,
                     moment_named(at, run.setup.zone) if at else None, form)
    finish(ctx, run)


@program.command()
@click.argument("events", nargs=-1, required=True, metavar="EVENTS...")
@click.option("--by", metavar="FIELD", help="Put a plain table by this field of the summary first, "
              "such as group.")
@click.option("--of", "field", metavar="FIELD", default="",
              help="Which field that table shows.  [default: the cohort's outcome]")
@click.option("--cohort", "name", metavar="NAME",
              help="Which cohort of the rulebook.  [default: its first]")
@click.option("--printed/--no-printed", default=True, show_default=True,
              help="Show printed figures beside the computed ones, and what differs.")
@click.option("--as-of", metavar="T", help="Assess by what was known at T; a date counts to its "
              "end.  [default: each patient's newest record]")
@with_format("table", "json")
@with_on_error("Assess nothing if a line is refused, or the rest.")
@with_setup
@click.pass_context
def cohort(ctx: click.Context, /, events: tuple[str, ...], by: str | None, field: str,
           name: str | None, printed: bool, as_of: str | None, form: str, on_error: OnError,
           **options: Any) -> None:
    """Put the assessments of EVENTS together: tables and tests, beside the printed figures."""
    from engine.cohort.crosstab import question
    from engine.cohort.definition import definition_named
    from engine.cohort.report import cohort_report
    from engine.events.intake import Intake
    from engine.reports.cohort_output import print_cohort
    from engine.reports.output import page_console
    from engine.request import moment_named
    from engine.run import Run
    from engine.sources.patients import PatientReader

    setup = setup_of(options)
    definition = definition_named(folder_named(options["rulebook"]), setup.rulebook, name)
    asked = question(setup.rulebook, definition, by, field) if by else None
    moment = moment_named(as_of, setup.zone) if as_of else None
    run = Run(setup, PatientReader(Intake(setup.rulebook.vocabulary, setup.zone)), moment, on_error)
    report = cohort_report(run.assessments(events), definition, asked, compare=printed)
    print_cohort(run, report, form, page_console())
    finish(ctx, run)


def main() -> None:
    """Run the program."""
    gc.set_threshold(NEW_OBJECTS_A_SEARCH)
    atexit.register(gc.freeze)  # what is left at the end goes with the process, unsearched
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="backslashreplace")
    program(prog_name=NAME)


if __name__ == "__main__":
    main()
