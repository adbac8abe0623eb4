"""The words of ``sloptest analyze``."""

import argparse

from sloptest_hook.commands.adder import Adder
from sloptest_hook.commands.options import OutputOptions
from sloptest_hook.commands.tree_coverage import percent
from sloptest_hook.errors import ExitCode


def add_analyze(adder: Adder) -> None:
    made = adder.parser(
        _analyze,
        says="what tests cover, what they would notice if it broke, and how they smell",
        more="Breaks the functions of PATHS, or all, in many small ways, each in a process of its "
        "own under confinement, and tells what no test notices. Nothing is written but to the "
        "cache: what has not changed is not run again.",
        example="sloptest analyze --since main --fail-under 80",
    )
    made.add_argument("paths", nargs="*", metavar="PATHS", help="files and directories")
    changed = made.add_mutually_exclusive_group()
    changed.add_argument("--staged", action="store_true", help="only what is staged and changed")
    changed.add_argument(
        "--since",
        default="",
        metavar="REF",
        help="only what has changed since the branch left REF",
    )
    made.add_argument(
        "--fail-under",
        type=percent,
        metavar="N",
        help="exit with 1 when less than N percent is covered, or of mutants noticed",
    )


def _analyze(args: argparse.Namespace, output: OutputOptions) -> ExitCode:
    from sloptest_hook.commands import analyze

    asked = analyze.AnalyzeOptions(
        tuple(args.paths), staged=bool(args.staged), since=args.since, fail_under=args.fail_under
    )
    return analyze.run(asked, output)
