"""Where this project puts test files and what it calls them, by the majority of those it has."""

from collections import Counter
from collections.abc import Iterator
from enum import Enum
from pathlib import PurePosixPath

from sloptest_hook.merging.suite import Suite, matches, module_parts
from sloptest_hook.values.records import dataclass


class Layout(Enum):
    """How the directory of a test file follows from that of the source."""

    FLAT = "flat"  # all in one directory
    MIRROR = "mirror"  # the packages again: tests/shop/test_cart.py
    MIRROR_INSIDE = "mirror inside"  # the packages below the top one: tests/test_cart.py
    BESIDE = "beside"  # next to the source
    UNDER = "under"  # in a directory next to the source: shop/tests/test_cart.py


@dataclass(frozen=True, slots=True)
class Convention:
    """The layout with the directory it starts from, and how files are named."""

    layout: Layout
    base: PurePosixPath
    suffixed: bool
    python_files: tuple[str, ...]

    def folder_of(self, target: PurePosixPath, module: str) -> PurePosixPath:
        """Return the directory for the tests of a source file."""
        packages = module_parts(target, module)[:-1]
        match self.layout:
            case Layout.FLAT:
                return self.base
            case Layout.MIRROR:
                return self.base.joinpath(*packages)
            case Layout.MIRROR_INSIDE:
                return self.base.joinpath(*packages[1:])
            case Layout.BESIDE:
                return target.parent
            case Layout.UNDER:
                return target.parent / self.base

    def file_name(self, subject: str) -> str:
        """Return a file name that pytest collects: ``test_cart.py`` for ``cart``."""
        usual = [f"test_{subject}.py", f"{subject}_test.py"]
        derived = [
            pattern.rpartition("/")[2].replace("*", subject) for pattern in self.python_files
        ]
        names = [*(reversed(usual) if self.suffixed else usual), *derived]
        fitting = (name for name in names if name.endswith(".py") and subject in name)
        return next((n for n in fitting if matches(PurePosixPath(n), self.python_files)), usual[0])


def convention_of(suite: Suite) -> Convention:
    """Return the layout that explains most of the test files named after a module.

    On a tie the directory nearest to the root wins, then the simplest layout.
    """
    votes = Counter(vote for path in suite.test_files for vote in _votes_of(path, suite))
    at_home = {vote: n for vote, n in votes.items() if _is_at_home(*vote, suite)}
    ranks = {layout: rank for rank, layout in enumerate(Layout)}

    def preference(vote: tuple[Layout, PurePosixPath]) -> tuple[int, int, int, str]:
        layout, base = vote
        return -votes[vote], len(base.parts), ranks[layout], str(base)

    layout, base = min(at_home or votes or [_default(suite)], key=preference)
    names = Counter(path.name.startswith("test") for path in suite.test_files)
    return Convention(layout, base, names[False] > names[True], suite.python_files)


def _votes_of(path: PurePosixPath, suite: Suite) -> Iterator[tuple[Layout, PurePosixPath]]:
    """Yield every layout that would have put this file where it is."""
    folder = path.parent
    subject = suite.subject_of(path)
    for module in suite.by_name.get(subject, ()):
        source = suite.modules[module]
        if not suite.knows(path, module):
            continue
        packages = module_parts(source, module)[:-1]
        yield Layout.FLAT, folder
        for layout, tail in ((Layout.MIRROR, packages), (Layout.MIRROR_INSIDE, packages[1:])):
            if folder.parts[len(folder.parts) - len(tail) :] == tail:
                yield layout, PurePosixPath(*folder.parts[: len(folder.parts) - len(tail)])
        if folder == source.parent:
            yield Layout.BESIDE, PurePosixPath()
        if folder.parent == source.parent and folder.name in ("test", "tests"):
            yield Layout.UNDER, PurePosixPath(folder.name)
        return


def _is_at_home(layout: Layout, base: PurePosixPath, suite: Suite) -> bool:
    return layout in (Layout.BESIDE, Layout.UNDER) or base.is_relative_to(suite.tests_dir)


def _default(suite: Suite) -> tuple[Layout, PurePosixPath]:
    """Return what to do without an example: flat where all tests are, else as the packages.

    Of a project of one package they repeat what is inside it: who writes ``tests/test_cart.py`` by
    hand does not repeat the project's name.
    """
    folders = {path.parent for path in suite.test_files}
    if folders == {suite.tests_dir}:
        return Layout.FLAT, suite.tests_dir
    files = suite.modules.items()
    tops = [name for name, path in files if "." not in name and path.name == "__init__.py"]
    return (Layout.MIRROR_INSIDE if len(tops) == 1 else Layout.MIRROR), suite.tests_dir
