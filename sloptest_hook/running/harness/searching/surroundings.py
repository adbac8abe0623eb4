"""What a function asks its surroundings for, and the statements that settle the answers.

Clock, chance, environment, home, working directory, command line, standard input: a test that
does not settle them says something of the machine it ran on. Each rule is a statement that runs in
the search exactly as it is printed.
"""

from __future__ import annotations

import ast
import itertools
import os
import types
from collections.abc import Iterator, Sequence

from . import foreign
from .clocks import Read, clock, days, loop_time, moments, sleep
from .constants import nodes_in_use
from .module_source import ModuleSource
from .ownership import is_class, module_name_of
from .syntax import dotted
from .target import Target
from .value import Setting

_MOST = 12
_MOST_VALUES = 4


def settings_of(target: Target, texts: Sequence[str]) -> list[tuple[Setting, ...]]:
    """Return the surroundings to try, the plainest first; ``[()]`` where nothing is asked.

    ``texts`` are the strings that the function is about: what a variable may be compared with.
    """
    reads = list(_reads(target))
    columns = [
        [each._replace(lines=_lines(target, questions)) for each in options]
        for questions, options in _answers(target, reads, texts)
        if options
    ]
    first = tuple(column[0] for column in columns)
    found = [first]
    for place, column in enumerate(columns):
        found += [(*first[:place], other, *first[place + 1 :]) for other in column[1:]]
    if columns[1:]:
        found.append(tuple(column[-1] for column in columns))
    return list(dict.fromkeys(found))[:_MOST]


def _lines(target: Target, reads: Sequence[Read]) -> frozenset[int]:
    lines = frozenset(each.line for each in reads)
    inside = range(target.span.first, target.span.last + 1)
    return lines if all(line in inside for line in lines) else frozenset()


def _answers(
    target: Target, reads: Sequence[Read], texts: Sequence[str]
) -> Iterator[tuple[list[Read], list[Setting]]]:
    """Yield each group of questions that have one answer, with the answers to try."""
    keys = sorted({each.about for each in reads if each.name == _VARIABLE and each.about})
    for key in keys:
        asking = [each for each in reads if each.name == _VARIABLE and each.about == key]
        yield asking, _variable(key, texts)
    for names, options in _RULES.items():
        asking = [each for each in reads if each.name in names]
        if asking and not (names is _CLOCKS and target.is_async):
            yield asking, [each for option in options for each in option(target, asking)]


_VARIABLE = "os.environ"
_LOOP = "asyncio.BaseEventLoop.time"


def _variable(key: str, texts: Sequence[str]) -> list[Setting]:
    values = [text for text in dict.fromkeys([*texts, "1", "hello"]) if text != key and text]
    unset = Setting((f"monkeypatch.delenv({key!r}, raising=False)",))
    given = [Setting((f"monkeypatch.setenv({key!r}, {text!r})",)) for text in values]
    return [unset, *given[:_MOST_VALUES]]


def _chance(_target: Target, _reads: Sequence[Read]) -> Iterator[Setting]:
    for seed in (1, 2):
        yield Setting((f"random.seed({seed})",), ("import random",), ())


def _identifier(_target: Target, reads: Sequence[Read]) -> Iterator[Setting]:
    for place in dict.fromkeys(each.place for each in reads):
        made = 'UUID("12345678-1234-4678-9234-567812345678")'
        patch = f"monkeypatch.setattr({place!r}, lambda: {made})"
        yield Setting((patch,), ("from uuid import UUID",))


def _command_line(_target: Target, _reads: Sequence[Read]) -> Iterator[Setting]:
    for words in (["prog"], ["prog", "hello"], ["prog", "--help"], ["prog", "1", "2"]):
        yield Setting((f"monkeypatch.setattr('sys.argv', {words!r})",))


def _answer(_target: Target, _reads: Sequence[Read]) -> Iterator[Setting]:
    for text in ("hello", "y", "3", ""):
        patch = f"monkeypatch.setattr('builtins.input', lambda prompt='': {text!r})"
        yield Setting((patch,))


def _standard_input(_target: Target, _reads: Sequence[Read]) -> Iterator[Setting]:
    for text in ("one\ntwo\n", "", "1 2\n"):
        patch = f"monkeypatch.setattr('sys.stdin', io.StringIO({text!r}))"
        yield Setting((patch,), ("import io",))


def _home(_target: Target, _reads: Sequence[Read]) -> Iterator[Setting]:
    yield Setting(("monkeypatch.setenv('HOME', str(tmp_path))",), (), ("monkeypatch", "tmp_path"))


def _directory(_target: Target, _reads: Sequence[Read]) -> Iterator[Setting]:
    yield Setting(("monkeypatch.chdir(tmp_path)",), (), ("monkeypatch", "tmp_path"))


def _prefixed(owner: str, names: str) -> frozenset[str]:
    return frozenset(f"{owner}.{name}" for name in names.split())


_CLOCKS = _prefixed(
    "time", "time time_ns monotonic monotonic_ns perf_counter perf_counter_ns process_time"
)
_RULES = {
    _CLOCKS: (clock,),
    frozenset({_LOOP}): (loop_time,),
    frozenset({"time.sleep"}): (sleep,),
    _prefixed("datetime.datetime", "now utcnow today"): (moments,),
    frozenset({"datetime.date.today"}): (days,),
    _prefixed(
        "random",
        "random randint randrange choice choices sample shuffle uniform gauss getrandbits "
        "triangular betavariate expovariate normalvariate",
    ): (_chance,),
    _prefixed("uuid", "uuid4 uuid1"): (_identifier,),
    frozenset({"sys.argv"}): (_command_line,),
    frozenset({"builtins.input"}): (_answer,),
    frozenset({"sys.stdin"}): (_standard_input,),
    frozenset({"os.path.expanduser", "pathlib.Path.home", ".expanduser"}): (_home,),
    frozenset({"os.getcwd", "pathlib.Path.cwd", "os.path.abspath", ".absolute"}): (_directory,),
}


def _reads(target: Target) -> Iterator[Read]:
    for node in nodes_in_use(target.source, target.node):
        inside = list(ast.walk(node))  # once: a function may be long
        local = _imported_inside(inside)
        keys = _keys(inside, target.source)
        for each in inside:
            if isinstance(each, (ast.Attribute, ast.Name)):
                yield from _read(each, local, keys, target.source)


def _read(
    node: ast.Attribute | ast.Name,
    local: dict[str, str],
    keys: dict[int, str],
    source: ModuleSource,
) -> Iterator[Read]:
    if _is_time_of_loop(node):
        yield Read(_LOOP, _LOOP, "", node.lineno)
        return
    text = dotted(node)
    if text is None:
        if isinstance(node, ast.Attribute) and node.attr in ("expanduser", "absolute"):
            yield Read(f".{node.attr}", "", "", node.lineno)
        return
    name, place = _canonical(text, local, source)
    if name in ("os.environ", "os.getenv"):
        yield Read(_VARIABLE, "", keys.get(id(node), ""), node.lineno)
    elif name:
        yield Read(name, place, "", node.lineno)


def _is_time_of_loop(node: ast.Attribute | ast.Name) -> bool:
    """Whether it is ``loop.time``, ``self._loop.time`` or ``get_running_loop().time``."""
    if not isinstance(node, ast.Attribute) or node.attr != "time":
        return False
    owner = node.value.func if isinstance(node.value, ast.Call) else node.value
    name = owner.attr if isinstance(owner, ast.Attribute) else getattr(owner, "id", "")
    return name.lower().endswith("loop")


def _canonical(text: str, local: dict[str, str], source: ModuleSource) -> tuple[str, str]:
    """Return the full name of a thing, and the dotted name under which it is replaced."""
    root, _, rest = text.partition(".")
    if root in local:
        full = f"{local[root]}.{rest}".rstrip(".")
        return full, full.removesuffix(".now").removesuffix(".utcnow").removesuffix(".today")
    held = source.names.get(root, _MISSING)
    if held is _MISSING:
        return ("builtins.input", "builtins.input") if text == "input" else ("", "")
    if issubclass(type(held), types.ModuleType):
        held_name = str(foreign.attribute(held, "__name__", ""))
        full = f"{_public(held_name)}.{rest}".rstrip(".")
        return full, full.rpartition(".")[0] if _is_moment(full) else full
    if held is os.environ:
        return _VARIABLE, ""
    if type(held) not in _NAMED and not is_class(held):
        return "", ""
    named = foreign.attribute(held, "__name__", "")
    full = f"{_public(module_name_of(held))}.{named}.{rest}".rstrip(".")
    return full, f"{source.name}.{root}"


_MISSING = object()
_NAMED = (types.FunctionType, types.BuiltinFunctionType, types.MethodType)


def _is_moment(full: str) -> bool:
    return full.startswith("datetime.") and full.count(".") > 1


def _public(module: str) -> str:
    return {"posixpath": "os.path", "ntpath": "os.path", "posix": "os"}.get(module, module)


def _imported_inside(nodes: Sequence[ast.AST]) -> dict[str, str]:
    """Return the names that import statements inside the function bind."""
    found: dict[str, str] = {}
    for each in nodes:
        if isinstance(each, ast.Import):
            found.update({one.asname or one.name: one.name for one in each.names})
        elif isinstance(each, ast.ImportFrom) and each.module:
            found.update({e.asname or e.name: f"{each.module}.{e.name}" for e in each.names})
    return found


def _keys(nodes: Sequence[ast.AST], source: ModuleSource) -> dict[int, str]:
    """Map the ids of expressions that mean the environment to the variable that is asked for."""
    found: dict[int, str] = {}
    for each in nodes:
        for owner, key in _asked(each):
            name: object = key.value if isinstance(key, ast.Constant) else None
            if isinstance(key, ast.Name):
                name = source.names.get(key.id)
            if isinstance(name, str):
                found[id(owner)] = name
    return found


def _asked(node: ast.AST) -> Iterator[tuple[ast.AST, ast.AST]]:
    if isinstance(node, ast.Subscript):
        yield node.value, node.slice
    elif isinstance(node, ast.Call) and node.args:
        yield node.func, node.args[0]
        if isinstance(node.func, ast.Attribute):
            yield node.func.value, node.args[0]
    elif isinstance(node, ast.Compare):
        yield from itertools.product(node.comparators[:1], [node.left])
