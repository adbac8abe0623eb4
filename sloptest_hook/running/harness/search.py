"""Edge: the search task: a fork for each module, a fork for each symbol, a reply line for each.

The request holds ``mode`` (``search``, or ``confirm`` for a second process that runs the cases
again), ``snapshot``, ``worktree``, ``scratch``, ``import_roots``, ``seconds`` (what is left for all
of it), ``sandbox`` (see ``confine.confined``) and ``requests``: for ``search`` the JSON form of
``SearchRequest``, for ``confirm`` ``module``, ``path``, ``qualname``, ``cases``.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Mapping, Sequence

from . import compiled, confine, guard, import_path
from .confining import limits
from .searching import looking, places
from .searching.isolate import in_fork
from .searching.one_symbol import search_symbol
from .searching.proving import proved_elsewhere, together
from .territory import Territory

_MEMORY_MB = 2048
_FILE_MB = 64
_CPU_SECONDS = 120
_IMPORT_SECONDS = 20.0
_IMPORT_SHARE = 0.5  # of what is left: there must be time to say that an import hangs
_SLACK_SECONDS = 6.0  # for proving the cases, on a loaded machine

Reply = Callable[[Mapping[str, object]], None]


def main(request: Mapping[str, object], reply: Reply) -> None:
    """Answer every request of every module, in order, one reply a symbol."""
    scratch, snapshot = str(request["scratch"]), str(request["snapshot"])
    roots = [str(root) for root in _list(request["import_roots"])]
    import_path.prepare(str(request["worktree"]), snapshot, roots, [])
    sys.dont_write_bytecode = True
    compiled.cover(snapshot)
    modules = _by_module(request)
    paths = {os.path.join(snapshot, str(wanted[0]["path"])) for wanted in modules.values()}
    compiled.fill(paths, roots)
    compiled.seal()
    limits.limit(_MEMORY_MB, _CPU_SECONDS, _FILE_MB)
    # Each call of the project's code is in a fork of its own; the last of them may fork no more.
    trees = [snapshot, os.path.expanduser("~"), os.path.dirname(__file__)]
    found = confine.confined(request, trees, forks=True)
    reply({"kind": "confinement", "level": found.level, "layers": found.layers})
    refusal = confine.refusal(found, _level_wanted(request))
    if refusal:
        reply({"kind": "refused", "message": refusal})
        return
    guard.install(Territory(scratch, snapshot, fakes_modes=found.fakes_modes))
    for module, wanted in modules.items():
        task = _Module(module, wanted, request, reply)
        finished = in_fork(task.answer_all, task.seconds)
        if finished.problem is not None:
            doing = "the search" if finished.failed else f"importing {module}"
            note = f"{doing} {finished.problem}"
            reply({"module": module, "problem": note, "timed_out": finished.timed_out})


def _level_wanted(request: Mapping[str, object]) -> str:
    sandbox = request["sandbox"]
    return str(sandbox["level"]) if isinstance(sandbox, Mapping) else ""


def _by_module(request: Mapping[str, object]) -> dict[str, list[Mapping[str, object]]]:
    found: dict[str, list[Mapping[str, object]]] = {}
    for each in _list(request["requests"]):
        if isinstance(each, Mapping):
            found.setdefault(str(each["module"]), []).append(each)
    return found


class _Module:
    """The work on one module, inside its fork."""

    def __init__(
        self,
        name: str,
        wanted: Sequence[Mapping[str, object]],
        request: Mapping[str, object],
        reply: Reply,
    ) -> None:
        self._name = name
        self._wanted = wanted
        self._snapshot = str(request["snapshot"])
        self._scratch = str(request["scratch"])
        self._confirm = request["mode"] == "confirm"
        self._reply = reply
        left = request["seconds"]
        share = _IMPORT_SHARE * left if isinstance(left, (int, float)) else _IMPORT_SECONDS
        self._import_seconds = min(_IMPORT_SECONDS, share)

    @property
    def seconds(self) -> float:
        """How long all of it may take."""
        return self._import_seconds + 2 + sum(self._seconds_of(each) for each in self._wanted)

    def answer_all(self) -> None:
        """Import the module once, then answer for each symbol in a fork of its own."""
        looking.enforce(False, self._scratch, self._snapshot)
        guard.enforce(True)
        try:
            source = places.import_source(
                self._name, str(self._wanted[0]["path"]), self._snapshot, self._import_seconds
            )
        except places.NotImported as error:
            said = _with_refusals(str(error))
            untestable = bool(guard.refusals())
            self._reply({"module": self._name, "problem": said, "untestable": untestable})
            return
        finally:
            guard.enforce(False)
        for each in self._wanted:
            if self._confirm:
                finished = in_fork(lambda each=each: self._confirmed(each), self._seconds_of(each))  # type: ignore[misc]
            else:
                finished = in_fork(
                    lambda each=each: search_symbol(source, each, self._scratch),  # type: ignore[misc]
                    self._seconds_of(each),
                )
            self._answer(each, finished.answer, finished.problem)

    def _answer(self, wanted: Mapping[str, object], answer: object, problem: str | None) -> None:
        message: dict[str, object] = {"module": self._name, "qualname": wanted["qualname"]}
        if isinstance(answer, Mapping):
            message.update(answer)
        else:
            message.update({"cases": [], "notes": [f"the search {problem}"]})
        self._reply(message)

    def _confirmed(self, wanted: Mapping[str, object]) -> dict[str, object]:
        cases = [each for each in _list(wanted["cases"]) if isinstance(each, dict)]
        kept = [proved_elsewhere(case, self._scratch) for case in cases]
        return {"cases": together([case for case in kept if case is not None], self._scratch)}

    def _seconds_of(self, wanted: Mapping[str, object]) -> float:
        if self._confirm:
            return 10.0 + 2.0 * len(_list(wanted["cases"]))
        seconds = wanted.get("seconds")
        return _SLACK_SECONDS + (2 * seconds if isinstance(seconds, (int, float)) else 4.0)


def _with_refusals(text: str) -> str:
    refused = guard.refusals()
    return f"{text} (it wanted: {refused[0]})" if refused else text


def _list(value: object) -> list[object]:
    return list(value) if isinstance(value, (list, tuple)) else []
