"""What a run looks at."""

from collections.abc import Sequence
from pathlib import PurePosixPath
from typing import Any

import pytest

from sloptest_hook.pipeline.edges import Edges
from sloptest_hook.pipeline.hook import cover_commit
from sloptest_hook.values.deadline import Deadline
from sloptest_hook.values.outcome import Mode
from sloptest_hook.values.settings import Settings
from sloptest_hook.values.source import StagedDiff

CART, TAX = PurePosixPath("shop/cart.py"), PurePosixPath("shop/tax.py")


class Index:
    """Fits StagedRepo: one file is in the staged diff; notes what is asked for as a whole."""

    def __init__(self) -> None:
        self.whole: list[PurePosixPath] = []
        self.asked_for_diff = False

    def quiet_reason(self) -> str | None:
        return None

    def staged_diff(self) -> StagedDiff:
        self.asked_for_diff = True
        return StagedDiff((), (), frozenset({CART}))

    def whole_files(self, paths: Sequence[PurePosixPath]) -> StagedDiff:
        self.whole += paths
        return StagedDiff((), (), frozenset(paths))


def looked_at(files: Sequence[PurePosixPath], mode: Mode, *, named_alone: bool) -> Index:
    index = Index()
    repo: Any = index
    never: Any = None
    edges = Edges(repo, never, never, never, never, mode, named_alone=named_alone)
    cover_commit(edges, Settings(), files, Deadline(10.0, lambda: 0.0))
    return index


@pytest.mark.parametrize("mode", [Mode.BY_HAND, Mode.DRY_RUN])
def test_by_hand_named_files_are_looked_at_whole_and_nothing_else_is(mode: Mode) -> None:
    seen = looked_at((CART,), mode, named_alone=True)
    assert (seen.whole, seen.asked_for_diff) == ([CART], False)


def test_a_hook_looks_at_the_diff_and_backfills_what_is_beyond_it() -> None:
    seen = looked_at((CART, TAX), Mode.HOOK, named_alone=False)
    assert (seen.whole, seen.asked_for_diff) == ([TAX], True)
