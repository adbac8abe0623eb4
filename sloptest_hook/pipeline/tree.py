"""What the staged tree says about the changed files: names to import, tests, call sites."""

import re
from collections.abc import Collection, Iterable, Mapping
from pathlib import PurePosixPath

from sloptest_hook.merging import isort_settings
from sloptest_hook.merging.pytest_settings import (
    CONFIGURATION_FILES,
    PytestSettings,
    pytest_settings,
)
from sloptest_hook.merging.style import Style
from sloptest_hook.merging.suite import matches
from sloptest_hook.pipeline.workshop import Snapshot
from sloptest_hook.planning import SourceFile, is_test_file
from sloptest_hook.symbols.importers import import_distances, import_graph
from sloptest_hook.symbols.imports import imported_modules
from sloptest_hook.symbols.modules import (
    NoModule,
    import_root,
    module_index,
    module_name,
    package_of,
)
from sloptest_hook.values.candidate import MergedFile
from sloptest_hook.values.records import dataclass, replace

# Searching the text of so many files takes about a second. A larger tree loses real arguments and
# indirect importers, nothing else.
_SOURCES_READ = 4000
# Importers of importers: what is farther away rarely says anything of the module.
_STEPS = 3
_CALL_SITES = 40
_USUAL = Style()


@dataclass(frozen=True, slots=True)
class StagedTree:
    """Every path of the staged tree, the texts of its tests and of its other Python files.

    ``tests`` holds helpers and ``conftest.py`` too, ``test_files`` what pytest collects of them.
    """

    files: frozenset[PurePosixPath]
    tests: Mapping[PurePosixPath, str]
    sources: Mapping[PurePosixPath, str]
    collected: PytestSettings
    style: Style = _USUAL

    def with_files(self, files: Iterable[MergedFile]) -> "StagedTree":
        """Return the tree with the test files as they are after a merge."""
        texts = {file.path: file.after.decode("utf-8", "replace") for file in files}
        return replace(self, tests={**self.tests, **texts}, files=self.files | texts.keys())

    @property
    def test_files(self) -> tuple[PurePosixPath, ...]:
        return tuple(path for path in self.tests if matches(path, self.collected.python_files))


def read_tree(snapshot: Snapshot, tests_dir: PurePosixPath) -> StagedTree:
    """Read the Python files of the staged tree; bytes that are no UTF-8 are replaced."""
    files = frozenset(snapshot.files())
    configuration = snapshot.read({*CONFIGURATION_FILES, *isort_settings.CONFIGURATION_FILES})
    base = isort_settings.extended(configuration)
    collected = pytest_settings(configuration)
    python = sorted(path for path in files if path.suffix == ".py")
    tests = [path for path in python if is_test_file(path, tests_dir, collected.python_files)]
    others = sorted(set(python) - set(tests))
    return StagedTree(
        files,
        _texts(snapshot, tests),
        _texts(snapshot, others if len(others) <= _SOURCES_READ else ()),
        collected,
        isort_settings.import_style(configuration, snapshot.read([base] if base else [])),
    )


def source_file(path: PurePosixPath, text: str, tree: StagedTree) -> SourceFile:
    """Return what planning must know of a changed file."""
    module = module_name(path, import_root(tree.files, path))
    if isinstance(module, NoModule):
        return SourceFile(text, "", module.reason)
    word = re.compile(rf"\b{re.escape(_leaf(path))}\b")
    texts = [*tree.tests.items(), *tree.sources.items()]
    sites = [text for other, text in texts if other != path and word.search(text)]
    return SourceFile(text, module, call_sites=tuple(sites[:_CALL_SITES]))


def importers(
    paths: Collection[PurePosixPath], tree: StagedTree
) -> Mapping[PurePosixPath, Mapping[PurePosixPath, int]]:
    """Return for each of ``paths`` how many imports away the files are that import it.

    Only files in whose text a module's own name occurs are parsed, step by step outwards: parsing
    a whole tree takes a second for every few megabytes.
    """
    texts = {**tree.sources, **tree.tests}
    modules = module_index(tree.files)
    names = {path: name for name, path in sorted(modules.items(), reverse=True)}
    imports = {
        path: imported_modules(text, package_of(path, names.get(path, "")))
        for path, text in tree.tests.items()
        if path.name == "conftest.py"
    }
    found: dict[PurePosixPath, Mapping[PurePosixPath, int]] = {}
    reached: set[PurePosixPath] = set()
    front: set[PurePosixPath] = set(paths)
    for _step in range(_STEPS):
        for path in _mentioning({_leaf(each) for each in front}, texts, imports):
            imports[path] = imported_modules(texts[path], package_of(path, names.get(path, "")))
        graph = import_graph(imports, modules)
        found = {path: import_distances(path, graph) for path in paths}
        now = {each for reach in found.values() for each in reach}
        front = now - reached - tree.tests.keys()
        reached = now
        if not front:
            break
    return found


def _texts(snapshot: Snapshot, paths: Iterable[PurePosixPath]) -> Mapping[PurePosixPath, str]:
    blobs = snapshot.read(paths)
    return {path: blobs[path].decode("utf-8", "replace") for path in sorted(blobs)}


def _leaf(path: PurePosixPath) -> str:
    """Return the word that an import of the file must contain."""
    return path.parent.name if path.name == "__init__.py" else path.stem


def _mentioning(
    words: Collection[str],
    texts: Mapping[PurePosixPath, str],
    known: Collection[PurePosixPath],
) -> list[PurePosixPath]:
    if not words:
        return []
    pattern = re.compile(r"\b(?:" + "|".join(re.escape(word) for word in sorted(words)) + r")\b")
    return [path for path, text in texts.items() if path not in known and pattern.search(text)]
