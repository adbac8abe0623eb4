"""A candidate as one small file, and the formatted file as a candidate again."""

import ast

from sloptest_hook.merging.collected import shape_of
from sloptest_hook.merging.document import parse, with_newlines
from sloptest_hook.values.candidate import Candidate, WrittenTest
from sloptest_hook.values.records import replace

_FUNCTION = (ast.FunctionDef, ast.AsyncFunctionDef)
_IMPORT = (ast.Import, ast.ImportFrom)


def joined(candidate: Candidate) -> str:
    """Return imports and tests as a file."""
    imports = "\n".join(statement.strip() for statement in candidate.imports)
    codes = [imports, *(with_newlines(test.code).strip("\n") for test in candidate.tests)]
    return "\n\n\n".join(code for code in codes if code) + "\n"


def parted(text: str, candidate: Candidate) -> Candidate:
    """Return the candidate in the words of ``text``; as it is if the code is not the same."""
    text = with_newlines(text)
    try:
        new, old = parse(text).body, parse(joined(candidate)).body
    except (SyntaxError, ValueError):
        return candidate
    if list(map(_shape, new)) != list(map(_shape, old)):
        return candidate
    codes = _sources(text, new)
    imports = [codes[i].strip() for i, node in enumerate(new) if isinstance(node, _IMPORT)]
    functions = [codes[i] for i, node in enumerate(new) if isinstance(node, _FUNCTION)]
    if len(functions) != len(candidate.tests) or len(imports) + len(functions) != len(new):
        return candidate
    tests = [
        WrittenTest(test.name, code) for test, code in zip(candidate.tests, functions, strict=True)
    ]
    return replace(candidate, imports=tuple(imports), tests=tuple(tests))


def _shape(node: ast.stmt) -> str:
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
        return f"{node.name} {shape_of(node)}"
    return ast.dump(node)


def _sources(text: str, body: list[ast.stmt]) -> list[str]:
    """Return the lines of each statement with the comments above it."""
    lines = text.split("\n")
    sources: list[str] = []
    done = 0
    for node in body:
        end = node.end_lineno or node.lineno
        sources.append("\n".join(lines[done:end]).strip("\n") + "\n")
        done = end
    return sources
