"""Edge: finds and reads the files that hold the configuration."""

import os
from collections.abc import Mapping
from pathlib import Path

from sloptest_hook.config.schema import SECTIONS, with_environment, with_table
from sloptest_hook.errors import ConfigError
from sloptest_hook.values.records import dataclass
from sloptest_hook.values.settings import RunnerMode, Settings

TYPE_CHECKING = False  # typing itself costs 5 ms, which every commit would pay
if TYPE_CHECKING:
    from yaml import MarkedYAMLError, YAMLError

    from sloptest_hook.config.approval import Warrant

_LARGEST = 4 * 1024 * 1024  # bytes
_LARGEST_TESTGEN = 64 * 1024  # YAML is read a hundred times slower
PYPROJECT = "pyproject.toml"
TESTGEN = ".testgen.yml"


@dataclass(frozen=True, slots=True)
class LoadedSettings:
    """The settings in force, and what is worth saying about where they come from."""

    settings: Settings
    notes: tuple[str, ...] = ()


def load_settings(
    root: Path, environment: Mapping[str, str], warrant: "Warrant | None" = None
) -> LoadedSettings:
    """Read the configuration of the repository at ``root``; the environment overrides files.

    ``[tool.sloptest]`` of pyproject.toml wins over ``.testgen.yml``, and a note says so. What a
    file demands and ``warrant`` does not hold is left out, and a note says so; see ``approval``.
    Without a warrant nothing is approved. Raises ConfigError for a file that cannot be read and for
    every key or value that is not understood.
    """
    found = read_files(root)
    settings, refused = _approved(found, warrant)
    settings, unknown = with_environment(settings, environment)
    if settings.runner.pytest_path or settings.runner.mode is RunnerMode.PYTEST_PATH:
        from sloptest_hook.config.pytest_path import with_pytest_path

        settings = with_pytest_path(settings, root)
    return LoadedSettings(settings, found.notes + refused + unknown)


@dataclass(frozen=True, slots=True)
class FileSettings:
    """What the files of the repository say, approved or not; ``origin`` is the file that counts."""

    settings: Settings
    origin: str = ""
    notes: tuple[str, ...] = ()


def read_files(root: Path) -> FileSettings:
    """Return the settings of the repository's files alone; raises ConfigError."""
    table = _pyproject_table(root / PYPROJECT)
    testgen = root / TESTGEN
    if table is None:
        return FileSettings(_from_testgen(testgen), TESTGEN) if testgen.exists() else _NOTHING
    notes: tuple[str, ...] = ()
    if testgen.exists():
        notes = (f"{TESTGEN} is ignored: {PYPROJECT} has a [tool.sloptest] table, which wins",)
    origin = f"{PYPROJECT}, [tool.sloptest]"
    try:
        settings = with_table(Settings(), table, origin)
    except ConfigError as error:
        from sloptest_hook.config.places import toml_line  # on the way to a message

        line = toml_line(_again(root / PYPROJECT), _key_of(error, origin))
        said = str(error).removeprefix(origin)
        raise ConfigError(f"{PYPROJECT}, line {line}, [tool.sloptest]{said}") from None
    return FileSettings(settings, PYPROJECT, notes)


_NOTHING = FileSettings(Settings())


def key_places(root: Path) -> Mapping[str, str]:
    """Return where the file that counts sets each key: ``pyproject.toml:12``; raises ConfigError.

    Keys are those of ``[tool.sloptest]``, whichever file it is.
    """
    from sloptest_hook.config.places import keys_of, toml_line, yaml_line

    table = _pyproject_table(root / PYPROJECT)
    if table is not None:
        text = _again(root / PYPROJECT)
        return {
            key: f"{PYPROJECT}:{toml_line(text, key)}"
            for key in keys_of(table, frozenset(SECTIONS))
        }
    if not (root / TESTGEN).exists():
        return {}
    from sloptest_hook.config.testgen import keys_of_testgen

    text = _again(root / TESTGEN)
    document = _yaml(text.encode(), TESTGEN)
    return {
        ours: f"{TESTGEN}:{yaml_line(text, path)}"
        for ours, path in keys_of_testgen(document).items()
    }


def _again(path: Path) -> str:
    """Return the text of a file that was read a moment ago."""
    return _text(_bytes(path) or b"", path.name)


def _key_of(error: ConfigError, origin: str) -> str:
    """Return the key that a message of ``schema`` begins with."""
    said = str(error).removeprefix(f"{origin}: ")
    return said.partition(" = ")[0].partition(" is not a key")[0]


def _approved(found: FileSettings, warrant: "Warrant | None") -> tuple[Settings, tuple[str, ...]]:
    """Return what may be in force, and a line for each setting that may not."""
    if found.settings == _NOTHING.settings:
        return found.settings, ()
    from sloptest_hook.config import approval  # 2 ms, where a file sets anything

    warrant = warrant or approval.Stranger()
    asked = approval.demands(found.settings, warrant)
    refused = [demand for demand in asked if not warrant.holds(demand)]
    lines = tuple(approval.refusal(demand, found.origin) for demand in refused)
    return approval.without(found.settings, refused), lines


def _pyproject_table(path: Path) -> Mapping[str, object] | None:
    """Return the table, None when there is none.

    Parsing costs 3 ms with the import of the parser, the search for the name nothing: most
    repositories have no table.
    """
    data = _bytes(path)
    if data is None or b"sloptest" not in data:
        return None
    tool = parsed_toml(data, path.name).get("tool", {})
    table = tool.get("sloptest") if isinstance(tool, dict) else None
    if table is not None and not isinstance(table, dict):
        raise ConfigError(f"{path.name}: tool.sloptest = {table!r}; wanted a table of keys")
    return table


def _bytes(path: Path, most: int = _LARGEST) -> bytes | None:
    try:
        # Without waiting: nobody may ever write to a pipe of that name.
        with os.fdopen(os.open(path, os.O_RDONLY | os.O_NONBLOCK), "rb") as file:
            data = file.read(most + 1) or b""
    except (FileNotFoundError, NotADirectoryError):
        return None
    except OSError as error:
        raise ConfigError(f"{path.name} cannot be read: {error.strerror}") from error
    if len(data) > most:
        raise ConfigError(f"{path.name} is larger than {most // 1024} KB")
    return data


def parsed_toml(data: bytes, name: str) -> dict[str, object]:
    """Return what a TOML file says; ``name`` is what a ConfigError calls it."""
    try:
        import tomli  # its compiled wheel parses several times faster than tomllib
    except ImportError:
        import tomllib as tomli  # type: ignore[no-redef]  # the same parser, not compiled

    try:
        return tomli.loads(_text(data, name))
    except RecursionError as error:
        raise ConfigError(f"{name} is not valid TOML: it is nested too deeply") from error
    except ValueError as error:  # and a number of thousands of digits
        raise ConfigError(f"{name} is not valid TOML: {error}") from error


def _text(data: bytes, name: str) -> str:
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise ConfigError(f"{name}, line {line}: not UTF-8; save it as UTF-8") from error


def _from_testgen(path: Path) -> Settings:
    from sloptest_hook.config.testgen import with_testgen

    data = _bytes(path, _LARGEST_TESTGEN)
    if data is None:
        return Settings()
    document = _yaml(data, path.name)
    try:
        return with_testgen(Settings(), document, path.name)
    except ConfigError as error:
        from sloptest_hook.config.places import yaml_line  # on the way to a message

        line = yaml_line(_text(data, path.name), _key_of(error, path.name))
        said = str(error).removeprefix(path.name)
        raise ConfigError(f"{path.name}, line {line}{said}") from None


def _yaml(data: bytes, name: str) -> object:
    import yaml  # 20 ms, only where the file exists

    try:
        return yaml.safe_load(_text(data, name))
    except yaml.YAMLError as error:
        raise ConfigError(f"{name} is not valid YAML: {_yaml_message(error)}") from error
    except RecursionError as error:
        raise ConfigError(f"{name} is not valid YAML: it is nested too deeply") from error
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        # Where a tag promises a number or a date, the parser lets out what Python says of it.
        raise ConfigError(f"{name} is not valid YAML: a value is not what it says") from error


def _yaml_message(error: "YAMLError | MarkedYAMLError") -> str:
    mark = getattr(error, "problem_mark", None)
    problem = getattr(error, "problem", None) or str(error)
    return f"{problem} (at line {mark.line + 1}, column {mark.column + 1})" if mark else problem
