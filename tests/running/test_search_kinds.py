"""The kinds of code that projects hold: each function is searched, each rule has its example.

A row is a function and what the printed cases must say; the whole of it is run by the other tests
of the search, where what holds is proved again in another process.
"""

import sys
import time
from collections.abc import Iterator
from pathlib import PurePosixPath

import pytest

from sloptest_hook.running.probe import SearchProbe
from sloptest_hook.values.deadline import Deadline
from sloptest_hook.values.observed import Observations, ObservedCase, SearchRequest
from sloptest_hook.values.pytest_run import ProjectPython

SOURCE = """
from __future__ import annotations

import asyncio
import csv
import json
import os
import re
import sys
import time
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from decimal import Decimal


def is_debug():
    return os.environ.get("APP_DEBUG", "") in ("1", "true")


def greeting():
    return "good morning" if datetime.now().hour < 12 else "good day"


def age(born: int) -> int:
    return date.today().year - born


def is_expired(deadline: float) -> bool:
    return time.time() > deadline


class Stopwatch:
    def start(self):
        self.started = time.perf_counter()

    def stop(self):
        if not hasattr(self, "started"):
            raise ValueError("not started")
        return time.perf_counter() - self.started


def retried(action, times=3):
    for attempt in range(times):
        try:
            return action()
        except ValueError:
            time.sleep(30)
    return None


def ask(question: str) -> bool:
    return input(question) == "y"


def words():
    return sys.stdin.read().split()


def command():
    return "help" if "--help" in sys.argv else "run"


def settings_file(name: str) -> Path:
    return Path.home() / ".config" / name


def here(name: str) -> str:
    return os.path.join(os.getcwd(), name)


class Limiter:
    def __init__(self, rate: int):
        self.rate = rate
        self.held = 0

    async def acquire(self):
        if self.held >= self.rate:
            raise ValueError("full")
        self.held += 1

    async def release(self):
        if not self.held:
            raise ValueError("not held")
        self.held -= 1
        return self.held

    def waiting(self):
        return asyncio.get_running_loop().is_running()


async def fetch_all(urls, fetch):
    return [await fetch(url) for url in urls if url]


def interface(**options):
    kind = options.get("kind")
    if kind == "bridge":
        return "bridge of " + ",".join(options["members"])
    if kind == "wifi":
        return options["ssid"]
    return "ethernet"


def area(shape):
    if shape["type"] == "circle":
        return 3 * shape["radius"] ** 2
    return shape["width"] * shape["height"]


def total(prices, code=None):
    return sum(prices) / 2 if code == "HALF" else sum(prices)


class Chain:
    def __init__(self, value=None, rest=None):
        self.value = value
        self.rest = rest

    def length(self):
        return 1 if self.rest is None else 1 + self.rest.length()


class Notifier(Protocol):
    def send(self, text: str) -> bool: ...


def notify(notifier: Notifier, users: list[str]) -> int:
    return sum(1 for user in users if notifier.send(user))


def name_in(path):
    with open(path) as stream:
        return json.load(stream)["name"]


def rows(path: Path) -> list:
    with path.open(newline="") as stream:
        return list(csv.DictReader(stream))


def save(path: Path, text: str) -> None:
    path.write_text(text.upper())


def cents(amount: Decimal) -> int:
    return int(amount * 100)


def flat(tree):
    found = []
    for node in tree:
        if isinstance(node, list):
            found += flat(node)
        else:
            found.append(node)
    return found


def text_only(text: str) -> str:
    if not is_text(text):
        raise ValueError("no text")
    return text.strip()


def is_text(value):
    return isinstance(value, str)


def is_email(email: str) -> bool:
    return re.fullmatch(r"[a-z]+@[a-z]+[.][a-z]+", email) is not None


def moved(kind):
    if kind not in ("a", "b"):
        raise ValueError(f"no {kind.value}")
    return kind


def options_of(argv: list[str]) -> str:
    return argv[argv.index("--name") + 1] if "--name" in argv else ""


class Gate:
    def __init__(self):
        self.opened = asyncio.Event()

    async def enter(self):
        await self.opened.wait()
        return "in"


def titled(text: str, author: str) -> str:
    return text.format(author=author)


class Mark(tuple):
    def __new__(cls, sign):
        if len(sign) != 1 or sign.isalnum():
            raise ValueError("no sign")
        return tuple.__new__(cls, (sign,))


MARKS = {"star": Mark("*"), "plus": Mark("+")}


def drawn(mark: Mark) -> str:
    return mark[0] * 3


def line_count(log_path: str) -> int:
    with open(log_path, encoding="utf-8") as file:
        return len(file.readlines())


def multiplier(factor):
    def multiply(value):
        if value is None:
            return None
        return value * factor

    return multiply


def retry(times):
    def decorate(function):
        def wrapper(*args):
            for attempt in range(times):
                try:
                    return function(*args)
                except ValueError:
                    if attempt == times - 1:
                        raise

        return wrapper

    return decorate


def is_sound(code: str) -> bool:
    if len(code) != 8 or not code.isdigit():
        return False
    return sum(int(digit) * (at + 1) for at, digit in enumerate(code)) % 11 == 0


def postage(weight: int, zone: int) -> int:
    price = 300 + weight * 2
    return price if zone < 7 and weight <= 41 else price * 2


class Bucket:
    def __init__(self, rate: float) -> None:
        self.rate = rate
        self.filled = 0.0

    def level(self) -> float:
        return asyncio.get_running_loop().time() * self.rate + self.filled


class Parser:
    def __init__(self):
        self.titles = re.compile("^(Args|Returns):", re.M)

    def title(self, text: str):
        found = self.titles.search(text)
        return found.group(1) if found else None
"""

# A function, and what one of its cases says.
FOUND = [
    ("is_debug", "monkeypatch.delenv('APP_DEBUG', raising=False); is_debug() -> False"),
    ("is_debug", "monkeypatch.setenv('APP_DEBUG', '1'); is_debug() -> True"),
    ("greeting", "greeting() -> 'good morning'"),
    ("greeting", "greeting() -> 'good day'"),
    ("age", "monkeypatch.setattr('shop.date', FrozenDate); age("),
    ("is_expired", "monkeypatch.setattr('time.time', lambda: 1700000000.0); is_expired("),
    ("Stopwatch.stop", "stopwatch.start(); stopwatch.stop() -> 2.5"),
    ("retried", "monkeypatch.setattr('time.sleep', lambda seconds: None); "),
    ("ask", "monkeypatch.setattr('builtins.input', lambda prompt='': 'y'); ask("),
    ("words", "words() -> ['1', '2']"),
    ("command", "monkeypatch.setattr('sys.argv', ['prog', '--help']); command() -> 'help'"),
    ("settings_file", "settings_file('Ada') -> tmp_path / '.config' / 'Ada'"),
    ("here", "monkeypatch.chdir(tmp_path); here('Ada') -> str(tmp_path / 'Ada')"),
    ("Limiter.release", "    await limiter.acquire()\n    return await limiter.release(); "),
    ("Limiter.waiting", "return limiter.waiting(); asyncio.run(scenario()) -> True"),
    ("Gate.enter", "return waiting.done(); asyncio.run(scenario()) -> False"),
    ("titled", "titled('{author}', 'Ada Lovelace') -> 'Ada Lovelace'"),
    ("drawn", "drawn(MARKS['star']) -> '***'"),
    ("line_count", "line_count(str(path)) -> 2"),
    ("fetch_all", "async def respond(value):\n    return value; fetch_all("),
    ("interface", "interface(kind='wifi', "),
    ("interface", "interface(kind='bridge', "),
    ("area", "'type': 'circle', "),
    ("total", "code='HALF') -> "),
    ("Chain.length", "; chain.length() -> 2"),
    ("notify", "SimpleNamespace(send=lambda *args: True)"),
    ("name_in", 'path.write_text(\'{"name": "hello"}\''),
    ("rows", "; rows(path) -> [{"),
    ("save", "read_text(encoding=\"utf-8\") = 'HELLO WORLD'"),
    ("cents", "cents(Decimal("),
    ("flat", "flat([["),
    ("text_only", "text_only(3) -> ValueError"),
    ("is_email", "is_email('ann@example.com') -> True"),
    ("options_of", "options_of(['--name', 'hello']) -> 'hello'"),
    ("multiplier", ")(None) -> None"),
    ("retry", ")(lambda x: x)(3) -> 3"),
    ("retry", "(fail)("),
    ("Parser.title", "-> 'Returns'"),
    ("Bucket.level", "monkeypatch.setattr('asyncio.BaseEventLoop.time', lambda loop: 100.0)"),
    # Nothing that meets in the function is the answer: it is come closer to, digit by digit.
    ("is_sound", "-> True"),
    # Only these tell the function from one in which a comparison is another.
    ("postage", "41, "),
    ("postage", ", 7) -> "),
]
NEVER = [
    ("moved", "AttributeError", "the message of the exception could not be made"),
    ("save", "path = tmp_path", "a path is not changed by being asked for its name"),
]


@pytest.fixture(scope="module")
def said(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[str]]:
    """Return the cases of every function as lines."""
    root = tmp_path_factory.mktemp("kinds")
    (root / "shop.py").write_text(SOURCE)
    (root / "scratch").mkdir()
    names = dict.fromkeys(name for name, *_ in (*FOUND, *NEVER))
    python = ProjectPython(sys.executable, "made for tests", (3, 12, 0), "", None, None)
    probe = SearchProbe(python, root, root, root / "scratch", [PurePosixPath()])
    requests = [SearchRequest(name, "shop", "shop.py") for name in names]
    deadline = Deadline(time.monotonic() + 300, time.monotonic)
    return {seen.qualname: list(lines(seen)) for seen in probe.search(requests, deadline)}


def lines(seen: Observations) -> Iterator[str]:
    for case in seen.cases:
        result = "" if case.result is None else f" -> {case.result.expected}"
        after = "".join(f", {check.actual} = {check.expected}" for check in case.after)
        yield "; ".join((*case.arrange, call(case) + result + after))


def call(case: ObservedCase) -> str:
    given = ", ".join(f"{a.name}={a.source}" if a.keyword else a.source for a in case.arguments)
    return case.call if case.is_property else f"{case.call}({given})"


@pytest.mark.parametrize(("name", "text"), FOUND, ids=[f"{n}: {t[:30]!r}" for n, t in FOUND])
def test_a_case_of_the_kind_is_found(said: dict[str, list[str]], name: str, text: str) -> None:
    assert any(text in line for line in said[name]), said[name]


@pytest.mark.parametrize(("name", "text", "why"), NEVER, ids=[name for name, *_ in NEVER])
def test_what_says_nothing_is_not_found(
    said: dict[str, list[str]], name: str, text: str, why: str
) -> None:
    assert not any(f"-> {text}" in line or f", {text}" in line for line in said[name]), why
