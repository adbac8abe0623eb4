"""The search gives no case that would change a place of the user's when it is run again."""

import sys
import time
from pathlib import Path, PurePosixPath

from sloptest_hook.running.probe import SearchProbe
from sloptest_hook.values.deadline import Deadline
from sloptest_hook.values.observed import SearchRequest
from sloptest_hook.values.pytest_run import ProjectPython

SOURCE = """\
import ctypes
import tempfile
from pathlib import Path


def reset():
    Path("~/.myapp.json").expanduser().unlink(missing_ok=True)
    return True


def save(text: str):
    (Path.home() / ".myapprc").write_text(text)
    return len(text)


def share(text: str):
    Path(tempfile.gettempdir(), "myapp.lock").write_text(text)
    return len(text)


def escape():
    return ctypes.CDLL(None).fopen(b"escaped", b"w") == 0


def measured(text: str):
    with tempfile.TemporaryDirectory() as folder:
        Path(folder, "x").write_text(text)
        return Path(folder, "x").stat().st_size
"""
# What the note says of each; nothing for those that are worth a case.
NOTES = {
    "reset": "",  # in a home directory of the test's own
    "save": "",
    "share": "writing a fixed name in the temporary directory: myapp.lock",
    "escape": "calling C code",
    "measured": "",
}


def test_the_search_keeps_only_what_leaves_nothing_behind(tmp_path: Path) -> None:
    for name in ("snapshot", "worktree", "scratch"):
        (tmp_path / name).mkdir()
    (tmp_path / "snapshot" / "app.py").write_text(SOURCE)
    python = ProjectPython(sys.executable, "made for tests", (3, 11, 0), "", None, None)
    probe = SearchProbe(
        python,
        tmp_path / "snapshot",
        tmp_path / "worktree",
        tmp_path / "scratch",
        [PurePosixPath()],
    )
    requests = [SearchRequest(name, "app", "app.py") for name in NOTES]

    found = list(probe.search(requests, Deadline(time.monotonic() + 60, time.monotonic)))

    assert {each.qualname: bool(each.cases) for each in found} == {
        name: not note for name, note in NOTES.items()
    }
    assert {each.qualname: _mentions(each.notes, NOTES[each.qualname]) for each in found} == (
        dict.fromkeys(NOTES, True)
    )


def _mentions(notes: tuple[str, ...], text: str) -> bool:
    return not text or any(text in note for note in notes)
