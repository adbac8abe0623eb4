"""Edge: one pytest session inside the project's interpreter, in the snapshot.

Messages, each with a ``kind``: ``collecting`` and ``running`` (who is at work),
``collection_error``, ``result``, ``problem``, ``coverage`` (one a traced file), and ``end`` with
pytest's exit status; without the last one the process was ended by something else.
"""

from __future__ import annotations

import os
import sys
import threading
from typing import TYPE_CHECKING, Any

from . import confine, environ_watch, guard, import_path

if TYPE_CHECKING:
    from .recorder import Reply

_INTERRUPTED = 2  # pytest.ExitCode, when there is no pytest to ask
_MEMORY_MB, _FILE_MB = 4096, 64  # for generated tests alone
_PATIENCE = 2.0  # seconds for threads and exit functions of the project, after the end


def main(request: dict[str, Any], reply: Reply) -> None:
    """Run what the request selects.

    ``select``, ``generated``: node ids and paths; ``trace``: files, empty for no measuring;
    ``snapshot``, ``worktree``, ``scratch``: folders; ``import_roots``, ``append_pythonpath``:
    folders relative to the snapshot; ``pytest_args``; ``confined`` and its ``cpu_seconds``.
    """
    confine.die_with_parent()
    if request["confined"]:
        confine.lock_down([request["scratch"]])
        confine.limit(_MEMORY_MB, request["cpu_seconds"], _FILE_MB)
    snapshot, scratch = os.path.realpath(request["snapshot"]), os.path.realpath(request["scratch"])
    if request["generated"]:
        guard.install(scratch, snapshot)
        for name in ("cache", "hypothesis"):  # what plugins keep between two nodes
            guard.allow(os.path.join(scratch, name))
        environ_watch.install()
    sys.dont_write_bytecode = True
    import_path.prepare(
        request["worktree"], snapshot, request["import_roots"], request["append_pythonpath"]
    )
    try:
        status = _run(request, reply, snapshot, scratch)
    except SystemExit as error:  # pytest imports conftest.py and plugins without a net
        reply({"kind": "problem", "message": f"pytest was left by sys.exit({error.code!r})"})
        status = _INTERRUPTED
    reply({"kind": "end", "status": status})
    _limit_the_end()


def _run(request: dict[str, Any], reply: Reply, snapshot: str, scratch: str) -> int:
    from .recorder import Recorder

    recorder = Recorder(reply, snapshot, request["select"], request["generated"])
    paths = _existing(request["select"], recorder, snapshot)
    plugins: list[object] = [recorder]
    if not request["trace"]:
        return _session(request, paths, plugins, (snapshot, scratch))

    from .measuring import Measurement

    measurement = Measurement(snapshot, scratch, request["trace"])
    status = _session(request, paths, [*plugins, measurement], (snapshot, scratch))
    for message in measurement.results():
        reply(message)
    return status


def _session(
    request: dict[str, Any], paths: list[str], plugins: list[object], folders: tuple[str, str]
) -> int:
    import pytest

    from .options import NeutralOptions, arguments

    if request["select"] and not paths:
        return int(pytest.ExitCode.NO_TESTS_COLLECTED)
    sys.argv = ["pytest", *arguments(*folders, paths, request["pytest_args"])]
    return int(pytest.main(sys.argv[1:], [NeutralOptions(), *plugins]))


def _existing(select: list[str], recorder: Any, snapshot: str) -> list[str]:
    """Return the paths to collect; one that does not exist would end the whole run."""
    paths = dict.fromkeys(each.partition("::")[0] for each in select)
    for path in paths:
        if not os.path.exists(os.path.join(snapshot, path)):
            recorder.reply(kind="collection_error", path=path, message="no such file")
    return [path for path in paths if os.path.exists(os.path.join(snapshot, path))]


def _limit_the_end() -> None:
    """Let exit functions run, but not for ever: a thread that never ends would hold the process."""
    timer = threading.Timer(_PATIENCE, os._exit, (0,))
    timer.daemon = True
    timer.start()
