"""The ways through one code object, in lines: which one follows which, and what tells of it.

A line that can be entered from one other line alone tells by its being executed that the way from
there was taken. Of the other ways an event tells: a conditional jump of the line they lead out of,
or, where that line ends without one (a copy of a ``finally``, the end of a ``with``), its last jump
or return. Where no event can tell, the way is doubtful.
"""

from __future__ import annotations

import dis
from collections.abc import Iterable, Iterator
from types import CodeType

Arc = tuple[int, int]  # lines as coverage.py's tracer reports them; a negative end leaves the code
Way = tuple[int, int]  # offset of an instruction, and which of its ends

# Past a conditional jump, where it leads; where another jump leads; out of the code.
ON, TAKEN, JUMPED, LEFT = 0, 1, 2, 3
_UNKNOWN = -1
_START = 0  # no line has this number

_JUMPS = frozenset((*dis.hasjrel, *dis.hasjabs))
_CACHE, _EXTENDED = dis.opmap.get("CACHE", 0), dis.opmap["EXTENDED_ARG"]


def _codes(*names: str) -> frozenset[int]:
    return frozenset(dis.opmap[name] for name in names if name in dis.opmap)


_ALWAYS = _codes("JUMP_FORWARD", "JUMP_BACKWARD", "JUMP_BACKWARD_NO_INTERRUPT")
_BACKWARD = _codes("JUMP_BACKWARD", "JUMP_BACKWARD_NO_INTERRUPT")
_REPORTED = _codes("JUMP_FORWARD", "JUMP_BACKWARD")
_CONDITIONAL = _codes(
    "FOR_ITER",
    *(f"POP_JUMP_IF_{what}" for what in ("TRUE", "FALSE", "NONE", "NOT_NONE")),
)
_RETURNS = _codes("RETURN_VALUE", "RETURN_CONST")
_RAISES = _codes("RAISE_VARARGS", "RERAISE")
_RESUME = _codes("RESUME")
_ENDS = _codes("END_ASYNC_FOR")  # by an error that is none, and that no event tells of
_WAITS = _JUMPS - _ALWAYS - _CONDITIONAL  # for another coroutine; no event tells of the two ends
# What cannot raise leads to no handler; all else may.
_HARMLESS = _ALWAYS | _codes(
    *("NOP", "RESUME", "POP_TOP", "PUSH_NULL", "PUSH_EXC_INFO", "POP_EXCEPT", "COPY", "SWAP"),
    *("LOAD_CONST", "LOAD_FAST", "STORE_FAST", "LOAD_SMALL_INT", "RETURN_VALUE", "RETURN_CONST"),
    *("END_FOR", "POP_ITER", "NOT_TAKEN"),
)


def is_readable() -> bool:
    """Say whether this interpreter shows where errors lead; only its own ``dis`` can read that."""
    return hasattr(dis, "_parse_exception_table")


class Flow:
    """What tells of the ways of one code object.

    ``told`` are ways with the line that tells of each; ``events`` says which way out of an
    instruction tells of which; of the ``doubtful`` ones nobody knows when they were not seen.
    ``first`` is the line that is executed by entering the code.
    """

    def __init__(self, code: CodeType) -> None:
        self._exit = -code.co_firstlineno
        self._read(code)
        self._handlers = self._handlers_of(code)
        self._before: list[list[int]] = [[] for _ in self._ops]
        self._mishaps: set[tuple[int, int]] = set()  # errors that are no ``raise``
        self._link()
        self._lines: list[frozenset[int] | None] = [None] * len(self._ops)
        self.first = self._first()
        self.told: list[tuple[Arc, int]] = []
        self.events: dict[Way, Arc] = {}
        self.doubtful: set[Arc] = set()
        if self._targets or self._handlers or any(isinstance(c, CodeType) for c in code.co_consts):
            self._tell()
        else:
            self.told = [((self._line[-1], self._exit), self._line[-1])]

    def line(self, offset: int) -> int | None:
        """Return the line of an instruction."""
        place = self._at.get(offset)
        return None if place is None or self._line[place] <= 0 else self._line[place]

    def way(self, offset: int, end: int) -> Way:
        """Return the way that a branch event speaks of."""
        place = self._at.get(offset)
        target = None if place is None else self._targets[place]
        return offset, TAKEN if target is not None and end >= self._offsets[target] else ON

    def _read(self, code: CodeType) -> None:
        """Read the instructions; ``dis`` takes twenty times as long."""
        words, line_at = code.co_code, dict(_line_starts(code))
        self._offsets: list[int] = []
        self._ops: list[int] = []
        self._line: list[int] = []
        jumps: list[tuple[int, int]] = []
        extended, line = 0, _UNKNOWN
        for offset in range(0, len(words), 2):
            line = line_at.get(offset, line)
            op, arg = words[offset], words[offset + 1] | extended
            if op == _CACHE:
                continue
            extended = arg << 8 if op == _EXTENDED else 0
            if op in _JUMPS:
                jumps.append((len(self._ops), arg))
            self._offsets.append(offset)
            self._ops.append(op)
            self._line.append(line)
        self._at = {offset: place for place, offset in enumerate(self._offsets)}
        self._targets: dict[int, int | None] = {}
        for place, arg in jumps:
            after = self._after(place, len(words))
            distance = -2 * arg if self._ops[place] in _BACKWARD else 2 * arg
            self._targets[place] = self._at.get(after + distance)

    def _after(self, place: int, end: int) -> int:
        """Return the offset from which a jump is counted: that of the next instruction."""
        return self._offsets[place + 1] if place + 1 < len(self._offsets) else end

    def _handlers_of(self, code: CodeType) -> dict[int, int]:
        """Return where an error leads to, by the instruction that may raise it."""
        found: dict[int, int] = {}
        for entry in dis._parse_exception_table(code):  # type: ignore[attr-defined]  # noqa: SLF001
            target = self._at.get(entry.target)
            if target is not None:
                for offset in range(entry.start, entry.end, 2):
                    if offset in self._at:
                        found[self._at[offset]] = target
        return found

    def _link(self) -> None:
        for place, op in enumerate(self._ops):
            for following in self._following(place):
                self._before[following].append(place)
            if op not in _HARMLESS and place in self._handlers:
                self._before[self._handlers[place]].append(place)
                if op not in _RAISES and self._ops[self._handlers[place]] not in _ENDS:
                    self._mishaps.add((place, self._handlers[place]))

    def _following(self, place: int) -> Iterator[int]:
        """Yield what may come after an instruction that raises nothing."""
        op, target = self._ops[place], self._targets.get(place)
        if target is not None:
            yield target
        ends = op in _ALWAYS or op in _RETURNS or op in _RAISES
        if not ends and place + 1 < len(self._ops):
            yield place + 1

    def _first(self) -> int | None:
        start = next((n for n, op in enumerate(self._ops) if op in _RESUME), 0)
        return next((line for line in self._line[start + 1 :] if line > 0), None)

    def _of(self, place: int) -> frozenset[int]:
        """Return the lines of which one was executed last when an instruction is left."""
        if self._line[place] > 0:
            return frozenset((self._line[place],))
        found = self._lines[place]
        if found is None:
            self._lines[place] = frozenset()  # for a loop of instructions without lines
            found = frozenset().union(*map(self._of, self._before[place])) if place else None
            found = self._lines[place] = frozenset((_START,)) if found is None else found
        return found

    def _tell(self) -> None:
        """Find out what tells of each way that is not one line after the other by necessity."""
        last: dict[Arc, list[int]] = {}
        for arc, place in self._edges():
            last.setdefault(arc, []).append(place)
        before, after = _by_end(last), _by_start(last)
        for arc, places in last.items():
            start, end = arc
            if start == _START:
                continue
            if end > 0 and len(before[end]) == 1:
                self.told.append((arc, end))
            elif len(after[start]) == 1:
                self.told.append((arc, start))  # coverage.py tells so of one left by an error, too
            else:
                self._find_events(arc, places)
        told = {arc for arc, _ in self.told}
        self.events.update((way, arc) for way, arc in self._branches() if arc not in told)

    def _edges(self) -> Iterator[tuple[Arc, int]]:
        """Yield each change of line, once for each instruction after which it happens."""
        for place, op in enumerate(self._ops):
            line = self._line[place]
            if line > 0:
                if place == 0:
                    yield (_START, line), place
                for before in self._before[place]:
                    yield from (((each, line), before) for each in self._of(before) - {line})
            if op in _RETURNS or (op in _RAISES and place not in self._handlers):
                yield from (((each, self._exit), place) for each in self._of(place))

    def _find_events(self, arc: Arc, places: list[int]) -> None:
        """Note the events that tell of a way beside conditional jumps, or that there is none."""
        for place in places:
            op = self._ops[place]
            if op in _CONDITIONAL or not self._is_free(place, arc):
                continue
            if op in _RETURNS:
                self.events[self._offsets[place], LEFT] = arc
            elif op in _REPORTED:
                self.events[self._offsets[place], JUMPED] = arc
            elif arc[1] > 0:  # of an error that leaves the code an event tells
                self.doubtful.add(arc)

    def _is_free(self, place: int, arc: Arc) -> bool:
        """Say whether an instruction ends a way that no conditional jump of its line decides.

        Of errors coverage.py foresees those of ``raise`` alone.
        """
        line, end = arc
        leads_on = any(self._line[each] == end for each in self._following(place))
        if not leads_on and self._ops[place] not in _RAISES | _RETURNS:
            return False
        seen, left = {place}, [place]
        while left:
            here = left.pop()
            if here == 0 or (self._ops[here] in _WAITS and here != place):
                return True
            for before in self._before[here]:
                if before in seen or (before, here) in self._mishaps:
                    continue
                seen.add(before)
                if self._ops[before] in _CONDITIONAL and line in self._of(before):
                    continue
                if self._line[before] > 0 and self._line[before] != line:
                    return True
                left.append(before)
        return False

    def _branches(self) -> Iterator[tuple[Way, Arc]]:
        """Yield both ways out of every conditional jump that lead to another line."""
        for place, op in enumerate(self._ops):
            lines = self._of(place) if op in _CONDITIONAL else ()
            if len(lines) != 1:
                continue
            (line,) = lines
            for way, start in ((TAKEN, self._targets.get(place)), (ON, place + 1)):
                end = self._trail(line, start)
                if end is not None and end != line:
                    yield (self._offsets[place], way), (line, end)

    def _trail(self, line: int, place: int | None) -> int | None:
        """Follow the code to another line, return it; None when another jump decides."""
        seen: set[int] = set()
        while place is not None and place < len(self._ops) and place not in seen:
            seen.add(place)
            op = self._ops[place]
            if self._line[place] > 0 and self._line[place] != line:
                return self._line[place]
            if op in _RETURNS or (op in _RAISES and place not in self._handlers):
                return self._exit
            if op in _RAISES:
                place = self._handlers[place]
            elif op in _ALWAYS:
                place = self._targets[place]
            elif op in _JUMPS:
                return None
            else:
                place += 1
        return None


def _by_end(arcs: Iterable[Arc]) -> dict[int, set[int]]:
    found: dict[int, set[int]] = {}
    for start, end in arcs:
        found.setdefault(end, set()).add(start)
    return found


def _by_start(arcs: Iterable[Arc]) -> dict[int, set[int]]:
    return _by_end((end, start) for start, end in arcs)


def _line_starts(code: CodeType) -> Iterator[tuple[int, int]]:
    for start, _, line in code.co_lines():
        yield start, line or _UNKNOWN
