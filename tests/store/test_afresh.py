from collections.abc import Mapping
from pathlib import Path, PurePosixPath

from sloptest_hook.store.afresh import AfreshStore
from sloptest_hook.store.store import FactStore
from sloptest_hook.values.facts import Measured, RecordedTest
from sloptest_hook.values.source import LineRange, Symbol, SymbolKind

SYMBOL = Symbol(PurePosixPath("a.py"), "f", SymbolKind.FUNCTION, LineRange(1, 2), "x")
FILES: Mapping[PurePosixPath, str] = {PurePosixPath("a.py"): "0" * 40}


def test_what_is_measured_anew_is_kept_and_nothing_is_answered(tmp_path: Path) -> None:
    measured = Measured("e", (RecordedTest("t::f", "p", {}, {}),), (), {})
    afresh = AfreshStore(FactStore(tmp_path))

    afresh.record(measured, "looks")

    assert FactStore(tmp_path).environment_of("looks") == "e"
    assert FactStore(tmp_path).size().tests == 1
    assert afresh.environment_of("looks") is None
    assert not (afresh.facts([SYMBOL]))
    assert not (afresh.tests([1]))
    assert not (afresh.keys_of(FILES))
    assert afresh.suite("e") == ()
