"""Asynchronous code: nothing is awaited, one after the other, no exit, no time limit."""

import ast
from collections.abc import Iterator

from sloptest_hook.quality.edits import Edit, Operator, Place


def _edits(node: ast.AST, place: Place) -> Iterator[Edit]:
    match node:
        case ast.Await(value=ast.Call() as call) if _name(call) == "gather":
            yield from _sequential(node, call, place)
        case ast.Await():
            yield place.replaced(
                node, place.text(node.value), f"`{_brief(place.text(node))}` need not be awaited"
            )
        case ast.AsyncWith(items=[one]):
            yield from _without_exit(node, one, place)
        case ast.ExceptHandler(type=ast.Name(id="Exception") as kind):
            if isinstance(place.function, ast.AsyncFunctionDef):
                yield place.replaced(kind, "BaseException", "a cancellation can be swallowed")
        case ast.Call():
            yield from _without_limit(node, place)
        case _:
            return


def _sequential(node: ast.Await, call: ast.Call, place: Place) -> Iterator[Edit]:
    """Wait for one after the other; what is started by a task before runs at once anyway."""
    if call.keywords or not call.args or any(isinstance(a, ast.Starred) for a in call.args):
        return
    waits = ", ".join(f"await {place.text(each)}" for each in call.args)
    yield place.replaced(node, f"[{waits}]", "`gather` can wait for one after the other")


def _without_exit(node: ast.AsyncWith, item: ast.withitem, place: Place) -> Iterator[Edit]:
    start = place.source.span(node)[0]
    end = place.source.span(item.optional_vars or item.context_expr)[1]
    entered = f"await ({place.text(item.context_expr)}).__aenter__()"
    match item.optional_vars:
        case None:
            after = f"if [{entered}]"
        case ast.Name(id=name):
            after = f"if [{name} := {entered}]"
        case _:
            return
    closing = place.source.token(r"\A\s*\)", end, place.source.span(node.body[0])[0])
    yield Edit(
        (start, closing[1] if closing else end), after, "the exit of `async with` is not missed"
    )


def _without_limit(node: ast.Call, place: Place) -> Iterator[Edit]:
    limit: ast.expr | None = None
    if _name(node) == "wait_for":
        named = [each.value for each in node.keywords if each.arg == "timeout"]
        limit = named[0] if named else (node.args[1] if len(node.args) > 1 else None)
    elif _name(node) == "timeout" and len(node.args) == 1:
        limit = node.args[0]
    if limit is not None:
        yield place.replaced(limit, "None", f"the time limit `{place.text(limit)}` can be dropped")


def _name(call: ast.Call) -> str:
    match call.func:
        case ast.Attribute(value=ast.Name(id="asyncio"), attr=name):
            return name
        case ast.Name(id=name):
            return name
        case _:
            return ""


def _brief(text: str) -> str:
    return text if len(text) <= 40 and "\n" not in text else f"{text[:37].splitlines()[0]}..."  # noqa: PLR2004


OPERATOR = Operator(
    "awaiting",
    1,
    _edits,
    (
        ("async def f(a): return await a()", ("async def f(a): return a()",)),
        (
            "async def f(): await asyncio.gather(a(), b())",
            ("async def f(): [await a(), await b()]",),
        ),
        (
            "async def f():\n    async with a() as b: c(b)",
            ("async def f():\n    if [b := await (a()).__aenter__()]: c(b)",),
        ),
        (
            "async def f():\n    async with (a()): c()",
            ("async def f():\n    if [await (a()).__aenter__()]: c()",),
        ),
        (
            "async def f():\n    try: a()\n    except Exception: b()",
            ("async def f():\n    try: a()\n    except BaseException: b()",),
        ),
        (
            "async def f(): x = asyncio.wait_for(a(), timeout=5)",
            ("async def f(): x = asyncio.wait_for(a(), timeout=None)",),
        ),
        ("def f():\n    try: a()\n    except Exception: b()", ()),
    ),
)
