"""A test file taken apart: imports, what tests share, and the tests, each as source of its own."""

import ast
import warnings

from sloptest_hook.generation.flat_classes import KeepsState, flattened, own_lines
from sloptest_hook.generation.strict_json import BadReply
from sloptest_hook.values.candidate import SupportCode, WrittenTest
from sloptest_hook.values.records import dataclass

_WANTED = "only imports, fixtures, helpers, constants and tests may stand at the top of a file"


@dataclass(frozen=True, slots=True)
class FileParts:
    """The parts of a test file, in the order in which they stand in it."""

    imports: tuple[str, ...]
    support: tuple[SupportCode, ...]
    tests: tuple[WrittenTest, ...]


def parts_of(text: str) -> FileParts | BadReply:
    """Return the parts of a test file; never raises, whatever the text.

    Test classes that keep nothing from one method to another become plain functions. Refused:
    another statement at the top of the file, since a merge has no place for it; no test at all; two
    definitions of one name.
    """
    text = text.replace("\r\n", "\n")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            body = ast.parse(text).body
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        line = getattr(error, "lineno", None) or 1
        return BadReply(f"line {line} does not parse: {error}")
    pieces: list[str | SupportCode | WrittenTest] = []
    for node in body:
        made = _pieces(node, text)
        if isinstance(made, BadReply):
            return made
        pieces += made
    return _sorted_out(pieces)


def _sorted_out(pieces: list[str | SupportCode | WrittenTest]) -> FileParts | BadReply:
    parts = FileParts(
        tuple(each for each in pieces if isinstance(each, str)),
        tuple(each for each in pieces if isinstance(each, SupportCode)),
        tuple(each for each in pieces if isinstance(each, WrittenTest)),
    )
    names = [each.name for each in parts.support] + [each.name for each in parts.tests]
    twice = next((name for name in names if names.count(name) > 1), None)
    if twice is not None:
        return BadReply(f"{twice} is defined twice, and only the last would run")
    return parts if parts.tests else BadReply("it holds no test function")


def _pieces(node: ast.stmt, text: str) -> list[str | SupportCode | WrittenTest] | BadReply:
    match node:
        case ast.Import() | ast.ImportFrom():
            return [ast.get_source_segment(text, node) or ast.unparse(node)]
        case ast.FunctionDef() | ast.AsyncFunctionDef():
            is_test = node.name.startswith("test")
            return [(WrittenTest if is_test else SupportCode)(node.name, own_lines(node, text))]
        case ast.ClassDef():
            return _of_class(node, text)
        case ast.Assign(targets=[ast.Name(id=name)]) | ast.AnnAssign(target=ast.Name(id=name)):
            return [SupportCode(name, f"{ast.get_source_segment(text, node)}\n")]
        case ast.Expr(value=ast.Constant(value=str())):
            return []  # the docstring: the file that the tests go to has its own
        case _:
            return BadReply(f"line {node.lineno}: {_WANTED}")


def _of_class(node: ast.ClassDef, text: str) -> list[str | SupportCode | WrittenTest] | BadReply:
    bases = [ast.unparse(base) for base in node.bases]
    if not node.name.startswith("Test") and not any("TestCase" in base for base in bases):
        return [SupportCode(node.name, own_lines(node, text))]
    tests = flattened(node, text)
    if isinstance(tests, KeepsState):
        return BadReply(f"line {tests.line}: {tests.reason}; write plain test functions")
    return list(tests)
