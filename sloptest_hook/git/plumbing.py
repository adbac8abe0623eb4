"""Edge: runs git's plumbing through GitPython, bounded in time, for runs that have work to do."""

import os
import tempfile
from collections.abc import Sequence
from pathlib import Path

from git import Git, GitCommandNotFound

from sloptest_hook.errors import GitError
from sloptest_hook.git.command import last_line
from sloptest_hook.git.repository import StagedRepository
from sloptest_hook.values.records import dataclass

# Plumbing takes milliseconds, a checkout of a large tree seconds; what takes longer hangs, in a
# filter of the user's or on a network file system.
_SECONDS = 60.0


@dataclass(frozen=True, slots=True)
class Answer:
    """How a git command ended: its exit status, its output, and what it said about it."""

    status: int
    output: bytes
    said: str

    @property
    def text(self) -> str:
        """The output decoded as file names are."""
        return os.fsdecode(self.output)


class Plumbing:
    """git on one index and one working tree."""

    def __init__(
        self,
        repo: StagedRepository,
        *,
        index: Path | None = None,
        work_tree: Path | None = None,
        config: Sequence[str] = (),
        seconds: float = _SECONDS,
    ) -> None:
        self._work_tree = work_tree or repo.top
        self._config = tuple(word for setting in config for word in ("-c", setting))
        self._seconds = seconds
        self._environment = {
            **repo.environment,
            "GIT_INDEX_FILE": str(index or repo.index),
            "GIT_WORK_TREE": str(self._work_tree),
        }

    def run(self, *arguments: str, stdin: bytes = b"") -> Answer:
        """Return the answer of a command that must succeed; raises GitError."""
        answer = self.ask(*arguments, stdin=stdin)
        if answer.status:
            raise GitError(f"`git {arguments[0]}` failed in {self._work_tree}: {answer.said}")
        return answer

    def ask(self, *arguments: str, stdin: bytes = b"", literal: bool = True) -> Answer:
        """Return the answer whatever the exit status is.

        ``literal=False`` is for ``check-ignore``, which dies when all pathspecs are literal.
        """
        git = Git(str(self._work_tree))
        environment = {**self._environment, "GIT_LITERAL_PATHSPECS": str(int(literal))}
        git.update_environment(**environment)
        with tempfile.TemporaryFile() as request:
            request.write(stdin)
            request.seek(0)
            try:
                status, output, said = git.execute(
                    ("git", *self._config, *arguments),
                    istream=request,
                    with_extended_output=True,
                    with_exceptions=False,
                    stdout_as_string=False,
                    strip_newline_in_stdout=False,
                    kill_after_timeout=self._seconds,
                )
            except GitCommandNotFound as error:
                raise GitError("git was not found on PATH. Install git.") from error
        assert isinstance(output, bytes)  # noqa: S101  # asked for with stdout_as_string=False
        return Answer(status, output, last_line(said.encode("utf-8", "surrogateescape")))
