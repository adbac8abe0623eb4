"""The ways to commit and the ways to die in the middle of it, for ``faults.py``."""

import signal
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from tests.twin.world import Runner

NEW_TEST = {"tests/test_ledger.py": "def test_the_ledger_is_empty():\n    assert not []\n"}
MORE_TESTS = {"tests/test_cart.py": "\n\ndef test_one_more():\n    assert [1]\n"}

Victims = Literal["hook", "orphans", "family", "commit", "git"]


@dataclass(frozen=True)
class Form:
    """One way to commit; ``tests`` are staged by the hook, empty: the product finds its own."""

    name: str
    runner: Runner
    words: tuple[str, ...]
    tests: Mapping[str, str]

    def __str__(self) -> str:
        return f"{self.name}, {self.runner}"


@dataclass(frozen=True)
class Death:
    """How the hook ends; ``victims`` as in ``doomed.Doom``, or one git that it has started."""

    victims: Victims
    number: signal.Signals
    side: Literal["before", "after"] = "before"

    def points(self, calls: Sequence[str]) -> list[int]:
        """Return the calls, from 1, that differ for this death.

        Only while the hook waits for a child is there one to be killed or left behind.
        """
        is_about_children = self.victims in ("orphans", "family")
        return [
            number
            for number, name in enumerate(calls, 1)
            if name == "posix.waitpid" or not is_about_children
        ]

    def __str__(self) -> str:
        return f"{self.number.name} to {self.victims}, {self.side}"


@dataclass(frozen=True)
class Visit:
    """What somebody does in another terminal or an editor while the hook is at work.

    ``touches`` is the test file that both want to write, if any.
    """

    name: str
    script: str
    touches: str = ""

    def __str__(self) -> str:
        return self.name


@dataclass(frozen=True)
class Found:
    """What came of one death: at which call it was, empty if the hook ended first."""

    point: str
    problems: tuple[str, ...] = ()


def forms() -> Iterator[Form]:
    """Yield every way of committing with tests that are known before, then the whole product."""
    ways: tuple[tuple[str, tuple[str, ...]], ...] = (
        ("plain", ()),
        ("all", ("-a",)),
        ("a path", ("--", "shop/cart.py")),
    )
    tests = (("a new test", NEW_TEST), ("more tests", MORE_TESTS))
    runners: tuple[Runner, ...] = ("plain", "pre-commit")
    for runner in runners:
        for way, words in ways:
            for what, files in tests:
                yield Form(f"{what}, {way}", runner, words, files)
        yield Form("both, plain", runner, (), {**NEW_TEST, **MORE_TESTS})
    for runner in runners:
        yield Form("the product, plain", runner, (), {})


def deaths() -> Iterator[Death]:
    """Yield every way to die; see ``Death.points`` for where."""
    yield Death("hook", signal.SIGKILL)
    yield Death("hook", signal.SIGKILL, "after")
    yield Death("orphans", signal.SIGKILL)
    yield Death("family", signal.SIGKILL)
    yield Death("commit", signal.SIGKILL)
    yield Death("hook", signal.SIGINT)
    yield Death("hook", signal.SIGTERM)
    yield Death("hook", signal.SIGHUP)
    yield Death("commit", signal.SIGINT)


def visits(form: Form) -> Iterator[Visit]:
    """Yield what can happen beside a plain commit; with others git itself holds the lock."""
    if form.words or form.runner != "plain" or not form.tests:
        return
    yield Visit("git add", "git add notes.txt")
    yield Visit("git rm", "git rm -q --cached shop/pricing.py")
    yield Visit("a new file", "echo new > shop/other.txt; git add shop/other.txt")
    if form.tests == MORE_TESTS:
        script = "echo '# typed' >> tests/test_cart.py"
        yield Visit("an editor saves", script, "tests/test_cart.py")
    if form.tests == NEW_TEST:
        script = "set -C; echo '# mine' > tests/test_ledger.py"
        yield Visit("an editor makes", script, "tests/test_ledger.py")


def deaths_in_git() -> Iterator[Death]:
    """Yield how one git of the hook ends: alone, or with everybody in the same moment."""
    yield Death("git", signal.SIGKILL)
    yield Death("commit", signal.SIGKILL)
