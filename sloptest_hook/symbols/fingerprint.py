"""Makes versions of a definition equal that differ only in what Python does not execute."""

import ast
from collections.abc import Callable, Iterable
from operator import attrgetter

from sloptest_hook.values.digests import digest_of

_FIELD_DECORATORS = frozenset(
    {"dataclass", "define", "frozen", "mutable", "attrs", "attributes", "s"}
)
_FIELD_BASES = frozenset(
    {"NamedTuple", "TypedDict", "BaseModel", "Struct", "Model"}
    | {"Enum", "IntEnum", "StrEnum", "Flag", "IntFlag"}
)

# Left out everywhere: Load or Store follows from the place, a type comment is a comment, and the
# u of u"" changes nothing.
_IGNORED = frozenset({"ctx", "type_comment", "kind"})
# Fields that newer Pythons added. They are written only where they are set, so that a source has
# the same fingerprint on every Python that the hook runs on.
_NEWER = ("type_params", "default_value")

# Python refuses to write longer numbers in decimals: of 4,300 digits, or of 640 if it is told so.
_LONG = 10**600


def fingerprint(definitions: Iterable[ast.stmt], header: str = "") -> str:
    """Return 32 hex digits that stand for the meaning of the definitions.

    Comments, formatting, docstrings and line numbers do not count. ``header`` is the
    ``class_header`` of the class that a method belongs to: the same ``def`` under another base
    class is another method. A symbol has several definitions when a property has a setter.
    """
    tokens = [header]
    for definition in definitions:
        tokens += _tokens(definition)
    return digest(tokens)


def digest(tokens: Iterable[str]) -> str:
    """Return 32 hex digits that stand for a sequence of tokens."""
    return digest_of("\0".join(tokens).encode("utf-8", "surrogatepass")).hex()


def tokens_of(node: ast.AST) -> list[str]:
    """Return what stands for the meaning of any part of a tree: no comment, no docstring."""
    return _tokens(node)


def class_header(node: ast.ClassDef) -> str:
    """Return what a class statement says about its methods: bases, keywords, decorators.

    The fields of a dataclass and its like are part of it: they are the signature of ``__init__``.
    """
    parts: list[ast.AST] = [*node.bases, *node.keywords, *node.decorator_list]
    if _has_fields(node):
        parts += [each for each in node.body if isinstance(each, (ast.AnnAssign, ast.Assign))]
    tokens = [str(len(node.bases)), str(len(node.keywords)), str(len(node.decorator_list))]
    parts += getattr(node, "type_params", [])  # since Python 3.12
    for part in parts:
        tokens += _tokens(part)
    return "\0".join(tokens)


def _has_fields(node: ast.ClassDef) -> bool:
    decorators = {_last_name(each) for each in node.decorator_list}
    bases = {_last_name(each) for each in node.bases}
    return bool(decorators & _FIELD_DECORATORS or bases & _FIELD_BASES)


def _last_name(node: ast.expr) -> str:
    if isinstance(node, (ast.Call, ast.Subscript)):
        return _last_name(node.func if isinstance(node, ast.Call) else node.value)
    if isinstance(node, ast.Attribute):
        return node.attr
    return node.id if isinstance(node, ast.Name) else ""


def _tokens(root: ast.AST) -> list[str]:
    """Return the tree in prefix notation, the last field of each node first.

    2 ms for a file of 1,000 lines, a third of what ``ast.dump`` takes. The stack is our own: a sum
    of a thousand strings is deeper than Python's. No two trees give the same tokens: a node's type
    fixes the number of its fields, a list tells its length, names and constants are quoted.
    """
    tokens: list[str] = []
    stack: list[object] = [root]
    write, pop, push, extend, shapes = tokens.append, stack.pop, stack.append, stack.extend, _shapes
    while stack:
        item = pop()
        kind = item.__class__
        shape = shapes[kind]
        if shape is not None:
            write(shape.name)
            if shape.width == 1:
                push(shape.fields(item))
            elif shape.width:
                extend(shape.fields(item))
        elif isinstance(item, (list, tuple)):
            write(f"[{len(item)}")
            extend(item)
        elif isinstance(item, int) and item >= _LONG:
            write(hex(item))
        else:
            write(repr(item))
    return tokens


class _Shape:
    """How nodes of one type are written; made once a type, read once a node."""

    __slots__ = ("fields", "name", "width")

    def __init__(self, kind: type[ast.AST]) -> None:
        names = [name for name in kind._fields if name not in _IGNORED and name not in _NEWER]
        self.name = kind.__name__
        self.width = len(names)
        self.fields: Callable[[object], tuple[object, ...]] = (
            attrgetter(*names) if names else lambda _: ()
        )
        if issubclass(kind, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)) or any(
            name in kind._fields for name in _NEWER
        ):
            self.width = 2  # any number but 1
            self.fields = _careful_fields(names)
        elif kind is ast.JoinedStr:
            self.fields = _filled_values


class _Shapes(dict[type, _Shape | None]):
    def __missing__(self, kind: type) -> _Shape | None:
        self[kind] = shape = _Shape(kind) if issubclass(kind, ast.AST) else None
        return shape


_shapes = _Shapes()


def _careful_fields(names: list[str]) -> Callable[[object], tuple[object, ...]]:
    """Return a getter that drops the docstring, and writes newer fields only where they are set."""

    def fields(node: object) -> tuple[object, ...]:
        values = [
            without_docstring(node) if name == "body" else getattr(node, name) for name in names
        ]
        for name in _NEWER:
            if value := getattr(node, name, None):
                values += [value, f"+{name}"]
        return tuple(values)

    return fields


def _filled_values(node: object) -> tuple[object, ...]:
    """Return the parts of an f-string; some releases of Python 3.12 see an empty one at its end."""
    values: list[ast.expr] = getattr(node, "values", [])
    return tuple(v for v in values if not (isinstance(v, ast.Constant) and v.value == ""))


def without_docstring(node: object) -> list[ast.stmt]:
    """Return the body of a definition from its first statement that does something."""
    body: list[ast.stmt] = getattr(node, "body", [])
    match body:
        case [ast.Expr(value=ast.Constant(value=str())), *rest]:
            return rest
        case _:
            return body
