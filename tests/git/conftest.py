"""A pre-commit hook that stages tests as the product does, for real commits."""

import os
import shutil
import sys
from collections.abc import Callable
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

import pytest

from sloptest_hook.git.repository import StagedRepository
from sloptest_hook.values.candidate import MergedFile

if TYPE_CHECKING:
    from tests.conftest import Repository

HookInstaller = Callable[..., Path]

_PROGRAM = """\
import os, sys
from pathlib import Path, PurePosixPath
from sloptest_hook.errors import SloptestError
from sloptest_hook.git.repository import StagedRepository
from sloptest_hook.git.staging import WorktreeStager
from sloptest_hook.values.candidate import MergedFile

repo = StagedRepository.open(Path.cwd())
stager = WorktreeStager(repo)
path = PurePosixPath({path!r})
entries = repo.blobs_of([path])
before = repo.read_blobs(entries.values())[entries[path]] if entries else None
try:
    stager.stage([MergedFile(path, before, (before or b"") + {text!r}, ())], into_index=True)
except SloptestError as error:
    print(error, file=sys.stderr)
    sys.exit(1)
sys.exit({status})
"""


@pytest.fixture
def staging_hook(repository: "Repository", tmp_path: Path) -> HookInstaller:
    """Return a function that installs a hook which appends ``text`` to ``path`` and stages it."""

    def install(
        path: str = "tests/test_new.py", text: bytes = b"def test_new(): ...\n", status: int = 0
    ) -> Path:
        program = tmp_path / "hook_program.py"
        program.write_text(_PROGRAM.format(path=path, text=text, status=status))
        hook = repository.root / ".git" / "hooks" / "pre-commit"
        hook.parent.mkdir(exist_ok=True)
        hook.write_text(f"#!/bin/sh\nexec {sys.executable} {program}\n")
        hook.chmod(0o755)
        return program

    return install


@pytest.fixture
def while_staging(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """Return a function that has a shell command run whenever git has changed a draft of an index.

    The working tree is written by then, and the index is about to be.
    """
    git = shutil.which("git")

    def install(command: str) -> None:
        wrapper = tmp_path / "wrapped" / "git"
        wrapper.parent.mkdir()
        wrapper.write_text(
            f'#!/bin/sh\n{git} "$@" || exit\n'
            f'case " $* " in *" update-index "*) (unset GIT_INDEX_FILE; {command});; esac\n'
        )
        wrapper.chmod(0o755)
        monkeypatch.setenv("PATH", f"{wrapper.parent}:{os.environ['PATH']}")

    return install


@pytest.fixture
def opened(repository: "Repository") -> Callable[[], StagedRepository]:
    """Return a function that opens the repository as a new process would."""
    return lambda: StagedRepository.open(repository.root)


@pytest.fixture
def merged() -> Callable[..., MergedFile]:
    """Return a function that makes a merged file: its path, its bytes after and before."""

    def make(path: str, after: bytes, before: bytes | None = None) -> MergedFile:
        return MergedFile(PurePosixPath(path), before, after, ())

    return make
