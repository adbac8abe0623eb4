"""A handler never fires, loses one of its types, or another type is raised."""

import ast
from collections.abc import Iterator

from sloptest_hook.quality.edits import Edit, Operator, Place


def _edits(node: ast.AST, place: Place) -> Iterator[Edit]:
    match node:
        case ast.ExceptHandler(type=None):
            start = place.source.span(node)[0] + len("except")
            yield Edit((start, start), " ()", "`except:` can catch nothing")
        case ast.ExceptHandler(type=ast.Tuple() as kinds) if len(kinds.elts) > 1:
            for each in kinds.elts:
                yield place.replaced(each, "()", f"`{place.text(each)}` need not be caught")
        case ast.ExceptHandler(type=ast.expr() as kind):
            yield place.replaced(kind, "()", f"`{place.text(kind)}` need not be caught")
        case ast.Raise(exc=ast.Call(func=ast.Name() as kind) | (ast.Name() as kind)):
            if kind.id.endswith(("Error", "Exception")):
                other = "RuntimeError" if kind.id != "RuntimeError" else "ValueError"
                yield place.replaced(kind, other)
        case _:
            return


OPERATOR = Operator(
    "exceptions",
    1,
    _edits,
    (
        (
            "def f():\n    try: a()\n    except E: b()",
            ("def f():\n    try: a()\n    except (): b()",),
        ),
        (
            "def f():\n    try: a()\n    except (E, F): b()",
            (
                "def f():\n    try: a()\n    except ((), F): b()",
                "def f():\n    try: a()\n    except (E, ()): b()",
            ),
        ),
        (
            "def f():\n    try: a()\n    except: b()",
            ("def f():\n    try: a()\n    except (): b()",),
        ),
        ("def f(): raise ValueError(1)", ("def f(): raise RuntimeError(1)",)),
        ("def f(e): raise e", ()),
    ),
)
