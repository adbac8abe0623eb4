"""Edge: one pytest session inside the project's interpreter, in the snapshot.

Messages, each with a ``kind``: ``confinement`` (what is in force), ``refused`` (it is too little,
and nothing was run), ``collecting`` and ``running`` (who is at work),
``collection_error``, ``result``, ``problem``, ``coverage`` (one a traced file), ``processes``,
``stopped`` (why tests were left out), and ``end`` with
pytest's exit status; without the last one the process was ended by something else.
"""

from __future__ import annotations

import importlib
import importlib.util
import os
import sys
import threading
from typing import TYPE_CHECKING, Any

from . import audit, compiled, confine, environ_watch, guard, import_path, rewritten
from .confining import limits
from .territory import Territory

if TYPE_CHECKING:
    from .recorder import Reply

_INTERRUPTED = 2  # pytest.ExitCode, when there is no pytest to ask
_MEMORY_MB, _FILE_MB = 4096, 64  # for generated tests alone
_PATIENCE = 2.0  # seconds for threads and exit functions of the project, after the end


def begin(early: dict[str, Any]) -> None:
    """Load pytest while the request is still being made; ``early`` is the part that is known.

    ``snapshot``, ``worktree``, ``import_roots``, ``append_pythonpath``: as in the request. For a
    session of the user's own tests only: nothing is watched or confined yet.
    """
    confine.die_with_parent()
    _prepare(early)
    importlib.import_module("pytest")
    rewritten.keep()


def main(request: dict[str, Any], reply: Reply) -> None:
    """Run what the request selects.

    ``select``, ``generated``, ``without``: node ids and paths; ``generated_first`` sorts them;
    ``waves``: lists like ``select``, in its place; ``goals`` and ``soft_seconds`` end them early;
    ``trace``: files, empty for no measuring; ``lent_coverage``: the folder of a coverage.py for a
    project without;
    ``snapshot``, ``worktree``, ``scratch``: folders; ``import_roots``, ``append_pythonpath``:
    folders relative to the snapshot; ``pytest_args``; ``confined`` and its ``cpu_seconds`` and
    ``sandbox``; ``is_begun`` after ``begin``.
    """
    confine.die_with_parent()
    snapshot, scratch = os.path.realpath(request["snapshot"]), os.path.realpath(request["scratch"])
    if not request["is_begun"]:
        _prepare(request)
    found = _confined(request, reply) if request["confined"] else None
    if found is not None and confine.refusal(found, request["sandbox"]["level"]):
        return
    if request["generated"]:
        compiled.seal()
        fakes = found is not None and found.fakes_modes
        territory = Territory(scratch, snapshot, fakes_modes=fakes)
        if found is not None:
            territory.read_only_from(found.readable)
        guard.install(territory, programs=request["sandbox"]["programs"])
        for name in ("cache", "hypothesis"):  # what plugins keep between two nodes
            guard.allow(os.path.join(scratch, name))
        environ_watch.install()
    try:
        status = _run(request, reply, snapshot, scratch)
    except SystemExit as error:  # pytest imports conftest.py and plugins without a net
        reply({"kind": "problem", "message": f"pytest was left by sys.exit({error.code!r})"})
        status = _INTERRUPTED
    reply({"kind": "end", "status": status})
    _limit_the_end()


def _confined(request: dict[str, Any], reply: Reply) -> confine.Confinement:
    """Give up rights, and tell which, and whether they were too few to run anything."""
    folders = request["snapshot"], request["scratch"]
    rewritten.fill_for(*folders, request["select"], request["import_roots"])
    limits.limit(_MEMORY_MB, request["cpu_seconds"], _FILE_MB)
    trees = [request["snapshot"], os.path.expanduser("~"), os.path.dirname(__file__)]
    trees += [request["lent_coverage"]] if request["lent_coverage"] else []
    found = confine.confined(request, trees, forks=False)
    reply({"kind": "confinement", "level": found.level, "layers": found.layers})
    refusal = confine.refusal(found, request["sandbox"]["level"])
    if refusal:
        reply({"kind": "refused", "message": refusal})
    return found


def _prepare(folders: dict[str, Any]) -> None:
    """Let the snapshot be what is imported."""
    sys.dont_write_bytecode = True
    compiled.cover(folders["snapshot"])
    import_path.prepare(
        folders["worktree"],
        os.path.realpath(folders["snapshot"]),
        folders["import_roots"],
        folders["append_pythonpath"],
    )


def _run(request: dict[str, Any], reply: Reply, snapshot: str, scratch: str) -> int:
    from .recorder import Recorder, existing

    waves = request["waves"] or [request["select"]]
    recorder = Recorder(
        reply,
        snapshot,
        waves[0],
        request["generated"],
        request["without"],
        varied=not request["trace"],
    )
    paths = existing(waves[0], recorder)
    while not paths and len(waves) > 1:  # pytest would collect everything
        waves = waves[1:]
        recorder.select(waves[0])
        paths = existing(waves[0], recorder)
    plugins: list[object] = [recorder]
    if request["generated_first"]:
        from .ordering import GeneratedFirst

        plugins.append(GeneratedFirst(request["generated"]))
    if not request["trace"]:
        return _session(request, paths, plugins, (snapshot, scratch))

    lend(request["lent_coverage"])
    from .measuring import Measuring
    from .recorder import STARTS
    from .waves import Waves

    audit.listen(STARTS, recorder.audit)
    measured = Measuring(
        snapshot, request["trace"], request["goals"], forks=not request["generated"]
    )
    loop = Waves(
        recorder,
        waves,
        measured if request["goals"] else None,
        seconds=request["soft_seconds"],
        to_end=request["to_end"],
    )
    try:
        return _session(request, paths, [*plugins, measured, loop], (snapshot, scratch))
    finally:  # also when a plugin fails at the end of the session
        for message in measured.results():
            reply(message)
        reply({"kind": "processes", "nodes": recorder.processes()})


def lend(folder: str) -> None:
    """Make the hook's own coverage importable, and nothing else of where it lies."""
    if not folder or importlib.util.find_spec("coverage") is not None:
        return
    spec = importlib.util.spec_from_file_location(
        "coverage", os.path.join(folder, "__init__.py"), submodule_search_locations=[folder]
    )
    if spec is None or spec.loader is None:
        return  # as if there were none: the import fails and says so
    module = importlib.util.module_from_spec(spec)
    sys.modules["coverage"] = module
    spec.loader.exec_module(module)


def _session(
    request: dict[str, Any], paths: list[str], plugins: list[object], folders: tuple[str, str]
) -> int:
    import pytest

    from .options import NeutralOptions, arguments

    rewritten.keep()
    if (request["select"] or request["waves"]) and not paths:
        return int(pytest.ExitCode.NO_TESTS_COLLECTED)
    sys.argv = ["pytest", *arguments(*folders, paths, request["pytest_args"])]
    return int(pytest.main(sys.argv[1:], [NeutralOptions(), *plugins]))


def _limit_the_end() -> None:
    """Let exit functions run, but not for ever: a thread that never ends would hold the process."""
    timer = threading.Timer(_PATIENCE, os._exit, (0,))
    timer.daemon = True
    timer.start()
