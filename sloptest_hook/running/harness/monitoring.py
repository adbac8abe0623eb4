"""Edge: which lines and branches each test executes, by ``sys.monitoring``; Python 3.12 and later.

Events are switched on for the code of the traced files alone, so that the rest of the process pays
nothing. A line fires once a test: it is switched off by its first report, and all are switched on
again when the next test begins, which costs a tenth of a suite where a tracer doubles its time.

Most branches need no event: where a line has one line alone before it, its being executed says
that the branch to it was taken. The others stay on until two tests have taken them. Before Python
3.14 they can be switched off for both ways only: one that is seen so often that it is too costly is
given up for the test, which is noted as one that may have taken the other way.
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

# Reports of one branch in one test. Where it was too often, a later test gets half as many: what
# a hundred tests have not taken the next one hardly takes.
_OFTEN, _SELDOM = 500, 8
_ENOUGH = 2  # tests that are known to have taken a branch
_TOOLS = (4, 3, 5, 1)
_monitoring: Any = getattr(sys, "monitoring", None)  # since Python 3.12
_UNCONDITIONAL = ("JUMP_FORWARD", "JUMP_BACKWARD", "JUMP_BACKWARD_NO_INTERRUPT", "JUMP")
_RETURNS = ("RETURN_VALUE", "RETURN_CONST", "INSTRUMENTED_RETURN_VALUE")
_RAISES = ("RAISE_VARARGS", "RERAISE")
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
        # How many more tests are to be seen taking a branch that lines do not tell.
        self._wanted: dict[tuple[int, int], dict[int, int]] = {}
        self._hits: dict[tuple[int, int], int] = {}
        self._limits: dict[tuple[int, int], int] = {}
        self._open: dict[int, int] = {}
        self._ran: set[int] = set()
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
            self._ran.add(code_id)
            yield self._codes[code_id][1], lines, (), ()
        for (code_id, offset), ends in self._branches.items():
            jumps = [(code_id, offset, end) for end in ends]
            costly = jumps if (code_id, offset) in self._costly else ()
            yield self._codes[code_id][1], (), jumps, costly
            self._count((code_id, offset), ends)
        self._lines.clear()
        self._branches.clear()
        self._costly.clear()
        self._hits.clear()

    def told_by_lines(self, path: str) -> Iterator[tuple[tuple[int, int], int]]:
        """Yield pairs of lines of a file's executed code, the second entered from the first alone.

        Each with the line that tells by its being executed that the way was taken.
        """
        for code_id in self._codes:
            if self._codes[code_id][1] == path and code_id in self._ran:
                yield from ((arc, arc[1]) for arc in self._jumps(code_id).told)

    def unseen(self, path: str) -> set[int]:
        """Return the lines of a file out of which a way leads that no event tells of.

        Before Python 3.14 nothing is said of the end of an ``async for``.
        """
        known = [each for each in self._ran if self._codes[each][1] == path]
        return {line for each in known for line in self._jumps(each).unseen}

    def _count(self, key: tuple[int, int], ends: Iterable[int]) -> None:
        """Want a branch less that a test has taken, and none of a code at last."""
        wanted = self._wanted.get(key)
        if not wanted:
            return
        for end in ends:
            if end in wanted:
                wanted[end] -= 1
                if not wanted[end]:
                    del wanted[end]
        if not wanted:
            self._open[key[0]] -= 1
            self._close_if_known(key[0])

    def _close_if_known(self, code_id: int) -> None:
        """Watch lines alone where no branch is wanted any more."""
        if not self._open[code_id] and self._is_on:
            code = self._codes[code_id][0]
            _monitoring.set_local_events(self._tool, code, _monitoring.events.LINE)

    def begin(self) -> None:
        """Report from now on again what was reported before."""
        _monitoring.restart_events()

    def branch(self, jump: Jump, line_of: LineOf) -> tuple[int, int] | None:
        """Return the lines of a jump; None when it stays on its line, as within ``a and b``.

        ``line_of`` returns the first line of the statement that a line belongs to.
        """
        code_id, offset, end = jump
        return self._jumps(code_id).branch(offset, end, line_of)

    def _jumps(self, code_id: int) -> _Jumps:
        """Return the jumps of a code, and want those that lines do not tell."""
        if code_id not in self._maps:
            jumps = self._maps[code_id] = _Jumps(self._codes[code_id][0])
            for offset, end in jumps.untold:
                self._wanted.setdefault((code_id, offset), {})[end] = _ENOUGH
            self._open[code_id] = len({offset for offset, _ in jumps.untold})
            self._close_if_known(code_id)
        return self._maps[code_id]

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
        branches, disable, maps = self._branches, _monitoring.DISABLE, self._maps

        def on_way(code: CodeType, offset: int, end: int) -> Any:
            if id(code) not in maps:
                self._jumps(id(code))
            branches.setdefault((id(code), offset), {})[end] = 1
            return disable

        return on_way

    def _branch_callback(self) -> Callable[[CodeType, int, int], Any]:
        branches, costly, disable = self._branches, self._costly, _monitoring.DISABLE
        maps, wanted, hits, limits = self._maps, self._wanted, self._hits, self._limits

        def on_branch(code: CodeType, offset: int, end: int) -> Any:
            key = (id(code), offset)
            if key[0] not in maps:
                self._jumps(key[0])
            left = wanted.get(key)
            if not left:
                return disable
            ends = branches.setdefault(key, {})
            if end not in ends:
                ends[end] = 1
                return disable if left.keys() <= ends.keys() else None
            hits[key] = count = hits.get(key, 0) + 1
            if count > limits.get(key, _OFTEN):
                costly.add(key)
                limits[key] = max(_SELDOM, limits.get(key, _OFTEN) // 2)
                return disable
            return None

        return on_branch


class _Jumps:
    """Where the jumps of one code object lead, in lines.

    ``told`` are pairs of lines of which the second is entered from the first alone, so that its
    being executed tells of the way; ``untold`` are offset and end of all other jumps between lines.
    """

    def __init__(self, code: CodeType) -> None:
        self._first = code.co_firstlineno
        self._instructions = list(dis.get_instructions(code))
        self._at = {each.offset: place for place, each in enumerate(self._instructions)}
        self._lines = self._filled()
        self._found: dict[tuple[int, int], tuple[int, int] | None] = {}
        before = self._lines_before(code)
        self.told = [
            (line, here)
            for here, lines in before.items()
            if len(lines) == 1
            for line in lines
            if line is not None
        ]
        ends = (n for n, each in enumerate(self._instructions) if each.opname == "END_ASYNC_FOR")
        self.unseen = {line for place in ends if (line := self._lines[place]) is not None}
        known = set(self.told)
        self.untold = [
            (offset, end)
            for offset, end in self._conditional()
            if (arc := self._trail(self._at[offset], self._at.get(end), _same)) and arc not in known
        ]

    def branch(self, offset: int, end: int, line_of: LineOf) -> tuple[int, int] | None:
        key = (offset, end)
        if key not in self._found:
            self._found[key] = self._trail(self._at.get(offset), self._at.get(end), line_of)
        return self._found[key]

    def _filled(self) -> list[int | None]:
        """Return the line of each instruction; one without belongs to the line before it."""
        lines: list[int | None] = []
        for each in self._instructions:
            line = each.positions.lineno if each.positions else None
            lines.append(lines[-1] if line is None and lines else line)
        return lines

    def _conditional(self) -> Iterator[tuple[int, int]]:
        """Yield both ways of every conditional jump: to where it leads, and on."""
        for place, each in enumerate(self._instructions):
            if _is_conditional(each):
                yield each.offset, each.argval
                if place + 1 < len(self._instructions):
                    yield each.offset, self._instructions[place + 1].offset

    def _lines_before(self, code: CodeType) -> dict[int, set[int | None]]:
        """Return by line from which other ones it is entered, None: from outside or by an error."""
        before: dict[int, set[int | None]] = {}

        def enter(place: int | None, line: int | None) -> None:
            here = None if place is None else self._lines[place]
            if here is not None and here != line:
                before.setdefault(here, set()).add(line)

        enter(0, None)
        for place, each in enumerate(self._instructions):
            line = self._lines[place]
            if each.opcode in dis.hasjrel or each.opcode in dis.hasjabs:
                enter(self._at.get(each.argval), line)
            ends = each.opname in _RETURNS or each.opname in _UNCONDITIONAL + _RAISES
            if not ends and place + 1 < len(self._instructions):
                enter(place + 1, line)
        for entry in dis._parse_exception_table(code):  # type: ignore[attr-defined]  # noqa: SLF001
            target = self._at.get(entry.target)
            if target is not None and self._lines[target] is not None:
                before.setdefault(self._lines[target] or 0, set()).add(None)
        return before

    def _trail(
        self, start: int | None, place: int | None, line_of: LineOf
    ) -> tuple[int, int] | None:
        """Follow the code from the end of a jump to the first instruction of another line."""
        first = None if start is None else self._line(start, line_of)
        for _ in range(_LONGEST_TRAIL):
            if first is None or place is None or place >= len(self._instructions):
                return None
            here, line = self._instructions[place], self._line(place, line_of)
            if line is not None and line != first:
                return first, line
            if here.opname in _RETURNS:
                return first, -self._first
            if here.opname in _UNCONDITIONAL:
                place = self._at.get(here.argval)
            elif _is_conditional(here):
                return None
            else:
                place += 1
        return None

    def _line(self, place: int, line_of: LineOf) -> int | None:
        line = self._lines[place]
        return None if line is None else line_of(line)


def _is_conditional(instruction: dis.Instruction) -> bool:
    jumps = instruction.opcode in dis.hasjrel or instruction.opcode in dis.hasjabs
    return jumps and instruction.opname not in _UNCONDITIONAL


def _same(line: int) -> int:
    return line
