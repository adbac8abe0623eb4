"""Edge: remembers which environment variables code of the project reads.

A test whose outcome hangs on a variable that is unset here says nothing of the world it will run
in, where the variable may be set. One that reads such a variable is run again with it set.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from . import callers

# What only passes the question on. With pathlib and os.path, whoever asks for the home directory
# or expands variables is known; every other module of the standard library reads for itself.
# The module _collections_abc calls itself collections.abc.
_PASSING = frozenset({"os", "collections", "posixpath", "ntpath", "genericpath", "pathlib"})
_MONKEYPATCH = "_pytest.monkeypatch"
EVERY = "*"  # the name for all of them, as in ``dict(os.environ)``
# What a switch, a number and a name may be, and none: who reads one takes another way for one of
# these. Not so for the home directory: what is missing in ours may be there in the user's.
VALUES = ("1", "sloptest", None)
ALWAYS = frozenset({EVERY, "HOME"})

# The interpreter and the tools of testing set or need these themselves. HOME is not among them:
# a file that is missing in the empty one may be there in the user's.
_FREE = frozenset({"TMPDIR", "TEMP", "TMP", "PATH", "LANG", "TZ"})
_FREE_BEGINNINGS = ("PYTEST_", "COVERAGE_", "LC_", "PYTHON")


class _Record:
    """What was read and written since the last mark; the one instance lives with the process."""

    __slots__ = ("before", "emptied", "read", "written")

    def __init__(self) -> None:
        self.before: dict[str, str] = {}
        self.read: set[str] = set()
        self.written: set[str] = set()
        self.emptied = False


_record = _Record()


def install() -> None:
    """Begin to watch ``os.environ``, also where a module holds it under another name."""
    if isinstance(os.environ, _Watched):
        return
    _record.before = dict(os.environ)
    for environ in (os.environ, getattr(os, "environb", None)):
        if environ is not None:
            environ.__class__ = _Watched


def clear() -> None:
    """Forget what was read and what was written."""
    _record.written.clear()
    _record.emptied = False
    forget_reads()


def forget_reads() -> None:
    """Forget what was read; a variable that the test's set-up has set stays known."""
    _record.read.clear()


def names_read() -> frozenset[str]:
    """Return the names, set or not, that code of the project read and nobody here had set.

    ``*`` stands for all of them.
    """
    return frozenset(_record.read)


@contextmanager
def set_to(value: str | None, names: frozenset[str]) -> Iterator[None]:
    """Let the variables have a value, or none; reading them is noted no more meanwhile."""
    before = {name: os.environ.get(name) for name in names}
    _assign(dict.fromkeys(names, value))
    try:
        yield
    finally:
        _assign(before)


def _assign(values: Mapping[str, str | None]) -> None:
    for name, value in values.items():
        os.environ[name] = value or ""
        if value is None:
            del os.environ[name]


def dependence(names: frozenset[str]) -> str:
    """Say in words that a test depends on these."""
    if EVERY in names:
        return "depends on all environment variables"
    return f"depends on the environment variable {', '.join(sorted(names))}"


class _Watched(os._Environ[str]):  # noqa: SLF001  the class of os.environ has no public name
    """Does what ``os.environ`` does, and notes it; ``get``, ``in`` and ``os.getenv`` end here.

    The class of ``os.environb`` too, whose names and values are bytes.
    """

    def __getitem__(self, key: str) -> str:
        try:
            value = super().__getitem__(key)
        except KeyError:
            _note_read(os.fsdecode(key), None)
            raise
        _note_read(os.fsdecode(key), os.fsdecode(value))
        return value

    def __iter__(self) -> Iterator[str]:
        if callers.project_frame(_PASSING) is not None:
            _record.read.add(EVERY)
        return super().__iter__()

    def __setitem__(self, key: str, value: str) -> None:
        super().__setitem__(key, value)
        _record.written.add(os.fsdecode(key))

    def __delitem__(self, key: str) -> None:
        super().__delitem__(key)
        _record.written.add(os.fsdecode(key))

    def clear(self) -> None:
        _record.emptied = True
        super().clear()


def _note_read(name: str, value: str | None) -> None:
    if _is_settled(name, value):
        return
    if callers.project_frame(_PASSING) is not None:
        _record.read.add(name)
    elif callers.asking_module(_PASSING) == _MONKEYPATCH:
        # ``monkeypatch.delenv`` of a variable that is not there only looks.
        _record.written.add(name)


def _is_settled(name: str, value: str | None) -> bool:
    """Say whether the value, or that there is none, is the test's or the project's own doing."""
    if name in _FREE or name.startswith(_FREE_BEGINNINGS):
        return True
    return _record.emptied or name in _record.written or value != _record.before.get(name)
