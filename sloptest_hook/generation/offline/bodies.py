"""The body of one test: arrange, act, assert."""

import re
from collections.abc import Sequence

from sloptest_hook.generation.offline.checks import (
    assertion_lines,
    raises_source,
    reads_well_inline,
)
from sloptest_hook.generation.offline.fragments import substituted
from sloptest_hook.generation.offline.layout import laid_out, statement_lines
from sloptest_hook.generation.offline.scoping import names_bound, names_read
from sloptest_hook.generation.offline.shapes import snake
from sloptest_hook.values.observed import Check, ObservedCase, Relation
from sloptest_hook.values.records import replace

INDENT = 4
_RESULT_NAMES = ("result", "outcome", "returned", "answer")
_READ_OUTPUT = "capsys.readouterr()"


def body_lines(case: ObservedCase, *, pattern: str | None = None) -> list[str]:
    """Return the lines of the function's body, indented, its parts apart by one empty line.

    ``pattern`` is an expression that matches the exception's message in place of the case's own.
    """
    case = _read_output_once(case)
    arrange = _arranged(case.arrange)
    collect = _collecting(case) if case.is_async and case.drain else []
    if case.result is not None and case.result.relation is Relation.RAISES:
        parts = [arrange, collect, _raising(case, case.result, pattern), _asserted(case.after)]
    else:
        parts = [arrange, collect, *_act_and_assert(case, _result_name(case))]
    return [line for part in parts if part for line in ("", *part)][1:]


def act_source(case: ObservedCase) -> str:
    """Return the expression under test."""
    if case.is_async and case.drain:
        return "asyncio.run(collect())"
    if case.is_async:
        return f"asyncio.run({case.expression})"
    return f"list({case.expression})" if case.drain else case.expression


def _act(case: ObservedCase, *, is_used: bool) -> str:
    """Return the act; what a person would write as a statement has no value to use."""
    statement = None if is_used else _as_statement(case)
    return statement or act_source(case)


def _as_statement(case: ObservedCase) -> str | None:
    """Return ``cart["a"] = 3``, ``del cart["a"]`` or ``cart.limit = 3`` where the call is that."""
    receiver, _, method = case.call.rpartition(".")
    sources = [argument.source for argument in case.arguments if not argument.keyword]
    if case.call == "setattr" and len(sources) == len(("owner", "name", "value")):
        receiver, *sources = sources
    match method, sources:
        case _ if case.is_async or case.drain or case.is_property or not receiver.isidentifier():
            return None
        case "__setitem__", [key, value]:
            return f"{receiver}[{key}] = {value}"
        case "setattr", [name, value] if name.strip("\"'").isidentifier():
            return f"{receiver}.{name[1:-1]} = {value}"
        case "__delitem__", [key]:
            return f"del {receiver}[{key}]"
        case _:
            return None


def _read_output_once(case: ObservedCase) -> ObservedCase:
    """Read captured output once where two checks look at it: the first look empties it."""
    looks = [check for check in case.after if _READ_OUTPUT in check.actual]
    if not looks[1:]:
        return case
    checks = (
        replace(check, actual=check.actual.replace(_READ_OUTPUT, "captured"))
        for check in case.after
    )
    return replace(case, after=tuple(checks))


def _arranged(statements: Sequence[str]) -> list[str]:
    """Return the statements; a definition stands between empty lines."""
    lines: list[str] = []
    after_definition = False
    for statement in statements:
        definition = re.match(r"(@|class |def |async def )", statement) is not None
        if lines and (definition or after_definition):
            lines.append("")
        lines += statement_lines(statement, indent=INDENT)
        after_definition = definition
    return lines


def _collecting(case: ObservedCase) -> list[str]:
    comprehension = f"[item async for item in {case.expression}]"
    return [
        " " * INDENT + "async def collect():",
        *laid_out("return ", comprehension, indent=2 * INDENT),
    ]


def _raising(case: ObservedCase, check: Check, pattern: str | None) -> list[str]:
    return [
        *laid_out("with ", raises_source(check, pattern), ":", indent=INDENT),
        *statement_lines(_act(case, is_used=False), indent=2 * INDENT),
    ]


def _act_and_assert(case: ObservedCase, name: str) -> list[list[str]]:
    """Return the act and the checks, as one statement where that reads well."""
    checks = _named(_kept(case), name)
    act = act_source(case)
    if [check.actual for check in checks] == [name] and reads_well_inline(
        checks[0], act, indent=INDENT
    ):
        return [_asserted([replace(checks[0], actual=act)])]
    is_used = any(name in names_read(check.actual) for check in checks)
    done = (
        laid_out(f"{name} = ", act, indent=INDENT)
        if is_used
        else statement_lines(_act(case, is_used=False), indent=INDENT)
    )
    return [done, _asserted(checks)]


def _kept(case: ObservedCase) -> tuple[Check, ...]:
    """Return the checks to print, without those that are no news beside the others."""
    checks = [case.result, *case.after] if case.result else [*case.after]
    telling = tuple(check for check in checks if not _goes_without_saying(case, check))
    return telling or tuple(checks)


def _goes_without_saying(case: ObservedCase, check: Check) -> bool:
    """Say whether the other checks leave no doubt: a class makes its own instances."""
    if check is case.result and case.after and check.expected == "None":
        return True
    return check.relation is Relation.INSTANCE and check.expected == case.call


def _named(checks: Sequence[Check], name: str) -> list[Check]:
    return [replace(check, actual=substituted(check.actual, {"result": name})) for check in checks]


def _result_name(case: ObservedCase) -> str:
    """Return a name for the result that neither the call nor the arrangement uses.

    What a constructor makes is called after its class.
    """
    used = names_bound("\n".join(case.arrange)) | names_read(act_source(case))
    for check in case.after:
        used |= names_read(check.expected) | (names_read(check.actual) - {"result"})
    made = case.call.rpartition(".")[2]
    wanted = snake(made) if made[:1].isupper() and not case.is_property else "result"
    return next((name for name in (wanted, *_RESULT_NAMES) if name not in used), "actual")


def _asserted(checks: Sequence[Check]) -> list[str]:
    lines = [line for check in checks for line in assertion_lines(check, indent=INDENT)]
    if any("captured" in names_read(check.actual) for check in checks):
        return [*statement_lines(f"captured = {_READ_OUTPUT}", indent=INDENT), *lines]
    return lines
