"""Proves that a path lies below a temporary directory of the test; a guess is not enough."""

import ast
from collections.abc import Callable, Mapping, Sequence
from typing import ClassVar

from sloptest_hook.guard.bindings import Binding, How
from sloptest_hook.guard.fixtures import Fixtures
from sloptest_hook.guard.folding import folded
from sloptest_hook.guard.look import Look
from sloptest_hook.guard.parsed import FUNCTIONS, Function
from sloptest_hook.guard.path_parts import ABSOLUTE, UP, is_plain_part
from sloptest_hook.guard.places import Root, worst_of
from sloptest_hook.guard.words import words

_GIVEN = ("tmp_path", "tmpdir", "tmp_path_factory", "tmpdir_factory", "pytester", "testdir", "fs")
_MAKERS = (
    "tempfile.TemporaryDirectory",
    "tempfile.NamedTemporaryFile",
    "tempfile.TemporaryFile",
    "tempfile.SpooledTemporaryFile",
    "tempfile.mkdtemp",
    "tempfile.mkstemp",
    "io.BytesIO",
    "io.StringIO",
)
_SAME_PLACE = (
    "pathlib.Path",
    "pathlib.PurePath",
    "pathlib.PosixPath",
    "builtins.str",
    "builtins.open",
    "os.fspath",
    "os.fsencode",
    "os.path.join",
    "os.path.abspath",
    "os.path.realpath",
    "os.path.normpath",
)
_ABOVE = ("os.path.dirname", "os.path.commonpath", "os.path.relpath")
_MOVES = frozenset({"chdir", "isolated_filesystem", "as_cwd"})
_WORKING_DIRECTORY = ("pathlib.Path.cwd", "os.getcwd", "os.getcwdb")
_ELSEWHERE_NAMES = ("os.environ", "os.getenv", "pathlib.Path.home", "os.path.expanduser")
# Methods and attributes whose result lies where their object lies.
_STAYING = words(
    """
    absolute as_posix bin_path ensure getbasetemp home join joinpath makedir makepyfile mkdir mktemp
    name open path relto resolve root strpath tmpdir touch with_name with_stem with_suffix
    make_numbered_dir mkpydir mksubdir relative_to expanduser write_text
    """
) - {"home", "relative_to", "expanduser", "resolve_name"}
_HARMLESS_TEXTS = frozenset({"", "/dev/null", "NUL", ":memory:"})
_DEEPEST = 12  # names that stand for names
_MOST_QUESTIONS = 20_000  # of one file: names that stand for several names each ask without end


class Roots:
    """Answers for one file; asks through names, fixtures and helper functions of the file."""

    __slots__ = ("_asked", "_fixtures", "_look", "_moves", "_questions", "_results")

    def __init__(self, look: Look, fixtures: Fixtures) -> None:
        self._look = look
        self._fixtures = fixtures
        self._asked: list[ast.AST] = []
        self._questions = 0
        self._results = _results(look)
        self._moves = [
            (call, look.parsed.scope(call))
            for call in look.calls
            if isinstance(call.func, ast.Attribute) and call.func.attr in _MOVES
        ]

    def of(self, node: ast.AST) -> Root:
        self._questions += 1
        endless = self._questions > _MOST_QUESTIONS or len(self._asked) > _DEEPEST
        if endless or node in self._asked:
            return Root.UNKNOWN
        self._asked.append(node)
        try:
            return self._of(node)
        finally:
            self._asked.pop()

    def of_text(self, value: str | bytes, node: ast.AST) -> Root:
        """Return where a written path lies that stands at a node."""
        text = value.decode("latin-1") if isinstance(value, bytes) else value
        if text in _HARMLESS_TEXTS:
            return Root.TEMPORARY
        if ABSOLUTE.match(text) or UP.search(text):
            return Root.ELSEWHERE
        return self._working_directory(node)

    def _of(self, node: ast.AST) -> Root:
        value = folded(node)
        if isinstance(value, str | bytes):
            return self.of_text(value, node)
        if self._look.names.one_of(node, "os.devnull"):
            return Root.TEMPORARY
        if any(
            meaning.startswith(_ELSEWHERE_NAMES)
            for meaning in self._look.names.of(node.func if isinstance(node, ast.Call) else node)
        ):
            return Root.ELSEWHERE
        ask = self._by_type.get(type(node))
        return ask(self, node) if ask is not None else Root.UNKNOWN

    def _of_name(self, node: ast.Name) -> Root:
        if node.id == "__file__":
            return Root.ELSEWHERE
        if self._fixtures.is_given(node, *_GIVEN):
            return Root.TEMPORARY
        bindings = self._look.bindings.of(node.id, node)
        return worst_of(self._of_binding(node, each) for each in bindings)

    def _of_binding(self, name: ast.Name, binding: Binding) -> Root:
        if binding.how in (How.VALUE, How.ENTERED):
            return self.of(binding.node)
        if binding.how is How.PARAMETER and isinstance(binding.node, FUNCTIONS):
            own = self._fixtures.own.get(name.id)
            if own is not None and self._fixtures.is_parameter_of_pytest(name):
                return self._of_results(own)
            return self._of_parameter(name.id, binding.node)
        return Root.UNKNOWN

    def _of_results(self, function: Function) -> Root:
        """Return where the results of a fixture or helper lie, if all lie at the same place."""
        return worst_of(map(self.of, self._results.get(function, ())))

    def _of_parameter(self, name: str, function: Function) -> Root:
        """Return where what a helper is given lies, if every use of the helper shows it."""
        arguments = function.args
        names = [each.arg for each in (*arguments.posonlyargs, *arguments.args)]
        uses = self._look.loads.get(function.name, [])
        calls = [self._look.parsed.parent(use) for use in uses]
        if name not in names or arguments.defaults or not calls or function.decorator_list:
            return Root.UNKNOWN
        given: list[Root] = []
        for use, call in zip(uses, calls, strict=True):
            if not isinstance(call, ast.Call) or call.func is not use:
                return Root.UNKNOWN
            value = self._look.argument(call, names.index(name), name)
            shown = value is not None and not self._look.is_open_ended(call)
            given.append(self.of(value) if shown and value is not None else Root.UNKNOWN)
        return worst_of(given)

    def _of_sum(self, node: ast.BinOp) -> Root:
        if not isinstance(node.op, ast.Div | ast.Add | ast.Mod):
            return Root.UNKNOWN
        left = self.of(node.left)
        if left is Root.TEMPORARY and isinstance(node.op, ast.Mod):
            return Root.UNKNOWN
        return self._joined(left, [node.right])

    def _joined(self, base: Root, parts: Sequence[ast.expr]) -> Root:
        """Return where a base with parts behind it lies: a part may be absolute, or climb."""
        for part in parts:
            value = folded(part)
            if isinstance(value, str | bytes):
                text = value.decode("latin-1") if isinstance(value, bytes) else value
                if UP.search(text) or ABSOLUTE.match(text):
                    return Root.ELSEWHERE
            elif base is Root.TEMPORARY and not is_plain_part(part, self._look, self._fixtures):
                return Root.ELSEWHERE if self.of(part) is Root.ELSEWHERE else Root.UNKNOWN
        return base

    def _of_f_string(self, node: ast.JoinedStr) -> Root:
        first, *rest = node.values or [ast.Constant("")]
        if isinstance(first, ast.FormattedValue):
            if rest and not _starts_with_separator(rest[0]):
                return Root.UNKNOWN
            texts = [str(each.value) for each in rest if isinstance(each, ast.Constant)]
            if any(map(UP.search, texts)):
                return Root.ELSEWHERE
            return self.of(first.value)
        return self.of(first)

    def _of_attribute(self, node: ast.Attribute) -> Root:
        where = self.of(node.value)
        if node.attr in ("parent", "parents", "dirname", "dirpath", "anchor", "home", "HOME"):
            return Root.UNKNOWN if where is Root.TEMPORARY else where
        return where if node.attr in _STAYING or where is not Root.TEMPORARY else Root.UNKNOWN

    def _of_item(self, node: ast.Subscript) -> Root:
        where = self.of(node.value)
        if where is Root.TEMPORARY and self._look.names.one_of(
            node.value.func if isinstance(node.value, ast.Call) else node, "tempfile.mkstemp"
        ):
            return where
        return Root.UNKNOWN if where is Root.TEMPORARY else where

    def _of_call(self, node: ast.Call) -> Root:
        known = self._of_known_function(node)
        if known is not None:
            return known
        if isinstance(node.func, ast.Attribute):
            where = self.of(node.func.value)
            if node.func.attr in _STAYING:
                return self._joined(where, node.args)
            return Root.UNKNOWN if where is Root.TEMPORARY else where
        return self._of_helper(node.func) if isinstance(node.func, ast.Name) else Root.UNKNOWN

    def _of_known_function(self, node: ast.Call) -> Root | None:
        names = self._look.names
        if names.one_of(node.func, *_WORKING_DIRECTORY):
            return self._working_directory(node)
        if names.one_of(node.func, *_MAKERS):
            place = next((each.value for each in node.keywords if each.arg == "dir"), None)
            return Root.TEMPORARY if place is None else self.of(place)
        if names.one_of(node.func, *_ABOVE) and node.args:
            where = self.of(node.args[0])
            return Root.UNKNOWN if where is Root.TEMPORARY else where
        return self._of_same_place(node) if names.one_of(node.func, *_SAME_PLACE) else None

    def _of_same_place(self, node: ast.Call) -> Root:
        if self._look.is_open_ended(node):
            return Root.UNKNOWN
        if not node.args:
            return self._working_directory(node)
        return self._joined(self.of(node.args[0]), node.args[1:])

    def _of_helper(self, function: ast.Name) -> Root:
        bindings = self._look.bindings.of(function.id, function)
        if len(bindings) != 1 or not isinstance(bindings[0].node, FUNCTIONS):
            return Root.UNKNOWN
        return self._of_results(bindings[0].node)

    def _of_wrapped(self, node: ast.NamedExpr | ast.Await | ast.Starred) -> Root:
        return self.of(node.value)

    def _of_choice(self, node: ast.IfExp) -> Root:
        return worst_of((self.of(node.body), self.of(node.orelse)))

    def _working_directory(self, node: ast.AST) -> Root:
        """Return where relative paths at a node lie: known behind a move of the same function.

        Or behind one of a fixture of the file, which every test may use.
        """
        scope, line = self._look.parsed.scope(node), getattr(node, "lineno", 0)
        moves = [
            self._move(call)
            for call, where in self._moves
            if (where is scope and call.lineno <= line) or where in self._fixtures.own.values()
        ]
        return worst_of(moves) if moves else Root.WORKING

    def _move(self, call: ast.Call) -> Root:
        function = call.func
        if not isinstance(function, ast.Attribute) or function.attr in self._fixtures.made_here:
            return Root.UNKNOWN
        if function.attr == "chdir":
            return self.of(call.args[0]) if call.args else self.of(function.value)
        return Root.TEMPORARY

    _by_type: ClassVar[dict[type[ast.AST], Callable[..., Root]]] = {
        ast.Name: _of_name,
        ast.BinOp: _of_sum,
        ast.JoinedStr: _of_f_string,
        ast.Attribute: _of_attribute,
        ast.Subscript: _of_item,
        ast.Call: _of_call,
        ast.NamedExpr: _of_wrapped,
        ast.Await: _of_wrapped,
        ast.Starred: _of_wrapped,
        ast.IfExp: _of_choice,
    }


def _starts_with_separator(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and str(node.value)[:1] in ("/", "\\", ".", "-", "_")


def _results(look: Look) -> Mapping[ast.AST, Sequence[ast.expr]]:
    """Return what each function returns or yields."""
    found: dict[ast.AST, list[ast.expr]] = {}
    for each in look.parsed.either(ast.Return, ast.Yield):
        if each.value is not None:
            found.setdefault(look.parsed.scope(each), []).append(each.value)
    return found
