"""What a part of a path may be so that joining it to a place does not lead out of it."""

import ast
import re

from sloptest_hook.guard.bindings import How
from sloptest_hook.guard.fixtures import Fixtures
from sloptest_hook.guard.folding import folded
from sloptest_hook.guard.look import Look

UP = re.compile(r"(?:^|[\\/])\.\.(?:$|[\\/])")
ABSOLUTE = re.compile(r"[/\\~]|[A-Za-z]+:")


def is_plain_part(part: ast.expr, look: Look, fixtures: Fixtures) -> bool:
    """Return whether a part that is made at run time can be one name and no way out.

    A name that pytest fills (a parameter set, a fixture) or that runs through written values,
    a number in an f-string: as far as the code shows it, no absolute path and no ``..``.
    """
    if isinstance(part, ast.JoinedStr):
        texts = [each.value for each in part.values if isinstance(each, ast.Constant)]
        first = part.values[0] if part.values else None
        if any(UP.search(str(text)) for text in texts):
            return False
        pieces = [e.value for e in part.values if isinstance(e, ast.FormattedValue)]
        absolute = isinstance(first, ast.Constant) and ABSOLUTE.match(str(first.value))
        return not absolute and all(is_plain_part(each, look, fixtures) for each in pieces)
    if isinstance(part, ast.Attribute):
        return part.attr in ("name", "stem", "suffix")
    if isinstance(part, ast.Name):
        return _is_plain_name(part, look, fixtures)
    return False


def _is_plain_name(name: ast.Name, look: Look, fixtures: Fixtures) -> bool:
    bindings = look.bindings.of(name.id, name)
    values = [each.node for each in bindings if each.how is How.VALUE]
    texts = [folded(each) for each in values]
    written = [text for text in texts if isinstance(text, str) and not ABSOLUTE.match(text)]
    if bindings and len(written) == len(bindings):
        return not any(UP.search(text) for text in written)
    if bindings and all(each.how is How.COUNTED for each in bindings):
        return True
    is_given = not values and fixtures.is_parameter_of_pytest(name)
    return is_given and name.id not in fixtures.own and not fixtures.lead_out
