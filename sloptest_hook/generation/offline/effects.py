"""What a call changed, in words: ``prints_total``, ``appends_to_items``."""

import ast
import re
from collections.abc import Iterator

from sloptest_hook.generation.offline.fragments import parse_expression, parse_statements
from sloptest_hook.generation.offline.shapes import first_words, snake
from sloptest_hook.values.observed import Check, ObservedCase

_ATTRIBUTES_NAMED = 2


def effects_of(case: ObservedCase) -> list[str]:
    """Return the changes in words; what a function returns is no change, what it makes is one."""
    of_result = [check for check in case.after if _root(check.actual) == "result"]
    effects = [_effect(case, check) for check in case.after if check not in of_result]
    if case.call.rpartition(".")[2][:1].isupper():
        names = [snake(check.actual.removeprefix("result")) for check in of_result]
        few = names and len(names) <= _ATTRIBUTES_NAMED
        effects.append(f"sets_{'_and_'.join(names)}" if few else "sets_attributes")
    return effects


def told_by_result(case: ObservedCase) -> Iterator[str]:
    """Yield words for the texts and sizes that the result holds: ``gives_kind_gold``."""
    for check in case.after:
        if _root(check.actual) != "result" or check.actual == "result":
            continue
        name = snake(check.actual.removeprefix("result"))
        match parse_expression(check.expected):
            case (
                ast.Constant(value=str() as said)
                | ast.List(elts=[ast.Constant(value=str() as said)])
            ) if said.isascii() and first_words(said, 3):
                yield f"gives_{name}_{first_words(said, 3)}"
            case _:
                continue


def _effect(case: ObservedCase, check: Check) -> str:
    if "capsys" in check.actual:
        said = _shape_text(check.expected)
        stream = "errors" if check.actual.endswith(".err") else "output"
        return f"prints_{said}" if said else f"prints_no_{stream}"
    if ".read_text(" in check.actual:
        return "writes_file"
    seen = _effect_on_part(check)
    if seen:
        return seen
    changed = snake(check.actual.rpartition(".")[2])
    return f"{_change(value_before(case, check.actual), check.expected)}_{changed}"


def _effect_on_part(check: Check) -> str:
    """Return words for a check on what a container holds: ``removes_key``, ``stores_value``."""
    match parse_expression(check.actual):
        case ast.Compare(ops=[ast.In()]):
            return "removes_key" if check.expected == "False" else "adds_key"
        case ast.Subscript(value=ast.Name()):
            return "stores_value"
        case ast.Call(func=ast.Name(id="len")):
            return "updates_length"
        case ast.Call(func=ast.Name(id="str")):
            return "updates_text"
        case _:
            return ""


def _shape_text(source: str) -> str:
    """Return the first words of a string literal."""
    match parse_expression(source):
        case ast.Constant(value=str() as text):
            return first_words(text, 3)
        case _:
            return ""


def _change(before: str | None, after: str) -> str:
    """Return the verb for a variable that was one literal and is another."""
    match parse_expression(before or "None"), parse_expression(after):
        case _, ast.List(elts=[]) | ast.Dict(keys=[]):
            return "empties"
        case ast.List(elts=old), ast.List(elts=new):
            return _change_of_list([ast.unparse(item) for item in old], [*map(ast.unparse, new)])
        case ast.Dict(keys=old_keys), ast.Dict(keys=new_keys) if len(old_keys) < len(new_keys):
            return "adds_to"
        case ast.Dict(keys=old_keys), ast.Dict(keys=new_keys) if len(old_keys) > len(new_keys):
            return "removes_from"
        case _:
            return "updates"


def _change_of_list(old: list[str], new: list[str]) -> str:
    if len(new) > len(old) and new[: len(old)] == old:
        return "appends_to"
    if len(new) < len(old):
        return "removes_from"
    return "reorders" if sorted(old) == sorted(new) else "updates"


def value_before(case: ObservedCase, actual: str) -> str | None:
    """Return what the arrangement assigned to a variable."""
    for statement in reversed(case.arrange):
        match parse_statements(statement):
            case (ast.Assign(targets=[ast.Name(id=name)], value=value),) if name == actual:
                return ast.unparse(value)
            case _:
                continue
    return None


def _root(actual: str) -> str:
    inner = re.fullmatch(r"(?:len|str)\((.*)\)", actual)
    return re.split(r"[.\[]", inner[1] if inner else actual, maxsplit=1)[0]
