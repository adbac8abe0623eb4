import sqlite3
import threading
from collections.abc import Iterable, Mapping
from pathlib import Path, PurePosixPath

import pytest

from sloptest_hook.store import Cache
from sloptest_hook.values.coverage import CoverageStatus, CoverageVerdict, Evidence
from sloptest_hook.values.source import LineRange, Symbol, SymbolKind

TEST = PurePosixPath("tests/test_mod.py")
OTHER = PurePosixPath("tests/test_other.py")
BLOBS = {TEST: "a" * 40, OTHER: "b" * 40}


class Index:
    """Answers as the index does, and counts how often it is asked."""

    def __init__(self, blobs: Mapping[PurePosixPath, str]) -> None:
        self.blobs = blobs
        self.asked: list[list[PurePosixPath]] = []

    def blobs_of(self, paths: Iterable[PurePosixPath]) -> Mapping[PurePosixPath, str]:
        wanted = list(paths)
        self.asked.append(wanted)
        return {path: self.blobs[path] for path in wanted if path in self.blobs}


def symbol(
    qualname: str = "f",
    *,
    first: int = 10,
    last: int = 15,
    fingerprint: str = "one",
    path: str = "mod.py",
) -> Symbol:
    lines = LineRange(first, last)
    return Symbol(PurePosixPath(path), qualname, SymbolKind.FUNCTION, lines, fingerprint)


def covered(of: Symbol, *relied_on: PurePosixPath) -> CoverageVerdict:
    first = of.lines.first
    return CoverageVerdict(
        of,
        CoverageStatus.COVERED,
        Evidence.MEASURED,
        executable=frozenset({first + 1, first + 2, first + 3}),
        missing_lines=frozenset({first + 3}),
        missing_branches=frozenset({(first + 1, first + 3), (first + 2, -first)}),
        tests=(f"{TEST}::test_f",),
        relied_on=relied_on or (TEST,),
    )


@pytest.fixture
def cache(tmp_path: Path) -> Cache:
    return Cache(tmp_path, minimum=80)


def known(cache: Cache, *symbols: Symbol) -> Mapping[Symbol, CoverageVerdict]:
    return cache.known(symbols, Index(BLOBS).blobs_of)


def test_what_was_remembered_is_known(cache: Cache) -> None:
    verdict = covered(symbol())

    cache.remember([verdict], BLOBS)

    assert known(cache, symbol()) == {symbol(): verdict}


def test_lines_and_branches_move_with_the_symbol(cache: Cache) -> None:
    cache.remember([covered(symbol(first=10, last=15))], BLOBS)
    moved = symbol(first=110, last=115)

    assert known(cache, moved) == {moved: covered(moved)}


def test_the_index_is_asked_once_for_all_test_files(cache: Cache) -> None:
    f, g = symbol("f"), symbol("g")
    cache.remember([covered(f), covered(g, OTHER, TEST)], BLOBS)
    index = Index(BLOBS)

    assert set(cache.known([f, g], index.blobs_of)) == {f, g}
    assert index.asked == [[TEST, OTHER]]


NOT_KNOWN = {
    "another fingerprint": symbol(fingerprint="two"),
    "another name": symbol("g"),
    "another path": symbol(path="other.py"),
    "a comment made it longer": symbol(last=16),
}


@pytest.mark.parametrize("other", NOT_KNOWN.values(), ids=NOT_KNOWN)
def test_another_symbol_is_not_known(cache: Cache, other: Symbol) -> None:
    cache.remember([covered(symbol())], BLOBS)

    assert known(cache, other) == {}


@pytest.mark.parametrize(
    "blobs",
    [{TEST: "c" * 40, OTHER: "b" * 40}, {OTHER: "b" * 40}],
    ids=["changed", "gone"],
)
def test_a_verdict_does_not_outlive_its_test_files(
    cache: Cache, blobs: Mapping[PurePosixPath, str]
) -> None:
    cache.remember([covered(symbol(), TEST, OTHER)], BLOBS)

    assert cache.known([symbol()], Index(blobs).blobs_of) == {}


def test_a_test_file_that_never_was_in_the_index_proves_nothing(cache: Cache) -> None:
    cache.remember([covered(symbol(), TEST)], {})

    assert cache.known([symbol()], Index({}).blobs_of) == {}


@pytest.mark.parametrize("status", [CoverageStatus.UNCOVERED, CoverageStatus.PARTIAL])
def test_uncovered_is_not_believed_but_replaces_what_was(
    cache: Cache, status: CoverageStatus
) -> None:
    verdict = covered(symbol())
    cache.remember([verdict], BLOBS)
    cache.remember([CoverageVerdict(symbol(), status, Evidence.MEASURED, relied_on=(TEST,))], BLOBS)

    assert known(cache, symbol()) == {}


def test_an_estimate_is_not_remembered(tmp_path: Path, cache: Cache) -> None:
    estimate = CoverageVerdict(
        symbol(), CoverageStatus.COVERED, Evidence.ESTIMATED, relied_on=(TEST,)
    )

    cache.remember([estimate], BLOBS)

    assert known(cache, symbol()) == {}
    assert list(tmp_path.iterdir()) == []


def test_covered_under_a_lower_minimum_is_judged_again(tmp_path: Path) -> None:
    Cache(tmp_path, minimum=50).remember([covered(symbol())], BLOBS)

    assert known(Cache(tmp_path, minimum=80), symbol()) == {}
    assert set(known(Cache(tmp_path, minimum=50), symbol())) == {symbol()}
    assert set(known(Cache(tmp_path, minimum=20), symbol())) == {symbol()}


def test_a_symbol_without_an_executable_line_needs_no_test_file(cache: Cache) -> None:
    nothing = CoverageVerdict(symbol(), CoverageStatus.COVERED, Evidence.MEASURED)

    cache.remember([nothing], {})

    assert known(cache, symbol()) == {symbol(): nothing}


def test_a_covered_symbol_that_names_no_test_file_is_not_believed(cache: Cache) -> None:
    unproved = CoverageVerdict(
        symbol(), CoverageStatus.COVERED, Evidence.MEASURED, executable=frozenset({11})
    )

    cache.remember([unproved], {})

    assert known(cache, symbol()) == {}


def test_several_versions_of_a_symbol_are_kept(cache: Cache) -> None:
    one, two = symbol(fingerprint="one"), symbol(fingerprint="two")
    cache.remember([covered(one)], BLOBS)
    cache.remember([covered(two)], BLOBS)

    assert set(known(cache, one, two)) == {one, two}


def test_a_path_that_is_no_text_is_kept(cache: Cache) -> None:
    odd = symbol(path="a\udcff\n.py")
    test = PurePosixPath("tests/\udcfe.py")
    cache.remember([covered(odd, test)], {test: "d" * 40})

    assert cache.known([odd], Index({test: "d" * 40}).blobs_of) == {odd: covered(odd, test)}


def test_reading_makes_no_file(tmp_path: Path, cache: Cache) -> None:
    assert known(cache, symbol()) == {}
    assert list(tmp_path.iterdir()) == []


def test_reading_leaves_nothing_beside_the_file(tmp_path: Path, cache: Cache) -> None:
    cache.remember([covered(symbol())], BLOBS)
    known(cache, symbol())

    assert [path.name for path in (tmp_path / "sloptest").iterdir()] == ["cache.db"]


def test_remembering_nothing_makes_no_file(tmp_path: Path, cache: Cache) -> None:
    cache.remember([], BLOBS)

    assert list(tmp_path.iterdir()) == []


def database(tmp_path: Path) -> Path:
    (tmp_path / "sloptest").mkdir(exist_ok=True)
    return tmp_path / "sloptest" / "cache.db"


def write_garbage(file: Path) -> None:
    file.write_bytes(b"not a database " * 500)
    file.with_name("cache.db-journal").write_bytes(b"nor is this")


def write_other_version(file: Path) -> None:
    other = sqlite3.connect(file)
    other.executescript("CREATE TABLE fact (x); PRAGMA user_version = 99;")
    other.close()


def write_other_tables(file: Path) -> None:
    other = sqlite3.connect(file)
    other.executescript("CREATE TABLE something (x); PRAGMA user_version = 1;")
    other.close()


def cut_off(file: Path) -> None:
    Cache(file.parent.parent, minimum=80).remember([covered(symbol())], BLOBS)
    file.write_bytes(file.read_bytes()[:5000])


def write_nothing(file: Path) -> None:
    file.touch()


@pytest.mark.parametrize(
    "spoil", [write_garbage, write_other_version, write_other_tables, cut_off, write_nothing]
)
def test_an_unusable_file_is_an_empty_cache_and_is_replaced(tmp_path: Path, spoil: object) -> None:
    assert callable(spoil)
    spoil(database(tmp_path))
    cache = Cache(tmp_path, minimum=80)

    assert known(cache, symbol()) == {}
    cache.remember([covered(symbol())], BLOBS)
    assert set(known(cache, symbol())) == {symbol()}


@pytest.mark.parametrize(
    "detail",
    ["", "[]", "{}", "1", '{"first": "x"}', '{"first": 1, "last": 2, "executable": 3}'],
    ids=repr,
)
def test_a_fact_that_cannot_be_read_is_not_known(tmp_path: Path, cache: Cache, detail: str) -> None:
    cache.remember([covered(symbol())], BLOBS)
    with sqlite3.connect(database(tmp_path)) as spoiled:
        spoiled.execute("UPDATE fact SET detail = ?", (detail,))
    spoiled.close()

    assert known(cache, symbol()) == {}


def test_a_locked_file_delays_the_commit_by_little_and_stops_nothing(
    tmp_path: Path, cache: Cache
) -> None:
    cache.remember([covered(symbol())], BLOBS)
    other = sqlite3.connect(database(tmp_path), isolation_level=None)
    other.execute("BEGIN EXCLUSIVE")

    assert known(cache, symbol()) == {}
    cache.remember([covered(symbol("g"))], BLOBS)
    other.execute("ROLLBACK")
    other.close()

    assert set(known(cache, symbol(), symbol("g"))) == {symbol()}


def test_a_place_where_nothing_can_be_written_stops_nothing(tmp_path: Path) -> None:
    (tmp_path / "sloptest").write_text("a file where the directory should be")
    cache = Cache(tmp_path, minimum=80)

    cache.remember([covered(symbol())], BLOBS)

    assert known(cache, symbol()) == {}


def test_a_directory_in_place_of_the_file_stops_nothing(tmp_path: Path) -> None:
    database(tmp_path).mkdir()
    cache = Cache(tmp_path, minimum=80)

    cache.remember([covered(symbol())], BLOBS)

    assert known(cache, symbol()) == {}


def test_several_commits_at_once_lose_nothing(tmp_path: Path) -> None:
    def commit(number: int) -> None:
        Cache(tmp_path, minimum=80).remember([covered(symbol(f"f{number}"))], BLOBS)

    threads = [threading.Thread(target=commit, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    symbols = [symbol(f"f{number}") for number in range(4)]
    assert set(known(Cache(tmp_path, minimum=80), *symbols)) == set(symbols)


def test_the_oldest_facts_go_first(tmp_path: Path, cache: Cache) -> None:
    cache.remember([covered(symbol("old"))], BLOBS)
    with sqlite3.connect(database(tmp_path)) as moved:
        moved.execute("UPDATE fact SET id = id - 60000")
        moved.execute("INSERT INTO fact VALUES (1, x'61', 'b', 'c', 'covered', 0, '{}')")
    moved.close()

    cache.remember([covered(symbol("new"))], BLOBS)

    assert set(known(cache, symbol("old"), symbol("new"))) == {symbol("new")}
