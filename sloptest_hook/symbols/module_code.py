"""What importing a file does beside giving functions their bodies: constants, classes, calls.

The names of functions count where a new one may change what others do: in a class, where it may
stand in for an inherited one; decorated, for the decorator runs; special to Python; and anywhere
in a project that looks names up by computed strings.
"""

import ast
import builtins
import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import PurePosixPath

from sloptest_hook.symbols.fingerprint import class_header, digest, tokens_of
from sloptest_hook.symbols.importers import import_graph
from sloptest_hook.symbols.imports import imported_modules
from sloptest_hook.symbols.modules import import_root, module_index, module_name, package_of
from sloptest_hook.symbols.parsing import parsed
from sloptest_hook.values.facts import symbol_key

MODULE_CODE = "<module>"  # no function can have this name
_Function = ast.FunctionDef | ast.AsyncFunctionDef
_COMPUTED = re.compile(
    r"""\b(?:(?:get|has|set)attr\(\s*[^,()]+,\s*(?!["'\s])|(?:globals|locals|vars|dir)\()"""
    r"""|\b(?:attrgetter|methodcaller)\(\s*(?!["'\s])|\bgetmembers\(|__dict__|import\s*\*"""
)


class ModuleCode:
    """The module code of the sources of one tree, and which of it an import runs.

    ``fingerprints`` are ``code_fingerprints`` of them; ``files`` are all paths of the tree.
    """

    def __init__(
        self, sources: Mapping[PurePosixPath, str], files: Iterable[PurePosixPath]
    ) -> None:
        known = frozenset(files)
        self.fingerprints = code_fingerprints(sources, sources.values())
        imports: dict[PurePosixPath, frozenset[str]] = {}
        for path in self.fingerprints:
            name = module_name(path, import_root(known, path))
            package = package_of(path, name) if isinstance(name, str) else ""
            imports[path] = imported_modules(sources[path], package)
        self._modules = module_index(known)
        self._graph = import_graph(imports, self._modules)
        self._found: dict[frozenset[PurePosixPath], frozenset[PurePosixPath]] = {}

    def key(self, path: PurePosixPath) -> bytes:
        """Return the key of a file's module code, as that of a symbol."""
        return code_key(path, self.fingerprints[path])

    def file_of(self, module: str) -> PurePosixPath | None:
        """Return the file of a module of the tree."""
        return self._modules.get(module)

    def run_by(self, paths: Iterable[PurePosixPath]) -> frozenset[PurePosixPath]:
        """Return the files whose module code runs when these are imported, themselves included."""
        start = frozenset(paths)
        if start not in self._found:
            found: set[PurePosixPath] = set()
            front = set(start)
            while front:
                found |= front
                front = {each for path in front for each in self._graph.get(path, ())} - found
            self._found[start] = frozenset(found & self.fingerprints.keys())
        return self._found[start]


def code_key(path: PurePosixPath, fingerprint: str) -> bytes:
    """Return the key of a file's module code, as that of a symbol."""
    return symbol_key(path, MODULE_CODE, fingerprint)


def code_fingerprints(
    sources: Mapping[PurePosixPath, str], project: Iterable[str]
) -> dict[PurePosixPath, str]:
    """Return the fingerprint of the module code of each source that parses.

    ``project`` are the texts of all sources of the project.
    """
    is_computed = any(map(_COMPUTED.search, project))
    trees = {path: parsed(text) for path, text in sources.items()}
    return {
        path: digest(_tokens(tree.body, every_name=is_computed))
        for path, tree in trees.items()
        if isinstance(tree, ast.Module)
    }


def _tokens(body: Iterable[ast.stmt], *, every_name: bool, in_class: bool = False) -> Iterator[str]:
    names: list[str] = []
    for node in body:
        match node:
            case ast.Expr(value=ast.Constant()):
                pass
            case ast.FunctionDef() | ast.AsyncFunctionDef():
                if every_name or in_class or _counts(node):
                    names.append(f"def {node.name}")
            case ast.ClassDef():
                yield f"class {node.name} {class_header(node)}"
                yield from _tokens(node.body, every_name=every_name, in_class=True)
                yield "end"
            case _:
                yield from tokens_of(node)
    yield from sorted(names)  # they may stand in any order


def _counts(node: _Function) -> bool:
    special = hasattr(builtins, node.name) or node.name.startswith("__")
    return special or bool(node.decorator_list)
