"""Slips that a rule mends; what a test expects is not among them."""

import pytest

from sloptest_hook.generation.repairs import mended
from sloptest_hook.values.candidate import WrittenTest
from sloptest_hook.values.records import replace
from sloptest_hook.values.refining import Failure
from tests.generation.test_engine import target_of

SOURCE = "async def f():\n    return 1\n\n\ndef g():\n    return 1\n"
IMPORT = "from shop import f"

# What failed, with which imports and why; what it is after.
MENDED = {
    "a name of the module": (
        ("assert g() == 1", (IMPORT,), "NameError: name 'g' is not defined"),
        ("assert g() == 1", (IMPORT, "from shop import g")),
    ),
    "a module of Python's own": (
        ("assert math.pi > 3", (), "NameError: name 'math' is not defined"),
        ("assert math.pi > 3", ("import math",)),
    ),
    "a relative import": (
        ("pass", ("from .shop import f",), "ImportError: attempted relative import with no known"),
        ("pass", ("from shop import f",)),
    ),
    "a fixture by another name": (
        ("tmp_paht.mkdir()", (), "fixture 'tmp_paht' not found"),
        ("tmp_path.mkdir()", ()),
    ),
    "floats equal to their last digits": (
        ("assert g() == 0.3", (), "it failed: assert 0.30000000000000004 == 0.3"),
        ("assert g() == pytest.approx(0.3)", ("import pytest",)),
    ),
    "a coroutine that nobody awaits": (
        ("assert f() == 1", (IMPORT,), "it failed: assert <coroutine object f at 0x7f> == 1"),
        ("assert asyncio.run(f()) == 1", (IMPORT, "import asyncio")),
    ),
}
LEFT = {
    "an expectation": ("assert g() == 2", (), "it failed: assert 1 == 2"),
    "floats that differ": ("assert g() == 0.3", (), "it failed: assert 0.30001 == 0.3"),
    "whole numbers": ("assert g() == 3", (), "it failed: assert 3 == 3"),
    "a name that nobody has": ("assert h() == 2", (), "NameError: name 'h' is not defined"),
    "a fixture of the project's": ("assert shop", (), "fixture 'warehouse' not found"),
    "another module": ("pass", ("import x",), "ModuleNotFoundError: No module named 'x'"),
}


def failure(body: str, imports: tuple[str, ...], reason: str) -> Failure:
    return Failure(WrittenTest("test_f", f"def test_f():\n    {body}\n"), imports, reason)


@pytest.mark.parametrize(("failed", "after"), MENDED.values(), ids=MENDED)
def test_a_slip_is_mended(
    failed: tuple[str, tuple[str, ...], str], after: tuple[str, tuple[str, ...]]
) -> None:
    done = mended(failure(*failed), replace(target_of("f"), source=SOURCE))
    assert done is not None
    assert (done.test.code, done.imports) == (f"def test_f():\n    {after[0]}\n", after[1])


@pytest.mark.parametrize("failed", LEFT.values(), ids=LEFT)
def test_everything_else_is_left_to_its_author(failed: tuple[str, tuple[str, ...], str]) -> None:
    assert mended(failure(*failed), replace(target_of("f"), source=SOURCE)) is None
