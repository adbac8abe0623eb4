"""A source text with the places of its syntax tree in it."""

import ast
import re
from functools import cached_property

_LINE_END = re.compile(r"\r\n|\r|\n")
_COMMENT = re.compile(r"#[^\r\n]*")


class SourceText:
    """A text and its tree; places are counted in characters from the beginning of the text.

    Raises SyntaxError, and ValueError for a null byte, as ``ast.parse`` does.
    """

    def __init__(self, text: str) -> None:
        self.text = text
        self.tree = ast.parse(text)
        ends = [match.end() for match in _LINE_END.finditer(text)]
        self._starts = [0, *ends]

    @cached_property
    def _is_ascii(self) -> bool:
        return self.text.isascii()

    def place(self, line: int, column: int) -> int:
        """Return where a line and a column lie; ``ast`` counts columns in bytes of UTF-8."""
        start = self._starts[line - 1]
        if self._is_ascii:
            return start + column
        after = self._starts[line] if line < len(self._starts) else len(self.text)
        head = self.text[start:after].encode("utf-8", "surrogatepass")[:column]
        return start + len(head.decode("utf-8", "surrogatepass"))

    def span(self, node: ast.expr | ast.stmt | ast.keyword | ast.excepthandler) -> tuple[int, int]:
        """Return where a node begins and ends, decorators left out."""
        line, column = node.end_lineno or node.lineno, node.end_col_offset or node.col_offset
        return self.place(node.lineno, node.col_offset), self.place(line, column)

    def of(self, span: tuple[int, int]) -> str:
        """Return the characters of a span."""
        return self.text[span[0] : span[1]]

    def line_of(self, place: int) -> int:
        """Return the line of a place, counted from 1."""
        return len(_LINE_END.findall(self.text, 0, place)) + 1

    def token(self, pattern: str, start: int, end: int) -> tuple[int, int] | None:
        """Return where a pattern first matches between two places, outside of comments."""
        masked = _COMMENT.sub(lambda found: " " * len(found[0]), self.text[start:end])
        found = re.search(pattern, masked)
        return None if found is None else (start + found.start(), start + found.end())
