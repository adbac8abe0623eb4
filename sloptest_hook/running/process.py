"""Edge: starts the harness in the project's interpreter, bounded in time, and reads its replies."""

import contextlib
import json
import os
import select
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from sloptest_hook.errors import RunnerError
from sloptest_hook.values.deadline import Deadline

HARNESS = Path(__file__).parent / "harness"

# What untrusted code may see of the environment; PATH so that a shebang or a tool is found.
_ALLOWED = ("PATH", "LANG", "LC_ALL", "LC_CTYPE", "SYSTEMROOT", "LD_LIBRARY_PATH")
_OUTPUT_KEPT = 4000  # bytes of stdout and stderr kept for a message
_REPLY_LIMIT = 64 * 1024 * 1024  # a runaway reply ends the run instead of the machine's memory


@dataclass(frozen=True, slots=True)
class HarnessRequest:
    """What to start.

    ``task`` is a module of ``running/harness`` with ``main(request, reply)``, ``cwd`` the snapshot,
    ``scratch`` an empty directory that becomes HOME and TMPDIR. ``env`` is added last.
    """

    task: str
    body: Mapping[str, object]
    cwd: Path
    scratch: Path
    env: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class HarnessReply:
    """What came back: every reply line, how the process ended, the end of its output."""

    messages: tuple[Mapping[str, object], ...]
    exit_status: int | None
    timed_out: bool
    output: str
    seconds: float


def run_harness(python: str, request: HarnessRequest, deadline: Deadline) -> HarnessReply:
    """Run one task and return its replies; at the deadline the whole process group is killed.

    Raises RunnerError when the interpreter cannot be started.
    """
    started = time.monotonic()
    with tempfile.TemporaryFile() as body, tempfile.TemporaryFile() as output:
        body.write(json.dumps(request.body).encode())
        body.seek(0)
        reader, writer = os.pipe()
        try:
            try:
                process = _start(python, request, writer, body, output)
            finally:
                os.close(writer)
            try:
                data, timed_out = _read(reader, deadline)
                status = None if timed_out else _wait(process, deadline)
            finally:
                _kill(process)
        finally:
            os.close(reader)
        return HarnessReply(
            tuple(_messages(data)),
            status,
            timed_out or status is None,
            _tail(output),
            time.monotonic() - started,
        )


def project_environment() -> dict[str, str]:
    """Return the user's environment as their own pytest would see it.

    Repository-local ``GIT_*`` variables are removed: with them a test that makes a repository of
    its own commits to the user's branch. ``VIRTUAL_ENV`` and friends are the hook's own under
    pre-commit.
    """
    dropped = ("VIRTUAL_ENV", "PYTHONHOME", "PYTEST_ADDOPTS", "PYTEST_CURRENT_TEST")
    return {
        name: value
        for name, value in os.environ.items()
        if name not in dropped
        if not name.startswith(("GIT_", "PRE_COMMIT", "COV_CORE_", "COVERAGE_"))
    }


def bare_environment() -> dict[str, str]:
    """Return the environment for generated code: no key, no token, nothing of the user's."""
    return {name: os.environ[name] for name in _ALLOWED if name in os.environ}


def _start(
    python: str, request: HarnessRequest, writer: int, body: IO[bytes], output: IO[bytes]
) -> subprocess.Popen[bytes]:
    scratch = {"TMPDIR": str(request.scratch)}
    try:
        return subprocess.Popen(
            (python, str(HARNESS), request.task, str(writer)),
            cwd=request.cwd,
            env={**scratch, **request.env},
            stdin=body,
            stdout=output,
            stderr=subprocess.STDOUT,
            pass_fds=(writer,),
            start_new_session=True,
        )
    except OSError as error:
        raise RunnerError(
            f"cannot start the project's interpreter {python}: {error.strerror}. "
            "Set `python` in [tool.sloptest] to one that exists."
        ) from error


def _read(reader: int, deadline: Deadline) -> tuple[bytes, bool]:
    """Return all bytes up to the end of the pipe, and whether time ran out before it."""
    data = bytearray()
    while len(data) < _REPLY_LIMIT:
        ready, _, _ = select.select([reader], [], [], deadline.remaining)
        if not ready:
            return bytes(data), True
        chunk = os.read(reader, 65536)
        if not chunk:
            return bytes(data), False
        data += chunk
    return bytes(data), True


def _wait(process: subprocess.Popen[bytes], deadline: Deadline) -> int | None:
    try:
        return process.wait(timeout=deadline.remaining)
    except subprocess.TimeoutExpired:
        return None


def _kill(process: subprocess.Popen[bytes]) -> None:
    """Kill the process and whatever it left behind in its group."""
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def _messages(data: bytes) -> Iterator[Mapping[str, object]]:
    """Yield every whole line that is a JSON object; the last one may be cut off."""
    for line in data.splitlines():
        try:
            message = json.loads(line)
        except ValueError:
            continue
        if isinstance(message, dict):
            yield message


def _tail(output: IO[bytes]) -> str:
    size = output.seek(0, os.SEEK_END)
    output.seek(max(0, size - _OUTPUT_KEPT))
    return output.read().decode("utf-8", "replace")
