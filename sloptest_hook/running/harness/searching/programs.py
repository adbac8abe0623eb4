"""Writes a trial down as the statements and the expression that run, and that are printed."""

from __future__ import annotations

import ast
import traceback

from . import foreign
from .syntax import dotted, own_nodes
from .target import Kind, Target, mangled, receiver_name
from .value import AWAIT, Bound, Program, Trial, Value, unique

ENTERED = "entered"
SCENARIO = "scenario"

# What a person writes for a special method; {0} is the receiver, {1} the argument.
_OPERATORS = {
    "__eq__": "{0} == {1}",
    "__ne__": "{0} != {1}",
    "__lt__": "{0} < {1}",
    "__le__": "{0} <= {1}",
    "__gt__": "{0} > {1}",
    "__ge__": "{0} >= {1}",
    "__getitem__": "{0}[{1}]",
    "__contains__": "{1} in {0}",
    "__add__": "{0} + {1}",
    "__radd__": "{1} + {0}",
    "__sub__": "{0} - {1}",
    "__rsub__": "{1} - {0}",
    "__mul__": "{0} * {1}",
    "__rmul__": "{1} * {0}",
    "__truediv__": "{0} / {1}",
    "__floordiv__": "{0} // {1}",
    "__mod__": "{0} % {1}",
    "__pow__": "{0} ** {1}",
    "__matmul__": "{0} @ {1}",
    "__and__": "{0} & {1}",
    "__or__": "{0} | {1}",
    "__xor__": "{0} ^ {1}",
    "__lshift__": "{0} << {1}",
    "__rshift__": "{0} >> {1}",
    "__neg__": "-{0}",
    "__pos__": "+{0}",
    "__invert__": "~{0}",
}
_FUNCTIONS = {
    "__len__": "len",
    "__str__": "str",
    "__repr__": "repr",
    "__bool__": "bool",
    "__iter__": "list",
    "__abs__": "abs",
    "__int__": "int",
    "__float__": "float",
    "__reversed__": "reversed",
    "__next__": "next",
    "__bytes__": "bytes",
    "__round__": "round",
}


def write_program(target: Target, trial: Trial) -> Program:
    """Return the program of a trial."""
    variable, head = _receiver(target, trial)
    values = [bound.value for bound in trial.arguments]
    values += [bound.value for bound in trial.then or ()]
    if trial.receiver is not None:
        values.insert(0, trial.receiver)
    arrange = [line for value in values for line in value.arrange]
    imports = [line for value in values for line in value.imports]
    fixtures = [name for value in values for name in value.fixtures]
    settled = [line for setting in trial.settings for line in setting.arrange]
    imports += [line for setting in trial.settings for line in setting.imports]
    fixtures += [name for setting in trial.settings for name in setting.fixtures]
    callee_imports = () if variable and trial.receiver else target.callee.imports
    program = Program(
        imports=unique((*callee_imports, *trial.imports, *imports)),
        arrange=unique((*settled, *trial.arrange, *arrange)) + head,
        call=_callee(target, variable),
        arguments=trial.arguments,
        is_property=target.kind is Kind.PROPERTY,
        fixtures=unique(tuple(fixtures)),
        receiver=variable,
    )
    program = _idiomatic(target, program, trial)
    if _manages_context(target):
        entering = f"with {program.expression} as {ENTERED}:\n    pass"
        entered = (*program.arrange, entering)
        return program._replace(arrange=entered, call=ENTERED, arguments=(), is_property=True)
    if trial.then is not None:
        program = program._replace(call=program.expression, arguments=trial.then)
    if trial.again is not None:
        return program._replace(call=program.expression, arguments=trial.again)
    if trial.then is not None:
        return program
    in_loop = trial.in_loop or trial.waits
    if in_loop or any(line.startswith(AWAIT) for line in trial.before):
        return _in_scenario(target, program, trial)
    return program


def _in_scenario(target: Target, program: Program, trial: Trial) -> Program:
    """Put the call, and the statements just before it, into one coroutine."""
    kept = len(program.arrange) - len(trial.before)
    call = program.call if program.is_property else program.expression
    if target.is_async:
        call = f"[item async for item in {call}]" if _yields(target.node) else f"await {call}"
    last = [f"return {call}"]
    if trial.waits:
        begun = f"waiting = asyncio.ensure_future({program.expression})"
        last = [begun, f"{AWAIT}asyncio.sleep(0)", "return waiting.done()"]
    body = [*program.arrange[kept:], *last]
    scenario = "\n    ".join((f"async def {SCENARIO}():", *body))
    return program._replace(
        arrange=(*program.arrange[:kept], scenario),
        call=f"asyncio.run({SCENARIO}())",
        arguments=(),
        is_property=True,
        imports=unique(("import asyncio", *program.imports)),
    )


def _yields(node: ast.AST) -> bool:
    return any(isinstance(each, ast.Yield) for each in own_nodes(node))


def failed_early(error: BaseException, program: Program) -> bool:
    """Whether a statement before the call raised the exception, inside of a scenario."""
    frames = [
        (frame.f_code.co_name, line)
        for frame, line in traceback.walk_tb(error.__traceback__)
        if frame.f_code.co_filename == foreign.FILE
    ]
    inside = [line for name, line in frames if name == SCENARIO]
    return bool(inside) and inside[0] < program.arrange[-1].count("\n") + 1


def _manages_context(target: Target) -> bool:
    """Whether the function only runs when it is entered by a ``with`` statement."""
    names = [dotted(each) or "" for each in target.node.decorator_list]
    return any(name.rpartition(".")[2] == "contextmanager" for name in names)


def private_name(target: Target) -> str:
    """Return the name under which the attribute is reached from outside the class."""
    return target.name if target.owner is None else mangled(target.name, target.owner)


def _receiver(target: Target, trial: Trial) -> tuple[str | None, tuple[str, ...]]:
    if not target.needs_receiver or target.owner is None or trial.receiver is None:
        return None, ()
    if trial.receiver.source.isidentifier():  # a seed's own variable
        return trial.receiver.source, trial.before
    variable = receiver_name(target.owner)
    while variable == target.callee.source.partition(".")[0]:
        variable += "_object"
    return variable, (f"{variable} = {trial.receiver.source}", *trial.before)


def _callee(target: Target, variable: str | None) -> str:
    name = private_name(target)
    if variable is not None:
        return f"{variable}.{name}"
    if target.kind is Kind.CONSTRUCTOR:
        return target.callee.source
    before, dot, _ = target.callee.source.rpartition(".")
    return f"{before}{dot}{name}" if target.owner and dot else target.callee.source


def _idiomatic(target: Target, program: Program, trial: Trial) -> Program:
    """Use the operator or the built-in function that calls a special method."""
    receiver = program.receiver
    if receiver is None:
        return program
    if target.kind is Kind.SETTER:
        return program._replace(
            call="setattr",
            arguments=(_plain(receiver), _plain(repr(target.name)), *program.arguments),
        )
    return _spelt(target, program, receiver, trial)


def _spelt(target: Target, program: Program, receiver: str, trial: Trial) -> Program:
    sources = [bound.value.source for bound in program.arguments]
    operator = _OPERATORS.get(target.name)
    if operator and operator.count("{") == len(sources) + 1:
        expression = operator.format(receiver, *sources)
        return program._replace(call=expression, arguments=(), is_property=True)
    if target.name == "__call__":
        return program._replace(call=receiver)
    if target.name == "__hash__" and trial.receiver is not None:
        # The number differs from machine to machine; that equals agree on it does not.
        agree = f"hash({receiver}) == hash({trial.receiver.source})"
        return program._replace(call=agree, is_property=True)
    function = _FUNCTIONS.get(target.name)
    if function and not sources:
        return program._replace(call=function, arguments=(_plain(receiver),))
    return program


def _plain(source: str) -> Bound:
    return Bound("", Value(source))
