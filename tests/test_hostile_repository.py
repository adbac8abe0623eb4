"""A repository that was written to do harm: by what it prints, by what it holds, by where it leads.

What may be started is in ``tests/commands/test_trust.py``, what a cache may hold in
``tests/store/test_hostile.py``, what the configuration may in ``tests/config/test_files.py``.
"""

import os
import pty
import subprocess
import sys
import threading
from collections.abc import Sequence
from pathlib import Path

import pytest

from sloptest_hook.report.visible import visible
from tests.conftest import Project
from tests.shares import share

EVIL = "\x1b[2J\x1b]0;owned\x07\u202egro.live\u200b\x9b31m\u3164"
QUALNAME = "total\ufe00"  # a name to Python, in which nothing is to be seen at the end
SOURCE = f"def {QUALNAME}(n):\n    if n > 3:\n        raise ValueError({EVIL!r})\n    return n\n"
CONFTEST = (
    "import sys, os\n"
    f"print({EVIL!r})\nprint({EVIL!r}, file=sys.stderr)\n"
    f"def pytest_report_header():\n    return {EVIL!r}\n"
    f"def pytest_itemcollected(item):\n    print({EVIL!r})\n"
    "try:\n"
    f"    os.write(os.open('/dev/tty', os.O_WRONLY), {EVIL!r}.encode())\n"
    "except OSError:\n    pass\n"
)
BROKEN = f"raise RuntimeError({EVIL!r})\n\n\ndef broken():\n    return 1\n"
FAILING = (
    f"import pytest\n\n\n@pytest.mark.parametrize('n', [1], ids=[{EVIL!r}])\n"
    f"def test_it(n):\n    print({EVIL!r})\n    assert False, {EVIL!r}\n"
)

COMMANDS: Sequence[tuple[str, ...]] = (
    ("hook", "-v"),
    ("hook", "--json"),
    ("hook", "--dry-run", "-v"),
    ("coverage", "--missing"),
    ("coverage", "--json"),
    ("env",),
    ("env", "--json"),
    ("trust",),
    ("undo",),
    ("undo", "--json"),
    ("hook", f"no/such{EVIL}"),
    ("hook", f"--no-such{EVIL}"),
    (f"command{EVIL}",),
    ("install",),
    ("uninstall",),
)


def unseen(text: str) -> list[str]:
    """Return what commands a terminal or hides on it; line ends and tabs do not."""
    return sorted({each for each in text if visible(each) != each} - {"\n", "\t"})


def hostile(project: Project) -> None:
    project.stage(f"shop/{EVIL}.py".replace("/0;", "_"), SOURCE)
    project.stage("shop/cart.py", SOURCE)
    project.stage("shop/broken.py", BROKEN)
    project.stage("tests/conftest.py", CONFTEST)
    project.stage("tests/test_failing.py", FAILING)
    text = (project.root / "pyproject.toml").read_text()
    escaped = EVIL.encode("unicode_escape").decode().replace("\\x", "\\u00")
    project.stage(
        "pyproject.toml", f'{text}[tool.sloptest.coverage]\nenv = {{ A = "{escaped}" }}\n'
    )


@pytest.mark.parametrize("words", share(COMMANDS, 3), ids=lambda words: visible(" ".join(words)))
def test_nothing_of_a_repository_commands_the_terminal(
    project: Project, words: Sequence[str]
) -> None:
    hostile(project)
    if words[0] == "undo":
        project.hook("-q")
    done = subprocess.run(
        (sys.executable, "-m", "sloptest_hook", *words),
        cwd=project.root,
        env={**os.environ, "SLOPTEST_POLICY": "block"},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        check=False,
    )
    said = (done.stdout + done.stderr).decode("utf-8")
    assert "Traceback" not in said
    assert said
    assert unseen(said) == []


@pytest.mark.parametrize("key", ["unknown", 'policy = "{}" #', "python"])
def test_a_configuration_that_is_quoted_is_made_visible(project: Project, key: str) -> None:
    escaped = EVIL.encode("unicode_escape").decode().replace("\\x", "\\u00")
    project.write("pyproject.toml", f'[tool.sloptest]\n{key.format(escaped)} = "{escaped}"\n')
    for words in (("env",), ("hook",), ("coverage",), ("trust",)):
        done = subprocess.run(
            (sys.executable, "-m", "sloptest_hook", *words),
            cwd=project.root,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            check=False,
        )
        assert unseen((done.stdout + done.stderr).decode("utf-8")) == [], words


def on_a_terminal(root: Path, *words: str) -> str:
    """Return all that reaches a terminal, also from processes that open it by its name."""
    child, terminal = pty.fork()
    if child == 0:
        os.chdir(root)
        os.execv(sys.executable, (sys.executable, "-m", "sloptest_hook", *words))  # noqa: S606
    seen = bytearray()

    def read() -> None:
        while True:
            try:
                data = os.read(terminal, 4096)
            except OSError:
                return
            if not data:
                return
            seen.extend(data)

    reader = threading.Thread(target=read)
    reader.start()
    os.waitpid(child, 0)
    reader.join()
    os.close(terminal)
    return seen.decode("utf-8").replace("\r\n", "\n")


@pytest.mark.filterwarnings("ignore:.*forkpty:DeprecationWarning")
@pytest.mark.parametrize("words", share([("hook",), ("hook", "--dry-run"), ("coverage", "-q")], 3))
def test_no_test_reaches_the_terminal_on_its_own(project: Project, words: tuple[str, ...]) -> None:
    hostile(project)
    assert unseen(on_a_terminal(project.root, *words)) == []


@pytest.mark.slow
def test_a_patch_for_a_program_keeps_its_bytes(project: Project) -> None:
    project.stage("tests/test_cart.py", f"# {EVIL}\nfrom shop.cart import total\n")
    project.git("commit", "-q", "--no-verify", "-m", "x")
    project.stage("shop/cart.py", "def total(prices):\n    return sum(prices, 1)\n")
    done = subprocess.run(
        (sys.executable, "-m", "sloptest_hook", "hook", "--dry-run"),
        cwd=project.root,
        env={**os.environ, "SLOPTEST_TIME_BUDGET": "600"},
        capture_output=True,
        check=False,
    )
    assert EVIL.encode() in done.stdout
    (project.root.parent / "patch").write_bytes(done.stdout)
    project.git("apply", "--check", "../patch")


DEEP = {
    "shop/deep_sum.py": "def f(a):\n    return " + " + ".join(["a"] * 3000) + "\n",
    "shop/deep_chain.py": "def f(a):\n    return a" + ".b" * 3000 + "\n",
    "shop/deep_brackets.py": "def f(a):\n    return " + "[" * 90 + "a" + "]" * 90 + "\n",
    "shop/deep_not.py": "def f(a):\n    return " + "not " * 900 + "a\n",
    "shop/deep_choice.py": "def f(a):\n    return " + "1 if a else " * 900 + "0\n",
    "shop/deep_blocks.py": "".join("    " * n + f"def f{n}():\n" for n in range(90))
    + "    " * 90
    + "pass\n",
    "shop/long_line.py": f"def f():\n    return '{'x' * 900_000}'\n",
    "shop/null.py": "def f():\n    return '\0'\n",
}


@pytest.mark.slow
def test_source_text_that_is_nested_or_long_beyond_reason_is_named_and_survived(
    project: Project,
) -> None:
    for path, text in DEEP.items():
        project.stage(path, text)
    deep = "\n\nDEEP = " + " + ".join(["1"] * 3000) + "\n"
    project.stage("tests/test_cart.py", project.staged_text("tests/test_cart.py") + deep)
    project.stage("shop/cart.py", "def total(prices):\n    return sum(prices, 1)\n")
    done = project.hook("-v")
    said = done.stdout + done.stderr
    assert done.returncode == 0, said
    assert "bug of sloptest" not in said
    assert project.statuses()["total"] in ("generated", "uncovered", "covered"), said


def test_links_in_the_tree_lead_no_test_out_of_it(project: Project) -> None:
    outside = project.root.parent / "outside"
    outside.mkdir()
    (outside / "test_cart.py").write_text("theirs = 1\n")
    project.git("rm", "-q", "-r", "tests")
    (project.root / "tests").symlink_to(outside)
    (project.root / "shop/linked.py").symlink_to("/etc/passwd")
    project.git("add", "tests", "shop/linked.py")
    project.stage("shop/pricing.py", "def double(price):\n    return price * 2\n")
    done = project.hook("-v")

    assert "bug of sloptest" not in done.stdout + done.stderr
    assert [each.name for each in outside.iterdir()] == ["test_cart.py"]
    assert (outside / "test_cart.py").read_text() == "theirs = 1\n"
    assert "tests" in done.stdout
    assert "symbolic link" in done.stdout


SPIES = {
    "conftest.py": "open({marker!r}, 'a').close()\n",
    "spying_plugin.py": "open({marker!r}, 'a').close()\n",
}


def spied(project: Project) -> Path:
    """Commit a conftest, and pytest options that load a plugin, which leave a mark when run."""
    marker = project.root.parent / "ran"
    text = (project.root / "pyproject.toml").read_text()
    options = '[tool.pytest.ini_options]\naddopts = "-p spying_plugin"\npythonpath = ["."]\n'
    files = {name: body.format(marker=str(marker)) for name, body in SPIES.items()}
    project.commit({**files, "pyproject.toml": text + options}, "spies")
    return marker


@pytest.mark.parametrize(
    "words", [("env",), ("trust",), ("undo",), ("install",), ("uninstall",), ("hook",)]
)
def test_a_conftest_runs_only_where_tests_are_run(project: Project, words: tuple[str, ...]) -> None:
    marker = spied(project)
    project.stage("notes.txt", "no Python is staged\n")
    subprocess.run((sys.executable, "-m", "sloptest_hook", *words), cwd=project.root, check=False)
    assert not marker.exists()


def test_a_conftest_runs_where_tests_are_measured_as_under_the_users_own_pytest(
    project: Project,
) -> None:
    marker = spied(project)
    project.stage("shop/cart.py", "def total(prices):\n    return sum(prices, 0)\n")
    project.hook()
    assert marker.exists()
