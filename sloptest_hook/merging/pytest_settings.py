"""Reads from the project's pytest configuration which files pytest collects, and where."""

import configparser
from collections.abc import Mapping
from pathlib import PurePosixPath

from sloptest_hook.merging.suite import PYTHON_FILES
from sloptest_hook.values.records import dataclass

# Where pytest looks, in its order; the first file that has the table is the only one that counts.
_TABLES = {
    "pytest.ini": "pytest",
    ".pytest.ini": "pytest",
    "pyproject.toml": "",
    "tox.ini": "pytest",
    "setup.cfg": "tool:pytest",
}
CONFIGURATION_FILES = tuple(map(PurePosixPath, _TABLES))


@dataclass(frozen=True, slots=True)
class PytestSettings:
    """What decides whether pytest finds a new test file when it is called without arguments.

    ``table`` is all that the project configures, key by key, as text.
    """

    python_files: tuple[str, ...] = PYTHON_FILES
    testpaths: tuple[PurePosixPath, ...] = ()
    table: tuple[tuple[str, str], ...] = ()

    def directory_for(self, tests_dir: PurePosixPath) -> PurePosixPath:
        """Return the directory for new test files: ``tests_dir``, if pytest looks there."""
        paths = [path for path in self.testpaths if not set("*?[") & set(str(path))]
        if not paths or any(tests_dir.is_relative_to(path) for path in paths):
            return tests_dir
        return paths[0]


def pytest_settings(files: Mapping[PurePosixPath, bytes]) -> PytestSettings:
    """Return the settings of a project; ``files`` are its ``CONFIGURATION_FILES`` that exist.

    A file that cannot be read is passed over: pytest itself will say so when it is started.
    """
    for path in CONFIGURATION_FILES:
        table = _table(path.name, files[path].decode("utf-8", "replace")) if path in files else None
        if table is not None:
            return PytestSettings(
                tuple(_words(table.get("python_files"))) or PYTHON_FILES,
                tuple(map(PurePosixPath, _words(table.get("testpaths")))),
                tuple(sorted((str(key), repr(value)) for key, value in table.items())),
            )
    return PytestSettings()


def _table(name: str, text: str) -> Mapping[str, object] | None:
    if name == "pyproject.toml":
        return _toml_table(text)
    parser = configparser.ConfigParser(interpolation=None, strict=False)
    try:
        parser.read_string(text)
    except configparser.Error:
        return None
    section = _TABLES[name]
    if parser.has_section(section):
        return dict(parser[section])
    # pytest takes an ini file of its own even when it is empty.
    return {} if name.endswith("pytest.ini") else None


def _toml_table(text: str) -> Mapping[str, object] | None:
    import tomli  # 3 ms

    try:
        tool = tomli.loads(text).get("tool", {})
    except tomli.TOMLDecodeError:
        return None
    table = tool.get("pytest") if isinstance(tool, dict) else None
    if not isinstance(table, dict):
        return None
    inner = table.get("ini_options", table)
    return inner if isinstance(inner, dict) else None


def _words(value: object) -> list[str]:
    match value:
        case str():
            return value.split()
        case list():
            return [str(each) for each in value]
        case _:
            return []
