"""Test classes whose methods share nothing, as plain functions."""

import ast
import re
import textwrap

from sloptest_hook.values.candidate import WrittenTest
from sloptest_hook.values.records import dataclass

_Function = ast.FunctionDef | ast.AsyncFunctionDef
_WORD = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
_SELF = re.compile(r"((?:async\s+)?def\s+\w+\s*\(\s*)self\s*(?:,\s*)?")


@dataclass(frozen=True, slots=True)
class KeepsState:
    """Why a class cannot be taken apart, and the line that says so."""

    line: int
    reason: str


def flattened(node: ast.ClassDef, text: str) -> tuple[WrittenTest, ...] | KeepsState:
    """Return the methods of a test class as functions, named after class and method.

    ``TestPrice.test_default`` becomes ``test_price_default``. Refused: a base, a decorator, a
    fixture or helper among the methods, a method that uses ``self``.
    """
    if node.decorator_list or [base for base in node.bases if ast.unparse(base) != "object"]:
        return KeepsState(node.lineno, f"{node.name} has a base or a decorator")
    tests: list[WrittenTest] = []
    for member in node.body:
        if isinstance(member, ast.Expr) and isinstance(member.value, ast.Constant):
            continue
        if not isinstance(member, _Function) or not member.name.startswith("test"):
            return KeepsState(member.lineno, f"{node.name} holds more than tests")
        test = _as_function(member, node.name, text)
        if isinstance(test, KeepsState):
            return test
        tests.append(test)
    return tuple(tests)


def _as_function(method: _Function, owner: str, text: str) -> WrittenTest | KeepsState:
    uses = [each for each in ast.walk(method) if isinstance(each, ast.Name) and each.id == "self"]
    if uses or [each.arg for each in method.args.args[:1]] != ["self"]:
        return KeepsState(method.lineno, f"{owner}.{method.name} uses self")
    name = _name(owner, method.name)
    code = _SELF.sub(r"\1", textwrap.dedent(own_lines(method, text)), count=1)
    code = re.sub(rf"(def\s+){method.name}\b", rf"\g<1>{name}", code, count=1)
    return (
        WrittenTest(name, code)
        if _is_same(method, code)
        else KeepsState(
            method.lineno, f"{owner}.{method.name} cannot be a function as it is written"
        )
    )


def own_lines(node: _Function | ast.ClassDef, text: str) -> str:
    """Return the lines of a definition with its decorators, as they stand in the text."""
    first = min([node.lineno, *(each.lineno for each in node.decorator_list)])
    return "\n".join(text.split("\n")[first - 1 : node.end_lineno]) + "\n"


def _name(owner: str, method: str) -> str:
    words = _WORD.sub("_", owner.removeprefix("Test").strip("_")).lower()
    rest = method.removeprefix("test").strip("_")
    return "_".join(each for each in ("test", words, rest) if each)


def _is_same(method: _Function, code: str) -> bool:
    """Return whether the function does what the method did: a dedent may change a long text."""
    try:
        body = ast.parse(code).body
    except SyntaxError:
        return False
    if len(body) != 1 or not isinstance(body[0], _Function):
        return False
    return [ast.dump(each) for each in (*body[0].decorator_list, *body[0].body)] == [
        ast.dump(each) for each in (*method.decorator_list, *method.body)
    ]
