"""Which expressions of a source denote the target's symbol."""

import ast
import copy
from collections.abc import Iterator, Sequence

from sloptest_hook.generation.offline.fragments import one_line
from sloptest_hook.generation.offline.slices import Site
from sloptest_hook.values.plan import Target
from sloptest_hook.values.records import dataclass


@dataclass(frozen=True, slots=True)
class Callees:
    """The spellings, in one source, of the top-level name that the symbol hangs on.

    ``spellings`` of ``shop.cart.Cart.add`` may be ``Cart``, ``c.Cart``, ``shop.cart.Cart``.
    """

    qualname: str
    spellings: frozenset[str]

    def is_call_of_symbol(self, site: Site) -> bool:
        """Say whether the call is one of the symbol, by what its receiver was made with."""
        owner, _, name = self.qualname.rpartition(".")
        called = site.call.func
        if not owner or name == "__init__":
            return self._denotes(called, owner or name)
        if name == "__call__":
            return self._is_instance(called, owner, site)
        match called:
            case ast.Attribute(value=receiver, attr=attribute) if attribute == name:
                return self._denotes(receiver, owner) or self._is_instance(receiver, owner, site)
            case _:
                return False

    @property
    def words(self) -> frozenset[str]:
        """The last words that a call of the symbol can have; the empty one stands for any."""
        owner, _, name = self.qualname.rpartition(".")
        if name == "__call__":
            return frozenset({""})
        if owner and name != "__init__":
            return frozenset({name})
        inner = self.qualname.removesuffix(".__init__").partition(".")[2]
        called = {inner} if inner else self.spellings
        return frozenset(each.rpartition(".")[2] for each in called)

    def canonical(self, node: ast.AST) -> str:
        """Return the code with the plain name for each spelling: ``c.total(1)`` -> ``total(1)``."""
        name = self.qualname.partition(".")[0]
        plain: ast.AST = _Canonical(self.spellings, name).visit(copy.deepcopy(node))
        return one_line(plain)

    def _denotes(self, node: ast.expr, qualname: str) -> bool:
        rest = qualname.partition(".")[2]
        wanted = {f"{spelling}.{rest}" if rest else spelling for spelling in self.spellings}
        return isinstance(node, ast.Name | ast.Attribute) and ast.unparse(node) in wanted

    def _is_instance(self, node: ast.expr, owner: str, site: Site) -> bool:
        """Say whether a value comes from the class: ``Cart(3)``, ``Cart.parse("x")``."""
        match node:
            case ast.Call(func=ast.Attribute(value=made_by) as called):
                return self._denotes(called, owner) or self._denotes(made_by, owner)
            case ast.Call(func=ast.Name() as called):
                return self._denotes(called, owner)
            case ast.Name(id=name):
                value = _last_value(name, site.before)
                return isinstance(value, ast.Call) and self._is_instance(value, owner, site)
            case _:
                return False


def callees(
    target: Target, imports: Sequence[ast.Import | ast.ImportFrom], *, own: bool
) -> Callees:
    """Return the spellings that a source's imports give; ``own``: it is the symbol's module."""
    root = target.symbol.qualname.partition(".")[0]
    found = {root} if own else set()
    for node in imports:
        if isinstance(node, ast.Import):
            found.update(_by_import(node, target.module, root))
        else:
            found.update(_by_import_from(node, target.module, root))
    return Callees(target.symbol.qualname, frozenset(found))


def _by_import(node: ast.Import, module: str, root: str) -> Iterator[str]:
    for alias in node.names:
        if _leads_to(alias.name, module):
            yield f"{alias.asname or alias.name}.{root}"


def _by_import_from(node: ast.ImportFrom, module: str, root: str) -> Iterator[str]:
    """Yield spellings; a package that holds the module may well pass the name on."""
    source = node.module or ""
    for alias in node.names:
        name = alias.asname or alias.name
        if alias.name in (root, "*") and _leads_to(source, module, relative=node.level > 0):
            yield root if alias.name == "*" else name
        path = f"{source}.{alias.name}".strip(".")
        if path == module or (node.level and f".{module}".endswith(f".{path}")):
            yield f"{name}.{root}"


def _leads_to(source: str, module: str, *, relative: bool = False) -> bool:
    if relative:
        return f".{module}".endswith(f".{source}") if source else True
    return f"{module}.".startswith(f"{source}.")


def _last_value(name: str, before: Sequence[ast.stmt]) -> ast.expr | None:
    for statement in reversed(before):
        match statement:
            case ast.Assign(targets=[ast.Name(id=bound)], value=value) if bound == name:
                return value
            case ast.AnnAssign(target=ast.Name(id=bound), value=value) if bound == name:
                return value
    return None


class _Canonical(ast.NodeTransformer):
    def __init__(self, spellings: frozenset[str], name: str) -> None:
        self.spellings = spellings
        self.name = name

    def visit_Attribute(self, node: ast.Attribute) -> ast.AST:
        return self._plain(node) or self.generic_visit(node)

    def visit_Name(self, node: ast.Name) -> ast.AST:
        return self._plain(node) or node

    def _plain(self, node: ast.Attribute | ast.Name) -> ast.Name | None:
        if isinstance(node.ctx, ast.Load) and ast.unparse(node) in self.spellings:
            return ast.Name(self.name, node.ctx)
        return None
