"""Observed cases as a candidate: tests as a careful person would write them."""

from collections.abc import Iterable, Iterator

from sloptest_hook.generation.offline.bodies import body_lines
from sloptest_hook.generation.offline.fragments import normal_expression, normal_statement
from sloptest_hook.generation.offline.grouping import Table, Unit, grouped
from sloptest_hook.generation.offline.guards import guards_of
from sloptest_hook.generation.offline.layout import laid_out
from sloptest_hook.generation.offline.names import names_of
from sloptest_hook.generation.offline.scope import Scope
from sloptest_hook.generation.offline.tables import table_lines
from sloptest_hook.values.candidate import Candidate, WrittenTest
from sloptest_hook.values.observed import Check, Observations, ObservedCase, Relation
from sloptest_hook.values.plan import Target
from sloptest_hook.values.records import replace

_MOST_CHECKS = 6


def rendered(target: Target, observations: Observations, engine: str) -> Candidate:
    """Return the candidate; it has no tests when none of the cases can be printed."""
    scope = Scope(target)
    units = sorted(grouped(scope.admit(_normal_cases(observations.cases))), key=_is_raising)
    guards = guards_of(target.source, observations.qualname)
    names = names_of(units, observations.qualname, guards)
    tests = tuple(_written(unit, name) for unit, name in zip(units, names, strict=True))
    return Candidate(
        target,
        engine,
        scope.imports_of(test.code for test in tests),
        tests,
        (*observations.notes, *scope.notes),
    )


def _is_raising(unit: Unit) -> bool:
    """Say what comes last in a file: first what works, then what is refused."""
    check = unit.check if isinstance(unit, Table) else unit.result
    return check is not None and check.relation is Relation.RAISES


def _written(unit: Unit, name: str) -> WrittenTest:
    if isinstance(unit, Table):
        lines = table_lines(unit, name)
    else:
        head = laid_out("def ", f"{name}({', '.join(unit.fixtures)})", ":")
        lines = [*head, *body_lines(unit)]
    return WrittenTest(name, "\n".join(lines) + "\n")


def _normal_cases(cases: Iterable[ObservedCase]) -> Iterator[ObservedCase]:
    for case in cases:
        checks = _most_telling(case)
        yield replace(
            case,
            arrange=tuple(normal_statement(statement) for statement in case.arrange),
            call=normal_expression(case.call),
            arguments=tuple(
                replace(argument, source=normal_expression(argument.source))
                for argument in case.arguments
            ),
            result=_normal_check(case.result) if case.result else None,
            after=tuple(_normal_check(check) for check in checks),
            fixtures=tuple(dict.fromkeys(case.fixtures)),
        )


def _normal_check(check: Check) -> Check:
    return replace(
        check, actual=normal_expression(check.actual), expected=normal_expression(check.expected)
    )


def _most_telling(case: ObservedCase) -> tuple[Check, ...]:
    """Return the further checks, as many as a test holds; the type alone says least."""
    room = _MOST_CHECKS - (case.result is not None)
    telling = sorted(case.after, key=lambda check: check.relation is Relation.INSTANCE)[:room]
    return tuple(check for check in case.after if check in telling)
