import contextlib
import json
import os
import random
import resource
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path, PurePosixPath

import pytest

from sloptest_hook.store.database import VERSION
from sloptest_hook.store.store import FactStore, Size
from sloptest_hook.values.coverage import Evidence
from sloptest_hook.values.facts import Fact, Measured, Share
from tests.store.facts import ENVIRONMENT, by_node, fact, measured, recorded, symbol

TESTS = [recorded(number) for number in range(30)]
NODES = {position: test.node_id for position, test in enumerate(TESTS)}
FACTS = [fact(symbol(number), len(TESTS)) for number in range(40)]
SYMBOLS = [symbol(number) for number in range(40)]


@pytest.fixture
def store(tmp_path: Path) -> FactStore:
    """A store that holds the forty facts."""
    made = FactStore(tmp_path)
    made.record(measured(FACTS, TESTS, whole=True), "like this")
    return made


def file_of(tmp_path: Path) -> Path:
    return tmp_path / "sloptest" / "cache.db"


def read_back(store: FactStore) -> dict[str, set[tuple[str, frozenset[int], object]]]:
    """Return what is known of each symbol, by node ids; a test that cannot be read counts not."""
    found = store.facts(SYMBOLS)
    ids = {test for facts in found.values() for f in facts for s in f.shares for test in s.tests}
    tests = store.tests(ids)
    nodes = {row: test.node_id for row, test in tests.items()}
    return {
        str(symbol): {
            each for each in by_node(facts[0], {row: nodes.get(row, "") for row in ids}) if each[0]
        }
        for symbol, facts in found.items()
    }


EXPECTED = {str(symbol): by_node(each, NODES) for symbol, each in zip(SYMBOLS, FACTS, strict=True)}


def test_what_was_recorded_is_read_back(store: FactStore) -> None:
    assert read_back(store) == EXPECTED
    found = store.facts(SYMBOLS[:1])[SYMBOLS[0]][0]
    assert replace(found, shares=()) == replace(FACTS[0], shares=())


def test_a_test_is_read_back_whole(store: FactStore) -> None:
    ids = [test for share in store.facts(SYMBOLS[:1])[SYMBOLS[0]][0].shares for test in share.tests]

    assert ids
    assert all(test in TESTS for test in store.tests(ids).values())


def test_a_witness_stands_for_its_environment(store: FactStore) -> None:
    assert store.environment_of("like this") == ENVIRONMENT
    assert store.environment_of("otherwise") is None


def test_the_suite_knows_what_each_test_executes(store: FactStore) -> None:
    suite = store.suite(ENVIRONMENT)

    assert len(suite) == len(TESTS)
    assert store.suite("another") == ()
    keys = {test.node_id: uses for test, uses in suite}
    for each in FACTS:
        from sloptest_hook.values.facts import key_of

        key = key_of(each)
        named = {NODES[test] for share in each.shares for test in share.tests}
        assert {node for node, uses in keys.items() if key in uses} == named


def test_another_version_is_not_known(store: FactStore) -> None:
    assert store.facts([symbol(3, version=1)]) == {}


def test_a_renamed_file_is_found_by_name_and_content(store: FactStore) -> None:
    moved = replace(symbol(3), path=PurePosixPath("other/place.py"))

    (found,) = store.facts([moved])[moved]

    assert found.path == symbol(3).path


def test_a_run_replaces_what_its_own_tests_executed(store: FactStore) -> None:
    before = FACTS[0]
    first = before.shares[0].tests[0]
    run = replace(before, shares=(Share((0,), frozenset({1}), frozenset()),))

    store.record(measured([run], [TESTS[first]]))

    others = {each for each in by_node(before, NODES) if each[0] != NODES[first]}
    assert read_back(store)[str(SYMBOLS[0])] == others | {
        (NODES[first], frozenset({1}), frozenset())
    }


def test_what_a_test_does_not_execute_any_more_is_forgotten(store: FactStore) -> None:
    first = FACTS[0].shares[0].tests[0]
    store.record(measured([replace(FACTS[0], shares=())], [TESTS[first]]))

    assert NODES[first] not in {node for node, _, _ in read_back(store)[str(SYMBOLS[0])]}


def test_other_lines_begin_anew(store: FactStore) -> None:
    fewer = replace(FACTS[0], executable=frozenset({1}), branches=frozenset(), shares=())
    store.record(measured([fewer], []))

    assert read_back(store)[str(SYMBOLS[0])] == set()


def test_environments_are_kept_apart(store: FactStore) -> None:
    other = replace(FACTS[0], environment="pypy", shares=())
    store.record(Measured("pypy", (), (other,), {}))

    found = store.facts(SYMBOLS[:1])[SYMBOLS[0]]

    assert {each.environment for each in found} == {ENVIRONMENT, "pypy"}


def test_what_was_imported_never_replaces_what_was_measured(store: FactStore) -> None:
    imported = replace(FACTS[0], evidence=Evidence.IMPORTED, shares=())
    store.record(measured([imported], []))
    assert store.facts(SYMBOLS[:1])[SYMBOLS[0]][0].evidence is Evidence.MEASURED
    assert read_back(store) == EXPECTED


def test_what_is_measured_replaces_what_was_imported(tmp_path: Path) -> None:
    store = FactStore(tmp_path)
    store.record(measured([replace(FACTS[0], evidence=Evidence.IMPORTED)], TESTS))
    store.record(measured([replace(FACTS[0], shares=())], TESTS[:1]))

    found = store.facts(SYMBOLS[:1])[SYMBOLS[0]][0]

    assert found.evidence is Evidence.MEASURED
    assert found.shares == ()


def test_the_least_recently_used_go_first(tmp_path: Path) -> None:
    store = FactStore(tmp_path, most_symbols=30, most_tests=1000)
    store.record(measured(FACTS[:20], TESTS))
    database = sqlite3.connect(file_of(tmp_path))
    database.execute("UPDATE symbol SET used = used - 30")
    database.commit()
    database.close()
    assert store.facts(SYMBOLS[:5])  # used again

    store.record(measured(FACTS[20:35], TESTS))

    known = {symbol for symbol in SYMBOLS if store.facts([symbol])}
    assert set(SYMBOLS[:5]) | set(SYMBOLS[20:35]) <= known
    assert store.size().symbol_versions <= 30


def test_the_number_of_a_test_that_is_gone_is_never_given_again(tmp_path: Path) -> None:
    store = FactStore(tmp_path, most_tests=5)
    store.record(measured([fact(SYMBOLS[0], 6)], TESTS[:6]))
    store.record(measured([], TESTS[10:14]))

    nodes = {node for node, _, _ in read_back(store).get(str(SYMBOLS[0]), set())}

    assert nodes.isdisjoint(NODES[number] for number in range(10, 14))


def test_clear_forgets_all(store: FactStore, tmp_path: Path) -> None:
    store.clear()

    assert not file_of(tmp_path).exists()
    assert store.size() == Size(0, 0, 0)


# Damage: an empty cache, never an error, never a wrong fact; the next run writes a good one.


def _missing(file: Path) -> None:
    file.unlink()


def _foreign(file: Path) -> None:
    file.unlink()
    with contextlib.closing(sqlite3.connect(file)) as database:
        database.execute("CREATE TABLE mine (a)")
        database.commit()


def _older(file: Path) -> None:
    with contextlib.closing(sqlite3.connect(file)) as database:
        database.execute("PRAGMA user_version = 1")


def _other_columns(file: Path) -> None:
    with contextlib.closing(sqlite3.connect(file)) as database:
        database.execute("ALTER TABLE symbol RENAME COLUMN payload TO load")


DAMAGE: dict[str, Callable[[Path], object]] = {
    "missing": _missing,
    "empty": lambda file: file.write_bytes(b""),
    "text": lambda file: file.write_text("no database\n" * 1000),
    "zeros": lambda file: file.write_bytes(bytes(20_000)),
    "foreign database": _foreign,
    "older schema": _older,
    "other columns": _other_columns,
}


@pytest.mark.parametrize("damage", DAMAGE.values(), ids=DAMAGE)
def test_a_broken_file_is_an_empty_cache_and_is_made_anew(
    store: FactStore, tmp_path: Path, damage: Callable[[Path], object]
) -> None:
    damage(file_of(tmp_path))

    assert store.facts(SYMBOLS) == {}
    assert store.tests([1, 2]) == {} or damage is _other_columns
    store.record(measured(FACTS, TESTS))
    assert read_back(store) == EXPECTED


@pytest.mark.parametrize("share", [n / 10 for n in range(10)])
def test_a_truncated_file_gives_no_wrong_fact(
    store: FactStore, tmp_path: Path, share: float
) -> None:
    file = file_of(tmp_path)
    os.truncate(file, int(file.stat().st_size * share))

    assert_no_wrong_fact(store)
    store.record(measured(FACTS, TESTS))
    assert read_back(store) == EXPECTED


def test_flipped_bytes_give_no_wrong_fact(store: FactStore, tmp_path: Path) -> None:
    file = file_of(tmp_path)
    sound = file.read_bytes()
    chance = random.Random(4)
    for _ in range(150):
        broken = bytearray(sound)
        broken[chance.randrange(len(broken))] ^= 1 << chance.randrange(8)
        file.write_bytes(broken)
        assert_no_wrong_fact(FactStore(tmp_path))


def assert_no_wrong_fact(store: FactStore) -> None:
    for name, shares in read_back(store).items():
        assert shares <= EXPECTED[name]


def test_a_newer_schema_is_left_alone(store: FactStore, tmp_path: Path) -> None:
    with contextlib.closing(sqlite3.connect(file_of(tmp_path))) as database:
        database.execute(f"PRAGMA user_version = {VERSION + 1}")

    assert store.facts(SYMBOLS) == {}
    store.record(measured(FACTS, TESTS))
    assert store.facts(SYMBOLS) == {}
    with contextlib.closing(sqlite3.connect(file_of(tmp_path))) as database:
        assert database.execute("SELECT COUNT(*) FROM symbol").fetchone()[0] == len(FACTS)


def test_a_directory_in_its_place_is_no_cache(tmp_path: Path) -> None:
    file_of(tmp_path).mkdir(parents=True)
    store = FactStore(tmp_path)

    store.record(measured(FACTS, TESTS))

    assert store.facts(SYMBOLS) == {}
    assert file_of(tmp_path).is_dir()


def test_a_reader_does_not_wait_for_a_writer(store: FactStore, tmp_path: Path) -> None:
    with contextlib.closing(sqlite3.connect(file_of(tmp_path), isolation_level=None)) as database:
        database.execute("BEGIN IMMEDIATE")
        database.execute("DELETE FROM symbol")

        assert read_back(store) == EXPECTED


def test_a_writer_that_waits_too_long_goes_on_without(store: FactStore, tmp_path: Path) -> None:
    more = fact(symbol(99), len(TESTS))
    with contextlib.closing(sqlite3.connect(file_of(tmp_path), isolation_level=None)) as database:
        database.execute("BEGIN IMMEDIATE")
        started = time.monotonic()
        store.record(measured([more], TESTS))
        assert time.monotonic() - started < 10

    assert read_back(store) == EXPECTED
    assert store.facts([symbol(99)]) == {}


def test_a_full_disk_loses_nothing_that_was_there(store: FactStore, tmp_path: Path) -> None:
    code = (
        "import resource, sys, signal; signal.signal(signal.SIGXFSZ, signal.SIG_IGN);"
        f"resource.setrlimit(resource.RLIMIT_FSIZE, ({file_of(tmp_path).stat().st_size},) * 2);"
        "from pathlib import Path; from tests.store.facts import *;"
        "from sloptest_hook.store.store import FactStore;"
        "tests = [recorded(n) for n in range(3000)];"
        f"FactStore(Path({str(tmp_path)!r})).record(measured("
        "[fact(symbol(n), 3000) for n in range(50, 3000)], tests))"
    )
    root = Path(__file__).parents[2]
    subprocess.run((sys.executable, "-c", code), cwd=root, check=True)

    assert resource.RLIMIT_FSIZE is not None
    assert read_back(store) == EXPECTED


def test_a_writer_that_is_killed_leaves_the_old_or_the_new(
    store: FactStore, tmp_path: Path
) -> None:
    code = (
        "import sys; from pathlib import Path; from tests.store.facts import *;"
        "from sloptest_hook.store.store import FactStore;"
        "tests = [recorded(n) for n in range(30)]; print('go', flush=True)\n"
        "while True:\n"
        f"    FactStore(Path({str(tmp_path)!r})).record(measured("
        "[fact(symbol(n), 30) for n in range(40)], tests))"
    )
    root = Path(__file__).parents[2]
    for _ in range(5):
        with subprocess.Popen(
            (sys.executable, "-c", code), cwd=root, stdout=subprocess.PIPE
        ) as writer:
            assert writer.stdout is not None
            writer.stdout.readline()
            time.sleep(0.05)
            writer.send_signal(signal.SIGKILL)
        assert read_back(store) == EXPECTED


def test_a_cache_on_a_read_only_file_system_is_read(
    store: FactStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As root no permission stops a writer: SQLite itself is told that it may not write."""
    real = sqlite3.connect

    def refuse(name: str, **more: object) -> sqlite3.Connection:
        if not str(name).startswith("file:"):
            error = sqlite3.OperationalError("attempt to write a readonly database")
            error.sqlite_errorcode = 8
            raise error
        return real(name, **more)  # type: ignore[call-overload,no-any-return]

    monkeypatch.setattr(sqlite3, "connect", refuse)

    assert read_back(store) == EXPECTED
    store.record(measured([fact(symbol(77), len(TESTS))], TESTS))


HOSTILE = {
    "numbers without end": ["m", 5, "f" * 10_000_000, [], [], "measured"],
    "anchors without end": ["m", 10**12, "1", [], [], "measured"],
    "a range without end": ["m", 5, "1e", [], [["0-99999999999", "2", "0"]], "measured"],
    "a branch of elsewhere": ["m", 5, "1e", [[1, 900]], [], "measured"],
    "other types": [{}, "5", 7, None, {"a": 1}, []],
    "too few": ["m"],
    "an unknown evidence": ["m", 5, "1e", [], [], "divine"],
    "lists in place of text": ["m", 5, "1e", [], [[[1], [2], [3]]], "measured"],
}


@pytest.mark.parametrize("content", HOSTILE.values(), ids=HOSTILE)
def test_a_hostile_row_is_no_fact(content: object) -> None:
    from sloptest_hook.store.packing import sealed, unpacked_fact

    key = b"k" * 24
    names = (PurePosixPath("a.py"), "f", "0" * 32)
    assert unpacked_fact(key, sealed(key, content), names, ENVIRONMENT) is None


def test_a_row_that_unpacks_to_gigabytes_is_no_fact() -> None:
    import zlib

    from sloptest_hook.store import packing

    body = b"z" + zlib.compress(json.dumps("x" * 50_000_000).encode())
    with pytest.raises(ValueError, match="too large"):
        packing.opened(b"k", packing._sum(b"k", body) + body)


def test_the_payload_of_one_row_is_not_another_ones(store: FactStore, tmp_path: Path) -> None:
    with contextlib.closing(sqlite3.connect(file_of(tmp_path))) as database:
        database.execute("UPDATE symbol SET payload = (SELECT payload FROM symbol WHERE id = 1)")
        database.commit()

    found = store.facts(SYMBOLS)

    assert len(found) == 1
    facts: list[Fact] = [each for many in found.values() for each in many]
    assert facts[0].qualname == FACTS[0].qualname
