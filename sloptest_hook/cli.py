"""Edge: words typed by the user to one command and one exit code."""

import gc
import signal
import sys
from collections.abc import Sequence
from types import FrameType

from sloptest_hook import __version__
from sloptest_hook.commands.options import OutputOptions
from sloptest_hook.errors import ExitCode, SloptestError

TYPE_CHECKING = False  # typing itself costs 5 ms, which every commit would pay
if TYPE_CHECKING:
    import argparse

    from sloptest_hook.commands.arguments import ArgumentParser


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command and return what the shell sees."""
    _end_on_signals()
    words = sys.argv[1:] if argv is None else list(argv)
    try:
        if _is_plain_hook(words):
            gc.disable()  # collecting while modules load takes 3 ms; what has work switches it on
            return _hook(words[1:], OutputOptions(), dry_run=False)
        return _run(_parser(_command(words)).parse_args(words))
    except SloptestError as error:
        _warn(str(error))
        return ExitCode.USAGE
    except KeyboardInterrupt:
        _warn("interrupted")
        return ExitCode.INTERRUPTED
    except Exception as bug:  # noqa: BLE001  # the one place where a bug of ours ends
        from sloptest_hook.commands import crash

        return crash.report(bug, words[0])


def _is_plain_hook(words: Sequence[str]) -> bool:
    """Recognise what git and pre-commit call: loading argparse would cost a tenth of the run."""
    return words[:1] == ["hook"] and not any(word.startswith("-") for word in words)


def _command(words: Sequence[str]) -> str:
    return next((word for word in words if not word.startswith("-")), "")


def _end_on_signals() -> None:
    """Make SIGTERM and SIGHUP take the way of Ctrl-C: whatever was begun is undone."""

    def interrupt(_number: int, _frame: FrameType | None) -> None:
        raise KeyboardInterrupt

    for number in (signal.SIGTERM, signal.SIGHUP):
        if signal.getsignal(number) is not signal.SIG_IGN:  # nohup
            signal.signal(number, interrupt)


def _warn(message: str) -> None:
    from sloptest_hook.commands.printing import warn

    warn(message)


def _parser(command: str = "") -> "argparse.ArgumentParser":
    from sloptest_hook.commands.arguments import ArgumentParser

    parser = ArgumentParser(
        prog="sloptest",
        description="Writes the missing pytest tests for what you are about to commit.",
        epilog="In a repository: sloptest install, then commit as usual.",
    )
    parser.add_argument("--version", action="version", version=f"sloptest-hook {__version__}")
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")

    hook = commands.add_parser(
        "hook",
        help="what git and pre-commit call: tests for the staged diff",
        description="Writes, proves and stages tests for the staged functions that none covers. "
        "FILES outside the staged diff are backfilled.",
        epilog="Example: git add shop/cart.py && sloptest hook -v",
    )
    hook.add_argument("files", nargs="*", metavar="FILES", help="as pre-commit passes them")
    hook.add_argument(
        "--dry-run",
        "--merge-dry-run",
        dest="dry_run",
        action="store_true",
        help="print a patch of what would be written, and change nothing",
    )
    _add_output_flags(hook)

    coverage = commands.add_parser(
        "coverage",
        help="measure the staged tree and print how far tests cover every function",
        description="Runs the tests that matter: those that are new or have changed, and those "
        "that execute a function which has changed since they ran. What they execute is "
        "remembered under the git directory, where the hook looks before it runs anything.",
        epilog="Example: sloptest coverage --missing shop/",
    )
    coverage.add_argument("paths", nargs="*", metavar="PATHS", help="print these alone")
    coverage.add_argument("--missing", action="store_true", help="a column of missing lines")
    coverage.add_argument(
        "--fail-under", type=_percent, metavar="N", help="exit with 1 below N percent in all"
    )
    coverage.add_argument("--force", action="store_true", help="run every test again")
    files = coverage.add_mutually_exclusive_group()
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
    _add_output_flags(coverage)

    env = commands.add_parser(
        "env",
        help="the project interpreter and how it was found, versions, confinement",
        epilog="Example: sloptest env --json",
    )
    env.add_argument("--rules", action="store_true", help="what test code is refused for")
    _add_output_flags(env)

    demo = commands.add_parser(
        "demo",
        help="commit into a throwaway repository with the hook on, and show what happened",
        epilog="Example: sloptest demo --keep",
    )
    demo.add_argument("--keep", action="store_true", help="leave the repository and name its place")
    _add_output_flags(demo)

    install = commands.add_parser(
        "install",
        help="a plain git hook, for those without pre-commit",
        epilog="Example: cd my-project && sloptest install",
    )
    _add_output_flags(install)
    uninstall = commands.add_parser(
        "uninstall", help="take the plain git hook out again", epilog="Example: sloptest uninstall"
    )
    _add_output_flags(uninstall)

    undo = commands.add_parser(
        "undo",
        help="take the last run's tests out again, where nobody has edited them since",
        description="Takes the tests of the last run out of index and working tree if they are "
        "still byte for byte what was written, and says which are not. A commit that holds them "
        "stays as it is: commit or amend to take them out of it.",
        epilog="Example: sloptest undo && git commit --amend --no-edit --no-verify",
    )
    _add_output_flags(undo)

    _add_provider_commands(commands, command)
    return parser


def _add_provider_commands(
    commands: "argparse._SubParsersAction[ArgumentParser]", command: str
) -> None:
    _add_trust(commands)
    cost = commands.add_parser(
        "cost",
        help="tokens and dollars by day, provider and model; the limits in force",
        epilog="Example: sloptest cost --json",
    )
    _add_output_flags(cost)
    if command == "generate":  # its arguments know the providers, which no other command needs
        from sloptest_hook.commands.generate_arguments import add_generate

        _add_output_flags(add_generate(commands))
    else:
        commands.add_parser("generate", help="the hook's work by hand, by any engine")


def _add_trust(commands: "argparse._SubParsersAction[ArgumentParser]") -> None:
    trust = commands.add_parser(
        "trust",
        help="approve, once in this clone, what its configuration may run and where it may send",
        description="A repository's files may not choose an interpreter outside of the project's "
        "own environments, variables for its processes, or an endpoint that is not the provider's "
        "own, before you have approved that very value in this clone. Shows what needs it, and "
        "asks. What your environment or flags say needs no approval.",
        epilog="Example: sloptest trust",
    )
    trust.add_argument("--yes", action="store_true", help="approve all of it without being asked")
    trust.add_argument("--revoke", action="store_true", help="take every approval back")
    _add_output_flags(trust)


def _add_output_flags(parser: "argparse.ArgumentParser") -> None:
    parser.add_argument("-v", "--verbose", action="store_true", help="a line for every symbol")
    parser.add_argument("-q", "--quiet", action="store_true", help="only what stops a commit")
    parser.add_argument("--json", action="store_true", help="one JSON document on stdout")
    parser.add_argument("--no-color", action="store_true", help="plain text, also with NO_COLOR")


def _run(args: "argparse.Namespace") -> ExitCode:  # noqa: PLR0911, PLR0912, C901  # one for each command
    """Run a command; its imports are paid by that command alone."""
    output = OutputOptions(bool(args.verbose), bool(args.quiet), bool(args.json))
    match args.command:
        case "hook":
            return _hook(args.files, output, dry_run=bool(args.dry_run))
        case "coverage":
            return _coverage(args, output)
        case "env":
            from sloptest_hook.commands import env

            return env.run_rules(output) if args.rules else env.run(output)
        case "demo":
            from sloptest_hook.commands import demo

            return demo.run(keep=bool(args.keep))
        case "install":
            from sloptest_hook.commands import install

            return install.run(output)
        case "undo":
            from sloptest_hook.commands import undo

            return undo.run(output)
        case "cost" | "generate":
            return _run_provider_command(args, output)
        case "trust":
            from sloptest_hook.commands import trust

            asked = trust.TrustOptions(yes=bool(args.yes), revoke=bool(args.revoke))
            return trust.run(asked, output)
        case _:
            from sloptest_hook.commands import install

            return install.run_uninstall(output)


def _run_provider_command(args: "argparse.Namespace", output: OutputOptions) -> ExitCode:
    if args.command == "cost":
        from sloptest_hook.commands import cost

        return cost.run(output)
    from sloptest_hook.commands import generate
    from sloptest_hook.commands.generate_arguments import generate_options

    return generate.run(generate_options(args), output)


def _coverage(args: "argparse.Namespace", output: OutputOptions) -> ExitCode:
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


def _percent(text: str) -> float:
    import argparse

    try:
        number = float(text)
    except ValueError:
        number = -1.0
    if not 0 <= number <= 100:  # noqa: PLR2004  # percent
        raise argparse.ArgumentTypeError(f"{text!r}; wanted a percentage from 0 to 100")
    return number


def _hook(files: Sequence[str], output: OutputOptions, *, dry_run: bool) -> ExitCode:
    from sloptest_hook.commands import hook
    from sloptest_hook.values.outcome import Mode

    return hook.run(files, output, Mode.DRY_RUN if dry_run else Mode.HOOK)
