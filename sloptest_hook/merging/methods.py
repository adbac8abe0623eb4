"""A test function rewritten as a method of a test class, where that is nothing but an indent."""

import ast
import io
import re
import tokenize

from sloptest_hook.merging.document import Document

_UNIT = 4  # spaces, what new code is indented by
_OPENING = re.compile(r"^((?:async )?def \w+\()", re.MULTILINE)


def as_method(document: Document, owner: ast.ClassDef, code: str, line_length: int) -> str | None:
    """Return the code indented and with ``self``; None where an indent is not all it takes.

    That is: a string over several lines, a line that gets too long. The indent is the class's own.
    """
    first = re.match(r"[ \t]+(?=\S)", document.lines[owner.body[0].lineno - 1])
    if first is None or owner.col_offset or _has_long_string(code):
        return None
    with_self = _OPENING.sub(r"\g<1>self, ", code, count=1).replace("(self, )", "(self)", 1)
    lines = [_indented(line, first[0]) if line else line for line in with_self.split("\n")]
    too_long = any(len(line.expandtabs(_UNIT)) > line_length for line in lines)
    return None if too_long else "\n".join(lines)


def _indented(line: str, indent: str) -> str:
    """Return the line one step deeper, in steps of ``indent``."""
    code = line.lstrip(" ")
    steps, rest = divmod(len(line) - len(code), _UNIT)
    return indent * (steps + 1) + " " * rest + code


def _has_long_string(code: str) -> bool:
    """Return whether a token other than a line end spans lines: an indent would change it."""
    tokens = tokenize.generate_tokens(io.StringIO(code).readline)
    strings = {tokenize.STRING, getattr(tokenize, "FSTRING_MIDDLE", tokenize.STRING)}
    return any(t.start[0] != t.end[0] for t in tokens if t.type in strings) or "\\\n" in code
