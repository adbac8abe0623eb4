"""Which tests may notice that a dataclass is another one."""

from pathlib import PurePosixPath

from sloptest_hook.pipeline.class_mutation import class_exercises
from sloptest_hook.values.coverage import FileCoverage
from sloptest_hook.values.source import SymbolKind

MODELS, SHOP, OTHER = PurePosixPath("models.py"), PurePosixPath("shop.py"), PurePosixPath("x.py")
SOURCES = {
    MODELS: "@dataclass\nclass Price:\n    amount: int = 1\n\n\nclass Plain:\n    a: int = 1\n",
    SHOP: "from models import Price\n\n\ndef f():\n    return Price()\n",
    OTHER: "def g():\n    return 'Pricey'\n",
}
A, B, C = "tests/test_a.py::test_a", "tests/test_b.py::test_b", "tests/test_c.py::test_c"
TESTS = {
    PurePosixPath("tests/test_a.py"): "from shop import f",
    PurePosixPath("tests/test_b.py"): "from models import Price",
    PurePosixPath("tests/test_c.py"): "from x import g",
}


def covered(path: PurePosixPath, *tests: str) -> FileCoverage:
    return FileCoverage(path, frozenset({5}), frozenset(), tests={5: tests})


def test_tests_that_name_a_class_and_those_that_run_code_which_does_are_asked() -> None:
    coverage = [covered(SHOP, A), covered(OTHER, B, C)]
    (found,) = class_exercises(SOURCES, [MODELS, SHOP, OTHER], coverage, TESTS)
    assert (found.symbol.qualname, found.symbol.kind) == ("Price", SymbolKind.CLASS)
    assert found.symbol.lines.first == 1
    assert found.all_tests == (A, B)


def test_where_no_test_may_notice_none_is_asked() -> None:
    (found,) = class_exercises(SOURCES, [MODELS], [], TESTS)
    assert found.all_tests == ()


def test_a_class_is_another_when_its_text_is() -> None:
    one, other = (
        next(class_exercises({MODELS: text}, [MODELS], [], {})).symbol.fingerprint
        for text in (SOURCES[MODELS], SOURCES[MODELS].replace("= 1", "= 2"))
    )
    assert one != other
