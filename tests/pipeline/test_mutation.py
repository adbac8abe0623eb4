"""What is asked of mutants, what is remembered of them, and which tests must go."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import PurePosixPath

import pytest

from sloptest_hook.pipeline.mutation import Exercise, Mutating, exercises, mutate, worthless
from sloptest_hook.pipeline.mutation_memory import MutationMemory
from sloptest_hook.symbols.extract import extract_symbols
from sloptest_hook.symbols.parsing import ParseFailure
from sloptest_hook.values.candidate import AddedTest, MergedFile, WrittenTest
from sloptest_hook.values.coverage import FileCoverage
from sloptest_hook.values.deadline import Deadline
from sloptest_hook.values.mutation import (
    MutantStatus,
    MutationRequest,
    MutationRun,
    SymbolMutation,
)
from sloptest_hook.values.source import Symbol

PATH = PurePosixPath("shop.py")
TEXT = (
    "def price(a):\n    if a < 3:\n        return a + 1\n    return a\n\n\ndef idle(a):\n    pass\n"
)
TEST, OTHER = "tests/test_shop.py::test_a", "tests/test_shop.py::test_b"
K, S, U = MutantStatus.KILLED, MutantStatus.SURVIVED, MutantStatus.UNTRIED


def symbol(name: str = "price", text: str = TEXT) -> Symbol:
    found = extract_symbols(PATH, text)
    assert not isinstance(found, ParseFailure)
    return next(each for each in found if each.qualname == name)


@dataclass
class ScriptedMutator:
    """Fits Mutator: gives each mutant, by what it says, a status; SURVIVED for all others."""

    fates: Mapping[str, MutantStatus] = field(default_factory=dict)
    otherwise: MutantStatus = S
    problem: str = ""
    failing: tuple[tuple[str, str], ...] = ()
    requests: list[MutationRequest] = field(default_factory=list)

    def run(self, request: MutationRequest, deadline: Deadline) -> MutationRun:
        self.requests.append(request)
        statuses = [self.fates.get(t.mutant.says, self.otherwise) for t in request.trials]
        return MutationRun(
            tuple((each, TEST if each is K else "") for each in statuses),
            failing=self.failing,
            problem=self.problem,
        )


@dataclass
class DictCache:
    """Fits MutationCache."""

    kept: dict[bytes, Mapping[str, tuple[str, str]]] = field(default_factory=dict)

    def mutant_fates(self, key: bytes) -> Mapping[str, tuple[str, str]]:
        return self.kept.get(key, {})

    def keep_mutant_fates(self, key: bytes, fates: Mapping[str, tuple[str, str]]) -> None:
        self.kept[key] = fates


def measured(
    mutator: ScriptedMutator,
    *,
    cache: DictCache | None = None,
    lines: Mapping[int, tuple[str, ...]] | None = None,
    text: str = TEXT,
    fingerprint: str | None = "one",
    name: str = "price",
) -> SymbolMutation:
    executed = {2: (TEST, OTHER), 3: (TEST,)} if lines is None else lines
    memory = MutationMemory(cache or DictCache(), "here", lambda _test: fingerprint)
    asked = Exercise(symbol(name, text), executed)
    window = Deadline(10.0, lambda: 0.0)
    found = mutate([asked], {PATH: text}, Mutating(mutator, memory), window)
    return found[asked.symbol]


def test_a_mutant_is_asked_of_those_tests_alone_that_execute_its_line() -> None:
    mutator = ScriptedMutator()
    measured(mutator)
    asked = {trial.mutant.line: trial.tests for trial in mutator.requests[0].trials}
    assert asked == {2: (TEST, OTHER), 3: (TEST,)}


def test_a_score_counts_what_was_noticed_of_what_was_tried() -> None:
    found = measured(
        ScriptedMutator({"`<` can become `<=`": K, "`+` can become `-`": MutantStatus.TIMEOUT})
    )
    assert (found.killed, found.tried) == (2, len(found.results))
    assert "`<` can become `>=`" in [each.says for each in found.survivors]
    assert not found.not_measured


def test_equivalent_and_incompetent_mutants_count_for_nobody() -> None:
    found = measured(
        ScriptedMutator({"`<` can become `<=`": MutantStatus.EQUIVALENT}, MutantStatus.INCOMPETENT)
    )
    assert (found.killed, found.tried) == (0, 0)
    assert found.not_measured == "nothing in it can be broken in a way that a test could notice"


@pytest.mark.parametrize(
    ("mutator", "lines", "why"),
    [
        pytest.param(ScriptedMutator(), {}, "no test executes it", id="no test"),
        pytest.param(
            ScriptedMutator(otherwise=U, problem="no pytest"), None, "no pytest", id="a problem"
        ),
        pytest.param(
            ScriptedMutator(otherwise=U),
            None,
            "the time was up before its mutants were tried",
            id="no time",
        ),
        pytest.param(
            ScriptedMutator(otherwise=U, failing=((TEST, "boom"), (OTHER, "boom"))),
            None,
            "the tests that execute it do not pass unmutated, confined as they are: boom",
            id="a failing baseline",
        ),
    ],
)
def test_what_was_not_measured_has_a_reason_and_no_score(
    mutator: ScriptedMutator, lines: Mapping[int, tuple[str, ...]] | None, why: str
) -> None:
    found = measured(mutator, lines=lines)
    assert (found.not_measured, found.killed, found.tried) == (why, 0, 0)


def test_code_without_mutants_is_not_run() -> None:
    mutator = ScriptedMutator()
    text = "def price(a):\n    global b\n    b = a\n"
    found = measured(mutator, text=text, lines={2: (TEST,), 3: (TEST,)})
    assert mutator.requests == []
    assert found.not_measured


def test_unchanged_code_and_tests_are_not_tried_again() -> None:
    cache, mutator = DictCache(), ScriptedMutator({"`<` can become `<=`": K})
    first = measured(mutator, cache=cache)
    assert measured(mutator, cache=cache) == first
    assert len(mutator.requests) == 1


def test_a_symbol_that_has_moved_and_is_formatted_otherwise_is_remembered() -> None:
    cache, mutator = DictCache(), ScriptedMutator({"`<` can become `<=`": K})
    first = measured(mutator, cache=cache)
    moved = "# a comment\n\n" + TEXT.replace("a < 3", "a  <  3")
    lines = {4: (TEST, OTHER), 5: (TEST,)}
    second = measured(mutator, cache=cache, text=moved, lines=lines)
    assert len(mutator.requests) == 1
    assert [e.status for e in second.results] == [e.status for e in first.results]
    assert {each.mutant.line for each in second.results} == {4, 5}


@pytest.mark.parametrize(
    "change",
    [
        pytest.param({"fingerprint": "two"}, id="a test has changed"),
        pytest.param({"fingerprint": None}, id="nobody knows the test"),
        pytest.param({"lines": {2: (TEST,), 3: (TEST,)}}, id="a test is gone"),
        pytest.param({"text": TEXT.replace("a + 1", "a + 2")}, id="the code has changed"),
    ],
)
def test_whatever_has_changed_is_tried_again(change: dict[str, object]) -> None:
    cache, mutator = DictCache(), ScriptedMutator()
    measured(mutator, cache=cache)
    measured(mutator, cache=cache, **change)  # type: ignore[arg-type]  # rows of a table
    assert len(mutator.requests) == 2


def test_what_is_half_tried_is_not_remembered() -> None:
    cache = DictCache()
    measured(ScriptedMutator({"`<` can become `<=`": U}), cache=cache)
    assert cache.kept == {}


@pytest.mark.parametrize(
    "kept",
    [
        pytest.param({"x": ("killed", TEST)}, id="other mutants"),
        pytest.param(None, id="a status that there is not"),
    ],
)
def test_a_cache_that_tells_something_else_tells_nothing(
    kept: Mapping[str, tuple[str, str]] | None,
) -> None:
    cache, mutator = DictCache(), ScriptedMutator()
    measured(mutator, cache=cache)
    (key,) = cache.kept
    cache.kept[key] = kept or dict.fromkeys(cache.kept[key], ("perfect", TEST))
    measured(mutator, cache=cache)
    assert len(mutator.requests) == 2


def test_runs_of_one_file_are_put_together() -> None:
    one = FileCoverage(PATH, frozenset({2, 3}), frozenset(), tests={2: (TEST,), 99: (TEST,)})
    other = FileCoverage(PATH, frozenset({2, 3}), frozenset(), tests={2: (OTHER,), 3: ()})
    (found,) = exercises([symbol()], [one, other])
    assert found.tests == {2: (TEST, OTHER)}


FILE = MergedFile(
    PurePosixPath("tests/test_shop.py"),
    None,
    b"",
    (AddedTest(symbol(), "test_a", WrittenTest("test_a", "")),),
)


def test_tests_of_a_symbol_that_notice_nothing_at_all_must_go() -> None:
    found = measured(ScriptedMutator())
    (reason,) = worthless({found.symbol: found}, [FILE]).values()
    assert reason == (
        f"it passes whatever the code does: none of {found.tried} mutants of price is noticed"
    )


@pytest.mark.parametrize(
    "mutator",
    [
        pytest.param(ScriptedMutator({"`<` can become `<=`": K}), id="one is noticed"),
        pytest.param(ScriptedMutator(otherwise=U, problem="no time"), id="nothing was measured"),
        pytest.param(
            ScriptedMutator({"`<` can become `<=`": S}, otherwise=U), id="hardly any was tried"
        ),
    ],
)
def test_nothing_is_held_against_a_test_that_may_be_worth_something(
    mutator: ScriptedMutator,
) -> None:
    found = measured(mutator)
    assert worthless({found.symbol: found}, [FILE]) == {}
