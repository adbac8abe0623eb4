import ast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sloptest_hook.symbols.imports import imported_modules

READ = {
    "import": ("import a.b, c as d\n", {"a.b", "c"}),
    "from": ("from a.b import c, d as e\n", {"a.b", "a.b.c", "a.b.d"}),
    "from in brackets": (
        "from a import (  # why (really)\n    b,  # first)\n    c,\n)\nx = (1)\n",
        {"a", "a.b", "a.c"},
    ),
    "from on one line in brackets": ("from a import (b, c)\nimport d\n", {"a", "a.b", "a.c", "d"}),
    "continued with a backslash": ("from a \\\n    import b, \\\n    c\n", {"a", "a.b", "a.c"}),
    "star": ("from a import *\n", {"a", "a.*"}),
    "relative to this package": ("from . import b\n", {"pkg.sub", "pkg.sub.b"}),
    "relative with a name": ("from .b import c\n", {"pkg.sub.b", "pkg.sub.b.c"}),
    "relative to the package above": ("from ..b import c\n", {"pkg.b", "pkg.b.c"}),
    "relative without a blank": ("from.b import(c)\n", {"pkg.sub.b", "pkg.sub.b.c"}),
    "relative beyond the top": ("from ....b import c\n", set()),
    "inside a function": ("def f():\n    import a\n\tfrom b import c\n", {"a", "b", "b.c"}),
    "after a colon": ("try: import a\nexcept ImportError: import b\n", {"a", "b"}),
    "after a semicolon": ("import a; import b; from c import d\n", {"a", "b", "c", "c.d"}),
    "a comment with a bracket": ("import a  # see b()\nimport c\n", {"a", "c"}),
    "Windows line ends": ("import a\r\nfrom b import (\r\n    c,\r\n)\r\n", {"a", "b", "b.c"}),
    "a file that does not parse": ("import a\ndef f(:\nimport b\n", {"a", "b"}),
    "the last line without its end": ("import a", {"a"}),
}

NOT_READ = {
    "empty": "",
    "a word that begins like it": "important = 1\nfromage = 2\nimport_x()\n",
    "a comment": "# import a\n",
    "a sentence": '"""Text.\n\nimport all of it, quickly\nfrom here on it is easy\n"""\n',
    "yield from": "def f():\n    yield from x\n",
    "raise from": "raise A from b\n",
    "a bracket never closed": "from a import (b,\n",
}


@pytest.mark.parametrize(("text", "names"), READ.values(), ids=READ)
def test_imports_are_read_wherever_they_stand(text: str, names: set[str]) -> None:
    assert imported_modules(text, "pkg.sub") == names


@pytest.mark.parametrize("text", NOT_READ.values(), ids=NOT_READ)
def test_what_is_no_import_is_not_read(text: str) -> None:
    assert imported_modules(text, "pkg") == frozenset()


def test_a_relative_import_outside_any_package_leads_nowhere() -> None:
    assert imported_modules("from . import a\n", "") == frozenset()


NAMES = st.sampled_from(["a", "b.c", "d.e.f"])
ALIASES = st.lists(st.sampled_from(["x", "y as z", "w"]), min_size=1, max_size=3, unique=True)
STATEMENTS = st.one_of(
    st.builds("import {}".format, NAMES),
    st.builds(lambda name, each: f"from {name} import {', '.join(each)}", NAMES, ALIASES),
    st.builds(
        lambda dots, each: (
            f"from {dots}m import (\n    {', # no )'.join(e + chr(10) for e in each)})"
        ),
        st.sampled_from([".", ".."]),
        ALIASES,
    ),
    st.just("x = 'import q'"),
    st.just("def f():\n    '''import of (nothing'''\n    import r"),
    st.just("if x: import s"),
)


@given(st.lists(STATEMENTS, max_size=6))
def test_no_import_that_the_parser_sees_is_missed(statements: list[str]) -> None:
    text = "\n".join(statements) + "\n"
    try:
        tree = ast.parse(text)
    except SyntaxError:
        return
    absolute = {
        alias.name
        for node in ast.walk(tree)
        if isinstance(node, ast.Import)
        for alias in node.names
    }
    relative = {
        f"{'p.q'.rsplit('.', node.level - 1)[0] if node.level else ''}.{node.module}".lstrip(".")
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom)
    }

    assert absolute | relative <= imported_modules(text, "p.q")
