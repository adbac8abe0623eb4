"""What is printed for observed cases: recorded, black's layout, and true when pytest runs it."""

import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path, PurePosixPath

import pytest

from sloptest_hook.generation.offline.render import rendered
from sloptest_hook.values.candidate import Candidate
from sloptest_hook.values.coverage import CoverageStatus, CoverageVerdict, Evidence
from sloptest_hook.values.observed import Argument, Check, Observations, ObservedCase, Relation
from sloptest_hook.values.plan import Target
from sloptest_hook.values.source import LineRange, Symbol, SymbolKind

HERE = Path(__file__).parent
SAMPLE = HERE / "samples" / "shop.py"
RUFF = Path(sys.executable).with_name("ruff")


def target_of(qualname: str, source: str, module: str = "shop") -> Target:
    symbol = Symbol(
        PurePosixPath(f"{module.replace('.', '/')}.py"),
        qualname,
        SymbolKind.METHOD if "." in qualname else SymbolKind.FUNCTION,
        LineRange(1, 1),
        "f",
    )
    return Target(
        CoverageVerdict(symbol, CoverageStatus.UNCOVERED, Evidence.MEASURED), module, source
    )


def given(*arguments: str, **keywords: str) -> tuple[Argument, ...]:
    """Make arguments out of ``name=source`` texts; keywords are passed by name."""
    positional = (text.split("=", 1) for text in arguments)
    return (
        *(Argument(name, source, keyword=False) for name, source in positional),
        *(Argument(name, source, keyword=True) for name, source in keywords.items()),
    )


def equals(expected: str, actual: str = "result") -> Check:
    return Check(actual, Relation.EQUALS, expected)


def is_(expected: str, actual: str = "result") -> Check:
    return Check(actual, Relation.IS, expected)


def approx(expected: str) -> Check:
    return Check("result", Relation.APPROX, expected)


def raises(expected: str, message: str | None = None) -> Check:
    return Check("result", Relation.RAISES, expected, message)


def case(
    call: str, arguments: tuple[Argument, ...], result: Check | None, **more: object
) -> ObservedCase:
    return ObservedCase(call, arguments, result, **more)  # type: ignore[arg-type]


def cases_of(call: str, rows: Sequence[tuple[tuple[Argument, ...], Check]]) -> list[ObservedCase]:
    return [case(call, arguments, check) for arguments, check in rows]


LONG = "x" * 30
CART = ('cart = Cart("Ann")',)
FULL = ('cart = Cart("Ann", limit=0)',)

SCENARIO = """\
async def scenario():
    await queue.put('tea')
    return await queue.take()"""
FROZEN = """\
class FrozenDatetime(datetime):
    @classmethod
    def now(cls, tz=None):
        return cls(2024, 1, 15, 9, 30, tzinfo=tz)"""

RECORDED: dict[str, tuple[str, list[ObservedCase]]] = {
    "pure_function": (
        "slugify",
        [case("slugify", given("text='Hello World'"), equals("'hello-world'"))],
    ),
    "parametrised": (
        "slugify",
        cases_of(
            "slugify",
            [
                (given("text='Hello World'"), equals("'hello-world'")),
                (given("text='a  b'"), equals("'a-b'")),
                (given("text='x'"), equals("'x'")),
            ],
        ),
    ),
    "parametrised_with_ids": (
        "slugify",
        cases_of(
            "slugify",
            [
                (given("text='Hello World'"), equals("'hello-world'")),
                (given("text=''"), equals("''")),
                (given("text='naïve'"), equals("'na-ve'")),
                (given("text='Hello World'", separator="'_'"), equals("'hello_world'")),
            ],
        ),
    ),
    "true_and_false": (
        "is_valid",
        cases_of(
            "is_valid",
            [
                (given("code='1234'"), is_("True")),
                (given("code=''"), is_("False")),
                (given("code='12'"), is_("False")),
            ],
        ),
    ),
    "always_false": (
        "is_valid",
        cases_of(
            "is_valid", [(given("code='abc'"), is_("False")), (given("code='12'"), is_("False"))]
        ),
    ),
    "one_false": ("is_valid", cases_of("is_valid", [(given("code=''"), is_("False"))])),
    "raising": (
        "parse_duration",
        cases_of(
            "parse_duration",
            [
                (given("text='2m'"), equals("120")),
                (given("text='1h'"), equals("3600")),
                (given("text=''"), raises("ValueError", "empty duration")),
                (
                    given("text='-1s'"),
                    raises("ValueError", "negative duration: '-1s' (use a positive one)"),
                ),
                (given("text='3x'"), raises("KeyError", "'x'")),
            ],
        ),
    ),
    "raising_once": (
        "parse_duration",
        cases_of(
            "parse_duration",
            [
                (
                    given("text='-1s'"),
                    raises("ValueError", "negative duration: '-1s' (use a positive one)"),
                )
            ],
        ),
    ),
    "division_by_zero": (
        "mean",
        cases_of(
            "mean",
            [
                (given("values=[]"), raises("ZeroDivisionError", "division by zero")),
                (given("values=[1.0, 2.5]"), equals("1.75")),
            ],
        ),
    ),
    "float": (
        "mean",
        [case("mean", given("values=[0.1, 0.1, 0.1]"), approx("0.10000000000000002"))],
    ),
    "floats_in_rows": (
        "mean",
        cases_of(
            "mean",
            [
                (given("values=[0.1, 0.2]"), approx("0.15000000000000002")),
                (given("values=[0.7, 0.1, 0.2]"), approx("0.3333333333333333")),
            ],
        ),
    ),
    "floats_and_wholes": (
        "mean",
        cases_of(
            "mean",
            [
                (given("values=[1.0, 2.0]"), equals("1.5")),
                (given("values=[1.0, 1.0, 2.0]"), approx("1.3333333333333333")),
            ],
        ),
    ),
    "floats_in_a_dict": (
        "halves",
        [
            case(
                "halves",
                given("names=['a', 'bb']"),
                approx("{'a': 0.3333333333333333, 'bb': 0.6666666666666666}"),
            )
        ],
    ),
    "none": (
        "find",
        cases_of(
            "find",
            [
                (given("names=['a', 'b']", "wanted='b'"), equals("1")),
                (given("names=[]", "wanted='a'"), is_("None")),
            ],
        ),
    ),
    "enum_member": (
        "unit_of",
        cases_of(
            "unit_of",
            [
                (given("text='3kg'"), is_("Unit.KILO")),
                (given("text='3g'"), is_("Unit.GRAM")),
            ],
        ),
    ),
    "property": (
        "Line.total",
        [
            case(
                "line.total",
                (),
                equals("6.0"),
                arrange=("line = Line('tea', 3.0, 2)",),
                is_property=True,
            )
        ],
    ),
    "constructor": (
        "Cart.__init__",
        [
            case(
                "Cart",
                given("owner='Ann'"),
                None,
                after=(
                    Check("result", Relation.INSTANCE, "Cart"),
                    equals("'Ann'", "result.owner"),
                    equals("3", "result.limit"),
                    equals("[]", "result.names"),
                ),
            )
        ],
    ),
    "method_with_state": (
        "Cart.add",
        [
            case(
                "cart.add",
                given("name='tea'"),
                equals("1"),
                arrange=CART,
                after=(equals("['tea']", "cart.names"),),
            ),
            case(
                "cart.add",
                given("name='milk'"),
                equals("2"),
                arrange=(*CART, "cart.add('tea')"),
                after=(equals("['tea', 'milk']", "cart.names"),),
            ),
            case(
                "cart.add",
                given("name=''"),
                raises("ValueError", "name must not be empty"),
                arrange=CART,
            ),
            case(
                "cart.add",
                given("name='tea'"),
                raises("CartError", "cart of Ann is full (limit 0)"),
                arrange=FULL,
            ),
        ],
    ),
    "method_without_result": (
        "Cart.clear",
        [
            case(
                "cart.clear",
                (),
                is_("None"),
                arrange=("cart = Cart.parse('Ann:tea')",),
                after=(equals("[]", "cart.names"),),
            )
        ],
    ),
    "method_without_arguments": (
        "Cart.is_empty",
        [
            case("cart.is_empty", (), is_("True"), arrange=CART),
            case("cart.is_empty", (), is_("False"), arrange=("cart = Cart.parse('Ann:tea,milk')",)),
        ],
    ),
    "classmethod": (
        "Cart.parse",
        [
            case(
                "Cart.parse",
                given("text='Ann:tea,milk'"),
                None,
                after=(equals("'Ann'", "result.owner"), equals("['tea', 'milk']", "result.names")),
            )
        ],
    ),
    "coroutine": (
        "doubled",
        [
            case("doubled", given("number=3"), equals("6"), is_async=True),
            case("doubled", given("number=-1"), equals("-2"), is_async=True),
        ],
    ),
    "async_generator": (
        "ticks",
        [case("ticks", given("count=3"), equals("[0, 1, 2]"), is_async=True, drain=True)],
    ),
    "generator": (
        "countdown",
        [
            case("countdown", given("start=3"), equals("[3, 2, 1]"), drain=True),
            case("countdown", given("start=0"), equals("[]"), drain=True),
            case(
                "countdown",
                given("start=-1"),
                raises("ValueError", "start is negative"),
                drain=True,
            ),
        ],
    ),
    "printing": (
        "greet",
        [
            case(
                "greet",
                given("name='Ann'"),
                is_("None"),
                after=(
                    equals("'Hello Ann!\\n'", "capsys.readouterr().out"),
                    equals("''", "capsys.readouterr().err"),
                ),
                fixtures=("capsys",),
            )
        ],
    ),
    "printing_once": (
        "greet",
        [
            case(
                "greet",
                given("name='Bob'"),
                is_("None"),
                after=(equals("'Hello Bob!\\n'", "capsys.readouterr().out"),),
                fixtures=("capsys",),
            )
        ],
    ),
    "file": (
        "count_words",
        [
            case(
                "count_words",
                given("path=path"),
                equals("3"),
                arrange=("path = tmp_path / 'words.txt'", "path.write_text('one two\\nthree\\n')"),
                fixtures=("tmp_path",),
            )
        ],
    ),
    "coroutines_in_a_scenario": (
        "Queue.take",
        [
            case(
                "asyncio.run(scenario())",
                (),
                equals("'tea'"),
                arrange=(
                    "queue = Queue()",
                    SCENARIO,
                ),
                imports=("import asyncio",),
                is_property=True,
            )
        ],
    ),
    "frozen_clock": (
        "greeting",
        [
            case(
                "greeting",
                (),
                equals("'good morning'"),
                arrange=(
                    FROZEN,
                    "monkeypatch.setattr('shop.datetime', FrozenDatetime)",
                ),
                imports=("from datetime import datetime",),
                fixtures=("monkeypatch",),
            )
        ],
    ),
    "environment_variable": (
        "is_debug",
        [
            case(
                "is_debug",
                (),
                is_("False"),
                arrange=("monkeypatch.delenv('APP_DEBUG', raising=False)",),
                fixtures=("monkeypatch",),
            ),
            case(
                "is_debug",
                (),
                is_("True"),
                arrange=("monkeypatch.setenv('APP_DEBUG', '1')",),
                fixtures=("monkeypatch",),
            ),
        ],
    ),
    "written_file": (
        "save",
        [
            case(
                "save",
                given("path=tmp_path / 'new.txt'", "text='tea'"),
                is_("None"),
                after=(equals("'TEA'", "(tmp_path / 'new.txt').read_text(encoding='utf-8')"),),
                fixtures=("tmp_path",),
            )
        ],
    ),
    "keyword": (
        "discounted",
        [
            case("discounted", given("price=50.0"), equals("50.0")),
            case("discounted", given("price=50.0", percent="10"), equals("45.0")),
        ],
    ),
    "changed_argument": (
        "sort_in_place",
        [
            case(
                "sort_in_place",
                given("items=items"),
                is_("None"),
                arrange=("items = [3, 1, 2]",),
                after=(equals("[1, 2, 3]", "items"),),
            )
        ],
    ),
    "dataclass": (
        "line_of",
        [case("line_of", given("text='tea=2.5'"), equals("Line(name='tea', price=2.5, count=1)"))],
    ),
    "long_text": (
        "report",
        [
            case(
                "report",
                given("names=['tea', 'milk', 'bread']"),
                equals(
                    "'1. tea is on the list\\n2. milk is on the list\\n3. bread is on the list\\n'"
                ),
            )
        ],
    ),
    "long_list": (
        "table",
        [
            case(
                "table",
                given("width=2", "height=2"),
                equals(
                    "[{'row': 0, 'column': 0}, {'row': 0, 'column': 1}, "
                    "{'row': 1, 'column': 0}, {'row': 1, 'column': 1}]"
                ),
            )
        ],
    ),
    "private": ("_private", [case("_private", given("number=1"), equals("2"))]),
    "by_attribute": ("__hidden", [case("__hidden", given("number=1"), equals("3"))]),
    "called_test": (
        "testable",
        [
            case("testable", given("number=1"), is_("True")),
            case("testable", given("number=0"), is_("False")),
        ],
    ),
    "called_like_a_builtin": ("filter", [case("filter", given("number=1"), equals("'1 items'"))]),
}


def file_of(candidate: Candidate) -> str:
    third_party = [line for line in candidate.imports if line == "import pytest"]
    own = [line for line in candidate.imports if "shop" in line]
    standard = [line for line in candidate.imports if line not in (*third_party, *own)]
    imports = ["\n".join(group) for group in (standard, third_party, own) if group]
    tests = "\n\n".join(test.code for test in candidate.tests)
    return "\n\n".join(imports) + "\n\n\n" + tests


def printed(name: str) -> str:
    qualname, cases = RECORDED[name]
    target = target_of(qualname, SAMPLE.read_text())
    return file_of(rendered(target, Observations(qualname, tuple(cases)), "offline"))


@pytest.mark.parametrize("name", RECORDED)
def test_what_is_printed_is_what_was_recorded(name: str, request: pytest.FixtureRequest) -> None:
    recorded = HERE / "recorded" / f"{name}.txt"

    assert printed(name) == recorded.read_text()


def test_every_recorded_file_has_its_cases() -> None:
    assert {file.stem for file in (HERE / "recorded").iterdir()} == set(RECORDED)


def test_what_is_printed_passes_under_pytest(tmp_path: Path) -> None:
    (tmp_path / "shop.py").write_text(SAMPLE.read_text())
    for name in RECORDED:
        (tmp_path / f"test_{name}.py").write_text(printed(name))

    command = (sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "--strict-markers")
    run = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)

    assert run.returncode == 0, run.stdout
    assert " passed" in run.stdout


def test_what_is_printed_is_laid_out_as_black_does(tmp_path: Path) -> None:
    for name in RECORDED:
        (tmp_path / f"test_{name}.py").write_text(printed(name))

    command = (RUFF, "format", "--diff", "--isolated", "--line-length", "88", tmp_path)
    run = subprocess.run(command, capture_output=True, text=True, check=False)

    assert run.returncode == 0, run.stdout
