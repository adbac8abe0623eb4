"""A small share of ``merge_files.py``: test files that come with Python and its packages."""

import sysconfig
from pathlib import Path

from tests.packages.merge_files import fate_of

_FILES = 15
_BYTES = range(2_000, 30_000)  # a larger one takes a second


def real_files() -> list[Path]:
    """Return test files of the standard library and of installed packages, evenly spread."""
    places = {Path(sysconfig.get_path(name)) for name in ("stdlib", "purelib")}
    found = {file for place in places for file in place.rglob("test_*.py") if file.is_file()}
    fitting = sorted(file for file in found if file.stat().st_size in _BYTES)
    return fitting[:: max(1, len(fitting) // _FILES)][:_FILES]


def test_real_test_files_are_not_harmed() -> None:
    fates = [fate_of(file) for file in real_files()]
    assert [harm for fate in fates for harm in fate.harms] == []
    assert all(fate.merges or fate.refused for fate in fates)
