"""Edge: reads blobs by object name through ``git cat-file --batch``."""

import subprocess
from collections import deque
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from sloptest_hook.errors import GitError
from sloptest_hook.git.command import not_started
from sloptest_hook.git.source_text import BlobAnswer, Missing, TooLarge


def read_blobs(
    blobs: Iterable[str], *, cwd: Path, environment: Mapping[str, str], limit: int | None = None
) -> dict[str, BlobAnswer]:
    """Return the content of each blob; one of more than ``limit`` bytes is never read.

    By object name and not by ``:path``: a newline in a path would split the request.
    """
    waiting = deque(dict.fromkeys(blobs))
    answers: dict[str, BlobAnswer] = {}
    while waiting:
        answers.update(_one_process(waiting, cwd, environment, limit))
    return answers


def _one_process(
    waiting: deque[str], cwd: Path, environment: Mapping[str, str], limit: int | None
) -> Iterator[tuple[str, BlobAnswer]]:
    """Answer from the front of the queue, up to and including the first blob that is too large.

    Ending the process there is cheaper than reading a video to its end to get past it.
    """
    with _start(cwd, environment) as process:
        while waiting:
            blob = waiting.popleft()
            answer = _ask(process, blob, limit)
            yield blob, answer
            if isinstance(answer, TooLarge):
                return


def _start(cwd: Path, environment: Mapping[str, str]) -> subprocess.Popen[bytes]:
    try:
        return subprocess.Popen(
            ("git", "cat-file", "--batch"),
            cwd=cwd,
            env=environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )
    except OSError as error:
        raise GitError(not_started(cwd, error)) from error


def _ask(process: subprocess.Popen[bytes], blob: str, limit: int | None) -> BlobAnswer:
    """Ask for one blob and read its answer before the next question, so that no pipe fills up."""
    assert process.stdin is not None  # noqa: S101  # both pipes were asked for
    assert process.stdout is not None  # noqa: S101
    try:
        process.stdin.write(blob.encode() + b"\n")
        process.stdin.flush()
    except BrokenPipeError:
        raise GitError(f"git cannot read object {blob}: `git cat-file` ended early.") from None
    header = process.stdout.readline()
    if not header:
        raise GitError(f"git cannot read object {blob}. Run `git fsck` to see what is damaged.")
    _, _, *size_field = header.split()
    if not size_field:
        return Missing()
    size = int(size_field[0])
    if limit is not None and size > limit:
        return TooLarge(size)
    return process.stdout.read(size + 1)[:size]
