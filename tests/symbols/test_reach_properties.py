"""Trees of tests that are made at random, imported and run: what was executed is in the closure."""

import ast
import importlib
import importlib.abc
import importlib.machinery
import importlib.util
import random
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from inspect import CO_OPTIMIZED
from pathlib import PurePosixPath
from types import CodeType, FrameType, ModuleType

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sloptest_hook.symbols.closures import Closures

FILES = ("suite/__init__.py", "suite/low.py", "suite/high.py", "suite/test_it.py")
NODE = "suite/test_it.py::test_it"
# What a thing is, and how it is used once there is an expression for its name.
KINDS = {
    "function": ("def {name}():\n    mark = {n}\n{body}", "{ref}()"),
    "lambda": ("{name} = lambda: [{n}, {list}]", "{ref}()"),
    "default": ("def {name}(value=lambda: {n}):\n    mark = {n}\n{body}\n    value()", "{ref}()"),
    "decorated": (
        (
            "def wrap_{name}(function):\n    mark = {n}\n    return function\n\n\n"
            "@wrap_{name}\ndef {name}():\n    mark = {n}\n{body}"
        ),
        "{ref}()",
    ),
    "method": (
        "class {name}:\n    def go(self):\n        mark = {n}\n        {nested}",
        "{ref}().go()",
    ),
    "operator": (
        "class {name}:\n    def __add__(self, other):\n        mark = {n}\n        {nested}",
        "{ref}() + 1",
    ),
    "property": (
        "class {name}:\n    @property\n    def value(self):\n        mark = {n}\n        {nested}",
        "{ref}().value",
    ),
    "inherited": (
        (
            "class Base{name}:\n    def go(self):\n        mark = {n}\n        {nested}\n\n\n"
            "class {name}(Base{name}):\n    size = {n}"
        ),
        "{ref}().go()",
    ),
    "called by others": (
        (
            "class {name}:\n    def __iter__(self):\n        mark = {n}\n        {nested}\n"
            "        return iter(())"
        ),
        "list({ref}())",
    ),
    "registered": (
        (
            "ALL_{name} = []\n\n\ndef register_{name}(f):\n    mark = {n}\n    ALL_{name}.append(f)"
            "\n\n\n"
            "@register_{name}\ndef kept_{name}():\n    mark = {n}\n{body}\n\n\n"
            "def {name}():\n    mark = {n}\n    [each() for each in ALL_{name}]"
        ),
        "{ref}()",
    ),
    "patched": (
        (
            "def {name}():\n    mark = {n}\n    {name}.inner()\n\n\n"
            "def inner_{name}():\n    mark = {n}\n{body}\n\n\n{name}.inner = inner_{name}"
        ),
        "{ref}()",
    ),
    "subclass": (
        (
            "class Root{name}:\n    def go(self):\n        mark = {n}\n\n\n"
            "class Leaf{name}(Root{name}):\n    def go(self):\n        mark = {n}\n        {nested}"
            "\n\n\n"
            "def {name}():\n    mark = {n}\n    [c().go() for c in Root{name}.__subclasses__()]"
        ),
        "{ref}()",
    ),
}
# How a name of the same file is said, and one of another file: first at its top, then in place.
NEAR = ("{name}", "globals()['{name}']", "eval('{name}')", "(lambda: {name})()")
FAR = (
    ("from suite.{module} import {name}", "{name}"),
    ("from .{module} import {name} as other_{name}", "other_{name}"),
    ("import suite.{module} as {module}_of_{name}", "{module}_of_{name}.{name}"),
    ("import suite.{module}", "suite.{module}.{name}"),
    ("from suite import {module}", "getattr({module}, '{name}')"),
    ("from . import {module}", "vars({module})['{name}']"),
    ("from suite.{module} import *", "{name}"),
    ("import importlib", "importlib.import_module('suite.{module}').{name}"),
    ("import sys, suite.{module}", "sys.modules['suite.{module}'].{name}"),
    ("try:\n    from suite.{module} import {name}\nexcept ImportError:\n    pass", "{name}"),
    ("", "__import__('suite.{module}', fromlist=['{name}']).{name}"),
)
# With one of these the test reaches all that there is.
WHOLE = ("globals()", "eval(", "vars(", "__subclasses__", "getattr(")


@dataclass
class Tree:
    """The parts of each file; ``uses`` are expressions that use what was made so far."""

    tops: dict[str, list[str]] = field(default_factory=lambda: {name: [] for name in FILES})
    parts: dict[str, list[str]] = field(default_factory=lambda: {name: [] for name in FILES})
    made: list[tuple[str, str, str]] = field(default_factory=list)

    def text(self, name: str) -> str:
        return "\n\n\n".join(["\n".join(self.tops[name]), *self.parts[name]]) + "\n"

    def texts(self) -> dict[str, str]:
        return {name: self.text(name) for name in FILES}


def tree_of(chance: random.Random) -> Tree:
    tree = Tree()
    for n in range(chance.randrange(2, 9)):
        file = chance.choice(FILES[1:])
        kind = chance.choice(sorted(KINDS))
        add(tree, file, f"thing{n}", kind, n, chance)
    uses = [said(tree, FILES[-1], each, chance) for each in picked(tree, FILES[-1], chance)]
    tree.parts[FILES[-1]].append("def test_it():\n    mark = 99\n" + lines(uses, "    "))
    tree.parts[FILES[-1]].append("def test_other():\n    assert 1")
    return tree


def add(tree: Tree, file: str, name: str, kind: str, n: int, chance: random.Random) -> None:
    uses = [said(tree, file, each, chance) for each in picked(tree, file, chance)]
    text, use = KINDS[kind]
    made = text.format(
        name=name,
        n=n,
        body=lines(uses, "    "),
        nested=lines(uses, "        ").lstrip(),
        list=", ".join(uses) or "0",
    )
    tree.parts[file].append(made)
    tree.made.append((file, name, use))


def picked(tree: Tree, file: str, chance: random.Random) -> list[tuple[str, str, str]]:
    known = [each for each in tree.made if FILES.index(each[0]) <= FILES.index(file)]
    return chance.sample(known, min(len(known), chance.randrange(0, 3)))


def said(tree: Tree, file: str, made: tuple[str, str, str], chance: random.Random) -> str:
    where, name, use = made
    if where == file:
        return use.format(ref=chance.choice(NEAR).format(name=name))
    top, place = chance.choice(FAR)
    module = PurePosixPath(where).stem
    statement = top.format(module=module, name=name)
    if statement and statement not in tree.tops[file]:
        tree.tops[file].append(statement)
    return use.format(ref=place.format(module=module, name=name))


def lines(uses: Sequence[str], indent: str) -> str:
    return "\n".join(f"{indent}{each}" for each in uses) or f"{indent}pass"


class _Loader(importlib.abc.MetaPathFinder, importlib.abc.InspectLoader):
    """Imports the package ``suite`` from texts."""

    def __init__(self, texts: dict[str, str]) -> None:
        self.texts = texts

    def path(self, name: str) -> str:
        return "suite/__init__.py" if name == "suite" else name.replace(".", "/") + ".py"

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> importlib.machinery.ModuleSpec | None:
        if self.path(fullname) not in self.texts:
            return None
        return importlib.util.spec_from_loader(fullname, self, is_package=fullname == "suite")

    def get_source(self, fullname: str) -> str:
        return self.texts[self.path(fullname)]

    def get_code(self, fullname: str) -> CodeType:
        code = compile(self.get_source(fullname), self.path(fullname), "exec")
        assert isinstance(code, CodeType)
        return code


@contextmanager
def importable(texts: dict[str, str]) -> Iterator[None]:
    loader = _Loader(texts)
    sys.meta_path.insert(0, loader)
    try:
        yield
    finally:
        sys.meta_path.remove(loader)
        for name in [each for each in sys.modules if each.partition(".")[0] == "suite"]:
            del sys.modules[name]


def executed(texts: dict[str, str]) -> set[tuple[str, int]]:
    """Return file and first line of every function that importing and running the test executes."""
    found: set[tuple[str, int]] = set()

    def profile(frame: FrameType, event: str, _argument: object) -> None:
        code = frame.f_code
        # What is not optimised is the body of a module or of a class.
        if event == "call" and code.co_filename in texts and code.co_flags & CO_OPTIMIZED:
            found.add((code.co_filename, code.co_firstlineno))

    with importable(texts):
        sys.setprofile(profile)
        try:
            importlib.import_module("suite.test_it").test_it()
        finally:
            sys.setprofile(None)
    return found


def fingerprint(texts: dict[str, str]) -> str:
    paths = {PurePosixPath(name): text for name, text in texts.items()}
    found = Closures(paths, paths.keys()).of(NODE)
    assert found is not None
    return found.fingerprint


def changed(text: str, line: int) -> str | None:
    """Return the text with another number in the function that begins at a line."""
    parts = text.splitlines(keepends=True)
    reach = 4 if parts[line - 1].lstrip().startswith(("def ", "@")) else 1
    for position in range(line - 1, min(line - 1 + reach, len(parts))):
        for before, after in (("mark = ", "mark = 1"), ("lambda: [", "lambda: [1")):
            if before in parts[position]:
                parts[position] = parts[position].replace(before, after)
                return "".join(parts)
    return None


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 2**32))
def test_a_change_of_anything_that_the_test_executed_changes_its_fingerprint(seed: int) -> None:
    texts = tree_of(random.Random(seed)).texts()  # noqa: S311  # no secret
    before = fingerprint(texts)
    ran = executed(texts)
    assert ran
    for file, line in sorted(ran):
        other = changed(texts[file], line)
        if other is not None:
            assert fingerprint({**texts, file: other}) != before, f"{file}:{line}\n{texts[file]}"


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 2**32))
def test_rewriting_every_file_keeps_the_fingerprint(seed: int) -> None:
    chance = random.Random(seed)  # noqa: S311  # no secret
    tree = tree_of(chance)
    texts = tree.texts()
    before = fingerprint(texts)

    assert (
        fingerprint({name: ast.unparse(ast.parse(each)) for name, each in texts.items()}) == before
    )
    assert fingerprint({name: _remarked(each, chance) for name, each in texts.items()}) == before
    if not any(word in text for text in texts.values() for word in WHOLE):
        other = texts[FILES[-1]].replace("test_other():\n    assert 1", "test_more(): pass")
        assert fingerprint({**texts, FILES[-1]: other}) == before


def _remarked(text: str, chance: random.Random) -> str:
    """Return the text with comments, blank lines and docstrings."""
    rewritten = []
    for line in text.splitlines():
        if chance.random() < 0.3 and not line.startswith("except"):
            rewritten += ["", "# said before"]
        rewritten.append(line + ("  # why" if line and chance.random() < 0.3 else ""))
        if line.lstrip().startswith("def ") and "lambda" not in line and line.endswith(":"):
            indent = " " * (len(line) - len(line.lstrip()) + 4)
            rewritten.append(f"{indent}'''thing0 of low, as said.'''")
    return "\n".join(rewritten)


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 2**32))
def test_moving_functions_that_nothing_reads_at_import_keeps_the_fingerprint(seed: int) -> None:
    chance = random.Random(seed)  # noqa: S311  # no secret
    tree = Tree()
    for n in range(6):
        kind = chance.choice(["function", "method", "property", "operator"])
        add(tree, chance.choice(FILES[1:]), f"thing{n}", kind, n, chance)
    uses = [said(tree, FILES[-1], each, chance) for each in tree.made]
    tree.parts[FILES[-1]].append("def test_it():\n    mark = 99\n" + lines(uses, "    "))
    before = fingerprint(tree.texts())
    for parts in tree.parts.values():
        chance.shuffle(parts)
    assert fingerprint(tree.texts()) == before


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_each_kind_of_thing_runs(kind: str) -> None:
    chance = random.Random(1)  # noqa: S311  # no secret
    tree = Tree()
    add(tree, "suite/low.py", "thing0", kind, 0, chance)
    tree.parts[FILES[-1]].append(
        f"def test_it():\n    {said(tree, FILES[-1], tree.made[0], chance)}"
    )
    assert len(executed(tree.texts())) > 1
