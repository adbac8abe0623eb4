"""Finds the text of one test function in a test file."""

import ast


def function_text(text: str, node_id: str) -> str | None:
    """Return the lines of the function that a node id names, with its decorators; None: not there.

    ``tests/test_a.py::TestB::test_c[x-1]`` names ``test_c`` of ``TestB``. Of two of one name the
    last counts, as it does for Python.
    """
    try:
        body: list[ast.stmt] = ast.parse(text).body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None
    *classes, name = _names(node_id)
    for each in classes:
        found = [node for node in body if isinstance(node, ast.ClassDef) and node.name == each]
        body = found[-1].body if found else []
    functions = [
        node
        for node in body
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.name == name
    ]
    return _lines_of(functions[-1], text) if functions else None


def _names(node_id: str) -> list[str]:
    return node_id.partition("::")[2].partition("[")[0].split("::")


def _lines_of(node: ast.FunctionDef | ast.AsyncFunctionDef, text: str) -> str:
    first = min([node.lineno, *(each.lineno for each in node.decorator_list)])
    # As `ast` counts them: a form feed or a Unicode line separator ends no line.
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    return "\n".join(lines[first - 1 : node.end_lineno])
