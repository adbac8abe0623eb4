"""A cache that somebody else has made: at worst it says `covered`, and nothing of it is run."""

import os
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest

from sloptest_hook.store.store import FactStore
from tests.store.facts import fact, measured, recorded, symbol

TESTS = [recorded(number) for number in range(5)]
SYMBOLS = [symbol(number) for number in range(5)]
FACTS = [fact(each, len(TESTS)) for each in SYMBOLS]

Attack = Callable[[sqlite3.Connection], None]

# Without an end: whoever reads or writes through it waits for ever.
ENDLESS = "WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n) SELECT"


def _view_for_a_table(found: sqlite3.Connection) -> None:
    found.execute("ALTER TABLE symbol RENAME TO hidden")
    found.execute(
        f"CREATE VIEW symbol AS {ENDLESS} x AS id, x AS key, x AS environment, x AS kin, x AS path,"
        " x AS qualname, x AS fingerprint, x AS used, x AS payload FROM n"
    )


def _trigger_on_insert(found: sqlite3.Connection) -> None:
    found.execute(
        f"CREATE TRIGGER t AFTER INSERT ON environment BEGIN"
        f" INSERT INTO file (key, used, payload) {ENDLESS} x, x, zeroblob(1000000) FROM n; END"
    )


def _trigger_on_use(found: sqlite3.Connection) -> None:
    found.execute("CREATE TRIGGER t AFTER UPDATE ON symbol BEGIN DELETE FROM symbol; END")


def _index_with_an_expression(found: sqlite3.Connection) -> None:
    found.execute("CREATE INDEX i ON symbol (length(hex(payload)))")


def _generated_column(found: sqlite3.Connection) -> None:
    found.execute("ALTER TABLE symbol ADD COLUMN more GENERATED ALWAYS AS (hex(payload)) VIRTUAL")


def _table_of_more(found: sqlite3.Connection) -> None:
    found.execute("CREATE TABLE more (a)")


SCHEMAS = [
    _view_for_a_table,
    _trigger_on_insert,
    _trigger_on_use,
    _index_with_an_expression,
    _generated_column,
    _table_of_more,
]


def _other_types(found: sqlite3.Connection) -> None:
    found.execute("UPDATE symbol SET used = 'soon', environment = 'x', payload = 3, path = 5")
    found.execute("UPDATE test SET used = x'00', node = 7, seconds = 'long', payload = 'text'")


def _texts_for_keys(found: sqlite3.Connection) -> None:
    found.execute("UPDATE symbol SET key = hex(key), kin = hex(kin)")
    found.execute("UPDATE test SET key = hex(key), uses = 'uses'")


def _text_that_is_none(found: sqlite3.Connection) -> None:
    found.execute("UPDATE symbol SET qualname = CAST(x'ff' AS TEXT)")
    found.execute("UPDATE test SET node = CAST(x'ff' AS TEXT)")
    found.execute("UPDATE environment SET name = CAST(x'ff' AS TEXT)")


def _huge_values(found: sqlite3.Connection) -> None:
    found.execute("UPDATE symbol SET payload = zeroblob(100000000) WHERE id = 1")
    found.execute("UPDATE test SET payload = zeroblob(100000000) WHERE id = 1")


def _huge_numbers(found: sqlite3.Connection) -> None:
    found.execute("UPDATE symbol SET used = 9223372036854775807, environment = -1")
    found.execute("UPDATE test SET used = -9223372036854775808, seconds = 9e999")


ROWS = [_other_types, _texts_for_keys, _text_that_is_none, _huge_values, _huge_numbers]


def file_of(place: Path) -> Path:
    return place / "sloptest" / "cache.db"


def attacked(place: Path, attack: Attack) -> FactStore:
    store = FactStore(place)
    store.record(measured(FACTS, TESTS, whole=True), "like this")
    with sqlite3.connect(file_of(place)) as found:
        attack(found)
    found.close()
    return store


def use(store: FactStore) -> None:
    """Ask and tell all that a commit does."""
    store.environment_of("like this")
    facts = store.facts(SYMBOLS)
    store.tests(
        {test for each in facts.values() for f in each for s in f.shares for test in s.tests}
    )
    store.tests(range(10))
    store.suite("cpython 3.12")
    store.keys_of({})
    store.record(measured(FACTS, TESTS, whole=True), "like this")


@pytest.mark.parametrize("attack", [*SCHEMAS, *ROWS])
def test_nothing_is_raised_and_after_one_run_all_is_well(tmp_path: Path, attack: Attack) -> None:
    store = attacked(tmp_path, attack)
    use(store)
    use(store)
    assert store.facts(SYMBOLS).keys() == set(SYMBOLS)


@pytest.mark.parametrize("attack", SCHEMAS)
def test_a_schema_that_is_not_ours_is_not_even_read(tmp_path: Path, attack: Attack) -> None:
    store = attacked(tmp_path, attack)
    assert store.facts(SYMBOLS) == {}
    assert not file_of(tmp_path).exists()


def test_a_cache_that_is_a_link_or_a_directory_is_none(tmp_path: Path) -> None:
    (tmp_path / "sloptest").mkdir()
    file_of(tmp_path).mkdir()
    use(FactStore(tmp_path))
    assert file_of(tmp_path).is_dir()


def test_a_pipe_is_no_cache(tmp_path: Path) -> None:
    (tmp_path / "sloptest").mkdir()
    os.mkfifo(file_of(tmp_path))
    use(FactStore(tmp_path))
