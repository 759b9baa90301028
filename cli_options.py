"""What several commands share: the options for rulebook and zone, the clock, and the ending.

What is heavy is imported inside the functions, so that `--help` answers at once.
"""

from __future__ import annotations

from contextlib import contextmanager
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import click
from click.core import ParameterSource

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from engine.certificate.checking import Grounds
    from engine.certificate.shape import Certificate
    from engine.history.asking import Refused
    from engine.history.steps import History
    from engine.pool import Setup
    from engine.rulebook.definitions import Rulebook
    from engine.run import Run
    from engine.sources.patients import PatientReader
    from engine.store.asked import Answering, Wish
    from engine.store.file import Store

    Option = Callable[[Callable[..., None]], Callable[..., None]]

DEFAULT_RULEBOOK = "itp-sirolimus"
REFUSED_ADVICE = {
    "stop": "Nothing was assessed: mend these lines, or assess the rest with --on-error skip.",
    "skip": "The rest was assessed without them.",
}


def now() -> datetime:
    """Return the time: the one clock there is, for the receipt of lines."""
    return datetime.now(UTC)


def with_setup(command: Callable[..., None]) -> Callable[..., None]:
    """Add the options that say with which rulebook, and how, patients are assessed."""
    for option in reversed((
        click.option("--rulebook", metavar="DIR", default=None,
                     help=f"Folder or name of a rulebook.  [default: {DEFAULT_RULEBOOK}]"),
        click.option("--set", "settings", metavar="NAME=VALUE", multiple=True,
                     help="Set a parameter of the rulebook; may be repeated."),
        click.option("--timezone", metavar="TZ", default=None,
                     help="The patients' time zone (IANA), in which dates are days.  "
                     "[default: UTC, or that of the store]"),
        click.option("--network", type=click.Choice(["durable", "reference"]), hidden=True,
                     help="Which inference network to ask."),
        click.option("--no-kept-answers", is_flag=True, hidden=True,
                     help="Ask the network anew each time."),
    )):
        command = option(command)
    return command


def with_store(command: Callable[..., None]) -> Callable[..., None]:
    """Add the option that reads from a store instead of files."""
    return click.option("--store", metavar="S", help="Read what this store had received, instead "
                        "of files; --on-error is then skip unless said.")(command)


def in_store(made: str = "") -> Option:
    """Return the option that names the store of a command that needs one."""
    return click.option("--store", metavar="S", required=True, help=f"The store{made}.")


def with_format(*forms: str, told: str = "What to print.") -> Option:
    """Return the option that says how the answer is printed; the first form is the default."""
    return click.option("--format", "form", type=click.Choice(forms), default=forms[0],
                        show_default=True, help=told)


def with_on_error(told: str) -> Option:
    """Return the option that says what becomes of the rest where a line is refused."""
    return click.option("--on-error", type=click.Choice(["stop", "skip"]), default="stop",
                        show_default=True, help=told)


def about_one_patient(verb: str, asking: str) -> Option:
    """Return the options of a question about one patient: about when, by which lines, and how."""
    def add(command: Callable[..., None]) -> Callable[..., None]:
        for option in reversed((
            click.option("--at", metavar="T", help=f"{asking} at T; a date counts to its end.  "
                         "[default: the as-of moment]"),
            click.option("--as-of", metavar="T", help=f"{verb} by what was known at T.  "
                         "[default: the patient's newest record]"),
            with_format("table", "json"),
            with_on_error(f"{verb} nothing if a line of the patient is refused, or do without it."),
            with_store,
            with_setup,
        )):
            command = option(command)
        return command

    return add


def setup_of(options: dict[str, Any]) -> Setup:
    """Return how patients are assessed by the options."""
    from engine.pool import Setup
    from engine.request import settings_named, zone_named

    zone = zone_named(options["timezone"] or "UTC")
    rulebook = rulebook_named(options["rulebook"], settings_named(options["settings"]))
    return Setup(rulebook, zone, options["network"],
                 keep_answers=not options["no_kept_answers"])


def wish_of(options: dict[str, Any]) -> Wish:
    """Return what the options say to a store, which knows what is in force."""
    from engine.request import settings_named
    from engine.store.asked import Wish

    settings = settings_named(options["settings"])
    name = options["rulebook"]
    return Wish(options["timezone"], name is not None, folder_named(name), settings,
                lambda: rulebook_named(name, settings))


@contextmanager
def run_over(ctx: click.Context, events: tuple[str, ...], patients: Sequence[str],
             options: dict[str, Any],
             on_bytes: Callable[[int], None] | None = None) -> Iterator[Run]:
    """Give the run over the files in `events`, or over the store of the options."""
    from engine.pool import Setup
    from engine.request import moment_named
    from engine.run import Run

    store, moment = options["store"], options["as_of"]
    if bool(events) == bool(store):
        raise click.UsageError("Both EVENTS and --store: give one of them." if store else
                               "Missing argument 'EVENTS...'. Name files, or a store with --store.")
    if not store:
        setup = setup_of(options)
        as_of = moment_named(moment, setup.zone) if moment else None
        yield Run(setup, _reader(setup, patients, on_bytes), as_of, options["on_error"])
        return
    from engine.store.file import opened  # the database is not imported for files

    with opened(store, now) as base:
        answering = _answering(base, options)
        setup = Setup(answering.rulebook, answering.zone, options["network"],
                      keep_answers=not options["no_kept_answers"])
        reader = _reader(setup, patients, read=answering.lines(base, patients))
        is_said = ctx.get_parameter_source("on_error") is not ParameterSource.DEFAULT
        yield Run(setup, reader, answering.as_of, options["on_error"] if is_said else "skip")


def _answering(store: Store, options: dict[str, Any]) -> Answering:
    from engine.store.asked import as_of, by_now

    if options["as_of"]:
        return as_of(store, wish_of(options), options["as_of"])
    answering = by_now(store, wish_of(options))
    tell_replaced(answering)
    return answering


def tell_replaced(answering: Answering) -> None:
    """Say that another rulebook or zone is in force in a store from now on."""
    from engine.reports.rulebooks import name_of, short

    before = answering.replaced
    if before:
        now_in_force = name_of(answering.rulebook, f", {answering.zone.key}")
        click.echo(f"From now on {now_in_force} is in force in this store; before it was "
                   f"{before.name} ({short(before.digest)}, {before.zone}), since {before.since}.",
                   err=True)


def tell_in_force(answering: Answering) -> None:
    """Say that somebody else has put another rulebook or zone in force."""
    from engine.reports.rulebooks import name_of

    now_in_force = name_of(answering.rulebook, f", {answering.zone.key}")
    click.echo(f"From now on by {now_in_force}, which was put in force in this store.", err=True)


def _reader(setup: Setup, patients: Sequence[str],
            on_bytes: Callable[[int], None] | None = None, **how: Any) -> PatientReader:
    from engine.events.intake import Intake
    from engine.sources.patients import PatientReader

    return PatientReader(Intake(setup.rulebook.vocabulary, setup.zone), patients, on_bytes, **how)


def rulebook_named(name: str | None, settings: dict[str, str]) -> Rulebook:
    """Return the rulebook of a folder or a name, or the one that ships."""
    from engine.rulebook.loader import load_rulebook

    return load_rulebook(folder_named(name), settings)


def folder_named(name: str | None) -> Path:
    """Return the folder of a rulebook."""
    from engine.sources.rulebooks import find_rulebook, shipped_rulebook

    return find_rulebook(name) if name else shipped_rulebook(DEFAULT_RULEBOOK)


def finish(ctx: click.Context, run: Run | Refused) -> None:
    """Say what was refused, and end with the code for it."""
    from engine.reports.faults import DONE, REFUSED
    from engine.reports.refusals import refusals_in_words

    for line in refusals_in_words(run.refused, REFUSED_ADVICE[run.on_error]):
        click.echo(line, err=True)
    ctx.exit(REFUSED if run.refused else DONE)


@contextmanager
def history_over(ctx: click.Context, patient: str, events: tuple[str, ...],
                 options: dict[str, Any], span: tuple[str | None, str | None],
                 what: Sequence[str]) -> Iterator[tuple[History | None, list[str], Refused]]:
    """Give a patient's history by the files in `events`, or by the store of the options."""
    from engine.history.asking import Refused, history_of_files, history_of_store, topics_named
    from engine.request import moment_named
    from engine.store.file import opened

    if options["store"] and not events:
        with opened(options["store"], now) as base:
            told, refused = history_of_store(base, patient, wish_of(options), span)
            yield told, topics_named(told.eras, what), Refused(refused, "skip")
        return
    with run_over(ctx, events, [patient], {**options, "as_of": None}) as run:
        start, end = (moment_named(each, run.setup.zone) if each else None for each in span)
        found = history_of_files(run, events, patient, start, end)
        names = topics_named(found.eras, what) if found else []
        yield found, names, Refused(run.refused, run.on_error)


@contextmanager
def grounds_for(certificate: Certificate, events: tuple[str, ...], store: str | None,
                name: str | None) -> Iterator[Callable[[], Grounds] | None]:
    """Give what reads the lines and the rulebook against which a certificate is checked, if any."""
    from engine.store.file import opened

    if events and store:
        raise click.UsageError("Both EVENTS and --store: give one of them.")
    if not store:
        yield (lambda: _grounds(certificate, events, None, name)) if events else None
        return
    with opened(store, now) as base:
        yield lambda: _grounds(certificate, ("",), base, name)


def _grounds(certificate: Certificate, paths: tuple[str, ...], store: Store | None,
             name: str | None) -> Grounds:
    from engine.certificate.checking import Grounds
    from engine.certificate.rulebooks import certified_rulebook
    from engine.events.intake import Intake
    from engine.reports.refusals import refusals_in_words
    from engine.request import zone_named
    from engine.sources.ndjson import read_lines
    from engine.sources.patients import PatientReader
    from engine.sources.rulebooks import find_rulebook, shipped_rulebook
    from engine.store.reading import lines_received

    found = certified_rulebook(certificate, store, name, find_rulebook,
                               shipped_rulebook)
    intake = Intake(found.rulebook.vocabulary, zone_named(certificate.timezone))
    reader = PatientReader(intake, [certificate.patient],
                           read=lines_received(store, None, [certificate.patient])
                           if store else read_lines)
    lines = [event for _, own in reader.gathered(paths) for event in own]
    for line in refusals_in_words(reader.refused, "They were passed over."):
        click.echo(line, err=True)
    return Grounds(found.rulebook, found.place, found.in_force, lines)
