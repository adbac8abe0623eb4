"""What becomes of mutants in the project's own interpreter: real pytest, real forks, confined."""

import sys
import time
from collections.abc import Mapping
from pathlib import Path, PurePosixPath

import pytest

from sloptest_hook.quality.mutants import breakable_classes, mutants_of, mutants_of_class
from sloptest_hook.quality.text import SourceText
from sloptest_hook.running.mutating import SnapshotMutator
from sloptest_hook.symbols.extract import extract_symbols
from sloptest_hook.symbols.parsing import ParseFailure
from sloptest_hook.values.deadline import Deadline
from sloptest_hook.values.mutation import Mutant, MutantStatus, MutationRequest, MutationRun, Trial
from tests.running.conftest import ProjectTree

KILLED, SURVIVED = MutantStatus.KILLED, MutantStatus.SURVIVED
MODULE = PurePosixPath("src/shop.py")


def mutants_in(text: str, path: PurePosixPath = MODULE) -> list[Mutant]:
    symbols = extract_symbols(path, text)
    assert not isinstance(symbols, ParseFailure)
    source = SourceText(text)
    return [m for s in symbols for m in mutants_of(source, s, range(1, 999), most=999).mutants]


def run(
    project: ProjectTree, text: str, mutants: list[Mutant], *tests: str, seconds: float = 60.0
) -> MutationRun:
    trials = tuple(Trial(MODULE, each, tests) for each in mutants)
    mutator = SnapshotMutator(project.runner())
    deadline = Deadline(time.monotonic() + seconds, time.monotonic)
    return mutator.run(MutationRequest({MODULE: text}, trials), deadline)


def fates(mutants: list[Mutant], run: MutationRun) -> Mapping[str, str]:
    return {
        f"{each.line}: {each.says}": status.value
        for each, (status, _by) in zip(mutants, run.statuses, strict=True)
    }


SHOP = """\
import functools


def logged(function):
    @functools.wraps(function)
    def inner(*args):
        return function(*args) or 7

    return inner


@logged
def price(number, each=2):
    if number < 3:
        return number * each
    return number * each - 1


class Cart:
    rate = len("ab")

    @property
    def total(self):
        return sum(x for x in (1, 2) if x > 1)

    @staticmethod
    def half(a):
        def inner(b):
            return b / 2

        return inner(a)

    @classmethod
    def made(cls):
        return cls.rate + 1


def early():
    return 3


EARLY = early()


def endless(n):
    while n < 5:
        n += 1
    return n


async def waits(a):
    return a + 1
"""
TESTS = """\
import asyncio
from shop import EARLY, Cart, endless, price, waits


def test_price():
    assert (price(1), price(3)) == (2, 5)


def test_cart():
    assert Cart().total == 2
    assert Cart.half(4) == 2
    assert Cart.made() == 3


def test_early():
    assert EARLY == 3


def test_endless():
    assert endless(0) == 5


def test_waits():
    assert asyncio.run(waits(1)) == 2


def test_broken():
    assert endless(0) == 6
"""
NODES = tuple(
    f"tests/test_shop.py::test_{name}"
    for name in ("price", "cart", "early", "endless", "waits", "broken")
)


@pytest.fixture
def shop(tree: ProjectTree) -> ProjectTree:
    return tree.write({"src/shop.py": SHOP, "tests/test_shop.py": TESTS})


def test_every_kind_of_function_is_mutated_where_it_lives(shop: ProjectTree) -> None:
    mutants = mutants_in(SHOP)
    done = run(shop, SHOP, mutants, *NODES)
    found = fates(mutants, done)

    assert not done.problem
    assert done.confinement.level in {"strong", "partial"}
    assert [node for node, _ in done.failing] == [NODES[-1]]
    expected = {
        "7: `or` can become `and`": "killed",  # in a closure that importing has made
        "7: `7` can become `8`": "survived",
        "13: `2` can become `3`": "killed",  # a default, which only importing sets
        "12: `@logged` can be taken off": "survived",
        "14: `<` can become `<=`": "killed",
        "14: `<` can become `>=`": "killed",
        "15: `*` can become `/`": "killed",
        "16: `-` can become `+`": "killed",
        "24: `>` can become `>=`": "killed",
        "29: `/` can become `*`": "killed",
        "35: `+` can become `-`": "killed",
        "39: `3` can become `4`": "killed",  # called while importing
        "47: `n += 1` can be left out": "timeout",
        "52: `+` can become `-`": "killed",
    }
    assert {key: found.get(key) for key in expected} == expected


def test_who_notices_is_named_and_tests_that_fail_anyway_are_not_asked(shop: ProjectTree) -> None:
    mutants = [each for each in mutants_in(SHOP) if each.says == "`-` can become `+`"]
    done = run(shop, SHOP, mutants, *NODES)
    assert done.statuses == ((KILLED, NODES[0]),)
    done = run(shop, SHOP, mutants, NODES[-1])
    assert done.statuses == ((MutantStatus.UNTRIED, ""),)


def test_what_compiles_to_the_same_is_equivalent_and_nonsense_incompetent(
    tree: ProjectTree,
) -> None:
    text = "def f(a):\n    return a + 1\n"
    tree.write(
        {
            "src/shop.py": text,
            "tests/test_shop.py": "import shop\n\n\ndef test_f():\n    assert shop.f(1) == 2\n",
        }
    )
    at = text.index("a + 1")
    same, nonsense = (
        Mutant("x/1", at, at + 5, "a + 1", after, 2, 2, "", 0) for after in ("(a + 1)", "a +")
    )
    done = run(tree, text, [same, nonsense], "tests/test_shop.py::test_f")
    assert [each for each, _ in done.statuses] == [
        MutantStatus.EQUIVALENT,
        MutantStatus.INCOMPETENT,
    ]


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="asks /proc what a process has")
def test_a_mutant_gets_about_as_much_memory_as_the_tests_take_without_it(
    tree: ProjectTree,
) -> None:
    text = "def f(n):\n    return len(bytearray(n))\n"
    test = "import shop\n\n\ndef test_f():\n    assert shop.f(2**24) >= 2**24\n"
    tree.write({"src/shop.py": text, "tests/test_shop.py": test})
    at = text.index("bytearray(n)")
    more, much_more = (
        Mutant("x/1", at, at + 12, "bytearray(n)", after, 2, 2, "", 0)
        for after in ("bytearray(n + 2**25)", "bytearray(n + 2**30)")
    )

    done = run(tree, text, [more, much_more], "tests/test_shop.py::test_f")

    assert [each for each, _ in done.statuses] == [MutantStatus.SURVIVED, MutantStatus.KILLED]


def test_a_mutant_that_would_harm_meets_the_same_walls_as_a_generated_test(
    tree: ProjectTree,
) -> None:
    outside = tree.root / "precious"
    outside.write_text("kept")
    text = f"import os\n\n\ndef f():\n    return os.path.join({str(tree.root)!r}, 'nothing')\n"
    test = (
        "import contextlib, os, shop\n\n\ndef test_f():\n    with contextlib.suppress(OSError):\n"
        "        os.remove(shop.f())\n    with contextlib.suppress(OSError):\n"
        "        os._exit(0) if 'precious' in shop.f() else None\n"
    )
    tree.write({"src/shop.py": text, "tests/test_shop.py": test})
    at = text.index("'nothing'")
    mutant = Mutant("x/1", at, at + 9, "'nothing'", "'precious'", 5, 5, "", 0)
    done = run(tree, text, [mutant], "tests/test_shop.py::test_f")
    assert done.statuses == ((KILLED, ""),)  # a process that is gone does not pass
    assert outside.read_text() == "kept"


def test_tests_that_hang_unmutated_are_not_measured(tree: ProjectTree) -> None:
    text = "def f():\n    return 1\n"
    test = "import time, shop\n\n\ndef test_f():\n    time.sleep(60)\n    assert shop.f() == 1\n"
    tree.write({"src/shop.py": text, "tests/test_shop.py": test})
    done = run(tree, text, mutants_in(text), "tests/test_shop.py::test_f", seconds=3.0)
    # On a busy machine the time may be up before that is known.
    assert "did not end within" in done.problem or "time was up" in done.problem
    assert {status for status, _ in done.statuses} == {MutantStatus.UNTRIED}


def test_without_pytest_nothing_is_measured(shop: ProjectTree) -> None:
    from sloptest_hook.values.records import replace

    runner = shop.runner()
    bare = replace(runner, python=replace(runner.python, pytest=None))
    trials = (Trial(MODULE, mutants_in(SHOP)[0], NODES),)
    deadline = Deadline(time.monotonic() + 9, time.monotonic)
    done = SnapshotMutator(bare).run(MutationRequest({MODULE: SHOP}, trials), deadline)
    assert done.problem == "pytest is not installed in the project's environment"
    assert done.statuses == ()


SMALL = """\
def made(n):
    def inner(a):
        return a + n

    return inner


add_two = made(2)


def early(a):
    return a * 2


EARLY = early(2)


class A:
    @property
    def size(self):
        return 3 if [x for x in (1, 2) if x > 1] else 4
"""
SMALL_TESTS = """\
from shop import EARLY, A, add_two


def test_all():
    assert add_two(1) == 3
    assert EARLY == 4
    assert A().size == 3
"""


def test_every_version_of_python_finds_functions_and_what_importing_has_called(
    each_python: Path, tmp_path: Path
) -> None:
    project = ProjectTree(each_python, tmp_path)
    project.worktree.mkdir()
    project.write({"src/shop.py": SMALL, "tests/test_shop.py": SMALL_TESTS})
    wanted = {
        "`+` can become `-`",
        "`*` can become `/`",
        "`>` can become `<=`",
        "`4` can become `5`",
    }
    mutants = [each for each in mutants_in(SMALL) if each.says in wanted]
    done = run(project, SMALL, mutants, "tests/test_shop.py::test_all")
    assert not done.problem
    assert fates(mutants, done) == {
        "3: `+` can become `-`": "killed",
        "12: `*` can become `/`": "killed",
        "21: `>` can become `<=`": "survived",  # (1, 2) has one of both
        "21: `4` can become `5`": "survived",
    }
    assert done.cold == 1


MODELS = """\
from dataclasses import dataclass, field


@dataclass(frozen=True, order=True)
class Price:
    amount: int = 3
    tags: list = field(default_factory=list, compare=False)
"""
MODEL_TESTS = """\
import pytest
from dataclasses import FrozenInstanceError
from shop import Price


def test_price():
    assert Price() == Price(3, ["other"])
    assert Price().tags is not Price().tags
    with pytest.raises(FrozenInstanceError):
        Price().amount = 4
"""


def test_fields_of_a_dataclass_are_broken_in_a_fresh_import(tree: ProjectTree) -> None:
    tree.write({"src/shop.py": MODELS, "tests/test_shop.py": MODEL_TESTS})
    source = SourceText(MODELS)
    (price,) = breakable_classes(source, MODULE)
    mutants = list(mutants_of_class(source, price).mutants)
    done = run(tree, MODELS, mutants, "tests/test_shop.py::test_price")
    assert fates(mutants, done) == {
        "4: `frozen=True` can be the opposite": "killed",
        "4: `order=True` can be the opposite": "survived",
        "6: `3` can become `4`": "killed",
        "7: all instances can share one `list()`": "killed",
        "7: `compare=False` can be the opposite": "killed",
    }
    assert done.cold == len(mutants)
