"""What became of mutants, kept in a file that may be anything."""

import json
import sqlite3
import zlib
from pathlib import Path

import pytest

from sloptest_hook.store.mutations import MutationStore
from sloptest_hook.store.store import FactStore

KEY = b"k" * 16
FATES = {"0 boundary/1 '<' '<='": ("killed", "tests/test_a.py::test_a")}


def test_what_is_kept_is_found_again(tmp_path: Path) -> None:
    MutationStore(tmp_path).keep_mutant_fates(KEY, FATES)
    assert MutationStore(tmp_path).mutant_fates(KEY) == FATES
    assert MutationStore(tmp_path).mutant_fates(b"other") == {}
    assert FactStore(tmp_path).size().symbol_versions == 0  # one file, and the facts' is sound


def test_where_there_is_no_file_nothing_is_known(tmp_path: Path) -> None:
    assert MutationStore(tmp_path).mutant_fates(KEY) == {}


@pytest.mark.parametrize(
    "payload",
    [
        pytest.param(b"nonsense", id="not packed"),
        pytest.param("text", id="not bytes"),
        pytest.param(zlib.compress(b"["), id="not JSON"),
        pytest.param(zlib.compress(b"[1]"), id="no mapping"),
        pytest.param(zlib.compress(json.dumps({"a": ["killed", 1]}).encode()), id="no texts"),
        pytest.param(zlib.compress(b'{"a": ["' + b"x" * (1 << 21) + b'", ""]}'), id="endless"),
        pytest.param(zlib.compress(b"[" * 100_000), id="deep"),
    ],
)
def test_a_row_that_somebody_else_wrote_is_nothing(tmp_path: Path, payload: object) -> None:
    store = MutationStore(tmp_path)
    store.keep_mutant_fates(KEY, FATES)
    with sqlite3.connect(tmp_path / "sloptest" / "cache.db") as database:
        database.execute("UPDATE mutation SET payload = ?", (payload,))
    database.close()
    assert store.mutant_fates(KEY) == {}


def test_a_broken_file_is_made_anew(tmp_path: Path) -> None:
    (tmp_path / "sloptest").mkdir()
    (tmp_path / "sloptest" / "cache.db").write_bytes(b"nonsense" * 1000)
    store = MutationStore(tmp_path)
    assert store.mutant_fates(KEY) == {}
    store.keep_mutant_fates(KEY, FATES)
    assert store.mutant_fates(KEY) == FATES
