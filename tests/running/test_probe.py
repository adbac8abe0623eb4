"""The probe: imports that fail, time that is up, symbols that are not there."""

import subprocess
import sys
import time
from pathlib import Path, PurePosixPath

import pytest

from sloptest_hook.errors import RunnerError
from sloptest_hook.running.probe import SearchProbe
from sloptest_hook.values.deadline import Deadline
from sloptest_hook.values.observed import Observations, SearchRequest
from sloptest_hook.values.pytest_run import ProjectPython

GOOD = "def twice(n: int) -> int:\n    return 2 * n\n"


def probe_of(root: Path, python: str = sys.executable) -> SearchProbe:
    for name in ("snapshot", "worktree", "scratch"):
        (root / name).mkdir(exist_ok=True)
    described = ProjectPython(python, "made for tests", (3, 11, 0), "", None, None)
    roots = [PurePosixPath("src"), PurePosixPath()]
    return SearchProbe(described, root / "snapshot", root / "worktree", root / "scratch", roots)


def ask(
    root: Path, *requests: SearchRequest, seconds: float = 60.0, python: str = sys.executable
) -> list[Observations]:
    deadline = Deadline(time.monotonic() + seconds, time.monotonic)
    return list(probe_of(root, python).search(requests, deadline))


def write(root: Path, name: str, text: str) -> None:
    path = root / "snapshot" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)


@pytest.mark.parametrize(
    ("source", "note"),
    [
        pytest.param("import no_such_thing\n", "ModuleNotFoundError: No module", id="missing"),
        pytest.param("1 / 0\n", "ZeroDivisionError: division by zero", id="raises"),
        pytest.param("raise SystemExit(2)\n", "SystemExit: 2", id="exits"),
        pytest.param("import os\nos._exit(5)\n", "exit status 5", id="dies"),
        pytest.param("def f(:\n", "SyntaxError", id="syntax"),
        pytest.param("open('/x-of-nobody', 'w')\n", "/x-of-nobody", id="writes"),
    ],
)
def test_an_import_that_fails_is_a_note(tmp_path: Path, source: str, note: str) -> None:
    write(tmp_path, "bad.py", source + GOOD)
    write(tmp_path, "good.py", GOOD)
    bad, good = ask(
        tmp_path, SearchRequest("twice", "bad", "bad.py"), SearchRequest("twice", "good", "good.py")
    )
    assert bad.cases == ()
    assert bad.notes[0].startswith("importing bad ")
    assert note in bad.notes[0]
    assert good.cases


@pytest.mark.parametrize(
    ("qualname", "note"),
    [
        ("missing", "missing is not defined in"),
        ("gone", "bad has no gone once it is imported"),
        ("Shape.area", "no instance of Shape could be made"),
    ],
)
def test_a_symbol_that_cannot_be_called_is_a_note(tmp_path: Path, qualname: str, note: str) -> None:
    source = (
        "import abc\n\ndef gone():\n    pass\n\ndel gone\n\n"
        "class Shape(abc.ABC):\n    @abc.abstractmethod\n    def area(self):\n        return 1\n"
    )
    write(tmp_path, "bad.py", source)
    (answer,) = ask(tmp_path, SearchRequest(qualname, "bad", "bad.py"))
    assert note in answer.notes[0]


def test_an_import_that_hangs_is_a_note(tmp_path: Path) -> None:
    write(tmp_path, "slow.py", "import time\ntime.sleep(30)\n" + GOOD)
    started = time.monotonic()
    (answer,) = ask(tmp_path, SearchRequest("twice", "slow", "slow.py"), seconds=8.0)
    assert answer.notes == ("importing slow did not end within 3 s",)
    assert time.monotonic() - started < 20


SLOW = "".join(  # work that no stand-in for a clock can spare
    f"def f{n}(n: int) -> int:\n    sum(range(20_000_000))\n    return n\n\n" for n in range(6)
)


def test_what_the_time_did_not_reach_is_out_of_time(tmp_path: Path) -> None:
    write(tmp_path, "slow.py", SLOW)
    started = time.monotonic()
    answers = ask(
        tmp_path, *(SearchRequest(f"f{n}", "slow", "slow.py") for n in range(6)), seconds=3.0
    )
    assert answers[-1].out_of_time
    assert time.monotonic() - started < 6


def test_answers_come_in_the_order_of_the_requests(tmp_path: Path) -> None:
    write(tmp_path, "one.py", GOOD + "def thrice(n: int) -> int:\n    return 3 * n\n")
    write(tmp_path, "two.py", "def half(n: int) -> float:\n    return n / 2\n")
    wanted = [("twice", "one"), ("half", "two"), ("thrice", "one")]
    answers = ask(tmp_path, *(SearchRequest(name, of, f"{of}.py") for name, of in wanted))
    assert [each.qualname for each in answers] == ["twice", "half", "thrice"]
    assert all(each.cases for each in answers)


def test_an_interrupt_ends_every_process_at_once(tmp_path: Path) -> None:
    write(tmp_path, "slow.py", SLOW)
    script = tmp_path / "interrupted.py"
    script.write_text(INTERRUPTED)
    started = time.monotonic()
    command = (sys.executable, str(script), str(tmp_path), __file__)
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert "KeyboardInterrupt" in done.stderr
    assert time.monotonic() - started < 8
    assert list((tmp_path / "scratch").iterdir()) == []


INTERRUPTED = """
import importlib.util, os, signal, sys, threading
from pathlib import Path
specification = importlib.util.spec_from_file_location("probing", sys.argv[2])
probing = importlib.util.module_from_spec(specification)
specification.loader.exec_module(probing)
requests = [probing.SearchRequest(f"f{n}", "slow", "slow.py", seconds=20.0) for n in range(6)]
threading.Timer(1.5, os.kill, (os.getpid(), signal.SIGINT)).start()
probing.ask(Path(sys.argv[1]), *requests, seconds=60.0)
"""


def test_the_staged_file_wins_over_the_working_tree(tmp_path: Path) -> None:
    probe_of(tmp_path)
    write(tmp_path, "src/shop/__init__.py", "")
    write(tmp_path, "src/shop/cart.py", GOOD)
    (tmp_path / "worktree" / "shop").mkdir()
    (tmp_path / "worktree" / "shop" / "__init__.py").write_text("raise RuntimeError")
    (answer,) = ask(tmp_path, SearchRequest("twice", "shop.cart", "src/shop/cart.py"))
    assert answer.cases[0].imports == ("from shop.cart import twice",)


def test_another_file_of_the_same_name_is_a_note(tmp_path: Path) -> None:
    write(tmp_path, "json.py", GOOD)
    write(tmp_path, "other/colorsys.py", GOOD)
    (answer,) = ask(tmp_path, SearchRequest("twice", "colorsys", "other/colorsys.py"))
    assert "not the staged other/colorsys.py" in answer.notes[0]


def test_nothing_is_left_in_scratch_or_in_the_snapshot(tmp_path: Path) -> None:
    write(tmp_path, "shop.py", GOOD)
    ask(tmp_path, SearchRequest("twice", "shop", "shop.py"))
    assert list((tmp_path / "scratch").iterdir()) == []
    assert [path.name for path in (tmp_path / "snapshot").iterdir()] == ["shop.py"]


def test_an_interpreter_that_does_not_exist_is_an_error(tmp_path: Path) -> None:
    write(tmp_path, "shop.py", GOOD)
    with pytest.raises(RunnerError, match="cannot start the project's interpreter"):
        ask(tmp_path, SearchRequest("twice", "shop", "shop.py"), python="/nowhere/python")


def test_no_request_starts_nothing(tmp_path: Path) -> None:
    assert ask(tmp_path, python="/nowhere/python") == []
