from typing import Any

import pytest

from sloptest_hook.report.paint import painted, wants_color


@pytest.mark.parametrize(
    ("line", "colored"),
    [
        ("uncovered  a.py:1 f: why", "\x1b[31muncovered\x1b[0m  a.py:1 f: why"),
        (
            "covered (estimated, not measured)  a",
            "\x1b[2mcovered\x1b[0m (estimated, not measured)  a",
        ),
        ("generated  a.py:1 uncovered: x", "\x1b[32mgenerated\x1b[0m  a.py:1 uncovered: x"),
        ("sloptest: problem: no pytest", "sloptest: \x1b[31mproblem:\x1b[0m no pytest"),
        ("  deferred  a.py f: why", "  \x1b[33mdeferred\x1b[0m  a.py f: why"),
        ("sloptest: 1 uncovered; the commit goes on", None),
        ("coveredness  x", None),
        ("", None),
    ],
)
def test_only_the_first_word_is_colored(line: str, colored: str | None) -> None:
    assert painted(f"{line}\n{line}") == f"{colored or line}\n{colored or line}"


@pytest.mark.parametrize(
    ("asked", "wanted"),
    [
        ({}, True),
        ({"no_color": "1"}, False),
        ({"term": "dumb"}, False),
        ({"is_terminal": False}, False),
        ({"choice": True, "is_terminal": False, "no_color": "1"}, True),
        ({"choice": False}, False),
    ],
    ids=["terminal", "NO_COLOR", "dumb", "pipe", "--color", "--no-color"],
)
def test_color_is_for_who_wants_it(asked: dict[str, Any], wanted: object) -> None:
    terminal = {"choice": None, "is_terminal": True, "no_color": "", "term": "xterm"}

    assert wants_color(**{**terminal, **asked}) is wanted
