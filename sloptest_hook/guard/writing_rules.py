"""Rules on files: a write needs proof of a temporary place, a read must not go to the user's own.

What a function does with a file is in the tables; a function that is not called on the spot but
handed on is refused, since nobody sees then what it is called with.
"""

import ast
import re
from collections.abc import Iterator

from sloptest_hook.guard.bindings import How
from sloptest_hook.guard.file_functions import (
    CREATING_METHODS,
    EXTRACTING_METHODS,
    HANDED_ON,
    LEADING_METHODS,
    METHODS,
    MOVING_METHODS,
    OPENERS,
    READERS,
    READING_METHODS,
    SAVING_METHODS,
    WRITERS,
    Opener,
)
from sloptest_hook.guard.folding import folded_text
from sloptest_hook.guard.look import Look
from sloptest_hook.guard.places import Root
from sloptest_hook.guard.roots import Roots
from sloptest_hook.guard.verdicts import Rule, Verdict, Violation

_T = "def test_it(tmp_path):\n    "
_OUTSIDE = Rule(
    "write-outside-tmp",
    Verdict.DENY,
    "writes outside the test's temporary directory",
    "def test_it():\n    open('/srv/x', 'w').close()\n",
    f"{_T}(tmp_path / 'x').write_text('')\n",
)
_UNPROVED = Rule(
    "write-unknown-path",
    Verdict.FIX,
    "writes to a path of which nothing shows that it is below tmp_path",
    "import shop\n\n\ndef test_it():\n    shop.place().write_text('x')\n",
    f"{_T}path = tmp_path / 'x'\n    path.write_text('')\n",
)
_CREATES_UNPROVED = Rule(
    "create-unknown-path",
    Verdict.NOTE,
    "makes a directory of which nothing shows that it is below tmp_path",
    "import shop\n\n\ndef test_it():\n    shop.place().mkdir()\n",
    f"{_T}(tmp_path / 'x').mkdir()\n",
)
_DYNAMIC_MODE = Rule(
    "open-dynamic-mode",
    Verdict.DENY,
    "opens a file in a mode that it does not show",
    "def test_it(mode):\n    open('x', mode)\n",
    f"{_T}open(tmp_path / 'x', 'w').close()\n",
)
_AS_VALUE = Rule(
    "function-as-value",
    Verdict.DENY,
    "hands on a function that changes files",
    "import os\n\n\ndef test_it(paths):\n    list(map(os.remove, paths))\n",
    "import os\nimport shop\n\n\ndef test_it(monkeypatch):\n"
    "    monkeypatch.setattr(os, 'remove', shop.total)\n",
)
_SENSITIVE = Rule(
    "reads-sensitive",
    Verdict.DENY,
    "reads where keys, settings or the system are",
    "def test_it():\n    open('/etc/passwd').read()\n",
    f"{_T}assert not (tmp_path / 'passwd').exists()\n",
)
_ABSOLUTE = Rule(
    "reads-absolute",
    Verdict.DENY,
    "reads a file at a fixed place of this machine",
    "def test_it():\n    open('/srv/data.txt').read()\n",
    "import shop\n\n\ndef test_it():\n    assert shop.total('/srv/data.txt') == 1\n",
)
RULES = (
    _OUTSIDE,
    _UNPROVED,
    _CREATES_UNPROVED,
    _DYNAMIC_MODE,
    _AS_VALUE,
    _SENSITIVE,
    _ABSOLUTE,
)


_MOST_VALUES = 50  # behind the names of one path
_MODE = re.compile(r"[rwaxbtU+]{1,4}")
_SENSITIVE_PLACE = re.compile(
    r"(?:^|/)\.(?:ssh|aws|azure|gnupg|kube|docker|netrc|pgpass|git-credentials|npmrc|pypirc|bashrc"
    r"|zshrc|profile|bash_profile|bash_history|gitconfig|config/gcloud|env)(?:/|$|\.)"
    r"|id_(?:rsa|ed25519|ecdsa|dsa)|^/(?:proc|sys|dev/(?!null)|etc|root|home|Users|var|run|usr|boot"
    r"|private)(?:/|$)|^[A-Za-z]:[\\/]|(?:^|/)\.git(?:/|$)|^~"
)


class _Files:
    """One file's calls, judged by what is known of the places they name."""

    __slots__ = ("look", "roots")

    def __init__(self, look: Look, roots: Roots) -> None:
        self.look = look
        self.roots = roots

    def of_call(self, call: ast.Call) -> Iterator[Violation]:
        meanings = sorted(self.look.names.of(call.func))
        for meaning in meanings:
            if meaning in OPENERS:
                yield from self._of_opener(call, OPENERS[meaning])
            elif meaning in WRITERS:
                yield from self._of_writer(call, meaning)
            elif meaning == "os.open":
                yield from self._of_os_open(call)
            if meaning in READERS and call.args:
                yield from self._of_read(call, call.args[0])
        known = any(meaning in OPENERS or meaning in WRITERS for meaning in meanings)
        if isinstance(call.func, ast.Attribute) and not known:
            yield from self._of_method(call, call.func)

    def _of_opener(self, call: ast.Call, opener: Opener) -> Iterator[Violation]:
        path = self.look.argument(call, opener.path, *opener.names)
        given = self.look.argument(call, opener.mode, "mode")
        mode = opener.default if given is None else folded_text(given)
        if path is None or mode is None or self.look.is_open_ended(call):
            if path is None or self.roots.of(path) is not Root.TEMPORARY:
                yield _DYNAMIC_MODE.at(call, ast.unparse(call))
        elif set(mode) & set("wax+"):
            yield from self._needs_proof(call, path)
        else:
            yield from self._of_read(call, path)

    def _of_writer(self, call: ast.Call, name: str) -> Iterator[Violation]:
        writer = WRITERS[name]
        given = [call.args[each] for each in writer.places if each < len(call.args)]
        given += [each.value for each in call.keywords if each.arg in writer.names]
        if self.look.is_open_ended(call) or not (given or writer.may_miss):
            yield _UNPROVED.at(call, ast.unparse(call))
        for path in given:
            yield from self._needs_proof(call, path)

    def _of_os_open(self, call: ast.Call) -> Iterator[Violation]:
        path, flags = self.look.argument(call, 0, "path"), self.look.argument(call, 1, "flags")
        named = self.look.names.of(flags) if flags is not None else frozenset()
        if path is not None and named == {"os.O_RDONLY"}:
            yield from self._of_read(call, path)
        else:
            yield from self._needs_proof(call, path or call)

    def _of_method(self, call: ast.Call, method: ast.Attribute) -> Iterator[Violation]:
        name, place = method.attr, method.value
        if name == "open":
            yield from self._of_open_method(call, place)
        elif name in EXTRACTING_METHODS:
            yield from self._of_extraction(call, name)
        elif name in METHODS:
            yield from self._needs_proof(call, place)
            yield from self._of_other_end(call, name)
        elif name in CREATING_METHODS:
            yield from self._needs_proof(call, place, unproved=_CREATES_UNPROVED)
        elif name in MOVING_METHODS:
            yield from self._of_move(call, place)
        elif name in READING_METHODS:
            yield from self._of_read(call, place)
        elif name in SAVING_METHODS:
            yield from self._of_saving(call)

    def _of_move(self, call: ast.Call, place: ast.expr) -> Iterator[Violation]:
        # A text has `replace` too, and texts are no paths.
        is_path = folded_text(place) is None and self._is_path(place)
        where = self.roots.of(place)
        if is_path and where is Root.ELSEWHERE:
            yield _OUTSIDE.at(call, ast.unparse(call))
        if where is Root.TEMPORARY and folded_text(place) is None:
            yield from self._of_other_end(call, "rename")

    def _of_other_end(self, call: ast.Call, name: str) -> Iterator[Violation]:
        for end in call.args[:1] if name in LEADING_METHODS else ():
            yield from self._needs_proof(call, end)

    def _of_saving(self, call: ast.Call) -> Iterator[Violation]:
        """Yield a method of anything that saves to a place that is shown to be elsewhere."""
        for path in (*call.args, *(each.value for each in call.keywords)):
            if self.roots.of(path) is Root.ELSEWHERE:
                yield _OUTSIDE.at(call, ast.unparse(call))

    def _is_path(self, node: ast.expr) -> bool:
        """Return whether an expression is put together as a path, and not as a text."""
        paths = ("pathlib.Path", "pathlib.Path.home", "pathlib.Path.cwd")
        return any(
            (isinstance(each, ast.BinOp) and isinstance(each.op, ast.Div))
            or self.look.names.one_of(each, *paths)
            for each in ast.walk(node)
        )

    def _of_open_method(self, call: ast.Call, place: ast.expr) -> Iterator[Violation]:
        given = self.look.argument(call, 0, "mode")
        mode = "r" if given is None else folded_text(given)
        if mode is None or self.look.is_open_ended(call):
            if self.roots.of(place) is Root.ELSEWHERE:
                yield _DYNAMIC_MODE.at(call, ast.unparse(call))
        elif set(mode) & set("wax+") and _MODE.fullmatch(mode):
            yield from self._needs_proof(call, place)
        else:
            yield from self._of_read(call, place)

    def _of_extraction(self, call: ast.Call, name: str) -> Iterator[Violation]:
        path = self.look.argument(call, EXTRACTING_METHODS[name], "path")
        if path is not None:
            yield from self._needs_proof(call, path)
        elif self.roots.of_text("x", call) is not Root.TEMPORARY:
            yield _UNPROVED.at(call, ast.unparse(call))

    def _needs_proof(
        self, call: ast.Call, path: ast.expr, unproved: Rule = _UNPROVED
    ) -> Iterator[Violation]:
        where = self.roots.of(path)
        if where is not Root.TEMPORARY:
            rule = _OUTSIDE if where is Root.ELSEWHERE else unproved
            yield rule.at(call, ast.unparse(call))

    def _of_read(self, call: ast.Call, path: ast.expr) -> Iterator[Violation]:
        if self.roots.of(path) not in (Root.ELSEWHERE, Root.WORKING):
            return
        whole = folded_text(path)
        texts = [whole] if whole is not None else list(self._texts_in(path))
        at_home = "home" in ast.dump(path) and (texts or not isinstance(path, ast.Name))
        if at_home or any(_SENSITIVE_PLACE.search(text) for text in texts):
            yield _SENSITIVE.at(call, ast.unparse(call))
        elif any(text.startswith("/") and text != "/dev/null" for text in texts):
            yield _ABSOLUTE.at(call, ast.unparse(call))

    def _texts_in(self, path: ast.AST) -> Iterator[str]:
        """Yield the texts that a path is made of, also those behind its names."""
        todo, seen = [path], {path}
        while todo and len(seen) < _MOST_VALUES:
            for each in ast.walk(todo.pop()):
                text = folded_text(each)
                if text is not None:
                    yield text
                if isinstance(each, ast.Name):
                    new = {
                        binding.node
                        for binding in self.look.bindings.of(each.id, each)
                        if binding.how in (How.VALUE, How.ENTERED)
                    }
                    todo += new - seen
                    seen |= new


def writing_violations(
    look: Look, roots: Roots, only_named: frozenset[ast.AST]
) -> Iterator[Violation]:
    """Yield writes without proof and reads of what is not the test's own."""
    files = _Files(look, roots)
    for call in look.calls:
        yield from files.of_call(call)
    for node in look.parsed.either(ast.Name, ast.Attribute):
        if node in only_named or not isinstance(node.ctx, ast.Load):
            continue
        handed = look.names.of(node) & HANDED_ON
        if handed and not _is_followed(node, look):
            yield _AS_VALUE.at(node, min(handed))


def _is_followed(node: ast.AST, look: Look) -> bool:
    parent = look.parsed.parent(node)
    if isinstance(parent, ast.Call):
        return parent.func is node
    if isinstance(parent, ast.Assign):
        return all(isinstance(target, ast.Name) for target in parent.targets)
    return isinstance(parent, ast.Attribute | ast.Expr | ast.withitem | ast.Compare)
