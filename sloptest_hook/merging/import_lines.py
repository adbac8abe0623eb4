"""New import statements, each next to the imports of its section."""

import ast
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from sloptest_hook.merging.document import Document, Insertion
from sloptest_hook.merging.imports import ImportedName, names_of_import
from sloptest_hook.merging.members import member_insertion
from sloptest_hook.merging.positions import ImportBlock, import_block
from sloptest_hook.merging.printing import (
    Section,
    grouped_imports,
    print_imports,
    section_of,
    sort_key,
    sorted_names,
)
from sloptest_hook.merging.style import Style

_DEFINITION = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)


def import_insertions(
    document: Document,
    imports: Sequence[ImportedName],
    style: Style,
) -> list[Insertion]:
    """Return the imports as insertions into the import block of a file that holds statements."""
    if not imports:
        return []
    own = {name.module.partition(".")[0] for name in imports} & style.first_party
    block = import_block(document, frozenset(own))
    if not block.statements:
        text = grouped_imports(imports, style)
        return [_first_block(document, block.after, text)]
    names = sorted_names(imports, style)
    members = {name: member_insertion(document, block.statements, name) for name in names}
    left = [name for name in names if members[name] is None]
    rows = _Rows.of(document, block, style)
    keyed = ((_key_of(text, style), text) for _, text in print_imports(left, style))
    return [*filter(None, members.values()), *rows.insertions(sorted(keyed))]


@dataclass(frozen=True, slots=True, order=True)
class _Key:
    """What orders import statements: the section, then as isort does."""

    section: Section
    order: tuple[bool, str, str, bool]


@dataclass(frozen=True, slots=True)
class _Row:
    """One import statement of the user's.

    ``end`` is the line after which it is over, ``before`` the one after which something can be put
    in front of it: None where a comment or half a line stands there.
    """

    key: _Key
    before: int | None
    end: int


@dataclass(frozen=True, slots=True)
class _Rows:
    """The import statements of one block; ``gap`` is what the file has between two sections."""

    rows: tuple[_Row, ...]
    gap: str

    @classmethod
    def of(cls, document: Document, block: ImportBlock, style: Style) -> "_Rows":
        rows = tuple(
            _Row(
                _key_of_statement(node, style),
                _line_before(document, node),
                document.end_of(node),
            )
            for node in block.statements
        )
        lines = range(block.statements[0].lineno, rows[-1].end)
        sections = {row.key.section for row in rows}
        dense = len(sections) > 1 and not any(map(document.is_blank, lines))
        return cls(rows, "" if dense else "\n")

    def insertions(self, statements: Iterable[tuple[_Key, str]]) -> Iterator[Insertion]:
        """Yield the statements where their section is, or as a section of their own."""
        fresh: dict[Section, Insertion] = {}
        known = {row.key.section for row in self.rows}
        for key, text in statements:
            if key.section in known:
                yield self._among_its_like(key, text)
            elif key.section in fresh:
                place = fresh[key.section]
                fresh[key.section] = Insertion(place.after, place.text + text)
            else:
                fresh[key.section] = Insertion(self._new_section(key.section), text)
        for section in sorted(fresh):
            place = fresh[section]
            leads = place.after == self.rows[0].before
            yield Insertion(place.after, place.text + self.gap if leads else self.gap + place.text)

    def _among_its_like(self, key: _Key, text: str) -> Insertion:
        like = [row for row in self.rows if row.key.section == key.section]
        lower = [row for row in like if row.key <= key]
        if not lower and like[0].before is not None:
            return Insertion(like[0].before, text)
        return Insertion((lower or like)[-1].end, text)

    def _new_section(self, section: Section) -> int:
        earlier = [row.end for row in self.rows if row.key.section < section]
        if earlier:
            return max(earlier)
        first = self.rows[0].before
        return self.rows[-1].end if first is None else first


def _key_of(statement: str, style: Style) -> _Key:
    return _key_of_statement(ast.parse(statement).body[0], style)


def _key_of_statement(node: ast.stmt, style: Style) -> _Key:
    name = names_of_import(node)[0]
    return _Key(section_of(name.module, style), sort_key(name, style))


def _line_before(document: Document, first: ast.stmt) -> int | None:
    line = first.lineno - 1
    if line == 0 or document.is_blank(line) or line in document.ends:
        body = document.tree.body
        above = body.index(first) - 1
        if above < 0 or document.end_of(body[above]) <= line:
            return line
    return None


def _first_block(document: Document, after: int, text: str) -> Insertion:
    """Return the file's first import list, set off from what is around it."""
    below = next((n for n in document.tree.body if n.lineno > after), None)
    wanted = 2 if isinstance(below, _DEFINITION) else 1
    free = document.blanks_after(after)
    tail = "" if free is None else "\n" * max(0, wanted - free)
    return Insertion(after, ("\n" if after and not document.is_blank(after) else "") + text + tail)
