"""Compiles one function alone and swaps its code in, without importing the module again."""

from __future__ import annotations
import __future__

import ast
import copy
import types
from collections.abc import Iterator

from .syntax import Definition

_FUTURE = 0
for _name in __future__.all_feature_names:
    _FUTURE |= getattr(__future__, _name).compiler_flag


def compile_alone(
    node: Definition, owner: str | None, like: types.CodeType
) -> types.CodeType | None:
    """Return the code of a changed copy of a function that can stand in for ``like``; or None.

    Inside its class, for ``super()`` and for mangled names. A closure over an outer function has
    free variables that cannot be made here.
    """
    bare = copy.copy(node)
    bare.decorator_list = []
    bare.returns = None
    bare.args = _without_defaults(node.args)
    body: list[ast.stmt] = [bare]
    if owner is not None:
        module = ast.parse(f"class {owner}: pass")
        for wrapper in module.body:
            wrapper.body = body  # type: ignore[attr-defined]  # the class just parsed
        body = module.body
    tree = ast.fix_missing_locations(ast.Module(body, []))
    flags = like.co_flags & _FUTURE
    outer = compile(tree, like.co_filename, "exec", flags=flags, dont_inherit=True)
    for code in all_codes(outer):
        if code.co_name == node.name and code.co_firstlineno == node.lineno:
            return code if code.co_freevars == like.co_freevars else None
    return None


def swap(function: types.FunctionType, code: types.CodeType) -> None:
    """Let the function run other code from now on."""
    function.__code__ = code


def all_codes(code: types.CodeType) -> Iterator[types.CodeType]:
    """Yield the code and every code nested in it."""
    yield code
    for constant in code.co_consts:
        if isinstance(constant, types.CodeType):
            yield from all_codes(constant)


def _without_defaults(arguments: ast.arguments) -> ast.arguments:
    """Drop annotations, which need names of the place where the function was defined."""
    bare = copy.deepcopy(arguments)
    for each in (*bare.posonlyargs, *bare.args, *bare.kwonlyargs, bare.vararg, bare.kwarg):
        if each is not None:
            each.annotation = None
    return bare
