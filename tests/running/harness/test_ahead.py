import os
from pathlib import Path

import pytest

from sloptest_hook.running.harness import ahead
from sloptest_hook.running.harness.analysis import FileAnalysis

FUNCTION = """\
def of_{n}(
    first,
    second=None,
):
    with open(first) as file:
        if second:
            return file.read(
                second
            )
    return None
"""


@pytest.fixture
def source(tmp_path: Path) -> str:
    file = tmp_path / "many.py"
    file.write_text("\n\n".join(FUNCTION.format(n=n) for n in range(500)))
    return str(file)


def answers(found: FileAnalysis) -> tuple[object, ...]:
    """All that a session asks of the first function's lines and ways, and more."""
    lines = range(1, 12)
    arcs = [(start, end) for start in lines for end in (*lines, -1)]
    return (
        found.executable,
        found.branches,
        [found.line(line) for line in lines],
        [found.branch(arc) for arc in arcs],
    )


def test_another_process_says_what_this_one_would(source: str) -> None:
    awaited = ahead.begun([source], forks=True)
    (expected,) = ahead.here([source]).values()
    (found,) = awaited().values()
    assert answers(found) == answers(expected)
    assert found.line(3) == 1
    assert found.branch((6, 7)) == (6, 7)


def test_no_child_is_left_to_wait_for(source: str) -> None:
    awaited = ahead.begun([source], forks=True)
    with pytest.raises(ChildProcessError):
        os.waitpid(-1, os.WNOHANG)
    assert awaited()


def test_a_pipe_that_a_test_has_closed_is_no_loss(source: str) -> None:
    awaited = ahead.begun([source], forks=True)
    os.closerange(_lowest_free() - 1, _lowest_free())  # the last that was opened
    (found,) = awaited().values()
    assert found.line(3) == 1


def _lowest_free() -> int:
    free = os.dup(0)
    os.close(free)
    return free


def test_a_file_that_is_not_python_is_left_out(source: str, tmp_path: Path) -> None:
    other = tmp_path / "other.py"
    other.write_text("def (\n")
    assert list(ahead.begun([source, str(other)], forks=True)()) == [source]
