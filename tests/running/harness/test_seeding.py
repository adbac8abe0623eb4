"""Calls that a person wrote, as trials."""

import ast
import types

import pytest

from sloptest_hook.running.harness.searching.module_source import ModuleSource
from sloptest_hook.running.harness.searching.programs import write_program
from sloptest_hook.running.harness.searching.seeding import seed_trials
from sloptest_hook.running.harness.searching.target import find_targets

SOURCE = """
def size(value, binary=False, gnu=False, form="%.1f"):
    return value


def several(first, *rest, last=True):
    return first
"""


def written(qualname: str, call: str) -> str:
    module = types.ModuleType("sizes_of_files")
    exec(compile(SOURCE, "sizes_of_files.py", "exec"), module.__dict__)  # noqa: S102  the sample
    source = ModuleSource(
        module.__name__, "sizes_of_files.py", module, ast.parse(SOURCE), "/nowhere"
    )
    found = find_targets(source, qualname, frozenset())
    assert isinstance(found, list)
    (trial,) = seed_trials(found[0], [{"call": call}])
    return write_program(found[0], trial).expression


@pytest.mark.parametrize(
    ("call", "expected"),
    [
        pytest.param("size(300, False, True)", "size(300, gnu=True)", id="named, default left out"),
        pytest.param("size(300, True, False, '%d')", "size(300, binary=True, form='%d')", id="all"),
        pytest.param("size(300, x, True)", "size(300, binary=x, gnu=True)", id="beside a switch"),
        pytest.param("size(300, binary=True)", "size(300, binary=True)", id="named already"),
        pytest.param("size(300, x)", "size(300, x)", id="no switch"),
        pytest.param("size(True)", "size(True)", id="required"),
    ],
)
def test_a_switch_is_passed_by_name(call: str, expected: str) -> None:
    assert written("size", call) == expected


def test_what_goes_into_star_arguments_keeps_its_place() -> None:
    assert written("several", "several(1, True, False)") == "several(1, True, False)"
