"""The commands on a rulebook itself: is it sound, and does it do as its examples say?

What is heavy is imported inside the commands, so that `--help` answers at once.
"""

from __future__ import annotations

from typing import Any

import click

import cli_diff
from cli_options import folder_named, rulebook_named, setup_of, with_setup


@click.group()
def rules() -> None:
    """The rulebook's workbench."""


rules.add_command(cli_diff.diff)


@rules.command()
@click.argument("folder", required=False, metavar="[DIR]")
def check(folder: str | None) -> None:
    """Load the rulebook in DIR and print every problem that it has."""
    from zoneinfo import ZoneInfo

    from engine.assess import Assessor
    from engine.cohort.definition import definition_files, load_definition
    from engine.reports.rulebooks import rulebook_in_one_line

    rulebook = rulebook_named(folder, {})
    Assessor(rulebook, ZoneInfo("UTC"))  # the network may find a topic too large
    for path in definition_files(folder_named(folder)).values():
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
    setup = setup_of(options)
    folder_read = folder_named(options["rulebook"])
    passed = print_test(page_console(), folder_read, setup.rulebook, setup.zone)
    ctx.exit(DONE if passed else EXAMPLE)
