"""What the names of a test file stand for, so that new code means the same in it."""

import ast
from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace

from sloptest_hook.merging.clashes import alias_of, is_collected
from sloptest_hook.merging.collected import FunctionNode, collected_functions, shape_of
from sloptest_hook.merging.document import Document, defined_names, global_names
from sloptest_hook.merging.imports import ImportedName, imported_names, typing_only_names


@dataclass(slots=True)
class FileNames:
    """What the file's names stand for; grows while candidates are fitted.

    ``defined`` are those that stand for something else than an import, at last or for a while.
    """

    taken: set[str]
    defined: frozenset[str]
    imported: list[ImportedName]
    typing_only: list[ImportedName]
    functions: set[str]
    shapes: set[str]
    is_empty: bool

    @classmethod
    def of(cls, document: Document) -> "FileNames":
        nodes = list(ast.walk(document.tree))
        elsewhere = {name for n in nodes if isinstance(n, ast.Global) for name in n.names}
        body = document.tree.body
        lasting = lasting_imports(body, elsewhere)
        lost = {name.bound for name in imported_names(body)} - {name.bound for name in lasting}
        return cls(
            set(global_names(document.scope)),
            defined_names(body) | elsewhere | lost,
            lasting,
            list(typing_only_names(document.tree.body)),
            {node.name for node in nodes if isinstance(node, FunctionNode)},
            set(map(shape_of, collected_functions(document.tree.body))),
            is_empty=not document.tree.body,
        )

    def resolve(
        self, wanted: ImportedName, words: Collection[str], local: Collection[str]
    ) -> tuple[ImportedName, bool]:
        """Return the import under the name that the new code must use, and whether it is new.

        ``words`` are in use in the new code: no alias. Those that are ``local`` in its functions
        would hide an import of that name.
        """
        known = [name for name in self.imported if name.means(wanted)]
        unlike = [n for n in self.imported if n.bound not in local and n.bound != wanted.bound]
        for name in known:
            if name.bound == wanted.bound and _provides(name, wanted):
                return name, False
        habits = (n for n in unlike if n.name is None and n.alias and n.means(wanted))
        if wanted.name is None and (habit := next(habits, None)):  # import numpy as np
            return habit, False
        if self._is_free(wanted, known):
            return wanted, True
        aliased = replace(wanted, alias=alias_of(wanted, self.taken.union(words)))
        other_name = next((name for name in unlike if name.means(aliased)), None)
        return (aliased, True) if other_name is None else (other_name, False)

    def _is_free(self, wanted: ImportedName, known: Iterable[ImportedName]) -> bool:
        if wanted.name is not None and is_collected(wanted.bound):
            return False
        if wanted.bound not in self.taken:
            return True
        others = {name.bound for name in self.imported if not name.means(wanted)}
        if wanted.bound in others | self.defined:
            return False
        same = {name.bound for name in (*known, *self.typing_only) if name.means(wanted)}
        starred = any(n.name == "*" and n.module == wanted.module for n in self.imported)
        return wanted.bound in same or starred


def lasting_imports(body: Iterable[ast.stmt], elsewhere: Collection[str]) -> list[ImportedName]:
    """Return the imports whose names no later statement gives another meaning, or deletes.

    ``elsewhere`` are names that functions declare global, which says that they assign them. An
    assignment within the statement that imports is a fallback: ``except ImportError``.
    """
    lasting: list[ImportedName] = []
    for node in body:
        imported = list(imported_names([node]))
        meanings = {name.bound: name.meaning for name in imported}
        assigned = defined_names([node]) - meanings.keys()
        lasting = [
            name
            for name in lasting
            if name.bound not in assigned and meanings.get(name.bound, name.meaning) == name.meaning
        ]
        lasting += imported
    return [name for name in lasting if name.bound not in elsewhere]


def _provides(name: ImportedName, wanted: ImportedName) -> bool:
    """Return whether the import also loads the submodule: ``import a`` does not load ``a.b``."""
    if wanted.name is None and wanted.alias is None:
        return name.alias is None and f"{name.module}.".startswith(f"{wanted.module}.")
    return True
