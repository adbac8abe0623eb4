"""Edge: ``sloptest install`` and ``sloptest uninstall``, a plain git hook."""

import argparse
import sys
from pathlib import Path

from sloptest_hook.errors import ExitCode
from sloptest_hook.git import hooks
from sloptest_hook.git.repository import StagedRepository


def run(args: argparse.Namespace) -> ExitCode:
    """Write the hook file, or take it out again."""
    repo = StagedRepository.open(Path.cwd())
    if args.command == "install":
        hook = hooks.install(repo, (sys.executable, "-m", "sloptest_hook", "hook"))
        said = f"installed {hook}; it runs at the next commit"
    else:
        removed = hooks.uninstall(repo)
        said = f"removed {removed}" if removed else "there is no hook of sloptest here"
    if not args.quiet:
        sys.stdout.write(f"sloptest: {said}\n")
    return ExitCode.OK
