"""The commands of itp-cds: each reads its options, calls the engine and prints a report.

What is heavy is imported inside the commands, so that `--help` answers at once.
"""

from __future__ import annotations

import io
import os
import sys
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from engine.pool import Setup
    from engine.rulebook.definitions import Rulebook
    from engine.run import OnError, Run

NAME = "itp-cds"
DEFAULT_RULEBOOK = "itp-sirolimus"
DEBUG_SWITCH = "ITP_CDS_DEBUG"
_REFUSED_ADVICE = {
    "stop": "Nothing was assessed: mend these lines, or assess the rest with --on-error skip.",
    "skip": "The rest was assessed without them.",
}


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
    3 the rulebook has problems; 4 a rulebook's example failed; 5 input refused.
    """


def with_setup(command: Callable[..., None]) -> Callable[..., None]:
    """Add the options that say with which rulebook, and how, patients are assessed."""
    for option in reversed((
        click.option("--rulebook", metavar="DIR", default=None,
                     help=f"Folder or name of a rulebook.  [default: {DEFAULT_RULEBOOK}]"),
        click.option("--set", "settings", metavar="NAME=VALUE", multiple=True,
                     help="Set a parameter of the rulebook; may be repeated."),
        click.option("--timezone", metavar="TZ", default="UTC", show_default=True,
                     help="The patients' time zone (IANA), in which dates are days."),
        click.option("--network", type=click.Choice(["durable", "reference"]), hidden=True,
                     help="Which inference network to ask."),
        click.option("--no-kept-answers", is_flag=True, hidden=True,
                     help="Ask the network anew each time."),
    )):
        command = option(command)
    return command


def _setup(options: dict[str, Any]) -> Setup:
    from engine.pool import Setup
    from engine.request import settings_named, zone_named

    zone = zone_named(options["timezone"])
    rulebook = _rulebook(options["rulebook"], settings_named(options["settings"]))
    return Setup(rulebook, zone, options["network"],
                 keep_answers=not options["no_kept_answers"])


@program.command()
@click.argument("events", nargs=-1, required=True, metavar="EVENTS...")
@click.option("--as-of", metavar="T", help="Assess by what was known at T; a date counts to its "
              "end.  [default: each patient's newest record]")
@click.option("--patient", "patients", metavar="P", multiple=True,
              help="Only this patient; may be repeated.")
@click.option("--format", "form", type=click.Choice(["table", "json", "ndjson"]), default="table",
              show_default=True, help="What to print.")
@click.option("--jobs", type=click.IntRange(min=1), default=1, show_default=True, metavar="N",
              help="How many processes to use; the result is the same.")
@click.option("--grouped", is_flag=True, help="Each patient's lines stand together: memory does "
              "not grow with their number, and patients keep the order of the input.")
@click.option("--on-error", type=click.Choice(["stop", "skip"]), default="stop",
              show_default=True, help="Assess nothing if a line is refused, or the rest.")
@with_setup
@click.pass_context
def assess(ctx: click.Context, /, events: tuple[str, ...], as_of: str | None,
           patients: tuple[str, ...], form: str, jobs: int, grouped: bool, on_error: OnError,
           **options: Any) -> None:
    """Assess every patient in EVENTS: files of NDJSON, plain or gzip, or - for standard input."""
    from engine.events.intake import Intake
    from engine.reports.output import print_assessments
    from engine.reports.progress import Meter
    from engine.request import moment_named
    from engine.run import Run
    from engine.sources.patients import PatientReader

    setup = _setup(options)
    moment = moment_named(as_of, setup.zone) if as_of else None
    meter = Meter(sys.stderr.isatty() and not (sys.stdout.isatty() and form != "table"))
    reader = PatientReader(Intake(setup.rulebook.vocabulary, setup.zone), patients,
                           meter.reading(events))
    run = Run(setup, reader, moment, on_error, grouped, jobs)
    try:
        print_assessments(run, meter.counting(run.assessments(events), lambda: run.to_do), form)
    finally:
        meter.stop()
    for name in sorted(reader.missing):
        click.echo(f"No line of patient {name!r} was accepted: check the name.", err=True)
    _finish(ctx, run)


def _finish(ctx: click.Context, run: Run) -> None:
    """Say what was refused, and end with the code for it."""
    from engine.reports.faults import DONE, REFUSED
    from engine.reports.refusals import refusals_in_words

    for line in refusals_in_words(run.refused, _REFUSED_ADVICE[run.on_error]):
        click.echo(line, err=True)
    ctx.exit(REFUSED if run.refused else DONE)


@program.command()
@click.argument("patient", metavar="PATIENT")
@click.argument("events", nargs=-1, required=True, metavar="EVENTS...")
@click.option("--what", multiple=True, metavar="NAME", help="A conclusion, an alert or a fact; may "
              "be repeated.  [default: the summary and the open alerts]")
@click.option("--at", metavar="T", help="Explain what held at T; a date counts to its end.  "
              "[default: the as-of moment]")
@click.option("--as-of", metavar="T", help="Explain by what was known at T.  [default: the "
              "patient's newest record]")
@click.option("--format", "form", type=click.Choice(["table", "json"]), default="table",
              show_default=True, help="What to print.")
@click.option("--on-error", type=click.Choice(["stop", "skip"]), default="stop",
              show_default=True, help="Explain nothing if a line of the patient is refused, or "
              "do without it.")
@with_setup
@click.pass_context
def why(ctx: click.Context, /, patient: str, events: tuple[str, ...], what: tuple[str, ...],
        at: str | None, as_of: str | None, form: str, on_error: OnError, **options: Any) -> None:
    """Explain why PATIENT was judged so: from the conclusion to rule, criterion, fact and event."""
    from engine.events.intake import Intake
    from engine.reports.why_output import print_why
    from engine.request import moment_named
    from engine.run import Run
    from engine.sources.patients import PatientReader

    setup = _setup(options)
    run = Run(setup, PatientReader(Intake(setup.rulebook.vocabulary, setup.zone), [patient]),
              moment_named(as_of, setup.zone) if as_of else None, on_error)
    print_why(run, events, patient, what, moment_named(at, setup.zone) if at else None, form)
    _finish(ctx, run)


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
@click.option("--format", "form", type=click.Choice(["table", "json"]), default="table",
              show_default=True, help="What to print.")
@click.option("--on-error", type=click.Choice(["stop", "skip"]), default="stop",
              show_default=True, help="Assess nothing if a line is refused, or the rest.")
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

    setup = _setup(options)
    definition = definition_named(_folder(options["rulebook"]), setup.rulebook, name)
    asked = question(setup.rulebook, definition, by, field) if by else None
    moment = moment_named(as_of, setup.zone) if as_of else None
    run = Run(setup, PatientReader(Intake(setup.rulebook.vocabulary, setup.zone)), moment, on_error)
    report = cohort_report(run.assessments(events), definition, asked, compare=printed)
    print_cohort(run, report, form, page_console())
    _finish(ctx, run)


@program.group()
def rules() -> None:
    """The rulebook's workbench."""


@rules.command()
@click.argument("folder", required=False, metavar="[DIR]")
def check(folder: str | None) -> None:
    """Load the rulebook in DIR and print every problem that it has."""
    from zoneinfo import ZoneInfo

    from engine.assess import Assessor
    from engine.cohort.definition import definition_files, load_definition
    from engine.reports.rulebooks import rulebook_in_one_line

    rulebook = _rulebook(folder, {})
    Assessor(rulebook, ZoneInfo("UTC"))  # the network may find a topic too large
    for path in definition_files(_folder(folder)).values():
        load_definition(path, rulebook)
    click.echo(rulebook_in_one_line(rulebook))


@rules.command()
@click.argument("folder", required=False, metavar="[DIR]")
@with_setup
@click.pass_context
def test(ctx: click.Context, /, folder: str | None, **options: Any) -> None:
    """Run the examples beside the topics of DIR; exit with 4 if one fails."""
    from engine.reports.examples import print_test
    from engine.reports.faults import DONE, EXAMPLE
    from engine.reports.output import page_console

    options["rulebook"] = folder or options["rulebook"]
    setup = _setup(options)
    passed = print_test(page_console(), _folder(options["rulebook"]), setup.rulebook, setup.zone)
    ctx.exit(DONE if passed else EXAMPLE)


def _rulebook(name: str | None, settings: dict[str, str]) -> Rulebook:
    from engine.rulebook.loader import load_rulebook

    return load_rulebook(_folder(name), settings)


def _folder(name: str | None) -> Path:
    from engine.sources.rulebooks import find_rulebook, shipped_rulebook

    return find_rulebook(name) if name else shipped_rulebook(DEFAULT_RULEBOOK)


def main() -> None:
    """Run the program."""
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="backslashreplace")
    program(prog_name=NAME)


if __name__ == "__main__":
    main()
