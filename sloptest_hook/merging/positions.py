"""Where in a test file a person would put an import, and the next test of a symbol."""

import ast
import itertools
import re
from collections.abc import Callable, Iterable, Sequence

from sloptest_hook.merging.collected import is_test_class, last_definitions
from sloptest_hook.merging.document import Document
from sloptest_hook.merging.imports import imported_names, names_of_import
from sloptest_hook.values.records import dataclass
from sloptest_hook.values.source import Symbol

_FUNCTION = (ast.FunctionDef, ast.AsyncFunctionDef)
_DEFINITION = (*_FUNCTION, ast.ClassDef)
# Statements that decide whether, and from where, a later import succeeds.
_DECIDES_IMPORTS = re.compile(r"importorskip|sys\.path|addsitedir|allow_module_level")
_SPECIAL_COMMENT = re.compile(r"^#!|coding[=:]")


@dataclass(frozen=True, slots=True)
class ImportBlock:
    """The plain imports, in a row, that new ones join; none: the line after which they start."""

    statements: tuple[ast.stmt, ...]
    after: int


def import_block(document: Document, wanted: frozenset[str]) -> ImportBlock:
    """Return where imports go; ``wanted`` are the top-level names of what will be imported.

    Never above a line on which they may depend: a changed ``sys.path``, an ``importorskip``, a
    late import of the same package.
    """
    body = document.tree.body
    late = _last(body, lambda node: _imports_any(node, wanted))
    first_definition = next((i for i, n in enumerate(body) if isinstance(n, _DEFINITION)), None)
    if late is not None and first_definition is not None and late > first_definition:
        return _block_ending_at(document, late)
    head = body[:first_definition]
    decider = _last(head, lambda node: _decides_imports(document, node))
    for is_import in (_is_import, lambda node: any(imported_names([node]))):
        plain = _last(head, is_import)
        if plain is not None:
            return _block_ending_at(document, max(plain, -1 if decider is None else decider))
    if decider is not None:
        return ImportBlock((), document.end_of(body[decider]))
    first = next((i for i, node in enumerate(body) if _is_import(node)), None)
    if first is not None:
        return _block_ending_at(document, _last_in_row(body, first))
    return ImportBlock((), _after_header(document))


def tests_position(document: Document, symbol: Symbol) -> int:
    """Return the line after the last test of the symbol, or the end of the tests."""
    starts = _name_starts(symbol)
    for node in reversed(document.tree.body):
        if isinstance(node, _FUNCTION) and _belongs(node.name, starts):
            return after_body(document, node)
    return end_of_tests(document)


def class_for(document: Document, symbol: Symbol) -> ast.ClassDef | None:
    """Return the class of the symbol's tests, in a file whose tests all live in plain classes."""
    body = document.tree.body
    if any(isinstance(node, _FUNCTION) and node.name.startswith("test") for node in body):
        return None
    words = [part for part in symbol.qualname.split(".") if part != "<locals>"]
    names = {f"Test{_camel(words)}", f"Test{_camel(words[:1])}"}
    classes = [node for node in last_definitions(body) if isinstance(node, ast.ClassDef)]
    fitting = [node for node in classes if node.name in names and _is_plain(node)]
    return max(fitting, key=lambda node: len(node.name), default=None)


def method_position(document: Document, owner: ast.ClassDef, symbol: Symbol) -> int:
    """Return the line after the last test of the symbol in the class, or after the class."""
    starts = _name_starts(symbol)
    for node in reversed(owner.body):
        if isinstance(node, _FUNCTION) and _belongs(node.name, starts):
            return after_body(document, node)
    return after_body(document, owner)


def after_body(document: Document, node: ast.stmt) -> int:
    """Return the line after which the node is over, with the comments indented under it."""
    end = document.end_of(node)
    for number in range(end + 1, len(document.lines) + 1):
        text = document.lines[number - 1].replace("\f", "").expandtabs()
        if not text.strip():
            continue
        if not text.lstrip().startswith("#") or len(text) - len(text.lstrip()) <= node.col_offset:
            break
        end = number
    return end


def before_tests(document: Document) -> int:
    """Return the line after what precedes the first test: where helpers and fixtures stand."""
    body = document.tree.body
    for previous, node in itertools.pairwise(body):
        if isinstance(node, _DEFINITION) and node.name.lower().startswith("test"):
            return after_body(document, previous)
    starts_with_test = isinstance(body[0], _DEFINITION) and body[0].name.lower().startswith("test")
    return _after_comments(document) if starts_with_test else end_of_tests(document)


def end_of_tests(document: Document) -> int:
    """Return the last line of the file, or the one before ``if __name__ == "__main__":``."""
    body = document.tree.body
    if len(body) > 1 and _is_main_guard(body[-1]):
        previous = after_body(document, body[-2])
        if previous < body[-1].lineno:
            return previous
    return len(document.lines)


def _block_ending_at(document: Document, last: int) -> ImportBlock:
    body = document.tree.body
    end = document.end_of(body[last])
    first = last + 1
    while first > 0 and _is_import(body[first - 1]):
        first -= 1
    return ImportBlock(tuple(body[first : last + 1]), end)


def _last(nodes: Sequence[ast.stmt], is_wanted: Callable[[ast.stmt], bool]) -> int | None:
    return next((i for i in range(len(nodes) - 1, -1, -1) if is_wanted(nodes[i])), None)


def _last_in_row(body: Sequence[ast.stmt], first: int) -> int:
    last = first
    while last + 1 < len(body) and _is_import(body[last + 1]):
        last += 1
    return last


def _is_import(node: ast.stmt) -> bool:
    return isinstance(node, (ast.Import, ast.ImportFrom))


def _imports_any(node: ast.stmt, wanted: Iterable[str]) -> bool:
    return any(name.module.partition(".")[0] in wanted for name in names_of_import(node))


def _decides_imports(document: Document, node: ast.stmt) -> bool:
    if _is_import(node) or isinstance(node, _DEFINITION):
        return False
    source = "".join(document.lines[node.lineno - 1 : node.end_lineno])
    return _DECIDES_IMPORTS.search(source) is not None


def _after_header(document: Document) -> int:
    """Return the line after the docstring, or after the comments that head the file.

    PEP 8 wants ``__all__`` and its like above the imports.
    """
    head = list(itertools.takewhile(_is_header, document.tree.body))
    return document.end_of(head[-1]) if head else _after_comments(document)


def _is_header(node: ast.stmt) -> bool:
    match node:
        case ast.Expr(value=ast.Constant(value=str())):
            return True
        case ast.Assign(targets=[ast.Name(id=name)]):
            return name.startswith("__") and name.endswith("__")
        case _:
            return False


def _after_comments(document: Document) -> int:
    header = 0
    while header < len(document.lines) and document.lines[header].startswith("#"):
        header += 1
    touches_code = header < len(document.lines) and not document.is_blank(header + 1)
    if touches_code:
        special = [n for n in range(min(2, header)) if _SPECIAL_COMMENT.search(document.lines[n])]
        return max(special, default=-1) + 1
    return header


def _is_plain(node: ast.ClassDef) -> bool:
    """Return whether a method added to the class is nothing but a test.

    Bases, decorators, set-up methods and fixtures would have their say in it.
    """
    if node.bases or node.keywords or node.decorator_list or not is_test_class(node):
        return False
    methods = [inner for inner in node.body if isinstance(inner, _FUNCTION)]
    return bool(methods) and all(method.name.startswith("test") for method in methods)


def _name_starts(symbol: Symbol) -> tuple[str, ...]:
    """Return how the names of the symbol's tests begin: test_cart_add, test_add."""
    words = [_snake(part) for part in symbol.qualname.split(".") if part != "<locals>"]
    return (f"test_{'_'.join(words)}", f"test_{words[-1]}")


def _belongs(name: str, starts: Iterable[str]) -> bool:
    lower = re.sub("_+", "_", name.lower())
    return any(lower == start or lower.startswith(f"{start}_") for start in starts)


def _snake(name: str) -> str:
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name).lower().strip("_")


def _camel(words: Iterable[str]) -> str:
    parts = [part for word in words for part in word.split("_") if part]
    return "".join(part[:1].upper() + part[1:] for part in parts)


def _is_main_guard(node: ast.stmt) -> bool:
    match node:
        case ast.If(test=ast.Compare(left=left, comparators=[right])):
            return any(isinstance(n, ast.Name) and n.id == "__name__" for n in (left, right))
        case _:
            return False
