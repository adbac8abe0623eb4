"""Edge: records which lines and branches of one symbol a call executes."""

from __future__ import annotations

import sys
import types
from collections.abc import Callable
from typing import NamedTuple, Union

Feature = Union[int, "tuple[int, int]"]
"""A line, or a branch (line, next line); as in coverage.py a negative end leaves the function."""


class Span(NamedTuple):
    """Where the symbol is: its file, first and last line, and how its lines are counted.

    ``statements`` maps each line to the first line of its statement, as coverage.py does;
    ``starts`` maps the line of a ``def`` to that of its first decorator.
    """

    path: str
    first: int
    last: int
    statements: dict[int, int]
    starts: dict[int, int]


class Tracer:
    """Collects features of every code object that was written inside the span."""

    def __init__(self, span: Span) -> None:
        self.span = span
        self.features: set[Feature] = set()
        self._ours: dict[types.CodeType, bool] = {}

    def __enter__(self) -> Tracer:
        self.features = set()
        sys.settrace(self._enter)  # type: ignore[arg-type]  # typeshed knows one shape only
        return self

    def __exit__(self, *_: object) -> None:
        sys.settrace(None)

    def is_inside(self, value: object) -> bool:
        """Whether a value is a function that was written inside the span."""
        return type(value) is types.FunctionType and self._is_ours(value.__code__)

    def _is_ours(self, code: types.CodeType) -> bool:
        inside = self.span.first <= code.co_firstlineno <= self.span.last
        return inside and code.co_filename == self.span.path

    def _enter(
        self, frame: types.FrameType, event: str, arg: object
    ) -> Callable[..., object] | None:
        code = frame.f_code
        ours = self._ours.get(code)
        if ours is None:
            ours = self._ours[code] = self._is_ours(code)
        return _FrameTracer(self, code).step if ours else None


class _FrameTracer:
    """The trace function of one frame: branches are pairs of lines within it."""

    def __init__(self, tracer: Tracer, code: types.CodeType) -> None:
        self._features = tracer.features
        self._statements = tracer.span.statements
        self._leaving = -tracer.span.starts.get(code.co_firstlineno, code.co_firstlineno)
        self._last = 0
        self._raising = False

    def step(self, frame: types.FrameType, event: str, arg: object) -> Callable[..., object]:
        if event == "line":
            self._raising = False
            line = self._statements.get(frame.f_lineno, frame.f_lineno)
            self._features.add(line)
            if self._last and self._last != line:
                self._features.add((self._last, line))
            self._last = line
        elif event == "exception":
            self._raising = True
        elif event == "return" and self._last and not self._raising:
            self._features.add((self._last, self._leaving))
        return self.step
