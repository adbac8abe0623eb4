"""What one source text offers to every symbol that is looked for in it: read once, kept."""

import ast
from collections.abc import Mapping
from functools import lru_cache

from sloptest_hook.generation.offline.excerpts import docstring_excerpts
from sloptest_hook.generation.offline.fragments import parse_statements
from sloptest_hook.generation.offline.slices import Site, sites

# A commit of hundreds of symbols looks into the same few texts for each of them.
_TEXTS_KEPT = 4096


@lru_cache(maxsize=_TEXTS_KEPT)
def excerpts_of(text: str) -> tuple[str, ...]:
    """Return the code in the docstrings of a module."""
    return tuple(docstring_excerpts(text))


@lru_cache(maxsize=_TEXTS_KEPT)
def imports_of(text: str) -> tuple[ast.Import | ast.ImportFrom, ...]:
    """Return every import statement of a text, none if it does not parse."""
    tree = ast.Module(list(parse_statements(text) or ()), [])
    return tuple(node for node in ast.walk(tree) if isinstance(node, ast.Import | ast.ImportFrom))


@lru_cache(maxsize=_TEXTS_KEPT)
def sites_by_name(text: str, *, with_top_level: bool) -> Mapping[str, tuple[Site, ...]]:
    """Return the calls of a text by the last word of what they call: ``add`` of ``cart.add(1)``.

    Under the empty name stand all of them, for what is called through an instance.
    """
    found: dict[str, list[Site]] = {"": []}
    for site in sites(parse_statements(text) or (), with_top_level=with_top_level):
        found[""].append(site)
        match site.call.func:
            case ast.Attribute(attr=name) | ast.Name(id=name):
                found.setdefault(name, []).append(site)
            case _:
                pass
    return {name: tuple(each) for name, each in found.items()}
