"""Every commit pays for these imports, whatever is in it."""

import subprocess
import sys
from pathlib import Path

import pytest

# dataclasses alone imports inspect, and with it ast, dis, re and tokenize: that is the floor, and
# the reason why inspect is not among these.
HEAVY = {
    "asyncio",
    "coverage",
    "difflib",
    "git",
    "hashlib",
    "hypothesis",
    "json",
    "libcst",
    "logging",
    "pytest",
    "shlex",
    "sqlite3",
    "subprocess",
    "tempfile",
    "tomli",
    "tomllib",
    "unittest",
    "yaml",
}
LIGHT = [
    "sloptest_hook.config.files",
    "sloptest_hook.coverage.verdict",
    "sloptest_hook.planning",
    "sloptest_hook.report.console",
    "sloptest_hook.pipeline.recall",
    "sloptest_hook.store.store",
    "sloptest_hook.symbols.changed",
    "sloptest_hook.symbols.closures",
    "sloptest_hook.symbols.extract",
    "sloptest_hook.symbols.importers",
    "sloptest_hook.symbols.imports",
    "sloptest_hook.symbols.modules",
]


def imported_by(statement: str) -> set[str]:
    # -I -S: without the environment's own start-up files, which import what they like.
    code = f"import sys; sys.path[:] = {sys.path!r}; {statement}; print(*sys.modules)"
    done = subprocess.run(
        (sys.executable, "-I", "-S", "-c", code), capture_output=True, text=True, check=True
    )
    return set(done.stdout.split())


@pytest.mark.parametrize("module", LIGHT)
def test_importing_a_light_room_imports_nothing_heavy(module: str) -> None:
    assert imported_by(f"import {module}") & HEAVY == set()


def test_settings_of_a_repository_without_a_table_are_read_without_a_parser(
    tmp_path: Path,
) -> None:
    code = (
        "import pathlib, sloptest_hook.config.files as f; "
        f"f.load_settings(pathlib.Path({str(tmp_path)!r}), {{}})"
    )

    assert imported_by(code) & HEAVY == set()


def test_a_cache_that_does_not_exist_is_asked_without_sqlite(
    tmp_path: Path,
) -> None:
    code = (
        "import pathlib, sloptest_hook.store.store as s; "
        f"s.FactStore(pathlib.Path({str(tmp_path)!r})).environment_of('any')"
    )

    assert imported_by(code) & HEAVY == set()
