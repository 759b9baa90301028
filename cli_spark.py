"""The options by which Spark assesses, and what `assess` does with them.

What is heavy is imported inside the functions, so that `--help` answers at once.
"""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import click
from click.core import ParameterSource

from cli_options import REFUSED_ADVICE, finish, setup_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from engine.run import OnError
    from engine.spark.running import SparkRun
    from engine.spark.writing import Written

NAME = "itp-cds"


def with_engine(command: Callable[..., None]) -> Callable[..., None]:
    """Add the options that say who does the work, and where what comes of it is written."""
    for option in reversed((
        click.option("--engine", type=click.Choice(["local", "spark"]), default="local",
                     show_default=True, help="Who does the work: this program, or Spark, with the "
                     "same result (docs/spark.md)."),
        click.option("--to", metavar="DIR", help="With Spark: write assessments and refused lines "
                     "into this new folder, as NDJSON or Parquet."),
        click.option("--checkpoint", metavar="C", help="With Spark and --to: EVENTS is a folder; "
                     "read only its files that are new since last time, and assess their patients "
                     "anew. What was read is kept in the folder C."),
    )):
        command = option(command)
    return command


def refuse_without_spark(form: str, to: str | None, checkpoint: str | None) -> None:
    """Refuse what only Spark can do."""
    for asked, name in ((to, "--to"), (checkpoint, "--checkpoint"),
                        (form == "parquet", "--format parquet")):
        if asked:
            raise click.UsageError(f"{name} needs Spark: add --engine spark.")


def assess(ctx: click.Context, events: tuple[str, ...], patients: tuple[str, ...],
           to: str | None, checkpoint: str | None, options: dict[str, Any]) -> None:
    """Assess by Spark, and end."""
    from engine.reports.output import print_assessments, teller

    written, defaults = None, {}
    if to and not _is_said(ctx, "form"):
        defaults["form"] = "ndjson"
    if checkpoint and not _is_said(ctx, "on_error"):
        defaults["on_error"] = "skip"
    options |= defaults
    _refuse_unfit(events, patients, to, checkpoint, options)
    with _spark_run(ctx, patients, options) as run:
        if not to:
            print_assessments(run, map(teller(options["form"]), run.assessments(events)),
                              options["form"])
        elif checkpoint:
            written = run.take_new(events[0], checkpoint, to, options["form"])
        else:
            written = run.write(events, to, options["form"])
    for name in sorted(run.reader.missing):
        click.echo(f"No line of patient {name!r} was accepted: check the name.", err=True)
    if written and to:
        _finish_written(ctx, written, run.on_error, to)
    finish(ctx, run)


def _refuse_unfit(events: tuple[str, ...], patients: tuple[str, ...], to: str | None,
                  checkpoint: str | None, options: dict[str, Any]) -> None:
    """Refuse options that go with another way of working."""
    form = options["form"]
    for asked, reason in (
        (not events, "Missing argument 'EVENTS...': name files or folders."),
        (options["store"], "--store: Spark reads files; leave --engine spark out."),
        (options["grouped"], "--grouped: Spark brings each patient's lines together itself; "
                             "leave it out."),
        (form == "parquet" and not to, "--format parquet: name a folder with --to."),
        (to and form not in ("ndjson", "parquet"), f"--to: what is written there is no {form}; "
                                                   "say --format ndjson or parquet."),
        (checkpoint and not to, "--checkpoint: name a folder for the assessments with --to."),
        (checkpoint and len(events) > 1, "--checkpoint: name one folder, into which files come."),
        (checkpoint and patients, "--checkpoint: what is not read now never will be; leave "
                                  "--patient out."),
        (checkpoint and options["on_error"] == "stop",
         "--checkpoint: files that have been read are not read again; --on-error must be skip."),
    ):
        if asked:
            raise click.UsageError(reason)


def _is_said(ctx: click.Context, name: str) -> bool:
    return ctx.get_parameter_source(name) is not ParameterSource.DEFAULT


@contextmanager
def _spark_run(ctx: click.Context, patients: tuple[str, ...],
               options: dict[str, Any]) -> Iterator[SparkRun]:
    import tempfile
    from pathlib import Path

    from engine.events.intake import Intake
    from engine.request import moment_named
    from engine.sources.patients import PatientReader
    from engine.spark.running import SparkRun
    from engine.spark.session import session

    setup = setup_of(options)
    as_of = moment_named(options["as_of"], setup.zone) if options["as_of"] else None
    reader = PatientReader(Intake(setup.rulebook.vocabulary, setup.zone), patients)
    cores = options["jobs"] if _is_said(ctx, "jobs") else None
    with (tempfile.TemporaryDirectory(prefix="spark-") as scratch,
          session(NAME, cores, Path(scratch)) as spark):
        yield SparkRun(setup, reader, as_of, options["on_error"], spark=spark)


def _finish_written(ctx: click.Context, written: Written, on_error: OnError, to: str) -> None:
    from engine.reports.faults import DONE, REFUSED
    from engine.reports.refusals import more_refused_in_words

    count = written.patients
    click.echo(f"{count} patient{'' if count == 1 else 's'} assessed, {written.refused} "
               f"line{'' if written.refused == 1 else 's'} refused"
               + (f"; both are in {to}." if written.is_written else "; nothing was written."))
    for line in more_refused_in_words(written.shown, written.refused, REFUSED_ADVICE[on_error]):
        click.echo(line, err=True)
    ctx.exit(REFUSED if written.refused else DONE)
