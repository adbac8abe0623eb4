"""Rules on imports: a list of what is allowed, which the project's own imports make longer."""

import ast
import sys
from collections.abc import Iterator

from sloptest_hook.guard.allowed_modules import DENIED, NETWORK, STANDARD, TEST_LIBRARIES
from sloptest_hook.guard.folding import folded_text
from sloptest_hook.guard.look import Look
from sloptest_hook.guard.verdicts import Rule, Verdict, Violation

_DENIED = Rule(
    "import-denied",
    Verdict.DENY,
    "imports a module that no unit test needs",
    "import ctypes\n",
    "import decimal\n",
)
_POWERFUL = Rule(
    "import-powerful",
    Verdict.STRONG_SANDBOX,
    "imports a library that reaches the system, which the project uses itself",
    "import psutil\n",
    "import decimal\n",
)
_UNLISTED = Rule(
    "import-unlisted",
    Verdict.DENY,
    "imports a module of the standard library that is not on the list for tests",
    "import asyncore, nis\nimport tkinter\n",
    "import textwrap\n",
)
_UNKNOWN = Rule(
    "import-unknown",
    Verdict.DENY,
    "imports what neither the project nor its tests import",
    "import left_pad\n",
    "import pytest\n",
)
_NETWORK = Rule(
    "import-network",
    Verdict.STRONG_SANDBOX,
    "imports a library of the network",
    "import requests\n",
    "import ipaddress\n",
)
_STAR = Rule(
    "import-star",
    Verdict.FIX,
    "imports names that nobody can foresee; name them",
    "from shop import *\n",
    "from shop import total\n",
)
_DYNAMIC = Rule(
    "import-dynamic",
    Verdict.DENY,
    "imports a module whose name is made at run time",
    "import importlib\nimportlib.import_module(input_name)\n",
    "import importlib\n\nSHOP = importlib.import_module('shop')\n",
)
RULES = (_DENIED, _POWERFUL, _UNLISTED, _UNKNOWN, _NETWORK, _STAR, _DYNAMIC)

_BY_NAME = (
    "importlib.import_module",
    "importlib.__import__",
    "pytest.importorskip",
)


def import_violations(look: Look) -> Iterator[Violation]:
    """Yield what is imported and should not be, by statement or by a call with a name."""
    for node in look.parsed.all(ast.Import):
        for alias in node.names:
            yield from _of_module(look, node, alias.name)
    for source in look.parsed.all(ast.ImportFrom):
        if source.level:
            continue
        module = source.module or ""
        yield from _of_module(look, source, module)
        for alias in source.names:
            if alias.name == "*":
                yield _STAR.at(source, module)
            elif f"{module}.{alias.name}" in DENIED | NETWORK:
                yield from _of_module(look, source, f"{module}.{alias.name}")
    yield from _of_calls(look)


def _of_calls(look: Look) -> Iterator[Violation]:
    for call in look.calls:
        if look.names.one_of(call.func, *_BY_NAME):
            name = folded_text(call.args[0]) if call.args else None
            if name is None or name.startswith("."):
                yield _DYNAMIC.at(call, ast.unparse(call))
            else:
                yield from _of_module(look, call, name)


def _of_module(look: Look, node: ast.AST, module: str) -> Iterator[Violation]:
    top = module.partition(".")[0]
    if top in look.project.own and top not in sys.stdlib_module_names:
        return
    known = top in look.project.used and top not in sys.stdlib_module_names
    if not DENIED.isdisjoint((top, module)):
        yield (_POWERFUL if known else _DENIED).at(node, module)
    elif known:
        return
    elif not NETWORK.isdisjoint((top, module)):
        yield _NETWORK.at(node, module)
    elif top in STANDARD or top in TEST_LIBRARIES or top in look.project.used:
        return
    elif top in sys.stdlib_module_names:
        yield _UNLISTED.at(node, module)
    else:
        yield _UNKNOWN.at(node, module)
