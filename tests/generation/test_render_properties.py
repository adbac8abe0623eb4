"""Whatever was observed: what is printed parses, says the same when it is run, and is stable."""

import ast
import random
import sys
import types
from collections.abc import Callable, Iterator

import pytest

from sloptest_hook.generation.offline.fragments import normal_expression, quoted
from sloptest_hook.generation.offline.layout import LINE_LENGTH, laid_out, width
from sloptest_hook.generation.offline.render import rendered
from sloptest_hook.values.candidate import Candidate
from sloptest_hook.values.observed import Argument, Check, Observations, ObservedCase, Relation
from tests.generation.test_render import target_of

SEEDS = range(0, 48, 8)
SOURCE = "def echo(value, *, note=None):\n    return value\n"
CHARACTERS = "abc XYZ09_'\"\\\n\t{}()[],:%#é漢\u0301\x00\x7f\u2028"


def chances(seed: int) -> Iterator[random.Random]:
    """Yield eight sources of chance; the same every time."""
    for each in range(seed, seed + 8):
        yield random.Random(each)  # noqa: S311  no secret is made of it


def text(chance: random.Random) -> str:
    length = chance.choice([0, 1, 5, 30, 120])
    return "".join(chance.choice(CHARACTERS) for _ in range(length))


def scalar(chance: random.Random) -> object:
    makers: list[Callable[[], object]] = [
        lambda: None,
        lambda: chance.random() < 0.5,
        lambda: chance.randint(-3, 3),
        lambda: chance.randint(-(10**30), 10**30),
        lambda: chance.uniform(-1e3, 1e3),
        lambda: chance.choice([0.0, -0.5, 1e-12, 1e300]),
        lambda: text(chance),
        lambda: text(chance).encode(),
    ]
    return chance.choice(makers)()


def value(chance: random.Random, depth: int = 0) -> object:
    kind = chance.choice(["scalar", "list", "tuple", "dict", "set"])
    if kind == "scalar" or depth > 2:
        return scalar(chance)
    items = [value(chance, depth + 1) for _ in range(chance.randint(0, 4))]
    if kind == "dict":
        return {scalar(chance): item for item in items}
    if kind == "set":
        return {scalar(chance) for _ in items}
    return tuple(items) if kind == "tuple" else items


def evaluated(source: str) -> object:
    return eval(source, {})  # noqa: S307  what the tests above made


@pytest.mark.parametrize("seed", SEEDS)
def test_a_quoted_text_is_the_text(seed: int) -> None:
    for chance in chances(seed):
        said = text(chance)

        assert ast.literal_eval(quoted(said)) == said
        assert ast.literal_eval(quoted(said.encode())) == said.encode()


@pytest.mark.parametrize("seed", SEEDS)
def test_a_normal_expression_has_the_value_and_stays_as_it_is(seed: int) -> None:
    for chance in chances(seed):
        given = value(chance)
        normal = normal_expression(repr(given))

        assert evaluated(normal) == given
        assert normal_expression(normal) == normal


@pytest.mark.parametrize("seed", SEEDS)
def test_a_value_laid_out_over_lines_is_the_value(seed: int) -> None:
    for chance in chances(seed):
        given = value(chance)
        lines = laid_out("", normal_expression(repr(given)), indent=4)
        inside = "\n".join(lines)

        assert evaluated(f"(\n{inside}\n)") == given
        too_long = [line for line in lines if width(line) > LINE_LENGTH]
        assert all(
            '"' in line or "'" in line for line in too_long
        )  # one long word, no place to break


def observed(chance: random.Random) -> Iterator[ObservedCase]:
    """Yield calls of a function that gives back what it is given."""
    for _ in range(chance.randint(1, 6)):
        source = repr(value(chance))
        arguments = [Argument("value", source, keyword=False)]
        if chance.random() < 0.3:
            arguments.append(Argument("note", repr(scalar(chance)), keyword=True))
        singleton = source in ("None", "True", "False")
        check = Check("result", Relation.IS if singleton else Relation.EQUALS, source)
        yield ObservedCase("echo", tuple(arguments), check)


def printed(cases: list[ObservedCase]) -> Candidate:
    return rendered(target_of("echo", SOURCE, "echoing"), Observations("echo", tuple(cases)), "e")


def rows_of(function: types.FunctionType) -> Iterator[dict[str, object]]:
    """Yield the arguments of each run of a test, as pytest reads its mark."""
    marks = getattr(function, "pytestmark", [])
    if not marks:
        yield {}
        return
    (mark,) = marks
    names = (mark.args[0],) if isinstance(mark.args[0], str) else mark.args[0]
    for row in mark.args[1]:
        cells = row.values if hasattr(row, "marks") else row if len(names) > 1 else (row,)
        yield dict(zip(names, cells, strict=True))


def run_as_pytest_does(candidate: Candidate) -> None:
    code = "\n".join([*candidate.imports, *(test.code for test in candidate.tests)])
    space: dict[str, object] = {}
    exec(compile(code, "<printed>", "exec"), space)  # noqa: S102  what is under test
    for test in candidate.tests:
        function = space[test.name]
        assert isinstance(function, types.FunctionType)
        for row in rows_of(function):
            function(**row)


@pytest.mark.parametrize("seed", SEEDS)
def test_every_test_printed_passes_and_no_case_is_lost(
    seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    calls: list[object] = []

    def echo(value: object, *, note: object = None) -> object:
        calls.append(note)
        return value

    module = types.ModuleType("echoing")
    module.__dict__["echo"] = echo
    monkeypatch.setitem(sys.modules, "echoing", module)
    for chance in chances(seed):
        calls.clear()
        cases = list(observed(chance))

        run_as_pytest_does(printed(cases))

        assert len(calls) == len({(case.call, case.arguments) for case in cases})


@pytest.mark.parametrize("seed", SEEDS)
def test_the_same_cases_are_printed_the_same_and_under_different_names(seed: int) -> None:
    for chance in chances(seed):
        cases = list(observed(chance))
        first, again = printed(cases), printed(cases)

        assert first == again
        names = [test.name for test in first.tests]
        assert len(set(names)) == len(names)
