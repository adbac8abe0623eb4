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
from typing import NamedTuple

from . import foreign
from .constants import nodes_in_use
from .module_source import ModuleSource
from .ownership import is_class, module_name_of
from .syntax import dotted
from .target import Kind, Target
from .value import Setting

_MOST = 12
_MOST_VALUES = 4


class _Read(NamedTuple):
    """A question: its canonical name, what it is patched as, what it is about, where it stands."""

    name: str
    place: str
    about: str
    line: int


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


def _lines(target: Target, reads: Sequence[_Read]) -> frozenset[int]:
    lines = frozenset(each.line for each in reads)
    inside = range(target.span.first, target.span.last + 1)
    return lines if all(line in inside for line in lines) else frozenset()


def _answers(
    target: Target, reads: Sequence[_Read], texts: Sequence[str]
) -> Iterator[tuple[list[_Read], list[Setting]]]:
    """Yield each group of questions that have one answer, with the answers to try."""
    keys = sorted({each.about for each in reads if each.name == _VARIABLE and each.about})
    for key in keys:
        asking = [each for each in reads if each.name == _VARIABLE and each.about == key]
        yield asking, _variable(key, texts)
    for names, options in _RULES.items():
        asking = [each for each in reads if each.name in names]
        if asking and not (names is _CLOCKS and _is_async(target)):
            yield asking, [each for option in options for each in option(target, asking)]


_VARIABLE = "os.environ"


def _variable(key: str, texts: Sequence[str]) -> list[Setting]:
    values = [text for text in dict.fromkeys([*texts, "1", "hello"]) if text != key and text]
    unset = Setting((f"monkeypatch.delenv({key!r}, raising=False)",))
    given = [Setting((f"monkeypatch.setenv({key!r}, {text!r})",)) for text in values]
    return [unset, *given[:_MOST_VALUES]]


def _is_async(target: Target) -> bool:
    """Whether an event loop, which lives by the clock too, runs the function."""
    return isinstance(target.node, ast.AsyncFunctionDef)


def _clock(target: Target, reads: Sequence[_Read]) -> Iterator[Setting]:
    """Yield a clock that stands, or for whoever takes times one that goes on at each look."""
    takes_times = target.kind is not Kind.FUNCTION or len(reads) > 1
    places = list(dict.fromkeys(each.place for each in reads))
    start = "1700000000" if all(_last(place) == "time" for place in places) else "100"
    whole = {place: "_000_000_000" if _last(place).endswith("_ns") else ".0" for place in places}
    if takes_times:
        arrange = [f"ticks = itertools.count({start}.0, 2.5)"]
        arrange += [
            f"monkeypatch.setattr({place!r}, lambda: {_ticking(place)})" for place in places
        ]
        yield Setting(tuple(arrange), ("import itertools",))
    else:
        yield Setting(
            tuple(
                f"monkeypatch.setattr({place!r}, lambda: {start}{whole[place]})" for place in places
            )
        )


def _ticking(place: str) -> str:
    return "int(next(ticks) * 10**9)" if _last(place).endswith("_ns") else "next(ticks)"


def _last(place: str) -> str:
    return place.rpartition(".")[2]


def _sleep(_target: Target, reads: Sequence[_Read]) -> Iterator[Setting]:
    for place in dict.fromkeys(each.place for each in reads):
        yield Setting((f"monkeypatch.setattr({place!r}, lambda seconds: None)",))


def _moments(_target: Target, reads: Sequence[_Read]) -> Iterator[Setting]:
    """Yield a ``datetime`` that stands still, in the morning and late on the last of a month."""
    methods = sorted({_last(each.name) for each in reads})
    for moment in ("2024, 1, 15, 9, 30", "2024, 1, 31, 21, 30"):
        yield _frozen("datetime", "FrozenDatetime", methods, moment, reads)


def _days(_target: Target, reads: Sequence[_Read]) -> Iterator[Setting]:
    for day in ("2024, 1, 15", "2024, 12, 31"):
        yield _frozen("date", "FrozenDate", ["today"], day, reads)


def _frozen(
    base: str, name: str, methods: Sequence[str], arguments: str, reads: Sequence[_Read]
) -> Setting:
    lines = [f"class {name}({base}):"]
    for method in methods:
        zone = method == "now"
        lines += ["    @classmethod", f"    def {method}(cls{', tz=None' if zone else ''}):"]
        lines += [f"        return cls({arguments}{', tzinfo=tz' if zone else ''})"]
    places = dict.fromkeys(each.place for each in reads)
    patches = (f"monkeypatch.setattr({place!r}, {name})" for place in places)
    return Setting(("\n".join(lines), *patches), (f"from datetime import {base}",))


def _chance(_target: Target, _reads: Sequence[_Read]) -> Iterator[Setting]:
    for seed in (1, 2):
        yield Setting((f"random.seed({seed})",), ("import random",), ())


def _identifier(_target: Target, reads: Sequence[_Read]) -> Iterator[Setting]:
    for place in dict.fromkeys(each.place for each in reads):
        made = 'UUID("12345678-1234-4678-9234-567812345678")'
        patch = f"monkeypatch.setattr({place!r}, lambda: {made})"
        yield Setting((patch,), ("from uuid import UUID",))


def _command_line(_target: Target, _reads: Sequence[_Read]) -> Iterator[Setting]:
    for words in (["prog"], ["prog", "hello"], ["prog", "--help"], ["prog", "1", "2"]):
        yield Setting((f"monkeypatch.setattr('sys.argv', {words!r})",))


def _answer(_target: Target, _reads: Sequence[_Read]) -> Iterator[Setting]:
    for text in ("hello", "y", "3", ""):
        patch = f"monkeypatch.setattr('builtins.input', lambda prompt='': {text!r})"
        yield Setting((patch,))


def _standard_input(_target: Target, _reads: Sequence[_Read]) -> Iterator[Setting]:
    for text in ("one\ntwo\n", "", "1 2\n"):
        patch = f"monkeypatch.setattr('sys.stdin', io.StringIO({text!r}))"
        yield Setting((patch,), ("import io",))


def _home(_target: Target, _reads: Sequence[_Read]) -> Iterator[Setting]:
    yield Setting(("monkeypatch.setenv('HOME', str(tmp_path))",), (), ("monkeypatch", "tmp_path"))


def _directory(_target: Target, _reads: Sequence[_Read]) -> Iterator[Setting]:
    yield Setting(("monkeypatch.chdir(tmp_path)",), (), ("monkeypatch", "tmp_path"))


def _prefixed(owner: str, names: str) -> frozenset[str]:
    return frozenset(f"{owner}.{name}" for name in names.split())


_CLOCKS = _prefixed(
    "time", "time time_ns monotonic monotonic_ns perf_counter perf_counter_ns process_time"
)
_RULES = {
    _CLOCKS: (_clock,),
    frozenset({"time.sleep"}): (_sleep,),
    _prefixed("datetime.datetime", "now utcnow today"): (_moments,),
    frozenset({"datetime.date.today"}): (_days,),
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


def _reads(target: Target) -> Iterator[_Read]:
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
) -> Iterator[_Read]:
    text = dotted(node)
    if text is None:
        if isinstance(node, ast.Attribute) and node.attr in ("expanduser", "absolute"):
            yield _Read(f".{node.attr}", "", "", node.lineno)
        return
    name, place = _canonical(text, local, source)
    if name in ("os.environ", "os.getenv"):
        yield _Read(_VARIABLE, "", keys.get(id(node), ""), node.lineno)
    elif name:
        yield _Read(name, place, "", node.lineno)


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
