"""The story as a developer sees it: a real ``git commit`` with the hook on."""

import shutil
import subprocess
from pathlib import Path

import pytest

from tests.conftest import SHOP, Project, passes_under_pytest
from tests.running.harness.systems import without
from tests.shares import share

DISCOUNT = '''
def discount(total: int, code: str = "") -> int:
    """Return the total after a code.

    >>> discount(1000, "SPRING")
    900
    """
    if total < 0:
        raise ValueError("total must not be negative")
    if code == "SPRING":
        return total * 90 // 100
    return total
'''

KINDS = """
import asyncio
from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import Enum


class Color(Enum):
    RED = "red"
    BLUE = "blue"


@dataclass
class Basket:
    owner: str
    items: list[str] = field(default_factory=list)

    def add(self, item: str) -> int:
        if not item:
            raise ValueError("an item needs a name")
        self.items.append(item)
        return len(self.items)

    @property
    def is_empty(self) -> bool:
        return not self.items

    @classmethod
    def parse(cls, text: str) -> "Basket":
        owner, _, rest = text.partition(":")
        return cls(owner, [each for each in rest.split(",") if each])

    @staticmethod
    def limit(color: Color) -> int:
        return 10 if color is Color.RED else 3


def countdown(start: int) -> Iterator[int]:
    while start > 0:
        yield start
        start -= 1


async def fetch(number: int) -> str:
    await asyncio.sleep(0)
    return "even" if number % 2 == 0 else "odd"


def mean(values: list[float]) -> float:
    return sum(values) / len(values) if values else 0.0


def sort_in_place(values, reverse=False):
    values.sort(reverse=reverse)
"""


def commit(project: Project, message: str = "change") -> str:
    """Commit what is staged, hook and all, and return everything that was printed."""
    done = project.git_result("commit", "-m", message)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout + done.stderr


def test_a_new_module_is_committed_with_its_tests(project: Project, tmp_path: Path) -> None:
    project.stage("shop/pricing.py", DISCOUNT)
    commit(project)

    assert project.files_of_commit() == ["shop/pricing.py", "tests/test_pricing.py"]
    assert project.git("status", "--short") == ""
    assert project.statuses() == {"discount": "generated"}
    clone = tmp_path / "clone"
    project.git("clone", "-q", str(project.root), str(clone))
    passes_under_pytest(project.python, clone)


def test_the_tests_of_a_commit_say_what_the_code_does(project: Project) -> None:
    project.stage("shop/pricing.py", DISCOUNT)
    commit(project)

    written = project.committed("tests/test_pricing.py")
    assert "from shop.pricing import discount" in written
    assert "900" in written
    assert "pytest.raises(ValueError" in written
    assert "must not be negative" in written


def test_only_what_no_test_covers_gets_tests(project: Project) -> None:
    changed = "def total(prices):\n    return sum(list(prices))\n\n" + DISCOUNT
    project.stage("shop/cart.py", changed)
    commit(project)

    assert project.statuses() == {"total": "covered", "discount": "generated"}
    assert "test_total_adds_the_prices" in project.committed("tests/test_cart.py")
    assert "discount" in project.committed("tests/test_cart.py")


def test_the_users_test_file_keeps_every_byte(project: Project) -> None:
    before = project.committed("tests/test_cart.py")
    project.stage("shop/cart.py", "def total(prices):\n    return sum(prices)\n\n" + DISCOUNT)
    commit(project)

    after = iter(project.committed("tests/test_cart.py").splitlines())
    assert all(line in after for line in before.splitlines())


def test_a_commit_with_nothing_to_say_prints_nothing(project: Project) -> None:
    project.stage("notes.txt", "hello\n")
    assert project.hook().stdout == ""
    project.git("rm", "-q", "--cached", "notes.txt")

    project.stage("shop/cart.py", "def total(prices):\n    return sum(list(prices))\n")
    first = project.hook()
    again = project.hook()
    assert (first.stdout, first.stderr) == ("", "")
    assert (again.stdout, again.stderr) == ("", "")
    assert project.statuses() == {"total": "covered"}


def test_a_reformatted_function_is_no_change(project: Project) -> None:
    project.stage("shop/cart.py", "def total( prices ):  # all of them\n    return sum(prices)\n")
    commit(project)
    assert project.files_of_commit() == ["shop/cart.py"]


def test_the_next_commit_knows_that_the_tests_are_there(project: Project) -> None:
    project.stage("shop/pricing.py", DISCOUNT)
    commit(project)
    project.stage("shop/pricing.py", "import math\n" + DISCOUNT)
    assert commit(project).startswith("[main")
    assert project.files_of_commit() == ["shop/pricing.py"]


def test_symbols_are_read_from_the_index_and_not_from_the_working_tree(project: Project) -> None:
    project.stage("shop/pricing.py", DISCOUNT)
    later = DISCOUNT + "\n\ndef unfinished(:\n"
    project.write("shop/pricing.py", later)
    commit(project)

    assert project.statuses() == {"discount": "generated"}
    assert (project.root / "shop/pricing.py").read_text() == later
    assert project.committed("shop/pricing.py") == DISCOUNT


@pytest.mark.parametrize(
    ("policy", "code"), [pytest.param("warn", 0, id="warn"), pytest.param("block", 1, id="block")]
)
def test_policy_decides_on_what_stays_uncovered(project: Project, policy: str, code: int) -> None:
    project.configure(policy=policy)
    project.stage("shop/ids.py", "def fresh():\n    return id(object())\n")
    done = project.git_result("commit", "-m", "ids")

    assert done.returncode == code
    assert project.statuses() == {"fresh": "uncovered"}
    assert "fresh" in done.stdout + done.stderr


def test_what_needs_the_network_is_skipped_and_said(project: Project) -> None:
    project.stage(
        "shop/net.py",
        "import socket\n\n\ndef ping(host):\n"
        "    with socket.create_connection((host, 80), timeout=1) as made:\n"
        "        made.send(b'ping')\n        return made.recv(4)\n",
    )
    said = commit(project)

    assert project.statuses() == {"ping": "skipped"}
    assert "note: shop/net.py ping: not testable under confinement: not run: network: " in said


def _level_off(project: Project) -> None:
    text = project.root.joinpath("pyproject.toml").read_text()
    project.commit({"pyproject.toml": text + '[tool.sloptest.sandbox]\nlevel = "off"\n'})


@pytest.mark.slow
def test_the_confinement_is_in_the_report_and_said_when_it_is_weak(project: Project) -> None:
    project.stage("shop/pricing.py", DISCOUNT)
    commit(project)
    strong = project.report()["confinement"]
    _level_off(project)
    project.stage("shop/more.py", DISCOUNT.replace("discount", "more"))
    said = commit(project)

    assert strong["level"] in {"strong", "partial"}
    assert project.report()["confinement"]["level"] == "off"
    assert "sloptest: confinement of generated code: off" in said


def test_without_confinement_by_the_system_nothing_generated_is_run(project: Project) -> None:
    project.stage("shop/pricing.py", DISCOUNT)
    lesser = without("unshare", "landlock_create_ruleset", "seccomp")
    git = shutil.which("git")
    assert git is not None
    done = subprocess.run(
        (*lesser, git, "commit", "-m", "change"),
        cwd=project.root,
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 0, done.stderr
    assert project.statuses() == {"discount": "skipped"}
    assert "problem: generated code is not run at confinement limits-only" in done.stderr
    assert project.files_of_commit() == ["shop/pricing.py"]


@pytest.mark.slow
def test_review_stops_the_commit_once(project: Project) -> None:
    project.configure(review=True)
    project.stage("shop/pricing.py", DISCOUNT)

    first = project.git_result("commit", "-m", "pricing")
    assert first.returncode == 1
    assert "read them and commit again" in first.stdout + first.stderr
    assert "tests/test_pricing.py" in project.git("diff", "--cached", "--name-only")

    commit(project)
    assert project.files_of_commit() == ["shop/pricing.py", "tests/test_pricing.py"]


@pytest.mark.slow
def test_without_stage_the_tests_stay_in_the_working_tree(project: Project) -> None:
    project.configure(stage=False)
    project.stage("shop/pricing.py", DISCOUNT)
    commit(project)

    assert project.files_of_commit() == ["shop/pricing.py"]
    assert project.git("status", "--short") == "?? tests/test_pricing.py"


def test_a_time_budget_that_is_spent_defers_and_never_holds_the_commit(project: Project) -> None:
    project.configure(time_budget=0.1)
    project.stage("shop/pricing.py", DISCOUNT)
    commit(project)
    assert set(project.statuses().values()) <= {"deferred", "uncovered"}
    assert project.files_of_commit() == ["shop/pricing.py"]


@pytest.mark.slow
def test_files_beyond_the_staged_diff_are_backfilled(project: Project) -> None:
    project.commit({"shop/pricing.py": DISCOUNT})
    done = project.hook("shop/pricing.py", "shop/cart.py")

    assert done.returncode == 0, done.stdout + done.stderr
    assert project.statuses() == {"discount": "generated", "total": "covered"}
    assert project.git("diff", "--cached", "--name-only") == "tests/test_pricing.py"


@pytest.mark.slow
def test_the_report_accounts_for_every_symbol(project: Project) -> None:
    project.configure(exclude=("shop/legacy.py",))
    project.stage("shop/pricing.py", DISCOUNT)
    project.stage("shop/legacy.py", "def old():\n    return 1\n")
    commit(project)

    report = project.report()
    assert report["schema"] == 1
    assert report["decision"] == "allow"
    assert report["files_staged"] == ["tests/test_pricing.py"]
    by_name = {each["qualname"]: each for each in report["symbols"]}
    assert by_name["old"]["status"] == "skipped"
    assert "legacy" in by_name["old"]["reason"]
    assert by_name["discount"]["tests"]
    assert by_name["discount"]["missing_lines"] == []


@pytest.mark.slow
def test_a_src_layout_works_without_configuration(project: Project, tmp_path: Path) -> None:
    project.stage("src/store/__init__.py", "")
    project.stage("src/store/pricing.py", DISCOUNT)
    commit(project)

    assert project.statuses() == {"discount": "generated"}
    (written,) = [name for name in project.files_of_commit() if name.startswith("tests/")]
    assert "from store.pricing import discount" in project.committed(written)


@pytest.mark.slow
@pytest.mark.parametrize("tested", share([True, False], 2), ids=["with old tests", "without tests"])
def test_an_ignored_build_product_that_an_import_needs_is_there(
    project: Project, *, tested: bool
) -> None:
    project.commit(
        {".gitignore": "_version.py\n", "shop/__init__.py": "from shop._version import V\n"}
    )
    project.write("shop/_version.py", "V = '1.0'\n")
    if not tested:
        project.git("rm", "-q", "tests/test_cart.py")
        project.git("commit", "-q", "--no-verify", "-m", "no tests")
    project.stage("shop/pricing.py", DISCOUNT)
    commit(project)

    assert project.statuses() == {"discount": "generated"}
    assert project.git("status", "--short") == ""


@pytest.mark.slow
def test_functions_of_many_kinds_get_tests(project: Project) -> None:
    project.stage("shop/kinds.py", KINDS)
    printed = commit(project)

    left = {name: status for name, status in project.statuses().items() if status != "generated"}
    assert left == {}, printed
    written = project.committed("tests/test_kinds.py")
    for wrong in ("assert callable", "is not None\n", "xfail", "skip", "test_0", "var_"):
        assert wrong not in written


@pytest.mark.slow
def test_new_test_files_are_ones_that_the_projects_pytest_collects(project: Project) -> None:
    project.commit(
        {"pytest.ini": "[pytest]\npython_files = check_*.py test_cart.py\ntestpaths = spec tests\n"}
    )
    project.stage("shop/pricing.py", DISCOUNT)
    commit(project)

    assert project.files_of_commit() == ["shop/pricing.py", "tests/check_pricing.py"]
    assert "check_pricing" in passes_under_pytest(project.python, project.root, "-v").stdout


def test_more_functions_than_the_time_budget_holds_are_deferred_in_time(project: Project) -> None:
    project.configure(time_budget=6)
    functions = (
        f"def f{number}(kind, n):\n    if kind == 'k{number}':\n        return n * {number}\n"
        f"    return [n] * (n % {number + 2})\n\n\n"
        for number in range(150)
    )
    project.stage("shop/many.py", "".join(functions))
    commit(project)

    report = project.report()
    assert report["elapsed_s"] < 6 + 2
    assert set(project.statuses().values()) <= {"generated", "uncovered", "deferred", "covered"}
    assert len(report["symbols"]) == 150


@pytest.mark.slow
def test_without_stage_the_next_commit_leaves_the_first_tests_alone(project: Project) -> None:
    project.configure(stage=False)
    project.stage("shop/pricing.py", DISCOUNT)
    commit(project)
    first = (project.root / "tests/test_pricing.py").read_text()
    project.stage(
        "shop/pricing.py", DISCOUNT + "\n\ndef double(n: int) -> int:\n    return n * 2\n"
    )
    commit(project)

    assert (project.root / "tests/test_pricing.py").read_text() == first
    assert "double" in (project.root / "tests/test_pricing_generated.py").read_text()


@pytest.mark.slow
def test_a_test_that_an_older_test_would_spoil_is_not_kept(project: Project) -> None:
    project.commit(
        {
            "shop/ids.py": (
                "_seen = []\n\n\ndef add(name):\n    _seen.append(name)\n    return name\n"
            ),
            "tests/test_api.py": (
                "from shop.ids import add\n\n\ndef test_add():\n    assert add('a') == 'a'\n"
            ),
        }
    )
    before = project.committed("shop/ids.py").rstrip("\n")
    project.stage("shop/ids.py", f"{before}\n\n\ndef count():\n    return len(_seen)\n")
    commit(project)

    files = sorted(str(path) for path in (project.root / "tests").glob("test_*.py"))
    passes_under_pytest(project.python, project.root, *files)
    passes_under_pytest(project.python, project.root, *reversed(files))


def test_skip_works_for_the_plain_hook_too(project: Project) -> None:
    project.stage("shop/pricing.py", DISCOUNT)
    project.git("commit", "-q", "-m", "pricing", env={"SKIP": "other,sloptest"})
    assert project.files_of_commit() == ["shop/pricing.py"]


@pytest.mark.parametrize("name", ["nope.py", "../outside.py"])
def test_a_file_that_is_not_there_is_wrong_usage(project: Project, name: str) -> None:
    (project.root.parent / "outside.py").write_text("")
    done = project.hook(name)
    assert done.returncode == 2
    assert name in done.stderr


@pytest.mark.slow
def test_what_was_proved_without_being_staged_is_not_remembered(project: Project) -> None:
    project.configure(stage=False)
    changed = "def total(prices):\n    return sum(prices)\n\n" + DISCOUNT
    project.stage("shop/cart.py", changed)
    project.hook()
    project.git("clean", "-fdq", "tests")

    project.hook()
    assert project.statuses()["discount"] == "generated"


def test_a_function_that_is_excluded_from_coverage_is_not_asked_for(project: Project) -> None:
    project.configure(policy="block")
    project.stage("shop/net.py", "def ping(host):  # pragma: no cover\n    return open(host)\n")
    done = project.git_result("commit", "-m", "net")
    assert done.returncode == 0, done.stdout + done.stderr
    assert project.statuses() == {"ping": "covered"}


@pytest.mark.slow
@pytest.mark.parametrize("words", share([(), ("-a",)], 2), ids=["plain", "all"])
def test_tests_of_a_commit_that_failed_follow_the_code_to_the_next_try(
    project: Project, words: tuple[str, ...], tmp_path: Path
) -> None:
    project.commit({"shop/double.py": ""})
    refuse = project.write(".git/hooks/commit-msg", "#!/bin/sh\nexit 1\n")
    refuse.chmod(0o755)
    project.write("shop/double.py", "def double(n: int) -> int:\n    return n * 3\n")
    project.write("shop/cart.py", SHOP["shop/cart.py"] + DISCOUNT)
    project.git("add", "shop")
    assert project.git_result("commit", "-m", "first try", *words).returncode == 1
    assert "* 3" not in (project.root / "tests/test_double.py").read_text()

    refuse.unlink()
    project.write("shop/double.py", "def double(n: int) -> int:\n    return n * 2\n")
    project.git("add", "shop")
    project.git("commit", "-m", "second try", *words)

    assert project.statuses() == {"double": "generated", "discount": "covered"}
    project.git("clone", "-q", str(project.root), str(tmp_path / "clone"))
    passes_under_pytest(project.python, tmp_path / "clone")
    assert project.git("status", "--porcelain") == ""


@pytest.mark.slow
def test_a_function_renamed_after_a_failed_commit_leaves_no_test_of_the_old_name(
    project: Project, tmp_path: Path
) -> None:
    refuse = project.write(".git/hooks/commit-msg", "#!/bin/sh\nexit 1\n")
    refuse.chmod(0o755)
    project.stage("shop/cart.py", SHOP["shop/cart.py"] + DISCOUNT)
    assert project.git_result("commit", "-m", "first try").returncode == 1

    refuse.unlink()
    renamed = DISCOUNT.replace("discount", "rebate")
    project.stage("shop/cart.py", SHOP["shop/cart.py"] + renamed)
    project.git("commit", "-m", "second try")

    tests = project.committed("tests/test_cart.py")
    assert "rebate" in tests
    assert "discount" not in tests
    project.git("clone", "-q", str(project.root), str(tmp_path / "clone"))
    passes_under_pytest(project.python, tmp_path / "clone")


def test_in_the_stage_of_the_commit_message_nothing_is_staged(project: Project) -> None:
    project.stage("shop/pricing.py", DISCOUNT)
    message = project.write(".git/COMMIT_EDITMSG", "pricing\n")
    done = project.hook(str(message))

    assert done.returncode == 0
    assert "nothing was looked at: a commit message is checked" in done.stdout
    assert project.git("status", "--porcelain") == "A  shop/pricing.py"


def test_a_changed_mode_alone_asks_for_nothing(project: Project) -> None:
    project.commit({"shop/pricing.py": DISCOUNT})
    (project.root / "shop/pricing.py").chmod(0o755)
    project.git("add", "shop/pricing.py")
    project.hook("shop/pricing.py")

    assert project.git("status", "--porcelain") == "M  shop/pricing.py"


def test_a_test_that_the_change_breaks_is_named_and_no_test_of_the_break_is_written(
    project: Project,
) -> None:
    project.configure(policy="block")
    project.stage("shop/cart.py", "def total(prices):\n    return sum(prices) + 1\n")
    project.git_result("commit", "-q", "-m", "it is remembered that the test fails: by nobody")
    assert project.report()["broken_tests"] == [], "nobody has seen it pass"
    project.git("checkout", "-q", "HEAD", "--", ".")
    project.commit({"shop/tax.py": "def tax(price):\n    return price / 5\n"})
    project.stage("shop/cart.py", "def total(prices):\n    return sum(list(prices))\n")
    project.git("commit", "-q", "-m", "it is seen to pass")
    project.stage("shop/cart.py", "def total(prices):\n    return sum(prices) + 1\n")

    done = project.git_result("commit", "-m", "it breaks")

    (broken,) = project.report()["broken_tests"]
    assert broken["test"] == "tests/test_cart.py::test_total_adds_the_prices"
    assert project.git("diff", "--cached", "--name-only") == "shop/cart.py"
    assert (done.returncode, "it passed before" in done.stderr) == (1, True)


CONTRADICTORY = '''\
def halved(price):
    """Return half of a price.

    >>> halved(4)
    2
    """
    return price * 2


def doubled(price):
    """Return twice a price.

    >>> doubled(4)
    8
    """
    return price * 2
'''


def test_code_that_contradicts_its_docstring_gets_no_test_of_what_it_does(
    project: Project,
) -> None:
    project.stage("shop/pricing.py", CONTRADICTORY)

    done = project.git_result("commit", "-m", "pricing")

    (bug,) = project.report()["suspected_bugs"]
    assert (bug["qualname"], bug["expected"], bug["actual"]) == ("halved", "2", "it is 8")
    assert project.statuses() == {"halved": "suspected_bug", "doubled": "generated"}
    assert "halved" not in project.committed("tests/test_pricing.py")
    assert "suspected bug  shop/pricing.py:1 halved: expected 2 (its docstring says so)\n" in (
        done.stderr
    )
    assert "  halved(4)  # it is 8\n" in done.stderr


MISTYPED = """\
def grade(points: int) -> str:
    if points > 50:
        return "passed"


def opposite(points: int) -> int:
    return -points
"""


def test_a_result_that_the_return_annotation_rules_out_is_a_suspected_bug(
    project: Project,
) -> None:
    project.stage("shop/grades.py", MISTYPED)

    done = project.git_result("commit", "-m", "grades")

    (bug,) = project.report()["suspected_bugs"]
    assert (bug["qualname"], bug["expected"], bug["actual"]) == ("grade", "str", "None")
    assert "grade: expected str (its return annotation says so)\n" in done.stderr
    written = project.committed("tests/test_grades.py")
    assert "is None" not in written
    assert "opposite(" in written
