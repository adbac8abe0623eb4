"""Edge: words typed by the user to one command and one exit code."""

import gc
import signal
import sys
from collections.abc import Sequence
from types import FrameType

from sloptest_hook.commands.options import OutputOptions
from sloptest_hook.errors import ExitCode, SloptestError


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command and return what the shell sees."""
    _end_on_signals()
    words = sys.argv[1:] if argv is None else list(argv)
    try:
        if _is_plain_hook(words):
            gc.disable()  # collecting while modules load takes 3 ms; what has work switches it on
            from sloptest_hook.commands import hook

            return hook.run(hook.HookOptions(words[1:]), OutputOptions())
        from sloptest_hook.commands.adder import output_options
        from sloptest_hook.commands.tree import parser

        args = parser().parse_args(words)
        return ExitCode(args.run(args, output_options(args)))
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
