"""Top-level statements of a test file: which names they bind, which they mention, what they are."""

import ast
from collections.abc import Iterable, Iterator

from sloptest_hook.symbols.fingerprint import class_header, digest, tokens_of
from sloptest_hook.values.records import dataclass

_Function = ast.FunctionDef | ast.AsyncFunctionDef
_Definition = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef
# Called by pytest or unittest, whoever mentions them.
_CALLED = frozenset(
    {"setup_module", "teardown_module", "setup_function", "teardown_function", "load_tests"}
    | {"setUpModule", "tearDownModule", "pytestmark", "pytest_plugins", "collect_ignore"}
    | {"__getattr__"}
)
_CALLED_OF_A_CLASS = frozenset(
    {"setup_method", "teardown_method", "setup_class", "teardown_class", "setup", "teardown"}
    | {"setUp", "tearDown", "setUpClass", "tearDownClass", "asyncSetUp", "asyncTearDown"}
    | {"pytestmark", "__init__", "__new__", "__getattr__", "addCleanup"}
)


@dataclass(frozen=True, slots=True)
class Binding:
    """One statement at module level.

    ``label`` tells it from others of its file wherever it stands, ``text`` stands for all that it
    does. ``imports`` has ``(level, module, name, alias)`` for each name that it imports, "" as name
    of a whole module. ``members`` are the statements of a class, ``header`` what is said of it.
    """

    names: tuple[str, ...]
    label: str
    text: str
    mentions: frozenset[str]
    is_fixture: bool = False
    is_always: bool = False
    imports: tuple[tuple[int, str, str, str], ...] = ()
    header: "Binding | None" = None
    members: "tuple[Binding, ...]" = ()

    def defines(self, parts: list[str]) -> bool:
        """Say whether the statement holds the function that the parts of a node id name."""
        if len(parts) == 1:
            return parts[0] in self.names
        # A test that is inherited stands in another class.
        return bool(self.members) and parts[0] in self.names

    def reduced(self, parts: list[str]) -> "Binding":
        """Return the statement with only what one test of a class uses of the class."""
        if len(parts) == 1 or self.header is None:
            return self
        wanted = {parts[1]}
        kept: dict[str, Binding] = {}
        grown = True
        while grown:
            grown = False
            for each in self.members:
                if each.label in kept or not (each.is_always or wanted & set(each.names)):
                    continue
                kept[each.label] = each
                wanted |= each.mentions
                grown = True
        if not any(parts[1] in each.names for each in kept.values()):
            return self  # inherited: nobody knows what it uses
        used = [self.header, *(each.reduced(parts[1:]) for each in kept.values())]
        return Binding(
            self.names,
            ".".join(parts),
            digest(sorted(each.text for each in used)),
            frozenset(name for each in used for name in each.mentions),
        )


def bindings(body: Iterable[ast.stmt], *, in_class: bool = False) -> tuple[Binding, ...]:
    """Return a binding for each statement, in order; an import gives one for each of its names."""
    found: list[Binding] = []
    for statement in body:
        if isinstance(statement, ast.Import | ast.ImportFrom):
            found += _imports(statement)
        elif isinstance(statement, _Definition):
            found.append(_definition(statement, in_class=in_class))
        elif not _is_docstring(statement):
            found.append(_other(statement, in_class=in_class))
    return tuple(found)


def _imports(statement: ast.Import | ast.ImportFrom) -> Iterator[Binding]:
    for alias in statement.names:
        if isinstance(statement, ast.Import):
            bound = alias.asname or alias.name.partition(".")[0]
            where = (0, alias.name, "", alias.asname or "")
        else:
            bound = alias.asname or alias.name
            where = (statement.level, statement.module or "", alias.name, bound)
        star = alias.name == "*"
        yield Binding((bound,), repr(where), "", frozenset(), is_always=star, imports=(where,))


def _definition(node: _Definition, *, in_class: bool) -> Binding:
    decorators = [_last_name(each) for each in node.decorator_list]
    called = node.name in (_CALLED_OF_A_CLASS if in_class else _CALLED)
    hook = node.name.startswith("pytest_")
    header, members = (
        (_header(node), bindings(node.body, in_class=True))
        if isinstance(node, ast.ClassDef)
        else (None, ())
    )
    return Binding(
        (node.name, *_fixture_names(node)),
        node.name,
        digest(tokens_of(node)),
        frozenset(_mentions(node)),
        is_fixture="fixture" in decorators,
        is_always=called or hook or _is_autouse(node),
        header=header,
        members=members,
    )


def _header(node: ast.ClassDef) -> Binding:
    outer = [*node.bases, *node.keywords, *node.decorator_list]
    names = frozenset(name for each in outer for name in _mentions(each))
    return Binding((), "", digest([class_header(node)]), names)


def _other(statement: ast.stmt, *, in_class: bool) -> Binding:
    """Return the binding of any other statement, compound ones as a whole."""
    names = tuple(dict.fromkeys(_bound(statement)))
    text = digest(tokens_of(statement))
    called = _CALLED_OF_A_CLASS if in_class else _CALLED
    inner = [each for each in ast.walk(statement) if isinstance(each, ast.Import | ast.ImportFrom)]
    mentioned = frozenset(_mentions(statement))
    # What binds no name is there for what it does.
    always = not names or not called.isdisjoint(names) or (in_class and not inner)
    return Binding(names, text, text, mentioned, is_always=always)


def _bound(statement: ast.stmt) -> Iterator[str]:
    """Yield the names that a statement binds at its level, those of its blocks among them."""
    for node in ast.walk(statement):
        match node:
            case ast.Name(id=name, ctx=ast.Store()):
                yield name
            case (
                ast.FunctionDef(name=name)
                | ast.AsyncFunctionDef(name=name)
                | ast.ClassDef(name=name)
            ):
                yield name
            case ast.alias(name=name, asname=asname):
                yield asname or name.partition(".")[0]
            case _:
                pass


def _mentions(tree: ast.AST) -> Iterator[str]:
    """Yield every name that may lead to another statement or a fixture."""
    for node in ast.walk(tree):
        match node:
            case ast.Name(id=name) | ast.Attribute(attr=name) | ast.arg(arg=name):
                yield name
            case ast.Constant(value=str(text)):
                yield from (word for word in text.split(".")[:5] if word.isidentifier())
            case _:
                pass


def _fixture_names(node: _Definition) -> Iterator[str]:
    for decorator in node.decorator_list:
        if isinstance(decorator, ast.Call) and _last_name(decorator) == "fixture":
            for keyword in decorator.keywords:
                if keyword.arg == "name" and isinstance(keyword.value, ast.Constant):
                    yield str(keyword.value.value)


def _is_autouse(node: _Definition) -> bool:
    return any(
        keyword.arg == "autouse"
        for decorator in node.decorator_list
        if isinstance(decorator, ast.Call)
        for keyword in decorator.keywords
    )


def _is_docstring(statement: ast.stmt) -> bool:
    match statement:
        case ast.Expr(value=ast.Constant(value=str())) | ast.Pass():
            return True
        case _:
            return False


def _last_name(node: ast.expr) -> str:
    if isinstance(node, ast.Call):
        return _last_name(node.func)
    if isinstance(node, ast.Attribute):
        return node.attr
    return node.id if isinstance(node, ast.Name) else ""
