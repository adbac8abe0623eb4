from pathlib import PurePosixPath
from textwrap import dedent

import pytest

from sloptest_hook.coverage.bodies import bodies
from sloptest_hook.values.source import LineRange, Symbol, SymbolKind


def symbol(qualname: str, first: int, last: int) -> Symbol:
    path = PurePosixPath("mod.py")
    return Symbol(path, qualname, SymbolKind.FUNCTION, LineRange(first, last), "f")


BODIES = {
    "header and docstring": (
        """\
        @decorated(
            1,
        )
        def f(
            a,
            b=2,
        ):
            '''Say f.

            More.
            '''
            c = (
                a
            )
            return c
        """,
        ("f", 1, 15),
        {12, 13, 14, 15},
        {12, 15},
    ),
    "one line": ("x = 1\ndef f(): return 1\n", ("f", 2, 2), {2}, {2}),
    "one line that begins late": (
        "def f(\n    a,\n): return a\n",
        ("f", 1, 3),
        {1},
        {1},
    ),
    "one line with letters beyond ASCII": (
        "def größe(ä='ö'): return 'ü'\n",
        ("größe", 1, 1),
        {1},
        {1},
    ),
    "a decorated inner function comes first": (
        "def f():\n    @wraps\n    def g():\n        'Doc.'\n        return 1\n    return g\n",
        ("f", 1, 6),
        {2, 3, 4, 5, 6},
        {3, 5, 6},
    ),
    "global is no statement": (
        "def f():\n    global a\n    a = 1\n",
        ("f", 1, 3),
        {2, 3},
        {3},
    ),
    "else is no statement": (
        "def f(a):\n    if a:\n        return 1\n    else:\n        return 2\n",
        ("f", 1, 5),
        {2, 3, 4, 5},
        {2, 3, 5},
    ),
    "the other definition of the name is not meant": (
        "def f():\n    return 1\n\ndef f():\n    return 2\n",
        ("f", 4, 5),
        {5},
        {5},
    ),
    "a method, not the function of its name": (
        "def f():\n    return 1\nclass A:\n    def f(self):\n        return 2\n",
        ("A.f", 4, 5),
        {5},
        {5},
    ),
    "a property with its setter": (
        """\
        class A:
            @property
            def x(self):
                return self._x

            @x.setter
            def x(self, value):
                self._x = value
        """,
        ("A.x", 2, 8),
        {4, 8},
        {4, 8},
    ),
    "a byte order mark": ("\ufeffdef f(): return 1\n", ("f", 1, 1), {1}, {1}),
    "a form feed is no line end": ("\f\ndef f():\n    return 1\n", ("f", 2, 3), {3}, {3}),
}


@pytest.mark.parametrize(("text", "of", "lines", "statements"), BODIES.values(), ids=BODIES)
def test_only_lines_that_a_call_executes_are_in_the_body(
    text: str, of: tuple[str, int, int], lines: set[int], statements: set[int]
) -> None:
    wanted = symbol(*of)

    body = bodies(dedent(text), [wanted])[wanted]

    assert (set(body.lines), set(body.statements)) == (lines, statements)


@pytest.mark.parametrize(
    ("text", "shares"),
    [("def f(): return 1\n", True), ("def f():\n    return 1\n", False)],
    ids=["one line", "two lines"],
)
def test_a_body_knows_whether_it_shares_the_line_of_def(text: str, *, shares: bool) -> None:
    wanted = symbol("f", 1, 2)

    assert bodies(text, [wanted])[wanted].shares_def_line is shares


@pytest.mark.filterwarnings("error")
def test_warnings_about_somebody_elses_source_are_not_shown() -> None:
    wanted = symbol("f", 1, 2)

    assert bodies("def f():\n    return '\\d'\n", [wanted])[wanted].lines == {2}


@pytest.mark.parametrize(
    ("text", "statements"),
    [
        pytest.param("def f():  # pragma: no cover\n    return 1\n", set(), id="function"),
        pytest.param(
            "class C:  # pragma: no cover\n    def f(self):\n        pass\n", set(), id="class"
        ),
        pytest.param(
            "def f(x):\n    if x:  # pragma: no cover\n        return 1\n    return 2\n",
            {4},
            id="branch",
        ),
        pytest.param("def f():\n    return 1  # PRAGMA NO COVER\n", set(), id="statement"),
        pytest.param("def f():\n    return 1  # no cover\n", {2}, id="another comment"),
    ],
)
def test_what_is_excluded_from_coverage_is_no_statement(text: str, statements: set[int]) -> None:
    name = "C.f" if text.startswith("class") else "f"
    of = symbol(name, 1, text.count("\n"))
    assert bodies(text, [of])[of].statements == statements
