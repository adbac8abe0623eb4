"""What came with a repository, in all the ways in which a file can come with one."""

import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from sloptest_hook.git.provenance import is_inside, origin_of
from sloptest_hook.git.repository import StagedRepository
from tests.conftest import Repository

PYTHON = ".venv/bin/python"


def _own(repository: Repository) -> None:
    repository.write(PYTHON, "")


def _own_link(repository: Repository) -> None:
    repository.write(".venv/pyvenv.cfg", "")
    (repository.root / ".venv/bin").mkdir()
    (repository.root / PYTHON).symlink_to("/usr/bin/env")


def _own_environment_elsewhere(repository: Repository) -> None:
    (repository.root.parent / "elsewhere/bin").mkdir(parents=True)
    (repository.root.parent / "elsewhere/bin/python").touch()
    (repository.root / ".venv").symlink_to(repository.root.parent / "elsewhere")


def _ignored_beside_tracked(repository: Repository) -> None:
    repository.stage("venv.py", "")
    repository.stage(".venv2/bin/python", "")
    _own(repository)


@pytest.mark.parametrize(
    "made", [_own, _own_link, _own_environment_elsewhere, _ignored_beside_tracked]
)
def test_what_was_made_in_this_clone_is_its_own(
    repository: Repository, made: Callable[[Repository], None]
) -> None:
    made(repository)
    assert origin_of(StagedRepository.open(repository.root), repository.root / PYTHON) is None


def _tracked(repository: Repository) -> None:
    repository.stage(PYTHON, "")


def _tracked_link(repository: Repository) -> None:
    (repository.root / ".venv/bin").mkdir(parents=True)
    (repository.root / PYTHON).symlink_to("/usr/bin/env")
    repository.git("add", "-f", PYTHON)


def _tracked_start_up_file(repository: Repository) -> None:
    _own_link(repository)
    repository.stage(".venv/lib/python3.12/site-packages/start.pth", "import os")


def _tracked_link_to_a_folder(repository: Repository) -> None:
    repository.write("tools/env/bin/python", "")
    (repository.root / ".venv").symlink_to("tools/env")
    repository.git("add", "-f", ".venv")


def _own_link_to_a_tracked_file(repository: Repository) -> None:
    repository.stage("tools/run", "")
    (repository.root / ".venv/bin").mkdir(parents=True)
    (repository.root / PYTHON).symlink_to("../../tools/run")


def _link_to_a_tracked_link(repository: Repository) -> None:
    (repository.root / "link").symlink_to("/usr/bin/env")
    repository.git("add", "link")
    (repository.root / ".venv/bin").mkdir(parents=True)
    (repository.root / PYTHON).symlink_to("../../link")


def _in_another_case(repository: Repository) -> None:
    _own(repository)
    blob = repository.git("hash-object", "-w", ".venv/bin/python")
    repository.git("update-index", "--add", "--cacheinfo", f"100755,{blob},.VENV/bin/python")


def _submodule(repository: Repository) -> None:
    other = repository.root.parent / "other"
    subprocess.run(("git", "init", "-q", str(other)), check=True)
    Repository(other).commit({"bin/python": ""})
    repository.git(
        "-c", "protocol.file.allow=always", "submodule", "add", "-q", str(other), ".venv"
    )
    repository.git("rm", "-q", "--cached", ".venv")


@pytest.mark.parametrize(
    "made",
    [
        _tracked,
        _tracked_link,
        _tracked_start_up_file,
        _tracked_link_to_a_folder,
        _own_link_to_a_tracked_file,
        _link_to_a_tracked_link,
        _in_another_case,
        _submodule,
    ],
)
def test_what_came_with_the_repository_is_not(
    repository: Repository, made: Callable[[Repository], None]
) -> None:
    made(repository)
    assert origin_of(StagedRepository.open(repository.root), repository.root / PYTHON)


def test_another_content_is_another_origin(repository: Repository) -> None:
    repo = StagedRepository.open(repository.root)
    repository.stage(PYTHON, "first")
    first = origin_of(repo, repository.root / PYTHON)
    repository.stage(".venv/lib/more.pth", "import os")
    assert origin_of(repo, repository.root / PYTHON) not in (first, None)


def test_links_in_a_circle_come_to_an_end(repository: Repository) -> None:
    (repository.root / "a").symlink_to("b")
    (repository.root / "b").symlink_to("a")
    assert origin_of(StagedRepository.open(repository.root), repository.root / "a") is None


def test_a_repository_below_a_link_is_the_same(repository: Repository) -> None:
    _tracked(repository)
    link = repository.root.parent / "link"
    link.symlink_to(repository.root)
    assert origin_of(StagedRepository.open(link), link / PYTHON)


@pytest.mark.parametrize("path", [".venv", "/top/.venv", "a/../b", "."])
def test_a_path_is_inside_as_it_is_written(path: str) -> None:
    assert is_inside(Path("/top"), Path(path))


@pytest.mark.parametrize("path", ["../x", "/etc", "a/../../x", "/topmost"])
def test_a_path_that_leads_out_is_not(path: str) -> None:
    assert not is_inside(Path("/top"), Path(path))
