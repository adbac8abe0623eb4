"""Understands the keys of ``.testgen.yml`` in terms of those of ``[tool.sloptest]``."""

from collections.abc import Mapping

from sloptest_hook.config import readers
from sloptest_hook.config.places import keys_of
from sloptest_hook.config.schema import SECTIONS, suggestion, with_table, with_value
from sloptest_hook.errors import ConfigError
from sloptest_hook.values.settings import Settings

_COVERAGE = "test_generation.coverage"
_GENERATION = "test_generation.generation"
TEST_RUNNER = f"{_GENERATION}.test_runner.enable"
NAMES = {
    f"{_COVERAGE}.minimum_line_coverage": "minimum-coverage",
    f"{_COVERAGE}.runner.mode": "coverage.runner-mode",
    f"{_COVERAGE}.runner.python": "python",
    f"{_COVERAGE}.runner.cwd": "coverage.cwd",
    f"{_COVERAGE}.runner.pytest_path": "coverage.pytest-path",
    f"{_COVERAGE}.pytest_args": "coverage.pytest-args",
    f"{_COVERAGE}.env.append_pythonpath": "coverage.append-pythonpath",
    f"{_GENERATION}.merge.strategy": "merge.strategy",
    f"{_GENERATION}.merge.formatter": "merge.formatter",
    f"{_GENERATION}.refine.enable": "refine.enable",
    f"{_GENERATION}.refine.retries": "refine.attempts",
    TEST_RUNNER: "",
    "exclude_dirs": "exclude",
}
_OLDER = ("test_generation", "exclude_dirs")


def with_testgen(settings: Settings, document: object, origin: str) -> Settings:
    """Return the settings changed by a parsed ``.testgen.yml``; raises ConfigError.

    The keys of ``[tool.sloptest]`` are understood at the top level too (``policy: block``), since
    the older names have no word for them.
    """
    if document is None:  # an empty file
        return settings
    if not isinstance(document, Mapping):
        raise ConfigError(f"{origin}: {readers.found(document)}; wanted a table of keys")
    for name, value in document.items():
        if name in _OLDER:
            settings = _with_branch(settings, name, value, origin)
        else:
            settings = with_table(settings, {str(name): value}, origin)
    return settings


def _with_branch(settings: Settings, path: str, value: object, origin: str) -> Settings:
    """Walk down to the keys that hold a value."""
    if path in NAMES:
        return _with_leaf(settings, path, value, f"{origin}: {path}")
    below = [name for name in NAMES if name.startswith(f"{path}.")]
    if not below:
        raise ConfigError(f"{origin}: {path} is not a key{_nearest(path)}")
    if value is None:
        return settings
    if not isinstance(value, Mapping):
        raise ConfigError(f"{origin}: {path} = {readers.found(value)}; wanted a table of keys")
    for name, each in value.items():
        settings = _with_branch(settings, f"{path}.{name}", each, origin)
    return settings


def _nearest(path: str) -> str:
    above, _, name = path.rpartition(".")
    siblings = [
        each.removeprefix(f"{above}.").partition(".")[0]
        for each in NAMES
        if each.startswith(f"{above}.")
    ]
    return suggestion(name, siblings)


def _with_leaf(settings: Settings, path: str, value: object, at: str) -> Settings:
    if path == TEST_RUNNER:
        # Whether pytest runs after writing. It always does: no test is kept that has not passed.
        return settings
    if path.endswith(".runner.python") and value in ("python", "python3"):
        # The old tool ran in the project's environment; a hook has one of its own, and its
        # `python` would be the wrong one.
        value = "auto"
    return with_value(settings, NAMES[path], value, at)


def keys_of_testgen(document: object) -> Mapping[str, str]:
    """Return the keys that a parsed file sets, by our names, each with its path in the file."""
    tree = document if isinstance(document, Mapping) else {}
    older = {ours: path for path, ours in NAMES.items() if ours and _has(tree, path)}
    own = {name: each for name, each in tree.items() if isinstance(name, str)}
    plain = keys_of({n: e for n, e in own.items() if n not in _OLDER}, frozenset(SECTIONS))
    return {**{key: key for key in plain}, **older}


def _has(tree: Mapping[object, object], path: str) -> bool:
    node: object = tree
    for part in path.split("."):
        if not isinstance(node, Mapping) or part not in node:
            return False
        node = node[part]
    return True
