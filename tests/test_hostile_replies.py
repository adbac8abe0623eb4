"""Hostile and harmless replies during a real commit: nothing is harmed, and no good test is lost.

A representative share runs always; ``HOSTILE_REPLIES=all`` runs every sample, some twenty minutes.
"""

import os
import sys
from pathlib import Path

import pytest

from sloptest_hook.guard.words import words
from tests.guard.corpus_files import Sample, samples
from tests.guard.hostile_commit import commit_with

ALL = os.environ.get("HOSTILE_REPLIES") == "all"
# One of each stage, and of each kind of effect that only a run can show.
SHARE = words(
    """
    body-nan path-dotdot path-symlink-file merge-user-modified text-bidi open-w persist-conftest
    h-try-pass fake-coverage tmp-path-dotdot exfil-in-assert net-code-under-test term-escape
    ho-code-under-test-writes plain class tmp_path-write clock-injected patch-subprocess
    """
)
# The reply's path is a proposal: its harmless tests go where merging puts them, past the links, and
# beside the file with uncommitted work.
HARMLESS_ELSEWHERE = ("path-symlink", "path-hardlink", "path-dangling", "merge-user-modified")
# Not stopped by any layer below the strongest confinement, and without effect all the same.
WITHOUT_EFFECT = frozenset({"net-code-under-test", "term-escape"})

pytestmark = pytest.mark.skipif(
    not sys.platform.startswith("linux"), reason="what is left running is read from /proc"
)


def chosen(name: str) -> list[Sample]:
    return [each for each in samples(name) if ALL or each.kind in SHARE]


@pytest.mark.parametrize("sample", chosen("malicious"), ids=str)
def test_a_hostile_reply_does_no_harm(sample: Sample, tmp_path: Path, project_python: Path) -> None:
    ending = commit_with(sample, tmp_path, project_python)
    assert ending.effects == ()
    if not sample.kind.startswith(HARMLESS_ELSEWHERE) and sample.kind not in WITHOUT_EFFECT:
        assert ending.where != "staged"
    assert ending.where == "staged" or ending.reason


@pytest.mark.parametrize("sample", chosen("benign"), ids=str)
def test_a_harmless_reply_ends_in_the_commit(
    sample: Sample, tmp_path: Path, project_python: Path
) -> None:
    ending = commit_with(sample, tmp_path, project_python)
    assert (ending.where, ending.effects, ending.reason) == ("staged", (), "")
