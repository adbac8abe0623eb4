from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

import pytest

from sloptest_hook.config.approval import (
    GUARDED,
    Demand,
    Doubt,
    Stranger,
    demands,
    is_own_endpoint,
    without,
)
from sloptest_hook.config.files import load_settings
from sloptest_hook.config.schema import KEYS
from sloptest_hook.values.settings import Policy, RunnerMode, RunnerSettings, Settings


@dataclass(frozen=True)
class Clone:
    """A clone that has `.venv` and `src` of its own, and has approved some keys."""

    approved: frozenset[str] = frozenset()

    def doubt_on_interpreter(self, name: str) -> Doubt | None:
        return None if name == ".venv" else Doubt("is not ours", "content")

    def doubt_on_directory(self, path: PurePosixPath) -> Doubt | None:
        return None if path == PurePosixPath("src") else Doubt("is elsewhere")

    def holds(self, demand: Demand) -> bool:
        return demand.key in self.approved


SRC, LINK = PurePosixPath("src"), PurePosixPath("link")


@pytest.mark.parametrize(
    ("settings", "keys"),
    [
        pytest.param(Settings(), [], id="defaults"),
        pytest.param(Settings(policy=Policy.BLOCK, time_budget=3), [], id="what runs nothing"),
        pytest.param(Settings(python=".venv"), [], id="an environment of the clone"),
        pytest.param(Settings(python="/usr/bin/python3"), ["python"], id="an interpreter"),
        pytest.param(
            Settings(runner=RunnerSettings(env=(("A", "1"),))), ["coverage.env"], id="variables"
        ),
        pytest.param(
            Settings(runner=RunnerSettings(append_pythonpath=(SRC,))), [], id="a directory of it"
        ),
        pytest.param(
            Settings(runner=RunnerSettings(append_pythonpath=(SRC, LINK))),
            ["coverage.append-pythonpath"],
            id="a directory elsewhere",
        ),
        pytest.param(
            Settings(runner=RunnerSettings(pytest_args=("-q",))), [], id="arguments of pytest"
        ),
        pytest.param(
            Settings(
                runner=RunnerSettings(mode=RunnerMode.PYTEST_PATH, pytest_path="tools/pytest")
            ),
            ["coverage.pytest-path", "coverage.runner-mode"],
            id="another pytest",
        ),
    ],
)
def test_what_runs_elsewhere_is_demanded(settings: Settings, keys: list[str]) -> None:
    assert [each.key for each in demands(settings, Clone())] == keys


# What the keys will be asked that this version does not honour yet.
@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("llm.base-url", "https://evil.example"),
        ("llm.base-url", "https://api.anthropic.com.evil.example"),
        ("llm.base-url", "http://localhost:8080"),
        ("coverage.cwd", "sub"),
    ],
)
def test_keys_to_come_have_their_rule(key: str, value: str) -> None:
    assert GUARDED[key](value, Settings(), Clone())


@pytest.mark.parametrize("value", ["https://api.anthropic.com", "https://api.anthropic.com/"])
def test_the_providers_own_endpoint_needs_no_approval(value: str) -> None:
    assert is_own_endpoint("anthropic", value)
    assert not is_own_endpoint("openai", value)
    assert not is_own_endpoint("azure", value)


def test_only_keys_that_exist_are_guarded() -> None:
    assert set(GUARDED) <= set(KEYS)


def test_whoever_knows_nothing_of_the_clone_lets_nothing_in() -> None:
    asked = Settings(python=".venv", runner=RunnerSettings(append_pythonpath=(SRC,)))
    assert [each.key for each in demands(asked, Stranger())] == [
        "python",
        "coverage.append-pythonpath",
    ]
    assert not any(map(Stranger().holds, demands(asked, Stranger())))


def test_what_is_refused_gets_its_default_and_the_rest_stays() -> None:
    asked = Settings(python="x", policy=Policy.BLOCK, runner=RunnerSettings(("-q",), (("A", "1"),)))
    left = without(asked, demands(asked, Clone()))
    assert left == Settings(policy=Policy.BLOCK, runner=RunnerSettings(("-q",)))


def _digest(change: Callable[[Demand], Demand]) -> str:
    return change(Demand("python", "a", Doubt("why", "content"))).digest


def test_an_approval_is_of_key_value_and_content_and_not_of_words() -> None:
    same = _digest(lambda each: each)
    assert _digest(lambda _: Demand("python", "a", Doubt("other words", "content"))) == same
    assert _digest(lambda _: Demand("python", "b", Doubt("why", "content"))) != same
    assert _digest(lambda _: Demand("coverage.env", "a", Doubt("why", "content"))) != same
    assert _digest(lambda _: Demand("python", "a", Doubt("why", "changed"))) != same


TABLE = '[tool.sloptest]\npython = "/opt/python"\npolicy = "block"\n'


def test_what_is_not_approved_is_left_out_and_one_line_names_it(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text(TABLE)
    loaded = load_settings(tmp_path, {}, Clone())

    assert loaded.settings == Settings(policy=Policy.BLOCK)
    (note,) = loaded.notes
    assert '`python = "/opt/python"` of pyproject.toml is not ours' in note
    assert note.endswith("run `sloptest trust`")
    assert "\n" not in note


def test_what_is_approved_is_in_force(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text(TABLE)
    loaded = load_settings(tmp_path, {}, Clone(frozenset({"python"})))
    assert (loaded.settings.python, loaded.notes) == ("/opt/python", ())


def test_the_users_environment_needs_no_approval(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text('[tool.sloptest]\npolicy = "block"\n')
    environ = {"SLOPTEST_PYTHON": "/opt/python", "SLOPTEST_COVERAGE_ENV": "A=1"}
    loaded = load_settings(tmp_path, environ, Clone())

    assert (loaded.settings.python, loaded.settings.runner.env) == ("/opt/python", (("A", "1"),))
    assert loaded.notes == ()


def test_the_other_file_is_held_to_the_same(tmp_path: Path) -> None:
    text = "test_generation:\n  coverage:\n    runner:\n      python: /opt/python\n"
    (tmp_path / ".testgen.yml").write_text(text)
    loaded = load_settings(tmp_path, {}, Clone())
    assert loaded.settings.python == "auto"
    assert '`python = "/opt/python"` of .testgen.yml' in loaded.notes[0]
