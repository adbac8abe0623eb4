"""What the engine does when its calls do not come to an end; whole commits are elsewhere."""

import threading
import time
from collections.abc import Callable, Iterator

import pytest

from sloptest_hook.generation.desk import Desk
from sloptest_hook.generation.llm_engine import LlmEngine
from sloptest_hook.generation.providers.access import NoAccess
from sloptest_hook.values.candidate import NoCandidate
from sloptest_hook.values.deadline import Deadline
from sloptest_hook.values.settings import Fallback, LlmSettings
from sloptest_hook.values.surroundings import Surroundings
from tests.generation.desk import FreeBudget, NoReplies
from tests.generation.test_engine import FakeSearch, target_of


def desk(clean: Callable[[str], str]) -> Desk:
    return Desk(
        settings=LlmSettings(fallback=Fallback.NONE),
        engine="anthropic",
        tests_dir="tests",
        place="nowhere",
        model="m",
        open_provider=lambda: NoAccess("no key"),
        clean=clean,
        private=lambda _target: None,
        surroundings=lambda _target: Surroundings("tests/test_shop.py"),
        budget=FreeBudget(),
        replies=NoReplies(),
        keep=lambda _name, _text: None,
        system="",
        key=b"k" * 32,
    )


@pytest.fixture
def held_up() -> Iterator[Callable[[str], str]]:
    """What stops the thread of all calls, as loading a package on a busy machine does."""
    goes_on = threading.Event()
    before = set(threading.enumerate())

    def clean(text: str) -> str:
        goes_on.wait(60)
        return text

    yield clean
    goes_on.set()
    for thread in set(threading.enumerate()) - before:
        thread.join(60)


def test_a_held_up_loop_holds_nobody_else_up(held_up: Callable[[str], str]) -> None:
    engine = LlmEngine(desk(held_up), FakeSearch(()))
    began = time.monotonic()
    (answer,) = engine.write([target_of("f")], Deadline(began + 0.1, time.monotonic))
    assert isinstance(answer, NoCandidate)
    assert answer.out_of_time
    assert answer.reason == "the time budget ended before the provider had answered"


def test_why_there_is_no_reply_is_said_by_the_call() -> None:
    engine = LlmEngine(desk(lambda text: text), FakeSearch(()))
    deadline = Deadline(time.monotonic() + 60, time.monotonic)
    (answer,) = engine.write([target_of("f")], deadline)
    assert isinstance(answer, NoCandidate)
    assert answer.reason == "no key"
    assert engine.account.notes == ("no key",)
