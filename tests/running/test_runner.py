"""Real small projects under the real pytest of a real environment."""

import ctypes
import os
import re
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from itertools import starmap
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

import pytest

from sloptest_hook.errors import RunnerError
from sloptest_hook.values.coverage import FileCoverage
from sloptest_hook.values.deadline import Deadline
from sloptest_hook.values.pytest_run import NodeOutcome, PytestRequest, PytestRun
from sloptest_hook.values.settings import RunnerSettings
from tests.shares import share

if TYPE_CHECKING:
    from tests.conftest import Repository
    from tests.running.conftest import ProjectTree

PASSED, FAILED = NodeOutcome.PASSED, NodeOutcome.FAILED
ERROR, SKIPPED = NodeOutcome.ERROR, NodeOutcome.SKIPPED

CART = """\
def total(prices, taxed=False):
    result = 0
    for price in prices:
        result += price
    if taxed:
        result *= 2
    return result


def never():  # not called
    return 1


def unseen():  # pragma: no cover
    return 2
"""
TEST_CART = """\
from shop.cart import total

def test_sum():
    assert total([1, 2]) == 3

def test_nothing():
    assert total([]) == 0
"""


def outcomes(run: PytestRun) -> dict[str, NodeOutcome]:
    return {result.node_id: result.outcome for result in run.results}


def messages(run: PytestRun) -> dict[str, str]:
    return {result.node_id: result.message for result in run.results}


def covered(run: PytestRun, path: str) -> FileCoverage:
    return next(found for found in run.coverage if found.path == PurePosixPath(path))


@pytest.mark.parametrize("root", ["src/", ""], ids=["src layout", "flat layout"])
def test_a_layout_needs_no_settings(tree: "ProjectTree", root: str) -> None:
    tree.write({f"{root}shop/__init__.py": "", f"{root}shop/cart.py": CART})
    tree.write({"tests/test_cart.py": TEST_CART})

    run = tree.run(trace=(f"{root}shop/cart.py",))

    assert run.problem is None
    assert outcomes(run) == {
        "tests/test_cart.py::test_sum": PASSED,
        "tests/test_cart.py::test_nothing": PASSED,
    }
    assert covered(run, f"{root}shop/cart.py").missing == {6, 11}


def test_every_interpreter_gives_the_same_lines_branches_and_tests(
    tree_of_each: "ProjectTree",
) -> None:
    tree_of_each.write({"src/shop/__init__.py": "", "src/shop/cart.py": CART})
    tree_of_each.write({"tests/test_cart.py": TEST_CART, "src/shop/other.py": "X = 1\n"})

    run = tree_of_each.run(trace=("src/shop/cart.py", "src/shop/other.py"))

    assert run.problem is None
    found = covered(run, "src/shop/cart.py")
    assert found.executable == {1, 2, 3, 4, 5, 6, 7, 10, 11}
    assert found.missing == {6, 11}
    assert found.executed_branches == {(3, 4), (3, 5), (5, 7)}
    assert found.missing_branches == {(5, 6)}
    both = ("tests/test_cart.py::test_nothing", "tests/test_cart.py::test_sum")
    assert found.tests == {2: both, 3: both, 4: both[1:], 5: both, 7: both}


def test_every_interpreter_refuses_what_generated_code_may_not_do(
    tree_of_each: "ProjectTree",
) -> None:
    tree_of_each.write({"tests/test_acts.py": ACTS})
    node_ids = tuple(f"tests/test_acts.py::{name}" for name in ACT_MESSAGES)

    run = tree_of_each.run_generated(*node_ids)

    assert run.problem is None
    assert messages(run) == {
        f"tests/test_acts.py::{name}": text for name, text in ACT_MESSAGES.items()
    }
    assert not (tree_of_each.snapshot / "left.txt").exists()


ACTS = """\
import socket, subprocess
from pathlib import Path

def test_reads(): assert Path(__file__).read_text()
def test_writes_to_tmp_path(tmp_path): (tmp_path / "x").write_text("x")
def test_writes(): Path("left.txt").write_text("x")
def test_hides_the_error():
    try:
        Path("left.txt").write_text("x")
    except OSError:
        pass
def test_starts_a_process(): subprocess.run(["git", "status"])
def test_connects(): socket.create_connection(("127.0.0.1", 9))
"""
ACT_MESSAGES = {
    "test_reads": "",
    "test_writes_to_tmp_path": "",
    "test_writes": "refused: writing outside the scratch directory: left.txt",
    "test_hides_the_error": "refused: writing outside the scratch directory: left.txt",
    "test_starts_a_process": "refused: starting a process: git",
    "test_connects": "refused: network: 127.0.0.1",
}


LASTING = """\
import tempfile
from pathlib import Path

def reset():
    Path("~/.shop.json").expanduser().unlink(missing_ok=True)

def save():
    (Path.home() / ".shoprc").write_text("x")

def share():
    Path(tempfile.gettempdir(), "shop.lock").write_text("x")

def replace(path):
    with tempfile.NamedTemporaryFile("w", dir=path.parent, delete=False) as file:
        file.write("x")
    Path(file.name).replace(path)
"""
TEST_LASTING = """\
import lasting

def test_reset(): lasting.reset()
def test_save(): lasting.save()
def test_share(): lasting.share()
def test_replace(tmp_path): lasting.replace(tmp_path / "x")
"""
OUTER, FIXED = "outside the scratch directory", "a fixed name in the temporary directory"


@pytest.mark.parametrize("select", ["", "tests/test_lasting.py"], ids=["alone", "with neighbours"])
def test_a_generated_test_changes_nothing_that_lasts(
    tree_of_each: "ProjectTree", tmp_path: Path, monkeypatch: pytest.MonkeyPatch, select: str
) -> None:
    home = tmp_path / "home"
    home.mkdir()
    (home / ".shop.json").touch()
    monkeypatch.setenv("HOME", str(home))
    tree_of_each.write({"src/lasting.py": LASTING, "tests/test_lasting.py": TEST_LASTING})
    names = ("test_reset", "test_save", "test_share", "test_replace")
    node_ids = tuple(f"tests/test_lasting.py::{name}" for name in names)

    run = tree_of_each.run(*((select,) if select else node_ids), generated=node_ids)

    assert list(messages(run).values()) == [
        f"refused: removing {OUTER}: ~/.shop.json",
        f"refused: writing {OUTER}: ~/.shoprc",
        f"refused: writing {FIXED}: shop.lock",
        "",
    ]
    assert [path.name for path in home.iterdir()] == [".shop.json"]


def test_generated_and_own_tests_of_one_file_have_different_rights(tree: "ProjectTree") -> None:
    tree.write({"tests/test_acts.py": ACTS})

    run = tree.run("tests/test_acts.py", generated=("tests/test_acts.py::test_writes",))

    assert outcomes(run)["tests/test_acts.py::test_writes"] is FAILED
    assert outcomes(run)["tests/test_acts.py::test_hides_the_error"] is PASSED


def test_variants_of_a_generated_test_are_generated_too(tree: "ProjectTree") -> None:
    name = "tests/test_v.py::test_writes"
    tree.write(
        {
            "tests/test_v.py": "import pytest\n"
            "@pytest.mark.parametrize('name', ['a::b', 'b[c]'])\n"
            "def test_writes(name): open('left.txt', 'w')\n"
        }
    )

    run = tree.run_generated(name)

    assert outcomes(run) == {f"{name}[a::b]": FAILED, f"{name}[b[c]]": FAILED}


def test_native_code_cannot_write_either_where_landlock_is_in_force(tree: "ProjectTree") -> None:
    name = "tests/test_native.py::test_writes"
    tree.write(
        {
            "tests/test_native.py": "import ctypes\n"
            "creat = ctypes.CDLL(None).creat\n"  # looked up where the audit hook does not watch
            "def test_writes():\n"
            "    assert creat(b'left.txt', 0o644) < 0\n"
        }
    )
    if not _has_landlock():
        pytest.skip("this kernel has no Landlock")

    assert outcomes(tree.run_generated(name)) == {name: PASSED}
    assert outcomes(tree.run(name)) == {name: FAILED}


def _has_landlock() -> bool:
    create_ruleset, ask_for_version = 444, 1
    libc = ctypes.CDLL(None)
    return bool(libc.syscall(create_ruleset, None, 0, ask_for_version) > 0)


OUTCOMES = """\
import pytest

def test_good(): pass
def test_bad(): assert 1 + 1 == 3
def test_raises(): raise ValueError("first line\\nsecond line")
def test_exits(): raise SystemExit(3)
def test_fixture_missing(nowhere): pass
@pytest.fixture
def broken(): raise OSError("set-up")
def test_setup(broken): pass
@pytest.fixture
def leaves():
    yield
    raise OSError("tear-down")
def test_teardown(leaves): pass
def test_skips(): pytest.skip("not today")
@pytest.mark.xfail(reason="known")
def test_xfails(): assert False
@pytest.mark.xfail
def test_xpasses(): pass
@pytest.mark.parametrize("n", [1, 2])
def test_n(n): assert n == 1
class TestGroup:
    def test_inside(self): pass
"""


def test_each_node_has_one_outcome_and_the_line_that_tells(tree: "ProjectTree") -> None:
    tree.write({"tests/test_o.py": OUTCOMES, "setup.cfg": "[tool:pytest]\naddopts = -x\n"})

    run = tree.run()

    found = {
        result.node_id.removeprefix("tests/test_o.py::"): (result.outcome, result.message)
        for result in run.results
    }
    assert found == {
        "test_good": (PASSED, ""),
        "test_bad": (FAILED, "assert (1 + 1) == 3"),
        "test_raises": (FAILED, "ValueError: first line"),
        "test_exits": (FAILED, "SystemExit: 3"),
        "test_fixture_missing": (ERROR, "fixture 'nowhere' not found"),
        "test_setup": (ERROR, "OSError: set-up"),
        "test_teardown": (ERROR, "OSError: tear-down"),
        "test_skips": (SKIPPED, "Skipped: not today"),
        "test_xfails": (SKIPPED, "xfail: known"),
        "test_xpasses": (PASSED, ""),
        "test_n[1]": (PASSED, ""),
        "test_n[2]": (FAILED, "assert 2 == 1"),
        "TestGroup::test_inside": (PASSED, ""),
    }


@pytest.mark.parametrize(
    ("select", "expected"),
    [
        (["tests/test_o.py::test_n"], {"test_n[1]", "test_n[2]"}),
        (["tests/test_o.py::test_n[2]"], {"test_n[2]"}),
        (["tests/test_o.py::TestGroup"], {"TestGroup::test_inside"}),
        (["tests/test_o.py::test_good", "tests/test_o.py::test_gone"], {"test_good"}),
        (["tests/test_o.py::test_goo"], set()),
    ],
    ids=["all variants", "one variant", "a class", "one that is gone", "part of a name"],
)
def test_what_is_selected_runs(tree: "ProjectTree", select: list[str], expected: set[str]) -> None:
    tree.write({"tests/test_o.py": OUTCOMES})

    run = tree.run(*select)

    assert run.problem is None
    assert {name.removeprefix("tests/test_o.py::") for name in outcomes(run)} == expected


BROKEN = {
    "syntax error": ("def test_x(:\n", "SyntaxError"),
    "import error": ("import nowhere\n", "ModuleNotFoundError: No module named 'nowhere'"),
    "sys.exit": ("import sys\nsys.exit(3)\n", "SystemExit: 3"),
    "exception": ("1 / 0\n", "ZeroDivisionError: division by zero"),
}


@pytest.mark.parametrize(("text", "message"), BROKEN.values(), ids=BROKEN)
def test_a_file_that_cannot_be_collected_costs_only_itself(
    tree: "ProjectTree", text: str, message: str
) -> None:
    tree.write({"tests/test_a.py": text, "tests/test_b.py": "def test_good(): pass\n"})

    run = tree.run()

    assert run.problem is None
    [(path, said)] = run.collection_errors
    assert path == "tests/test_a.py"
    assert message in said
    assert outcomes(run) == {"tests/test_b.py::test_good": PASSED}


def test_a_path_that_does_not_exist_costs_only_itself(tree: "ProjectTree") -> None:
    tree.write({"tests/test_b.py": "def test_good(): pass\n"})

    run = tree.run("tests/test_a.py::test_x", "tests/test_b.py")

    assert run.collection_errors == (("tests/test_a.py", "no such file"),)
    assert outcomes(run) == {"tests/test_b.py::test_good": PASSED}
    assert tree.run("tests/test_a.py").results == ()


ENDS = {
    "os._exit": ("import os\n    os._exit(0)", "ended early with exit status 0 in {node}"),
    "a signal": ("import os\n    os.kill(os.getpid(), 11)", "was killed by SIGSEGV in {node}"),
    "pytest.exit": ("import pytest\n    pytest.exit('enough')", "interrupted: .*Exit: enough"),
    "interrupt": ("raise KeyboardInterrupt", "interrupted: KeyboardInterrupt"),
}


@pytest.mark.parametrize(("act", "problem"), ENDS.values(), ids=ENDS)
def test_what_passed_before_a_sudden_end_is_kept(
    tree: "ProjectTree", act: str, problem: str
) -> None:
    node = "tests/test_a.py::test_ends"
    tree.write({"tests/test_a.py": f"def test_good(): pass\ndef test_ends():\n    {act}\n"})

    run = tree.run()

    assert outcomes(run)["tests/test_a.py::test_good"] is PASSED
    assert run.problem is not None
    assert re.search(problem.format(node=node), run.problem)
    assert not run.timed_out


def test_a_generated_test_that_hangs_costs_no_more_than_its_share(tree: "ProjectTree") -> None:
    names = [f"tests/test_a.py::{name}" for name in ("test_good", "test_h", "test_late")]
    text = "def test_good(): pass\ndef test_h():\n    while True: pass\ndef test_late(): pass\n"
    tree.write({"tests/test_a.py": text})

    run = tree.run_generated(*names, seconds=12.0)

    assert not run.timed_out
    assert [result.node_id for result in run.results] == names[:1]
    assert run.problem == "pytest waited more than 3.0 s for one test, in tests/test_a.py::test_h"


HANGS = {
    "in a test": ("def test_good(): pass\ndef test_h():\n    {loop}", "in tests/test_a.py::test_h"),
    "at import": ("{loop}", "while importing tests/test_a.py"),
}


@pytest.mark.parametrize(
    ("text", "where"), share(starmap(pytest.param, HANGS.values()), 2), ids=HANGS
)
def test_the_deadline_ends_a_hanging_run(tree: "ProjectTree", text: str, where: str) -> None:
    tree.write({"tests/test_a.py": text.format(loop="while True: pass\n")})

    run = tree.run(seconds=4.0)

    assert run.timed_out
    assert run.problem is not None
    assert run.problem.startswith("pytest ran out of time")
    assert run.problem.endswith(where)
    assert run.seconds < 6.0
    assert set(outcomes(run).values()) <= {PASSED}


CONFTESTS = {
    "import error": ("import nowhere\n", "ModuleNotFoundError: No module named 'nowhere'"),
    "sys.exit": ("import sys\nsys.exit(3)\n", "pytest was left by sys.exit(3)"),
    "os._exit": ("import os\nos._exit(7)\n", "exit status 7 before the first test"),
    "internal error": (
        "def pytest_collection_modifyitems(): raise OSError('hook')\n",
        "pytest failed: OSError: hook",
    ),
}


@pytest.mark.parametrize(("text", "problem"), CONFTESTS.values(), ids=CONFTESTS)
def test_a_broken_conftest_is_a_problem_in_one_line(
    tree: "ProjectTree", text: str, problem: str
) -> None:
    tree.write({"tests/conftest.py": text, "tests/test_a.py": "def test_good(): pass\n"})

    run = tree.run()

    assert run.problem is not None
    assert problem in run.problem
    assert "\n" not in run.problem
    assert run.results == ()


def test_options_that_the_project_spells_wrong_are_a_problem(tree: "ProjectTree") -> None:
    tree.write({"pytest.ini": "[pytest]\naddopts = --nonsense\n", "tests/test_a.py": ""})

    assert "--nonsense" in (tree.run().problem or "")


@pytest.fixture(scope="session")
def python_with_plugins(make_environment: Callable[..., Path]) -> Path:
    """An environment with the plugins that most often stand in addopts."""
    plugins = ("pytest-cov", "pytest-xdist", "pytest-randomly")
    return make_environment("with-plugins", sys.executable, "pytest", "coverage", *plugins)


ADDOPTS = {
    "coverage": "--cov=shop --cov-branch --cov-report=xml --cov-fail-under=100",
    "workers": "-n 2 --dist loadfile",
    "random order": "-p randomly -p xdist",
    "early end": "-x --lf --sw --junitxml=report.xml",
    "plugin taken out": "-p no:xdist -p no:cacheprovider -p no:randomly",
}


@pytest.mark.parametrize("addopts", share(ADDOPTS.values(), 3), ids=ADDOPTS)
def test_plugins_and_options_of_the_project_do_not_interfere(
    python_with_plugins: Path, tree: "ProjectTree", addopts: str
) -> None:
    busy = replace(tree, python=python_with_plugins)
    busy.write({"pytest.ini": f"[pytest]\naddopts = {addopts}\n", "shop/__init__.py": ""})
    busy.write({"shop/cart.py": CART})
    busy.write({"tests/test_cart.py": f"{TEST_CART}\ndef test_bad(): assert total([1]) == 2\n"})
    before = _files(busy.snapshot)

    run = busy.run(trace=("shop/cart.py",))

    assert run.problem is None
    assert list(outcomes(run).values()) == [PASSED, PASSED, FAILED]
    assert covered(run, "shop/cart.py").missing == {6, 11}
    assert _files(busy.snapshot) == before


def _files(folder: Path) -> list[Path]:
    return sorted(folder.rglob("*"))


def test_addopts_that_select_or_ignore_stay_in_force(tree: "ProjectTree") -> None:
    tree.write({"tox.ini": "[pytest]\naddopts = -k good\nmarkers = slow\n"})
    tree.write({"tests/test_a.py": "def test_good(): pass\ndef test_bad(): assert 0\n"})

    assert outcomes(tree.run()) == {"tests/test_a.py::test_good": PASSED}


def test_settings_above_the_snapshot_are_not_read(tree: "ProjectTree") -> None:
    tree.write({"pytest.ini": "[pytest]\naddopts = --nonsense\n"}, below="")
    tree.write({"conftest.py": "1 / 0\n"}, below="")
    tree.write({"pyproject.toml": "[project]\nname = 'x'\n"})
    tree.write({"tests/unit/test_a.py": "def test_good(): pass\n"})

    run = tree.run("tests/unit/test_a.py")

    assert run.problem is None
    assert outcomes(run) == {"tests/unit/test_a.py::test_good": PASSED}


def test_node_ids_start_at_the_snapshot_even_with_settings_further_down(
    tree: "ProjectTree",
) -> None:
    tree.write({"tests/pytest.ini": "[pytest]\n", "tests/test_a.py": "def test_x(): pass\n"})

    assert set(outcomes(tree.run())) == {"tests/test_a.py::test_x"}


def test_settings_of_the_runner_are_honoured(tree: "ProjectTree") -> None:
    settings = RunnerSettings(
        pytest_args=("-k", "env or path"),
        env=(("SHOP_MODE", "dry"),),
        append_pythonpath=(PurePosixPath("lib"),),
    )
    tree.write({"lib/extra.py": "X = 1\n"})
    tree.write(
        {
            "tests/test_a.py": "import os\n"
            "def test_env(): assert os.environ['SHOP_MODE'] == 'dry'\n"
            "def test_path():\n    import extra\n"
            "def test_left_out(): pass\n"
        }
    )

    run = replace(tree, settings=settings).run()

    assert outcomes(run) == {
        "tests/test_a.py::test_env": PASSED,
        "tests/test_a.py::test_path": PASSED,
    }


@pytest.mark.parametrize("pytest_version", [None, "9"], ids=["pytest", "coverage"])
def test_a_missing_package_is_named_with_the_command_that_installs_it(
    tree: "ProjectTree", pytest_version: str | None
) -> None:
    python = replace(tree.described(), pytest=pytest_version, coverage=None)
    runner = replace(tree.runner(), python=python)
    request = PytestRequest(("tests",), (PurePosixPath("a.py"),))
    missing = "^coverage missing" if pytest_version else "^pytest and coverage missing"

    with pytest.raises(RunnerError, match=missing) as raised:
        runner.run(request, Deadline(time.monotonic() + 9, time.monotonic))

    assert f"{tree.python} -m pip install pytest coverage" in str(raised.value)


COMMITS = """\
import subprocess

def git(*args, **more):
    who = ["-c", "user.name=A", "-c", "user.email=a@b.c"]
    subprocess.run(["git", *who, *args], check=True, **more)

def test_commits(tmp_path):
    git("init", "-q", cwd=tmp_path)
    (tmp_path / "x").write_text("x")
    git("add", "x", cwd=tmp_path)
    git("commit", "-q", "-m", "x", cwd=tmp_path)

def test_tags_what_is_around():
    assert subprocess.run(["git", "tag", "left"]).returncode
"""


def test_git_in_a_test_does_not_reach_the_users_repository(
    tree: "ProjectTree", repository: "Repository", monkeypatch: pytest.MonkeyPatch
) -> None:
    repository.commit({"a.py": "A = 1\n"})
    before = repository.git("for-each-ref"), (repository.root / ".git/index").read_bytes()
    inside = replace(tree, root=repository.root / ".git" / "sloptest")
    inside.write({"tests/test_git.py": COMMITS})
    monkeypatch.setenv("GIT_DIR", str(repository.root / ".git"))
    monkeypatch.setenv("GIT_WORK_TREE", str(repository.root))
    monkeypatch.setenv("GIT_INDEX_FILE", str(repository.root / ".git/index"))

    run = inside.run(trace=("tests/test_git.py",))

    assert covered(run, "tests/test_git.py").missing == frozenset()
    assert messages(run) == {
        "tests/test_git.py::test_commits": "",
        "tests/test_git.py::test_tags_what_is_around": "",
    }
    for name in ("GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE"):
        monkeypatch.delenv(name)
    assert (repository.git("for-each-ref"), (repository.root / ".git/index").read_bytes()) == before


ENVIRONMENT = """\
import os

HERE = dict(os.environ)  # a generated test may not hang on them
def test_secret(): assert "SHOP_TOKEN" {has} HERE
def test_home(): assert HERE["HOME"] {same} {home!r}
def test_activated(): assert HERE["VIRTUAL_ENV"] == __import__("sys").prefix
def test_seed(): assert HERE["PYTHONHASHSEED"] == "0"
"""


@pytest.mark.parametrize(
    ("who", "has", "same"),
    [("generated", "not in", "!="), ("own", "in", "==")],
    ids=["generated", "the user's own"],
)
def test_only_the_users_own_tests_see_the_users_environment(
    tree: "ProjectTree", monkeypatch: pytest.MonkeyPatch, who: str, has: str, same: str
) -> None:
    text = ENVIRONMENT.format(has=has, same=same, home=os.environ["HOME"])
    tree.write({"tests/test_env.py": text})
    monkeypatch.setenv("SHOP_TOKEN", "dummy")
    names = ("test_secret", "test_home", "test_activated", "test_seed")
    node_ids = tuple(f"tests/test_env.py::{name}" for name in names)

    run = tree.run(*node_ids, generated=node_ids if who == "generated" else ())

    assert outcomes(run) == dict.fromkeys(node_ids, PASSED)


TOO_MUCH = {
    "a file": ("(tmp_path / 'x').write_bytes(bytes(70 * 2**20))", "wrote more than 64 MB"),
    "output": ("print('x' * 70 * 2**20)", "wrote more than 64 MB"),
    "memory": ("bytes(10 * 2**30)", "needed more than 4096 MB of memory"),
}


@pytest.mark.parametrize(("code", "message"), TOO_MUCH.values(), ids=TOO_MUCH)
def test_a_limit_that_a_generated_test_meets_is_named(
    tree: "ProjectTree", code: str, message: str
) -> None:
    name = "tests/test_a.py::test_much"
    tree.write({"tests/test_a.py": f"def test_much(tmp_path): {code}\n"})

    assert messages(tree.run_generated(name)) == {name: message}


READS = """\
import os
from pathlib import Path

MODE = os.environ.get("SHOP_MODE")
def gets(): return os.environ.get("SHOP_DATA")
def asks(): return "SHOP_DATA" in os.environ
def getenv(): return os.getenv("SHOP_DATA")
def subscribes():
    try:
        return os.environ["SHOP_DATA"]
    except KeyError:
        return None
def bytes_of(): return os.getenvb(b"SHOP_DATA")
def expands(): return os.path.expandvars("$SHOP_DATA/x")
def present(): return bool(os.environ["VIRTUAL_ENV"])
def home(): return Path("~/.shoprc").expanduser().exists()
def several(): return os.getenv("SHOP_B"), os.getenv("SHOP_A")
def every(): return len(dict(os.environ)) > 0
def sets(): os.environ["SHOP_SET"] = "1"; return os.environ["SHOP_SET"]
def free(): [os.environ.get(name) for name in ("TZ", "PATH", "LC_ALL")]
def library(): return __import__("shutil").get_terminal_size().columns > 0
"""
READERS = {
    **dict.fromkeys(
        ("gets", "asks", "getenv", "subscribes", "bytes_of", "expands"), "variable SHOP_DATA"
    ),
    "present": "variable VIRTUAL_ENV",
    "home": "variable HOME",
    "several": "variable SHOP_A, SHOP_B",
    "every": "",
    **dict.fromkeys(("sets", "free", "library"), None),
}
HERE = {
    "asks": False,
    "expands": "$SHOP_DATA/x",
    "present": True,
    "home": False,
    "several": (None, None),
    "every": True,
    "sets": "1",
    "library": True,
}
SETTLED = {
    "monkeypatch.setenv": (
        "def test(monkeypatch): monkeypatch.setenv('SHOP_DATA', '1'); reads.gets()"
    ),
    "monkeypatch.delenv": (
        "def test(monkeypatch): monkeypatch.delenv('SHOP_DATA', raising=False); reads.gets()"
    ),
    "mock.patch.dict": (
        "from unittest import mock\n"
        "def test():\n    with mock.patch.dict(reads.os.environ, clear=True): reads.gets()"
    ),
    "a fixture": (
        "import pytest\n"
        "@pytest.fixture(autouse=True)\n"
        "def data(monkeypatch): monkeypatch.setenv('SHOP_DATA', '1')\n"
        "def test(): reads.gets()"
    ),
    "the project on import": "reads.os.environ['SHOP_DATA'] = '1'\ndef test(): reads.gets()",
    "a fixture that reads": (
        "import pytest\n@pytest.fixture\ndef data(): return reads.gets()\ndef test(data): pass"
    ),
}


def test_a_generated_test_that_hangs_on_the_environment_fails(tree_of_each: "ProjectTree") -> None:
    tests = "".join(
        f"def test_{name}(): assert reads.{name}() == {HERE.get(name)!r}\n" for name in READERS
    )
    tree_of_each.write({"src/reads.py": READS, "tests/test_env.py": f"import reads\n{tests}"})

    run = tree_of_each.run_generated(*(f"tests/test_env.py::test_{name}" for name in READERS))

    assert {each.node_id.partition("::test_")[2]: each.message for each in run.results} == {
        name: _dependence(what) for name, what in READERS.items()
    }
    assert set(outcomes(tree_of_each.run()).values()) == {PASSED}


def _dependence(what: str | None) -> str:
    if what is None:
        return ""
    return f"depends on the environment {what}" if what else "depends on all environment variables"


@pytest.mark.parametrize("test", SETTLED.values(), ids=SETTLED)
def test_a_variable_that_the_test_itself_settles_is_no_dependence(
    tree: "ProjectTree", test: str
) -> None:
    name = "tests/test_env.py::test"
    tree.write({"src/reads.py": READS, "tests/test_env.py": f"import reads\n{test}\n"})

    assert messages(tree.run_generated(name)) == {name: ""}


UNMOVED = {
    "another result": "assert reads.gets() != 'of nobody'",
    "two of them": "assert len(reads.several()) == 2",
    "a fixture of its own": "assert (tmp_path / str(reads.gets())).parent == tmp_path",
}


@pytest.mark.parametrize("code", share(UNMOVED.values(), 3), ids=UNMOVED)
def test_reading_a_variable_that_decides_nothing_is_no_dependence(
    tree_of_each: "ProjectTree", code: str
) -> None:
    """It runs again with the variable set in several ways, and not while it is measured."""
    name = "tests/test_env.py::test"
    test = f"import reads\ndef test(tmp_path): {code}\n"
    tree_of_each.write({"src/reads.py": READS, "tests/test_env.py": test})

    assert messages(tree_of_each.run_generated(name)) == {name: ""}


def test_while_it_is_measured_a_test_runs_once(tree: "ProjectTree") -> None:
    name = "tests/test_env.py::test"
    reads = "import os\ndef gets():\n    return 1 if os.getenv('SHOP_DATA') else 2\n"
    test = "import reads\ndef test(): assert reads.gets() == 2\n"
    tree.write({"src/reads.py": reads, "tests/test_env.py": test})

    assert messages(tree.run_generated(name, trace=("src/reads.py",))) == {name: ""}
    assert "variable SHOP_DATA" in messages(tree.run_generated(name))[name]


def test_what_one_test_settles_the_next_does_not_rely_on(tree: "ProjectTree") -> None:
    first, second = "tests/test_env.py::test_first", "tests/test_env.py::test_second"
    tree.write({"src/reads.py": READS})
    tree.write(
        {
            "tests/test_env.py": "import reads\n"
            "def test_first(monkeypatch): monkeypatch.setenv('SHOP_DATA', '1'); reads.gets()\n"
            "def test_second(): assert reads.gets() is None\n"
        }
    )

    run = tree.run_generated(first, second)

    assert messages(run) == {first: "", second: "depends on the environment variable SHOP_DATA"}


def test_a_test_file_named_like_an_option_is_a_file(tree: "ProjectTree") -> None:
    tree.write({"--co_test.py": "def test_x(): pass\n"})
    assert outcomes(tree.run("--co_test.py")) == {"--co_test.py::test_x": PASSED}


def test_nothing_is_left_in_snapshot_or_scratch(tree: "ProjectTree") -> None:
    tree.write({"shop.py": "X = 1\n", "tests/test_a.py": "import shop\ndef test_x(tmp_path): 0\n"})
    before = _files(tree.snapshot)

    tree.run(trace=("shop.py",))

    assert _files(tree.snapshot) == before
    assert _files(tree.scratch) == []


EDITABLE = {
    "a path in a .pth file": "{worktree}/src",
    "a finder": "import editable_finder; editable_finder.install({worktree!r})",
}
FINDER = """\
import importlib.util, os, sys

class Finder:
    def __init__(self, tree): self.tree = tree
    def find_spec(self, name, path=None, target=None):
        file = os.path.join(self.tree, "src", *name.split(".")) + ".py"
        if os.path.exists(file):
            return importlib.util.spec_from_file_location(name, file)
        file = file[:-3] + "/__init__.py"
        if os.path.exists(file):
            return importlib.util.spec_from_file_location(name, file)
        return None

def install(tree): sys.meta_path.insert(0, Finder(tree))
"""


@pytest.mark.parametrize("line", EDITABLE.values(), ids=EDITABLE)
def test_an_editable_install_is_shadowed_by_the_snapshot(
    tree: "ProjectTree", tmp_path: Path, line: str
) -> None:
    environment = tmp_path / "environment"
    command = (str(tree.python), "-m", "venv", "--without-pip", "--system-site-packages")
    subprocess.run((*command, str(environment)), check=True)
    [packages] = environment.glob("lib/python*/site-packages")
    [installed] = tree.python.parents[1].glob("lib/python*/site-packages")
    (packages / "editable_finder.py").write_text(FINDER)
    (packages / "a.pth").write_text(f"{installed}\n")
    (packages / "shop.pth").write_text(line.format(worktree=str(tree.worktree)) + "\n")
    tree.write({"src/shop/__init__.py": "SIDE = 'worktree'\n"}, below="worktree")
    tree.write({"src/shop/unstaged.py": ""}, below="worktree")
    tree.write({"src/shop/__init__.py": "SIDE = 'snapshot'\n"})
    tree.write({"tests/test_side.py": SIDE})
    elsewhere = replace(tree, python=environment / "bin" / "python", import_roots=("elsewhere",))

    run = elsewhere.run()

    assert messages(run) == dict.fromkeys(
        ("tests/test_side.py::test_side", "tests/test_side.py::test_unstaged"), ""
    )


SIDE = """\
import pytest, shop

def test_side(): assert shop.SIDE == "snapshot"
def test_unstaged():
    with pytest.raises(ImportError):
        import shop.unstaged
"""


def test_child_processes_import_from_the_snapshot_too(tree: "ProjectTree") -> None:
    tree.write({"src/shop.py": "SIDE = 'snapshot'\n"})
    tree.write({"tests/test_child.py": CHILD})

    assert outcomes(tree.run()) == {"tests/test_child.py::test_child": PASSED}


CHILD = """\
import subprocess, sys

def test_child():
    asks = "import shop; assert shop.SIDE == 'snapshot'"
    subprocess.run([sys.executable, "-c", asks], check=True)
"""


def test_a_thread_that_never_ends_does_not_hold_the_run(tree: "ProjectTree") -> None:
    tree.write(
        {
            "tests/test_a.py": "import threading\n"
            "def test_x(): threading.Thread(target=threading.Event().wait).start()\n"
        }
    )

    run = tree.run(seconds=30.0)

    assert run.problem is None
    assert run.seconds < 20.0


def test_a_file_of_the_trace_that_cannot_be_parsed_is_left_out(tree: "ProjectTree") -> None:
    tree.write({"good.py": "X = 1\n", "bad.py": "def (\n", "tests/test_a.py": "import good\n"})

    run = tree.run(trace=("good.py", "bad.py", "gone.py"))

    assert run.problem is None
    assert [str(found.path) for found in run.coverage] == ["good.py"]


def test_a_folder_with_a_space_or_a_bracket_is_measured(tree: "ProjectTree") -> None:
    odd = replace(tree, root=tree.root / "a [b] *c")
    odd.write({"shop.py": "X = 1\n", "tests/test_a.py": "import shop\ndef test_x(): pass\n"})

    run = odd.run(trace=("shop.py",))

    assert covered(run, "shop.py").missing == frozenset()
