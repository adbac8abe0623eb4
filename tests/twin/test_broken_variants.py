"""The scenarios can fail: a hook that makes one of the known mistakes is found out.

``TWIN=all`` in the environment runs every variant; without it a few run.
"""

import os
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from _pytest.mark import ParameterSet

from tests.twin.broken import VARIANTS
from tests.twin.scenario import play
from tests.twin.test_scenarios import SCENARIOS
from tests.twin.world import Runner, Twins

_BROKEN = Path(__file__).with_name("broken.py")
_BY_NAME = {scenario.name: scenario for scenario in SCENARIOS}


@dataclass(frozen=True)
class Found:
    """A mistake, a scenario in which it comes to light, and what is said of it then."""

    variant: str
    scenario: str
    says: str
    runner: Runner = "plain"
    is_quick_share: bool = False


_WORK = "work of every kind around the commit"
FOUND = (
    Found("add-all", _WORK, "the index, 'draft.py'", is_quick_share=True),
    Found("add-all", "the test file has unstaged edits", "test_cart.py"),
    Found("add-changed", _WORK, "the index, 'notes.txt'"),
    Found("add-changed", "another function is not staged", "shop/cart.py"),
    Found(
        "write-over-changes",
        "the test file has unstaged edits",
        "had changes of the user's",
        is_quick_share=True,
    ),
    Found("write-over-changes", "the test file is not tracked", "the user's lines are not there"),
    Found("use-the-main-index", "all, nothing staged before", "no test was generated"),
    Found("use-the-main-index", "a path", "no test was generated"),
    Found("use-one-index", "a path", "the index does not agree"),
    Found("use-one-index", "amend with a path", "the index does not agree"),
    Found("stage-nothing", "a plain commit", "is not in the commit", is_quick_share=True),
    Found("write-nothing", "a plain commit", "the index does not agree"),
    Found("write-nothing", "there are no tests yet", "is missing in the working tree"),
    Found("read-the-working-tree", "the working tree cannot be parsed", "no test was generated"),
    Found("never-keep-quiet", "a rebase stops to amend", "('tests/test_bill.py',)"),
    Found("never-keep-quiet", "a conflict of a merge is resolved and committed", "('tests/test_"),
    Found(
        "forget-what-is-hidden",
        "unstaged lines at the end of the test file",
        "",
        runner="pre-commit",
    ),
    Found(
        "follow-links",
        "tests/ is a link out of the repository that git ignores",
        "test_bill.py",
    ),
    Found("write-as-staged", "a filter changes the file on disk", "the user's lines are not"),
    Found("write-as-staged", "eol=crlf in the attributes", "the user's lines are not there"),
    Found("rewrite-line-ends", "CRLF in the commit", "the user's lines are not there"),
    Found("rewrite-as-text", "a byte order mark", "the user's lines are not there"),
    Found("rewrite-as-text", "a cookie for latin-1", "the user's lines are not there"),
    Found("remove-the-lock", "the index is locked all the time", "index.lock"),
    Found("stage-what-is-ignored", "tests are ignored", "('tests/test_bill.py',)"),
    Found("forget-the-mode", "the test file is executable", "the mode in the index"),
    Found("leave-a-draft", "a plain commit", "'tests/test_cart.tmp'"),
    Found("sort-the-tests", "a plain commit", "the user's lines are not there"),
    Found("leave-a-lock", "a plain commit", "locks in the git dir"),
)


def _wanted() -> Iterator[ParameterSet]:
    for found in FOUND:
        if found.is_quick_share or os.environ.get("TWIN") == "all":
            yield pytest.param(found, id=f"{found.variant}: {found.scenario}")


def test_every_broken_variant_is_found_by_a_scenario() -> None:
    assert {found.variant for found in FOUND} == VARIANTS.keys()


@pytest.mark.parametrize("found", list(_wanted()))
def test_a_broken_hook_is_found(
    found: Found, twins: Callable[[Runner, tuple[str, ...]], Twins], tmp_path: Path
) -> None:
    hook = (sys.executable, str(_BROKEN), found.variant, "hook")
    with pytest.raises(AssertionError) as raised:
        play(_BY_NAME[found.scenario], twins(found.runner, hook), tmp_path)
    assert "broken.py" not in str(raised.value)
    assert found.says in str(raised.value)
