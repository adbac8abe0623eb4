"""The words of the commands that look at what is remembered, and those that change it."""

import argparse

from sloptest_hook.commands.adder import Adder
from sloptest_hook.commands.options import OutputOptions
from sloptest_hook.errors import ExitCode


def add_status(adder: Adder) -> None:
    made = adder.parser(
        _status,
        says="the last runs: what was generated, what was abandoned and why",
        more="One line for each run that wrote a test or could not, of all worktrees of the "
        "repository, and what became of the symbols of the newest; with -v of all of them.",
        example="sloptest status -v -n 3",
    )
    made.add_argument(
        "-n", dest="most", type=_some, default=10, metavar="N", help="so many runs (10)"
    )


def _status(args: argparse.Namespace, output: OutputOptions) -> ExitCode:
    from sloptest_hook.commands import status

    return status.run(args.most, output)


def add_show(adder: Adder) -> None:
    adder.parser(
        _show,
        says="the tests of the last run, each with the lines that justify it",
        more="Prints each test as it is in its file now, and says of one that was edited since, "
        "or is gone, that it is.",
        example="sloptest show",
    )


def _show(_args: argparse.Namespace, output: OutputOptions) -> ExitCode:
    from sloptest_hook.commands import show

    return show.run(output)


def add_init_config(adder: Adder) -> None:
    made = adder.parser(
        _init_config,
        says="write all settings with their defaults and meanings into pyproject.toml",
        more="Adds a commented [tool.sloptest] table to the end of pyproject.toml and touches "
        "no other byte of it; where there is one already it writes nothing.",
        example="sloptest init-config --pre-commit",
    )
    made.add_argument(
        "--format",
        dest="form",
        choices=("pyproject", "testgen-yml", "json-schema"),
        default="pyproject",
        help="testgen-yml: a new .testgen.yml instead; json-schema: print the schema, for editors",
    )
    made.add_argument("--dry-run", action="store_true", help="print it, and write nothing")
    made.add_argument(
        "--pre-commit", action="store_true", help="add the hook to .pre-commit-config.yaml too"
    )


def _init_config(args: argparse.Namespace, output: OutputOptions) -> ExitCode:
    from sloptest_hook.commands import init_config

    asked = init_config.InitOptions(
        args.form, dry_run=bool(args.dry_run), pre_commit=bool(args.pre_commit)
    )
    return init_config.run(asked, output)


def add_debug_state(adder: Adder) -> None:
    adder.parser(
        _debug_state,
        says="what is remembered under the git directory, where, and how much of it",
        example="sloptest debug-state --json",
    )


def _debug_state(_args: argparse.Namespace, output: OutputOptions) -> ExitCode:
    from sloptest_hook.commands import state

    return state.run_debug(output)


def add_sync_state(adder: Adder) -> None:
    adder.parser(
        _sync_state,
        says="run every test that exists, and remember anew what it executes",
        example="sloptest sync-state",
    )


def _sync_state(_args: argparse.Namespace, output: OutputOptions) -> ExitCode:
    from sloptest_hook.commands import state

    return state.run_sync(output)


def add_reset_state(adder: Adder) -> None:
    made = adder.parser(
        _reset_state,
        says="forget what is remembered, but what was paid and what was approved",
        more="Asks first. Tests that were written stay, and `sloptest undo` does not know of them "
        "any more.",
        example="sloptest reset-state --yes",
    )
    made.add_argument("--yes", action="store_true", help="without being asked")


def _reset_state(args: argparse.Namespace, output: OutputOptions) -> ExitCode:
    from sloptest_hook.commands import state

    return state.run_reset(output, yes=bool(args.yes))


def _some(text: str) -> int:
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"{text!r}; wanted a whole number from 1")
    return int(text)
