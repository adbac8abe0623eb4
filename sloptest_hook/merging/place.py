"""Which test file belongs to a source file: learnt from the repository before any rule."""

from collections.abc import Collection
from itertools import chain, count, takewhile
from pathlib import PurePosixPath

from sloptest_hook.merging.convention import Convention, convention_of
from sloptest_hook.merging.suite import Suite, module_parts, subject

_NEARLY_ONE = 2
_WORDS = ("generated", "observed", "characterised")


def place_of(target: PurePosixPath, module: str, suite: Suite) -> PurePosixPath:
    """Return the path of the test file, existing or new, for the tests of ``module``.

    In this order: the test file that imports the module and is named after it; the one that
    imports hardly anything else; a new one by the naming and the directories in use; a new one in
    ``tests_dir``, under the source's path below its import root.

    >>> place_of(PurePosixPath("src/shop/cart.py"), "shop.cart", suite_without_tests)
    PurePosixPath('tests/shop/test_cart.py')
    """
    existing = _named_after(target, module, suite) or _devoted_to(module, suite)
    if existing is not None:
        return existing
    return _new_place(target, module, suite, convention_of(suite))


def fresh_sibling(path: PurePosixPath, taken: Collection[PurePosixPath]) -> PurePosixPath:
    """Return a name next to ``path`` that no path in ``taken`` has, whatever its directory.

    >>> fresh_sibling(PurePosixPath("tests/test_cart.py"), ())
    PurePosixPath('tests/test_cart_generated.py')
    """
    names = {other.name for other in taken}
    words = chain(_WORDS, (f"generated_{number}" for number in count(2)))
    siblings = (path.with_name(_with_word(path.stem, word) + path.suffix) for word in words)
    return next(sibling for sibling in siblings if sibling.name not in names)


def new_packages(place: PurePosixPath, suite: Suite) -> tuple[PurePosixPath, ...]:
    """Return the ``__init__.py`` files that go with a new test file, the outermost first.

    Only in directories that are new themselves, and only where their neighbours are packages.

    >>> new_packages(PurePosixPath("tests/shop/test_cart.py"), suite_of_packages)
    (PurePosixPath('tests/shop/__init__.py'),)
    """
    new = list(takewhile(lambda folder: not suite.has_folder(folder), place.parents))
    if not new or not suite.is_package(new[-1].parent):
        return ()
    neighbours = {path.parent for path in suite.test_files if path.parent.parent == new[-1].parent}
    if not all(map(suite.is_package, neighbours)):
        return ()
    return tuple(folder / "__init__.py" for folder in reversed(new))


def _with_word(stem: str, word: str) -> str:
    """Return the stem with a word, still recognised: ``cart_test``: ``cart_generated_test``."""
    head, joint, tail = stem.rpartition("_")
    if joint and not stem.startswith("test") and tail in ("test", "tests", "spec"):
        return f"{head}_{word}_{tail}"
    return f"{stem}_{word}"


def _named_after(target: PurePosixPath, module: str, suite: Suite) -> PurePosixPath | None:
    parts = module_parts(target, module)
    stems = {subject(parts[first:]).lower() for first in range(len(parts))}
    named = [
        path
        for path in suite.test_files
        if suite.subject_of(path) in stems and suite.knows(path, module)
    ]
    return min(named, key=lambda path: _distance(path, target, module, suite), default=None)


def _distance(
    path: PurePosixPath, target: PurePosixPath, module: str, suite: Suite
) -> tuple[bool, int, int, str]:
    """Return what is small for the best of several files that are named after the module."""
    shared = len({*path.parent.parts} & {*target.parent.parts})
    return module not in suite.imports[path], -shared, len(path.parts), str(path)


def _devoted_to(module: str, suite: Suite) -> PurePosixPath | None:
    """Return the file that imports the module and, of the project, at most one other.

    A file named after another module belongs to that one.
    """
    namesakes = suite.namesakes((module.rpartition(".")[2],), besides=module)
    found: list[tuple[int, str, PurePosixPath]] = []
    for path in suite.test_files:
        imported = suite.modules_imported(path)
        if module not in imported or imported & namesakes or suite.is_of_another(path, module):
            continue
        if len(imported) <= _NEARLY_ONE:
            found.append((len(imported), str(path), path))
    return min(found)[2] if found else None


def _new_place(
    target: PurePosixPath, module: str, suite: Suite, convention: Convention
) -> PurePosixPath:
    folder = convention.folder_of(target, module)
    parts = module_parts(target, module)
    place = folder / convention.file_name(subject(parts[-1:]))
    for first in range(len(parts) - 1, -1, -1):
        place = folder / convention.file_name(subject(parts[first:]))
        rivals = suite.namesakes(parts[first:], besides=module)
        folders = {convention.folder_of(suite.modules[rival], rival) for rival in rivals}
        if _is_free(place, folders, suite):
            return place
    return fresh_sibling(place, suite.files)


def _is_free(place: PurePosixPath, rivals: Collection[PurePosixPath], suite: Suite) -> bool:
    """Return whether no other module has, or will want, the file or its name.

    ``rivals`` are the directories of modules of the same name. pytest's default import mode takes
    a basename only once among directories that are no packages.
    """
    if place in suite.files:
        return not rivals
    if suite.is_package(place.parent) or new_packages(place, suite):
        return place.parent not in rivals
    return not rivals and not any(
        other.name == place.name and not suite.is_package(other.parent) for other in suite.files
    )
