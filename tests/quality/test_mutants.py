"""Which mutants a symbol has: on executed lines alone, in exact places, without noise."""

import ast
from pathlib import PurePosixPath

import pytest

from sloptest_hook.quality.mutants import mutants_of
from sloptest_hook.quality.text import SourceText
from sloptest_hook.symbols.extract import extract_symbols
from sloptest_hook.symbols.parsing import ParseFailure
from sloptest_hook.values.mutation import Mutant, MutantSet
from sloptest_hook.values.source import Symbol

PATH = PurePosixPath("a.py")


def symbol_of(text: str, name: str = "f") -> Symbol:
    found = extract_symbols(PATH, text)
    assert not isinstance(found, ParseFailure)
    return next(each for each in found if each.qualname == name)


def found_in(text: str, name: str = "f", lines: range = range(1, 100)) -> MutantSet:
    return mutants_of(SourceText(text), symbol_of(text, name), lines)


def said(mutants: tuple[Mutant, ...]) -> list[str]:
    return [f"{each.line}: {each.says}" for each in mutants]


def test_a_mutant_is_a_sentence_about_a_line() -> None:
    text = "def f(a):\n    if a < 3:\n        return a\n"
    assert said(found_in(text).mutants) == [
        "2: `<` can become `<=`",
        "2: `<` can become `>=`",
        "2: `3` can become `4`",
        "3: `a` can become `None`",
    ]


def test_lines_that_no_test_executes_have_no_mutants() -> None:
    text = "def f(a):\n    if a < 3:\n        return a\n    return -a\n"
    assert {each.line for each in found_in(text, lines=range(4, 5)).mutants} == {4}
    assert found_in(text, lines=range(0)).mutants == ()


def test_a_statement_over_several_lines_counts_where_coverage_counts_it() -> None:
    text = "def f(a):\n    return g(\n        a + 1,\n        b=2,\n    )\n"
    found = found_in(text, lines=range(2, 3)).mutants
    assert {(each.line, each.anchor) for each in found} == {(2, 2), (3, 2), (4, 2)}


def test_places_are_right_behind_characters_of_several_bytes() -> None:
    text = "def f(a):\r\n    x = 'äöü€𝄞' + a; return x == '𝄞' or a < 2\r\n"
    made = [each.applied(text) for each in found_in(text).mutants]
    assert "def f(a):\r\n    x = 'äöü€𝄞' + a; return x == '𝄞' or a <= 2\r\n" in made
    for each in made:
        ast.parse(each)


def test_what_decorates_a_function_hangs_on_no_line_of_it() -> None:
    text = "@checked\ndef f(a=1):\n    return a\n"
    at_definition = [each for each in found_in(text).mutants if each.anchor == 0]
    assert said(tuple(at_definition)) == [
        "1: `@checked` can be taken off",
        "2: `1` can become `2`",
    ]


def test_a_property_and_its_setter_are_mutated_together() -> None:
    text = (
        "class A:\n    @property\n    def f(self):\n        return self._f + 1\n"
        "    @f.setter\n    def f(self, value):\n        self._f = value - 1\n"
    )
    assert {each.line for each in found_in(text, "A.f").mutants} == {4, 7}


@pytest.mark.parametrize(
    "body",
    [
        pytest.param('"""Says 1 < 2."""', id="a docstring"),
        pytest.param("logger.info('a %s', a + 1)", id="a log line"),
        pytest.param("self.log.warning('a', extra={'b': 1})", id="a log line of an object"),
        pytest.param("logging.getLogger(__name__).debug('x')", id="a log line of the root"),
        pytest.param("unused = 3", id="a name that nobody reads"),
        pytest.param("if TYPE_CHECKING:\n        import b", id="for type checkers"),
        pytest.param("a.x = 1 + 2  # pragma: no mutate", id="switched off by a person"),
    ],
)
def test_what_no_test_could_notice_is_left_alone(body: str) -> None:
    assert found_in(f"def f(a):\n    {body}\n    x\n").mutants == ()


@pytest.mark.parametrize(
    ("body", "kept"),
    [
        pytest.param(
            "raise E('no ' + 'way', 1)",
            ["2: `raise E('no ' + 'way', 1)` can be left out"],
            id="a raise",
        ),
        pytest.param(
            "g(encoding='utf-8')", ["2: `g(encoding='utf-8')` can be left out"], id="an encoding"
        ),
        pytest.param("sleep(3)", ["2: `sleep(3)` can be left out"], id="a pause"),
    ],
)
def test_messages_are_left_alone_and_what_says_them_is_not(body: str, kept: list[str]) -> None:
    assert said(found_in(f"def f(a):\n    {body}\n").mutants) == kept


def test_how_an_object_looks_is_left_alone_and_what_it_shows_is_not() -> None:
    text = "class A:\n    def __repr__(self):\n        return '<A ' + g(self.a < 3) + '>'\n"
    says = said(found_in(text, "A.__repr__").mutants)
    assert "3: `<` can become `<=`" in says
    assert not any("XX" in each for each in says)


def test_what_was_left_out_is_counted() -> None:
    assert found_in("def f(a):\n    unused = 3\n    return a.b\n").avoided == 1


MANY = "def f(a):\n" + "".join(f"    a.b{n} = a.c + {n} if a < {n} else 'x'\n" for n in range(30))


def test_a_sample_is_spread_over_lines_and_operators() -> None:
    found = mutants_of(SourceText(MANY), symbol_of(MANY), range(1, 100), most=12)
    assert len(found.mutants) == 12
    assert found.is_sample
    assert found.total > 100
    assert len({each.line for each in found.mutants}) == 12
    assert len({each.operator for each in found.mutants}) >= 5
    assert max(each.line for each in found.mutants) > 25


def test_the_same_text_gives_the_same_mutants() -> None:
    one, other = (mutants_of(SourceText(MANY), symbol_of(MANY), range(100)) for _ in range(2))
    assert one == other


def test_every_mutant_of_a_text_is_another_text_that_parses() -> None:
    text = (
        "def f(a, b=1):\n    for x in a[1:]:\n        if x and b or not a:\n            continue\n"
        "    return [y.strip() for y in a if y]\n"
    )
    for each in found_in(text).mutants:
        made = each.applied(text)
        assert made != text
        assert each.before == text[each.start : each.end]
        ast.parse(made)
