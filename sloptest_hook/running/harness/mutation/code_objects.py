"""Which compiled functions of a module a mutant changes, and whether a swap of them is enough."""

from __future__ import annotations
import __future__

import ast
import inspect
import re
from collections.abc import Iterator
from types import CodeType
from typing import NamedTuple

_FUTURES = 0
for _name in __future__.all_feature_names:
    _FUTURES |= getattr(__future__, _name).compiler_flag


class Incompetent(Exception):  # noqa: N818  # no error of ours: the mutant is no program
    """What a mutant makes of the text does not compile."""


class Needs(Exception):  # noqa: N818
    """The change is not in a function alone: the module has to be imported anew."""


class Change(NamedTuple):
    """A function as it was and as it becomes, both compiled."""

    before: CodeType
    after: CodeType

    @property
    def is_in_it(self) -> bool:
        """Say whether the function's own code changes, not only that of a function inside."""
        return not _is_same_alone(self.before, self.after)


class ModuleText:
    """One module's text, cut into its statements: a mutant compiles one of them, not all.

    Raises SyntaxError and ValueError, as ``compile`` does.
    """

    def __init__(self, text: str, filename: str) -> None:
        self.text = text
        self.filename = filename
        whole = compile(text, filename, "exec", dont_inherit=True)
        self._flags = whole.co_flags & _FUTURES
        self._starts = _line_starts(text)
        self._parts = [self._lines(node) for node in ast.parse(text).body]
        self._compiled: dict[tuple[int, int], CodeType] = {}

    def mutated(self, start: int, end: int, after: str) -> str:
        """Return the whole text with one span of characters replaced."""
        return self.text[:start] + after + self.text[end:]

    def changes(self, start: int, end: int, after: str) -> list[Change]:
        """Return the functions that change, none when it compiles to the same.

        Raises Incompetent, and Needs when more than functions changes.
        """
        part = self._part(start, end)
        if part is None:
            raise Needs
        first, last = self._starts[part[0] - 1], self._end(part[1])
        text = self.text[first:start] + after + self.text[end:last]
        return list(changed_functions(self._original(part), self._compile(part[0], text)))

    def _lines(self, node: ast.stmt) -> tuple[int, int]:
        decorators = getattr(node, "decorator_list", [])
        first = min([node.lineno, *(each.lineno for each in decorators)])
        return first, node.end_lineno or node.lineno

    def _part(self, start: int, end: int) -> tuple[int, int] | None:
        """Return the lines of the statement around a span; None where it shares a line."""
        for first, last in self._parts:
            if self._starts[first - 1] <= start and end <= self._end(last):
                alone = sum(a <= last and b >= first for a, b in self._parts) == 1
                return (first, last) if alone else None
        return None

    def _end(self, line: int) -> int:
        return self._starts[line] if line < len(self._starts) else len(self.text)

    def _original(self, part: tuple[int, int]) -> CodeType:
        if part not in self._compiled:
            text = self.text[self._starts[part[0] - 1] : self._end(part[1])]
            self._compiled[part] = self._compile(part[0], text)
        return self._compiled[part]

    def _compile(self, line: int, text: str) -> CodeType:
        padded = "\n" * (line - 1) + text
        try:
            code: CodeType = compile(
                padded, self.filename, "exec", flags=self._flags, dont_inherit=True
            )
        except (SyntaxError, ValueError, OverflowError, RecursionError, MemoryError) as error:
            raise Incompetent from error
        return code


def changed_functions(before: CodeType, after: CodeType) -> Iterator[Change]:
    """Yield the functions of a module or class body that differ; raises Needs for all else."""
    old, new = _codes(before), _codes(after)
    if len(old) != len(new) or not _is_same_alone(before, after):
        raise Needs
    for was, becomes in zip(old, new):
        if was.co_name != becomes.co_name:
            raise Needs
        if not was.co_flags & inspect.CO_OPTIMIZED:  # a class body
            yield from changed_functions(was, becomes)
        elif not is_same(was, becomes):
            # What is called where it is defined has been called by now.
            if was.co_name == "__annotate__" or _runs_at_once(was):
                raise Needs
            yield from paired(was, becomes)


def _runs_at_once(code: CodeType) -> bool:
    """Say whether it is the body of a comprehension."""
    return code.co_name.startswith("<") and code.co_name != "<lambda>"


def paired(before: CodeType, after: CodeType) -> Iterator[Change]:
    """Yield a function and, where they still fit, those in it: some may live on their own."""
    yield Change(before, after)
    old, new = _codes(before), _codes(after)
    if [each.co_name for each in old] == [each.co_name for each in new]:
        for was, becomes in zip(old, new):
            if not is_same(was, becomes):
                yield from paired(was, becomes)


def is_same(before: CodeType, after: CodeType) -> bool:
    """Say whether two compiled texts do the same; where they stand in a file does not count."""
    old, new = _codes(before), _codes(after)
    return (
        _is_same_alone(before, after)
        and len(old) == len(new)
        and all(is_same(*pair) for pair in zip(old, new))
    )


def _is_same_alone(before: CodeType, after: CodeType) -> bool:
    return _essence(before) == _essence(after)


def _essence(code: CodeType) -> tuple[object, ...]:
    consts = [
        (type(each).__name__, repr(each))
        for each in code.co_consts
        if not isinstance(each, CodeType)
    ]
    return (
        code.co_code,
        consts,
        code.co_names,
        code.co_varnames,
        code.co_freevars,
        code.co_cellvars,
        code.co_argcount,
        code.co_kwonlyargcount,
        code.co_posonlyargcount,
        code.co_flags,
        getattr(code, "co_exceptiontable", b""),
    )


def _codes(code: CodeType) -> list[CodeType]:
    return [each for each in code.co_consts if isinstance(each, CodeType)]


def _line_starts(text: str) -> list[int]:
    return [0, *(found.end() for found in re.finditer(r"\r\n|\r|\n", text))]
