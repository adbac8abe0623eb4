"""Sizes that a class sets for itself are made small, those that nothing reads are left alone."""

import ast
import sys

import pytest

from sloptest_hook.running.harness.searching.module_source import ModuleSource
from sloptest_hook.running.harness.searching.ownership import set_root
from sloptest_hook.running.harness.searching.sizes import small_sizes
from sloptest_hook.running.harness.searching.target import Target, find_targets

SOURCE = """
class Barrel:
    _limit = 1000
    unread = 500
    tiny = 3

    def put(self, item):
        return len(item) > self._limit or self.tiny

    def other(self):
        return 1


def free(n):
    return n
"""


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory) -> ModuleSource:
    root = tmp_path_factory.mktemp("sizes")
    (root / "barrels_of_sizes.py").write_text(SOURCE)
    set_root(str(root))
    sys.path.insert(0, str(root))
    try:
        module = __import__("barrels_of_sizes")
    finally:
        sys.path.remove(str(root))
    return ModuleSource(module.__name__, str(module.__file__), module, ast.parse(SOURCE), str(root))


def target(source: ModuleSource, qualname: str) -> Target:
    found = find_targets(source, qualname, frozenset())
    assert isinstance(found, list)
    return found[0]


def test_a_size_that_a_method_reads_is_made_small(source: ModuleSource) -> None:
    (setting,) = small_sizes(target(source, "Barrel.put"))

    assert setting.arrange == ("monkeypatch.setattr(Barrel, '_limit', 1)",)
    assert setting.imports == ("from barrels_of_sizes import Barrel",)
    assert setting.lines == {8}


def test_another_method_may_come_to_the_one_that_reads_it(source: ModuleSource) -> None:
    (setting,) = small_sizes(target(source, "Barrel.other"))

    assert setting.lines == frozenset()


def test_a_function_has_no_class_with_sizes(source: ModuleSource) -> None:
    assert small_sizes(target(source, "free")) == []
