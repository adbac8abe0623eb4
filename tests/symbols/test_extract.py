from pathlib import PurePosixPath
from textwrap import dedent

import pytest

from sloptest_hook.symbols.extract import extract_symbols
from sloptest_hook.symbols.parsing import ParseFailure
from sloptest_hook.values.source import LineRange, Symbol, SymbolKind

PATH = PurePosixPath("src/pkg/mod.py")


def symbols(text: str) -> tuple[Symbol, ...]:
    found = extract_symbols(PATH, dedent(text))
    assert not isinstance(found, ParseFailure), found
    return found


def failure(text: str) -> ParseFailure:
    found = extract_symbols(PATH, text)
    assert isinstance(found, ParseFailure), found
    return found


FOUND = {
    "function": ("def f():\n    return 1\n", ["f"]),
    "async function": ("async def f():\n    return 1\n", ["f"]),
    "method": ("class A:\n    def m(self):\n        return 1\n", ["A.m"]),
    "method of a nested class": (
        "class A:\n    class B:\n        def m(self):\n            return 1\n",
        ["A.B.m"],
    ),
    "a nested function belongs to the outer one": (
        "def f():\n    def g():\n        return 1\n    return g\n",
        ["f"],
    ),
    "a class inside a function belongs to the function": (
        "def f():\n    class A:\n        def m(self): return 1\n    return A\n",
        ["f"],
    ),
    "both branches of an if": (
        "import os\nif os.name == 'nt':\n    def f(): return 1\nelse:\n    def g(): return 2\n",
        ["f", "g"],
    ),
    "try, except, else, finally": (
        """
        try:
            def a(): return 1
        except ImportError:
            def b(): return 1
        else:
            def c(): return 1
        finally:
            def d(): return 1
        """,
        ["a", "b", "c", "d"],
    ),
    "with and for and while and match": (
        """
        with open('x') as x:
            def a(): return 1
        for i in x:
            def b(): return 1
        while x:
            def c(): return 1
        match x:
            case 1:
                def d(): return 1
        """,
        ["a", "b", "c", "d"],
    ),
    "under an if in a class": (
        "class A:\n    if True:\n        def m(self): return 1\n",
        ["A.m"],
    ),
    "not TYPE_CHECKING": ("if not TYPE_CHECKING:\n    def f(): return 1\n", ["f"]),
    "else of TYPE_CHECKING": (
        "if typing.TYPE_CHECKING:\n    def f(): return 1\nelse:\n    def g(): return 1\n",
        ["g"],
    ),
    "the implementation of overloads": (
        """
        @overload
        def f(a: int) -> int: ...
        @typing.overload
        def f(a: str) -> str:
            '''A stub.'''
        def f(a):
            return a
        """,
        ["f"],
    ),
    "a default body in a Protocol": (
        "class P(Protocol):\n    def f(self): return 1\n    def g(self): ...\n",
        ["P.f"],
    ),
    "an abstract method with a body": (
        "class A(ABC):\n    @abstractmethod\n    def f(self): return 1\n",
        ["A.f"],
    ),
    "a property and its setter are one": (
        """
        class A:
            @property
            def x(self):
                return self._x
            @x.setter
            def x(self, value):
                self._x = value
        """,
        ["A.x"],
    ),
    "a byte order mark": ("\ufeffdef f():\n    return 1\n", ["f"]),
    "Windows line ends": ("def f():\r\n    return 1\r\n", ["f"]),
    "names beyond ASCII": ("def größe():\n    return 1\n", ["größe"]),
}

NOTHING = {
    "empty": "",
    "statements alone": "x = 1\nprint(x)\n",
    "lambda": "f = lambda: 1\n",
    "TYPE_CHECKING": "if TYPE_CHECKING:\n    def f(): return 1\n",
    "else of not TYPE_CHECKING": "if not TYPE_CHECKING:\n    x = 1\nelse:\n    def f(): return 1\n",
    "script part": "if __name__ == '__main__':\n    def f(): return 1\n",
    "if False": "if False:\n    def f(): return 1\n",
    "ellipsis": "class P(Protocol):\n    def f(self) -> int: ...\n",
    "docstring alone": "class P(Protocol):\n    def f(self):\n        '''Say f.'''\n",
    "docstring and ellipsis": "def f():\n    '''Say f.'''\n    ...\n",
    "pass": "class A(ABC):\n    @abstractmethod\n    def f(self):\n        pass\n",
    "raise NotImplementedError": "class A:\n    def f(self):\n        raise NotImplementedError\n",
    "raise NotImplementedError with a text": (
        "class A:\n    def f(self):\n        'Doc.'\n        raise NotImplementedError('later')\n"
    ),
}


@pytest.mark.parametrize(("text", "names"), FOUND.values(), ids=FOUND)
def test_what_can_be_imported_and_run_is_a_symbol(text: str, names: list[str]) -> None:
    assert [symbol.qualname for symbol in symbols(text)] == names


@pytest.mark.parametrize("text", NOTHING.values(), ids=NOTHING)
def test_what_cannot_be_imported_or_does_nothing_is_no_symbol(text: str) -> None:
    assert symbols(text) == ()


def test_a_symbol_knows_its_path_kind_and_lines() -> None:
    function, method = symbols(
        """\
        @cache
        @retry(
            times=3)
        async def f(a,
                    b):
            return a

        class A:
            def m(self):
                '''Doc.'''
                return (1,
                        2)
            # a comment after the method is not in it
        """
    )

    assert (function.path, function.kind, function.is_async) == (PATH, SymbolKind.FUNCTION, True)
    assert function.lines == LineRange(1, 6)
    assert (method.kind, method.is_async) == (SymbolKind.METHOD, False)
    assert method.lines == LineRange(9, 12)


def test_the_last_definition_of_a_name_counts() -> None:
    (symbol,) = symbols(
        """\
        try:
            from fast import f
        except ImportError:
            def f(): return 'slow'
        if NEW:
            def f(): return 'new'
        """
    )

    assert symbol.lines == LineRange(6, 6)


def test_a_property_reaches_from_its_getter_to_its_last_accessor() -> None:
    text = """\
        class A:
            @property
            def x(self):
                return self._x

            @x.setter
            def x(self, value):
                self._x = value

            @x.deleter
            def x(self):
                del self._x
        """
    (symbol,) = symbols(text)
    (other,) = symbols(text.replace("del self._x", "del self._y"))

    assert symbol.lines == LineRange(2, 12)
    assert symbol.fingerprint != other.fingerprint


def test_symbols_come_in_the_order_of_their_lines() -> None:
    text = "class A:\n    def b(self): return 1\n    def a(self): return 1\ndef z(): return 1\n"

    assert [symbol.qualname for symbol in symbols(text)] == ["A.b", "A.a", "z"]


UNREADABLE = {
    "never closed": ("x = 1\nf(\n", 2),
    "Python 2": ("def f():\n    return 1\n\nprint 'x'\n", 4),
    "bad indentation": ("def f():\nreturn 1\n", 2),
    "null byte": ("x = 1\n\0", 1),
    "lone surrogate": ("x = '\udc80'\n", 1),
    "parser's stack": ("-" * 100_000 + "1\n", 1),
    "brackets too deep": ("x = " + "(" * 300 + ")" * 300 + "\n", 1),
}


@pytest.mark.parametrize(("text", "line"), UNREADABLE.values(), ids=UNREADABLE)
def test_unreadable_source_is_a_value_with_a_line(text: str, line: int) -> None:
    found = failure(text)

    assert found.line == line
    assert str(found).startswith(f"line {line}: ")
    assert "\n" not in found.message


def test_a_failure_names_the_python_that_reads() -> None:
    assert "(read by Python 3." in failure("f(\n").message


def test_a_long_expression_is_read_or_refused_but_never_crashes() -> None:
    text = "def f():\n    return " + " + ".join(["'a'"] * 900) + "\n"
    too_long = "def f():\n    return " + " + ".join(["'a'"] * 50_000) + "\n"

    assert len(symbols(text)) == 1
    assert isinstance(extract_symbols(PATH, too_long), ParseFailure | tuple)


def test_a_long_elif_chain_is_read_or_refused_but_never_crashes() -> None:
    text = "if a:\n    pass\n" + "elif a:\n    def f(): return 1\n" * 3000

    assert isinstance(extract_symbols(PATH, text), ParseFailure | tuple)


@pytest.mark.filterwarnings("error")
def test_warnings_about_somebody_elses_source_are_not_shown(
    capfd: pytest.CaptureFixture[str],
) -> None:
    assert len(symbols("def f(x):\n    return x is 'a' or '\\d'\n")) == 1
    assert capfd.readouterr() == ("", "")
