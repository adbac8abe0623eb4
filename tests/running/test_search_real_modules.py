"""What a trial on real modules taught the search: hostile objects, machines, effects, reasons."""

import os
import sys
import time
from pathlib import Path, PurePosixPath

import pytest

from sloptest_hook.running.harness.searching.isolate import in_fork
from sloptest_hook.running.probe import SearchProbe
from sloptest_hook.values.deadline import Deadline
from sloptest_hook.values.observed import (
    Check,
    Observations,
    ObservedCase,
    Relation,
    SearchRequest,
    SeedCall,
)
from sloptest_hook.values.pytest_run import ProjectPython

SOURCE = """
import abc
import asyncio.events
import os
import sys
from collections.abc import MutableMapping


class Version:
    def __init__(self, text):
        self.parts = [int(part) for part in text.split(".")]

    def __eq__(self, other):
        if isinstance(other, str):
            return self == Version(other)
        if not isinstance(other, Version):
            raise TypeError("not a version")
        return self.parts == other.parts

    def __hash__(self):
        return hash(tuple(self.parts))

    def __repr__(self):
        raise RuntimeError("no repr")

    def is_before(self, other):
        if isinstance(other, str):
            other = Version(other)
        return self.parts < other.parts


class Proxy:
    @property
    def __module__(self):
        return "elsewhere"

    @property
    def __class__(self):
        raise RuntimeError("unbound")

    @property
    def __dict__(self):
        raise RuntimeError("unbound")

    def __getattr__(self, name):
        raise RuntimeError("unbound")


current = Proxy()


def proxied(n: int) -> Proxy:
    return current if n > 2 else None


def proxy_name(n: int) -> str:
    return "proxy" * n


def closes(text: str) -> None:
    print(text)
    sys.stdout.close()


def digest(text: str) -> int:
    return hash((1, len(text)))


def has_settings(name: str) -> bool:
    return os.path.exists("/etc/" + name)


def settings(name: str) -> str:
    return name.upper() if os.path.isfile(".env") else name


def hosts(n: int) -> int:
    with open("/etc/hosts") as file:
        return len(file.read()) * 0 + n


class Policy(asyncio.events.AbstractEventLoopPolicy):
    def __init__(self, depth: int) -> None:
        self.depth = depth
        self.helper = asyncio.events.AbstractEventLoop()


def policy(depth: int) -> Policy:
    return Policy(depth)


class Cache(MutableMapping):
    def __init__(self, maxsize, getsizeof=None):
        self.__data = {}
        self.__maxsize = maxsize
        self.__getsizeof = getsizeof

    @property
    def maxsize(self):
        return self.__maxsize

    def __getitem__(self, key):
        return self.__data[key]

    def __setitem__(self, key, value):
        size = self.__getsizeof(value) if self.__getsizeof else 1
        if size > self.__maxsize:
            raise ValueError("value too large")
        self.__data[key] = value

    def __delitem__(self, key):
        del self.__data[key]

    def __iter__(self):
        return iter(self.__data)

    def __len__(self):
        return len(self.__data)

    def __update(self, key):
        return (key, self.__maxsize)


class Outer:
    class Inner:
        def __init__(self, width):
            self.width = width


class SmallCache(Cache):
    def newest(self):
        return list(self)[-1]


class Shape(abc.ABC):
    def area(self):
        raise NotImplementedError

    def described(self):
        return "area {}".format(self.area())


class Square(Shape):
    def area(self):
        return 4


def ignores(value: int) -> None:
    value + 1


def checks(value: int) -> None:
    if value < 0:
        raise ValueError("negative")


def nth(seq, place):
    return seq[place]


def first_and_rest(seq):
    first = next(seq)
    return [first, *seq]


def dashed(words, separator):
    return separator.join(words)


def breaks(value):
    wanted = value.colour
    total = wanted.sum()
    other = total.mean()
    return other


class Money:
    def __init__(self, amount, currency):
        if not currency.startswith("EU-"):
            raise ValueError("unknown currency")
        self.amount = amount

    def doubled(self):
        return self.amount * 2


BIG = {n: object() for n in range(100)}


def marks(name: str) -> None:
    BIG[name] = 1
"""


def search(root: Path, requests: list[SearchRequest]) -> dict[str, Observations]:
    for name in ("snapshot", "worktree", "scratch"):
        (root / name).mkdir(exist_ok=True)
    (root / "snapshot" / "shop.py").write_text(SOURCE)
    described = ProjectPython(sys.executable, "made for tests", (3, 11, 0), "", None, None)
    probe = SearchProbe(
        described, root / "snapshot", root / "worktree", root / "scratch", [PurePosixPath()]
    )
    deadline = Deadline(time.monotonic() + 120, time.monotonic)
    return {each.qualname: each for each in probe.search(requests, deadline)}


NAMES = (
    *("Version.is_before", "Version.__hash__", "Version.__eq__", "proxied", "proxy_name", "closes"),
    *("digest", "has_settings", "settings", "hosts", "policy", "Cache.__setitem__"),
    *("Cache.__delitem__", "Cache.maxsize", "Cache.__init__", "Cache.__update"),
    *(
        "Outer.Inner.__init__",
        "SmallCache.newest",
        "Shape.area",
        "Shape.described",
        "ignores",
        "checks",
        "nth",
    ),
    *("first_and_rest", "dashed", "breaks", "Money.doubled", "Money.__init__", "marks"),
)


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Observations]:
    made = SeedCall((), ("from shop import Money",), "Money(3, 'EU-euro')", "call site")
    requests = [
        SearchRequest(name, "shop", "shop.py", seeds=(made,) if name == "Money.__init__" else ())
        for name in NAMES
    ]
    return search(tmp_path_factory.mktemp("search"), requests)


def written(case: ObservedCase) -> str:
    """Write the case on one line, for the tables below."""
    given = ", ".join(f"{a.name}={a.source}" if a.keyword else a.source for a in case.arguments)
    made = case.call if case.is_property else f"{case.call}({given})"
    return "; ".join((*case.arrange, made))


def checks_of(seen: Observations) -> list[Check]:
    return [
        check
        for case in seen.cases
        for check in (*([case.result] if case.result else []), *case.after)
    ]


@pytest.mark.parametrize(
    "name",
    [
        pytest.param("Version.is_before", id="__eq__ and __repr__ that raise"),
        pytest.param("Version.__eq__", id="__eq__ that raises, itself"),
        pytest.param("proxy_name", id="a proxy that is bound to nothing in the module"),
        pytest.param("Cache.__update", id="a mangled name"),
        pytest.param("Money.doubled", id="an instance that only a call site can make"),
        pytest.param("SmallCache.newest", id="an item stored by a method of the base"),
        pytest.param("Shape.described", id="a method of an unfinished class"),
        pytest.param("first_and_rest", id="an iterator"),
        pytest.param("Outer.Inner.__init__", id="a nested class"),
        pytest.param("checks", id="None, and an error raised on purpose"),
    ],
)
def test_what_a_real_module_does_is_observed(found: dict[str, Observations], name: str) -> None:
    assert found[name].cases, found[name].notes


def test_no_internal_error_is_left(found: dict[str, Observations]) -> None:
    notes = [note for each in found.values() for note in each.notes]
    assert [note for note in notes if "the search" in note] == []


@pytest.mark.parametrize(
    ("name", "note"),
    [
        pytest.param("digest", "its results differ from run to run", id="a hash"),
        pytest.param("closes", "not run: closing a standard stream", id="standard output closed"),
        pytest.param("has_settings", "looking at a file of this machine: /etc/", id="exists"),
        pytest.param("settings", "looking at a file of this machine: .env", id="isfile, relative"),
        pytest.param("hosts", "looking at a file of this machine: /etc/hosts", id="open"),
        pytest.param("ignores", "return nothing and change nothing", id="None"),
        pytest.param("breaks", "no call came through: AttributeError: ", id="nonsense"),
        pytest.param("Shape.area", "no call came through: NotImplementedError", id="abstract"),
        pytest.param("proxied", "cannot be written down as source", id="a proxy"),
    ],
)
def test_what_is_not_worth_a_test_gets_the_true_reason(
    found: dict[str, Observations], name: str, note: str
) -> None:
    assert found[name].cases == ()
    assert all(note in each for each in found[name].notes)
    assert found[name].notes


def test_an_error_of_ours_is_told_as_ours() -> None:
    empty: dict[str, str] = {}
    finished = in_fork(lambda: empty["missing"], 5.0)
    assert finished.failed
    assert finished.problem is not None
    assert finished.problem.startswith("failed on it: KeyError in isolate.py:")


def test_an_exit_of_the_project_is_not_an_error_of_ours() -> None:
    finished = in_fork(lambda: os._exit(3), 5.0)
    assert not finished.failed
    assert finished.problem == "ended the process with exit status 3"


def test_a_hash_is_compared_and_never_printed(found: dict[str, Observations]) -> None:
    (case, *_) = found["Version.__hash__"].cases
    assert case.call.startswith("hash(version) == hash(Version(")
    assert case.result == Check("result", Relation.IS, "True")


def test_nothing_is_said_of_what_other_packages_keep(found: dict[str, Observations]) -> None:
    actual = {check.actual for check in checks_of(found["policy"])}
    assert actual == {"result.depth"}


def test_an_item_is_read_back(found: dict[str, Observations]) -> None:
    case = next(each for each in found["Cache.__setitem__"].cases if each.after)
    key, value = (argument.source for argument in case.arguments)
    assert case.after[0] == Check(f"cache[{key}]", Relation.EQUALS, value)
    assert "cache.maxsize" not in {check.actual for check in case.after}


def test_a_key_that_is_gone_is_told(found: dict[str, Observations]) -> None:
    case = next(each for each in found["Cache.__delitem__"].cases if each.after)
    (key,) = (argument.source for argument in case.arguments)
    assert case.after[0] == Check(f"{key} in cache", Relation.IS, "False")


def test_what_is_new_in_a_long_dict_is_told_first(found: dict[str, Observations]) -> None:
    case = found["marks"].cases[0]
    (name,) = (argument.source for argument in case.arguments)
    assert case.after[0] == Check(f"shop.BIG[{name}]", Relation.EQUALS, "1")


def test_no_check_on_the_type_stands_beside_others(found: dict[str, Observations]) -> None:
    relations = {check.relation for each in found.values() for check in checks_of(each)}
    assert Relation.INSTANCE not in relations


def test_one_case_is_enough_for_a_plain_property(found: dict[str, Observations]) -> None:
    assert len(found["Cache.maxsize"].cases) == 1


def test_errors_of_guessed_arguments_are_not_kept(found: dict[str, Observations]) -> None:
    raised = [check for check in checks_of(found["nth"]) if check.relation is Relation.RAISES]
    assert raised == []


@pytest.mark.parametrize(
    ("name", "said"),
    [
        pytest.param("Cache.__init__", "Cache(3)", id="a number of entries"),
        pytest.param("dashed", "'-')", id="a separator"),
        pytest.param("Cache.__update", "cache._Cache__update(", id="a private method"),
        pytest.param("Money.doubled", "Money(3, 'EU-euro')", id="a receiver of a call site"),
    ],
)
def test_arguments_are_such_as_a_person_would_take(
    found: dict[str, Observations], name: str, said: str
) -> None:
    assert said in written(found[name].cases[0])


def test_what_is_kept_is_taken_for_what_is_done_with_it_later(
    found: dict[str, Observations],
) -> None:
    sizes = [
        argument.source
        for case in found["Cache.__init__"].cases
        for argument in case.arguments
        if argument.name == "getsizeof"
    ]
    assert all(size.startswith("lambda") or size in ("str", "len") for size in sizes)


@pytest.mark.slow
def test_a_long_function_keeps_to_its_seconds(tmp_path: Path) -> None:
    lines = [f"    if n == {n}:\n        total += {n} * n - 1" for n in range(1500)]
    root = tmp_path / "snapshot"
    root.mkdir()
    (root / "long.py").write_text(
        "def long(n: int) -> int:\n    total = 0\n" + "\n".join(lines) + "\n    return total\n"
    )
    (tmp_path / "scratch").mkdir()
    described = ProjectPython(sys.executable, "made for tests", (3, 11, 0), "", None, None)
    probe = SearchProbe(described, root, tmp_path, tmp_path / "scratch", [PurePosixPath()])
    started = time.monotonic()
    deadline = Deadline(started + 60, time.monotonic)
    (seen,) = probe.search([SearchRequest("long", "long", "long.py", seconds=6.0)], deadline)
    assert seen.cases
    assert time.monotonic() - started < 40
    assert len(seen.notes) <= 3


def test_the_getter_and_the_setter_of_a_property_are_both_searched(tmp_path: Path) -> None:
    first = SOURCE_OF_TALL.splitlines().index("        return self._height") + 1
    (tmp_path / "snapshot").mkdir()
    (tmp_path / "scratch").mkdir()
    (tmp_path / "snapshot" / "tall.py").write_text(SOURCE_OF_TALL)
    described = ProjectPython(sys.executable, "made for tests", (3, 11, 0), "", None, None)
    place = tmp_path / "snapshot"
    probe = SearchProbe(described, place, tmp_path, tmp_path / "scratch", [PurePosixPath()])
    wanted = (first, first + 4, first + 5, first + 6)
    request = SearchRequest("Tree.height", "tall", "tall.py", wanted)
    (seen,) = probe.search([request], Deadline(time.monotonic() + 60, time.monotonic))
    assert {line for case in seen.cases for line in case.lines} == set(wanted)


SOURCE_OF_TALL = """
class Tree:
    def __init__(self):
        self._height = 1

    @property
    def height(self):
        return self._height

    @height.setter
    def height(self, value):
        if value < 0:
            raise ValueError("too small")
        self._height = value
"""
