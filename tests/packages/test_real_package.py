"""One real package from the index: its module is committed, and the tests it gets are good."""

from pathlib import Path

import pytest

from tests.packages.commit_package import commit_package


@pytest.mark.slow
def test_a_module_of_a_real_package_gets_tests_that_pass_in_a_clone(tmp_path: Path) -> None:
    figures = commit_package(
        "inflection==0.5.1", "inflection/__init__.py", tmp_path, keep_tests=False
    )

    assert figures["files"] == ["inflection/__init__.py", "tests/test_inflection.py"]
    assert figures["covered_before"] == 0
    assert float(str(figures["covered_after"])) >= 0.75 * float(str(figures["lines"]))
    assert "passed" in str(figures["clone"])
    assert "failed" not in str(figures["clone"])
