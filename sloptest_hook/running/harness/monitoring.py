"""Edge: which lines and branches each test executes, by ``sys.monitoring``; Python 3.12 and later.

Events are switched on for the code of the traced files alone, so that the rest of the process pays
nothing. A line fires once a test: it is switched off by its first report, and all are switched on
again when the next test begins, which costs a tenth of a suite where a tracer doubles its time.

Before Python 3.14 a branch can be switched off for both its ways only. It stays on until both were
seen, or until one was seen so often that it is too costly: then the test is noted as one that may
have taken the other way.
"""

from __future__ import annotations

import dis
import os
import sys
from collections.abc import Iterable, Iterator
from types import CodeType
from typing import Any, Callable

Jump = tuple[int, int, int]  # the id of a code object, offsets of both ends
LineOf = Callable[[int], "int | None"]

_OFTEN = 2000  # reports of one branch in one test, a millisecond
_TOOLS = (4, 3, 5, 1)
_monitoring: Any = getattr(sys, "monitoring", None)  # since Python 3.12
_UNCONDITIONAL = ("JUMP_FORWARD", "JUMP_BACKWARD", "JUMP_BACKWARD_NO_INTERRUPT", "JUMP")
_RETURNS = ("RETURN_VALUE", "RETURN_CONST", "INSTRUMENTED_RETURN_VALUE")
_LONGEST_TRAIL = 100  # instructions


def is_possible() -> bool:
    """Say whether this interpreter can monitor and has a number free for us."""
    return _monitoring is not None and _free_tool() is not None


def _free_tool() -> int | None:
    return next((each for each in _TOOLS if _monitoring.get_tool(each) is None), None)


class Monitor:
    """Records into ``lines`` and ``branches`` what was executed since the last ``taken``.

    ``paths`` are the absolute names of the traced files.
    """

    def __init__(self, paths: list[str]) -> None:
        self._tool = _free_tool() or 0
        self._paths = set(paths)
        self._real: dict[str, str | None] = {}
        self._codes: dict[int, tuple[CodeType, str]] = {}
        self._maps: dict[int, _Jumps] = {}
        self._lines: dict[int, set[int]] = {}
        self._branches: dict[tuple[int, int], dict[int, int]] = {}
        self._costly: set[tuple[int, int]] = set()
        self._process = os.getpid()
        self._is_on = False

    def start(self) -> None:
        """Watch every module of the traced files from its first line on."""
        monitoring = _monitoring
        monitoring.use_tool_id(self._tool, "sloptest")
        events = monitoring.events
        self._events = events.LINE
        monitoring.register_callback(self._tool, events.LINE, self._line_callback())
        for name in ("BRANCH_LEFT", "BRANCH_RIGHT"):
            if hasattr(events, name):
                self._events |= getattr(events, name)
                callback = self._way_callback()
                monitoring.register_callback(self._tool, getattr(events, name), callback)
        if not hasattr(events, "BRANCH_LEFT"):
            self._events |= events.BRANCH
            monitoring.register_callback(self._tool, events.BRANCH, self._branch_callback())
        self._is_on = True
        sys.addaudithook(self._audit)

    def stop(self) -> None:
        """Watch nothing any more."""
        self._is_on = False
        _monitoring.free_tool_id(self._tool)

    def taken(self) -> Iterator[tuple[str, Iterable[int], Iterable[Jump], Iterable[Jump]]]:
        """Yield what was executed a file and forget it; a file may come several times.

        File, lines, jumps, and jumps that may have gone another way too.
        """
        for code_id, lines in self._lines.items():
            yield self._codes[code_id][1], lines, (), ()
        for (code_id, offset), ends in self._branches.items():
            jumps = [(code_id, offset, end) for end in ends]
            yield (
                self._codes[code_id][1],
                (),
                jumps,
                jumps if (code_id, offset) in self._costly else (),
            )
        self._lines.clear()
        self._branches.clear()
        self._costly.clear()

    def begin(self) -> None:
        """Report from now on again what was reported before."""
        _monitoring.restart_events()

    def branch(self, jump: Jump, line_of: LineOf) -> tuple[int, int] | None:
        """Return the lines of a jump; None when it stays on its line, as within ``a and b``.

        ``line_of`` returns the first line of the statement that a line belongs to.
        """
        code_id, offset, end = jump
        if code_id not in self._maps:
            self._maps[code_id] = _Jumps(self._codes[code_id][0], line_of)
        return self._maps[code_id].branch(offset, end)

    def _audit(self, event: str, args: tuple[Any, ...]) -> None:
        if event == "exec" and self._is_on and args and isinstance(args[0], CodeType):
            path = self._traced(args[0].co_filename)
            if path is not None and os.getpid() == self._process:
                self._watch(args[0], path)

    def _traced(self, name: str) -> str | None:
        if name not in self._real:
            real = name if name in self._paths else os.path.realpath(name)
            self._real[name] = real if real in self._paths else None
        return self._real[name]

    def _watch(self, code: CodeType, path: str) -> None:
        self._codes[id(code)] = (code, path)  # kept: its id must not be another's
        _monitoring.set_local_events(self._tool, code, self._events)
        for each in code.co_consts:
            if isinstance(each, CodeType):
                self._watch(each, path)

    def _line_callback(self) -> Callable[[CodeType, int], Any]:
        lines, disable = self._lines, _monitoring.DISABLE

        def on_line(code: CodeType, line: int) -> Any:
            try:
                lines[id(code)].add(line)
            except KeyError:
                lines[id(code)] = {line}
            return disable

        return on_line

    def _way_callback(self) -> Callable[[CodeType, int, int], Any]:
        branches, disable = self._branches, _monitoring.DISABLE

        def on_way(code: CodeType, offset: int, end: int) -> Any:
            branches.setdefault((id(code), offset), {})[end] = 1
            return disable

        return on_way

    def _branch_callback(self) -> Callable[[CodeType, int, int], Any]:
        branches, costly, disable = self._branches, self._costly, _monitoring.DISABLE

        def on_branch(code: CodeType, offset: int, end: int) -> Any:
            key = (id(code), offset)
            try:
                ends = branches[key]
            except KeyError:
                branches[key] = {end: 1}
                return None
            if end not in ends:
                ends[end] = 1
                return disable
            ends[end] += 1
            if ends[end] > _OFTEN:
                costly.add(key)
                return disable
            return None

        return on_branch


class _Jumps:
    """Where the jumps of one code object lead, in lines."""

    def __init__(self, code: CodeType, line_of: LineOf) -> None:
        self._first = code.co_firstlineno
        self._instructions = list(dis.get_instructions(code))
        self._at = {each.offset: place for place, each in enumerate(self._instructions)}
        self._lines = [_line(each, line_of) for each in self._instructions]
        self._found: dict[tuple[int, int], tuple[int, int] | None] = {}

    def branch(self, offset: int, end: int) -> tuple[int, int] | None:
        key = (offset, end)
        if key not in self._found:
            self._found[key] = self._trail(self._at.get(offset), self._at.get(end))
        return self._found[key]

    def _trail(self, start: int | None, place: int | None) -> tuple[int, int] | None:
        """Follow the code from the end of a jump to the first instruction of another line."""
        first = None if start is None else self._lines[start]
        for _ in range(_LONGEST_TRAIL):
            if first is None or place is None or place >= len(self._instructions):
                return None
            here, line = self._instructions[place], self._lines[place]
            if line is not None and line != first:
                return first, line
            if here.opname in _RETURNS:
                return first, -self._first
            if here.opname in _UNCONDITIONAL:
                place = self._at.get(here.argval)
            elif here.opcode in dis.hasjrel or here.opcode in dis.hasjabs:
                return None
            else:
                place += 1
        return None


def _line(instruction: dis.Instruction, line_of: LineOf) -> int | None:
    raw = instruction.positions.lineno if instruction.positions else None
    return None if raw is None else line_of(raw)
