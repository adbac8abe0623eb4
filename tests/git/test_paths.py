from pathlib import Path, PurePosixPath

import pytest

from sloptest_hook.git.paths import obstacle


@pytest.fixture
def top(tmp_path: Path) -> Path:
    (tmp_path / "tests").mkdir()
    (tmp_path / "tests/test_größe.py").write_bytes(b"")
    return tmp_path


@pytest.mark.parametrize(
    "path",
    ["tests/test_größe.py", "tests/test_new.py", "tests/a/b/test_new.py", "other/test_größe.py"],
)
def test_a_file_of_that_name_or_of_none_like_it_may_be_written(top: Path, path: str) -> None:
    assert obstacle(top, PurePosixPath(path)) is None


@pytest.mark.parametrize(
    ("path", "twin"),
    [
        ("tests/TEST_größe.py", "tests/test_größe.py"),
        ("tests/test_gro\u0308ße.py", "tests/test_größe.py"),
        ("tests/test_grösse.py", "tests/test_größe.py"),
        ("Tests/test_new.py", "tests"),
    ],
    ids=["letters", "composition", "folding", "directory"],
)
def test_what_another_disk_takes_for_the_same_file_is_an_obstacle(
    top: Path, path: str, twin: str
) -> None:
    said = f"differs from {twin} only in the spelling of its letters"
    assert obstacle(top, PurePosixPath(path)) == said
