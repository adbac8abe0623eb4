"""Real calls of a symbol, found in its module, in the files that use it and in docstrings."""

import ast
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from itertools import chain

from sloptest_hook.generation.offline.callees import Callees, callees
from sloptest_hook.generation.offline.corpus import excerpts_of, imports_of, sites_by_name
from sloptest_hook.generation.offline.origins import (
    BUILTINS,
    Origin,
    import_statements,
    imported,
    origins_in_module,
)
from sloptest_hook.generation.offline.scoping import names_read
from sloptest_hook.generation.offline.slices import Site, needed_by
from sloptest_hook.values.observed import SeedCall
from sloptest_hook.values.plan import Target
from sloptest_hook.values.records import dataclass

_MOST_SEEDS = 20
_LONGEST_CALL = 500  # characters
_OF_THE_MACHINE = frozenset({"os.environ", "sys.path", "sys.modules", "sys.argv"})
_UNFIT = (ast.Await, ast.Yield, ast.YieldFrom, ast.NamedExpr)


@dataclass(frozen=True, slots=True)
class _Source:
    """A text that may call the symbol; ``known`` says where its names can be imported from."""

    text: str
    origin: str
    own: bool
    known: Mapping[str, Origin]


def seed_calls(target: Target) -> tuple[SeedCall, ...]:
    """Return calls whose arguments are known without running anything but a few assignments.

    Doctests first: they are written to be typical. Calls are spelt with the symbol's own name,
    whatever it was imported as.
    """
    found: dict[tuple[tuple[str, ...], str], SeedCall] = {}
    for source in _sources(target):
        for seed in _seeds_in(target, source):
            found.setdefault((seed.arrange, seed.call), seed)
            if len(found) == _MOST_SEEDS:
                return tuple(found.values())
    return tuple(found.values())


def _sources(target: Target) -> Iterator[_Source]:
    of_module = origins_in_module(target)
    spoken = _spoken(target)
    for text in excerpts_of(target.source):
        if spoken not in text:
            continue
        known = {**of_module, **_imports_in(text)}
        yield _Source(text, "doctest", own=True, known=known)
    yield _Source(target.source, "call site", own=True, known=of_module)
    for text in target.call_sites:
        if spoken not in text:
            continue
        yield _Source(text, "call site", own=False, known=_imports_in(text))


def _spoken(target: Target) -> str:
    """Return the word that every text with a call of the symbol contains."""
    owner, _, name = target.symbol.qualname.rpartition(".")
    return owner.rpartition(".")[2] if name in ("__init__", "__call__") else name


@lru_cache(maxsize=4096)
def _imports_in(text: str) -> dict[str, Origin]:
    return {origin.name: origin for origin in imported(map(ast.unparse, imports_of(text)))}


def _seeds_in(target: Target, source: _Source) -> Iterator[SeedCall]:
    spelt = callees(target, imports_of(source.text), own=source.own)
    is_module = source.text is target.source
    by_name = sites_by_name(source.text, with_top_level=not is_module)
    for site in chain.from_iterable(by_name.get(word, ()) for word in sorted(spelt.words)):
        seed = _seed(target, source, spelt, site) if spelt.is_call_of_symbol(site) else None
        if seed is not None:
            yield seed


def _seed(target: Target, source: _Source, spelt: Callees, site: Site) -> SeedCall | None:
    cut = needed_by(site)
    call = spelt.canonical(site.call)
    if cut is None or len(call) > _LONGEST_CALL or _is_unfit((site.call, *cut.statements)):
        return None
    root = target.symbol.qualname.partition(".")[0]
    origins = {root: Origin(root, target.module, root)}
    arrange = tuple(spelt.canonical(statement) for statement in cut.statements)
    # A name that only the old spelling of the symbol needed is gone with it.
    left = cut.outside & names_read("\n".join([*arrange, call]))
    for name in sorted(left - BUILTINS - {root}):
        if name not in source.known:
            return None
        origins[name] = source.known[name]
    return SeedCall(arrange, import_statements(origins.values()), call, source.origin)


def _is_unfit(nodes: Iterable[ast.AST]) -> bool:
    parts = [part for node in nodes for part in ast.walk(node)]
    return any(isinstance(part, _UNFIT) or _is_of_the_machine(part) for part in parts)


def _is_of_the_machine(node: ast.AST) -> bool:
    """Say whether it is what no two machines have alike, nor two runs: ``os.environ``."""
    return isinstance(node, ast.Attribute) and ast.unparse(node) in _OF_THE_MACHINE
