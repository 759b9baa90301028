"""The command that compares two rulebooks, in their rules and over real patients.

What is heavy is imported inside the functions, so that `--help` answers at once.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

import cli_options

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from engine.comparison.patients import Pairing
    from engine.events.event import Source


@click.command()
@click.argument("old", metavar="OLD")
@click.argument("new", metavar="NEW")
@click.argument("events", nargs=-1, metavar="[EVENTS...]")
@click.option("--store", metavar="S", help="Compare over the lines of this store, instead of "
              "files.")
@click.option("--set", "settings", metavar="NAME=VALUE", multiple=True,
              help="Set a parameter of NEW; may be repeated.")
@click.option("--compare", "names", metavar="A=B", multiple=True,
              help="Compare the conclusion A of OLD with B of NEW; may be repeated.")
@click.option("--alike", metavar="X=Y", multiple=True,
              help="The value X of OLD and Y of NEW mean the same; may be repeated.")
@click.option("--patient", "patients", metavar="P", multiple=True,
              help="Only this patient; may be repeated.")
@click.option("--as-of", metavar="T", help="Assess by what was known at T.  [default: each "
              "patient's newest record]")
@click.option("--timezone", metavar="TZ", default="UTC", show_default=True,
              help="The patients' time zone (IANA).")
@click.option("--why/--no-why", "with_reasons", default=None,
              help="Print both reasons for every difference.  [default: if there are few]")
@cli_options.with_format("table", "json", "html")
def diff(old: str, new: str, events: tuple[str, ...], **options: Any) -> None:
    """Compare the rulebooks OLD and NEW: what changed in meaning, and for which patients.

    \b
    The letter's response against that of the IWG:
      rules diff itp-sirolimus itp-sirolimus EVENTS --compare response=response_iwg --alike PR=R
    Another limit:
      rules diff itp-sirolimus itp-sirolimus EVENTS --set target_low=4
    """
    from engine.assess import Assessor
    from engine.comparison.comparing import compared
    from engine.reports.diff_output import print_diff
    from engine.request import moment_named, settings_named, zone_named

    zone = zone_named(options["timezone"])
    books = (cli_options.rulebook_named(old, {}),
             cli_options.rulebook_named(new, settings_named(options["settings"])))
    assessors = [Assessor(book, zone) for book in books]
    moment = moment_named(options["as_of"], zone) if options["as_of"] else None
    found = compared(assessors[0], assessors[1], _lines(events, options["store"]),
                     _pairing(options["names"], options["alike"]), moment, options["patients"])
    print_diff(found, options["form"], with_reasons=options["with_reasons"],
               has_patients=bool(events or options["store"]))


def _pairing(names: Iterable[str], alike: Iterable[str]) -> Pairing:
    from engine.comparison.patients import Pairing
    from engine.request import settings_named

    return Pairing(settings_named(names), settings_named(alike))


def _lines(events: tuple[str, ...],
           store: str | None) -> Callable[[], Iterable[tuple[Source, bytes]]]:
    """Return what gives all lines, as often as it is asked."""
    from engine.sources.ndjson import read_lines

    if events and store:
        raise click.UsageError("Both EVENTS and --store: give one of them.")
    if store:
        from engine.store.file import opened
        from engine.store.reading import lines_received

        with opened(store, cli_options.now) as base:
            kept = list(lines_received(base)())
    else:
        kept = [line for path in events for line in read_lines(path)]
    return lambda: kept
