"""A model's reply: read strictly, taken apart, never repaired."""

import json
from pathlib import PurePosixPath

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sloptest_hook.generation.attribution import candidates_of
from sloptest_hook.generation.reply import ReplyFile, read_files
from sloptest_hook.generation.reply_paths import collision, path_fault
from sloptest_hook.generation.strict_json import BadReply, read_json
from sloptest_hook.values.candidate import Candidate, NoCandidate, SupportCode
from sloptest_hook.values.coverage import CoverageStatus, CoverageVerdict, Evidence
from sloptest_hook.values.plan import Target
from sloptest_hook.values.source import LineRange, Symbol, SymbolKind

TEST = "from shop import total\n\n\ndef test_total():\n    assert total([1]) == 1\n"


def reply(text: str = TEST, path: str = "tests/test_shop.py") -> str:
    return json.dumps({path: text})


def read(text: str) -> ReplyFile:
    files = read_files(reply(text))
    assert not isinstance(files, BadReply), files.reason
    return files[0]


def refusal(body: bytes | str) -> str:
    files = read_files(body)
    assert isinstance(files, BadReply)
    return files.reason


def target(qualname: str) -> Target:
    kind = SymbolKind.METHOD if "." in qualname else SymbolKind.FUNCTION
    symbol = Symbol(PurePosixPath("shop.py"), qualname, kind, LineRange(1, 2), qualname)
    verdict = CoverageVerdict(symbol, CoverageStatus.UNCOVERED, Evidence.MEASURED)
    return Target(verdict, "shop", "")


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        pytest.param("Here you are: {}", "not JSON", id="words around it"),
        pytest.param(b"\xff{}", "not UTF-8", id="no UTF-8"),
        pytest.param("{}", "not an object of paths", id="empty"),
        pytest.param("[]", "not an object of paths", id="a list"),
        pytest.param("null", "not an object of paths", id="null"),
        pytest.param('{"tests/test_a.py": "", "tests/test_a.py": ""}', "twice", id="a key twice"),
        pytest.param('{"tests/test_a.py": {"a": 1, "a": 2}}', "twice", id="twice, below"),
        pytest.param('{"tests/test_a.py": NaN}', "NaN", id="NaN"),
        pytest.param('{"tests/test_a.py": 1e999}', "1e999", id="a float too large"),
        pytest.param('{"tests/test_a.py": ' + "9" * 9000 + "}", "not JSON", id="a long number"),
        pytest.param('{"tests/test_a.py": ["x"]}', "not a text", id="lines in a list"),
        pytest.param("[" * 100_000, "nested deeper", id="deep"),
        pytest.param('{"a": ' * 13 + "1" + "}" * 13, "nested deeper", id="a little too deep"),
        pytest.param(reply("x" * 300_000), "bytes", id="large"),
        pytest.param(reply() + reply(), "not JSON", id="two values"),
    ],
)
def test_a_reply_of_another_shape_is_refused(body: bytes | str, reason: str) -> None:
    assert reason in refusal(body)


def test_a_reply_in_one_fence_is_read() -> None:
    assert read_files(f"```json\n{reply()}\n```\n") == read_files(reply())


def test_a_reply_of_too_many_files_is_refused() -> None:
    body = json.dumps({f"tests/test_{number}.py": TEST for number in range(9)})
    assert "9 files" in refusal(body)


@pytest.mark.parametrize(
    "path",
    [
        "",
        "/tests/test_a.py",
        "tests",
        "tests/",
        "tests//test_a.py",
        "tests/./test_a.py",
        "tests/../test_a.py",
        "tests/a/../../test_a.py",
        "tests\\test_a.py",
        "tests/test_a.py\x00",
        "tests/test_a.py\n",
        "tests/test_a.py ",
        "tests/test_a.py.",
        "tests/ /test_a.py",
        "Tests/test_a.py",
        "tests/test_A.py",
        "tests/test_é.py",
        "tests/nul.py",
        "tests/aux/test_a.py",
        "tests/com1/test_a.py",
        "tests/conftest.py",
        "tests/__init__.py",
        "tests/a_test.py",
        "tests/test_.py",
        "tests/test_a.pyc",
        "tests/test_a.py:stream",
        "tests/-p/test_a.py",
        "tests/.git/test_a.py",
        "tests/test_" + "a" * 90 + ".py",
        "tests/" + "a/" * 40 + "test_a.py",
        "src/test_a.py",
        "~/tests/test_a.py",
        "C:/tests/test_a.py",
        "file:tests/test_a.py",
    ],
)
def test_a_path_off_the_list_is_refused(path: str) -> None:
    assert path_fault(path)
    assert isinstance(read_files(reply(path=path)), BadReply)


@pytest.mark.parametrize("path", ["tests/test_a.py", "tests/unit/shop_2/test_a_b.py"])
def test_a_plain_path_is_allowed(path: str) -> None:
    assert path_fault(path) == ""


def test_paths_are_below_the_projects_own_tests_directory() -> None:
    assert path_fault("src/shop/tests/test_a.py", "src/shop/tests") == ""
    assert path_fault("tests/test_a.py", "src/shop/tests")


def test_paths_that_are_one_on_some_systems_collide() -> None:
    assert collision(["a/test_é.py", "a/TEST_e\u0301.py"]) == "a/TEST_e\u0301.py"
    assert collision(["a/test_a.py", "a/test_b.py"]) == ""


@given(st.text())
def test_any_text_is_read_or_refused(text: str) -> None:
    assert isinstance(read_files(text), BadReply | tuple)


@given(st.recursive(st.none() | st.integers() | st.text(), lambda x: st.lists(x, max_size=3)))
def test_what_json_writes_is_read_back(value: object) -> None:
    read_back = read_json(json.dumps(value))
    assert read_back == value or isinstance(read_back, BadReply)


@given(st.text())
def test_any_content_is_taken_apart_or_refused(text: str) -> None:
    assert isinstance(read_files(reply(text)), BadReply | tuple)


def test_a_file_is_taken_apart() -> None:
    parts = read(
        '"""A docstring."""\n\nimport os; import pytest\nfrom shop import (\n    total,\n)\n\n'
        "RATE: int = 3\n\n\n@pytest.fixture\ndef prices():\n    return [RATE]\n\n\n"
        "@pytest.mark.parametrize('n', [1])\ndef test_total(prices, n):\n"
        "    assert total(prices) == 3\n"
    ).parts
    assert parts.imports == ("import os", "import pytest", "from shop import (\n    total,\n)")
    assert parts.support == (
        SupportCode("RATE", "RATE: int = 3\n"),
        SupportCode("prices", "@pytest.fixture\ndef prices():\n    return [RATE]\n"),
    )
    assert [test.name for test in parts.tests] == ["test_total"]
    assert parts.tests[0].code.startswith("@pytest.mark.parametrize('n', [1])\ndef test_total(")


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        pytest.param(f"{TEST}print(1)\n", "line 6: only imports", id="a call"),
        pytest.param(f"if 1:\n    x = 1\n{TEST}", "line 1: only imports", id="a branch"),
        pytest.param(f"a, b = 1, 2\n{TEST}", "line 1: only imports", id="several names"),
        pytest.param(f"{TEST}x.y = 1\n", "line 6: only imports", id="an attribute"),
        pytest.param("x = 1\n", "no test", id="no test"),
        pytest.param(TEST + TEST, "twice", id="a name twice"),
        pytest.param("def test_a(:\n", "does not parse", id="no Python"),
        pytest.param(f"{TEST}# \u202e\n", "invisible", id="a direction mark"),
        pytest.param("x = " + "-" * 60_000 + "1\n", "columns", id="a deep expression"),
    ],
)
def test_a_file_that_cannot_be_merged_is_refused(text: str, reason: str) -> None:
    assert reason in refusal(reply(text))


def test_a_class_without_state_becomes_functions() -> None:
    parts = read(
        "import pytest\n\n\nclass TestBigCart:\n    '''Of carts.'''\n\n"
        "    @pytest.mark.parametrize('n', [1])\n    async def test_add(self, n):\n"
        "        assert n == 1\n\n    def test_empty(self):\n        assert not []\n"
    ).parts
    assert [test.name for test in parts.tests] == ["test_big_cart_add", "test_big_cart_empty"]
    assert parts.tests[0].code == (
        "@pytest.mark.parametrize('n', [1])\nasync def test_big_cart_add(n):\n    assert n == 1\n"
    )


@pytest.mark.parametrize(
    "body",
    [
        pytest.param("    def test_a(self):\n        assert self\n", id="uses self"),
        pytest.param("    x = 1\n    def test_a(self):\n        assert 1\n", id="holds a value"),
        pytest.param("    def setup_method(self):\n        pass\n", id="has a fixture"),
        pytest.param("    def test_a():\n        assert 1\n", id="has no self"),
        pytest.param(
            "    def test_a(self):\n        assert '''\n     x''' != ''\n", id="a text over lines"
        ),
    ],
)
def test_another_class_is_refused(body: str) -> None:
    assert "write plain test functions" in refusal(reply(f"class TestIt:\n{body}"))


def test_each_test_goes_to_the_target_that_it_names() -> None:
    file = read(
        "from shop import Cart, total\n\n\ndef filled():\n    return Cart([1])\n\n\n"
        "def test_add():\n    assert filled().add(2) == 3\n\n\n"
        "def test_total():\n    assert total([]) == 0\n"
    )
    targets = [target("total"), target("Cart.add"), target("Cart.clear"), target("rate")]
    answers = list(candidates_of([file], targets, "llm"))
    tests = {
        answer.target.symbol.qualname: [test.name for test in answer.tests]
        for answer in answers
        if isinstance(answer, Candidate)
    }
    assert tests == {"total": ["test_total"], "Cart.add": ["test_add"]}
    assert [a.target.symbol.qualname for a in answers if isinstance(a, NoCandidate)] == [
        "Cart.clear",
        "rate",
    ]


def test_a_test_that_names_no_target_goes_to_the_first() -> None:
    file = read("def test_it():\n    assert sum([]) == 0\n")
    first, second = candidates_of([file], [target("total"), target("rate")], "llm")
    assert isinstance(first, Candidate)
    assert isinstance(second, NoCandidate)
