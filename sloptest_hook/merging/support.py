"""Helpers, fixtures and constants that come with new tests, under names that are free in the file.

A fixture is used by parameter, which no import or assignment tells: a name that any function of
the file has for a parameter, or any string mentions, counts as taken, because a fixture of the
module hides one of ``conftest.py`` from the tests that are there.
"""

import ast
import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

from sloptest_hook.merging.clashes import is_collected, names_made_local, replaced, words_of
from sloptest_hook.merging.collected import FunctionNode, shape_of
from sloptest_hook.merging.document import Document, Unusable, parse, with_newlines
from sloptest_hook.values.candidate import Candidate, SupportCode
from sloptest_hook.values.records import dataclass, replace

_DEFINITION = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
_BY_STRING = ("usefixtures", "getfixturevalue", "parametrize")


@dataclass(frozen=True, slots=True)
class FileSupport:
    """What a file has: the shape of each definition to its name, and names nobody may take.

    ``is_used``: there is code in it that an autouse fixture would change.
    """

    shapes: Mapping[str, str]
    taken: frozenset[str]
    is_used: bool

    @classmethod
    def of(cls, document: Document) -> "FileSupport":
        """Read a file: its top-level helpers, fixtures, classes and constants."""
        shapes = {
            shape: name
            for node in document.tree.body
            if (name := _defined_name(node)) and (shape := _shape(node, name))
        }
        nodes = list(ast.walk(document.tree))
        parameters = {node.arg for node in nodes if isinstance(node, ast.arg)}
        constants = (node.value for node in nodes if isinstance(node, ast.Constant))
        strings = {value for value in constants if isinstance(value, str)}
        return cls(shapes, frozenset(parameters | strings), bool(document.tree.body))

    def with_pieces(self, pieces: Sequence[SupportCode]) -> "FileSupport":
        """Return what the file has once it got these."""
        new = {_shape(parse(piece.code).body[0], piece.name): piece.name for piece in pieces}
        return replace(self, shapes={**self.shapes, **new})


NO_SUPPORT = FileSupport({}, frozenset(), is_used=False)


@dataclass(frozen=True, slots=True)
class Settled:
    """What the candidate's support is called in the file, and the pieces that the file lacks."""

    names: Mapping[str, str]
    fixtures: frozenset[str]
    new: tuple[SupportCode, ...]

    def used_in(self, code: str) -> str | Unusable:
        """Return code that uses the support under the names it has in the file."""
        return _with_support(code, self.names, self.fixtures)


def settle(
    candidate: Candidate, codes: Sequence[str], has: FileSupport, taken: Collection[str]
) -> Settled | Unusable:
    """Return names for the support of a candidate, whose ``codes`` use the file's imports by now.

    A piece that the file has, under whatever name, is used from there. One whose name is taken gets
    another, which changes the code of those that use it, so that this goes on until nothing moves.
    """
    pairs = zip(candidate.support, codes, strict=True)
    pieces = [_piece(piece.name, code, parse(code).body[0]) for piece, code in pairs]
    fixtures = frozenset(piece.name for piece in pieces if piece.is_fixture)
    if has.is_used and any(piece.is_autouse for piece in pieces):
        return Unusable("would get an autouse fixture, which changes the tests that are there")
    words = words_of([*codes, *(test.code for test in candidate.tests)])
    forbidden = {*taken, *has.taken}
    suffix = candidate.target.symbol.qualname.rpartition(".")[2].strip("_")
    names: dict[str, str] = {}
    for _round in range(len(pieces) + 2):
        settled = _one_round(pieces, names, fixtures, _Naming(has, forbidden, words, suffix))
        if isinstance(settled, Unusable):
            return settled
        if settled.names == names:
            return settled
        names = dict(settled.names)
    return Unusable("would get helpers whose names depend on each other")


def fault_of(piece: SupportCode) -> str:
    """Return why a merge cannot take it; empty: it can."""
    try:
        body = parse(with_newlines(piece.code)).body
    except (SyntaxError, ValueError) as error:
        return f"would get {piece.name}, which does not parse: {error}"
    if len(body) != 1 or _defined_name(body[0]) != piece.name:
        return f"would get {piece.name}, which is not one definition of that name"
    if is_collected(piece.name):
        return f"would get the helper {piece.name}, which pytest takes for a test"
    if any(word.arg == "name" for word in _fixture_words(body[0])):
        return f"would get the fixture {piece.name} under a second name"
    return ""


def _defined_name(node: ast.stmt) -> str:
    """Return the one name that a statement defines; empty where it is not one definition."""
    match node:
        case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.ClassDef():
            return node.name
        case ast.Assign(targets=[ast.Name(id=name)]) | ast.AnnAssign(target=ast.Name(id=name)):
            return name
        case _:
            return ""


def used_support(new: Sequence[SupportCode], codes: Iterable[str]) -> tuple[SupportCode, ...]:
    """Return the pieces that the codes use, through others too, in their order."""
    wanted = set(words_of(codes))
    used: set[str] = set()
    while found := [piece for piece in new if piece.name in wanted - used]:
        used |= {piece.name for piece in found}
        wanted |= words_of(piece.code for piece in found)
    return tuple(piece for piece in new if piece.name in used)


@dataclass(frozen=True, slots=True)
class _Piece:
    name: str
    code: str
    is_fixture: bool
    is_autouse: bool


@dataclass(frozen=True, slots=True)
class _Naming:
    """Where names come from: what the file has, what is forbidden, what the new code mentions."""

    has: FileSupport
    forbidden: Collection[str]
    words: Collection[str]
    suffix: str

    def name_of(self, piece: _Piece, shape: str, chosen: Collection[str]) -> tuple[str, bool]:
        """Return the name in the file, and whether the file already has the piece."""
        if (known := self.has.shapes.get(shape)) is not None:
            return known, True
        names = _names(piece.name, self.suffix)
        free = (name for name in names if name not in self.forbidden and name not in chosen)
        return next(n for n in free if n == piece.name or n not in self.words), False


def _one_round(
    pieces: Sequence[_Piece], names: Mapping[str, str], fixtures: Collection[str], naming: _Naming
) -> Settled | Unusable:
    found: dict[str, str] = {}
    new: list[SupportCode] = []
    for piece in pieces:
        code = _with_support(piece.code, {**names, piece.name: piece.name}, fixtures)
        if isinstance(code, Unusable):
            return code
        shape = _shape(parse(code).body[0], piece.name)
        name, is_known = naming.name_of(piece, shape, found.values())
        found[piece.name] = name
        if not is_known:
            own = _with_support(code, {piece.name: name}, {piece.name})
            if isinstance(own, Unusable):
                return own
            new.append(SupportCode(name, own))
    return Settled(found, frozenset(fixtures), tuple(new))


def _with_support(code: str, names: Mapping[str, str], fixtures: Collection[str]) -> str | Unusable:
    changed = {old: new for old, new in names.items() if old != new and old in words_of([code])}
    if not changed:
        return code
    tree = parse(code)
    local = names_made_local(code)
    mixed = next((old for old in changed if old in local and old not in fixtures), None)
    keyword = {node.arg for node in ast.walk(tree) if isinstance(node, ast.keyword)}
    mixed = mixed or next((old for old in changed if old in keyword and old in local), None)
    if mixed is not None:
        return Unusable(f"uses the name {mixed} for something else")
    result = replaced(code, _uses(tree, changed))
    left = {old for _line, _column, old, _new in _uses(parse(result), changed)}
    return Unusable(f"uses {min(left)} in a way that cannot be renamed") if left else result


def _piece(name: str, code: str, node: ast.stmt) -> _Piece:
    is_autouse = any(word.arg == "autouse" for word in _fixture_words(node))
    return _Piece(name, code, bool(_fixture_marks(node)), is_autouse)


def _fixture_marks(node: ast.stmt) -> list[ast.expr]:
    decorators = node.decorator_list if isinstance(node, _DEFINITION) else []
    return [each for each in decorators if "fixture" in ast.dump(each)]


def _fixture_words(node: ast.stmt) -> Iterator[ast.keyword]:
    for mark in _fixture_marks(node):
        if isinstance(mark, ast.Call):
            yield from mark.keywords


def _shape(node: ast.stmt, name: str) -> str:
    """Return what is equal for two definitions that differ in nothing but their own name."""
    if isinstance(node, FunctionNode):
        text = shape_of(node)
    elif isinstance(node, ast.ClassDef):
        text = "\n".join(map(ast.dump, [*node.decorator_list, *node.bases, *node.body]))
    else:
        text = ast.dump(node)
    return re.sub(rf"(id|arg)='{name}'", r"\1=''", text)


def _names(name: str, suffix: str) -> Iterator[str]:
    """Yield the name, then ``cart_for_total`` in the spelling of the name, then numbered ones."""
    yield name
    if name.isupper():
        longer = f"{name}_FOR_{suffix.upper()}"
    elif name[:1].isupper():
        longer = f"{name}For{suffix[:1].upper()}{suffix[1:]}"
    else:
        longer = f"{name}_for_{suffix.lower()}"
    yield longer
    number = 2
    while True:
        yield f"{longer}_{number}"
        number += 1


def _uses(tree: ast.AST, names: Mapping[str, str]) -> Iterator[tuple[int, int, str, str]]:
    """Yield line, column in bytes, what stands there, and what is to."""
    for node in ast.walk(tree):
        match node:
            case ast.Name(id=old) | ast.arg(arg=old) if old in names:
                yield node.lineno, node.col_offset, old, names[old]
            case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.ClassDef():
                if node.name in names:
                    yield from _in_heading(node, names[node.name])
            case ast.Call():
                yield from _in_strings(node, names)
            case _:
                pass


def _in_heading(
    node: ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef, new: str
) -> Iterator[tuple[int, int, str, str]]:
    word = {ast.FunctionDef: "def ", ast.AsyncFunctionDef: "async def ", ast.ClassDef: "class "}
    yield node.lineno, node.col_offset + len(word[type(node)]), node.name, new


def _in_strings(call: ast.Call, names: Mapping[str, str]) -> Iterator[tuple[int, int, str, str]]:
    """Yield the names within the strings by which pytest is told of fixtures."""
    if not _is_by_string(call):
        return
    for argument in call.args[:1] if _is_parametrize(call) else call.args:
        if isinstance(argument, ast.Constant) and isinstance(argument.value, str):
            for found in re.finditer(r"\w+", argument.value):
                if found[0] in names:
                    # Behind the quote; where it has a prefix, what stands there is not the name.
                    column = argument.col_offset + 1 + found.start()
                    yield argument.lineno, column, found[0], names[found[0]]


def _is_by_string(call: ast.Call) -> bool:
    return isinstance(call.func, ast.Attribute) and call.func.attr in _BY_STRING


def _is_parametrize(call: ast.Call) -> bool:
    return isinstance(call.func, ast.Attribute) and call.func.attr == "parametrize"
