"""Tells an exception that was raised on purpose from one that says the arguments were nonsense."""

from __future__ import annotations

import ast
import builtins
import os
import re
import traceback
import types
from typing import NamedTuple

from . import foreign
from .describe import has_address
from .literals import names_place
from .module_source import reference_to_class
from .syntax import raise_lines
from .world import FAILURE

# Nobody means these when they call a function with an argument of the right type.
_JUNK = (
    TypeError,
    AttributeError,
    NameError,
    RecursionError,
    NotImplementedError,
    MemoryError,
    SyntaxError,
    AssertionError,
    EOFError,
    ImportError,
    SystemError,
    PermissionError,
    RuntimeError,
    StopIteration,
    StopAsyncIteration,
)
_SHAPE = re.compile(
    r"unpack|update sequence|could not convert|embedded null|surrogate|format|substring",
    re.IGNORECASE,
)
_STABLE_TEXT = (ValueError, KeyError)
_LONGEST_MESSAGE = 200


class Raised(NamedTuple):
    """An exception worth a test: its name as a test says it, and its text if that is reliable."""

    name: str
    imports: tuple[str, ...]
    message: str | None
    deliberate: bool


def _raised_at(error: BaseException) -> tuple[str, int] | None:
    """Return file and line; ``traceback.extract_tb`` would look for sources on the disk."""
    place: tuple[str, int] | None = None
    frames: list[tuple[types.FrameType, int]] = list(traceback.walk_tb(error.__traceback__))
    for frame, line in frames[-1:]:
        place = (frame.f_code.co_filename, line or 0)
    return place


class Judge:
    """Knows the ``raise`` statements of the project's files.

    ``typed`` says that annotations vouch for the types of the arguments.
    """

    def __init__(self, root: str, *, typed: bool = True) -> None:
        self._root = root
        self._typed = typed
        self._raises: dict[str, dict[int, str]] = {}

    def verdict(self, error: BaseException, *, seed: bool = False) -> Raised | None:
        """Return how a test says this exception; None: not worth keeping.

        ``seed`` says that a person wrote the arguments.
        """
        if not isinstance(error, (Exception, SystemExit)) or isinstance(error, NotImplementedError):
            return None
        deliberate = self._deliberate(error)
        if not deliberate and not self._plausible(error, seed=seed):
            return None
        reference = reference_to_class(type(error))
        if reference is None:
            return None
        text = str(foreign.attempt("str(it)", {"it": error}))
        told = deliberate or type(error) in _STABLE_TEXT
        good = 0 < len(text) <= _LONGEST_MESSAGE and not (has_address(text) or names_place(text))
        message = text if told and good else None
        return Raised(reference.source, reference.imports, message, deliberate)

    def _deliberate(self, error: BaseException) -> bool:
        place = _raised_at(error)
        raised = None if place is None else self._lines(place[0]).get(place[1])
        if raised is None:
            return False
        # Making the message may fail too: ``raise ValueError(f"no {kind.value}")`` of a string.
        name = raised.partition("(")[0].rpartition(".")[2]
        return type(error).__name__ == name or not (name[:1].isupper() and isinstance(error, _JUNK))

    def _plausible(self, error: BaseException, *, seed: bool) -> bool:
        """Whether arguments of the right type may raise it too."""
        if isinstance(error, _JUNK) or not isinstance(error, Exception):
            return False
        place = _raised_at(error)
        if place is not None and place[0] == foreign.FILE:
            return type(error) is ValueError and error.args == (FAILURE,)  # it is passed on
        if isinstance(error, (LookupError, ArithmeticError)) and not (self._typed or seed):
            return False
        if isinstance(error, ValueError) and (not self._typed or _SHAPE.search(str(error))):
            return str(error).startswith("invalid literal for int")
        known = getattr(builtins, type(error).__name__, None) is type(error)
        return known or isinstance(error, ValueError)

    def _lines(self, path: str) -> dict[int, str]:
        if path not in self._raises:
            self._raises[path] = {}
            if path.startswith(self._root + os.sep):
                try:
                    with open(path, "rb") as file:
                        self._raises[path] = raise_lines(ast.parse(file.read()))
                except (OSError, SyntaxError, ValueError):
                    pass
        return self._raises[path]
