"""The engine asks the search once and answers for every target."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import PurePosixPath

from sloptest_hook.generation.offline.engine import OfflineEngine
from sloptest_hook.values.candidate import Candidate, NoCandidate
from sloptest_hook.values.coverage import CoverageStatus, CoverageVerdict, Evidence
from sloptest_hook.values.deadline import Deadline
from sloptest_hook.values.observed import (
    Argument,
    Check,
    Observations,
    ObservedCase,
    Relation,
    SearchRequest,
)
from sloptest_hook.values.plan import Target
from sloptest_hook.values.source import LineRange, Symbol, SymbolKind


@dataclass
class FakeSearch:
    """Has seen what it is told to have seen."""

    seen: Sequence[Observations]
    asked: list[Sequence[SearchRequest]] = field(default_factory=list)

    def search(
        self, requests: Sequence[SearchRequest], deadline: Deadline
    ) -> Iterator[Observations]:
        self.asked.append(requests)
        wanted = {request.qualname for request in requests}
        yield from (each for each in self.seen if each.qualname in wanted)


def target_of(qualname: str, module: str = "shop") -> Target:
    path = PurePosixPath(f"{module}.py")
    symbol = Symbol(path, qualname, SymbolKind.FUNCTION, LineRange(1, 2), "f")
    verdict = CoverageVerdict(
        symbol,
        CoverageStatus.UNCOVERED,
        Evidence.MEASURED,
        missing_lines=frozenset({5, 2}),
        missing_branches=frozenset({(2, 5)}),
    )
    return Target(verdict, module, f"def {qualname}(n): ...\n{qualname}(1)\n")


def seen_of(qualname: str) -> Observations:
    arguments = (Argument("n", "1", keyword=False),)
    check = Check("result", Relation.EQUALS, "2")
    return Observations(
        qualname, (ObservedCase(qualname, arguments, check),), ("line 5 not reached",)
    )


def in_seconds(seconds: float) -> Deadline:
    return Deadline(seconds, clock=lambda: 0.0)


def test_a_target_that_was_seen_gets_tests_and_the_notes() -> None:
    target = target_of("f")

    (answer,) = OfflineEngine(FakeSearch([seen_of("f")])).write([target], in_seconds(10))

    assert isinstance(answer, Candidate)
    assert (answer.target, answer.engine, answer.imports) == (
        target,
        "offline",
        ("from shop import f",),
    )
    assert [test.code for test in answer.tests] == ["def test_f():\n    assert f(1) == 2\n"]
    assert answer.notes == ("line 5 not reached",)


def test_the_search_is_asked_once_for_all_that_is_missing() -> None:
    search = FakeSearch([seen_of("f"), seen_of("g")])

    answers = list(OfflineEngine(search).write([target_of("f"), target_of("g")], in_seconds(10)))

    ((first, second),) = search.asked
    assert len(answers) == 2
    assert (first.qualname, first.module, first.path, second.qualname) == (
        "f",
        "shop",
        "shop.py",
        "g",
    )
    assert (first.wanted_lines, first.wanted_branches) == ((2, 5), ((2, 5),))
    assert [seed.call for seed in first.seeds] == ["f(1)"]


def test_the_seconds_of_a_symbol_are_its_share_and_two_at_most() -> None:
    search = FakeSearch([])
    targets = [target_of(name) for name in "abcd"]

    list(OfflineEngine(search).write(targets, in_seconds(4)))
    list(OfflineEngine(search).write(targets, in_seconds(100)))

    assert [requests[0].seconds for requests in search.asked] == [1.0, 2.0]


def test_two_modules_with_one_name_are_told_apart() -> None:
    search = FakeSearch([seen_of("main")])
    targets = [target_of("main", "one"), target_of("main", "two")]

    answers = list(OfflineEngine(search).write(targets, in_seconds(10)))

    assert [requests[0].module for requests in search.asked] == ["one", "two"]
    assert [answer.imports for answer in answers if isinstance(answer, Candidate)] == [
        ("from one import main",),
        ("from two import main",),
    ]


def test_nothing_seen_is_answered_with_the_cause() -> None:
    seen = Observations("f", notes=("line 5 not reached", "calls the network"))
    target = target_of("f")

    (answer,) = OfflineEngine(FakeSearch([seen])).write([target], in_seconds(10))

    assert answer == NoCandidate(target, "calls the network")


def test_a_module_that_cannot_be_imported_is_told_apart() -> None:
    note = "importing shop failed: ImportError: cannot import name 'fast'"
    target = target_of("f")

    (answer,) = OfflineEngine(FakeSearch([Observations("f", notes=(note,))])).write(
        [target], in_seconds(10)
    )

    assert answer == NoCandidate(target, note, not_importable=True)


def test_a_search_that_says_nothing_is_no_candidate() -> None:
    target = target_of("f")

    (answer,) = OfflineEngine(FakeSearch([])).write([target], in_seconds(10))

    assert answer == NoCandidate(target, "the search ended without an answer for it")


def test_after_the_deadline_nothing_is_searched() -> None:
    search = FakeSearch([seen_of("f")])

    (answer,) = OfflineEngine(search).write([target_of("f")], in_seconds(0))

    assert isinstance(answer, NoCandidate)
    assert answer.out_of_time
    assert search.asked == []
