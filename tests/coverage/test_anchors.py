import ast
from pathlib import Path, PurePosixPath
from textwrap import dedent

import pytest

from sloptest_hook.coverage.anchors import anchors
from sloptest_hook.coverage.bodies import bodies
from sloptest_hook.symbols.extract import extract_symbols


def places(text: str) -> dict[str, tuple[int, ...]]:
    code = dedent(text)
    symbols = extract_symbols(PurePosixPath("mod.py"), code)
    assert isinstance(symbols, tuple)
    return {symbol.qualname: lines for symbol, lines in anchors(code, symbols).items()}


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        pytest.param("def f():\n    return 1\n", (1, 2), id="a statement"),
        pytest.param("@a\n@b\ndef f():\n    return 1\n", (1, 2, 3, 4), id="decorators"),
        pytest.param("def f():\n    'doc'\n    return 1\n", (1, 3), id="no docstring"),
        pytest.param("def f(): return 1\n", (1, 1), id="one line"),
        pytest.param("def f():\n    a = 1; b = 2\n    return a\n", (1, 2, 2, 3), id="two a line"),
        pytest.param(
            "def f(a):\n    if a:\n        b\n    elif c:\n        d\n    else:\n        e\n",
            (1, 2, 3, 4, 5, 7),
            id="elif and else",
        ),
        pytest.param(
            "def f():\n    try:\n        a\n    except E:\n        b\n    finally:\n        c\n",
            (1, 2, 3, 7, 4, 5),
            id="try",
        ),
        pytest.param(
            "def f(a):\n    match a:\n        case 1:\n            b\n        case _:\n"
            "            c\n",
            (1, 2, 3, 4, 5, 6),
            id="match",
        ),
        pytest.param(
            "def f():\n    def g():\n        'doc'\n        return 1\n    return g\n",
            (1, 2, 4, 5),
            id="inner function",
        ),
    ],
)
def test_an_anchor_is_where_a_line_may_begin(text: str, lines: tuple[int, ...]) -> None:
    assert sorted(places(text)["f"]) == sorted(lines)


SPREAD = """\
    class A:

        @property
        def size(self):
            '''How large.'''
            # a comment
            total = sum(
                self.parts,
            )
            if total:

                return (total)
            return 0

        @size.setter
        def size(self, value): self.parts = [value]
"""
TIGHT = """\
    class A:
        @property
        def size(self):
            total = sum(self.parts)
            if total: return total
            return 0
        @size.setter
        def size(self, value):
            self.parts = [value]
"""


def test_the_same_definition_has_the_same_anchors_however_it_is_written() -> None:
    spread, tight = places(SPREAD)["A.size"], places(TIGHT)["A.size"]

    assert len(spread) == len(tight) == 9
    lines = dedent(SPREAD).splitlines(), dedent(TIGHT).splitlines()
    assert lines[0][spread[2] - 1].strip() == "total = sum("
    assert lines[1][tight[2] - 1].strip() == "total = sum(self.parts)"


@pytest.mark.parametrize("module", [ast, dedent, pytest], ids=["ast", "textwrap", "pytest"])
def test_every_statement_of_a_body_is_an_anchor(module: object) -> None:
    import inspect

    source = inspect.getsourcefile(inspect.getmodule(module))  # type: ignore[arg-type]
    assert source is not None
    text = Path(source).read_text(encoding="utf-8")
    symbols = extract_symbols(PurePosixPath("mod.py"), text)
    assert isinstance(symbols, tuple)
    found, code = anchors(text, symbols), bodies(text, symbols)
    assert [s for s in symbols if code[s].statements - set(found[s])] == []
