"""What a case settles around the call, in words: ``with_app_debug_1``, ``at_21_30``."""

import ast
from collections.abc import Iterator

from sloptest_hook.generation.offline.fragments import parse_statements
from sloptest_hook.generation.offline.shapes import first_words, snake
from sloptest_hook.values.observed import ObservedCase

_WORDS = 3
_HOUR_AT = 3  # of the arguments of a datetime


def surroundings(case: ObservedCase) -> Iterator[str]:
    """Yield words for each statement that sets a variable, a clock, an answer or a command line."""
    for source in case.arrange:
        for statement in parse_statements(source) or ():
            yield from _of_statement(statement)


def history(case: ObservedCase) -> Iterator[str]:
    """Yield words for what was called on the receiver before: ``after_add_and_remove``."""
    receiver = case.call.partition(".")[0]
    called: list[str] = []
    for source in case.arrange:
        match parse_statements(source):
            case (
                ast.Expr(value=ast.Call(func=ast.Attribute(value=ast.Name(id=name), attr=attr))),
            ):
                called += [snake(attr)] if name == receiver else []
            case _:
                continue
    if called:
        yield f"after_{'_and_'.join(dict.fromkeys(called))}"
        yield f"after_{called[-1]}"


def _of_statement(statement: ast.stmt) -> Iterator[str]:
    match statement:
        case ast.ClassDef(name="FrozenDatetime" | "FrozenDate"):
            yield from _moment(statement)
        case ast.Expr(value=ast.Call(func=ast.Attribute(attr=name)) as call):
            texts = [arg.value for arg in call.args[:1] if isinstance(arg, ast.Constant)]
            yield from _of_call(name, str(texts[0]) if texts else "", call)
        case _:
            return


def _of_call(name: str, first: str, call: ast.Call) -> Iterator[str]:
    match name, first, call.args[1:]:
        case "delenv", _, _:
            yield f"without_{snake(first)}"
        case "setenv", _, [ast.Constant(value=str() as text)]:
            yield f"with_{snake(first)}_{first_words(text, _WORDS)}"
        case "setattr", "builtins.input", [ast.Lambda(body=ast.Constant(value=str() as text))]:
            yield f"after_answer_{first_words(text, _WORDS)}" if text.strip() else "after_no_answer"
        case "setattr", "sys.argv", [ast.List(elts=[_, *words])]:
            said = " ".join(str(w.value) for w in words if isinstance(w, ast.Constant))
            yield f"with_{first_words(said, _WORDS)}" if said.strip() else "without_arguments"
        case _:
            return


def _moment(frozen: ast.ClassDef) -> Iterator[str]:
    """Yield the hour and minute, or the month and day, that a frozen clock shows."""
    calls = [node for node in ast.walk(frozen) if isinstance(node, ast.Call) and node.args]
    numbers = [str(a.value) for call in calls[:1] for a in call.args if isinstance(a, ast.Constant)]
    if len(numbers) > _HOUR_AT:
        yield f"at_{'_'.join(numbers[_HOUR_AT:])}"
    elif numbers:
        yield f"on_{'_'.join(numbers)}"
