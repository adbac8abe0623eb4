"""What the offline engine writes is never refused."""

from pathlib import Path

import pytest

from sloptest_hook.guard.judge import violations
from sloptest_hook.guard.project import ProjectNames
from sloptest_hook.guard.verdicts import Verdict

RECORDED = sorted((Path(__file__).parents[1] / "generation" / "recorded").glob("*.txt"))


@pytest.mark.parametrize("path", RECORDED, ids=lambda path: path.stem)
def test_a_recorded_test_is_accepted(path: Path) -> None:
    project = ProjectNames(own=frozenset({"shop"}))
    found = violations(path.read_text(encoding="utf-8"), project)
    assert [each for each in found if each.verdict is not Verdict.NOTE] == []
