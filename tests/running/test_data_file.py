"""Data files as pytest-cov and coverage.py write them, made with coverage.py's own data API."""

import os
from pathlib import Path, PurePosixPath

import coverage
import pytest

from sloptest_hook.errors import UsageError
from sloptest_hook.running.data_file import read_data_file

TEXT = "def total(prices):\n    if not prices:\n        return 0\n    return sum(prices)\n"


@pytest.fixture
def source(tmp_path: Path) -> Path:
    file = tmp_path / "shop" / "cart.py"
    file.parent.mkdir()
    file.write_text(TEXT)
    return file


def data_file(source: Path, contexts: dict[str, list[tuple[int, int]]]) -> Path:
    """Write a data file that says which arcs each context took in the source."""
    place = source.parent.parent / ".coverage"
    data = coverage.CoverageData(basename=str(place))
    for context, arcs in contexts.items():
        data.set_context(context)
        data.add_arcs({str(source): arcs})
    data.write()
    data.close()
    return place


IMPORT = [(-1, 1), (1, -1)]
EMPTY = [(-1, 2), (2, 3), (3, -1)]
FULL = [(-1, 2), (2, 4), (4, -1)]


def test_contexts_of_pytest_cov_are_tests(source: Path) -> None:
    contexts = {"": IMPORT, "tests/test_a.py::test_x|run": EMPTY}
    (found,) = read_data_file(data_file(source, contexts), source.parent.parent)

    assert found.coverage.path == PurePosixPath("shop/cart.py")
    assert found.coverage.executable == {1, 2, 3, 4}
    assert found.coverage.missing == {4}
    assert found.coverage.tests == {
        2: ("tests/test_a.py::test_x",),
        3: ("tests/test_a.py::test_x",),
    }
    assert found.coverage.missing_branches == {(2, 4)}
    assert found.coverage.branch_tests == {(2, 3): ("tests/test_a.py::test_x",)}
    assert found.text == TEXT
    assert found.is_older


def test_a_statement_of_several_lines_is_its_first_one(source: Path) -> None:
    """CPython reports the line that compares, not the one where the statement begins."""
    source.write_text("def check(cart):\n    assert (\n        cart.total\n    ), 'empty'\n")
    arcs = [(-1, 3), (3, -1)]
    (found,) = read_data_file(
        data_file(source, {"": IMPORT, "tests/test_a.py::test_x|run": arcs}), source.parent.parent
    )

    assert found.coverage.executable == {1, 2}
    assert found.coverage.tests == {2: ("tests/test_a.py::test_x",)}


def test_a_file_without_contexts_names_no_tests(source: Path) -> None:
    (found,) = read_data_file(data_file(source, {"": [*IMPORT, *FULL]}), source.parent.parent)

    assert found.coverage.tests == {}
    assert found.coverage.missing == {3}


def test_a_source_that_was_written_later_is_told(source: Path) -> None:
    place = data_file(source, {"": FULL})
    later = place.stat().st_mtime + 10
    os.utime(source, (later, later))

    assert not read_data_file(place, source.parent.parent)[0].is_older


def test_sources_of_other_places_are_left_out(source: Path, tmp_path: Path) -> None:
    inner = tmp_path / "inner"
    inner.mkdir()

    assert read_data_file(data_file(source, {"": FULL}), inner) == ()


def test_the_data_file_is_not_touched(source: Path) -> None:
    place = data_file(source, {"": FULL})
    before = place.read_bytes()

    read_data_file(place, source.parent.parent)

    assert place.read_bytes() == before
    assert sorted(each.name for each in place.parent.iterdir()) == [".coverage", "shop"]


@pytest.mark.parametrize("content", [b"no database at all\n" * 100, b"SQLite format 3\0"])
def test_what_is_no_data_file_is_a_usage_error(source: Path, content: bytes) -> None:
    place = source.parent / ".coverage"
    place.write_bytes(content)

    with pytest.raises(UsageError, match="no data file"):
        read_data_file(place, source.parent)


def test_a_data_file_that_is_not_there_is_a_usage_error(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="there is no such file"):
        read_data_file(tmp_path / ".coverage", tmp_path)
