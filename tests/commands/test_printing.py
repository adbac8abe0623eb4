import fcntl
import os
import pty
import struct
import subprocess
import sys
import termios

import pytest

from sloptest_hook.commands.printing import terminal_width
from tests.conftest import Project
from tests.shares import share


@pytest.mark.parametrize(
    "words",
    share(
        [
            ("hook", "-v"),
            ("coverage", "--json"),
            ("coverage",),
            ("env",),
            ("undo",),
            ("uninstall",),
        ],
        3,
    ),
    ids=" ".join,
)
def test_a_reader_that_has_gone_is_no_failure(project: Project, words: tuple[str, ...]) -> None:
    """As in ``sloptest coverage | head -1``."""
    project.stage("shop/cart.py", "def total(prices):\n    return sum(list(prices))\n")
    reading, writing = os.pipe()
    os.close(reading)
    done = subprocess.run(
        (sys.executable, "-m", "sloptest_hook", *words),
        cwd=project.root,
        stdout=writing,
        stderr=subprocess.PIPE,
        text=True,
        check=False,
    )
    os.close(writing)
    assert done.returncode == 0
    assert "bug" not in done.stderr
    assert "Error" not in done.stderr


def test_what_the_encoding_lacks_is_escaped(project: Project) -> None:
    project.stage("shop/größe.py", "def größe(n):\n    return n * 2\n")
    done = subprocess.run(
        (sys.executable, "-m", "sloptest_hook", "coverage"),
        cwd=project.root,
        env={**os.environ, "PYTHONIOENCODING": "ascii"},
        capture_output=True,
        text=True,
        check=True,
    )
    assert "gr\\xf6\\xdfe" in done.stdout


@pytest.mark.parametrize(("columns", "width"), [(0, None), (57, 57)], ids=["pre-commit's", "real"])
def test_a_terminal_without_a_size_is_as_wide_as_anything(
    columns: int, width: int | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    mine, its = pty.openpty()
    fcntl.ioctl(mine, termios.TIOCSWINSZ, struct.pack("HHHH", 30, columns, 0, 0))
    with os.fdopen(its, "w") as terminal:
        monkeypatch.setattr(sys, "stdout", terminal)
        found = terminal_width()
        monkeypatch.undo()
    os.close(mine)

    assert found == width


def test_where_there_is_no_terminal_there_is_no_width() -> None:
    assert terminal_width() is None
