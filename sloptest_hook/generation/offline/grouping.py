"""Cases that differ only in values, put together as the rows of one parametrised test."""

import ast
from collections.abc import Hashable, Iterable, Sequence

from sloptest_hook.generation.offline.fragments import parse_expression
from sloptest_hook.generation.offline.scoping import names_bound, names_read
from sloptest_hook.values.observed import Check, ObservedCase, Relation
from sloptest_hook.values.records import dataclass

_LONGEST_VALUE = 60  # columns; a longer value makes an unreadable row
_ROWS_NEEDED = 2
# A row is made once, when the file is imported; what is used up or holds a resource is not a row.
_ONE_SHOT = """
    iter open next map filter zip enumerate reversed StringIO BytesIO accumulate chain combinations
    compress count cycle dropwhile from_iterable groupby islice pairwise permutations product repeat
    starmap takewhile tee zip_longest
"""
_USED_UP = frozenset(_ONE_SHOT.split())
_USED_UP_NODES = (ast.GeneratorExp, ast.Lambda, ast.Await, ast.Yield, ast.NamedExpr, ast.Starred)


@dataclass(frozen=True, slots=True)
class Table:
    """At least two cases that are one test.

    ``check`` is the first row's; ``varying`` are the positions of the arguments that differ;
    ``same_expected`` says that the result is one and the same in every row.
    """

    cases: tuple[ObservedCase, ...]
    check: Check
    varying: tuple[int, ...]
    same_expected: bool

    @property
    def first(self) -> ObservedCase:
        return self.cases[0]

    def row(self, case: ObservedCase) -> tuple[str, ...]:
        """Return the sources of the arguments that vary."""
        return tuple(case.arguments[position].source for position in self.varying)


Unit = Table | ObservedCase


def grouped(cases: Iterable[ObservedCase]) -> tuple[Unit, ...]:
    """Return tables and lone cases in the order of their first case; a repeated call is dropped."""
    groups: dict[Hashable, list[ObservedCase]] = {}
    for position, case in enumerate(_distinct(cases)):
        key = _key(case, case.result) if case.result and _has_a_cell(case) else position
        groups.setdefault(key, []).append(case)
    return tuple(_unit(group) for group in groups.values())


def _distinct(cases: Iterable[ObservedCase]) -> Iterable[ObservedCase]:
    return {(case.arrange, case.call, case.arguments): case for case in cases}.values()


def _unit(group: Sequence[ObservedCase]) -> Unit:
    check = group[0].result
    if len(group) < _ROWS_NEEDED or check is None:
        return group[0]
    sources = zip(
        *([argument.source for argument in case.arguments] for case in group), strict=True
    )
    varying = tuple(position for position, column in enumerate(sources) if len(set(column)) > 1)
    return Table(tuple(group), check, varying, len({case.result for case in group}) == 1)


def _key(case: ObservedCase, check: Check) -> Hashable:
    local = _local_names(case)
    return (
        (case.call, case.is_property, case.is_async, case.drain),
        case.arrange,
        case.fixtures,
        case.after,
        tuple(
            (argument.name, argument.keyword, _unless_a_cell(argument.source, local))
            for argument in case.arguments
        ),
        _kind(check),
        _unless_a_cell(check.expected, local),
    )


def _kind(check: Check) -> Hashable:
    """Return what must be equal for two results to be checked by one statement."""
    match check.relation:
        case Relation.RAISES:
            return (Relation.RAISES, check.expected, check.message is None)
        case Relation.APPROX:
            return Relation.EQUALS
        case Relation.INSTANCE:
            return (Relation.INSTANCE, check.expected)
        case _:
            return check.relation


def _has_a_cell(case: ObservedCase) -> bool:
    local = _local_names(case)
    return any(_is_a_cell(argument.source, local) for argument in case.arguments)


def _local_names(case: ObservedCase) -> frozenset[str]:
    return names_bound("\n".join(case.arrange)) | {*case.fixtures, "result"}


def _unless_a_cell(source: str, local: frozenset[str]) -> str | None:
    """Return a source that must be the same in every row, because it stands in the body."""
    return None if _is_a_cell(source, local) else source


def _is_a_cell(source: str, local: frozenset[str]) -> bool:
    node = parse_expression(source)
    if node is None or len(source) > _LONGEST_VALUE or names_read(source) & local:
        return False
    return not any(_is_used_up(part) for part in ast.walk(node))


def _is_used_up(node: ast.AST) -> bool:
    match node:
        case ast.Call(func=ast.Name(id=name) | ast.Attribute(attr=name)):
            return name in _USED_UP
        case _:
            return isinstance(node, _USED_UP_NODES)
