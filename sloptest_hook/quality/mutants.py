"""The mutants of a symbol: what every operator sees in it, on lines that tests execute."""

import ast
from collections.abc import Callable, Collection, Iterable, Iterator
from pathlib import PurePosixPath

from sloptest_hook.quality.edits import Edit, Function, Operator, Place
from sloptest_hook.quality.noise import is_noise
from sloptest_hook.quality.operators import OPERATORS
from sloptest_hook.quality.sampling import even_sample
from sloptest_hook.quality.text import SourceText
from sloptest_hook.values.digests import digest_of
from sloptest_hook.values.mutation import Mutant, MutantSet
from sloptest_hook.values.records import dataclass
from sloptest_hook.values.source import LineRange, Symbol, SymbolKind

MOST = 40  # mutants of a symbol; a sample of more says hardly more
_LONGEST = 60  # characters of code in a sentence


@dataclass(frozen=True, slots=True)
class _Found:
    operator: Operator
    edit: Edit
    anchor: int


def mutants_of(
    source: SourceText, symbol: Symbol, executed: Collection[int], most: int = MOST
) -> MutantSet:
    """Return the mutants of a symbol on ``executed`` lines, at most so many, evenly chosen.

    The same text and lines give the same mutants.
    """
    found: list[_Found] = []
    noisy = 0
    for definition in _definitions(source.tree, symbol):
        more, noise = _seen(definition, Place(source))
        found += more
        noisy += noise
    ordered = sorted(found, key=lambda each: (each.edit.span, each.operator.name, each.edit.after))
    numbered = [_mutant(source, each, number) for number, each in enumerate(ordered)]
    alive = [each for each in numbered if each.anchor == 0 or each.anchor in executed]
    if not executed:
        alive = []
    return MutantSet(symbol, even_sample(alive, most), len(alive), noisy)


def breakable_classes(source: SourceText, path: PurePosixPath) -> Iterator[Symbol]:
    """Yield the classes of a module whose fields or decorators are behaviour: dataclasses, models.

    Their fingerprint is their text.
    """
    for node in source.tree.body:
        if isinstance(node, ast.ClassDef) and any(_of_class(source, node)):
            first = min([node.lineno, *(each.lineno for each in node.decorator_list)])
            lines = LineRange(first, node.end_lineno or first)
            written = source.of(source.span(node))
            text = "".join([*(ast.unparse(each) for each in node.decorator_list), written])
            fingerprint = digest_of(text.encode("utf-8", "surrogatepass")).hex()
            yield Symbol(path, node.name, SymbolKind.CLASS, lines, fingerprint)


def mutants_of_class(source: SourceText, symbol: Symbol, most: int = MOST) -> MutantSet:
    """Return the mutants of a class itself: of its fields and of what decorates it."""
    found = [
        each
        for node in source.tree.body
        if isinstance(node, ast.ClassDef) and node.name == symbol.qualname
        for each in _of_class(source, node)
    ]
    ordered = sorted(found, key=lambda each: (each.edit.span, each.operator.name, each.edit.after))
    numbered = [_mutant(source, each, number) for number, each in enumerate(ordered)]
    return MutantSet(symbol, even_sample(numbered, most), len(numbered))


def _of_class(source: SourceText, node: ast.ClassDef) -> Iterator[_Found]:
    for operator in OPERATORS:
        for edit in operator.edits(node, Place(source)):
            yield _Found(operator, edit, 0)


def all_edits(source: SourceText, operator: Operator) -> tuple[Edit, ...]:
    """Return the edits of one operator in a whole text, noise and all; for its examples."""
    return tuple(
        edit
        for node, place in _walk(source.tree, Place(source), lambda _node, _place: False)
        for edit in operator.edits(node, place)
    )


def _definitions(tree: ast.Module, symbol: Symbol) -> Iterator[Function]:
    """Yield the definitions of a symbol: those of its name between its lines, not one in another.

    A property and its setter are one symbol.
    """
    name = symbol.qualname.rpartition(".")[2]
    inner: set[ast.AST] = set()
    for node in ast.walk(tree):  # outer ones come first
        if not isinstance(node, Function) or node.name != name or node in inner:
            continue
        first = min([node.lineno, *(each.lineno for each in node.decorator_list)])
        if first in symbol.lines and (node.end_lineno or first) in symbol.lines:
            inner.update(ast.walk(node))
            yield node


def _seen(definition: Function, place: Place) -> tuple[list[_Found], int]:
    """Return what operators see in a definition, and how much of it the rules on noise left out."""
    noisy: list[ast.AST] = []

    def is_left_out(node: ast.AST, around: Place) -> bool:
        if is_noise(node, around):
            noisy.append(node)
            return True
        return False

    found = [
        _Found(operator, edit, 0 if node is definition else _anchor(node, around))
        for node, around in _walk(definition, place, is_left_out)
        for operator in OPERATORS
        for edit in operator.edits(node, around)
    ]
    return found, sum(1 for each in noisy if not isinstance(each, ast.Expr | ast.Constant))


def _walk(
    node: ast.AST, place: Place, is_left_out: Callable[[ast.AST, Place], bool]
) -> Iterator[tuple[ast.AST, Place]]:
    if is_left_out(node, place):
        return
    yield node, place
    inner = Place(place.source, (*place.ancestors, node))
    for child in _children(node):
        yield from _walk(child, inner, is_left_out)


def _children(node: ast.AST) -> Iterable[ast.AST]:
    """Return what is below a node; hints, defaults and decorators have operators of their own."""
    if isinstance(node, Function):
        return node.body
    if isinstance(node, ast.ClassDef):
        return node.body
    if isinstance(node, ast.Lambda):
        return [node.body]
    if isinstance(node, ast.AnnAssign):
        return [] if node.value is None else [node.value]
    return ast.iter_child_nodes(node)


def _anchor(node: ast.AST, place: Place) -> int:
    """Return the line that coverage counts for a node: the first of its statement."""
    for each in (node, *reversed(place.ancestors)):
        if isinstance(each, ast.stmt | ast.ExceptHandler):
            if isinstance(each, Function | ast.ClassDef) and each.decorator_list:
                return each.decorator_list[0].lineno
            return each.lineno
        if isinstance(each, ast.match_case):
            return each.pattern.lineno
    return 0


def _mutant(source: SourceText, found: _Found, ordinal: int) -> Mutant:
    start, end = found.edit.span
    before, line = source.of((start, end)), source.line_of(start)
    says = found.edit.says or f"`{_short(before)}` can become `{_short(found.edit.after)}`"
    return Mutant(
        operator=found.operator.label,
        start=start,
        end=end,
        before=before,
        after=found.edit.after,
        line=line,
        anchor=found.anchor,
        says=says,
        ordinal=ordinal,
    )


def _short(text: str) -> str:
    one_line = " ".join(text.split())
    return one_line if len(one_line) <= _LONGEST else f"{one_line[: _LONGEST - 3]}..."
