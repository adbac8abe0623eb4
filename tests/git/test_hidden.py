import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

import pytest

from sloptest_hook.git.hidden import hidden_changes
from sloptest_hook.git.plumbing import Plumbing
from sloptest_hook.git.repository import StagedRepository
from sloptest_hook.git.staging import WorktreeStager

if TYPE_CHECKING:
    from tests.conftest import Repository

Opened = Callable[[], StagedRepository]


def _patch(repository: "Repository") -> bytes:
    """Hide two unstaged changes as pre-commit does and return its patch."""
    repository.commit({"tests/test_a.py": "a = 1\n", "tests/test_é.py": "e = 1\n", "c.py": ""})
    repository.write("tests/test_a.py", "edited\n")
    (repository.root / "tests/test_é.py").unlink()
    patch = subprocess.run(
        ("git", "diff", "--binary"), cwd=repository.root, capture_output=True, check=True
    ).stdout
    repository.git("checkout", "-q", "--", ".")
    return patch


@pytest.mark.parametrize(
    ("variable", "file"),
    [
        ("PRE_COMMIT_HOME", "patch1700000000-{pid}"),
        ("PREK_HOME", "patches/1700000000-{pid}.patch"),
        ("XDG_CACHE_HOME", "pre-commit/patch1700000000-{pid}"),
        ("XDG_CACHE_HOME", "prek/patches/1700000000-{pid}.patch"),
        ("HOME", ".cache/pre-commit/patch1700000000-{pid}"),
    ],
)
def test_what_a_runner_above_has_put_aside_is_refused(
    repository: "Repository",
    opened: Opened,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    variable: str,
    file: str,
) -> None:
    monkeypatch.setenv(variable, str(tmp_path))
    patch = tmp_path / file.format(pid=os.getppid())
    patch.parent.mkdir(parents=True, exist_ok=True)
    patch.write_bytes(_patch(repository))
    stager = WorktreeStager(opened())

    for path in ("tests/test_a.py", "tests/test_é.py"):
        refusal = stager.refusal(PurePosixPath(path))
        assert refusal == "has unstaged changes, which the hook runner has put aside"
    assert stager.refusal(PurePosixPath("c.py")) is None


def test_the_runner_may_be_any_ancestor(
    repository: "Repository", opened: Opened, tmp_path: Path
) -> None:
    (tmp_path / f"patch1-{os.getpid()}").write_bytes(_patch(repository))
    program = (
        "import sys\nfrom pathlib import Path\n"
        "from sloptest_hook.git.hidden import hidden_changes\n"
        "from sloptest_hook.git.plumbing import Plumbing\n"
        "from sloptest_hook.git.repository import StagedRepository\n"
        "import os\nrepo = StagedRepository.open(Path(sys.argv[1]))\n"
        "print(*sorted(hidden_changes(repo, Plumbing(repo), os.environ).names))\n"
    )
    # The shell stands between this process, the runner, and the hook.
    done = subprocess.run(
        ("sh", "-c", '"$@"; exit $?', "sh", sys.executable, "-c", program, str(repository.root)),
        env={**os.environ, "PRE_COMMIT_HOME": str(tmp_path), "PYTHONUTF8": "1"},
        capture_output=True,
        check=True,
        encoding="utf-8",
    )

    assert done.stdout.split() == ["tests/test_a.py", "tests/test_é.py"]


def test_a_patch_of_a_stranger_does_not_count(
    repository: "Repository", opened: Opened, tmp_path: Path
) -> None:
    (tmp_path / f"patch1-{os.getpid()}0").write_bytes(_patch(repository))
    repo = opened()

    found = hidden_changes(repo, Plumbing(repo), {"PRE_COMMIT_HOME": str(tmp_path)})

    assert (found.names, found.doubt) == (frozenset(), None)


@pytest.mark.parametrize(
    "file",
    [
        "lint-staged_unstaged.patch",
        "info/lefthook-unstaged.patch",
        "info/lefthook-unstaged.linked.patch",
    ],
)
def test_patches_under_a_fixed_name_count(
    repository: "Repository", opened: Opened, file: str
) -> None:
    patch = repository.write(f".git/{file}", b"")
    patch.write_bytes(_patch(repository))

    assert WorktreeStager(opened()).refusal(PurePosixPath("tests/test_a.py")) is not None


def test_with_a_patch_that_cannot_be_read_no_tracked_file_is_touched(
    repository: "Repository", opened: Opened
) -> None:
    repository.write(".git/info/lefthook-unstaged.patch", b"\x1f\x8b nonsense")
    repository.commit({"tests/test_a.py": "a = 1\n"})
    stager = WorktreeStager(opened())

    refusal = stager.refusal(PurePosixPath("tests/test_a.py"))
    assert "lefthook-unstaged.patch, which cannot be read" in (refusal or "")
    assert stager.refusal(PurePosixPath("tests/test_new.py")) is None


def test_with_settings_that_refuse_blanks_a_patch_is_read(
    repository: "Repository", opened: Opened
) -> None:
    patch = _patch(repository).replace(b"+edited", b"+edited \t")
    repository.git("config", "apply.whitespace", "error")
    repository.write(".git/info/lefthook-unstaged.patch", patch)
    stager = WorktreeStager(opened())

    assert stager.refusal(PurePosixPath("tests/test_a.py")) is not None
    assert stager.refusal(PurePosixPath("c.py")) is None


def test_a_store_that_cannot_be_found_leaves_doubt_on_every_tracked_file(
    repository: "Repository",
    opened: Opened,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    repository.commit({"tests/test_a.py": "a = 1\n"})
    repo = opened()
    nowhere = {"PRE_COMMIT_HOME": str(tmp_path / "no"), "PREK_HOME": str(tmp_path / "no")}
    monkeypatch.setattr("sloptest_hook.git.stores._PROCESSES", tmp_path / "not-shown")

    found = hidden_changes(repo, Plumbing(repo), {**nowhere, "PRE_COMMIT": "1"})
    assert found.doubt == "the hook runner's store, which was not found"
    assert hidden_changes(repo, Plumbing(repo), nowhere).doubt is None


@pytest.mark.parametrize(
    ("runner", "hook"),
    [
        pytest.param({"PRE_COMMIT_HOME": "{store}"}, {}, id="a wrapper drops the variable"),
        pytest.param(
            {"PRE_COMMIT_HOME": "{store}"}, {"PRE_COMMIT_HOME": "/nowhere"}, id="or changes it"
        ),
        pytest.param(
            {"XDG_CACHE_HOME": "~/cache"}, {"XDG_CACHE_HOME": "~/cache"}, id="a literal tilde"
        ),
    ],
)
@pytest.mark.skipif(not Path("/proc/self/environ").exists(), reason="environments are not shown")
def test_the_store_is_the_one_that_the_runner_has_chosen(
    repository: "Repository", tmp_path: Path, runner: dict[str, str], hook: dict[str, str]
) -> None:
    patch = _patch(repository)
    store = tmp_path / "store"
    literal = repository.root / "~" / "cache" / "pre-commit"
    look = (
        "import os\nfrom pathlib import Path\n"
        "from sloptest_hook.git.hidden import hidden_changes\n"
        "from sloptest_hook.git.plumbing import Plumbing\n"
        "from sloptest_hook.git.repository import StagedRepository\n"
        "repo = StagedRepository.open(Path.cwd())\n"
        "print(*sorted(hidden_changes(repo, Plumbing(repo), os.environ).names))\n"
    )
    run = (
        "import json, os, subprocess, sys\nfrom pathlib import Path\n"
        "store = Path(sys.argv[1])\n"
        "store.mkdir(parents=True)\n"
        "(store / f'patch1-{os.getpid()}').write_bytes(sys.stdin.buffer.read())\n"
        "env = {k: v for k, v in os.environ.items() if not k.endswith('_HOME')}\n"
        "env.update(json.loads(sys.argv[2]))\n"
        "subprocess.run((sys.executable, '-c', sys.argv[3]), env=env, check=True)\n"
    )
    place = literal if "XDG_CACHE_HOME" in runner else store
    environment = {name: value.format(store=store) for name, value in runner.items()}

    done = subprocess.run(
        (sys.executable, "-c", run, str(place), json.dumps(hook), look),
        cwd=repository.root,
        input=patch,
        env={**os.environ, **environment, "PYTHONUTF8": "1"},
        capture_output=True,
        check=True,
    )
    assert done.stdout.decode().split() == ["tests/test_a.py", "tests/test_é.py"]
