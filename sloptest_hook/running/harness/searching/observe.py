"""Runs a chosen trial on the untouched code and writes down all that was true after it."""

from __future__ import annotations

from typing import NamedTuple

from . import foreign, invoke
from .checks import MOST, Check, attribute_names, value_checks
from .describe import describe
from .execute import After, Runner, changed_arguments, members_described
from .literals import Literal, source_of
from .looks import Looked, look
from .module_source import Reference, reference_to
from .ownership import defined_by_project, is_project
from .programs import write_program
from .state import Kept
from .target import Kind
from .tracing import Feature
from .value import Bound, Program, Trial, Value, unique
from .written import file_checks

_ENDLESS = 5
_LONGEST_OUTPUT = 400
_LONGEST_STATE = 80


class Observed(NamedTuple):
    """A case before it is proved: the program that is printed, the checks on it."""

    program: Program
    result: Check | None
    after: tuple[Check, ...]
    is_async: bool = False
    drain: bool = False
    deliberate: bool = False


def observe(runner: Runner, trial: Trial) -> Observed | None:
    """Return what is to be printed; None when nothing can be said of this call."""
    program = write_program(runner.target, trial)
    looked = look(runner, program)
    seen = runner.after(program)
    touched = runner.state.changed()
    if seen.error is None:
        observed = _observed(runner, program, seen, looked)
    else:
        observed = _raised(runner, program, seen, seed=trial.seed)
    if observed is not None and touched:
        observed = _with_patched_state(observed, touched)
    runner.state.restore()
    return observed


def case_of(observed: Observed, trial: Trial, features: frozenset[Feature]) -> dict[str, object]:
    """Return the case as the JSON form of ``ObservedCase``."""
    program = observed.program
    checks = [observed.result, *observed.after]
    imports = [line for check in checks if check is not None for line in check.imports]
    lines = sorted(each for each in features if isinstance(each, int))
    branches = sorted(each for each in features if isinstance(each, tuple))
    return {
        "call": program.call,
        "arguments": [
            {"name": each.name, "source": each.value.source, "keyword": each.keyword}
            for each in program.arguments
        ],
        "result": None if observed.result is None else _json(observed.result),
        "after": [_json(check) for check in observed.after],
        "arrange": list(program.arrange),
        "imports": list(unique((*program.imports, *imports))),
        "fixtures": list(program.fixtures),
        "is_property": program.is_property,
        "is_async": observed.is_async,
        "drain": observed.drain,
        "lines": lines,
        "branches": [list(branch) for branch in branches],
        "origin": trial.origin,
        "deliberate": observed.deliberate,
    }


def _json(check: Check) -> dict[str, object]:
    return {
        "actual": check.actual,
        "relation": check.relation,
        "expected": check.expected,
        "message": check.message,
    }


def _observed(runner: Runner, program: Program, seen: After, looked: Looked) -> Observed | None:
    if seen.result is None:
        return None
    if seen.result.endless:
        return _endless(program, seen.result)
    constructor = runner.target.kind is Kind.CONSTRUCTOR
    found = value_checks("result", seen.result.value, whole=not constructor)
    told_whole = bool(found) and found[0].actual == "result"
    after: list[Check] = found[1:] if told_whole else found
    program, changes = _argument_changes(program, seen)
    after += [*changes, *_receiver_changes(program, seen, looked)]
    after += file_checks(seen.files, program.arrange)
    if seen.output and len(seen.output) <= _LONGEST_OUTPUT:
        after.insert(0, Check("capsys.readouterr().out", "equals", repr(seen.output)))
        program = program._replace(fixtures=unique((*program.fixtures, "capsys")))
    result = found[0] if told_whole else None
    if result is not None and result.expected == "None" and after:
        result = None
    if result is None and not after:
        return None
    return Observed(
        program, result, tuple(after[: MOST - 1]), seen.result.is_async, seen.result.drain
    )


def _raised(runner: Runner, program: Program, seen: After, *, seed: bool) -> Observed | None:
    if seen.error is None or not seen.arranged or seen.hung:
        return None
    verdict = runner.judge.verdict(seen.error, seed=seed)
    if verdict is None:
        return None
    check = Check("result", "raises", verdict.name, verdict.message, verdict.imports)
    flags = runner.target.functions[0].__code__.co_flags if runner.target.functions else 0
    waits, drains = bool(flags & _ASYNC), bool(flags & _GENERATORS)
    return Observed(program, check, (), waits, drains, verdict.deliberate)


_ASYNC = 0x80 | 0x200  # CO_COROUTINE, CO_ASYNC_GENERATOR
_GENERATORS = 0x20 | 0x200  # CO_GENERATOR, CO_ASYNC_GENERATOR


def _endless(program: Program, result: invoke.Result) -> Observed | None:
    """Take the first few items of an iterator that does not end."""
    if result.is_async or not isinstance(result.value, list):
        return None
    found = value_checks("result", result.value[:_ENDLESS])
    if not found or found[0].actual != "result":
        return None
    call = program.call if program.is_property else program.expression
    taken = program._replace(
        call=f"list(itertools.islice({call}, {_ENDLESS}))",
        arguments=(),
        is_property=True,
        imports=unique(("import itertools", *program.imports)),
    )
    return Observed(taken, found[0], tuple(found[1:]))


def _argument_changes(program: Program, seen: After) -> tuple[Program, list[Check]]:
    """Name the arguments that the call changed, so that a check can speak of them."""
    checks: list[Check] = []
    for place in changed_arguments(seen):
        bound = program.arguments[place]
        name = (
            bound.value.source if bound.value.source.isidentifier() else _free_name(bound, program)
        )
        found = value_checks(name, seen.arguments[place], before=seen.copies[place])
        if not found:
            continue
        checks += found
        if name != bound.value.source:
            arrange = (*program.arrange, f"{name} = {bound.value.source}")
            named = Bound(bound.name, Value(name, bound.value.origin), bound.keyword)
            arguments = (*program.arguments[:place], named, *program.arguments[place + 1 :])
            program = program._replace(arrange=arrange, arguments=arguments)
    return program, checks


def _free_name(bound: Bound, program: Program) -> str:
    name = bound.name if bound.name.isidentifier() else "argument"
    words = " ".join((*program.imports, *program.arrange, program.call)).replace(".", " ").split()
    taken = {*words, *program.fixtures, "result", program.receiver or ""}
    while name in taken or name.startswith("__"):
        name = f"{name.lstrip('_')}_value"
    return name


def _receiver_changes(program: Program, seen: After, looked: Looked) -> list[Check]:
    """Return checks on what the call changed in the receiver, what is public first."""
    receiver = program.receiver
    if receiver is None or receiver not in seen.namespace:
        return []
    value = seen.namespace[receiver]
    now = members_described(value)
    changed = [name for name, text in now.items() if seen.receiver_before.get(name) != text]
    changed += looked.changed_properties(value)
    if "()" in changed:
        checks = value_checks(receiver, value)[:1]
        if checks and checks[0].actual == receiver:
            return checks  # the whole of it says more than its parts
    items = looked.changed_items(receiver, value)
    if not changed and not items:
        return []
    public = [name for name in attribute_names(value) if name in changed]
    checks = items + [each for name in public for each in _member_checks(receiver, value, name)]
    if defined_by_project(type(value), "__len__") and len(checks) < MOST:
        checks += _expression(f"len({receiver})", value, "len(it)")
    if not checks and is_project(type(value)):
        checks = [each for name in changed for each in _member_checks(receiver, value, name)]
    return checks


def _member_checks(receiver: str, value: object, name: str) -> list[Check]:
    held = foreign.attribute(value, name, foreign.FAILED)
    return [] if held is foreign.FAILED else value_checks(f"{receiver}.{name}", held)[:2]


def _expression(actual: str, value: object, expression: str) -> list[Check]:
    held = foreign.attempt(expression, {"it": value})
    return [] if held is foreign.FAILED else value_checks(actual, held)


def _with_patched_state(observed: Observed, touched: list[Kept]) -> Observed | None:
    """Print ``monkeypatch.setattr`` for the module state that the call changes; or give up."""
    lines: list[str] = []
    imports: list[str] = []
    checks: list[Check] = []
    for kept in touched[:3]:
        owner = _owner(kept.owner)
        written = source_of(kept.copied)
        if owner is None or (written is None and not hasattr(kept.copied, "copy")):
            return None
        if written is None or len(written.source) > _LONGEST_STATE:
            written = Literal(f"{owner.source}.{kept.name}.copy()")
        lines.append(f"monkeypatch.setattr({owner.source}, {kept.name!r}, {written.source})")
        imports += [*owner.imports, *written.imports]
        now = getattr(kept.owner, kept.name)
        if describe(now) != describe(kept.copied) or _has_grown(now, kept.copied):
            checks += value_checks(f"{owner.source}.{kept.name}", now, before=kept.copied)
    program = observed.program
    program = program._replace(
        arrange=(*lines, *program.arrange),
        imports=unique((*imports, *program.imports)),
        fixtures=unique((*program.fixtures, "monkeypatch")),
    )
    after = (*observed.after, *checks)[: MOST - 1]
    return observed._replace(program=program, after=after)


def _has_grown(now: object, before: object) -> bool:
    """Whether two dicts differ in size; ``describe`` looks at the first entries only."""
    return type(now) is dict and type(before) is dict and len(now) != len(before)


def _owner(owner: object) -> Reference | None:
    if isinstance(owner, type):
        return reference_to(owner.__module__, owner.__qualname__)
    name = getattr(owner, "__name__", "")
    package, _, last = name.rpartition(".")
    if not last:
        return None
    return Reference(last, (f"from {package} import {last}" if package else f"import {last}",))
