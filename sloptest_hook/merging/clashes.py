"""Names of new code that mean something else in the file it enters: aliases and renamed tests."""

import ast
import itertools
import re
import symtable
from collections.abc import Collection, Iterable, Iterator, Mapping

from sloptest_hook.merging.document import code_scope, parse, with_newlines
from sloptest_hook.merging.imports import ImportedName

# What distinguishes a test from the one that already has its name.
_WORDS = ("as_observed", "again", "once_more")


def alias_of(name: ImportedName, taken: Collection[str]) -> str:
    """Return a free name that tells where the import is from: ``total`` of shop.cart: cart_total.

    It never begins with ``test``: pytest would collect the import.
    """
    return next(
        alias
        for alias in _aliases(name)
        if alias not in taken and not is_collected(alias) and alias.isidentifier()
    )


def free_test_name(name: str, taken: Collection[str]) -> str:
    """Return the name itself, or with a word behind it, or, those used up, with a number."""
    words = itertools.chain(_WORDS, map(str, itertools.count(2)))
    names = itertools.chain([name], (f"{name}_{word}" for word in words))
    return next(candidate for candidate in names if candidate not in taken)


def words_of(codes: Iterable[str]) -> frozenset[str]:
    """Return every word in the codes, whatever it is there."""
    return frozenset(word for code in codes for word in re.findall(r"\w+", code))


def is_collected(name: str) -> bool:
    """Return whether pytest, unless configured, takes a function or class of this name for ours."""
    return name.startswith(("test", "Test"))


def names_looked_up(code: str) -> frozenset[str]:
    """Return the names that the code takes from outside its functions."""
    return frozenset(_outer_names(code_scope(code)))


def names_made_local(code: str) -> frozenset[str]:
    """Return the parameters and local variables of all functions in the code."""
    # Python 3.12 leaves out of a symbol table what only a comprehension assigns.
    assigned = (node for node in ast.walk(parse(code)) if isinstance(node, ast.Name))
    stored = {node.id for node in assigned if isinstance(node.ctx, ast.Store)}
    return frozenset(stored.union(_local_names(code_scope(code))))


def renamed(code: str, names: Mapping[str, str]) -> str:
    """Return the code with names, or whole dotted paths (``a.b``), written differently.

    Where a name cannot be located for certain it stays: look again for it.
    """
    code = with_newlines(code)
    spans = _spans(parse(code), names)
    places = [(node.lineno, node.col_offset, _dotted(node), new) for node, new in spans]
    return replaced(code, places) if places else code


def replaced(code: str, places: Iterable[tuple[int, int, str, str]]) -> str:
    """Return the code with texts put in place of others: line, column in UTF-8 bytes, old, new.

    Before Python 3.12 positions inside f-strings may be wrong: what is not the old text stays.
    """
    lines = code.encode().split(b"\n")
    for number, start, old, new in sorted(places, reverse=True):
        line, end = lines[number - 1], start + len(old.encode())
        if line[start:end] == old.encode():
            lines[number - 1] = line[:start] + new.encode() + line[end:]
    return b"\n".join(lines).decode()


def renamed_test(code: str, old: str, new: str) -> str:
    """Return the code of a test function under another name."""
    opening = re.compile(rf"^((?:async\s+)?def\s+){old}\b", re.MULTILINE)
    return opening.sub(rf"\g<1>{new}", code, count=1)


def _aliases(name: ImportedName) -> Iterator[str]:
    own = name.name or name.module.rpartition(".")[2]
    owners = [part.strip("_") for part in name.module.strip(".").split(".")]
    owners = [part for part in owners if part] or ["imported"]
    if name.name is None:
        yield "_".join(owners) if len(owners) > 1 else f"{own}_module"
    else:
        for first in range(len(owners) - 1, -1, -1):
            yield _joined([*owners[first:], own.strip("_") or own])
    yield f"imported_{own}"
    yield from (f"imported_{own}_{number}" for number in itertools.count(2))


def _joined(words: list[str]) -> str:
    """Join words in the spelling of the last one: CART_LIMIT, CartItem, cart_total."""
    own = words[-1]
    if own.isupper() and len(own) > 1:
        return "_".join(word.upper() for word in words)
    if own[:1].isupper():
        parts = "_".join(words[:-1]).split("_")
        return "".join(part[:1].upper() + part[1:] for part in parts) + own
    return "_".join(words)


def _outer_names(scope: symtable.SymbolTable) -> Iterator[str]:
    for symbol in scope.get_symbols():
        module_level = scope.get_type() == "module"
        if symbol.is_global() or (module_level and symbol.is_referenced()):
            yield symbol.get_name()
    for child in scope.get_children():
        yield from _outer_names(child)


def _local_names(scope: symtable.SymbolTable) -> Iterator[str]:
    if scope.get_type() != "module":
        yield from (symbol.get_name() for symbol in scope.get_symbols() if symbol.is_local())
    for child in scope.get_children():
        yield from _local_names(child)


def _spans(tree: ast.AST, names: Mapping[str, str]) -> Iterator[tuple[ast.expr, str]]:
    """Yield the outermost expressions that are one of the names, with what replaces them."""
    for node in ast.iter_child_nodes(tree):
        dotted = _dotted(node)
        if isinstance(node, ast.expr) and dotted in names:
            yield node, names[dotted]
        else:
            yield from _spans(node, names)


def _dotted(node: ast.AST) -> str:
    """Return ``a.b.c`` for such a chain of names, else an empty string."""
    match node:
        case ast.Name():
            return node.id
        case ast.Attribute():
            owner = _dotted(node.value)
            return f"{owner}.{node.attr}" if owner else ""
        case _:
            return ""
