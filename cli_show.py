"""The commands that print a rulebook, describe its files to editors, and begin a new one.

What is heavy is imported inside the commands, so that `--help` answers at once.
"""

from __future__ import annotations

import click

from cli_options import folder_named, with_format


@click.command()
@click.argument("folder", required=False, metavar="[DIR]")
@click.option("--topic", metavar="NAME", help="Only this topic: a file, a classification or an "
              "alert, with the questions and parameters that it needs.")
@with_format("text", "markdown", "html",
             told="What to print; html is one page that needs nothing else.")
@click.option("--set", "settings", metavar="NAME=VALUE", multiple=True,
              help="Set a parameter of the rulebook; may be repeated.")
def show(folder: str | None, topic: str | None, form: str, settings: tuple[str, ...]) -> None:
    """Print the rulebook in DIR as a document: every rule in words, with its sources."""
    from engine.reports.document_output import print_document
    from engine.request import settings_named

    print_document(folder_named(folder), settings_named(settings), topic, form)


@click.command()
@click.option("--out", metavar="DIR", help="Write a file for each into this folder.  "
              "[default: print them as one JSON object]")
def schema(out: str | None) -> None:
    """Give the JSON Schema of each file of a rulebook, for editors that check while one writes."""
    from engine.reports.schema_output import schemas_printed, write_schemas

    if out is None:
        click.echo(schemas_printed())
        return
    for line in write_schemas(out):
        click.echo(line)


@click.command()
@click.argument("name")
@click.option("--topic", metavar="T", help="The name of the topic; with a rulebook that there is, "
              "only the topic is made.")
@click.option("--in", "home", metavar="DIR", default=".", show_default=True,
              help="The folder in which the rulebook NAME stands, or is made.")
def new(name: str, topic: str | None, home: str) -> None:
    """Begin the rulebook NAME, or a topic of it, as a draft that passes check and test."""
    from engine.scaffold.planning import plan

    made = plan(name, topic, home)
    for path in made.write():
        click.echo(path)
    click.echo(f"Next: itp-cds rules check {made.folder}; itp-cds rules test {made.folder}")
