"""The commands on a rulebook itself: is it sound, and does it do as its examples say?

What is heavy is imported inside the commands, so that `--help` answers at once.
"""

from __future__ import annotations

from typing import Any

import click

import cli_diff
import cli_show
from cli_options import folder_named, setup_of, with_setup
from cli_problem import show_with


@click.group()
def rules() -> None:
    """The rulebook's workbench."""


rules.add_command(cli_diff.diff)


@rules.command()
@click.argument("folder", required=False, metavar="[DIR]")
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text",
              show_default=True, help="What to print.")
@click.option("--lock", is_flag=True, help="Where nothing is wrong, write rulebook.lock: from then "
              "on a change without a raised version is a problem.")
@click.pass_context
def check(ctx: click.Context, /, folder: str | None, form: str, lock: bool) -> None:
    """Print every problem of the rulebook in DIR; exit with 3 if one is an error."""
    from engine.checking import check_rulebook
    from engine.reports.checked import print_checked
    from engine.reports.faults import DONE, RULEBOOK

    checked = check_rulebook(lambda: folder_named(folder), lock=lock)
    print_checked(checked, form, str(ctx.find_root().info_name))
    ctx.exit(RULEBOOK if checked.errors else DONE)


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


for command in (show_with(document=cli_show.show), cli_show.schema, cli_show.new):
    rules.add_command(command)
