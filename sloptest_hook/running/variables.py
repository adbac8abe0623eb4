"""Edge: the environment variables that code of the project, or generated code, is run with."""

import os
import sys
from pathlib import Path

# What untrusted code may see of the environment; PATH so that a shebang or a tool is found.
_ALLOWED = ("PATH", "LANG", "LC_ALL", "LC_CTYPE", "SYSTEMROOT", "LD_LIBRARY_PATH")
# A test that makes a repository of its own needs these; the others point at the user's.
_GIT_KEPT = (
    "GIT_CONFIG_GLOBAL",
    "GIT_CONFIG_SYSTEM",
    "GIT_CONFIG_NOSYSTEM",
    "GIT_AUTHOR_NAME",
    "GIT_AUTHOR_EMAIL",
    "GIT_COMMITTER_NAME",
    "GIT_COMMITTER_EMAIL",
    "GIT_SSH",
    "GIT_SSH_COMMAND",
    "GIT_TERMINAL_PROMPT",
)


def project_environment() -> dict[str, str]:
    """Return the user's environment as their own pytest would see it.

    Repository-local ``GIT_*`` variables are removed: with them a test that makes a repository of
    its own commits to the user's branch. ``VIRTUAL_ENV`` and the first entries of PATH are the
    hook's own under pre-commit.
    """
    dropped = ("VIRTUAL_ENV", "PYTHONHOME", "PYTEST_ADDOPTS", "PYTEST_CURRENT_TEST")
    ours = ("GIT_", "PRE_COMMIT", "COV_CORE_", "COVERAGE_", "PYTEST_XDIST_")
    kept = {
        name: value
        for name, value in os.environ.items()
        if name in _GIT_KEPT or (name not in dropped and not name.startswith(ours))
    }
    return {**kept, "PATH": _foreign_path(kept.get("PATH", os.defpath))}


def bare_environment() -> dict[str, str]:
    """Return the environment for generated code: no key, no token, nothing of the user's."""
    kept = {name: os.environ[name] for name in _ALLOWED if name in os.environ}
    return {**kept, "PATH": _foreign_path(kept.get("PATH", os.defpath))}


def _foreign_path(path: str) -> str:
    """Return PATH without the scripts of a virtual environment that runs this very hook."""
    if sys.prefix == sys.base_prefix:
        return path
    entries = [entry for entry in path.split(os.pathsep) if not _is_own(entry)]
    return os.pathsep.join(entries)


def _is_own(entry: str) -> bool:
    return Path(entry).resolve().is_relative_to(Path(sys.prefix).resolve())
