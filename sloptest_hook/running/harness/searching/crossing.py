"""Makes one constructor call of two: what counts only together is seldom given together."""

from __future__ import annotations

import ast

from .syntax import expression
from .value import Value, unique


def crossed(one: Value, other: Value) -> Value | None:
    """Return the first call with the keywords of the second that it lacks; None when it has all."""
    first, second = _call(one.source), _call(other.source)
    if first is None or second is None or ast.dump(first.func) != ast.dump(second.func):
        return None
    known = {each.arg for each in first.keywords}
    more = [each for each in second.keywords if each.arg is not None and each.arg not in known]
    if not more or None in known:
        return None
    first.keywords += more
    return one._replace(
        source=ast.unparse(first),
        imports=unique((*one.imports, *other.imports)),
        arrange=unique((*one.arrange, *other.arrange)),
        fixtures=unique((*one.fixtures, *other.fixtures)),
        edited=True,
    )


def _call(source: str) -> ast.Call | None:
    made = expression(source)
    return made if isinstance(made, ast.Call) else None
