from collections.abc import Mapping
from pathlib import PurePosixPath

import pytest

from sloptest_hook.config.schema import KEYS, with_environment, with_table
from sloptest_hook.errors import ConfigError
from sloptest_hook.values.settings import (
    Effort,
    EngineName,
    Fallback,
    Formatter,
    LlmSettings,
    MergeSettings,
    MergeStrategy,
    OnSecret,
    Policy,
    Price,
    RefineSettings,
    RunnerSettings,
    SandboxLevel,
    SandboxSettings,
    Settings,
    Thinking,
)

Table = Mapping[str, object]

UNDERSTOOD: dict[str, tuple[Table, Settings]] = {
    "nothing": ({}, Settings()),
    "policy": ({"policy": "block"}, Settings(policy=Policy.BLOCK)),
    "on-error": ({"on-error": "block"}, Settings(on_error=Policy.BLOCK)),
    "booleans": ({"stage": False, "review": True}, Settings(stage=False, review=True)),
    "engine": ({"engine": "offline"}, Settings()),
    "whole number": ({"time-budget": 10}, Settings(time_budget=10.0)),
    "fraction": ({"minimum-coverage": 92.5}, Settings(minimum_coverage=92.5)),
    "tests-dir": ({"tests-dir": "spec/unit/"}, Settings(tests_dir=PurePosixPath("spec/unit"))),
    "globs": ({"include": ["src"], "exclude": []}, Settings(include=("src",))),
    "python": ({"python": ".venv/bin/python"}, Settings(python=".venv/bin/python")),
    "merge": (
        {"merge": {"strategy": "append", "formatter": "ruff"}},
        Settings(merge=MergeSettings(MergeStrategy.APPEND, Formatter.RUFF)),
    ),
    "coverage": (
        {
            "coverage": {
                "pytest-args": ["-x", "--tb=short"],
                "env": {"B": "2", "A": ""},
                "append-pythonpath": ["src", "."],
            }
        },
        Settings(
            runner=RunnerSettings(
                ("-x", "--tb=short"),
                (("A", ""), ("B", "2")),
                (PurePosixPath("src"), PurePosixPath()),
            )
        ),
    ),
    "engine of a provider": ({"engine": "bedrock"}, Settings(engine=EngineName.BEDROCK)),
    "llm": (
        {
            "llm": {
                "model": "m",
                "base-url": "http://127.0.0.1:8080/v1",
                "api-version": "2024-10-21",
                "effort": "high",
                "thinking": "off",
                "max-concurrency": 2,
                "batch-size": 5,
                "max-cost-usd": 0.1,
                "max-cost-usd-per-day": 3,
                "fallback": "none",
                "on-secret": "refuse",
                "only-for-hard": True,
                "streaming": True,
                "price": {"input": 1, "output": 5, "cache-read": 0.1},
            }
        },
        Settings(
            llm=LlmSettings(
                model="m",
                base_url="http://127.0.0.1:8080/v1",
                api_version="2024-10-21",
                effort=Effort.HIGH,
                thinking=Thinking.OFF,
                max_concurrency=2,
                batch_size=5,
                max_cost_usd=0.1,
                max_cost_usd_per_day=3.0,
                fallback=Fallback.NONE,
                on_secret=OnSecret.REFUSE,
                only_for_hard=True,
                price=Price(1.0, 5.0, 0.1, 1.0),
                streaming=True,
            )
        ),
    ),
    "sandbox": (
        {"sandbox": {"level": "off", "allow-subprocess": True}},
        Settings(sandbox=SandboxSettings(SandboxLevel.OFF, allow_subprocess=True)),
    ),
    "refining": (
        {"refine": {"enable": False, "attempts": 2}, "on-suspected-bug": "block"},
        Settings(refine=RefineSettings(enable=False, attempts=2), on_suspected_bug=Policy.BLOCK),
    ),
    "what is the case anyway": (
        {
            "sandbox": {"level": "auto"},
            "coverage": {"runner-mode": "python-module", "cwd": "."},
        },
        Settings(),
    ),
}

REFUSED: dict[str, tuple[Table, str]] = {
    "unknown key": ({"polcy": "warn"}, "here: polcy is not a key; did you mean 'policy'?"),
    "underscore": (
        {"time_budget": 3},
        "here: time_budget is not a key; did you mean 'time-budget'?",
    ),
    "nothing near": ({"xyzzy": 3}, "here: xyzzy is not a key"),
    "misspelt section": ({"mrege": {}}, "here: mrege is not a key; did you mean 'merge'?"),
    "unknown key of a section": (
        {"merge": {"stratgy": "append"}},
        "here: merge.stratgy is not a key; did you mean 'merge.strategy'?",
    ),
    "dotted key at the top": (
        {"merge.strateg": "append"},
        "here: merge.strateg is not a key; did you mean 'merge.strategy'?",
    ),
    "section that is no table": (
        {"merge": "append"},
        "here: merge = 'append', which is text; wanted a table of keys",
    ),
    "wrong word": (
        {"policy": "deny"},
        "here: policy = 'deny', which is text; wanted 'warn' or 'block'",
    ),
    "list for a word": (
        {"policy": ["warn"]},
        "here: policy = ['warn'], which is a list; wanted 'warn' or 'block'",
    ),
    "text for a boolean": (
        {"stage": "yes"},
        "here: stage = 'yes', which is text; wanted true or false",
    ),
    "text for a number": (
        {"time-budget": "30"},
        "here: time-budget = '30', which is text; wanted a number of seconds above 0",
    ),
    "boolean for a number": (
        {"time-budget": True},
        "here: time-budget = True, which is a boolean; wanted a number of seconds above 0",
    ),
    "no time": (
        {"time-budget": 0},
        "here: time-budget = 0, which is a number; wanted a number of seconds above 0",
    ),
    "endless time": (
        {"time-budget": float("inf")},
        "here: time-budget = inf, which is a number; wanted a number of seconds above 0",
    ),
    "more than all": (
        {"minimum-coverage": 101},
        "here: minimum-coverage = 101, which is a number; wanted a number from 0 to 100",
    ),
    "text for a list": (
        {"exclude": "gen"},
        "here: exclude = 'gen', which is text; wanted a list of texts",
    ),
    "list of numbers": (
        {"exclude": [1]},
        "here: exclude = [1], which is a list; wanted a list of texts",
    ),
    "empty text": ({"python": " "}, "here: python = ' ', which is text; wanted text"),
    "environment of numbers": (
        {"coverage": {"env": {"A": 1}}},
        (
            "here: coverage.env = {'A': 1}, which is a table; "
            "wanted a table of environment variables, each a text"
        ),
    ),
    "no engine at all": (
        {"engine": "magic"},
        (
            "here: engine = 'magic', which is text; wanted 'offline' or "
            "'anthropic' or 'openai' or 'azure' or 'bedrock'"
        ),
    ),
    "no attempt at all": (
        {"refine": {"attempts": 0}},
        "here: refine.attempts = 0, which is a number; wanted a whole number from 1 to 64",
    ),
    "no provider at once": (
        {"llm": {"max-concurrency": 0}},
        "here: llm.max-concurrency = 0, which is a number; wanted a whole number from 1 to 64",
    ),
    "half a symbol": (
        {"llm": {"batch-size": 1.5}},
        "here: llm.batch-size = 1.5, which is a number; wanted a whole number from 1 to 64",
    ),
    "debts": (
        {"llm": {"max-cost-usd": -1}},
        "here: llm.max-cost-usd = -1, which is a number; wanted a number of dollars, 0 or more",
    ),
    "plain http to a stranger": (
        {"llm": {"base-url": "http://example.com/v1"}},
        (
            "here: llm.base-url = 'http://example.com/v1', which is text; wanted an address "
            "such as https://host/v1: this one is plain http to another machine, where anybody on "
            "the way can read code and key"
        ),
    ),
    "half a price": (
        {"llm": {"price": {"input": 1}}},
        (
            "here: llm.price = {'input': 1}, which is a table; wanted a table of input, output and "
            "perhaps cache-read, cache-write"
        ),
    ),
    "price of something else": (
        {"llm": {"price": {"input": 1, "output": 2, "inptu": 3}}},
        (
            "here: llm.price = {'inptu': 3, 'input': 1, 'output': 2}, which is a table; wanted a "
            "table of input, output and perhaps cache-read, cache-write"
        ),
    ),
    "sandbox": (
        {"sandbox": {"level": "strong"}},
        "here: sandbox.level = 'strong', which is text; wanted 'auto' or 'required' or 'off'",
    ),
    "another directory to run in": (
        {"coverage": {"cwd": "backend"}},
        "here: coverage.cwd = 'backend' is not available in this version; use '.', the repository",
    ),
}


@pytest.mark.parametrize(("table", "settings"), UNDERSTOOD.values(), ids=UNDERSTOOD)
def test_a_table_becomes_settings(table: Table, settings: Settings) -> None:
    assert with_table(Settings(), table, "here") == settings


@pytest.mark.parametrize(("table", "message"), REFUSED.values(), ids=REFUSED)
def test_a_wrong_table_is_refused_with_key_value_and_advice(table: Table, message: str) -> None:
    with pytest.raises(ConfigError) as error:
        with_table(Settings(), table, "here")

    assert str(error.value) == message


@pytest.mark.parametrize(
    "path",
    [
        "/tests",
        "../tests",
        "a/../../tests",
        ".",
        "",
        "./",
        "~/tests",
        "C:/tests",
        "a\\b",
        ".git/t",
        1,
    ],
    ids=repr,
)
def test_the_tests_must_be_inside_the_repository(path: object) -> None:
    with pytest.raises(ConfigError, match="wanted a directory below the repository"):
        with_table(Settings(), {"tests-dir": path}, "here")


@pytest.mark.parametrize("paths", ["src", ["/src"], [".."], [1]], ids=repr)
def test_import_paths_must_be_inside_the_repository(paths: object) -> None:
    with pytest.raises(ConfigError, match="wanted a list of directories in the repository"):
        with_table(Settings(), {"coverage": {"append-pythonpath": paths}}, "here")


def test_one_table_changes_another() -> None:
    first = with_table(Settings(), {"merge": {"strategy": "append"}, "review": True}, "a")
    both = with_table(first, {"merge": {"formatter": "none"}, "review": False}, "b")

    assert both == Settings(merge=MergeSettings(MergeStrategy.APPEND, Formatter.NONE))


ENVIRONMENT = {
    "price": (
        "SLOPTEST_LLM_PRICE",
        "input=1 output=5",
        Settings(llm=LlmSettings(price=Price(1.0, 5.0, 1.0, 1.0))),
    ),
    "count": ("SLOPTEST_LLM_BATCH_SIZE", "2", Settings(llm=LlmSettings(batch_size=2))),
    "number": ("SLOPTEST_TIME_BUDGET", "10", Settings(time_budget=10.0)),
    "word": ("SLOPTEST_POLICY", "block", Settings(policy=Policy.BLOCK)),
    "true": ("SLOPTEST_REVIEW", "1", Settings(review=True)),
    "false": ("SLOPTEST_STAGE", "No", Settings(stage=False)),
    "section": (
        "SLOPTEST_MERGE_STRATEGY",
        "append",
        Settings(merge=MergeSettings(MergeStrategy.APPEND)),
    ),
    "list": ("SLOPTEST_EXCLUDE", "gen 'a b'", Settings(exclude=("gen", "a b"))),
    "list with a quote never closed": ("SLOPTEST_EXCLUDE", "it's", Settings(exclude=("it's",))),
    "variables": (
        "SLOPTEST_COVERAGE_ENV",
        "A=1 B='x=y z'",
        Settings(runner=RunnerSettings(env=(("A", "1"), ("B", "x=y z")))),
    ),
    "empty": ("SLOPTEST_POLICY", "", Settings()),
    "not ours": ("OTHER_POLICY", "block", Settings()),
    "refining": (
        "SLOPTEST_REFINE_ENABLE",
        "false",
        Settings(refine=RefineSettings(enable=False)),
    ),
}


@pytest.mark.parametrize(("name", "value", "settings"), ENVIRONMENT.values(), ids=ENVIRONMENT)
def test_the_environment_overrides(name: str, value: str, settings: Settings) -> None:
    assert with_environment(Settings(), {name: value}) == (settings, ())


@pytest.mark.parametrize(
    ("name", "value", "message"),
    [
        ("SLOPTEST_POLICY", "deny", "wanted 'warn' or 'block'"),
        ("SLOPTEST_TIME_BUDGET", "soon", "wanted a number of seconds above 0"),
        ("SLOPTEST_STAGE", "perhaps", "wanted true or false"),
        ("SLOPTEST_TESTS_DIR", "../x", "wanted a directory below the repository"),
        ("SLOPTEST_ENGINE", "magic", "wanted 'offline' or 'anthropic'"),
        ("SLOPTEST_SANDBOX_LEVEL", "off", "only the repository's configuration may say that"),
        ("SLOPTEST_SANDBOX_ALLOW_SUBPROCESS", "1", "only the repository's configuration may"),
    ],
    ids=str,
)
def test_a_wrong_variable_is_refused_by_name(name: str, value: str, message: str) -> None:
    with pytest.raises(ConfigError, match=message) as error:
        with_environment(Settings(), {name: value})

    assert f"environment: {name} = '{value}'" in str(error.value)


def test_an_unknown_variable_is_a_note() -> None:
    settings, notes = with_environment(Settings(), {"SLOPTEST_TIME_BUGDET": "3"})

    assert settings == Settings()
    assert notes == ("SLOPTEST_TIME_BUGDET is not a setting; did you mean 'SLOPTEST_TIME_BUDGET'?",)


def test_every_field_of_the_settings_has_a_key() -> None:
    top = {key.field.partition(".")[0] for key in KEYS.values() if key.field}

    assert top == set(Settings.__slots__)
