"""Edge: the function objects that live in this process, and which of them importing has called."""

from __future__ import annotations

import gc
import os
import sys
from collections.abc import Iterable
from types import CodeType, FrameType, FunctionType
from typing import Any

from .code_objects import Change, Needs, is_same


class CalledEarly:
    """Notes which functions of some files were called while modules were imported and collected.

    What such a call left behind a swap of the function does not change.
    """

    def __init__(self, files: Iterable[str]) -> None:
        self._files = frozenset(files)
        self._known: dict[str, str] = {}
        self.keys: set[Any] = set()

    def begin(self) -> None:
        """Listen, with as little as this version of Python charges for it."""
        monitoring = getattr(sys, "monitoring", None)
        if monitoring is None:
            sys.setprofile(self._profile)
            return
        self._tool = next(each for each in (4, 3, 2, 1) if monitoring.get_tool(each) is None)
        monitoring.use_tool_id(self._tool, "sloptest")
        monitoring.register_callback(self._tool, monitoring.events.PY_START, self._started)
        monitoring.set_events(self._tool, monitoring.events.PY_START)

    def end(self) -> None:
        """Listen no more."""
        monitoring = getattr(sys, "monitoring", None)
        if monitoring is None:
            sys.setprofile(None)
            return
        monitoring.set_events(self._tool, 0)
        monitoring.register_callback(self._tool, monitoring.events.PY_START, None)
        monitoring.free_tool_id(self._tool)

    def _profile(self, frame: FrameType, event: str, _arg: object) -> None:
        if event == "call":
            self._note(frame.f_code)

    def _started(self, code: CodeType, _offset: int) -> Any:
        self._note(code)
        return sys.monitoring.DISABLE  # type: ignore[attr-defined,unused-ignore]  # from 3.12 on

    def _note(self, code: CodeType) -> None:
        if file_of(code, self._known) in self._files:
            self.keys.add(key_of(code, self._known))


class LiveFunctions:
    """Every function of some files that is alive, wherever it is referenced from.

    A function under decorators, behind a property or in a closure is still an object that the
    garbage collector knows.
    """

    def __init__(self, files: Iterable[str]) -> None:
        wanted = frozenset(files)
        self._known: dict[str, str] = {}
        self._found: dict[Any, list[FunctionType]] = {}
        for each in gc.get_objects():
            if type(each) is FunctionType and file_of(each.__code__, self._known) in wanted:
                self._found.setdefault(key_of(each.__code__, self._known), []).append(each)

    def swap(self, changes: list[Change], called_early: set[Any]) -> None:
        """Put changed code into every function that has it; raises Needs where that will not do."""
        keys = [key_of(change.before, self._known) for change in changes]
        # A function that only makes the changed one may have been called: what it made is swapped.
        changed = {key for key, change in zip(keys, changes) if change.is_in_it}
        if called_early & changed or not self._found.get(keys[0]):
            raise Needs
        for key, change in zip(keys, changes):
            for function in self._found.get(key, ()):
                if not is_same(function.__code__, change.before):
                    raise Needs  # another text than the one that was sent, or traced code
                try:
                    function.__code__ = change.after
                except ValueError as error:  # it closes over other names now
                    raise Needs from error


def key_of(code: CodeType, known: dict[str, str]) -> Any:
    """Return what tells one function of the project from another."""
    return file_of(code, known), code.co_firstlineno, code.co_name


def file_of(code: CodeType, known: dict[str, str]) -> str:
    """Return the real path of a code's file; ``known`` remembers those asked before."""
    name = code.co_filename
    if name not in known:
        known[name] = name if name.startswith("<") else os.path.realpath(name)
    return known[name]
