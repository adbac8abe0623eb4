"""The offline search on real functions: what it finds, and that what it found is true."""

import json
import subprocess
import sys
import textwrap
import time
from collections.abc import Callable, Mapping
from pathlib import Path, PurePosixPath

import pytest

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

SOURCE = '''
import asyncio
import functools
import os
import random
import subprocess
import time
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import date, datetime
from enum import Enum
from pathlib import Path
from typing import Dict, List, NamedTuple, Optional

RATES = {"gold": 0.1, "silver": 0.05}
REGISTRY = {}
CACHE = {}


class Colour(Enum):
    RED = 1
    BLUE = 2


class Point(NamedTuple):
    x: int
    y: int


@dataclass
class Item:
    name: str
    price: float = 1.0

    def renamed(self, name: str) -> "Item":
        return Item(name, self.price)


class Base:
    def area(self) -> int:
        raise NotImplementedError

    def doubled(self) -> int:
        return 2 * self.area()


class Square(Base):
    def __init__(self, side: int):
        self.side = side

    def area(self) -> int:
        return self.side * self.side


class Stack:
    def __init__(self):
        self._items = []
        self.pushed = 0

    def push(self, item):
        self._items.append(item)
        self.pushed += 1

    def pop(self):
        if not self._items:
            raise IndexError("pop from an empty stack")
        return self._items.pop()

    @property
    def is_empty(self) -> bool:
        return not self._items

    @classmethod
    def of(cls, items: List[int]) -> "Stack":
        made = cls()
        for item in items:
            made.push(item)
        return made

    @staticmethod
    def limit(n: int) -> int:
        return min(n, 10)

    def __len__(self) -> int:
        return len(self._items)


def add(a: int, b: int) -> int:
    return a + b


def classify(kind: str, n: int) -> str:
    if kind == "special":
        return "S"
    if n > 1234:
        return "large"
    if n < 0:
        raise ValueError("n must not be negative")
    if len(kind) > 20:
        return "long"
    if kind.startswith("ver"):
        return "version"
    return "small"


def discount(price: float, level: str) -> float:
    return price * (1 - RATES[level])


def third(n: float) -> float:
    return n / 7


def divide(a: int, b: int) -> float:
    return a / b


def sort_in_place(items: List[int]) -> None:
    items.sort()


def opposite(colour: Colour) -> Colour:
    return Colour.BLUE if colour is Colour.RED else Colour.RED


def moved(point: Point) -> Point:
    return Point(point.x + 1, point.y)


def count_up(limit: int):
    for i in range(limit):
        yield i


def forever(start: int):
    while True:
        yield start
        start += 1


async def fetched(n: int) -> int:
    await asyncio.sleep(0)
    return n * 2


async def streamed(n: int):
    for i in range(n):
        yield i


def shout(name: str) -> None:
    print(f"HELLO {name.upper()}!")


def letters(text: str) -> set:
    return set(text)


def first_of_set(text: str) -> str:
    return next(iter({c + "x" for c in text}), "")


def cyclic(n: int) -> list:
    made = [n]
    made.append(made)
    return made


class Bag(dict):
    def put(self, key: str) -> None:
        self[key] = self.get(key, 0) + 1


@contextmanager
def tagged(name: str):
    print(f"<{name}>")
    yield name.upper()
    print(f"</{name}>")


def lucky() -> int:
    return random.randint(0, 1)


def stamped(name: str) -> dict:
    return {"at": time.time(), "name": name}


def age(born: int) -> int:
    return date.today().year - born


def this_year() -> str:
    return datetime.now().strftime("%Y")


def timed(n: int) -> int:
    started = time.perf_counter()
    n = n + 1
    assert time.perf_counter() >= started
    return n


def identity_of(value: int) -> int:
    return id([value])


def hashed(text: str) -> int:
    return hash(text)


def pair() -> str:
    return ", ".join({"key", "other"})  # in the same order under four hash seeds of five


def here() -> str:
    return os.getcwd()


def keywords(*, width: int, deep: bool = False) -> str:
    return "w" * width + ("!" if deep else "")


def spread(*values: int, **options: int) -> int:
    return sum(values) + sum(options.values())


def factorial(n: int) -> int:
    if n < 0:
        raise ValueError("n must not be negative")
    return 1 if n <= 1 else n * factorial(n - 1)


def loops(n: int) -> int:
    while True:
        n += 1


def leaves(n: int) -> int:
    os._exit(3)


def quits(code: int) -> None:
    raise SystemExit(code)


def fetched_name(record):
    return record["user"]["name"].title()


def total(rows):
    amount = 0
    for name, price in rows:
        amount += price
    return amount


def described(thing):
    return f"{thing.title} ({thing.year})"


def removes(path: str) -> None:
    os.remove("/etc/hostname-of-nobody")


def lists_files(folder: str) -> str:
    return subprocess.run(["ls", folder], capture_output=True).stdout.decode()


def swallows(folder: str) -> str:
    with suppress(OSError):
        open("/somewhere/else", "w")
    return "done"


def opens(target) -> str:
    with open(target) as file:
        return file.read()


def line_count(path: Path) -> int:
    return len(path.read_text().splitlines())


def register(name: str) -> int:
    REGISTRY[name] = len(REGISTRY)
    return len(REGISTRY)


@functools.lru_cache(maxsize=None)
def squared(n: int) -> int:
    if n > 50:
        return 0
    return n * n


def adder(n: int):
    def add_to(x: int) -> int:
        if x > 10:
            return 0
        return x + n

    return add_to


def first_word(text: Optional[str]) -> str:
    """Return the first word.

    >>> first_word("Hello World")
    'Hello'
    """
    return text.split()[0] if text else ""


def merged(left: Dict[str, int], right: Dict[str, int]) -> Dict[str, int]:
    return {**left, **right}


def unreachable(n: int) -> int:
    if n * n == -1:
        return 1
    return 0
'''

Search = Callable[..., dict[str, Observations]]


def search(
    root: Path, python: str, requests: list[SearchRequest], seconds: float = 300.0
) -> dict[str, Observations]:
    """Search in ``root/snapshot`` and return the answers by qualname."""
    scratch = root / "scratch"
    scratch.mkdir(exist_ok=True)
    described = ProjectPython(python, "made for tests", (3, 9, 0), "", None, None)
    probe = SearchProbe(
        described,
        root / "snapshot",
        root / "worktree",
        scratch,
        [PurePosixPath("src"), PurePosixPath()],
    )
    deadline = Deadline(time.monotonic() + seconds, time.monotonic)
    return {each.qualname: each for each in probe.search(requests, deadline)}


def write(root: Path, files: Mapping[str, str]) -> Path:
    for name, text in files.items():
        path = root / "snapshot" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return root


def requests_of(*qualnames: str) -> list[SearchRequest]:
    return [SearchRequest(name, "shop", "shop.py") for name in qualnames]


def call(case: ObservedCase) -> str:
    """Write the call and what came of it on one line, for the tables below."""
    given = ", ".join(f"{a.name}={a.source}" if a.keyword else a.source for a in case.arguments)
    made = case.call if case.is_property else f"{case.call}({given})"
    made = f"await {made}" if case.is_async else made
    return f"list of {made}" if case.drain else made


SIMPLE = (
    *("add", "classify", "discount", "third", "divide", "sort_in_place", "opposite", "moved"),
    *("count_up", "forever", "fetched", "streamed", "shout", "letters", "first_of_set", "timed"),
    *("keywords", "spread", "factorial", "fetched_name", "total", "described", "line_count"),
    *("register", "squared", "adder", "first_word", "merged", "unreachable", "opens", "quits"),
    *("Item.renamed", "Stack.__init__", "Stack.push", "Stack.pop", "Stack.is_empty", "Stack.of"),
    *("cyclic", "Bag.put", "tagged", "Stack.limit", "Stack.__len__", "Base.doubled", "Square.area"),
)
UNSTABLE = ("identity_of", "hashed", "pair")
# What asks its surroundings, and the statement that settles the answer.
SETTLED = {
    "lucky": "random.seed(1)",
    "stamped": "monkeypatch.setattr('time.time', lambda: 1700000000.0)",
    "age": "monkeypatch.setattr('shop.date', FrozenDate)",
    "this_year": "monkeypatch.setattr('shop.datetime', FrozenDatetime)",
    "here": "monkeypatch.chdir(tmp_path)",
}
FORBIDDEN = ("removes", "lists_files", "swallows")


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Observations]:
    root = write(tmp_path_factory.mktemp("search"), {"shop.py": SOURCE})
    names = [*SIMPLE, *SETTLED, *UNSTABLE, *FORBIDDEN, "loops", "leaves"]
    return search(root, sys.executable, requests_of(*names))


@pytest.mark.parametrize("name", SIMPLE)
def test_a_stable_function_gets_cases(found: dict[str, Observations], name: str) -> None:
    assert found[name].cases, found[name].notes


@pytest.mark.parametrize("name", SETTLED)
def test_the_surroundings_are_settled_before_the_call(
    found: dict[str, Observations], name: str
) -> None:
    assert found[name].cases, found[name].notes
    assert all(SETTLED[name] in case.arrange for case in found[name].cases)


@pytest.mark.parametrize("name", [*UNSTABLE, *FORBIDDEN, "loops", "leaves"])
def test_what_cannot_be_relied_on_gets_no_case_but_a_note(
    found: dict[str, Observations], name: str
) -> None:
    assert found[name].cases == ()
    assert found[name].notes


@pytest.mark.parametrize("name", SIMPLE)
def test_no_symbol_gets_more_than_eight_cases_or_six_checks(
    found: dict[str, Observations], name: str
) -> None:
    assert len(found[name].cases) <= 8
    assert all(len(case.after) + (case.result is not None) <= 6 for case in found[name].cases)


@pytest.mark.parametrize(
    ("name", "result"),
    [
        pytest.param("classify", "'S'", id="equality"),
        pytest.param("classify", "'large'", id="order"),
        pytest.param("classify", "'long'", id="length"),
        pytest.param("classify", "'version'", id="prefix"),
        pytest.param("opposite", "Colour.BLUE", id="enum"),
        pytest.param("squared", "0", id="behind a cache"),
        pytest.param("adder", "0", id="inside a closure"),
        pytest.param("factorial", "6", id="recursion"),
        pytest.param("first_word", "'Hello'", id="doctest"),
        pytest.param("count_up", "[0, 1, 2]", id="generator"),
        pytest.param("forever", "[3, 4, 5, 6, 7]", id="endless generator"),
        pytest.param("fetched", "6", id="coroutine"),
        pytest.param("streamed", "[0, 1, 2]", id="asynchronous generator"),
        pytest.param("line_count", "2", id="file"),
        pytest.param("Base.doubled", "18", id="subclass of an abstract class"),
        pytest.param("Stack.pop", "2", id="after an earlier call"),
    ],
)
def test_a_result_behind_a_condition_is_found(
    found: dict[str, Observations], name: str, result: str
) -> None:
    seen = [case.result.expected for case in found[name].cases if case.result]
    assert result in seen


@pytest.mark.parametrize(
    ("name", "error", "message"),
    [
        ("classify", "ValueError", "n must not be negative"),
        ("divide", "ZeroDivisionError", None),
        ("Stack.pop", "IndexError", "pop from an empty stack"),
        ("quits", "SystemExit", "3"),
    ],
)
def test_an_exception_raised_on_purpose_is_kept(
    found: dict[str, Observations], name: str, error: str, message: str | None
) -> None:
    checks = [case.result for case in found[name].cases]
    assert Check("result", Relation.RAISES, error, message) in checks


def test_junk_exceptions_are_never_kept(found: dict[str, Observations]) -> None:
    raised = {
        case.result.expected
        for each in found.values()
        for case in each.cases
        if case.result and case.result.relation is Relation.RAISES
    }
    assert not raised & {"TypeError", "AttributeError", "NameError", "RecursionError"}


def test_a_changed_argument_is_named_and_checked(found: dict[str, Observations]) -> None:
    case = next(case for case in found["sort_in_place"].cases if case.after)
    assert case.arrange == ("items = [3, 1, 2]",)
    assert call(case) == "sort_in_place(items)"
    assert case.after == (Check("items", Relation.EQUALS, "[1, 2, 3]"),)


def test_a_changed_receiver_is_checked_by_its_public_face(found: dict[str, Observations]) -> None:
    case = found["Stack.push"].cases[0]
    assert case.arrange[0] == "stack = Stack()"
    assert {check.actual for check in case.after} >= {"stack.pushed", "len(stack)"}
    assert not any("stack._items" in check.actual for check in case.after)


def test_the_content_of_a_container_subclass_is_checked(found: dict[str, Observations]) -> None:
    assert (
        Check("bag", Relation.EQUALS, "{'apple': 1, 'pear': 2, 'hello': 1}")
        in found["Bag.put"].cases[0].after
    )


def test_a_context_manager_is_entered_and_left(found: dict[str, Observations]) -> None:
    case = found["tagged"].cases[0]
    assert case.arrange == ("with tagged('Ada') as entered:\n    pass",)
    assert case.result == Check("result", Relation.EQUALS, "'ADA'")
    assert case.after[0].expected == r"'<Ada>\n</Ada>\n'"


def test_output_is_checked_through_capsys(found: dict[str, Observations]) -> None:
    case = found["shout"].cases[0]
    assert case.fixtures == ("capsys",)
    assert case.result is None
    assert case.after[0].actual == "capsys.readouterr().out"


def test_odd_floats_are_approximate(found: dict[str, Observations]) -> None:
    relations = {case.result.relation for case in found["third"].cases if case.result}
    assert Relation.APPROX in relations


def test_changed_module_state_is_patched(found: dict[str, Observations]) -> None:
    case = found["register"].cases[0]
    assert case.arrange[0] == "monkeypatch.setattr(shop, 'REGISTRY', {})"
    assert "import shop" in case.imports
    assert case.fixtures == ("monkeypatch",)


def test_a_note_says_which_line_was_not_reached(found: dict[str, Observations]) -> None:
    line = SOURCE.splitlines().index("    if n * n == -1:") + 2
    assert found["unreachable"].notes == (
        f"line {line} not reached: never saw n * n == -1 (saw 9 == -1)",
    )


@pytest.mark.parametrize(
    ("name", "note"),
    [
        ("removes", "not run: removing"),
        ("lists_files", "not run: "),
        ("swallows", "/somewhere/else"),
        ("leaves", "exit status 3"),
        ("loops", "no call came back in time"),
    ],
)
def test_a_note_says_why_nothing_was_run(
    found: dict[str, Observations], name: str, note: str
) -> None:
    assert any(note in each for each in found[name].notes), found[name].notes


def test_the_same_input_gives_the_same_cases(
    found: dict[str, Observations], tmp_path: Path
) -> None:
    names = ("classify", "Stack.pop", "merged", "described")
    again = search(write(tmp_path, {"shop.py": SOURCE}), sys.executable, requests_of(*names))
    assert {name: again[name].cases for name in names} == {
        name: found[name].cases for name in names
    }


def test_every_case_is_true_in_a_fresh_process(
    found: dict[str, Observations], tmp_path: Path
) -> None:
    write(tmp_path, {"shop.py": SOURCE})
    cases = [case for each in found.values() for case in each.cases]
    assert run_cases(tmp_path, sys.executable, cases) == []


def test_it_works_in_every_interpreter(each_python: Path, tmp_path: Path) -> None:
    write(tmp_path, {"shop.py": SOURCE})
    names = SIMPLE[::3]
    found = search(tmp_path, str(each_python), requests_of(*names))
    assert [name for name in names if not found[name].cases] == []
    cases = [case for each in found.values() for case in each.cases]
    assert run_cases(tmp_path, str(each_python), cases) == []


def test_what_is_wanted_is_what_is_covered(tmp_path: Path) -> None:
    source = "def sign(n: int) -> int:\n    if n < 0:\n        return -1\n    return 1\n"
    write(tmp_path, {"shop.py": source})
    request = SearchRequest("sign", "shop", "shop.py", (3,), ((2, 3),))
    case = search(tmp_path, sys.executable, [request])["sign"].cases[0]
    assert (case.lines, case.branches) == ((3,), ((2, 3),))
    assert call(case) == "sign(-1)"


def test_a_branch_that_leaves_the_function_is_negative(tmp_path: Path) -> None:
    source = "seen = []\n\ndef note(n: int):\n    if n > 7:\n        return seen\n"
    write(tmp_path, {"shop.py": source})
    request = SearchRequest("note", "shop", "shop.py", (), ((4, -3), (4, 5)))
    cases = search(tmp_path, sys.executable, [request])["note"].cases
    assert {branch for case in cases for branch in case.branches} == {(4, -3), (4, 5)}


def test_a_call_site_comes_first(tmp_path: Path) -> None:
    source = "def greeting(name, mark='!'):\n    return name + mark\n"
    write(tmp_path, {"shop.py": source})
    seed = SeedCall(("who = 'Ada'",), (), "greeting(who, mark='?')", "call site")
    request = SearchRequest("greeting", "shop", "shop.py", seeds=(seed,))
    case = search(tmp_path, sys.executable, [request])["greeting"].cases[0]
    assert (case.origin, case.arrange) == ("call site", ("who = 'Ada'",))
    assert call(case) == "greeting(who, mark='?')"


def run_cases(root: Path, python: str, cases: list[ObservedCase]) -> list[str]:
    """Run every case as plain Python, each in its own function, and return those that fail."""
    body = [textwrap.dedent(_PRELUDE)]
    for number, case in enumerate(cases):
        body += [f"def case_{number}():", textwrap.indent("\n".join(written(case)), "    ")]
        body.append(f"run({number}, case_{number})")
    body.append("print(json.dumps(failed))")
    script = root / "run_cases.py"
    script.write_text("\n".join(body))
    done = subprocess.run(
        (python, str(script)),
        cwd=root / "snapshot",
        env={"PYTHONPATH": str(root / "snapshot"), "PYTHONHASHSEED": "77"},
        capture_output=True,
        text=True,
        check=True,
    )
    numbers: dict[str, str] = json.loads(done.stdout)
    return [f"{call(cases[int(number)])}: {why}" for number, why in numbers.items()]


_PRELUDE = """
    import asyncio, contextlib, functools, io, json, math, os, pathlib, pkgutil, tempfile, types
    failed = {}

    class Patch:
        def __init__(self): self.undo = []
        def setattr(self, owner, name, *value):
            if not value:
                (owner, _, name), value = owner.rpartition("."), (name,)
                owner = pkgutil.resolve_name(owner)
            self.undo.append(functools.partial(setattr, owner, name, getattr(owner, name)))
            setattr(owner, name, value[0])
        def setenv(self, name, value): os.environ[name] = value
        def delenv(self, name, raising=True): os.environ.pop(name, None)
        def chdir(self, path):
            self.undo.append(functools.partial(os.chdir, os.getcwd()))
            os.chdir(path)

    class Output(io.StringIO):
        def readouterr(self): return types.SimpleNamespace(out=self.getvalue())

    def near(a, b): return math.isclose(a, b, rel_tol=1e-6, abs_tol=1e-12)

    def drained(value):
        if hasattr(value, "__aiter__"):
            async def collect(): return [each async for each in value]
            return asyncio.run(collect())
        return list(value)

    async def awaited(value): return await value

    def run(number, case):
        global capsys, monkeypatch, tmp_path
        capsys, monkeypatch = Output(), Patch()
        tmp_path = pathlib.Path(tempfile.mkdtemp())
        try:
            with contextlib.redirect_stdout(capsys): case()
        except BaseException as error:
            failed[number] = repr(error)
        for undo in reversed(monkeypatch.undo): undo()
"""


def written(case: ObservedCase) -> list[str]:
    given = ", ".join(f"{a.name}={a.source}" if a.keyword else a.source for a in case.arguments)
    made = case.call if case.is_property else f"{case.call}({given})"
    if case.drain:
        made = f"drained({made})"
    elif case.is_async:
        made = f"asyncio.run(awaited({made}))"
    lines = [*case.imports, *case.arrange]
    if case.result is not None and case.result.relation is Relation.RAISES:
        text = "True" if case.result.message is None else f"str(error) == {case.result.message!r}"
        return [
            *lines,
            "try:",
            f"    {made}",
            f"except {case.result.expected} as error:",
            f"    assert {text}",
            "else:",
            "    raise AssertionError('nothing was raised')",
        ]
    checks = [*([case.result] if case.result else []), *case.after]
    return [*lines, f"result = {made}", *(asserted(check) for check in checks)]


def asserted(check: Check) -> str:
    match check.relation:
        case Relation.IS:
            return f"assert {check.actual} is {check.expected}"
        case Relation.APPROX:
            return f"assert near({check.actual}, {check.expected})"
        case Relation.INSTANCE:
            return f"assert isinstance({check.actual}, {check.expected})"
        case _:
            return f"assert {check.actual} == {check.expected}, {check.actual}"
