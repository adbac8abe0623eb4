"""Edge: plain stand-ins for the pytest fixtures that a case may use."""

from __future__ import annotations

import functools
import io
import os
import pkgutil
import shutil
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from .. import guard
from . import looking
from .literals import name_folder


class Captured(NamedTuple):
    """What pytest's ``capsys.readouterr()`` returns."""

    out: str
    err: str


class _Unclosed(io.StringIO):
    """A stream that code under test may close; under pytest nothing would work afterwards."""

    def close(self) -> None:
        """Stay open, and let the case count as one that tried what it must not do."""
        if sys.stdout is self or sys.stderr is self:
            looking.refuse("closing a standard stream")


class Output:
    """Takes standard output and error while it is entered; stands in for ``capsys``."""

    def __init__(self) -> None:
        self._out = _Unclosed()
        self._err = _Unclosed()
        self._before = (sys.stdout, sys.stderr)

    def __enter__(self) -> Output:
        self._before = (sys.stdout, sys.stderr)
        sys.stdout, sys.stderr = self._out, self._err
        return self

    def __exit__(self, *_: object) -> None:
        sys.stdout, sys.stderr = self._before

    def readouterr(self) -> Captured:
        return Captured(self._out.getvalue(), self._err.getvalue())


class Patches:
    """Stands in for ``monkeypatch``, as far as cases use it."""

    def __init__(self) -> None:
        self._undo: list[Callable[[], object]] = []

    def setattr(self, owner: object, name: object, *value: object) -> None:
        """Replace an attribute, named alone or by its whole path in one string."""
        if isinstance(owner, str) and not value:
            path, value = owner, (name,)
            before, _, name = path.rpartition(".")
            owner = pkgutil.resolve_name(before)
        self._undo.append(functools.partial(setattr, owner, str(name), getattr(owner, str(name))))
        setattr(owner, str(name), value[0])

    def setenv(self, name: str, value: str) -> None:
        self._keep_variable(name)
        os.environ[name] = value

    def delenv(self, name: str, raising: bool = True) -> None:  # noqa: FBT001, FBT002  as pytest has it
        self._keep_variable(name)
        if raising:
            del os.environ[name]
        else:
            os.environ.pop(name, None)

    def chdir(self, path: object) -> None:
        self._undo.append(functools.partial(os.chdir, os.getcwd()))
        os.chdir(str(path))

    def undo(self) -> None:
        while self._undo:
            self._undo.pop()()

    def _keep_variable(self, name: str) -> None:
        before = os.environ.get(name)
        if before is None:
            self._undo.append(functools.partial(os.environ.pop, name, None))
        else:
            self._undo.append(functools.partial(os.environ.__setitem__, name, before))


class Fixtures:
    """The fixtures of one run; the directory is made empty, under the same name, for each."""

    def __init__(self, scratch: str) -> None:
        self.folder = os.path.join(scratch, "case")
        guard.allow(self.folder)
        self.patches = Patches()
        self.output = Output()

    def named(self, names: tuple[str, ...]) -> dict[str, object]:
        """Return the fixtures that are asked for."""
        made: dict[str, object] = {}
        name_folder(self.folder if "tmp_path" in names else "")
        if "tmp_path" in names:
            shutil.rmtree(self.folder, ignore_errors=True)
            os.makedirs(self.folder)
            made["tmp_path"] = Path(self.folder)
        if "monkeypatch" in names:
            made["monkeypatch"] = self.patches
        if "capsys" in names:
            made["capsys"] = self.output
        return made


def temporary_folder(parent: str) -> str:
    """Return a new directory of one process."""
    return tempfile.mkdtemp(dir=parent)
