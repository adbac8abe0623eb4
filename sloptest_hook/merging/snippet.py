"""A candidate as one small file, and the formatted file as a candidate again."""

import ast

from sloptest_hook.merging.collected import shape_of
from sloptest_hook.merging.document import parse, with_newlines
from sloptest_hook.values.candidate import Candidate, SupportCode, WrittenTest
from sloptest_hook.values.records import replace

_IMPORT = (ast.Import, ast.ImportFrom)


def joined(candidate: Candidate) -> str:
    """Return imports, support and tests as a file."""
    imports = "\n".join(statement.strip() for statement in candidate.imports)
    codes = [imports, *(with_newlines(piece.code).strip("\n") for piece in candidate.pieces)]
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
    pieces = [codes[i] for i, node in enumerate(new) if not isinstance(node, _IMPORT)]
    names = [piece.name for piece in candidate.pieces]
    if len(pieces) != len(names):
        return candidate
    named = list(zip(names, pieces, strict=True))
    first = len(candidate.support)
    return replace(
        candidate,
        imports=tuple(imports),
        support=tuple(SupportCode(*each) for each in named[:first]),
        tests=tuple(WrittenTest(*each) for each in named[first:]),
    )


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
