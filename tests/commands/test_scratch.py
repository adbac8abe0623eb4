import os
import subprocess
import sys
from pathlib import Path

import pytest

from sloptest_hook.commands.scratch import scratch_directory
from sloptest_hook.errors import RunnerError

_KILLED = """\
import os, signal
from sloptest_hook.commands.scratch import scratch_directory
with scratch_directory() as scratch:
    (scratch / "locked").mkdir()
    (scratch / "locked" / "file").write_text("left")
    (scratch / "locked").chmod(0)
    os.kill(os.getpid(), signal.SIGKILL)
"""


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The directory of temporary files, empty, of this process and of those that it starts."""
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    monkeypatch.setattr("tempfile.tempdir", None)
    return tmp_path


def killed() -> None:
    done = subprocess.run((sys.executable, "-c", _KILLED), check=False)
    assert done.returncode == -9


def test_the_scratch_is_private_empty_and_gone_afterwards(place: Path) -> None:
    with scratch_directory() as scratch:
        assert scratch.parent == place
        assert scratch.stat().st_mode & 0o777 == 0o700
        assert list(scratch.iterdir()) == []
        (scratch / "deep").mkdir()
        (scratch / "deep").chmod(0)

    assert list(place.iterdir()) == []


def test_what_a_killed_run_has_left_is_gone_after_the_next(place: Path) -> None:
    killed()
    assert len(list(place.iterdir())) == 1

    with scratch_directory() as scratch:
        assert list(place.iterdir()) == [scratch]


def test_the_scratch_of_a_run_that_is_alive_stays(place: Path) -> None:
    with scratch_directory() as first:
        killed()
        with scratch_directory() as second:
            assert set(place.iterdir()) == {first, second}
        assert list(place.iterdir()) == [first]


def test_nothing_else_is_touched(place: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    elsewhere = tmp_path_factory.mktemp("elsewhere")
    (elsewhere / "precious").touch()
    (place / "sloptest-run-aaaaaaaa").symlink_to(elsewhere)
    (place / "sloptest-run-bbbbbbbb").touch()
    (place / "sloptest-run-mine").mkdir()
    (place / "sloptest-demo-aaaaaaaa").mkdir()
    before = sorted(place.iterdir())

    with scratch_directory():
        pass

    assert sorted(place.iterdir()) == before
    assert (elsewhere / "precious").exists()


@pytest.mark.skipif(os.getuid() != 0, reason="only root can give a directory away")
def test_the_scratch_of_another_user_stays(place: Path) -> None:
    foreign = place / "sloptest-run-aaaaaaaa"
    foreign.mkdir()
    os.chown(foreign, 12345, 12345)

    with scratch_directory():
        pass

    assert foreign.exists()


def test_without_room_for_temporary_files_one_line_says_so(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "missing"))

    with pytest.raises(RunnerError, match="TMPDIR") as caught, scratch_directory():
        pass
    assert "\n" not in str(caught.value)
