"""Edge: what pytest compiles in its own way is kept too: conftest files, tests and all plugins.

pytest rewrites the ``assert`` statements of every module of a plugin's distribution, 73 modules for
Hypothesis, in each process that may write no bytecode.
"""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import os
import sys
import types
from collections.abc import Iterable
from pathlib import PurePath
from typing import Any

from . import compiled
from .searching.isolate import in_fork

_SECONDS = 20.0
_NAME = "_rewrite_test"  # of pytest 5 to 9; where it is another, each process does it anew
_CONFTEST = "conftest.py"
_TEST = "def test_nothing():\n    assert True\n"


def keep() -> None:
    """Let pytest, which is imported, look first for what was kept."""
    from _pytest.assertion import rewrite

    plainly: Any = getattr(rewrite, _NAME, None)
    if not compiled.folders() or plainly is None or hasattr(plainly, "is_kept"):
        return

    def rewrite_test(fn: Any, config: Any) -> tuple[os.stat_result, types.CodeType]:
        path = os.fspath(fn)
        with open(path, "rb") as stream:
            source = stream.read()
        kind = f"pytest {_version()} {config.getini('enable_assertion_pass_hook')}"
        code = compiled.found(kind, path, source)
        if code is not None:
            return os.stat(path), code
        answer: tuple[os.stat_result, types.CodeType] = plainly(fn, config)
        compiled.keep(kind, path, source, answer[1])
        return answer

    rewrite_test.is_kept = True  # type: ignore[attr-defined]
    setattr(rewrite, _NAME, rewrite_test)


def fill_for(snapshot: str, scratch: str, tests: Iterable[str], roots: Iterable[str]) -> None:
    """Before a process is confined: load pytest, and keep all that these tests will import.

    ``tests`` are node ids in the snapshot, ``roots`` relative to it. Afterwards nothing more is
    written.
    """
    keep()
    fill(scratch)
    files = dict.fromkeys(each.partition("::")[0] for each in tests)
    above = {str(folder / _CONFTEST) for file in files for folder in PurePath(file).parents}
    starts = [os.path.join(snapshot, each) for each in (*files, *above)]
    compiled.fill(starts, [os.path.join(snapshot, root) for root in roots])
    compiled.seal()


def fill(scratch: str) -> None:
    """Let a pytest without any code of the project load its plugins once, and keep them.

    Once for a state of the environment; where the user's own tests have run, it is fast.
    """
    for folder in compiled.folders():
        marker = os.path.join(folder, f"plugins-{_environment()}")
        if os.path.exists(marker):
            return
        with contextlib.suppress(OSError):
            os.makedirs(folder, mode=0o700, exist_ok=True)
            with open(os.path.join(folder, "plugins.lock"), "wb") as lock:
                fcntl.flock(lock, fcntl.LOCK_EX)
                if not os.path.exists(marker):
                    in_fork(lambda: _load_plugins(os.path.join(scratch, "plugins")), _SECONDS)
                    with open(marker, "wb"):
                        pass


def _load_plugins(folder: str) -> None:
    import pytest

    os.mkdir(folder)
    os.chdir(folder)
    test = os.path.join(folder, "test_nothing.py")
    with open(test, "w") as stream:
        stream.write(_TEST)
    null = os.open(os.devnull, os.O_WRONLY)
    os.dup2(null, 1)
    os.dup2(null, 2)
    pytest.main(["-c", os.devnull, "--rootdir", folder, "-p", "no:cacheprovider", test])


def _environment() -> str:
    """Return a name for what is installed: another package gives a folder another time."""
    state = [sys.version, _version()]
    for entry in sys.path:
        with contextlib.suppress(OSError):
            state.append(f"{entry} {os.stat(entry).st_mtime_ns}")
    return hashlib.sha256("\0".join(state).encode("utf-8", "surrogateescape")).hexdigest()[:20]


def _version() -> str:
    import pytest

    return str(pytest.__version__)
