"""What importing a file does beside defining functions: constants, class bodies, calls."""

import ast
from collections.abc import Iterable, Iterator, Mapping
from pathlib import PurePosixPath

from sloptest_hook.symbols.fingerprint import class_header, digest, tokens_of
from sloptest_hook.symbols.importers import import_graph
from sloptest_hook.symbols.imports import imported_modules
from sloptest_hook.symbols.modules import import_root, module_index, module_name, package_of
from sloptest_hook.symbols.parsing import parsed


class ModuleCode:
    """The module code of the sources of one tree, and which of it an import runs.

    ``fingerprints`` has one of each source that parses: functions are no part of it, they are
    symbols. ``files`` are all paths of the tree.
    """

    def __init__(
        self, sources: Mapping[PurePosixPath, str], files: Iterable[PurePosixPath]
    ) -> None:
        known = frozenset(files)
        self.fingerprints: dict[PurePosixPath, str] = {}
        imports: dict[PurePosixPath, frozenset[str]] = {}
        for path, text in sources.items():
            tree = parsed(text)
            if isinstance(tree, ast.Module):
                self.fingerprints[path] = digest(_tokens(tree.body))
                name = module_name(path, import_root(known, path))
                package = package_of(path, name) if isinstance(name, str) else ""
                imports[path] = imported_modules(text, package)
        self._modules = module_index(known)
        self._graph = import_graph(imports, self._modules)
        self._found: dict[frozenset[PurePosixPath], frozenset[PurePosixPath]] = {}

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


def _tokens(body: Iterable[ast.stmt]) -> Iterator[str]:
    for node in body:
        match node:
            case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.Expr(value=ast.Constant()):
                pass
            case ast.ClassDef():
                yield f"class {node.name} {class_header(node)}"
                yield from _tokens(node.body)
                yield "end"
            case _:
                yield from tokens_of(node)
