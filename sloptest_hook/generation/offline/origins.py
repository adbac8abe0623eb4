"""Where a name comes from: the import statement that brings it into a test file."""

import ast
import builtins
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache

from sloptest_hook.generation.offline.fragments import parse_statements
from sloptest_hook.generation.offline.layout import LINE_LENGTH
from sloptest_hook.values.plan import Target
from sloptest_hook.values.records import dataclass

BUILTINS = frozenset(dir(builtins))


@dataclass(frozen=True, slots=True)
class Origin:
    """One imported name: ``from <module> import <attribute> as <name>``.

    ``attribute`` is empty for ``import <module>``, whose ``name`` is the part before the first dot
    unless it has an alias.
    """

    name: str
    module: str
    attribute: str = ""

    def agrees_with(self, other: "Origin") -> bool:
        """Say whether both can stand in one file: ``import a.b`` beside ``import a.c`` can."""
        plain = not (self.attribute or other.attribute)
        roots = (self.module.partition(".")[0], other.module.partition(".")[0])
        return self == other or (plain and roots == (self.name, other.name))


def import_statements(origins: Iterable[Origin]) -> tuple[str, ...]:
    """Return one statement a module, names in isort's order: ``MAX``, ``Cart``, ``total``."""
    modules: list[str] = []
    names: dict[str, list[Origin]] = {}
    for origin in sorted(set(origins), key=_reading_order):
        if origin.attribute:
            names.setdefault(origin.module, []).append(origin)
        else:
            modules.append(f"import {_with_alias(origin.module, origin)}")
    return (*modules, *(_from_import(module, names[module]) for module in sorted(names)))


def imported(statements: Iterable[str]) -> Iterator[Origin]:
    """Yield what import statements bind; a relative or star import binds nothing here."""
    for statement in statements:
        for node in parse_statements(statement) or ():
            yield from _bound_by(node, package="")


def origins_in_module(target: Target) -> Mapping[str, Origin]:
    """Return the names at the top level of the target's module and where to import them from.

    What the module itself imports is imported from where it has it from, as a person would; a name
    that is bound in two ways (``try: import a``, ``except ImportError: a = None``) from the module.
    """
    return _in_module(target.source, target.module, _package(target))


@lru_cache(maxsize=64)
def _in_module(source: str, module: str, package: str) -> Mapping[str, Origin]:
    found: dict[str, Origin] = {}
    for origin in _bound_in(source, module, package):
        known = found.setdefault(origin.name, origin)
        if not known.agrees_with(origin):
            found[origin.name] = Origin(origin.name, module, origin.name)
    return found


def well_known(name: str) -> Origin | None:
    """Return the origin of pytest and of the standard library's modules."""
    return Origin(name, name) if name == "pytest" or name in sys.stdlib_module_names else None


def must_stay_in_module(origin: Origin) -> bool:
    """Say whether a name cannot be imported by itself.

    pytest collects whatever is called ``test...``, a name with two leading underscores is mangled
    as soon as the test stands in a class, and one like ``list`` would hide the builtin.
    """
    return bool(origin.attribute) and (
        origin.name.startswith(("test", "Test", "__")) or origin.name in BUILTINS
    )


def _reading_order(origin: Origin) -> tuple[str, bool, bool, str]:
    name = origin.attribute
    return (origin.module, not name.isupper(), not name[:1].isupper(), name)


def _from_import(module: str, origins: Sequence[Origin]) -> str:
    names = [_with_alias(origin.attribute, origin) for origin in origins]
    statement = f"from {module} import {', '.join(names)}"
    if len(statement) <= LINE_LENGTH:
        return statement
    return "\n".join([f"from {module} import (", *(f"    {name}," for name in names), ")"])


def _with_alias(imported_name: str, origin: Origin) -> str:
    bound = imported_name if origin.attribute else imported_name.partition(".")[0]
    return imported_name if origin.name == bound else f"{imported_name} as {origin.name}"


def _package(target: Target) -> str:
    """Return the package that relative imports of the module start from."""
    is_package = target.symbol.path.name == "__init__.py"
    return target.module if is_package else target.module.rpartition(".")[0]


def _bound_in(source: str, module: str, package: str) -> Iterator[Origin]:
    for node in _top_level(parse_statements(source) or ()):
        yield from _bound_by(node, package)
        for name in _defined_by(node):
            yield Origin(name, module, name)


def _bound_by(node: ast.stmt, package: str) -> Iterator[Origin]:
    match node:
        case ast.Import(names=aliases):
            for alias in aliases:
                yield Origin(alias.asname or alias.name.partition(".")[0], alias.name)
        case ast.ImportFrom(module=module, names=aliases, level=level):
            source = _absolute(module or "", level, package)
            for alias in aliases if source else ():
                if alias.name != "*":
                    yield Origin(alias.asname or alias.name, source, alias.name)
        case _:
            pass


def _absolute(module: str, level: int, package: str) -> str:
    """Return the absolute name of a relative import's module, empty when it leads nowhere."""
    if not level:
        return module
    parts = package.split(".") if package else []
    if level > len(parts):
        return ""
    return ".".join([*parts[: len(parts) - level + 1], *([module] if module else [])])


def _top_level(nodes: Iterable[ast.stmt]) -> Iterator[ast.stmt]:
    """Yield statements of the module's scope, those under ``if`` and ``try`` too."""
    for node in nodes:
        yield node
        match node:
            case ast.If(body=body, orelse=other):
                yield from _top_level([*body, *other])
            case ast.Try(body=body, handlers=handlers, orelse=other, finalbody=last):
                handled = [statement for handler in handlers for statement in handler.body]
                yield from _top_level([*body, *handled, *other, *last])
            case ast.With(body=body):
                yield from _top_level(body)
            case _:
                pass


def _defined_by(node: ast.stmt) -> Iterator[str]:
    match node:
        case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name) | ast.ClassDef(name=name):
            yield name
        case ast.Assign(targets=targets):
            yield from (
                part.id for t in targets for part in ast.walk(t) if isinstance(part, ast.Name)
            )
        case ast.AnnAssign(target=ast.Name(id=name)):
            yield name
        case _:
            pass
