"""A module under search: the imported object, its syntax tree, how its names are referred to."""

from __future__ import annotations

import ast
import builtins
import sys
import types
from typing import NamedTuple

from . import foreign


class ModuleSource(NamedTuple):
    """The module as imported and as written; ``root`` is the directory of the project's files."""

    name: str
    path: str
    module: types.ModuleType
    tree: ast.Module
    root: str

    @property
    def names(self) -> dict[str, object]:
        """The module's own namespace."""
        return self.module.__dict__


class Reference(NamedTuple):
    """How a test says the name of a thing: an expression and the import it needs."""

    source: str
    imports: tuple[str, ...] = ()


def reference_to(module: str, qualname: str) -> Reference:
    """Refer to a name of a module; names that ``import`` cannot bind safely go by attribute."""
    top = qualname.partition(".")[0]
    if top.startswith("__"):
        return Reference(f"{module}.{qualname}", (f"import {module}",))
    return Reference(qualname, (f"from {module} import {top}",))


def reference_to_class(kind: type) -> Reference | None:
    """Refer to a class by the shortest module that exports it; None when it has no such name."""
    qualname, module = kind.__qualname__, kind.__module__
    if getattr(builtins, qualname, None) is kind:
        return Reference(qualname)
    if "<" in qualname:
        return None
    parts = module.split(".")
    candidates = [module]
    if parts[0] in sys.stdlib_module_names if hasattr(sys, "stdlib_module_names") else False:
        candidates = [".".join(parts[: count + 1]) for count in range(len(parts))]
    for candidate in candidates:
        if _lookup(sys.modules.get(candidate), qualname) is kind:
            return reference_to(candidate, qualname)
    return None


def _lookup(owner: object, qualname: str) -> object:
    for part in qualname.split("."):
        owner = getattr(owner, part, None)
    return owner


class Namespaces:
    """Fresh namespaces that hold the given imports, executed once for each set of lines."""

    def __init__(self) -> None:
        self._made: dict[tuple[str, ...], dict[str, object]] = {}

    def fresh(self, imports: tuple[str, ...]) -> dict[str, object]:
        """Return a new namespace; raises what the imports raise."""
        if imports not in self._made:
            namespace: dict[str, object] = {}
            for line in imports:
                foreign.execute(line, namespace)
            self._made[imports] = namespace
        return dict(self._made[imports])
