"""The test functions that pytest finds in a file, as far as the file alone tells."""

import ast
from collections.abc import Iterator, Sequence

from sloptest_hook.merging.imports import executed_blocks

FunctionNode = ast.FunctionDef | ast.AsyncFunctionDef


def collected_functions(body: Sequence[ast.stmt]) -> Iterator[FunctionNode]:
    """Yield the functions and methods that are tests; of one name in one block the last alone.

    A helper, a function within a test, a class that opts out by ``__test__ = False`` are none.
    """
    for node in last_definitions(body):
        if isinstance(node, ast.ClassDef):
            if is_test_class(node):
                yield from collected_functions(node.body)
        elif node.name.startswith("test"):
            yield node
    for statement in body:
        for block in executed_blocks(statement):
            yield from collected_functions(block)


def last_definitions(body: Sequence[ast.stmt]) -> Iterator[FunctionNode | ast.ClassDef]:
    """Yield functions and classes, without those that a later one of their name hides."""
    last = {node.name: node for node in body if isinstance(node, FunctionNode | ast.ClassDef)}
    yield from last.values()


def is_test_class(node: ast.ClassDef) -> bool:
    """Return whether pytest, unless configured, looks for tests in the class.

    A class with a base may be unittest's, whose name does not matter.
    """
    methods = {inner.name for inner in node.body if isinstance(inner, FunctionNode)}
    if "__init__" in methods or any(map(_opts_out, node.body)):
        return False
    return node.name.startswith("Test") or bool(node.bases)


def shape_of(function: FunctionNode) -> str:
    """Return what is equal for two tests that differ in nothing but name, comments, and class."""
    arguments = function.args
    in_class = [argument.arg for argument in arguments.args[:1]] == ["self"]
    bare = _with_args(arguments, arguments.args[1:]) if in_class else arguments
    kind = type(function).__name__
    parts = [*function.decorator_list, bare, *function.body]
    return "\n".join([kind, *map(ast.dump, parts)])


def _with_args(arguments: ast.arguments, args: list[ast.arg]) -> ast.arguments:
    return ast.arguments(
        posonlyargs=arguments.posonlyargs,
        args=args,
        vararg=arguments.vararg,
        kwonlyargs=arguments.kwonlyargs,
        kw_defaults=arguments.kw_defaults,
        kwarg=arguments.kwarg,
        defaults=arguments.defaults,
    )


def _opts_out(node: ast.stmt) -> bool:
    match node:
        case ast.Assign(targets=[ast.Name(id="__test__")], value=ast.Constant(value=False)):
            return True
        case _:
            return False
