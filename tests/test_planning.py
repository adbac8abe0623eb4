from pathlib import PurePosixPath

import pytest

from sloptest_hook.planning import (
    SourceFile,
    is_test_file,
    is_wanted,
    make_plan,
    matches,
    screen,
)
from sloptest_hook.values.coverage import CoverageStatus, CoverageVerdict, Evidence
from sloptest_hook.values.plan import Plan, Skipped
from sloptest_hook.values.settings import Settings
from sloptest_hook.values.source import LineRange, Symbol, SymbolKind

FILES = {PurePosixPath("src/mod.py"): SourceFile("the text", "mod", call_sites=("mod.f(1)",))}


def symbol(qualname: str = "f", *, path: str = "src/mod.py", first: int = 1) -> Symbol:
    lines = LineRange(first, first + 3)
    return Symbol(PurePosixPath(path), qualname, SymbolKind.FUNCTION, lines, "f")


def verdict(
    of: Symbol,
    *,
    status: CoverageStatus = CoverageStatus.UNCOVERED,
    missing: int = 3,
    tests: tuple[str, ...] = (),
) -> CoverageVerdict:
    lines = frozenset(range(of.lines.first + 1, of.lines.first + 1 + missing))
    return CoverageVerdict(of, status, Evidence.MEASURED, lines, lines, tests=tests)


def reasons(plan: Plan) -> list[str]:
    assert plan.targets == ()
    return [skipped.reason for skipped in plan.skipped]


def test_an_uncovered_symbol_becomes_a_target_with_all_an_engine_needs() -> None:
    uncovered = verdict(symbol())

    (target,) = make_plan([uncovered], Settings(), FILES).targets

    assert (target.verdict, target.module) == (uncovered, "mod")
    assert (target.source, target.call_sites) == ("the text", ("mod.f(1)",))


def test_targets_come_by_missing_lines_then_by_place() -> None:
    verdicts = [
        verdict(symbol("big"), missing=9),
        verdict(symbol("late", first=50), missing=2),
        verdict(symbol("early", first=10), missing=2),
    ]

    plan = make_plan(verdicts, Settings(), FILES)

    assert [target.symbol.qualname for target in plan.targets] == ["early", "late", "big"]


def test_a_partly_covered_symbol_is_a_target() -> None:
    partial = verdict(symbol(), status=CoverageStatus.PARTIAL, tests=("tests/test_mod.py::test_f",))

    assert len(make_plan([partial], Settings(), FILES).targets) == 1


@pytest.mark.parametrize(
    ("tests", "reason"),
    [
        (("tests/a.py::test_f",), "covered by tests/a.py::test_f"),
        (("tests/a.py::test_f", "b", "c"), "covered by tests/a.py::test_f and 2 more"),
    ],
    ids=["one test", "several tests"],
)
def test_a_covered_symbol_is_skipped_and_the_reason_names_the_evidence(
    tests: tuple[str, ...], reason: str
) -> None:
    covered = verdict(symbol(), status=CoverageStatus.COVERED, tests=tests)

    assert reasons(make_plan([covered], Settings(), FILES)) == [reason]


def test_a_symbol_excluded_from_coverage_has_a_reason_of_its_own() -> None:
    nothing = verdict(symbol(), status=CoverageStatus.COVERED, missing=0)

    assert reasons(make_plan([nothing], Settings(), FILES)) == ["has no executable line"]


def test_an_estimate_is_called_one() -> None:
    estimated = CoverageVerdict(
        symbol(),
        CoverageStatus.COVERED,
        Evidence.ESTIMATED,
        relied_on=(PurePosixPath("tests/test_mod.py"),),
    )

    assert reasons(make_plan([estimated], Settings(), FILES)) == [
        "estimated as covered, nothing was measured: it is mentioned in tests/test_mod.py"
    ]


def test_a_file_that_cannot_be_imported_is_skipped_with_its_reason() -> None:
    path = "my-script.py"
    files = {PurePosixPath(path): SourceFile("", "", "my-script.py cannot be imported: ...")}

    plan = make_plan([verdict(symbol(path=path))], Settings(), files)

    assert reasons(plan) == ["my-script.py cannot be imported: ..."]


@pytest.mark.parametrize(
    ("name", "missing", "is_target"),
    [
        ("A.__del__", 1, False),
        ("A.__init_subclass__", 2, False),
        ("A.__init_subclass__", 3, True),
        ("A.__init__", 1, True),
        ("A.__eq__", 1, True),
        ("A.__call__", 1, True),
    ],
    ids=str,
)
def test_special_methods_with_next_to_nothing_in_them_are_skipped(
    name: str, missing: int, *, is_target: bool
) -> None:
    plan = make_plan([verdict(symbol(name), missing=missing)], Settings(), FILES)

    assert bool(plan.targets) is is_target
    assert bool(plan.skipped) is not is_target


SKIPPED = {
    "a test": (symbol(path="tests/test_mod.py"), "belongs to the tests"),
    "setup.py": (symbol(path="setup.py"), "setup.py is a build script: importing it runs it"),
    "no name": (symbol("_"), "has no name of its own to be called by"),
    "excluded": (symbol(path="src/gen/mod.py"), "excluded by exclude = 'gen'"),
    "not included": (symbol(path="tools/mod.py"), "not named by include"),
}


@pytest.mark.parametrize(("of", "reason"), SKIPPED.values(), ids=SKIPPED)
def test_some_symbols_are_skipped_before_anything_is_measured(of: Symbol, reason: str) -> None:
    settings = Settings(include=("src", "setup.py", "tests"), exclude=("gen",))

    screened = screen([of, symbol()], settings)

    assert screened.kept == (symbol(),)
    assert screened.skipped == (Skipped(of, reason),)


def test_a_plan_skips_them_too() -> None:
    path = PurePosixPath("gen/mod.py")
    plan = make_plan(
        [verdict(symbol(path=str(path)))], Settings(exclude=("gen",)), {path: SourceFile("", "m")}
    )

    assert reasons(plan) == ["excluded by exclude = 'gen'"]


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("tests/test_a.py", True),
        ("tests/unit/helpers.py", True),
        ("tests/conftest.py", True),
        ("conftest.py", True),
        ("src/test_a.py", True),
        ("src/a_test.py", True),
        ("src/app/tests/factories.py", True),
        ("test/a.py", True),
        ("src/a.py", False),
        ("src/testing.py", False),
        ("django/test/client.py", False),
        ("src/latest.py", False),
    ],
    ids=str,
)
def test_test_files_are_known_by_place_and_name(path: str, *, expected: bool) -> None:
    assert is_test_file(PurePosixPath(path), PurePosixPath("tests")) is expected


def test_another_directory_and_other_names_can_be_set() -> None:
    path, other = PurePosixPath("spec/a.py"), PurePosixPath("src/check_a.py")

    assert is_test_file(path, PurePosixPath("spec"))
    assert is_test_file(other, PurePosixPath("spec"), ["check_*.py"])
    assert not is_test_file(other, PurePosixPath("spec"))


MATCHING = {
    "a name anywhere": ("migrations", "app/migrations/0001.py"),
    "a file name anywhere": ("*_pb2.py", "src/api/a_pb2.py"),
    "a directory from the top": ("src/gen", "src/gen/a/b.py"),
    "a directory with a slash": ("gen/", "gen/a.py"),
    "from the top": ("/gen", "gen/a.py"),
    "with a dot": ("./src/gen", "src/gen/a.py"),
    "any depth": ("src/**/*.py", "src/a/b/c.py"),
    "no depth": ("src/**/*.py", "src/c.py"),
    "all below": ("docs/**", "docs/a/b.py"),
    "in between": ("**/gen/*.py", "a/b/gen/c.py"),
    "one character": ("v?.py", "src/v1.py"),
    "a set of characters": ("v[0-9].py", "v7.py"),
    "not of a set": ("v[!0-9].py", "va.py"),
    "a bracket that opens nothing": ("a[.py", "a[.py"),
    "an empty set": ("a[].py", "a[].py"),
    "an upside-down range": ("a[z-a].py", "a[z-a].py"),
    "characters of a regular expression": ("a+(b).py", "a+(b).py"),
    "everything": (".", "src/a.py"),
}
OTHERS = {
    "part of a name": ("gen", "src/generate.py"),
    "a star stays in its name": ("src/*.py", "src/a/b.py"),
    "with a slash it starts at the top": ("gen/a.py", "src/gen/a.py"),
    "rooted": ("/gen", "src/gen/a.py"),
    "a dot is a dot": ("a.py", "abpy"),
    "not of a set": ("v[!0-9].py", "v7.py"),
    "a set holds no slash": ("a[!b]c.py", "a/c.py"),
    "longer": ("*.py", "a.pyi"),
}


@pytest.mark.parametrize(("pattern", "path"), MATCHING.values(), ids=MATCHING)
def test_a_pattern_names_files_and_all_below_directories(pattern: str, path: str) -> None:
    assert matches(PurePosixPath(path), pattern)


@pytest.mark.parametrize(("pattern", "path"), OTHERS.values(), ids=OTHERS)
def test_a_pattern_names_nothing_else(pattern: str, path: str) -> None:
    assert not matches(PurePosixPath(path), pattern)


@pytest.mark.parametrize(
    ("include", "exclude", "wanted"),
    [
        ((), (), True),
        (("src",), (), True),
        (("lib",), (), False),
        ((), ("src",), False),
        (("src",), ("src/a.py",), False),
    ],
    ids=["neither", "included", "not included", "excluded", "exclude wins"],
)
def test_include_and_exclude_choose_files(
    include: tuple[str, ...], exclude: tuple[str, ...], *, wanted: bool
) -> None:
    settings = Settings(include=include, exclude=exclude)

    assert is_wanted(PurePosixPath("src/a.py"), settings) is wanted
