"""What the staged tree tells about the place of new tests, for an engine that reads."""

import ast
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import PurePosixPath

from sloptest_hook.merging.collected import collected_functions
from sloptest_hook.merging.place import place_of
from sloptest_hook.merging.suite import Suite, read_suite
from sloptest_hook.pipeline.tree import read_tree
from sloptest_hook.pipeline.workshop import Snapshot
from sloptest_hook.symbols.extract import first_line
from sloptest_hook.symbols.modules import import_root
from sloptest_hook.values.plan import Target
from sloptest_hook.values.surroundings import Surroundings

_EXAMPLES = 2
_LONGEST_EXAMPLE = 30  # lines
_MOST_FIXTURES = 20
_UNREADABLE = (SyntaxError, ValueError, RecursionError, MemoryError)
_Function = ast.FunctionDef | ast.AsyncFunctionDef


def surroundings_reader(
    snapshot: Snapshot, tests_dir: PurePosixPath, is_private: Callable[[PurePosixPath], bool]
) -> Callable[[Target], Surroundings]:
    """Return what tells the surroundings of a target; the tree is read once, and when asked.

    What is private is read by nobody else and shown to nobody.
    """
    read: list[tuple[Mapping[PurePosixPath, str], Suite]] = []

    def around(target: Target) -> Surroundings:
        if not read:
            read.append(_suite(snapshot, tests_dir, target, is_private))
        tests, suite = read[0]
        place = place_of(target.symbol.path, target.module, suite)
        text = tests.get(place, "")
        return Surroundings(
            str(place),
            tuple(_imports(text)),
            tuple(_fixtures(place, tests))[:_MOST_FIXTURES],
            tuple(_examples(place, target.module, tests, suite)),
        )

    return around


def _suite(
    snapshot: Snapshot,
    tests_dir: PurePosixPath,
    target: Target,
    is_private: Callable[[PurePosixPath], bool],
) -> tuple[Mapping[PurePosixPath, str], Suite]:
    tree = read_tree(snapshot, tests_dir)
    tests = {path: text for path, text in tree.tests.items() if not is_private(path)}
    suite = read_suite(
        tree.files,
        {path: text for path, text in tests.items() if path in tree.test_files},
        tests_dir=tree.collected.directory_for(tests_dir),
        import_roots=[import_root(tree.files, target.symbol.path)],
        python_files=tree.collected.python_files,
    )
    return tests, suite


def _imports(text: str) -> Iterator[str]:
    for node in _body(text):
        if isinstance(node, ast.Import | ast.ImportFrom):
            yield ast.unparse(node)


def _fixtures(place: PurePosixPath, tests: Mapping[PurePosixPath, str]) -> Iterator[str]:
    """Yield the fixtures of the file itself and of each ``conftest.py`` above it."""
    for path in (place, *(above / "conftest.py" for above in place.parents)):
        for node in _body(tests.get(path, "")):
            if isinstance(node, _Function) and any(map(_is_fixture, node.decorator_list)):
                returns = f" -> {ast.unparse(node.returns)}" if node.returns else ""
                said = (ast.get_docstring(node) or "").partition("\n")[0]
                yield f"{node.name}({ast.unparse(node.args)}){returns}" + (
                    f"  # {said}" if said else ""
                )


def _is_fixture(decorator: ast.expr) -> bool:
    called = decorator.func if isinstance(decorator, ast.Call) else decorator
    return ast.unparse(called).rpartition(".")[2] == "fixture"


def _examples(
    place: PurePosixPath, module: str, tests: Mapping[PurePosixPath, str], suite: Suite
) -> Iterator[str]:
    """Yield the nearest tests: of the file, of files that import the module, of neighbours."""
    importing = [path for path in suite.test_files if suite.knows(path, module)]
    neighbours = sorted(suite.test_files, key=lambda path: _distance(path, place))
    left = _EXAMPLES
    for path in dict.fromkeys((place, *importing, *neighbours)):
        for source in _short_tests(tests.get(path, "")):
            yield source
            left -= 1
            if not left:
                return


def _distance(path: PurePosixPath, place: PurePosixPath) -> tuple[int, str]:
    shared = len(set(path.parents) & set(place.parents))
    return -shared, str(path)


def _short_tests(text: str) -> Iterator[str]:
    for node in collected_functions(_body(text)):
        lines = text.split("\n")[first_line(node) - 1 : node.end_lineno]
        if len(lines) <= _LONGEST_EXAMPLE:
            yield "\n".join(lines)


def _body(text: str) -> Sequence[ast.stmt]:
    try:
        return ast.parse(text).body
    except _UNREADABLE:
        return ()
