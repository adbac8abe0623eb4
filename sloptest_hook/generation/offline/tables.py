"""A table of cases as one parametrised test."""

from collections.abc import Sequence

from sloptest_hook.generation.offline.bodies import body_lines
from sloptest_hook.generation.offline.checks import (
    expected_source,
    is_flat,
    is_number,
    is_special,
    matched_text,
    rounded,
)
from sloptest_hook.generation.offline.fragments import quoted
from sloptest_hook.generation.offline.grouping import Table
from sloptest_hook.generation.offline.layout import fits, laid_out
from sloptest_hook.generation.offline.names import free_word
from sloptest_hook.generation.offline.rows import row_ids
from sloptest_hook.generation.offline.scoping import names_bound, names_read
from sloptest_hook.values.observed import Argument, Check, ObservedCase, Relation
from sloptest_hook.values.records import dataclass, replace

_ADDED_NAMES = frozenset({"pytest", "asyncio", "re", "result", "collect", "list"})


@dataclass(frozen=True, slots=True)
class _Expected:
    """What the rows say of the result: a cell each (or none), and the check in the body."""

    name: str
    cells: tuple[tuple[str, ...], ...]
    check: Check
    pattern: str | None = None


def table_lines(table: Table, name: str) -> list[str]:
    """Return decorator and function."""
    avoided = _names_in_body(table)
    columns = _column_names(table, avoided)
    expected = _expected(table, avoided | set(columns))
    body = replace(_with_columns(table, columns), result=expected.check)
    words = (*columns, expected.name) if expected.name else columns
    return [
        *_decorator(table, words, expected.cells),
        *laid_out("def ", f"{name}({', '.join([*words, *table.first.fixtures])})", ":"),
        *body_lines(body, pattern=expected.pattern),
    ]


def _names_in_body(table: Table) -> frozenset[str]:
    """Return the names that a parameter must not hide."""
    case = table.first
    fixed = [
        argument.source
        for position, argument in enumerate(case.arguments)
        if position not in table.varying
    ]
    checked = [source for check in case.after for source in (check.actual, check.expected)]
    if case.result is not None and (table.same_expected or case.result.relation is Relation.RAISES):
        checked.append(case.result.expected)
    local = names_bound("\n".join(case.arrange)) | set(case.fixtures)
    read = [names_read(source) for source in (*case.arrange, case.call, *fixed, *checked)]
    return _ADDED_NAMES.union(local, *read)


def _column_names(table: Table, avoided: frozenset[str]) -> tuple[str, ...]:
    names: list[str] = []
    for position in table.varying:
        wanted = table.first.arguments[position].name.lstrip("*")
        names.append(free_word(wanted, {*avoided, *names}))
    return tuple(names)


def _with_columns(table: Table, columns: Sequence[str]) -> ObservedCase:
    arguments: list[Argument] = list(table.first.arguments)
    for position, name in zip(table.varying, columns, strict=True):
        arguments[position] = replace(arguments[position], source=name)
    return replace(table.first, arguments=tuple(arguments))


def _expected(table: Table, avoided: frozenset[str]) -> _Expected:
    checks = [case.result for case in table.cases if case.result is not None]
    if table.same_expected:
        return _Expected("", ((),) * len(checks), checks[0])
    if checks[0].relation is Relation.RAISES:
        return _messages(checks, free_word("message", avoided))
    name = free_word("expected", avoided)
    if any(check.relation is Relation.APPROX for check in checks) and all(
        _is_approximable(check) for check in checks
    ):
        cells = tuple((rounded(check.expected),) for check in checks)
        return _Expected(name, cells, Check("result", Relation.APPROX, name))
    relation = Relation.IS if checks[0].relation is Relation.IS else Relation.EQUALS
    cells = tuple((expected_source(check),) for check in checks)
    return _Expected(name, cells, replace(checks[0], relation=relation, expected=name))


def _is_approximable(check: Check) -> bool:
    """Say whether ``pytest.approx(expected)`` in the body does for this row."""
    return (
        is_flat(check.expected) if check.relation is Relation.APPROX else is_number(check.expected)
    )


def _messages(checks: Sequence[Check], name: str) -> _Expected:
    texts = [matched_text(check.message or "") for check in checks]
    pattern = f"re.escape({name})" if any(is_special(text) for text in texts) else name
    return _Expected(name, tuple((quoted(text),) for text in texts), checks[0], pattern)


def _decorator(
    table: Table, words: Sequence[str], expected: Sequence[tuple[str, ...]]
) -> list[str]:
    given = [table.row(case) for case in table.cases]
    ids = row_ids(words[: len(table.varying)], given)
    rows = [(*cells, *more) for cells, more in zip(given, expected, strict=True)]
    names = ", ".join(quoted(word) for word in words)
    if len(words) == 1 and not any(ids):
        line = f"@pytest.mark.parametrize({names}, [{', '.join(row[0] for row in rows)}])"
        if fits(line):
            return [line]
    lines = ["@pytest.mark.parametrize("]
    lines += laid_out("", names if len(words) == 1 else f"({names})", ",", indent=4)
    lines.append("    [")
    for position, row in enumerate(rows):
        lines += laid_out("", _row(row, ids[position]), ",", indent=8)
    return [*lines, "    ],", ")"]


def _row(cells: Sequence[str], row_id: str) -> str:
    if row_id:
        return f"pytest.param({', '.join(cells)}, id={quoted(row_id)})"
    return cells[0] if len(cells) == 1 else f"({', '.join(cells)})"
