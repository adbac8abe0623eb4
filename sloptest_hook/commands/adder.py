"""Makes the parser of one command, with the flags that all of them share."""

import argparse
from collections.abc import Callable

from sloptest_hook.commands.arguments import ArgumentParser
from sloptest_hook.commands.options import OutputOptions
from sloptest_hook.errors import ExitCode

Run = Callable[[argparse.Namespace, OutputOptions], ExitCode]


class Adder:
    """Makes the parser of one command."""

    def __init__(self, commands: "argparse._SubParsersAction[ArgumentParser]", name: str) -> None:
        self._commands = commands
        self._name = name

    def parser(
        self, run: Run, *, says: str, example: str, more: str | None = None
    ) -> ArgumentParser:
        """Return the command's parser: ``says`` is one line of ``--help``, ``more`` its text."""
        made = self._commands.add_parser(
            self._name, help=says, description=more, epilog=f"Example: {example}"
        )
        made.set_defaults(run=run)
        made.add_argument("-v", "--verbose", action="store_true", help="a line for every symbol")
        made.add_argument("-q", "--quiet", action="store_true", help="only what stops a commit")
        made.add_argument("--json", action="store_true", help="one JSON document on stdout")
        _add_color(made)
        return made


def output_options(args: argparse.Namespace) -> OutputOptions:
    """Return what was typed about the output; ``--format`` is one command's."""
    form = getattr(args, "format", "text")
    return OutputOptions(
        verbose=bool(args.verbose),
        quiet=bool(args.quiet),
        json=bool(args.json) or form == "json",
        github=form == "github",
        color=args.color,
    )


def _add_color(made: argparse.ArgumentParser) -> None:
    color = made.add_mutually_exclusive_group()
    color.add_argument(
        "--color",
        action="store_const",
        const=True,
        default=None,
        help="in color, wherever it goes; else on a terminal, unless NO_COLOR is set",
    )
    color.add_argument(
        "--no-color", dest="color", action="store_const", const=False, help="plain text"
    )
