"""A process may be given so much more memory than it has, and no more."""

import os
import sys

import pytest

from sloptest_hook.running.harness.confining import limits

MIB = 1024 * 1024


def in_fork_after(growth: int, wanted: int) -> bool:
    """Say whether a fork that may grow by so many MiB can have so many at once."""
    child = os.fork()
    if not child:
        limits.limit()
        limits.limit_growth(growth)
        try:
            held = bytearray(wanted * MIB)
        except MemoryError:
            os._exit(1)
        os._exit(len(held) == 0)
    _, status = os.waitpid(child, 0)
    return status == 0


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="asks /proc what a process has")
@pytest.mark.parametrize(("wanted", "is_given"), [(20, True), (400, False)])
def test_what_is_more_than_the_growth_is_refused(wanted: int, is_given: bool) -> None:  # noqa: FBT001
    assert in_fork_after(100, wanted) is is_given


def test_the_peak_is_told_in_mebibytes() -> None:
    before = limits.peak_mb()
    held = bytearray(b"x") * (64 * MIB)

    assert before > 0
    assert limits.peak_mb() >= 64
    assert len(held) == 64 * MIB
