"""New members of an import statement of the user's that lists one name on a line."""

import ast
import re
from collections.abc import Sequence

from sloptest_hook.merging.document import Document, Insertion
from sloptest_hook.merging.imports import ImportedName
from sloptest_hook.merging.printing import member_key


def member_insertion(
    document: Document, statements: Sequence[ast.stmt], name: ImportedName
) -> Insertion | None:
    """Return the line that adds the name to a list of its module, None where there is no such.

    That is a statement in parentheses whose last name ends in a comma, so that no line changes.
    """
    for node in statements:
        if isinstance(node, ast.ImportFrom) and _takes(document, node, name):
            return _insertion(document, node, name)
    return None


def _takes(document: Document, node: ast.ImportFrom, name: ImportedName) -> bool:
    module = "." * node.level + (node.module or "")
    return module == name.module and name.name is not None and _is_listed(document, node)


def _is_listed(document: Document, node: ast.ImportFrom) -> bool:
    """Return whether every name has a line of its own that ends in a comma."""
    members = [document.lines[alias.lineno - 1] for alias in node.names]
    rest = document.lines[node.names[-1].lineno : node.end_lineno]
    return (
        len({node.lineno, *(alias.lineno for alias in node.names)}) == len(members) + 1
        and all(re.match(r"\s+\w+(\s+as\s+\w+)?\s*,\s*(#.*)?$", member) for member in members)
        and all(re.match(r"\s*(#.*)?$", line) for line in rest[:-1])
        and rest[-1].lstrip().startswith(")")
    )


def _insertion(document: Document, node: ast.ImportFrom, name: ImportedName) -> Insertion:
    """Return the line in its place among sorted names, else behind them."""
    keys = [member_key(ImportedName(name.module, a.name, a.asname)) for a in node.names]
    key = member_key(name)
    lower = len([each for each in keys if each <= key]) if keys == sorted(keys) else len(keys)
    after = node.names[lower - 1].lineno if lower else node.lineno
    indent = re.match(r"\s*", document.lines[node.names[0].lineno - 1])
    member = f"{name.name} as {name.alias}" if name.alias else str(name.name)
    return Insertion(after, f"{indent[0] if indent else ''}{member},\n")
