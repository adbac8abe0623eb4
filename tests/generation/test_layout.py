"""The layout is black's: ruff has nothing to change, and the value stays the value."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sloptest_hook.generation.offline.fragments import normal_expression
from sloptest_hook.generation.offline.layout import LINE_LENGTH, laid_out, statement_lines, width

RUFF = Path(sys.executable).with_name("ruff")
WORDS = "a long text of many words that has to be broken somewhere, since no line can hold it all"

scalars = (
    st.integers()
    | st.booleans()
    | st.none()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=120)
    | st.binary(max_size=20)
)
literals = st.recursive(
    scalars,
    lambda inner: (
        st.lists(inner, max_size=5)
        | st.dictionaries(st.text(max_size=20) | st.integers(), inner, max_size=4)
        | st.tuples(inner, inner)
        | st.tuples(inner)
    ),
    max_leaves=12,
)


def reformatted(code: str) -> str:
    command = (RUFF, "format", "--isolated", "--line-length", str(LINE_LENGTH), "-")
    run = subprocess.run(command, input=code.encode(), capture_output=True, check=True)
    return run.stdout.decode()


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(literals, min_size=1, max_size=8))
def test_ruff_changes_nothing_in_literals(values: list[object]) -> None:
    sources = [normal_expression(repr(value)) for value in values]
    lines = [line for source in sources for line in laid_out("assert result == ", source, indent=4)]
    code = "\n".join(["def f(result):", *lines, ""])

    assert reformatted(code) == code


@pytest.mark.parametrize("count", [17, 18, 30, 200])
def test_ruff_changes_nothing_in_long_bytes(count: int) -> None:
    lines = laid_out("assert result == ", normal_expression(repr(bytes(count))), indent=4)
    code = "\n".join(["def f(result):", *lines, ""])

    assert reformatted(code) == code


@given(literals)
def test_a_literal_laid_out_is_the_value(value: object) -> None:
    lines = laid_out("", normal_expression(repr(value)))

    assert ast.literal_eval("\n".join(lines)) == value


@pytest.mark.parametrize(
    ("statement", "expected"),
    [
        pytest.param("x = [1, 2]", ["    x = [1, 2]"], id="short"),
        pytest.param(
            f'result = report("{"a" * 40}", key="{"b" * 40}")',
            [
                "    result = report(",
                f'        "{"a" * 40}",',
                f'        key="{"b" * 40}",',
                "    )",
            ],
            id="a long call",
        ),
        pytest.param(
            f"text = '{WORDS}'",
            [
                "    text = (",
                f'        "{WORDS[:77]}"',
                f'        "{WORDS[77:]}"',
                "    )",
            ],
            id="a long text",
        ),
        pytest.param("if x: y()", ["    if x:", "        y()"], id="a compound statement"),
        pytest.param("x = = 1", ["    x = = 1"], id="no statement"),
    ],
)
def test_a_statement_is_split_at_its_bracket(statement: str, expected: list[str]) -> None:
    assert statement_lines(statement, indent=4) == expected


@pytest.mark.parametrize(
    ("text", "columns"),
    [("abc", 3), ("日本", 4), ("e\u0301", 1)],
    ids=["ASCII", "wide", "combining"],
)
def test_width_counts_columns(text: str, columns: int) -> None:
    assert width(text) == columns
