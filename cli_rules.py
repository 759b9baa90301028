"""The commands on a rulebook itself: is it sound, and does it do as its examples say?

What is heavy is imported inside the commands, so that `--help` answers at once.
"""

from __future__ import annotations

from typing import Any

import click

from cli_options import folder_named, rulebook_named, setup_of, with_setup


@click.group()
def rules() -> None:
    """The rulebook's workbench."""


@rules.command()
@click.argument("folder", required=False, metavar="[DIR]")
@click.option("--prove", is_flag=True, help="Prove that classifications are exhaustive and "
              "disjoint, or show the smallest patient for whom they are not (needs z3-solver).")
@click.option("--seconds", type=click.FloatRange(min=0, min_open=True), default=10,
              show_default=True, help="With --prove: how long to search for each answer.")
@click.option("--witness", metavar="FILE", help="With --prove: write each such patient as an "
              "example into FILE.")
@click.option("--format", "format_", type=click.Choice(["text", "json"]), default="text",
              show_default=True, help="With --prove: how to print the proofs.")
def check(folder: str | None, *, prove: bool, seconds: float, witness: str | None,
          format_: str) -> None:
    """Load the rulebook in DIR and print every problem that it has."""
    from zoneinfo import ZoneInfo

    from engine.assess import Assessor
    from engine.cohort.definition import definition_files, load_definition
    from engine.reports.rulebooks import rulebook_in_one_line

    rulebook = rulebook_named(folder, {})
    Assessor(rulebook, ZoneInfo("UTC"))  # the network may find a topic too large
    for path in definition_files(folder_named(folder)).values():
        load_definition(path, rulebook)
    if not prove or format_ == "text":
        click.echo(rulebook_in_one_line(rulebook))
    if prove:
        from engine.reports.proofs import print_proofs

        print_proofs(click.echo, rulebook, seconds, format_, witness)


@rules.command()
@click.argument("folder", required=False, metavar="[DIR]")
@click.option("--coverage", is_flag=True, help="Show which conditions the examples never saw "
              "true, false or unknown.")
@click.option("--format", "format_", type=click.Choice(["text", "json"]), default="text",
              show_default=True, help="How to print what came of them.")
@with_setup
@click.pass_context
def test(ctx: click.Context, /, folder: str | None, *, coverage: bool, format_: str,
         **options: Any) -> None:
    """Run the examples beside the topics of DIR; exit with 4 if one fails."""
    from engine.reports.examples import print_test, run_examples, tested_record
    from engine.reports.faults import DONE, EXAMPLE
    from engine.reports.output import as_json, page_console

    options["rulebook"] = folder or options["rulebook"]
    setup = setup_of(options)
    tested = run_examples(folder_named(options["rulebook"]), setup.rulebook, coverage=coverage)
    if format_ == "json":
        click.echo(as_json(tested_record(tested)))
    else:
        print_test(page_console(), tested)
    ctx.exit(DONE if tested.passed else EXAMPLE)
