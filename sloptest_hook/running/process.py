"""Edge: starts the harness in the project's interpreter, bounded in time, and reads its replies."""

import contextlib
import json
import os
import secrets
import select
import signal
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import IO

from sloptest_hook.errors import RunnerError
from sloptest_hook.running.orphans import MARK, adopt_orphans, begin, starting, sweep, sweep_adopted
from sloptest_hook.running.watch import BEGUN, Most, Watch
from sloptest_hook.values.deadline import Deadline
from sloptest_hook.values.records import dataclass

HARNESS = Path(__file__).parent / "harness"

_OUTPUT_KEPT = 4000  # bytes of stdout and stderr kept for a message
# A runaway reply or output ends the run instead of the machine's memory or disk.
_REPLY_LIMIT = 64 * 1024 * 1024
_OUTPUT_LIMIT = 256 * 1024 * 1024
_GLANCE = 0.05  # seconds between looks at a process that sends nothing


@dataclass(frozen=True, slots=True)
class HarnessPlace:
    """Where and as what a harness is started.

    ``task`` is a module of ``running/harness`` with ``main(request, reply)``, ``cwd`` the snapshot,
    ``scratch`` an empty directory that becomes TMPDIR. ``env`` is the rest of the environment.
    ``early`` is what the task's ``begin`` gets at once, before there is a request; None: nothing.
    ``kept`` is where compiled code is kept from run to run; None: nowhere.
    ``most`` is what a run of generated code may use; None: nobody watches the user's own tests.
    """

    task: str
    cwd: Path
    scratch: Path
    env: Mapping[str, str]
    early: Mapping[str, object] | None = None
    most: Most | None = None
    kept: Path | None = None


@dataclass(frozen=True, slots=True)
class HarnessReply:
    """What came back: every reply line, how the process ended, the end of its output.

    ``exit_status`` None: it was killed, out of time or for its ``excess``, "wrote more than 9 MB".
    ``forged``: something wrote to the pipe without the nonce, so that no message can be believed.
    """

    messages: tuple[Mapping[str, object], ...]
    exit_status: int | None
    timed_out: bool
    output: str
    seconds: float
    excess: str = ""
    forged: bool = False


@dataclass(frozen=True, slots=True)
class _Ends:
    """The ends that the hook holds: the request is complete when something is written to ``go``."""

    body: IO[bytes]
    go: IO[bytes]
    replies: IO[bytes]


class Harness:
    """A process that waits for its one request; ``open_harness`` starts it."""

    def __init__(
        self,
        process: subprocess.Popen[bytes],
        mark: str,
        ends: _Ends,
        output: IO[bytes],
        watch: Watch | None,
    ) -> None:
        self._process = process
        self._mark = mark
        self._ends = ends
        self._output = output
        self._watch = watch

    @property
    def pid(self) -> int:
        """Return the number of the process."""
        return self._process.pid

    def ask(
        self,
        body: Mapping[str, object],
        deadline: Deadline,
        heard: Callable[[int], None] | None = None,
    ) -> HarnessReply:
        """Return the replies to the request; afterwards nothing the process started is alive.

        ``heard`` is told now and then how many tests have begun. At the deadline the whole process
        group is killed.
        """
        started = time.monotonic()
        nonce = secrets.token_hex(16)
        try:
            self._ends.body.write(json.dumps({**body, "nonce": nonce}).encode())
            self._ends.body.seek(0)
            with contextlib.suppress(BrokenPipeError):  # it has ended already: no reply is a reply
                self._ends.go.write(b"1")
            data, excess = self._read(deadline, heard)
            status = self._process.poll()
        finally:
            self.end()
        seconds = time.monotonic() - started
        timed_out = status is None and deadline.passed
        lines = data.splitlines()
        messages = tuple(_messages(lines, nonce.encode() + b" "))
        # The last line may be cut off, at the deadline or with a process that was killed.
        forged = any(not line.startswith(nonce.encode()) for line in lines[:-1])
        output = _tail(self._output)
        return HarnessReply(messages, status, timed_out, output, seconds, excess, forged)

    def _read(self, deadline: Deadline, heard: Callable[[int], None] | None) -> tuple[bytes, str]:
        """Return all that was replied until the process ended, and what it did too much of.

        It still runs when a limit was met. The end of the pipe alone says nothing: a forgotten
        child may hold it open, and a process that closed it may still be busy.
        """
        data = bytearray()
        begun = 0
        reader = self._ends.replies.fileno()
        open_ends = [reader]
        excess = ""
        while not deadline.passed and not excess:
            ended = self._process.poll() is not None
            pause = 0.0 if ended else min(_GLANCE, deadline.remaining)
            ready, _, _ = select.select(open_ends, [], [], pause)
            chunk = os.read(reader, 65536) if ready else b""
            data += chunk
            if self._watch is not None and chunk:
                self._watch.hear(chunk)
            if heard is not None and chunk:
                begun += chunk.count(BEGUN)
                heard(begun)
            if ready and not chunk:
                open_ends = []
            if ended and not chunk:
                break
            excess = self._excess(len(data))
        return bytes(data), excess

    def _excess(self, replied: int) -> str:
        if replied > _REPLY_LIMIT or os.fstat(self._output.fileno()).st_size > _OUTPUT_LIMIT:
            return "wrote too much output"
        return self._watch.excess() if self._watch else ""

    def end(self) -> None:
        """Kill the process and all that it has started; for the second time this does nothing."""
        if self._mark:
            _kill(self._process)
            sweep(self._mark)
            sweep_adopted(self._process.pid)
            self._mark = ""


def kept_beside(snapshot: Path) -> Path:
    """Return where the compiled code of a snapshot is kept: it outlives the snapshot."""
    return snapshot.parent / "compiled"


@contextlib.contextmanager
def open_harness(python: str, place: HarnessPlace) -> Iterator[Harness]:
    """Start a harness, and leave nothing of it alive at the end, asked or not.

    Raises RunnerError when the interpreter cannot be started.
    """
    mark = secrets.token_hex(8)
    if place.most and place.most.starts_processes:
        adopt_orphans()
    with (
        tempfile.TemporaryFile(buffering=0) as body,
        tempfile.TemporaryFile() as output,
        _pipe() as (replies, writer),
        _pipe() as (life, _held),
        _pipe() as (waits, go),
    ):
        given = (writer, life, waits)
        with starting:
            process = _start((python, mark), place, given, body, output)
            begin(process.pid)
        for each in given:
            each.close()
        watch = Watch(process.pid, place.scratch, place.most) if place.most else None
        harness = Harness(process, mark, _Ends(body, go, replies), output, watch)
        try:
            yield harness
        finally:
            harness.end()


@contextlib.contextmanager
def _pipe() -> Iterator[tuple[IO[bytes], IO[bytes]]]:
    """Yield the end to read and the end to write; both are closed at the latest at the end."""
    reader, writer = os.pipe()
    with os.fdopen(reader, "rb", 0) as read_end, os.fdopen(writer, "wb", 0) as write_end:
        yield read_end, write_end


def _start(
    who: tuple[str, str],
    place: HarnessPlace,
    given: Iterable[IO[bytes]],
    body: IO[bytes],
    output: IO[bytes],
) -> subprocess.Popen[bytes]:
    python, mark = who
    ends = [each.fileno() for each in given]
    kept = str(place.kept or "")
    early = () if place.early is None else (json.dumps(place.early),)
    ours = {
        "TMPDIR": str(place.scratch),
        # The snapshot may lie in the user's git directory, where git would find their repository.
        "GIT_CEILING_DIRECTORIES": str(place.cwd.parent),
        "PYTHONDONTWRITEBYTECODE": "1",
        MARK: mark,
    }
    try:
        return subprocess.Popen(
            (python, str(HARNESS), place.task, *map(str, ends), kept, *early),
            cwd=place.cwd,
            env={**place.env, **ours},
            stdin=body,
            stdout=output,
            stderr=subprocess.STDOUT,
            pass_fds=ends,
            start_new_session=True,
        )
    except OSError as error:
        raise RunnerError(
            f"cannot start the project's interpreter {python}: {error.strerror}. "
            "Set `python` in [tool.sloptest] to one that exists."
        ) from error


def _kill(process: subprocess.Popen[bytes]) -> None:
    """Kill the process and whatever it left behind in its group."""
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def _messages(lines: Iterable[bytes], nonce: bytes) -> Iterator[Mapping[str, object]]:
    """Yield every line that is marked as ours and a JSON object; the last one may be cut off."""
    for line in lines:
        if not line.startswith(nonce):
            continue
        try:
            message = json.loads(line[len(nonce) :])
        except ValueError:
            continue
        if isinstance(message, dict):
            yield message


def _tail(output: IO[bytes]) -> str:
    size = output.seek(0, os.SEEK_END)
    output.seek(max(0, size - _OUTPUT_KEPT))
    return output.read().decode("utf-8", "replace")
