"""Edge: ``sloptest install`` and ``sloptest uninstall``, a plain git hook."""

import json
import sys
from pathlib import Path

from sloptest_hook.commands.options import OutputOptions
from sloptest_hook.commands.printing import print_lines
from sloptest_hook.errors import ExitCode
from sloptest_hook.git import hooks
from sloptest_hook.git.repository import StagedRepository


def run(output: OutputOptions) -> ExitCode:
    """Write the hook file."""
    repo = StagedRepository.open(Path.cwd())
    hook = hooks.install(repo, (sys.executable, "-m", "sloptest_hook", "hook"))
    _say(f"installed {hook}; it runs at the next commit", str(hook), output)
    return ExitCode.OK


def run_uninstall(output: OutputOptions) -> ExitCode:
    """Take the hook file out again; another program's stays."""
    removed = hooks.uninstall(StagedRepository.open(Path.cwd()))
    said = f"removed {removed}" if removed else "there is no hook of sloptest here"
    _say(said, str(removed) if removed else None, output)
    return ExitCode.OK


def _say(line: str, hook: str | None, output: OutputOptions) -> None:
    if output.json:
        installed = line.startswith("installed")
        document = {"schema": 1, "hook": hook, "installed": installed}
        print_lines([json.dumps(document, indent=2)])
    elif not output.quiet:
        print_lines([f"sloptest: {line}"])
