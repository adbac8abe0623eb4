"""A module under search: the imported object, its syntax tree, how its names are referred to."""

from __future__ import annotations

import ast
import builtins
import sys
import types
from typing import NamedTuple

from . import foreign
from .ownership import is_project, module_name, qualified_name


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

    def checking_names(self) -> dict[str, object]:
        """Return what the module imports for its annotations only, under ``if TYPE_CHECKING``."""
        if self.name not in _CHECKING:
            blocks = [each for each in self.tree.body if isinstance(each, ast.If)]
            found: dict[str, object] = {}
            for block in blocks:
                if "TYPE_CHECKING" in ast.unparse(block.test):
                    for line in block.body:
                        with foreign.Bounded(_IMPORT_SECONDS):
                            foreign.execute(ast.unparse(line), found)
            found.pop("__builtins__", None)
            _CHECKING[self.name] = found
        return _CHECKING[self.name]


_CHECKING: dict[str, dict[str, object]] = {}  # by module; one import of each is enough
_IMPORT_SECONDS = 0.3


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
    """Refer to a class by the shortest module that exports it; None when it has no such name.

    Private names of other people's packages count as none: they differ between versions.
    """
    qualname, module = qualified_name(kind), module_name(kind)
    if getattr(builtins, qualname, None) is kind:
        return Reference(qualname)
    if not module or "<" in qualname:
        return None
    own, parts = is_project(kind), module.split(".")
    candidates = [module] if own else [".".join(parts[: n + 1]) for n in range(len(parts))]
    for candidate in candidates:
        private = _is_private(f"{candidate}.{qualname}") and not own
        if not private and _lookup(sys.modules.get(candidate), qualname) is kind:
            return reference_to(candidate, qualname)
    return None


def _is_private(name: str) -> bool:
    return any(part.startswith("_") for part in name.split("."))


def _lookup(owner: object, qualname: str) -> object:
    for part in qualname.split("."):
        owner = foreign.attribute(owner, part)
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
