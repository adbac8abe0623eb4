"""The project's test files, and which of its modules each of them imports."""

import ast
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from fnmatch import fnmatchcase
from pathlib import PurePosixPath

from sloptest_hook.merging.document import parse
from sloptest_hook.values.records import dataclass

PYTHON_FILES = ("test_*.py", "*_test.py")  # pytest's default of python_files
_IMPORTING_CALLS = ("import_module", "importorskip", "__import__")
_UNREADABLE = (SyntaxError, ValueError, RecursionError, MemoryError)


@dataclass(frozen=True, slots=True)
class Suite:
    """What the staged tree tells about tests.

    ``imports`` maps every test file to dotted names: modules, and what is taken from them.
    ``modules`` maps the dotted names of the project's own modules, tests left out, to their paths;
    ``by_name`` maps the last part of such a name, in lower case, to all modules that have it.
    """

    files: frozenset[PurePosixPath]
    imports: Mapping[PurePosixPath, frozenset[str]]
    modules: Mapping[str, PurePosixPath]
    by_name: Mapping[str, tuple[str, ...]]
    tests_dir: PurePosixPath
    python_files: tuple[str, ...]

    @property
    def test_files(self) -> tuple[PurePosixPath, ...]:
        return tuple(self.imports)

    def subject_of(self, path: PurePosixPath) -> str:
        """Return what a test file is named after: ``cart`` for ``test_cart.py``."""
        for pattern in self.python_files:
            head, _, tail = pattern.rpartition("/")[2].partition("*")
            name = path.name
            if fnmatchcase(name, f"{head}*{tail}"):
                return (
                    name[len(head) : len(name) - len(tail)].removesuffix(".py").strip("_").lower()
                )
        return ""

    def modules_imported(self, path: PurePosixPath) -> frozenset[str]:
        """Return the project's modules that a test file imports, without the packages above."""
        found = self.imports.get(path, frozenset()) & self.modules.keys()
        above = {parent for module in found for parent in parents_of(module)}
        return frozenset(found - above)

    def knows(self, path: PurePosixPath, module: str) -> bool:
        """Return whether the test file imports the module, itself or through a package above.

        Where several modules have the name only the module itself counts; a file that imports
        another of them as well must lie in a directory of this one.
        """
        imported = self.imports[path]
        same_name = self.by_name.get(_plain(module.rpartition(".")[2]), ())
        if module not in imported:
            return len(same_name) <= 1 and not imported.isdisjoint(parents_of(module))
        others = set(same_name) - {module}
        package = module.split(".")[-2:-1]
        return imported.isdisjoint(others) or not {*package}.isdisjoint(path.parent.parts)

    def namesakes(self, ending: Sequence[str], *, besides: str) -> frozenset[str]:
        """Return the other modules whose dotted name ends in the same parts."""
        wanted = _plain(".".join(ending))
        return frozenset(
            module
            for module in self.by_name.get(wanted.rpartition(".")[2], ())
            if module != besides and f".{_plain(module)}".endswith(f".{wanted}")
            # `python -m pkg` is nobody's `main`.
            if not module.endswith("__main__")
        )

    def is_of_another(self, path: PurePosixPath, module: str) -> bool:
        """Return whether a test file is named after another module of the project."""
        subject = self.subject_of(path)
        return subject in self.by_name and subject != _plain(module.rpartition(".")[2])

    def has_folder(self, folder: PurePosixPath) -> bool:
        inside = f"{folder}/"
        return not folder.parts or any(str(path).startswith(inside) for path in self.files)

    def is_package(self, folder: PurePosixPath) -> bool:
        return folder / "__init__.py" in self.files


def read_suite(
    files: Collection[PurePosixPath],
    tests: Mapping[PurePosixPath, str],
    *,
    tests_dir: PurePosixPath,
    import_roots: Sequence[PurePosixPath],
    python_files: Sequence[str] = PYTHON_FILES,
) -> Suite:
    """Read what the tests import; a test file that does not parse counts as importing nothing.

    ``files`` are all paths of the staged tree, ``tests`` the texts of its test files.
    """
    roots = sorted(import_roots, key=lambda root: -len(root.parts))
    modules = dict(_modules(files, tests, tests_dir, roots))
    return Suite(
        frozenset(files),
        {
            path: frozenset(_imported(tests[path], _package_of(path, roots)))
            for path in sorted(tests)
            if matches(path, python_files)
        },
        modules,
        _by_name(modules),
        tests_dir,
        tuple(python_files),
    )


def matches(path: PurePosixPath, python_files: Iterable[str]) -> bool:
    """Return whether pytest collects a file of this path; a pattern with ``/`` is for the path."""
    return any(
        path.match(pattern) if "/" in pattern else fnmatchcase(path.name, pattern)
        for pattern in python_files
    )


def module_parts(target: PurePosixPath, module: str) -> tuple[str, ...]:
    """Return the parts of a module's name; the path's own where there is no name."""
    return tuple(module.split(".")) if module else target.with_suffix("").parts


def subject(parts: Sequence[str]) -> str:
    """Return what a test file for these parts is named after: ``shop_cart``."""
    return "_".join(filter(None, (part.strip("_") for part in parts)))


def parents_of(module: str) -> Iterator[str]:
    """Yield the packages above a module, the nearest first."""
    while "." in module:
        module = module.rpartition(".")[0]
        yield module


def _by_name(modules: Iterable[str]) -> dict[str, tuple[str, ...]]:
    found: dict[str, list[str]] = {}
    for module in modules:
        found.setdefault(_plain(module.rpartition(".")[2]), []).append(module)
    return {name: tuple(named) for name, named in found.items()}


def _plain(module: str) -> str:
    return ".".join(part.strip("_") for part in module.lower().split("."))


def _modules(
    files: Iterable[PurePosixPath],
    tests: Collection[PurePosixPath],
    tests_dir: PurePosixPath,
    roots: Sequence[PurePosixPath],
) -> Iterator[tuple[str, PurePosixPath]]:
    in_tests_dir = tests_dir.parts  # of length 0 for a tests_dir of "."
    for path in sorted(files):
        if path.suffix != ".py" or path in tests or path.name == "conftest.py":
            continue
        if in_tests_dir and path.parts[: len(in_tests_dir)] == in_tests_dir:
            continue
        parts = _below_root(path.with_suffix(""), roots)
        module = ".".join(parts[:-1] if parts[-1] == "__init__" else parts)
        if module:
            yield module, path


def _below_root(path: PurePosixPath, roots: Sequence[PurePosixPath]) -> tuple[str, ...]:
    for root in roots:
        if path != root and path.is_relative_to(root):
            return path.relative_to(root).parts
    return path.parts


def _package_of(path: PurePosixPath, roots: Sequence[PurePosixPath]) -> tuple[str, ...]:
    return _below_root(path, roots)[:-1]


def _imported(text: str, package: Sequence[str]) -> Iterator[str]:
    try:
        tree = parse(text)
    except _UNREADABLE:
        return
    for node in ast.walk(tree):
        match node:
            case ast.Import(names=names):
                yield from (alias.name for alias in names)
            case ast.ImportFrom():
                module = _absolute(node, package)
                yield module
                yield from (f"{module}.{alias.name}".lstrip(".") for alias in node.names)
            case ast.Call(args=[ast.Constant(value=str(name)), *_]):
                if _called_name(node.func) in _IMPORTING_CALLS:
                    yield name
            case _:
                pass


def _absolute(node: ast.ImportFrom, package: Sequence[str]) -> str:
    if not node.level:
        return node.module or ""
    above = package[: len(package) - node.level + 1]
    return ".".join([*above, *filter(None, [node.module])])


def _called_name(function: ast.expr) -> str:
    match function:
        case ast.Name(id=name) | ast.Attribute(attr=name):
            return name
        case _:
            return ""
