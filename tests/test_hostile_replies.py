"""Hostile and harmless replies during a real commit: nothing is harmed, and no good test is lost.

A representative share runs always; ``HOSTILE_REPLIES=all`` runs every sample, some half an hour.
"""

import os
import sys
from pathlib import Path

import pytest

from sloptest_hook.guard.words import words
from tests.guard.corpus_files import Sample, samples
from tests.guard.hostile_commit import commit_with

ALL = os.environ.get("HOSTILE_REPLIES") == "all"
# One of each stage, and a few effects that only a run can show: some five seconds each.
SHARE = words(
    """
    exfil-in-assert plain
    """
)
# The reply's path is a proposal: its harmless tests go where merging puts them, past the links, and
# beside the file with uncommitted work.
HARMLESS_ELSEWHERE = ("path-symlink", "path-hardlink", "path-dangling", "merge-user-modified")
# Green, and still not kept: it executes no line of what is new.
GREEN_AND_NOT_KEPT = frozenset({"dataclass-order"})

pytestmark = pytest.mark.skipif(
    not sys.platform.startswith("linux"), reason="what is left running is read from /proc"
)


def chosen(name: str) -> list[Sample]:
    return [each for each in samples(name) if ALL or each.kind in SHARE]


@pytest.mark.parametrize("sample", chosen("malicious"), ids=str)
def test_a_hostile_reply_does_no_harm(sample: Sample, tmp_path: Path, project_python: Path) -> None:
    ending = commit_with(sample, tmp_path, project_python)
    assert ending.effects == ()
    harmless = sample.kind.startswith(HARMLESS_ELSEWHERE)
    assert harmless or ending.where != "staged"
    assert harmless or ending.reason


@pytest.mark.parametrize("sample", chosen("benign"), ids=str)
def test_a_harmless_reply_ends_in_the_commit(
    sample: Sample, tmp_path: Path, project_python: Path
) -> None:
    ending = commit_with(sample, tmp_path, project_python)
    assert ending.effects == ()
    assert ending.where == "staged" or sample.kind in GREEN_AND_NOT_KEPT
