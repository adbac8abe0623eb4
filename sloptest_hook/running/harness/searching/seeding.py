"""Turns calls that a person wrote, in other code and in doctests, into trials."""

from __future__ import annotations

import ast
import doctest
import inspect
from collections.abc import Iterator, Mapping, Sequence

from .module_source import reference_to
from .programs import private_name
from .syntax import docstring
from .target import EMPTY, Kind, Target
from .value import Bound, Trial, Value

_MOST_EXAMPLES = 30


def seed_trials(target: Target, seeds: Sequence[Mapping[str, object]]) -> list[Trial]:
    """Return trials of the request's seeds and of the function's own doctest examples."""
    found = [trial for seed in seeds for trial in _from_seed(target, seed)]
    found += _from_doctest(target)
    if target.name == "__hash__":  # a variable equals itself, whatever the method does
        found = []
    distinct = {(trial.arrange, trial.receiver, trial.arguments): trial for trial in found}
    return list(distinct.values())


def known_instances(seeds: Sequence[Mapping[str, object]]) -> list[Value]:
    """Return expressions of the seeds that may make an instance: each call and what it is made of.

    Whoever uses them finds out of which class they are.
    """
    found: dict[tuple[str, tuple[str, ...]], Value] = {}
    for seed in seeds:
        arrange, imports = _lines(seed.get("arrange")), _lines(seed.get("imports"))
        origin = str(seed.get("origin") or "call site")
        for text, before in _makers(str(seed.get("call", "")), arrange):
            found.setdefault((text, before), Value(text, origin, imports, before))
    return sorted(found.values(), key=lambda each: (len(each.arrange), len(each.source)))


def _makers(call: str, arrange: tuple[str, ...]) -> Iterator[tuple[str, tuple[str, ...]]]:
    for place, line in enumerate((*arrange, call)):
        try:
            body = ast.parse(line.strip()).body
        except (SyntaxError, ValueError):
            return
        for statement in body:
            value = getattr(statement, "value", None)
            calls = ast.walk(value) if isinstance(value, ast.expr) else iter(())
            for node in (each for each in calls if isinstance(each, ast.Call)):
                needed = _names(node)
                before = [a for a in arrange[:place] if _assigned_names(a) & needed]
                yield _written(node), tuple(before)


def _assigned_names(line: str) -> set[str]:
    return {each.id for each in ast.walk(ast.parse(line)) if _is_stored(each)}  # type: ignore[attr-defined]


def _is_stored(node: ast.AST) -> bool:
    return isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)


def _from_seed(target: Target, seed: Mapping[str, object]) -> Iterator[Trial]:
    arrange, imports = _lines(seed.get("arrange")), _lines(seed.get("imports"))
    origin = str(seed.get("origin") or "call site")
    try:
        tree = ast.parse(str(seed.get("call", "")).strip(), mode="eval")
    except (SyntaxError, ValueError):
        return
    for node in _calls_in(tree, target):
        trial = _trial(target, node, origin)
        if trial is not None:
            yield trial._replace(arrange=arrange, imports=imports)


def _lines(value: object) -> tuple[str, ...]:
    return tuple(str(line) for line in value) if isinstance(value, (list, tuple)) else ()


def _calls_in(tree: ast.AST, target: Target) -> list[ast.expr]:
    """Return the calls of the symbol, or for a property the reads of it, outermost first."""
    reads = target.kind is Kind.PROPERTY
    names = {target.name, private_name(target)}
    if target.kind is Kind.CONSTRUCTOR and target.owner is not None:
        names = {target.owner.__name__}
    if reads:
        return [e for e in ast.walk(tree) if isinstance(e, ast.Attribute) and e.attr in names]
    return [e for e in ast.walk(tree) if isinstance(e, ast.Call) and _called_name(e) in names]


def _called_name(node: ast.Call) -> str:
    function = node.func
    return function.id if isinstance(function, ast.Name) else getattr(function, "attr", "")


def _written(node: ast.AST) -> str:
    """Return the source of a node, without the ``u`` of Python 2 before strings."""
    for each in ast.walk(node):
        if isinstance(each, ast.Constant):
            each.kind = None
    return ast.unparse(node)


def _trial(target: Target, node: ast.expr, origin: str) -> Trial | None:
    """Return a trial of a call as it is written; None when it unpacks arguments."""
    receiver: Value | None = None
    if target.needs_receiver:
        owner = node.func if isinstance(node, ast.Call) else node
        if not isinstance(owner, ast.Attribute):
            return None
        receiver = Value(_written(owner.value), origin)
    arguments: list[Bound] = []
    if isinstance(node, ast.Call):
        if any(isinstance(each, ast.Starred) for each in node.args):
            return None
        if any(each.arg is None for each in node.keywords):
            return None
        arguments = _bounds(target, node, origin)
    return Trial(tuple(arguments), receiver, origin=origin, seed=True)


def _bounds(target: Target, node: ast.Call, origin: str) -> list[Bound]:
    variable = inspect.Parameter.VAR_POSITIONAL
    positional = [
        each.name
        for each in target.parameters
        if each.kind not in (inspect.Parameter.KEYWORD_ONLY, variable)
    ]
    rest = next((each.name for each in target.parameters if each.kind is variable), "value")
    bounds = [
        Bound(positional[place] if place < len(positional) else rest, Value(_written(each), origin))
        for place, each in enumerate(node.args)
    ]
    bounds = _with_switches_named(target, bounds)
    bounds += [
        Bound(str(each.arg), Value(_written(each.value), origin), keyword=True)
        for each in node.keywords
    ]
    return bounds


def _with_switches_named(target: Target, bounds: list[Bound]) -> list[Bound]:
    """Pass what may be left out by name where a bare ``True`` or ``False`` says nothing.

    What is only the default is left out: ``size(300, False, True)`` is ``size(300, gnu=True)``.
    """
    optional = {
        each.name: each.default
        for each in target.parameters
        if each.kind is inspect.Parameter.POSITIONAL_OR_KEYWORD and each.default is not EMPTY
    }
    loose = [bound for bound in bounds if bound.name in optional]
    places = [bounds.index(bound) for bound in loose]
    if not any(bound.value.source in ("True", "False") for bound in loose) or places != list(
        range(len(bounds) - len(loose), len(bounds))
    ):
        return bounds
    named = [bound._replace(keyword=True) for bound in loose]
    return [
        *bounds[: len(bounds) - len(loose)],
        *(
            bound
            for bound in named
            if bound.value.source != _written_constant(optional[bound.name])
        ),
    ]


def _written_constant(value: object) -> str:
    """Return the source of a plain constant, nothing for any other value."""
    return repr(value) if type(value) in (bool, int, float, str, type(None)) else ""


def _from_doctest(target: Target) -> Iterator[Trial]:
    """Yield trials of the docstring's examples, with the examples before that they need."""
    text = docstring(target.node) or ""
    if ">>>" not in text:
        return
    try:
        examples = doctest.DocTestParser().get_examples(text)[:_MOST_EXAMPLES]
    except ValueError:
        return
    before: list[ast.stmt] = []
    for example in examples:
        try:
            body = ast.parse(example.source).body
        except SyntaxError:
            continue
        for statement in body:
            for node in _calls_in(statement, target):
                trial = _trial(target, node, "doctest")
                if trial is not None:
                    yield _with_statements(target, trial, node, before)
            before.append(statement)


def _with_statements(
    target: Target, trial: Trial, node: ast.expr, before: Sequence[ast.stmt]
) -> Trial:
    """Add the earlier statements whose names the call needs, and imports of the module's names."""
    needed = _names(node)
    arrange: list[str] = []
    imports: list[str] = []
    for statement in reversed(before):
        if isinstance(statement, (ast.Import, ast.ImportFrom)):
            continue
        if isinstance(statement, ast.Assign) and _assigned(statement) & needed:
            needed |= _names(statement)
            arrange.insert(0, _written(statement))
    for statement in before:
        if isinstance(statement, (ast.Import, ast.ImportFrom)):
            bound = {(each.asname or each.name).partition(".")[0] for each in statement.names}
            if bound & needed:
                imports.append(ast.unparse(statement))
                needed -= bound
    for name in sorted(needed & set(target.source.names)):
        imports += reference_to(target.source.name, name).imports
    return trial._replace(arrange=tuple(arrange), imports=tuple(imports))


def _names(node: ast.AST) -> set[str]:
    return {each.id for each in ast.walk(node) if isinstance(each, ast.Name)}


def _assigned(statement: ast.Assign) -> set[str]:
    return {each.id for each in statement.targets if isinstance(each, ast.Name)}
