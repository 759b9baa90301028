"""The command that explains a problem, and how it stands beside the one that shows a rulebook.

What is heavy is imported inside the command, so that `--help` answers at once.
"""

from __future__ import annotations

from typing import Any

import click


class Shown(click.Group):
    """`show problem CODE` explains a problem; with anything else `show` is the document."""

    document = "document"

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Name the document where no command is named."""
        named = bool(args) and (args[0] in self.commands or args[0] in ctx.help_option_names)
        if not named and self.document in self.commands:
            args = [self.document, *args]
        return super().parse_args(ctx, args)


@click.command()
@click.argument("code", required=False, metavar="[CODE]")
@click.pass_context
def problem(ctx: click.Context, /, code: str | None) -> None:
    """Explain a problem that `rules check` names; without CODE, list all codes."""
    from engine.reports.problem_pages import print_page
    from engine.sources.problem_pages import page_named, problem_pages

    pages = problem_pages()
    page = page_named(code, pages) if code is not None else None
    print_page(code, pages, page, ctx.command_path)


def show_with(**commands: Any) -> click.Group:
    """Return `show` with `problem` and further commands; one called `document` needs no name."""
    shown = Shown("show", {"problem": problem, **commands},
                  help="Show what a rulebook says, or what a problem means.")
    shown.no_args_is_help = "document" not in commands
    return shown
