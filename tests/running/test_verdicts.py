"""What a generated test says of itself proves nothing: only every phase of every item does."""

from typing import TYPE_CHECKING

import pytest

from sloptest_hook.values.pytest_run import NodeOutcome, PytestRun

if TYPE_CHECKING:
    from tests.running.conftest import ProjectTree

NAME = "tests/test_a.py::test_a"
GOOD = "def test_a(): pass\n"
# A line as the harness writes them, to every descriptor that is open.
LINE = b'{"kind": "result", "node": "tests/test_a.py::test_a", "outcome": "passed", "message": ""}'
FORGED = f"""\
import os

def test_a():
    for each in range(3, 40):
        try:
            os.write(each, {LINE!r} + b"\\n" + b'{{"kind": "end", "status": 0}}\\n')
        except OSError:
            pass
    os._exit(0)
"""
TEAR_DOWN_EXITS = """\
import os, pytest

@pytest.fixture
def leaves():
    yield
    os._exit(0)

def test_a(leaves): pass
"""
HIDES_A_PHASE = """\
import pytest

class Hides:
    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_teardown(self, item):
        item.ihook.pytest_runtest_logreport = lambda report: None

@pytest.fixture(autouse=True)
def hides(request):
    if not request.config.pluginmanager.has_plugin("hides"):
        request.config.pluginmanager.register(Hides(), "hides")

def test_a(): pass
"""
# text of tests/test_a.py -> a part of what is said about it
CHEATS = {
    "a forged line": (FORGED, "wrote results of its own"),
    "os._exit(0)": ("import os\ndef test_a(): os._exit(0)\n", "exit status 0"),
    "os._exit(0) on import": ("import os\nos._exit(0)\n" + GOOD, "exit status 0"),
    "os._exit(0) in tear-down": (TEAR_DOWN_EXITS, "exit status 0"),
    "exit on import": ("import sys\nsys.exit(0)\n" + GOOD, "SystemExit: 0"),
    "exit in the test": ("def test_a(): raise SystemExit(0)\n", "SystemExit: 0"),
    "pytest.exit": (
        "import pytest\ndef test_a(): pytest.exit('done', returncode=0)\n",
        "pytest was interrupted",
    ),
    "pytest.exit on import": (
        "import pytest\npytest.exit('done', returncode=0)\n" + GOOD,
        "Exit: done",
    ),
    "no parameters": (
        "import pytest\n@pytest.mark.parametrize('n', [])\ndef test_a(n): pass\n",
        "empty parameter set",
    ),
    "a skip": ("import pytest\ndef test_a(): pytest.skip('later')\n", "Skipped: later"),
    "importorskip": ("import pytest\npytest.importorskip('nowhere')\n" + GOOD, ""),
    "an expected failure": (
        "import pytest\n@pytest.mark.xfail\ndef test_a(): assert False\n",
        "xfail",
    ),
    "no such test": ("def test_b(): pass\n", ""),
    "a hidden phase": (HIDES_A_PHASE, "never reported: teardown"),
}


def said(run: PytestRun) -> str:
    errors = [message for _path, message in run.collection_errors]
    return " | ".join([run.problem or "", *errors, *(each.message for each in run.results)])


@pytest.mark.parametrize(("text", "message"), CHEATS.values(), ids=CHEATS)
def test_a_test_that_only_seems_to_pass_has_not_passed(
    tree: "ProjectTree", text: str, message: str
) -> None:
    tree.write({"tests/test_a.py": text})

    run = tree.run_generated(NAME)

    passed = [each for each in run.results if each.outcome is NodeOutcome.PASSED]
    assert not [each for each in passed if each.node_id.startswith(NAME)]
    assert message in said(run)


def test_a_test_that_passes_has_passed(tree: "ProjectTree") -> None:
    tree.write({"tests/test_a.py": GOOD})

    run = tree.run_generated(NAME)

    assert [(each.node_id, each.outcome) for each in run.results] == [(NAME, NodeOutcome.PASSED)]
    assert run.problem is None


def test_results_of_a_run_with_a_forged_line_are_not_believed(tree: "ProjectTree") -> None:
    forged = FORGED.replace("os._exit(0)", "pass").replace("test_a(", "test_b(")
    tree.write({"tests/test_a.py": forged + GOOD})

    run = tree.run_generated(NAME, "tests/test_a.py::test_b")

    assert run.results == ()
    assert "none of them is believed" in (run.problem or "")


SWALLOWS = {
    "network": ("socket.socket()", "refused: network: a socket of family 2"),
    "process": ("os.fork()", "refused: starting a process"),
    "write": ("open('left.txt', 'w')", "refused: writing outside the scratch directory: left.txt"),
    "secret": ("open('.env')", "refused: reading what may be secret: .env"),
    "key": ("open('/nowhere/.ssh/id_rsa')", "refused: reading what may be secret: /nowhere/.ssh/"),
    "environment": ("open('/proc/1/environ')", "refused: reading what may be secret: /proc/1/e"),
    "machine": ("open('/etc/fstab')", "refused: reading a file of this machine: /etc/fstab"),
}


@pytest.mark.parametrize(("act", "reason"), SWALLOWS.values(), ids=SWALLOWS)
def test_an_attempt_that_was_blocked_and_swallowed_keeps_the_test_out(
    tree: "ProjectTree", act: str, reason: str
) -> None:
    tree.write(
        {
            ".env": "KEY=dummy\n",
            "tests/test_a.py": "import os, socket\n"
            f"def test_a():\n    try: {act}\n    except OSError: pass\n",
        }
    )

    [result] = tree.run_generated(NAME).results

    assert result.outcome is NodeOutcome.FAILED
    assert result.message.startswith(reason)
