"""Edge: runs one git command, with nothing imported that a commit without work would pay for."""

import subprocess
from collections.abc import Mapping
from pathlib import Path

from sloptest_hook.errors import GitError


def run_git(*arguments: str, cwd: Path, environment: Mapping[str, str]) -> bytes:
    """Return what git prints; raises GitError with git's own last line."""
    try:
        done = subprocess.run(
            ("git", *arguments), cwd=cwd, env=environment, capture_output=True, check=False
        )
    except OSError as error:
        raise GitError(not_started(cwd, error)) from error
    if done.returncode:
        raise GitError(f"`git {arguments[0]}` failed in {cwd}: {last_line(done.stderr)}")
    return done.stdout


def not_started(cwd: Path, error: OSError) -> str:
    """Return the one line for the user when git could not even be started."""
    if isinstance(error, FileNotFoundError) and cwd.is_dir():
        return "git was not found on PATH. Install git, or add its directory to PATH."
    return f"git cannot be started in {cwd}: {error.strerror}."


def last_line(output: bytes) -> str:
    """Return what git said, without its ``fatal:``, as one line."""
    lines = output.decode("utf-8", "replace").strip().splitlines()
    fatal = [line for line in lines if line.startswith(("fatal: ", "error: "))]
    return (fatal or lines or ["no message"])[0].removeprefix("fatal: ").removeprefix("error: ")
