"""One table tells what every key means: whoever writes, reads or checks settings agrees with it."""

import json
from pathlib import Path

import pytest
import tomli
import yaml

from sloptest_hook.config.json_schema import json_schema
from sloptest_hook.config.pre_commit_text import ENTRY, with_entry
from sloptest_hook.config.reference import MEANINGS
from sloptest_hook.config.schema import KEYS, with_table
from sloptest_hook.config.testgen import with_testgen
from sloptest_hook.config.toml_text import table_text, toml_value
from sloptest_hook.config.yaml_text import yaml_text
from sloptest_hook.values.settings import Settings
from tests.schema_check import faults

PUBLISHED = Path(__file__).parents[2] / "sloptest_hook" / "config" / "settings.schema.json"


def test_every_key_has_a_meaning_and_no_other_has() -> None:
    assert sorted(MEANINGS) == sorted(KEYS)


def test_the_table_reads_back_as_the_defaults() -> None:
    table = tomli.loads(table_text())["tool"]["sloptest"]

    assert with_table(Settings(), table, "x") == Settings()
    assert faults(table, json_schema()) == []


def test_the_older_file_reads_back_as_the_defaults() -> None:
    assert with_testgen(Settings(), yaml.safe_load(yaml_text()), "x") == Settings()


@pytest.mark.parametrize("text", [table_text(), yaml_text()], ids=["toml", "yaml"])
def test_every_key_and_its_meaning_is_in_the_text(text: str) -> None:
    assert [each for each in MEANINGS.values() if f"# {each}\n" not in text] == []


def test_a_line_that_is_commented_out_is_one_that_is_understood() -> None:
    lines = [
        line[2:] if line.startswith("# ") and " = " in line else line
        for line in table_text().splitlines()
    ]
    table = tomli.loads("\n".join(line for line in lines if not line.startswith("#")))
    llm = table["tool"]["sloptest"]["llm"]

    assert with_table(Settings(), {"llm": llm}, "x").llm.model == "name"


def test_the_published_schema_is_made_of_the_same_rules() -> None:
    assert json.loads(PUBLISHED.read_text()) == json_schema(), (
        "sloptest init-config --format json-schema > sloptest_hook/config/settings.schema.json"
    )


@pytest.mark.parametrize(
    "table",
    [
        {"policy": "stop"},
        {"polcy": "warn"},
        {"stage": "yes"},
        {"time-budget": 0},
        {"minimum-coverage": 101},
        {"include": "src"},
        {"merge": {"strategy": "ast"}},
        {"llm": {"max-concurrency": 0}},
        {"coverage": {"env": {"A": 1}}},
    ],
)
def test_what_the_hook_refuses_the_schema_refuses(table: dict[str, object]) -> None:
    assert faults(table, json_schema()) != []


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (True, "true"),
        (30.0, "30"),
        (0.5, "0.5"),
        (3, "3"),
        ('a "b" \\ é', '"a \\"b\\" \\\\ é"'),
        (["a", "b"], '["a", "b"]'),
        ({"A B": "1"}, '{ "A B" = "1" }'),
        ({}, "{}"),
    ],
)
def test_values_are_written_as_toml_reads_them(value: object, text: str) -> None:
    assert toml_value(value) == text
    assert tomli.loads(f"x = {text}")["x"] == value


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("", f"repos:\n{ENTRY}"),
        ("repos: []\n", None),
        (
            "repos:\n- repo: local\n  hooks: []\n",
            f"repos:\n- repo: local\n  hooks: []\n{ENTRY}",
        ),
        ("repos:\n- repo: local\n  hooks: []\nfail_fast: true\n", None),
        (f"repos:\n{ENTRY}", None),
        ("repos: 3\n", None),
        ("repos: [\n", None),
    ],
    ids=["no file", "flow", "block", "not last", "there already", "no list", "broken"],
)
def test_the_hook_is_added_where_that_is_what_it_means(before: str, after: str | None) -> None:
    assert with_entry(before) == after


def test_the_entry_is_set_in_as_its_neighbours_are() -> None:
    before = "# mine\r\nrepos:\r\n  - repo: local\r\n    hooks: []"

    made = with_entry(before)

    assert made is not None
    assert made.startswith(before)
    assert yaml.safe_load(made)["repos"][1] == yaml.safe_load(ENTRY)[0]
    assert "\r\n  - repo: local\r\n    hooks:\r\n    - id: sloptest\r\n" in made
