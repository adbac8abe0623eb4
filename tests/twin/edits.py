"""What a developer does to a file, from text to text; the names and texts are few on purpose.

The fewer there are, the more often two edits meet in one file, and a file in two states.
"""

import re
from dataclasses import dataclass
from typing import Protocol

MODULES = ("shop/cart.py", "shop/pricing.py", "shop/orders.py")
TEST_FILES = (
    "tests/test_cart.py",
    "tests/test_pricing.py",
    "tests/test_orders.py",
    "tests/test_cart_generated.py",
)
OTHERS = ("notes.txt", "docs/a guide.md", "build.log")
FUNCTIONS = ("settle", "refund", "greet")
BODIES = (
    '    if amount < 0:\n        return "owed"\n    return "paid"\n',
    "    return str(amount * 2)\n",
    '    return "-" * amount\n',
)


class Edit(Protocol):
    """A change of one file."""

    @property
    def path(self) -> str: ...

    def of(self, text: str) -> str:
        """Return the text after the change; a missing file has the text ``""``."""


@dataclass(frozen=True)
class Define:
    """A function gets a body; it is appended when there is none of this name."""

    path: str
    function: str
    body: int

    def of(self, text: str) -> str:
        new = f"def {self.function}(amount: int) -> str:\n{BODIES[self.body]}"
        found = _definition(self.function, text)
        if found:
            return text[: found.start()] + new + text[found.end() :]
        return f"{text}\n\n{new}" if text else new


@dataclass(frozen=True)
class Remove:
    """A function goes."""

    path: str
    function: str

    def of(self, text: str) -> str:
        found = _definition(self.function, text)
        return text[: found.start()] + text[found.end() :] if found else text


@dataclass(frozen=True)
class Append:
    """Something is written at the end."""

    path: str
    text: str

    def of(self, text: str) -> str:
        return text + self.text


@dataclass(frozen=True)
class Prepend:
    """Something is written at the top."""

    path: str
    text: str

    def of(self, text: str) -> str:
        return self.text + text


def _definition(function: str, text: str) -> re.Match[str] | None:
    return re.search(rf"^def {function}\(.*\n(?:(?:[ \t].*)?\n)*?(?=\S|\Z)", text, re.MULTILINE)
