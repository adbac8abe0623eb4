"""Fingerprints over real files: rewriting changes none, one changed token changes exactly one.

FINGERPRINT_FILES=200 looks at more modules of the standard library than the default.
"""

import ast
import copy
import os
import random
import sysconfig
from collections.abc import Iterator
from pathlib import Path, PurePosixPath

import libcst as cst
import pytest

from sloptest_hook.symbols.extract import extract_symbols

LIBRARY = Path(sysconfig.get_path("stdlib"))
COUNT = int(os.environ.get("FINGERPRINT_FILES", "5"))
FILES = sorted(each for each in LIBRARY.glob("*.py") if 2_000 < each.stat().st_size < 40_000)
CHOSEN = random.Random(7).sample(FILES, min(COUNT, len(FILES)))  # noqa: S311  # no secret
EDITS = 25  # a file


def fingerprints(text: str) -> dict[str, str]:
    found = extract_symbols(PurePosixPath("mod.py"), text)
    assert isinstance(found, tuple), found
    return {symbol.qualname: symbol.fingerprint for symbol in found}


@pytest.fixture(params=CHOSEN, ids=lambda file: file.name)
def text(request: pytest.FixtureRequest) -> str:
    return str(request.param.read_text(encoding="utf-8"))


def test_printing_the_tree_anew_changes_nothing(text: str) -> None:
    """Other line breaks, quotes and brackets, no comment, no blank line."""
    assert fingerprints(ast.unparse(ast.parse(text))) == fingerprints(text)


class _Spread(cst.CSTTransformer):
    """Blank lines and comments before every statement, docstrings in every function without one."""

    def leave_SimpleStatementLine(  # noqa: N802  # libcst's name
        self, original_node: cst.SimpleStatementLine, updated_node: cst.SimpleStatementLine
    ) -> cst.SimpleStatementLine:
        lines = [cst.EmptyLine(), cst.EmptyLine(comment=cst.Comment("# said before"))]
        return updated_node.with_changes(leading_lines=[*updated_node.leading_lines, *lines])

    def leave_FunctionDef(  # noqa: N802  # libcst's name
        self, original_node: cst.FunctionDef, updated_node: cst.FunctionDef
    ) -> cst.FunctionDef:
        body = updated_node.body
        if not isinstance(body, cst.IndentedBlock) or original_node.get_docstring() is not None:
            return updated_node
        docstring = cst.SimpleStatementLine([cst.Expr(cst.SimpleString("'''Said.'''"))])
        return updated_node.with_changes(body=body.with_changes(body=[docstring, *body.body]))


def test_comments_blank_lines_and_docstrings_change_nothing(text: str) -> None:
    rewritten = cst.parse_module(text).visit(_Spread()).code
    assert rewritten != text
    assert fingerprints(rewritten) == fingerprints(text)


@pytest.mark.parametrize("ends", ["\r\n", "\n"])
def test_line_ends_and_what_stands_before_change_nothing(text: str, ends: str) -> None:
    moved = f"MOVED = 1{ends}{ends}" + text.replace("\n", ends)
    if "from __future__" not in text:
        assert fingerprints(moved) == fingerprints(text)


def edits(tree: ast.Module, chance: random.Random) -> Iterator[tuple[str, ast.Module]]:
    """Yield trees in which one node of one function is another, with the function's qualname."""
    places = [each for each in _functions(tree, "") if _changeable(each[1])]
    for _ in range(EDITS if places else 0):
        changed = copy.deepcopy(tree)
        name, _ = chance.choice(places)
        function = dict(_functions(changed, ""))[name]
        _change(chance.choice(_changeable(function)), chance)
        yield name, changed


def _functions(
    tree: ast.Module | ast.ClassDef, prefix: str
) -> Iterator[tuple[str, ast.FunctionDef | ast.AsyncFunctionDef]]:
    for node in tree.body:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield f"{prefix}{node.name}", node
        elif isinstance(node, ast.ClassDef):
            yield from _functions(node, f"{prefix}{node.name}.")


def _changeable(function: ast.AST) -> list[ast.AST]:
    """Return nodes of a function that one other token changes; docstrings are none of them."""
    kinds = (ast.Compare, ast.BinOp, ast.Attribute, ast.Name, ast.Constant, ast.keyword, ast.BoolOp)
    strings = {
        id(node.value)
        for node in ast.walk(function)
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
    }
    inside = {
        id(part)
        for node in ast.walk(function)
        if isinstance(node, ast.JoinedStr | ast.FormattedValue)
        for part in ast.walk(node)
    }
    body = getattr(function, "body", [])
    return [
        node
        for statement in body
        for node in ast.walk(statement)
        if isinstance(node, kinds) and id(node) not in strings | inside
    ]


def _change(node: ast.AST, chance: random.Random) -> None:
    match node:
        case ast.Compare():
            node.ops[0] = ast.Is() if not isinstance(node.ops[0], ast.Is) else ast.IsNot()
        case ast.BinOp():
            node.op = ast.Sub() if not isinstance(node.op, ast.Sub) else ast.Add()
        case ast.BoolOp():
            node.op = ast.Or() if isinstance(node.op, ast.And) else ast.And()
        case ast.Attribute():
            node.attr += "_"
        case ast.Name():
            node.id += "_"
        case ast.keyword():
            node.arg = f"{node.arg}_" if node.arg else "named"
        case ast.Constant():
            node.value = chance.choice(["another", "and another", "a third"])
        case _:
            raise AssertionError(node)


def test_one_other_token_changes_the_function_that_it_is_in_and_no_other(text: str) -> None:
    tree = ast.parse(text)
    before = fingerprints(text)
    names = [name for name, _ in _functions(tree, "")]
    count = 0
    for name, changed in edits(tree, random.Random(3)):  # noqa: S311  # no secret
        if names.count(name) > 1 or name not in before:
            continue
        after = fingerprints(ast.unparse(changed))
        assert {each for each in before if before[each] != after.get(each)} == {name}
        count += 1
    assert count or not names
