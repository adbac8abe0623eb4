"""The words of ``sloptest coverage``."""

import argparse

from sloptest_hook.commands.adder import Adder
from sloptest_hook.commands.options import OutputOptions
from sloptest_hook.errors import ExitCode


def add_coverage(adder: Adder) -> None:
    made = adder.parser(
        _coverage,
        says="measure the staged tree and print how far tests cover every function",
        more="Runs the tests that matter: those that are new or have changed, and those "
        "that execute a function which has changed since they ran. What they execute is "
        "remembered under the git directory, where the hook looks before it runs anything.",
        example="sloptest coverage --missing shop/",
    )
    made.add_argument("paths", nargs="*", metavar="PATHS", help="print these alone")
    made.add_argument("--missing", action="store_true", help="a column of missing lines")
    made.add_argument(
        "--fail-under", type=percent, metavar="N", help="exit with 1 below N percent in all"
    )
    made.add_argument("--force", action="store_true", help="run every test again")
    files = made.add_mutually_exclusive_group()
    files.add_argument(
        "--import",
        dest="data_file",
        metavar="FILE",
        help="remember a data file of coverage.py instead, if its sources have not changed",
    )
    files.add_argument(
        "--export",
        metavar="FILE",
        help="run every test, and write a data file for coverage report, html, xml, ...",
    )


def _coverage(args: argparse.Namespace, output: OutputOptions) -> ExitCode:
    from sloptest_hook.commands import coverage

    asked = coverage.CoverageOptions(
        tuple(args.paths),
        missing=bool(args.missing),
        fail_under=args.fail_under,
        data_file=args.data_file,
        afresh=bool(args.force),
        export=args.export,
    )
    return coverage.run(asked, output)


def percent(text: str) -> float:
    """Return a number from 0 to 100; argparse says what is wrong with another text."""
    try:
        number = float(text)
    except ValueError:
        number = -1.0
    if not 0 <= number <= 100:  # noqa: PLR2004  # percent
        raise argparse.ArgumentTypeError(f"{text!r}; wanted a percentage from 0 to 100")
    return number
