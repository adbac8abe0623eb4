from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest

from sloptest_hook.errors import GitError
from sloptest_hook.git.plumbing import Plumbing
from sloptest_hook.git.repository import StagedRepository

if TYPE_CHECKING:
    from tests.conftest import Repository

Opened = Callable[[], StagedRepository]


def test_a_failure_is_one_line_with_the_command_and_what_git_said(opened: Opened) -> None:
    with pytest.raises(
        GitError, match=r"^`git cat-file` failed in .*Not a valid object name nonsense$"
    ) as caught:
        Plumbing(opened()).run("cat-file", "blob", "nonsense")
    assert "\n" not in str(caught.value)


def test_a_filter_that_hangs_is_ended(repository: "Repository", opened: Opened) -> None:
    repository.git("config", "filter.hang.clean", "exec tail -f /dev/null")
    repository.write(".gitattributes", "*.py filter=hang\n")

    with pytest.raises(GitError, match=r"did not complete in 0\.2 secs"):
        Plumbing(opened(), seconds=0.2).run("hash-object", "--path=a.py", "--stdin", stdin=b"x")


def test_names_that_are_not_utf_8_come_back_as_they_went(
    repository: "Repository", opened: Opened
) -> None:
    name = "\udce9.py"
    repository.write(name, "")
    repository.git("add", "-A")

    assert Plumbing(opened()).run("ls-files", "-z", "--", name).text == f"{name}\0"
