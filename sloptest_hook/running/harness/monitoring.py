"""Edge: which lines and branches each test executes, by ``sys.monitoring``; Python 3.12 and later.

Events are switched on for the code of the traced files alone, so that the rest of the process pays
nothing. An event that has told what it can is off until its code is armed again, which happens for
a code that a test has entered, before the next test.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from types import CodeType
from typing import Any, Callable

from .flow import JUMPED, LEFT, Arc, is_readable
from .watched import Watched

# Reports of one branch in one test. Where it was too often, a later test gets half as many: what
# a hundred tests have not taken the next one hardly takes.
_OFTEN, _SELDOM = 500, 8
_TOOLS = (4, 3, 5, 1)
_monitoring: Any = getattr(sys, "monitoring", None)  # since Python 3.12
# Not ``id``, which is an audit event: each hook of the process would be called for each line. Not
# ``hash`` of the code, which looks at all of it.
_key = object.__hash__


def is_possible() -> bool:
    """Say whether this interpreter can monitor, has a number free for us, and can be read."""
    return _monitoring is not None and _free_tool() is not None and is_readable()


def _free_tool() -> int | None:
    return next((each for each in _TOOLS if _monitoring.get_tool(each) is None), None)


class Monitor:
    """Records what is executed of the files with these absolute names, until it is ``taken``."""

    def __init__(self, paths: list[str]) -> None:
        self._tool = _free_tool() or 0
        self._paths = set(paths)
        self._real: dict[str, str | None] = {}
        self._codes: dict[int, Watched] = {}
        self._lines: dict[int, set[int]] = {}
        self._arcs: dict[int, set[Arc]] = {}
        self._entered: list[CodeType] = []
        self._hits: dict[tuple[int, int], int] = {}
        self._limits: dict[tuple[int, int], int] = {}
        self._process = os.getpid()
        self._is_on = False

    def start(self) -> None:
        """Watch every module of the traced files from its first line on."""
        _monitoring.use_tool_id(self._tool, "sloptest")
        events = _monitoring.events
        callbacks: dict[str, Callable[..., Any]] = {
            "PY_START": self._entered_callback(),
            "LINE": self._line_callback(),
            "JUMP": self._jump_callback(),
            "PY_RETURN": self._return_callback(),
            "PY_UNWIND": self._unwind_callback(),
        }
        if hasattr(events, "BRANCH_LEFT"):  # since Python 3.14: each way can be switched off
            callbacks["BRANCH_LEFT"] = callbacks["BRANCH_RIGHT"] = self._way_callback()
        else:
            callbacks["BRANCH"] = self._branch_callback()
        for name, callback in callbacks.items():
            _monitoring.register_callback(self._tool, getattr(events, name), callback)
        # The one event that cannot be had for single codes; it is rare.
        _monitoring.set_events(self._tool, events.PY_UNWIND)
        self._is_on = True

    def stop(self) -> None:
        """Watch nothing any more."""
        if self._is_on:
            self._is_on = False
            _monitoring.set_events(self._tool, 0)
            _monitoring.free_tool_id(self._tool)

    def taken(self, function: str | None) -> Iterator[tuple[str, set[int], set[Arc]]]:
        """Yield path, lines and ways of what was executed, and forget it; a path may come again.

        ``function`` is the test function that has run and passed, None for none.
        """
        for code in self._entered:
            first = self._codes[_key(code)].flow.first
            if first is not None:
                self._lines.setdefault(_key(code), set()).add(first)
        self._entered.clear()
        for key in [*self._lines, *(self._arcs.keys() - self._lines.keys())]:
            watched = self._codes[key]
            lines, arcs = self._lines.get(key, set()), self._arcs.get(key, set())
            yield watched.path, lines, arcs
            if function is not None:
                watched.note(lines, arcs, function)
            self._arm(watched)
        self._lines.clear()
        self._arcs.clear()
        self._hits.clear()

    def told(self, path: str) -> Iterator[tuple[Arc, int]]:
        """Yield ways of a file with the line that is executed only if one is taken."""
        for each in self._executed(path):
            yield from each.flow.told

    def doubtful(self, path: str) -> Iterator[Arc]:
        """Yield ways of a file that may have been taken though nothing told of it."""
        for each in self._executed(path):
            yield from each.doubtful()

    def _executed(self, path: str) -> Iterator[Watched]:
        return (each for each in self._codes.values() if each.path == path and each.has_run)

    def audit(self, event: str, args: tuple[Any, ...]) -> None:
        """Watch the code of a module that begins; an audit hook for ``exec``."""
        if self._is_on and args and isinstance(args[0], CodeType):
            path = self._traced(args[0].co_filename)
            if path is not None and os.getpid() == self._process:
                self._watch(args[0], path)

    def _traced(self, name: str) -> str | None:
        if name not in self._real:
            real = name if name in self._paths else os.path.realpath(name)
            self._real[name] = real if real in self._paths else None
        return self._real[name]

    def _watch(self, code: CodeType, path: str) -> None:
        watched = self._codes[_key(code)] = Watched(code, path)
        _monitoring.set_local_events(self._tool, code, watched.events())
        for each in code.co_consts:
            if isinstance(each, CodeType):
                self._watch(each, path)

    def _arm(self, watched: Watched) -> None:
        """Report again what the next test is to be known for."""
        if self._is_on:
            code = watched.code
            _monitoring.set_local_events(self._tool, code, watched.kept())
            _monitoring.set_local_events(self._tool, code, watched.events())

    def _entered_callback(self) -> Callable[[CodeType, int], Any]:
        entered, disable = self._entered, _monitoring.DISABLE

        def on_start(code: CodeType, _offset: int) -> Any:
            entered.append(code)
            return disable

        return on_start

    def _line_callback(self) -> Callable[[CodeType, int], Any]:
        lines, disable, key = self._lines, _monitoring.DISABLE, _key

        def on_line(code: CodeType, line: int) -> Any:
            try:
                lines[key(code)].add(line)
            except KeyError:
                lines[key(code)] = {line}
            return disable

        return on_line

    def _jump_callback(self) -> Callable[[CodeType, int, int], Any]:
        def on_jump(code: CodeType, offset: int, _end: int) -> Any:
            self._see(code, offset, JUMPED)
            return _monitoring.DISABLE

        return on_jump

    def _return_callback(self) -> Callable[[CodeType, int, object], Any]:
        def on_return(code: CodeType, offset: int, _value: object) -> Any:
            self._see(code, offset, LEFT)
            return _monitoring.DISABLE

        return on_return

    def _unwind_callback(self) -> Callable[[CodeType, int, BaseException], Any]:
        codes, key = self._codes, _key

        def on_unwind(code: CodeType, offset: int, _error: BaseException) -> None:
            watched = codes.get(key(code))
            line = None if watched is None else watched.flow.line(offset)
            if line is not None:
                self._arcs.setdefault(key(code), set()).add((line, -code.co_firstlineno))

        return on_unwind

    def _see(self, code: CodeType, offset: int, way: int) -> Arc | None:
        arc = self._codes[_key(code)].flow.events.get((offset, way))
        if arc is not None:
            self._arcs.setdefault(_key(code), set()).add(arc)
        return arc

    def _way_callback(self) -> Callable[[CodeType, int, int], Any]:
        def on_way(code: CodeType, offset: int, end: int) -> Any:
            self._see(code, *self._codes[_key(code)].flow.way(offset, end))
            return _monitoring.DISABLE

        return on_way

    def _branch_callback(self) -> Callable[[CodeType, int, int], Any]:
        codes, disable, hits, limits = self._codes, _monitoring.DISABLE, self._hits, self._limits
        seen = self._arcs

        def on_branch(code: CodeType, offset: int, end: int) -> Any:
            key = _key(code)
            watched = codes[key]
            flow, left = watched.flow, watched.wanted.get(offset)
            if not left:
                return disable
            arc = left.get(flow.way(offset, end))
            arcs = seen.setdefault(key, set())
            if arc is not None and arc not in arcs:
                arcs.add(arc)
                return disable if arcs.issuperset(left.values()) else None
            at = key, offset
            hits[at] = count = hits.get(at, 0) + 1
            if count > limits.get(at, _OFTEN):
                watched.give_up(offset)
                limits[at] = max(_SELDOM, limits.get(at, _OFTEN) // 2)
                return disable
            return None

        return on_branch
