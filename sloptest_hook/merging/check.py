"""The last word on a merge, which trusts nothing of how it was made."""

import ast
import re
import warnings
from codecs import BOM_UTF8
from collections import Counter
from collections.abc import Iterable, Sequence

from sloptest_hook.merging.imports import names_of_import

_LINE = re.compile(rb"[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+")
_FAILURES = (SyntaxError, ValueError, RecursionError, MemoryError)
_DEFINITION = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)


def verify_merge(before: bytes | None, after: bytes) -> str | None:
    """Return why ``after`` must not replace ``before``, or None.

    It must compile, hold every line of ``before`` byte for byte in order, every statement of it
    unchanged (an import may gain names, a class methods), and bind none of its names a second time.
    """
    try:
        old = _compiled(before or b"")
    except _FAILURES as error:
        return f"does not compile: {error}"
    try:
        new = _compiled(after)
    except _FAILURES as error:
        return f"would not compile with the new tests: {error}"
    if before is None:
        return None
    if not _holds_lines(before, after):
        return "would lose or change a line"
    if not _holds_statements(old.body, new.body):
        return "would lose or change a statement"
    rebound = _rebound(old.body, new.body)
    return f"would get a second {min(rebound)}" if rebound else None


def _compiled(data: bytes) -> ast.Module:
    """Compile as Python would load the file; only then is a misplaced ``__future__`` noticed."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        compile(data, "<tests>", "exec", dont_inherit=True)
        return ast.parse(data)


def _holds_lines(before: bytes, after: bytes) -> bool:
    """Return whether all old lines are in the new file in order; the last may gain a line end."""
    if before.startswith(BOM_UTF8) != after.startswith(BOM_UTF8):
        return False
    old = _LINE.findall(before.removeprefix(BOM_UTF8))
    new = iter(_LINE.findall(after.removeprefix(BOM_UTF8)))
    unfinished = old.pop() if old and not old[-1].endswith((b"\r", b"\n")) else None
    if not all(line in new for line in old):
        return False
    return unfinished is None or any(line.rstrip(b"\r\n") == unfinished for line in new)


def _holds_statements(old: Sequence[ast.stmt], new: Sequence[ast.stmt]) -> bool:
    """Return whether the new statements are the old ones in order, and others between them."""
    candidates = iter(new)
    return all(any(_holds(statement, other) for other in candidates) for statement in old)


def _holds(old: ast.stmt, new: ast.stmt) -> bool:
    if isinstance(old, ast.ClassDef) and isinstance(new, ast.ClassDef):
        return _head(old) == _head(new) and _holds_statements(old.body, new.body)
    if isinstance(old, ast.ImportFrom) and isinstance(new, ast.ImportFrom):
        members = iter(map(ast.dump, new.names))
        same_module = (old.module, old.level) == (new.module, new.level)
        return same_module and all(ast.dump(member) in members for member in old.names)
    return ast.dump(old) == ast.dump(new)


def _head(node: ast.ClassDef) -> list[str]:
    parts = [*node.bases, *node.keywords, *node.decorator_list, *getattr(node, "type_params", [])]
    return [node.name, *map(ast.dump, parts)]


def _rebound(old: Sequence[ast.stmt], new: Sequence[ast.stmt]) -> set[str]:
    """Return names that the new statements bind more often than the old ones did, if they did."""
    before, after = Counter(_bound(old)), Counter(_bound(new))
    # ``import shop.cart`` beside ``import shop.money`` binds ``shop`` to what it is already.
    shared = _packages(old) & _packages(new)
    again = {name for name, count in before.items() if after[name] > count} - shared
    methods = _classes(old), _classes(new)
    for name in methods[0].keys() & methods[1].keys():
        again |= _rebound(methods[0][name], methods[1][name])
    return again


def _packages(body: Iterable[ast.stmt]) -> set[str]:
    names = (name for node in body for name in names_of_import(node))
    return {name.bound for name in names if name.name is None and name.alias is None}


def _classes(body: Iterable[ast.stmt]) -> dict[str, list[ast.stmt]]:
    return {node.name: node.body for node in body if isinstance(node, ast.ClassDef)}


def _bound(body: Iterable[ast.stmt]) -> list[str]:
    bound: list[str] = []
    for node in body:
        bound += [name.bound for name in names_of_import(node) if name.name != "*"]
        if isinstance(node, _DEFINITION):
            bound.append(node.name)
    return bound
