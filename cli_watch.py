"""The command that follows patients as it happens.

What is heavy is imported inside the functions, so that `--help` answers at once.
"""

from __future__ import annotations

from contextlib import closing, contextmanager
from typing import TYPE_CHECKING, Any

import click

import cli_options

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from engine.reports.watch_output import Telling
    from engine.store.file import Store
    from engine.watch.loop import Lines
    from engine.watch.memory import Memory
    from engine.watch.stored import Stored

LONGEST_WAIT = 0.05  # seconds until what others wrote to a store is looked for


@click.command()
@click.argument("events", required=False, metavar="[FILE]")
@click.option("--store", metavar="S", help="Put the lines into this store first, and follow all "
              "that is in it.")
@click.option("--replay", is_flag=True, help="Without a store: let each line come at the moment at "
              "which it was recorded, and time pass between the lines.")
@click.option("--reader", metavar="NAME", default="watch", show_default=True, help="With --store: "
              "who reads this. How far each has been told is kept by this name.")
@cli_options.with_setup
@click.pass_context
def watch(ctx: click.Context, /, events: str | None, store: str | None, replay: bool, reader: str,
          **options: Any) -> None:
    """Print each change of an alert as it happens, as one line of JSON.

    FILE is followed as it grows; - or nothing is the standard input, to its end. With --store and
    a terminal as standard input, only the store is followed. SIGINT or SIGTERM end it cleanly.
    """
    import sys

    from engine.reports.faults import DONE, REFUSED
    from engine.reports.watch_output import Telling
    from engine.watch.outlet import Outlet

    if replay and store:
        raise click.UsageError("Both --replay and --store: a store knows only when it received a "
                               "line; give one of them.")
    is_fed = sys.stdin is not None and not sys.stdin.isatty()
    name = events or ("-" if is_fed or not store else "")
    if name == "-" and sys.stdin is None:
        raise click.UsageError("The standard input is closed: give it lines, or name a FILE.")
    with _stopping() as (stopped, waker), _feed(name, waker) as feed:
        telling = Telling(Outlet(sys.stdout.fileno(), waker), Outlet(sys.stderr.fileno(), waker))
        if store:
            from engine.store.file import opened

            with opened(store, cli_options.now, make=True) as base:
                _tell(feed, _stored(base, options, telling, stopped, reader), telling, stopped)
        else:
            _tell(feed, _memory(options, telling, stopped, replay), telling, stopped)
    ctx.exit(REFUSED if telling.refused else DONE)


def _tell(feed: Lines, patients: Stored | Memory, telling: Telling,
          stopped: Callable[[], bool]) -> None:
    from engine.watch.loop import follow

    changes = follow(feed, patients, cli_options.now, stopped, LONGEST_WAIT)
    with closing(changes):  # before the store is, whatever happens
        for told in changes:
            if not telling.tell(told, patients.policy):
                break


def _stored(base: Store, options: dict[str, Any], telling: Telling, stopped: Callable[[], bool],
            reader: str) -> Stored:
    from engine.assess import Assessor
    from engine.events.intake import Intake
    from engine.store.asked import by_now, in_use
    from engine.store.ingesting import Ingest
    from engine.store.ward import Ward
    from engine.watch.stored import Stored

    begun = by_now(base, cli_options.wish_of(options))
    cli_options.tell_replaced(begun)
    asked = iter([begun])

    def in_force() -> tuple[Ingest, Ward]:
        answering = next(asked, None)
        if answering is None:
            answering = in_use(base)
            cli_options.tell_in_force(answering)
        vocabulary, zone = answering.rulebook.vocabulary, answering.zone
        assessor = Assessor(answering.rulebook, zone, options["network"],
                            keep_answers=not options["no_kept_answers"])
        taking = Ingest(base, Intake(vocabulary, zone), vocabulary.future_tolerance)
        return taking, Ward(base, assessor)

    return Stored(base, in_force, telling.refuse, stopped, reader)


def _memory(options: dict[str, Any], telling: Telling, stopped: Callable[[], bool],
            replay: bool) -> Memory:
    from engine.watch.memory import Memory

    setup = cli_options.setup_of(options)
    tolerance = setup.rulebook.vocabulary.future_tolerance
    return Memory(setup.assessor(), tolerance, telling.refuse, stopped, replay=replay)


@contextmanager
def _feed(name: str, waker: int) -> Iterator[Lines]:
    from engine.watch.feed import NoFeed, opened_feed

    if not name:
        yield NoFeed(waker)
        return
    with opened_feed(name, waker) as feed:
        yield feed


@contextmanager
def _stopping() -> Iterator[tuple[Callable[[], bool], int]]:
    """Give whether somebody has asked to stop, and a descriptor that is readable from then on."""
    import os
    import signal

    asked: list[int] = []
    waker, awake = os.pipe()
    for end in (waker, awake):
        os.set_blocking(end, False)
    before = {number: signal.signal(number, lambda got, _frame: asked.append(got))
              for number in (signal.SIGINT, signal.SIGTERM)}
    was = signal.set_wakeup_fd(awake)
    try:
        yield lambda: bool(asked), waker
    finally:
        signal.set_wakeup_fd(was)
        for number, handler in before.items():
            signal.signal(number, handler)
        os.close(waker)
        os.close(awake)
