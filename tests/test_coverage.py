"""``sloptest coverage`` and the cache behind the hook, as a developer meets them."""

import json
import os
import shutil
import subprocess
import sys
from itertools import starmap
from pathlib import Path
from typing import Any

import pytest
from coverage import CoverageData

from tests.conftest import Project, approve
from tests.shares import share

CART = """\
def total(prices):
    if not prices:
        return 0
    return sum(prices)


def discount(price, code):
    if code == "HALF":
        return price / 2
    return price
"""
CART_REFORMATTED = '''\
"""The cart."""


def discount(
    price,
    code,
):
    """Take something off."""
    if code == "HALF":
        # half of it
        return price / 2

    return price


def total(prices):
    if not prices: return 0
    return sum(prices)
'''
TESTS = """\
import pytest
from coverage import CoverageData

from shop.cart import discount, total


@pytest.fixture
def prices():
    return [1, 2]


def test_total(prices):
    assert total(prices) == 3


def test_total_of_nothing():
    assert total([]) == 0


@pytest.mark.parametrize("code", ["HALF"])
def test_discount(code):
    assert discount(2, code) == 1
"""


@pytest.fixture
def shop(project: Project) -> Project:
    project.commit({"shop/cart.py": CART, "tests/test_cart.py": TESTS}, "more of the shop")
    return project


def coverage(
    project: Project, *words: str, root: Path | None = None
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        (sys.executable, "-m", "sloptest_hook", "coverage", *words),
        cwd=root or project.root,
        capture_output=True,
        text=True,
        check=False,
    )


def measured(project: Project, *words: str, root: Path | None = None) -> dict[str, Any]:
    done = coverage(project, "--json", *words, root=root)
    assert done.returncode == 0, done.stdout + done.stderr
    document: dict[str, Any] = json.loads(done.stdout)
    return document


def shares(document: dict[str, Any]) -> dict[str, tuple[str, list[int]]]:
    return {
        each["qualname"]: (each["status"], each["missing_lines"]) for each in document["symbols"]
    }


def test_every_symbol_is_measured_with_the_tests_that_execute_it(shop: Project) -> None:
    document = measured(shop)

    assert shares(document) == {"total": ("covered", []), "discount": ("partial", [10])}
    assert document["tests"] == {"run": 3, "remembered": 0}
    assert document["symbols"][1]["tests"] == ["tests/test_cart.py::test_discount[HALF]"]
    assert document["symbols"][1]["missing_branches"] == [[8, 10]]


def test_nothing_is_run_again_while_nothing_has_changed(shop: Project) -> None:
    first = measured(shop)
    second = measured(shop)

    assert second["tests"] == {"run": 0, "remembered": 3}
    assert second["symbols"] == first["symbols"]


def test_reformatting_moving_and_documenting_changes_nothing(shop: Project) -> None:
    measured(shop)
    shop.stage("shop/cart.py", CART_REFORMATTED)
    tests = TESTS.replace("    assert total([])", "    # nothing\n    assert total( [] )")
    shop.stage("tests/test_cart.py", tests)

    document = measured(shop)

    assert document["tests"] == {"run": 0, "remembered": 3}
    assert shares(document) == {"discount": ("partial", [13]), "total": ("covered", [])}


def test_a_changed_function_runs_the_tests_that_execute_it(shop: Project) -> None:
    measured(shop)
    shop.stage("shop/cart.py", CART.replace("price / 2", "price // 2"))

    assert measured(shop)["tests"] == {"run": 1, "remembered": 2}


def test_a_changed_test_is_run_again_and_no_other_one(shop: Project) -> None:
    measured(shop)
    shop.stage("tests/test_cart.py", TESTS.replace('["HALF"]', '["HALF", "NONE"]'))

    document = measured(shop)

    assert document["tests"] == {"run": 2, "remembered": 2}
    assert shares(document)["discount"] == ("covered", [])


BY_LIMIT = """\
import shop.limits


class Gate:
    height = 1

    def is_open(self, n):
        if n > shop.limits.HIGHEST:
            return False
        return self.height > 0


def other(n):
    return n + 1
"""
OF_LIMIT = """\
import shop.gate
import shop.limits


def test_gate():
    assert shop.gate.Gate().is_open(1) in (True, False)


def test_constant():
    assert shop.limits.HIGHEST


def test_total():
    from shop.cart import total
    assert total([]) == 0
"""
OF_MODULE_CODE = {
    "a constant that a module imports": ("shop/limits.py", "HIGHEST = 3", "HIGHEST = -1", 2),
    "an attribute of a class": ("shop/gate.py", "height = 1", "height = 0", 2),
    "a function beside": ("shop/gate.py", "return n + 1", "return n + 2", 0),
    "a new function": ("shop/gate.py", "def other", "def one():\n    return 1\n\n\ndef other", 0),
    "a comment": ("shop/limits.py", "HIGHEST = 3", "HIGHEST = 3  # steps", 0),
}


@pytest.mark.parametrize(
    ("path", "old", "new", "run"),
    share(starmap(pytest.param, OF_MODULE_CODE.values()), 2),
    ids=OF_MODULE_CODE,
)
def test_changed_module_code_runs_the_tests_that_import_it(
    shop: Project, path: str, old: str, new: str, run: int
) -> None:
    texts = {"shop/gate.py": BY_LIMIT, "shop/limits.py": "HIGHEST = 3\n"}
    for name, text in {**texts, "tests/test_gate.py": OF_LIMIT}.items():
        shop.stage(name, text)
    assert shares(measured(shop))["Gate.is_open"] == ("partial", [9])
    shop.stage(path, texts[path].replace(old, new))

    document = measured(shop)

    assert document["tests"] == {"run": run, "remembered": 6 - run}
    missing = [10] if "-1" in new else [9]
    assert shares(document)["Gate.is_open"] == ("partial", missing)


@pytest.mark.slow
def test_others_may_execute_what_the_tests_known_for_it_no_longer_do(shop: Project) -> None:
    """Of a function that many tests execute not all are known for each of its lines."""
    head = "from shop.cart import total\n"
    nothing = head + "\n\ndef test_{}():\n    assert total([]) == 0\n"
    many = "".join(f"\n\ndef test_{n}():\n    assert total([1]) == 1\n" for n in range(30))
    shop.stage("tests/test_cart.py", head + many)
    for name in "ayz":
        shop.stage(f"tests/test_{name}.py", nothing.format(name))
    assert shares(measured(shop))["total"] == ("covered", [])
    for name in "ay":
        shop.stage(f"tests/test_{name}.py", nothing.format(name).replace("[]", "[0]"))

    document = measured(shop)

    assert shares(document)["total"] == ("covered", [])
    # coverage.py's tracer, before Python 3.12, knows every test of every line.
    run = 33 if sys.version_info >= (3, 12) else 2
    assert document["tests"] == {"run": run, "remembered": 33 - run}
    assert measured(shop)["tests"] == {"run": 0, "remembered": 33}


def test_a_changed_fixture_changes_the_tests_that_use_it(shop: Project) -> None:
    measured(shop)
    shop.stage("tests/test_cart.py", TESTS.replace("return [1, 2]", "return [3]"))

    assert measured(shop)["tests"] == {"run": 1, "remembered": 2}


def test_a_deleted_test_covers_nothing_any_more(shop: Project) -> None:
    measured(shop)
    shop.stage("tests/test_cart.py", TESTS[: TESTS.index("@pytest.mark.parametrize")])

    assert shares(measured(shop))["discount"] == ("uncovered", [8, 9, 10])


@pytest.mark.slow
def test_a_branch_switch_and_back_is_remembered(shop: Project) -> None:
    measured(shop)
    shop.git("checkout", "-q", "-b", "other")
    shop.commit({"shop/cart.py": CART.replace("price / 2", "price // 2")})
    measured(shop)
    shop.git("checkout", "-q", "main")

    assert measured(shop)["tests"]["run"] == 0


@pytest.mark.slow
def test_a_second_worktree_and_a_copied_cache_are_remembered(shop: Project, tmp_path: Path) -> None:
    measured(shop)
    other, clone = tmp_path / "other", tmp_path / "clone"
    shop.git("worktree", "add", "-q", str(other), "-b", "second")
    shop.git("clone", "-q", str(shop.root), str(clone))
    (clone / ".git" / "sloptest").mkdir()
    shutil.copy(shop.root / ".git" / "sloptest" / "cache.db", clone / ".git" / "sloptest")
    approve(clone)  # another clone, another decision

    assert measured(shop, root=other)["tests"]["run"] == 0
    assert measured(shop, root=clone)["tests"]["run"] == 0


@pytest.mark.slow
def test_a_renamed_module_is_remembered(shop: Project) -> None:
    measured(shop)
    shop.git("mv", "shop/cart.py", "shop/basket.py")
    shop.stage("tests/test_cart.py", TESTS.replace("shop.cart", "shop.basket"))
    shop.stage("shop/basket.py", CART.replace("price / 2", "price // 2"))

    shop.hook("-v")

    (report,) = [each for each in shop.report()["symbols"] if each["qualname"] == "discount"]
    assert report["status"] in ("covered", "generated", "uncovered")
    assert shares(measured(shop))["total"] == ("covered", [])


def test_another_environment_is_measured_anew(shop: Project) -> None:
    measured(shop)
    shop.commit({"pytest.ini": "[pytest]\naddopts = -p no:cacheprovider\n"})

    assert measured(shop)["tests"] == {"run": 3, "remembered": 0}


@pytest.mark.slow
def test_force_runs_all(shop: Project) -> None:
    measured(shop)

    assert measured(shop, "--force")["tests"] == {"run": 3, "remembered": 0}


def test_paths_select_what_is_printed(shop: Project) -> None:
    shop.commit({"shop/other.py": "def f():\n    return 1\n"})

    assert shares(measured(shop, "shop/other.py")) == {"f": ("uncovered", [2])}


@pytest.mark.parametrize(("limit", "code"), [("50", 0), ("99", 1)])
def test_fail_under_decides_the_exit_code(shop: Project, limit: str, code: int) -> None:
    done = coverage(shop, "-q", "--fail-under", limit)

    assert done.returncode == code
    assert bool(done.stdout) is bool(code), "quiet says what stops somebody, and nothing else"


@pytest.mark.parametrize("words", [("--fail-under", "120"), ("nowhere.py",), ("--import", "no")])
def test_wrong_usage_is_exit_code_two_and_no_traceback(
    shop: Project, words: tuple[str, ...]
) -> None:
    done = coverage(shop, *words)

    assert done.returncode == 2
    assert "Traceback" not in done.stderr


def test_the_settings_of_the_project_do_not_interfere(shop: Project) -> None:
    """A .coveragerc, pytest-cov's options, fail_under: none of them changes what is measured."""
    shop.commit(
        {
            ".coveragerc": "[run]\nomit = *\nbranch = False\n[report]\nfail_under = 100\n",
            "pytest.ini": "[pytest]\naddopts = -x --maxfail=1\n",
        }
    )

    assert shares(measured(shop))["discount"] == ("partial", [10])


def test_the_projects_own_data_file_is_not_touched(shop: Project) -> None:
    (shop.root / ".coverage").write_bytes(b"mine")

    measured(shop)

    assert (shop.root / ".coverage").read_bytes() == b"mine"
    assert shop.git("status", "--porcelain") == "?? .coverage"


def test_the_first_commit_without_a_cache_measures_what_the_diff_needs(shop: Project) -> None:
    shop.commit({"tests/test_slow.py": "def test_slow():\n    raise SystemExit\n"})
    shop.stage("shop/cart.py", CART.replace("sum(prices)", "sum(list(prices))"))

    done = shop.hook("-v")

    assert shop.statuses() == {"total": "covered"}, done.stdout
    assert not shop.report()["problems"] if "problems" in shop.report() else True


def test_a_commit_after_a_measurement_runs_no_test(shop: Project) -> None:
    shop.stage("shop/cart.py", CART.replace("sum(prices)", "sum(list(prices))"))
    measured(shop)
    marker = shop.root / "ran"
    env = {"PYTHONDONTWRITEBYTECODE": "1", "MARK": str(marker)}

    done = shop.hook("-v", env=env)

    assert shop.statuses() == {"total": "covered"}, done.stdout + done.stderr
    assert "symbols to measure" not in done.stderr


IDLE = {
    "a new function": (CART + "\n\ndef new(n):\n    return n + 1\n", set()),
    "a function that some tests execute": (CART.replace("price / 2", "price // 2"), {"discount"}),
    "a constant": (
        CART + "\n\nRATE = 2\n\n\ndef new(n):\n    return n + 1\n",
        {"discount", "total"},
    ),
}


@pytest.mark.parametrize(("text", "run"), IDLE.values(), ids=IDLE)
def test_a_commit_runs_no_test_that_cannot_execute_what_is_new(
    project: Project, tmp_path: Path, text: str, run: set[str]
) -> None:
    """Where the whole suite has been measured it is known what each test executes."""
    ran = tmp_path / "ran"
    tests = "".join(
        f"\n\ndef test_{name}():\n    assert {name}({arguments}) is not None\n"
        f"    open({str(ran)!r}, 'a').write('{name} ')\n"
        for name, arguments in (("total", "[2]"), ("discount", "2, 'HALF'"))
    )
    head = "from shop.cart import discount, total\n"
    project.commit({"shop/cart.py": CART, "tests/test_cart.py": head + tests}, "more of the shop")
    measured(project)
    ran.write_text("")
    project.commit({"shop/cart.py": text}, "newer")

    project.hook(env={"PRE_COMMIT_FROM_REF": "HEAD~1", "PRE_COMMIT_TO_REF": "HEAD"})

    assert set(ran.read_text().split()) == run
    statuses = {each["qualname"]: each["status"] for each in project.report()["symbols"]}
    assert set(statuses.values()) == {"uncovered"}


def test_a_data_file_of_pytest_cov_is_taken_over(shop: Project, project_python: Path) -> None:
    run = (str(project_python), "-m", "coverage", "run", "--branch", "-m", "pytest", "-q")
    config = shop.root / "contexts.cfg"
    config.write_text("[run]\ndynamic_context = test_function\n")
    subprocess.run((*run, "-p", "no:cacheprovider"), cwd=shop.root, check=True, capture_output=True)

    document = measured(shop, "--import", ".coverage")

    assert shares(document) == {"total": ("covered", []), "discount": ("partial", [10])}
    assert {each["evidence"] for each in document["symbols"]} == {"imported"}
    assert "names no tests" in document["notes"][0]


def test_a_changed_source_is_not_taken_over(shop: Project, project_python: Path) -> None:
    run = (str(project_python), "-m", "coverage", "run", "--branch", "-m", "pytest", "-q")
    subprocess.run((*run, "-p", "no:cacheprovider"), cwd=shop.root, check=True, capture_output=True)
    shop.stage("shop/cart.py", CART.replace("sum(prices)", "sum(list(prices))"))
    later = (shop.root / ".coverage").stat().st_mtime + 5
    os.utime(shop.root / "shop" / "cart.py", (later, later))

    document = measured(shop, "--import", ".coverage")

    assert document["symbols"] == []
    assert "shop/cart.py" in document["notes"][0]


def reported(project: Project, python: Path, data_file: str) -> dict[str, Any]:
    """Return what coverage.py itself reports of the shop."""
    out = project.root / "out.json"
    report = (str(python), "-m", "coverage", "json", "-q", "-o", str(out), "--include=shop/*")
    env = {**os.environ, "COVERAGE_FILE": data_file}
    subprocess.run(report, cwd=project.root, check=True, env=env)
    files: dict[str, Any] = json.loads(out.read_text())["files"]
    names = ("executed_lines", "missing_lines", "executed_branches", "missing_branches")
    return {path: {name: file[name] for name in names} for path, file in files.items()}


@pytest.mark.slow
def test_what_is_exported_is_reported_as_coverage_would_have_measured(
    shop: Project, project_python: Path
) -> None:
    run = (str(project_python), "-m", "coverage", "run", "--branch", "-m", "pytest", "-q")
    subprocess.run((*run, "-p", "no:cacheprovider"), cwd=shop.root, check=True, capture_output=True)
    measured(shop)  # what is remembered is run all the same
    document = measured(shop, "--export", "ours.data")

    ours = reported(shop, project_python, "ours.data")
    assert ours["shop/cart.py"]["missing_branches"]
    theirs = reported(shop, project_python, ".coverage")
    assert {path: ours[path] for path in theirs} == theirs
    again = measured(shop, "--import", "ours.data")
    assert shares(again) == shares(document)
    assert [each["tests"] for each in again["symbols"]] == [
        each["tests"] for each in document["symbols"]
    ]


def test_what_is_not_staged_is_not_exported(shop: Project) -> None:
    (shop.root / "shop" / "cart.py").write_text("\n\n" + CART)

    document = measured(shop, "--export", "ours.data")

    assert "shop/cart.py" in document["notes"][0]
    data = CoverageData(str(shop.root / "ours.data"))
    data.read()
    assert str(shop.root / "shop" / "cart.py") not in data.measured_files()


def test_a_data_file_that_cannot_be_written_is_wrong_usage(shop: Project) -> None:
    done = coverage(shop, "--export", "no/such/place")
    assert done.returncode == 2
    assert "no/such/place cannot be written" in done.stderr


@pytest.mark.slow
def test_without_coverage_the_hooks_own_is_lent(shop: Project, tmp_path: Path) -> None:
    bare = tmp_path / "bare"
    subprocess.run((sys.executable, "-m", "venv", str(bare)), check=True)
    install = (str(bare / "bin" / "python"), "-m", "pip", "install", "-q", "pytest")
    subprocess.run(install, check=True)
    shop.configure(python=bare / "bin" / "python")

    assert shares(measured(shop))["discount"] == ("partial", [10])


def test_without_pytest_coverage_is_estimated_and_said_to_be(shop: Project, tmp_path: Path) -> None:
    bare = tmp_path / "bare"
    subprocess.run((sys.executable, "-m", "venv", "--without-pip", str(bare)), check=True)
    shop.configure(python=bare / "bin" / "python")

    document = measured(shop)

    assert {each["evidence"] for each in document["symbols"]} == {"estimated"}
    assert "pip install pytest" in document["problems"][0]
    assert coverage(shop, "--fail-under", "0").returncode == 1


def test_what_was_measured_before_in_another_environment_is_stale(
    shop: Project, tmp_path: Path
) -> None:
    measured(shop)
    bare = tmp_path / "bare"
    subprocess.run((sys.executable, "-m", "venv", "--without-pip", str(bare)), check=True)
    shop.configure(python=bare / "bin" / "python")

    document = measured(shop)

    known = {each["qualname"]: (each["status"], each["evidence"]) for each in document["symbols"]}
    assert known["total"] == ("covered", "stale")
    assert known["discount"][1] == "estimated", "what was not covered may be by now"
    assert coverage(shop).stdout.count("(stale)") == 1


@pytest.mark.parametrize(
    "damage", share([b"SQLite format 3\0" + b"x" * 5000, b"", b"\0" * 5000], 3)
)
def test_a_damaged_cache_is_an_empty_one(shop: Project, damage: bytes) -> None:
    first = measured(shop)
    (shop.root / ".git" / "sloptest" / "cache.db").write_bytes(damage)

    again = measured(shop)

    assert again["symbols"] == first["symbols"]
    assert again["tests"]["run"] == 3
    assert measured(shop)["tests"]["run"] == 0


@pytest.mark.slow
def test_what_is_remembered_of_one_symbol_says_nothing_of_its_neighbour(shop: Project) -> None:
    """A file whose first function is known, and that no test imports any more."""
    shop.commit({"shop/tool.py": "def known():\n    return 1\n"})
    measured(shop)
    shop.stage("shop/tool.py", "def known():\n    return 1\n\n\ndef fresh():\n    return 2\n")

    shop.hook("shop/tool.py", env={"SLOPTEST_STAGE": "false"})

    assert shop.statuses().get("fresh") != "covered"
    assert shares(measured(shop, "shop/tool.py"))["fresh"] == ("uncovered", [6])
