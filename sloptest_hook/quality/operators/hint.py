"""A type hint that acts at run time is narrower or another one."""

import ast
from collections.abc import Iterator

from sloptest_hook.quality.edits import Edit, Function, Operator, Place
from sloptest_hook.quality.operators.record_field import is_dataclass

_READERS = frozenset({"BaseModel", "BaseSettings", "TypedDict", "Struct", "SQLModel"})
_CALL_READERS = frozenset({"validate_call", "validate_arguments", "typechecked", "beartype"})
_OTHER_ELEMENTS = {"int": "str", "str": "int", "float": "str", "bytes": "int", "bool": "str"}
_CONTAINERS = frozenset({"list", "List", "set", "Set", "Sequence", "tuple", "Tuple", "Iterable"})


def _edits(node: ast.AST, place: Place) -> Iterator[Edit]:
    match node:
        case ast.ClassDef() if _is_read(node):
            for statement in node.body:
                if isinstance(statement, ast.AnnAssign):
                    yield from _narrower(statement.annotation, place)
        case ast.FunctionDef() | ast.AsyncFunctionDef() if _is_checked(node):
            arguments = node.args
            for each in (*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs):
                if each.annotation is not None:
                    yield from _narrower(each.annotation, place)
        case _:
            return


def _is_read(node: ast.ClassDef) -> bool:
    """Say whether somebody reads the hints: pydantic and its kin, not the standard dataclass."""
    if any(_name(base) in _READERS for base in node.bases):
        return True
    return any(
        is_dataclass(each) and "pydantic" in ast.unparse(each) for each in node.decorator_list
    )


def _is_checked(node: Function) -> bool:
    decorators = (each.func if isinstance(each, ast.Call) else each for each in node.decorator_list)
    return any(_name(each) in _CALL_READERS for each in decorators)


def _narrower(hint: ast.expr, place: Place) -> Iterator[Edit]:
    match hint:
        case ast.Subscript(value=head, slice=inner) if _name(head) == "Optional":
            yield place.replaced(hint, place.text(inner), "None need not be accepted")
        case ast.BinOp(op=ast.BitOr(), left=left, right=ast.Constant(value=None)):
            yield place.replaced(hint, place.text(left), "None need not be accepted")
        case ast.Subscript(value=head, slice=ast.Name(id=element) as inner):
            if _name(head) in _CONTAINERS and element in _OTHER_ELEMENTS:
                yield place.replaced(inner, _OTHER_ELEMENTS[element])
        case _:
            return


def _name(node: ast.expr) -> str:
    return node.attr if isinstance(node, ast.Attribute) else getattr(node, "id", "")


OPERATOR = Operator(
    "hint",
    1,
    _edits,
    (
        (
            "class A(BaseModel):\n    a: int | None\n    b: Optional[str]\n    c: list[int]",
            (
                "class A(BaseModel):\n    a: int\n    b: Optional[str]\n    c: list[int]",
                "class A(BaseModel):\n    a: int | None\n    b: str\n    c: list[int]",
                "class A(BaseModel):\n    a: int | None\n    b: Optional[str]\n    c: list[str]",
            ),
        ),
        ("@validate_call\ndef f(a: int | None): pass", ("@validate_call\ndef f(a: int): pass",)),
        ("@dataclass\nclass A:\n    a: int | None", ()),
        ("def f(a: int | None): pass", ()),
    ),
    at_definition=True,
)
