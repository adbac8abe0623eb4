import ast
import sys
from pathlib import PurePosixPath
from textwrap import dedent

import libcst as cst
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sloptest_hook.symbols.extract import extract_symbols
from sloptest_hook.symbols.parsing import ParseFailure


def fingerprints(text: str) -> dict[str, str]:
    found = extract_symbols(PurePosixPath("mod.py"), dedent(text))
    assert not isinstance(found, ParseFailure), found
    return {symbol.qualname: symbol.fingerprint for symbol in found}


def fingerprint(text: str) -> str:
    (only,) = fingerprints(text).values()
    return only


SAME = {
    "comment": ("def f():\n    return 1\n", "def f():  # why\n    # because\n    return 1\n"),
    "blank lines": ("def f():\n    a = 1\n    return a\n", "def f():\n\n    a=1\n\n    return a\n"),
    "brackets": (
        "def f(a, b):\n    return a + b\n",
        "def f(\n  a,\n  b,\n):\n    return (a + b)\n",
    ),
    "docstring added": ("def f():\n    return 1\n", "def f():\n    '''Doc.'''\n    return 1\n"),
    "docstring changed": ("def f():\n    'a'\n    return 1\n", "def f():\n    'b'\n    return 1\n"),
    "quotes": ("def f():\n    return 'a'\n", 'def f():\n    return "a"\n'),
    "u prefix": ("def f():\n    return 'a'\n", "def f():\n    return u'a'\n"),
    "raw string of the same value": ("def f():\n    return 'a'\n", "def f():\n    return r'a'\n"),
    "joined strings": ("def f():\n    return 'ab'\n", "def f():\n    return 'a' 'b'\n"),
    "number written otherwise": ("def f():\n    return 1000\n", "def f():\n    return 1_000\n"),
    "one line": ("def f():\n    return 1\n", "def f(): return 1\n"),
    "moved down": ("def f():\n    return 1\n", "x = 1\n\n\ndef f():\n    return 1\n"),
    "class docstring": (
        "class A:\n    def m(self): return 1\n",
        "class A:\n    'Doc.'\n    def m(self): return 1\n",
    ),
    "a constant of an ordinary class": (
        "class A:\n    x = 1\n    def m(self): return 1\n",
        "class A:\n    x = 2\n    def m(self): return 1\n",
    ),
    "docstring of an inner function": (
        "def f():\n    def g():\n        return 1\n    return g\n",
        "def f():\n    def g():\n        'Doc.'\n        return 1\n    return g\n",
    ),
}

OTHER = {
    "number": ("def f():\n    return 1\n", "def f():\n    return 2\n"),
    "int and float": ("def f():\n    return 1\n", "def f():\n    return 1.0\n"),
    "int and bool": ("def f():\n    return 1\n", "def f():\n    return True\n"),
    "name and text": ("def f(a):\n    return a\n", "def f(a):\n    return 'a'\n"),
    "text and bytes": ("def f():\n    return 'a'\n", "def f():\n    return b'a'\n"),
    "raw string of another value": (
        "def f():\n    return '\\n'\n",
        "def f():\n    return r'\\n'\n",
    ),
    "f-string": ("def f(a):\n    return '{a}'\n", "def f(a):\n    return f'{a}'\n"),
    "conversion": ("def f(a):\n    return f'{a}'\n", "def f(a):\n    return f'{a!r}'\n"),
    "operator": ("def f(a):\n    return a < 1\n", "def f(a):\n    return a <= 1\n"),
    "order of arguments": ("def f(a, b):\n    return 1\n", "def f(b, a):\n    return 1\n"),
    "default": ("def f(a=1):\n    return a\n", "def f(a=2):\n    return a\n"),
    "keyword only": ("def f(a, b):\n    return a\n", "def f(a, *, b):\n    return a\n"),
    "positional only": ("def f(a, b):\n    return a\n", "def f(a, /, b):\n    return a\n"),
    "annotation": ("def f(a: int):\n    return a\n", "def f(a: str):\n    return a\n"),
    "return annotation": ("def f():\n    return 1\n", "def f() -> int:\n    return 1\n"),
    "decorator": ("def f():\n    return 1\n", "@cache\ndef f():\n    return 1\n"),
    "order of decorators": ("@a\n@b\ndef f():\n    return 1\n", "@b\n@a\ndef f():\n    return 1\n"),
    "async": ("def f():\n    return 1\n", "async def f():\n    return 1\n"),
    "await": ("async def f(a):\n    return a\n", "async def f(a):\n    return await a\n"),
    "statement moved into an if": (
        "def f(a):\n    if a:\n        a += 1\n    return a\n",
        "def f(a):\n    if a:\n        a += 1\n        return a\n",
    ),
    "brackets that group": (
        "def f(a, b, c):\n    return a + b * c\n",
        "def f(a, b, c):\n    return (a + b) * c\n",
    ),
    "list and tuple": ("def f(a):\n    return [a]\n", "def f(a):\n    return (a,)\n"),
    "text in the middle": (
        "def f():\n    a = 1\n    return a\n",
        "def f():\n    a = '1'\n    return a\n",
    ),
    "base class": (
        "class A(B):\n    def m(self): return 1\n",
        "class A(C):\n    def m(self): return 1\n",
    ),
    "metaclass": (
        "class A:\n    def m(self): return 1\n",
        "class A(metaclass=M):\n    def m(self): return 1\n",
    ),
    "class decorator": (
        "class A:\n    def m(self): return 1\n",
        "@dataclass\nclass A:\n    def m(self): return 1\n",
    ),
    "argument of a class decorator": (
        "@dataclass\nclass A:\n    def m(self): return 1\n",
        "@dataclass(frozen=True)\nclass A:\n    def m(self): return 1\n",
    ),
    "field of a dataclass": (
        "@dataclass\nclass A:\n    x: int\n    def m(self): return 1\n",
        "@dataclasses.dataclass\nclass A:\n    x: str\n    def m(self): return 1\n",
    ),
    "default of a field": (
        "@dataclass\nclass A:\n    x: int = 1\n    def m(self): return 1\n",
        "@dataclass\nclass A:\n    x: int = 2\n    def m(self): return 1\n",
    ),
    "member of an enum": (
        "class A(Enum):\n    X = 1\n    def m(self): return 1\n",
        "class A(Enum):\n    X = 2\n    def m(self): return 1\n",
    ),
    "base and decorator are told apart": (
        "class A(B):\n    def m(self): return 1\n",
        "@B\nclass A:\n    def m(self): return 1\n",
    ),
    "a list that ends earlier": (
        "def f():\n    return [[1], 2]\n",
        "def f():\n    return [[1, 2]]\n",
    ),
}


@pytest.mark.parametrize(("one", "other"), SAME.values(), ids=SAME)
def test_what_python_does_not_execute_changes_nothing(one: str, other: str) -> None:
    assert fingerprint(one) == fingerprint(other)


@pytest.mark.parametrize(("one", "other"), OTHER.values(), ids=OTHER)
def test_what_changes_the_meaning_changes_the_fingerprint(one: str, other: str) -> None:
    assert fingerprint(one) != fingerprint(other)


@pytest.mark.skipif(sys.version_info < (3, 12), reason="the syntax is new in Python 3.12")
@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("def f[T](a: T):\n    return a\n", "def f[T: int](a: T):\n    return a\n"),
        ("def f(a: T):\n    return a\n", "def f[T](a: T):\n    return a\n"),
        (
            "class A:\n    def m(self): return 1\n",
            "class A[T]:\n    def m(self): return 1\n",
        ),
    ],
    ids=["bound", "function", "class"],
)
def test_type_parameters_change_the_fingerprint(one: str, other: str) -> None:
    assert fingerprint(one) != fingerprint(other)


# The value is written down: it must be the same on every Python that the hook runs on, and a
# change of it makes every cache worthless.
def test_the_fingerprint_is_the_same_on_every_python() -> None:
    text = """
        class A(B, metaclass=M):
            @decorated(1, x='y')
            async def m(self, a: int, /, b='x', *args: str, c: float = 1.5, **kwargs) -> list[int]:
                '''Doc.'''
                async with a as b:
                    yield f'{a!r:>{b}} {c=}' 'tail'
                try:
                    x = [i async for i in a if i is not None]
                except (ValueError, TypeError) as error:
                    raise KeyError from error
                match b:
                    case {'k': [1, *rest], **others} if rest: del x[1:2, ...]
                    case Point(x=0) | None: lambda q, *r: (yield)
                return
        """

    assert fingerprint(text) == "5aec48085a4f4c121b1ba768c0b71e60"


IDENTIFIERS = st.sampled_from(["a", "b", "c", "value"])
CONSTANTS = st.one_of(
    st.integers(0, 10**6).map(repr), st.text(max_size=5).map(repr), st.binary(max_size=3).map(repr)
).filter(lambda text: "\\ud" not in text)
OPERATORS = st.sampled_from(["+", "-", "*", "<", "==", "and", "or", "is not", "in"])
EXPRESSIONS = st.recursive(
    IDENTIFIERS | CONSTANTS,
    lambda inner: st.one_of(
        st.builds("({} {} {})".format, inner, OPERATORS, inner),
        st.builds("({}, {})".format, inner, inner),
        st.builds("[{}]".format, inner),
        st.builds("value({}, key={})".format, inner, inner),
        st.builds("({} if {} else {})".format, inner, inner, inner),
        st.builds("(lambda a, *b: {})".format, inner),
    ),
    max_leaves=8,
)
STATEMENTS = st.one_of(
    st.builds("a = {}".format, EXPRESSIONS),
    st.builds("if {0}:\n        b = {1}".format, EXPRESSIONS, EXPRESSIONS),
    st.builds("for c in {0}:\n        value({1})".format, EXPRESSIONS, EXPRESSIONS),
    st.builds("assert {}".format, EXPRESSIONS),
)
FUNCTIONS = st.lists(STATEMENTS, min_size=1, max_size=4).map(
    lambda body: (
        "def f(a, b=1, *c, value=None):\n    '''Doc.'''\n"
        + "".join(f"    {each}\n" for each in body)
    )
)


@given(FUNCTIONS)
def test_formatting_never_changes_a_fingerprint(text: str) -> None:
    assert fingerprint(ast.unparse(ast.parse(text))) == fingerprint(text)


class Restyled(cst.CSTTransformer):
    """Comments at every statement, empty lines between them, another docstring."""

    def leave_SimpleStatementLine(  # noqa: N802  # libcst's name
        self, original_node: cst.SimpleStatementLine, updated_node: cst.SimpleStatementLine
    ) -> cst.SimpleStatementLine:
        match updated_node.body[0]:
            case cst.Expr(value=cst.SimpleString(value="'''Doc.'''")):
                body: list[cst.BaseSmallStatement] = [cst.Expr(cst.SimpleString('"""Other."""'))]
            case _:
                body = list(updated_node.body)
        remark = cst.TrailingWhitespace(cst.SimpleWhitespace("  "), cst.Comment("# why"))
        return updated_node.with_changes(
            body=body, trailing_whitespace=remark, leading_lines=[cst.EmptyLine()] * 2
        )


@given(FUNCTIONS)
def test_comments_docstrings_and_moves_never_change_a_fingerprint(text: str) -> None:
    restyled = cst.parse_module(text).visit(Restyled()).code

    assert "# why" in restyled
    assert fingerprints("x = 1\n\n" + restyled)["f"] == fingerprint(text)


@settings(max_examples=200)
@given(FUNCTIONS, st.data())
def test_one_changed_token_always_changes_the_fingerprint(text: str, data: st.DataObject) -> None:
    tree = ast.parse(text)
    places = [
        node for node in ast.walk(tree) if isinstance(node, ast.Name | ast.Constant | ast.arg)
    ]
    node = data.draw(st.sampled_from([each for each in places if not _is_docstring(each)]))
    match node:
        case ast.Name():
            node.id += "_other"
        case ast.arg():
            node.arg += "_other"
        case ast.Constant(value=value):
            node.value = f"other than {value!r}"
        case _:
            pytest.fail(f"{node} is not drawn")

    assert fingerprint(ast.unparse(tree)) != fingerprint(text)


def _is_docstring(node: ast.AST) -> bool:
    return isinstance(node, ast.Constant) and node.value == "Doc."


@given(FUNCTIONS, FUNCTIONS)
def test_equal_fingerprints_mean_equal_programs(one: str, other: str) -> None:
    same_tree = ast.dump(ast.parse(one)) == ast.dump(ast.parse(other))

    assert (fingerprint(one) == fingerprint(other)) == same_tree


def test_a_very_long_expression_has_a_fingerprint() -> None:
    text = "def f():\n    return " + " + ".join(["'a'"] * 900) + "\n"

    assert fingerprint(text) != fingerprint(text.replace("'a' +", "'b' +", 1))


def test_a_very_long_number_has_a_fingerprint() -> None:
    text = f"def f():\n    return 0x{'f' * 9_000}\n"

    assert fingerprint(text) != fingerprint(text.replace("0xf", "0xe"))
    assert fingerprint(text) == fingerprint(text.replace("0xf", "0xF"))
