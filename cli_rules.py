"""The commands on a rulebook itself: is it sound, and does it do as its examples say?

What is heavy is imported inside the commands, so that `--help` answers at once.
"""

from __future__ import annotations

from typing import Any

import click

import cli_diff
import cli_show
from cli_options import folder_named, setup_of, with_format, with_setup
from cli_problem import show_with


@click.group()
def rules() -> None:
    """The rulebook's workbench."""


rules.add_command(cli_diff.diff)


@rules.command()
@click.argument("folder", required=False, metavar="[DIR]")
@click.option("--lock", is_flag=True, help="Where nothing is wrong, write rulebook.lock: from then "
              "on a change without a raised version is a problem.")
@click.option("--prove", is_flag=True, help="Prove that classifications are exhaustive and "
              "disjoint, or show the smallest patient for whom they are not (needs z3-solver).")
@click.option("--seconds", type=click.FloatRange(min=0, min_open=True), default=10,
              show_default=True, help="With --prove: how long to search for each answer.")
@click.option("--witness", metavar="FILE", help="With --prove: write each such patient as an "
              "example into FILE.")
@with_format("text", "json")
@click.pass_context
def check(ctx: click.Context, /, folder: str | None, *, lock: bool, prove: bool, seconds: float,
          witness: str | None, form: str) -> None:
    """Print every problem of the rulebook in DIR; exit with 3 if one is an error."""
    from engine.checking import check_rulebook
    from engine.reports.checked import print_checked
    from engine.reports.faults import DONE, RULEBOOK
    from engine.reports.proofs import Proofs

    if witness and not prove:
        raise click.UsageError("--witness writes what --prove finds: add --prove.")
    proofs = Proofs(seconds) if prove else None
    checked = check_rulebook(lambda: folder_named(folder), lock=lock, proofs=proofs)
    if proofs and witness and checked.rulebook:
        proofs.write(witness, checked.rulebook, folder_named(folder))
    print_checked(checked, form, str(ctx.find_root().info_name), proofs)
    ctx.exit(RULEBOOK if checked.errors else DONE)


@rules.command()
@click.argument("folder", required=False, metavar="[DIR]")
@click.option("--coverage", is_flag=True, help="Show which conditions the examples never saw "
              "true, false or unknown.")
@click.option("--mutate", is_flag=True, help="Change one thing after the other in the rules, and "
              "show which changes no example notices.")
@click.option("--topic", "topics", metavar="NAME", multiple=True,
              help="With --mutate: change this file alone; may be repeated.")
@click.option("--jobs", type=click.IntRange(min=1), default=1, show_default=True,
              help="With --mutate: how many processes try the changes.")
@click.option("--seconds", type=click.FloatRange(min=0, min_open=True), default=5,
              show_default=True, help="With --mutate: how long to prove that one changes nothing.")
@with_format("text", "json", told="How to print what came of them.")
@with_setup
@click.pass_context
def test(ctx: click.Context, /, folder: str | None, *, coverage: bool, mutate: bool,
         topics: tuple[str, ...], jobs: int, seconds: float, form: str,
         **options: Any) -> None:
    """Run the examples beside the topics of DIR; exit with 4 if one fails, or a mutant survives."""
    from engine.reports.examples import print_test, run_examples, tested_record
    from engine.reports.faults import DONE, EXAMPLE
    from engine.reports.output import as_json, page_console

    options["rulebook"] = folder or options["rulebook"]
    if mutate and options["settings"]:
        raise click.UsageError("--mutate tries the rulebook as it is written: leave out --set.")
    setup = setup_of(options)
    tested = run_examples(folder_named(options["rulebook"]), setup.rulebook, coverage=coverage)
    if form == "json" and not (mutate and tested.passed):
        click.echo(as_json(tested_record(tested)))
    elif form == "text":
        print_test(page_console(), tested)
    if mutate and tested.passed:
        ctx.exit(_mutated(options, topics, jobs, seconds, form))
    ctx.exit(DONE if tested.passed else EXAMPLE)


def _mutated(options: dict[str, Any], topics: tuple[str, ...], jobs: int, seconds: float,
             form: str) -> int:
    from engine.mutation.running import chosen, judgements
    from engine.reports.faults import DONE, EXAMPLE
    from engine.reports.mutation import mutation_record, print_judgements, survivors
    from engine.reports.output import as_json

    folder = folder_named(options["rulebook"])
    judged = judgements(folder, chosen(folder, topics), seconds, jobs)
    if form == "json":
        found = list(judged)
        click.echo(as_json(mutation_record(found)))
    else:
        found = print_judgements(click.echo, judged)
    return EXAMPLE if survivors(found) else DONE


for command in (show_with(document=cli_show.show), cli_show.schema, cli_show.new):
    rules.add_command(command)
