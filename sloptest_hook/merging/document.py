"""A test file as bytes, lines and tree at once, and text spliced in between its lines."""

import ast
import io
import re
import symtable
import tokenize
import warnings
from bisect import bisect_left
from collections.abc import Iterable

from sloptest_hook.values.records import dataclass

# What Python calls a line end; str.splitlines would split at form feeds and U+2028 too.
_LINE = re.compile(r"[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+")
_CONFLICT = re.compile(r"^<{7} .*^={7}$.*^>{7} ", re.MULTILINE | re.DOTALL)
_UNREADABLE = (SyntaxError, ValueError, RecursionError, MemoryError)


@dataclass(frozen=True, slots=True)
class Unusable:
    """Why a file's bytes cannot be worked on."""

    reason: str


@dataclass(frozen=True, slots=True)
class Insertion:
    """Whole lines that go after line ``after`` (0: before the first), with line feeds only."""

    after: int
    text: str


@dataclass(frozen=True, slots=True)
class Document:
    """A file that parses.

    ``lines`` keep their line ends; a byte order mark lives in ``encoding`` (``utf-8-sig``).
    ``ends`` are the numbers of the lines at which a logical line ends: nothing may be inserted
    after a line that is not one of them, blank, or a comment.
    """

    encoding: str
    eol: str
    lines: tuple[str, ...]
    tree: ast.Module
    scope: symtable.SymbolTable
    ends: tuple[int, ...]

    def end_of(self, node: ast.stmt) -> int:
        """Return the line after which the statement, and all that shares its line, is over."""
        last = node.end_lineno or node.lineno
        return self.ends[bisect_left(self.ends, last)]

    def is_blank(self, line: int) -> bool:
        """Return whether line ``line``, counted from 1, holds nothing but white space."""
        return not self.lines[line - 1].strip()

    def blanks_before(self, position: int) -> int:
        """Return how many blank lines end at line ``position``."""
        first = position
        while first > 0 and self.is_blank(first):
            first -= 1
        return position - first

    def blanks_after(self, position: int) -> int | None:
        """Return how many blank lines follow line ``position``; None: nothing but them."""
        line = position + 1
        while line <= len(self.lines) and self.is_blank(line):
            line += 1
        return None if line > len(self.lines) else line - position - 1


def read_document(data: bytes) -> Document | Unusable:
    """Return the file, or why nothing can be merged into it."""
    try:
        encoding, _ = tokenize.detect_encoding(io.BytesIO(data).readline)
        text = data.decode(encoding)
    except (SyntaxError, UnicodeError, LookupError) as error:
        return Unusable(f"is not valid in its declared encoding: {error}")
    if text.encode(encoding) != data:
        return Unusable(f"does not survive being read and written as {encoding}")
    lines = tuple(_LINE.findall(text))
    plain = with_newlines(text)
    if _CONFLICT.search(plain):
        return Unusable("holds merge conflict markers")
    try:
        tree, scope, ends = parse(plain), _scope_of(plain), _logical_ends(plain)
    except (*_UNREADABLE, tokenize.TokenError) as error:
        return Unusable(f"does not parse: {error}")
    return Document(encoding, _eol_of(lines), lines, tree, scope, ends)


def parse(code: str) -> ast.Module:
    """Parse silently: a user's odd escape sequence is none of our business.

    Raises SyntaxError, ValueError, RecursionError or MemoryError, as ``ast.parse`` does.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return ast.parse(code)


def global_names(scope: symtable.SymbolTable) -> frozenset[str]:
    """Return every name that the module binds, or looks up outside its functions."""
    names = set(scope.get_identifiers())
    waiting = list(scope.get_children())
    while waiting:
        inner = waiting.pop()
        names.update(symbol.get_name() for symbol in inner.get_symbols() if symbol.is_global())
        waiting += inner.get_children()
    return frozenset(names)


def defined_names(body: Iterable[ast.stmt]) -> frozenset[str]:
    """Return the names that statements of a module assign, define or delete, imports left out."""
    names: set[str] = set()
    waiting: list[ast.AST] = list(body)
    while waiting:
        node = waiting.pop()
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            names.add(node.name)
        elif isinstance(node, ast.Name) and not isinstance(node.ctx, ast.Load):
            names.add(node.id)
        elif isinstance(node, ast.comprehension):  # its own target is nobody else's
            waiting += [node.iter, *node.ifs]
        else:
            waiting += ast.iter_child_nodes(node)
    return frozenset(names)


def code_scope(code: str) -> symtable.SymbolTable:
    """Return the scope of parsed code; raises SyntaxError where only scopes show a mistake."""
    return _scope_of(code)


def with_newlines(text: str) -> str:
    """Return the text with line feeds only, as Python's tokenizer sees it."""
    return text.replace("\r\n", "\n").replace("\r", "\n")


def splice(document: Document, insertions: Iterable[Insertion]) -> bytes:
    """Return the file with the insertions in place; at one place they keep their order.

    Raises UnicodeEncodeError when an insertion cannot be written in the file's encoding.
    """
    pieces: list[str] = []
    done = 0
    for insertion in sorted(insertions, key=lambda insertion: insertion.after):
        pieces += document.lines[done : insertion.after]
        done = insertion.after
        if pieces and not pieces[-1].endswith(("\r", "\n")):
            pieces.append(document.eol)
        pieces.append(insertion.text.replace("\n", document.eol))
    pieces += document.lines[done:]
    return "".join(pieces).encode(document.encoding)


def _scope_of(code: str) -> symtable.SymbolTable:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return symtable.symtable(code, "<tests>", "exec")


def _logical_ends(plain: str) -> tuple[int, ...]:
    tokens = tokenize.generate_tokens(io.StringIO(plain, newline="\n").readline)
    return tuple(token.start[0] for token in tokens if token.type == tokenize.NEWLINE)


def _eol_of(lines: tuple[str, ...]) -> str:
    """Return the line end used most; the first one wins a tie."""
    counts: dict[str, int] = {}
    for line in lines:
        end = line[len(line.rstrip("\r\n")) :]
        if end:
            counts[end] = counts.get(end, 0) + 1
    return max(counts, key=lambda end: counts[end]) if counts else "\n"
