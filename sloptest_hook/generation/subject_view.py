"""What a model must see of a symbol to test it: its source marked, what it leans on in short."""

import ast
from collections.abc import Iterable, Iterator, Sequence

from sloptest_hook.values.observed import Observations, ObservedCase, Relation
from sloptest_hook.values.plan import Target

PRIVATE = "# sloptest: private"
_Function = ast.FunctionDef | ast.AsyncFunctionDef
Documented = _Function | ast.ClassDef
_MOST_CALLEES = 12
_MOST_CASES = 12
_MARK_LINES = 10  # of a file, in which a mark is one of the file


def private_reason(target: Target) -> str | None:
    """Return why a symbol stays home: its file, its class or itself carries the mark."""
    lines = target.source.split("\n")
    if any(PRIVATE in line and line.lstrip().startswith("#") for line in lines[:_MARK_LINES]):
        return f"{target.symbol.path} is marked `{PRIVATE}`"
    own = target.symbol.lines
    around = lines[max(0, own.first - 2) : own.last]
    owners = (node for node in path_to(target) if isinstance(node, ast.ClassDef))
    heads = [lines[owner.lineno - 1] for owner in owners]
    return "it is marked `# sloptest: private`" if _marked((*around, *heads)) else None


def _marked(lines: Iterable[str]) -> bool:
    return any(PRIVATE in line for line in lines)


def marked_source(target: Target) -> str:
    """Return the source with line numbers, and ``>`` before each line that no test executes."""
    missing = target.verdict.missing_lines
    lines = target.source.split("\n")
    own = target.symbol.lines
    return "\n".join(
        f"{'>' if number in missing else ' '} {number:>4}  {lines[number - 1]}"
        for number in range(own.first, min(own.last, len(lines)) + 1)
    )


def branches_line(target: Target, seen: Observations | None) -> str:
    """Return which branches are not taken, and what the search says of lines that it missed."""
    taken = sorted(target.verdict.missing_branches)
    told = [f"{first} to {to if to > 0 else 'the end'}" for first, to in taken]
    notes = [note for note in (seen.notes if seen else ()) if "not reached" in note]
    return "; ".join([*told, *notes[:4]])


def owner_view(target: Target) -> str:
    """Return the head of the class, its fields and its ``__init__``; empty for a function."""
    owners = [node for node in path_to(target) if isinstance(node, ast.ClassDef)]
    return "\n\n".join(_class_view(owner, target.source) for owner in owners)


def callee_view(target: Target) -> str:
    """Return the signatures of what the symbol names and its module defines; bodies left out."""
    path = path_to(target)
    node = path[-1] if path else None
    if not isinstance(node, _Function):
        return ""
    used = {each.id for each in ast.walk(node) if isinstance(each, ast.Name)}
    used |= {each.attr for each in ast.walk(node) if isinstance(each, ast.Attribute)}
    found = [
        _elided(each, target.source)
        for each in _definitions(_tree(target.source))
        if each.name in used and each is not node and not _is_marked(each, target.source)
    ]
    return "\n".join(found[:_MOST_CALLEES])


def module_view(target: Target) -> str:
    """Return the imports and the plain constants of the module."""
    kept = (ast.Import, ast.ImportFrom)
    parts = []
    for node in _tree(target.source).body:
        is_constant = isinstance(node, ast.Assign | ast.AnnAssign) and node.value is not None
        if isinstance(node, kept) or (is_constant and _is_short(node)):
            parts.append(ast.get_source_segment(target.source, node) or "")
    return "\n".join(parts)


def importable_names(target: Target) -> tuple[str, ...]:
    """Return the names that tests can import from the module."""
    body = _tree(target.source).body
    return tuple(str(name) for each in body if (name := getattr(each, "name", None)))


def raised(target: Target) -> tuple[str, ...]:
    """Return the exceptions that the symbol raises itself."""
    path = path_to(target)
    nodes = ast.walk(path[-1]) if path else ()
    found = [ast.unparse(node.exc) for node in nodes if isinstance(node, ast.Raise) and node.exc]
    return tuple(dict.fromkeys(found))


def observed_lines(seen: Observations | None) -> str:
    """Return what calls of the symbol were seen to give: ``add(1, 2) -> 3``."""
    cases = seen.cases[:_MOST_CASES] if seen else ()
    return "\n".join(_case_line(case) for case in cases if case.result is not None)


def _case_line(case: ObservedCase) -> str:
    before = "".join(f"{statement}; " for statement in case.arrange)
    call = case.expression
    check = case.result
    if check is None:
        return f"{before}{call}"
    if check.relation is Relation.RAISES:
        return f"{before}{call} raises {check.expected}({check.message!r})"
    return f"{before}{call} -> {check.expected}"


def path_to(target: Target) -> Sequence[ast.AST]:
    """Return the definitions from the outermost to the symbol's own."""
    path: list[ast.AST] = []
    node: ast.AST = _tree(target.source)
    for part in target.symbol.qualname.split("."):
        named = [each for each in ast.walk(node) if getattr(each, "name", "") == part]
        own = [each for each in named if getattr(each, "lineno", 0) in target.symbol.lines]
        if not named:
            break
        node = (own or named)[-1]
        path.append(node)
    return path


def documented(target: Target) -> Documented | None:
    """Return the symbol's own definition, None when it or one of its owners is not there."""
    path = path_to(target)
    if len(path) <= target.symbol.qualname.count("."):
        return None
    return path[-1] if isinstance(path[-1], Documented) else None


def _tree(source: str) -> ast.Module:
    try:
        return ast.parse(source)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return ast.Module([], [])


def _definitions(tree: ast.Module) -> Iterator[_Function | ast.ClassDef]:
    for node in ast.walk(tree):
        if isinstance(node, _Function | ast.ClassDef):
            yield node


def _elided(node: _Function | ast.ClassDef, source: str) -> str:
    if isinstance(node, ast.ClassDef):
        return _class_view(node, source)
    kind = "async def" if isinstance(node, ast.AsyncFunctionDef) else "def"
    returns = f" -> {ast.unparse(node.returns)}" if node.returns else ""
    said = (ast.get_docstring(node) or "").partition("\n")[0]
    return f"{kind} {node.name}({ast.unparse(node.args)}){returns}: ..." + (
        f"  # {said}" if said else ""
    )


def _class_view(node: ast.ClassDef, source: str) -> str:
    """Return header, decorators, fields and ``__init__`` whole: what it takes to make one."""
    bases = ", ".join(ast.unparse(each) for each in (*node.bases, *node.keywords))
    lines = [f"@{ast.unparse(each)}" for each in node.decorator_list]
    lines.append(f"class {node.name}({bases}):" if bases else f"class {node.name}:")
    for each in node.body:
        if isinstance(each, _Function) and each.name == "__init__":
            lines.append(ast.get_source_segment(source, each, padded=True) or "")
        elif isinstance(each, ast.Assign | ast.AnnAssign):
            lines.append(f"    {ast.unparse(each)}")
    return "\n".join(lines)


def _is_marked(node: _Function | ast.ClassDef, source: str) -> bool:
    lines = source.split("\n")[max(0, node.lineno - 2) : node.end_lineno]
    return _marked(lines)


def _is_short(node: ast.stmt) -> bool:
    return (node.end_lineno or node.lineno) - node.lineno <= 4  # noqa: PLR2004  # lines
