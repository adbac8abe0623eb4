"""Takes a test file apart into statements: which names each binds, when it runs unasked."""

import ast
import sys
from collections.abc import Iterable, Iterator, Mapping
from pathlib import PurePosixPath

from sloptest_hook.symbols.effects import Origins, defaults_of, has_effect
from sloptest_hook.symbols.mentions import Mentions, last_name, mentions_of
from sloptest_hook.symbols.statements import Kind, Statement, Statements, imported_names

_Function = ast.FunctionDef | ast.AsyncFunctionDef
# Called by pytest, unittest or Python, whoever mentions them.
_CALLED = frozenset(
    {"setup_module", "teardown_module", "setup_function", "teardown_function", "load_tests"}
    | {"setUpModule", "tearDownModule", "pytestmark", "pytest_plugins", "collect_ignore"}
    | {"collect_ignore_glob", "__getattr__", "__dir__", "__test__"}
)
_CALLED_OF_A_CLASS = frozenset(
    {"setup_method", "teardown_method", "setup_class", "teardown_class", "setup", "teardown"}
    | {"setUp", "tearDown", "setUpClass", "tearDownClass", "asyncSetUp", "asyncTearDown"}
    # What unittest's own methods call.
    | {"run", "debug", "runTest", "id", "shortDescription", "fail", "doCleanups", "skipTest"}
    | {"defaultTestResult", "countTestCases", "subTest", "addCleanup", "doClassCleanups"}
)


def statements_of(path: PurePosixPath, tree: ast.Module) -> Statements:
    """Return the statements of a file that was parsed."""
    origins = Origins(tree)
    found: list[Statement] = []
    for node in _flat(tree.body):
        found += _statements(node, origins, len(found))
    _mark_registering(found, origins)
    _mark_unmentioned_imports(found)
    return Statements(path, tuple(found), origins)


def _flat(body: Iterable[ast.stmt]) -> Iterator[ast.stmt]:
    """Yield statements; those that only a type checker reads as if they were any others."""
    for node in body:
        match node:
            case ast.If(test=test, body=inner, orelse=[]) if last_name(test) == "TYPE_CHECKING":
                yield from _flat(inner)
            case ast.Expr(value=ast.Constant()) | ast.Pass():
                pass
            case _:
                yield node


def _statements(node: ast.stmt, origins: Origins, position: int) -> Iterator[Statement]:
    match node:
        case ast.Import() | ast.ImportFrom():
            yield from _imports(node, position)
        case ast.FunctionDef() | ast.AsyncFunctionDef():
            yield _function(node, origins, position)
        case ast.ClassDef():
            yield _class(node, origins, position)
        case _:
            yield _plain(node, origins, position)


def _imports(node: ast.Import | ast.ImportFrom, position: int) -> Iterator[Statement]:
    for each in imported_names(node):
        bound = each.bound
        always = each.name == "*" or each.module == "__future__" or _is_called(bound)
        yield Statement(
            node, Kind.IMPORT, (bound,), position, Mentions(), is_always=always, imported=each
        )
        position += 1


def _function(node: _Function, origins: Origins, position: int) -> Statement:
    mentions = mentions_of([node])
    test = node.name.startswith("test")
    strange = origins.calls_strangers(defaults_of(node))
    if not test:
        strange |= not all(map(origins.is_harmless, node.decorator_list))
    early = [*node.decorator_list, *defaults_of(node)]
    return Statement(
        node,
        Kind.FUNCTION,
        tuple(dict.fromkeys((node.name, *_fixture_names(node), *sorted(mentions.rebound)))),
        position,
        mentions,
        is_always=strange or _is_called(node.name) or _is_autouse(node),
        runs=frozenset(mentions_of(early).names) if early else frozenset(),
        is_decorated=bool(node.decorator_list),
    )


def _is_called(name: str) -> bool:
    return name in _CALLED or name.startswith("pytest_")


def _class(node: ast.ClassDef, origins: Origins, position: int) -> Statement:
    members: list[Statement] = []
    for each in _flat(node.body):
        members += _statements(each, origins, len(members))
    for member in members:
        member.is_always = _is_always_of_a_class(member)
    outer: list[ast.AST] = [*node.keywords, *node.decorator_list, *getattr(node, "type_params", [])]
    simple = [each for each in node.bases if isinstance(each, ast.Name | ast.Attribute)]
    mentions = mentions_of([*outer, *(each for each in node.bases if each not in simple)])
    early = mentions_of([*node.bases, *outer]).names
    early.update(name for m in members for name in _read_early(m))
    made = Statement(
        node,
        Kind.CLASS,
        (node.name,),
        position,
        mentions,
        runs=frozenset(early),
        bases=tuple(node.bases),
        keywords=tuple(node.keywords),
        members=tuple(members),
        is_decorated=bool(node.decorator_list),
    )
    made.is_always = not all(map(origins.is_harmless, node.decorator_list)) or any(
        m.kind is Kind.OTHER and not isinstance(m.node, ast.Assign | ast.AnnAssign) for m in members
    )
    for member in members:
        member.owner = made
    return made


def _is_always_of_a_class(member: Statement) -> bool:
    name = member.names[0] if member.names else ""
    dunder = name.startswith("__") and name.endswith("__")
    called = dunder or name in _CALLED_OF_A_CLASS or name.startswith(("assert", "pytest_"))
    if member.kind is Kind.FUNCTION:
        return member.is_always or called
    return not (member.kind is Kind.CLASS and member.is_test)


def _read_early(member: Statement) -> Iterable[str]:
    return member.mentions.names if member.kind is Kind.OTHER else member.runs


def _plain(node: ast.stmt, origins: Origins, position: int) -> Statement:
    """Return the statement of any other kind, a compound one as a whole."""
    names = tuple(dict.fromkeys(_bound(node)))
    mentions = mentions_of([node])
    effect = not _is_script(node) and has_effect(node, origins)
    if "__all__" in names:  # a list of what there is, not a use of it
        mentions.words.clear()
    if "pytest_plugins" in names:
        mentions.imports_any |= _plugins(node, mentions)
    return Statement(
        node,
        Kind.OTHER,
        names,
        position,
        mentions,
        is_always=effect or any(map(_is_called, names)),
        runs=frozenset(mentions.names),
        has_effect=effect,
    )


def _plugins(node: ast.stmt, mentions: Mentions) -> bool:
    """Add the modules that a ``pytest_plugins`` names; say whether it may name others."""
    parts = list(ast.walk(node))
    mentions.dotted.clear()
    mentions.plugins.update(
        each.value
        for each in parts
        if isinstance(each, ast.Constant) and isinstance(each.value, str)
    )
    return any(isinstance(each, ast.Call | ast.comprehension | ast.JoinedStr) for each in parts)


def _is_script(node: ast.stmt) -> bool:
    match node:
        case ast.If(test=ast.Compare(left=ast.Name(id="__name__")), orelse=[]):
            return True
        case _:
            return False


def _bound(statement: ast.stmt) -> Iterator[str]:
    """Yield the names that a statement binds or takes away, those of its blocks among them."""
    stack: list[ast.AST] = [statement]
    while stack:
        node = stack.pop()
        match node:
            case ast.Name(id=name, ctx=ast.Store() | ast.Del()):
                yield name
            case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name):
                yield name
                continue
            case ast.ClassDef(name=name):
                yield name
                continue
            case ast.alias(name=name, asname=asname):
                yield asname or name.partition(".")[0]
            case (
                ast.ExceptHandler(name=str(name))
                | ast.MatchAs(name=str(name))
                | ast.MatchStar(name=str(name))
                | ast.MatchMapping(rest=str(name))
            ):
                yield name
            case _:
                pass
        stack.extend(ast.iter_child_nodes(node))


def _fixture_names(node: _Function) -> Iterator[str]:
    for keyword in _keywords(node):
        if keyword.arg == "name" and isinstance(keyword.value, ast.Constant):
            yield str(keyword.value.value)


def _is_autouse(node: _Function) -> bool:
    """Say whether a fixture is used unasked, or by a name that is not written down."""
    for each in _keywords(node):
        said = each.value.value if isinstance(each.value, ast.Constant) else None
        if each.arg is None or (each.arg == "autouse" and said is not False):
            return True
        if each.arg == "name" and _is_fixture(node) and said is None:
            return True
    return False


def _is_fixture(node: _Function) -> bool:
    return any(last_name(each) == "fixture" for each in node.decorator_list)


def _keywords(node: _Function) -> Iterator[ast.keyword]:
    for decorator in node.decorator_list:
        if isinstance(decorator, ast.Call):
            yield from decorator.keywords


def _mark_registering(found: list[Statement], origins: Origins) -> None:
    """Mark classes that may make themselves known to others by being defined."""
    classes = {each.names[0]: each for each in found if each.kind is Kind.CLASS}
    for each in found:
        if each.kind is Kind.CLASS and _registers(each, classes, origins, frozenset()):
            each.is_always = True


def _registers(
    each: Statement,
    classes: Mapping[str, Statement],
    origins: Origins,
    seen: frozenset[str],
) -> bool:
    if any(
        word.arg == "metaclass" and last_name(word.value) != "ABCMeta" for word in each.keywords
    ):
        return True
    for base in each.bases:
        name = base.id if isinstance(base, ast.Name) else ""
        if name in classes and name not in seen:
            own = any("__init_subclass__" in m.names for m in classes[name].members)
            if own or _registers(classes[name], classes, origins, seen | {name}):
                return True
        elif not each.is_test_class and not origins.is_harmless(base):
            return True
    return False


def _mark_unmentioned_imports(found: list[Statement]) -> None:
    """Mark imports whose name nobody mentions: those are there for what they do."""
    said: set[str] = set()
    for each in _with_members(found):
        said |= each.mentions.names | each.mentions.words | each.mentions.arguments
        said.update(last_name(base) for base in each.bases)
        said |= each.runs
    for each in found:
        if each.imported is not None and said.isdisjoint(each.names):
            top = each.imported.module.partition(".")[0]
            each.is_unmentioned = top not in sys.stdlib_module_names


def _with_members(found: Iterable[Statement]) -> Iterator[Statement]:
    for each in found:
        yield each
        yield from _with_members(each.members)
