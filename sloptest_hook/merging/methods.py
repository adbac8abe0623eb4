"""A test function rewritten as a method of a test class, where that is nothing but an indent."""

import ast
import io
import re
import tokenize

from sloptest_hook.merging.document import Document

_INDENT = "    "
_OPENING = re.compile(r"^((?:async )?def \w+\()", re.MULTILINE)


def as_method(document: Document, owner: ast.ClassDef, code: str, line_length: int) -> str | None:
    """Return the code indented and with ``self``; None where an indent is not all it takes.

    That is: a class indented otherwise, a string over several lines, a line that gets too long.
    """
    first = document.lines[owner.body[0].lineno - 1]
    if not re.match(r"    \S", first) or owner.col_offset or _has_long_string(code):
        return None
    with_self = _OPENING.sub(r"\g<1>self, ", code, count=1).replace("(self, )", "(self)", 1)
    lines = [f"{_INDENT}{line}" if line else line for line in with_self.split("\n")]
    return None if any(len(line) > line_length for line in lines) else "\n".join(lines)


def _has_long_string(code: str) -> bool:
    """Return whether a token other than a line end spans lines: an indent would change it."""
    tokens = tokenize.generate_tokens(io.StringIO(code).readline)
    strings = {tokenize.STRING, getattr(tokenize, "FSTRING_MIDDLE", tokenize.STRING)}
    return any(t.start[0] != t.end[0] for t in tokens if t.type in strings) or "\\\n" in code
