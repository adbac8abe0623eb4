"""What the recorded tests are about: a little of everything that a module may hold."""

import asyncio
import os
import re
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from pathlib import Path


class Unit(Enum):
    GRAM = "g"
    KILO = "kg"


class CartError(Exception):
    """Something is wrong with a cart."""


@dataclass
class Line:
    name: str
    price: float
    count: int = 1

    @property
    def total(self) -> float:
        return self.price * self.count


class Cart:
    def __init__(self, owner: str, limit: int = 3) -> None:
        self.owner = owner
        self.limit = limit
        self.names: list[str] = []

    @classmethod
    def parse(cls, text: str) -> "Cart":
        owner, _, names = text.partition(":")
        cart = cls(owner)
        for name in names.split(",") if names else ():
            cart.add(name)
        return cart

    def add(self, name: str) -> int:
        if not name:
            raise ValueError("name must not be empty")
        if len(self.names) >= self.limit:
            raise CartError(f"cart of {self.owner} is full (limit {self.limit})")
        self.names.append(name)
        return len(self.names)

    def clear(self) -> None:
        self.names.clear()

    def is_empty(self) -> bool:
        return not self.names


def slugify(text: str, separator: str = "-") -> str:
    return re.sub(r"[^a-z0-9]+", separator, text.lower()).strip(separator)


def is_valid(code: str) -> bool:
    return code.isdigit() and len(code) == 4


def parse_duration(text: str) -> int:
    if not text:
        raise ValueError("empty duration")
    if text.startswith("-"):
        raise ValueError(f"negative duration: {text!r} (use a positive one)")
    return int(text[:-1]) * {"s": 1, "m": 60, "h": 3600}[text[-1]]


def find(names: list[str], wanted: str) -> int | None:
    return names.index(wanted) if wanted in names else None


def mean(values: list[float]) -> float:
    return sum(values) / len(values)


def halves(names: list[str]) -> dict[str, float]:
    return {name: len(name) / 3 for name in names}


def sort_in_place(items: list[int]) -> None:
    items.sort()


def greet(name: str) -> None:
    print(f"Hello {name}!")  # noqa: T201


def count_words(path: Path) -> int:
    return len(path.read_text().split())


def unit_of(text: str) -> Unit:
    return Unit.KILO if text.endswith("kg") else Unit.GRAM


def discounted(price: float, *, percent: int = 0) -> float:
    return price * (100 - percent) / 100


def line_of(text: str) -> Line:
    name, price = text.split("=")
    return Line(name, float(price))


def report(names: list[str]) -> str:
    return "".join(f"{number}. {name} is on the list\n" for number, name in enumerate(names, 1))


def table(width: int, height: int) -> list[dict[str, int]]:
    return [{"row": row, "column": column} for row in range(height) for column in range(width)]


def countdown(start: int) -> Iterator[int]:
    if start < 0:
        raise ValueError("start is negative")
    while start:
        yield start
        start -= 1


async def doubled(number: int) -> int:
    await asyncio.sleep(0)
    return 2 * number


async def ticks(count: int) -> AsyncIterator[int]:
    for number in range(count):
        yield number


def _private(number: int) -> int:
    return number + 1


def __hidden(number: int) -> int:
    return number + 2


def testable(number: int) -> bool:
    return number > 0


def filter(number: int) -> str:  # noqa: A001
    return f"{number} items"


class Queue:
    def __init__(self) -> None:
        self.names: list[str] = []

    async def put(self, name: str) -> None:
        self.names.append(name)

    async def take(self) -> str:
        return self.names.pop(0)


def greeting() -> str:
    return "good morning" if datetime.now().hour < 12 else "good day"  # noqa: DTZ005


def is_debug() -> bool:
    return os.environ.get("APP_DEBUG") == "1"


def save(path: Path, text: str) -> None:
    path.write_text(text.upper(), encoding="utf-8")
