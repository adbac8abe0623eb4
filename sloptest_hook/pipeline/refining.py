"""What did not prove itself is mended or asked for anew, for as long as that may help."""

import json
from collections.abc import Iterator, Mapping, Sequence

from sloptest_hook.generation.repairs import mended
from sloptest_hook.pipeline.guarding import Judged, judge_candidates
from sloptest_hook.pipeline.job import Job
from sloptest_hook.pipeline.mutation import is_whole
from sloptest_hook.pipeline.proof import Dropped, Proved
from sloptest_hook.pipeline.verify import Bench
from sloptest_hook.values.candidate import Candidate, Claim, NoCandidate, WrittenTest
from sloptest_hook.values.deadline import Deadline
from sloptest_hook.values.mutation import SymbolMutation
from sloptest_hook.values.plan import Target
from sloptest_hook.values.records import dataclass, replace
from sloptest_hook.values.refining import Failure, RefineRequest
from sloptest_hook.values.source import Symbol

# A call and the proof of what comes back; less is not worth beginning.
_LEAST_SECONDS = 4.0
_ENOUGH = 0.5  # of the mutants: whose tests notice less is asked for more
_MOST_SURVIVORS = 12
_ASKING_SHARE = 0.6  # of what is left, the rest is for the proof


class Refining:
    """The attempts of one commit: which tests are known to be no good, and what was tried.

    ``claims`` are what the engine holds for bugs of the code, ``dropped`` what the guard refused
    on the way, ``attempts`` how often something was tried anew. ``mutations`` say what the tests
    that are kept would not notice.
    """

    def __init__(
        self,
        job: Job,
        bench: Bench,
        deadline: Deadline,
        mutations: Mapping[Symbol, SymbolMutation],
    ) -> None:
        self.claims: list[Claim] = []
        self.dropped: list[Dropped] = []
        self.attempts = 0
        self._job = job
        self._bench = bench
        self._deadline = deadline
        self._mutations = mutations
        self._is_sharpened = False
        self._written: dict[tuple[Symbol, str], tuple[WrittenTest, Candidate]] = {}
        self._met: set[tuple[Symbol, str]] = set()  # failures, to know one again
        self._known: set[str] = set()  # the code of every test that was tried
        self._read = 0  # of what was dropped

    def begin(self, candidates: Sequence[Candidate]) -> None:
        """Prove what the engine wrote; ``candidates`` have passed the guard."""
        self._remember(candidates)
        self._bench.add(candidates)

    def run(self, unfit: Judged) -> Proved:
        """Try again what failed, and what the guard found ``unfit``, until nothing comes of it."""
        settings = self._job.settings.refine
        left = [
            _Fault(each.candidate, each.test, each.violations[0].message) for each in unfit.unfit
        ]
        while settings.enable and self.attempts < settings.attempts:
            faults = [*left, *self._new_faults()]
            left = []
            if self._deadline.remaining < _LEAST_SECONDS:
                break
            anew = self._anew(faults) if faults else self._sharper()
            if not anew:
                break
            fit = judge_candidates(anew, self._job.tree, self._job.workshop.confinement)
            self.dropped += fit.dropped
            self._remember(fit.candidates)
            self._bench.add(fit.candidates)
        return self._bench.result()

    def _remember(self, candidates: Sequence[Candidate]) -> None:
        for candidate in candidates:
            for test in candidate.tests:
                self._written[candidate.target.symbol, test.name] = test, candidate
                self._known.add(test.code)

    def _new_faults(self) -> list["_Fault"]:
        """Return what was dropped since the last time, without what fails as it did before."""
        dropped = self._bench.result().dropped
        new, self._read = dropped[self._read :], len(dropped)
        faults = []
        for each in new:
            met = each.symbol, each.reason
            if (
                each.out_of_time
                or met in self._met
                or (each.symbol, each.name) not in self._written
            ):
                continue
            self._met.add(met)
            test, candidate = self._written[each.symbol, each.name]
            faults.append(_Fault(candidate, test, each.reason, each.detail))
        return faults

    def _anew(self, faults: Sequence["_Fault"]) -> list[Candidate]:
        self.attempts += 1
        return self._mended(faults) or self._asked(faults)

    def _mended(self, faults: Sequence["_Fault"]) -> list[Candidate]:
        """Return the tests in which a rule knew a slip."""
        found = []
        for fault in faults:
            done = mended(fault.failure, fault.candidate.target)
            if done is None or (done.test.code in self._known and done.imports == fault.imports):
                continue
            self._trace([fault], f"mended by rule: {done.rule}")
            found.append(replace(fault.candidate, tests=(done.test,), imports=done.imports))
        return found

    def _asked(self, faults: Sequence["_Fault"]) -> list[Candidate]:
        """Return what the engine writes in their place; nothing that was tried already."""
        requests = [
            replace(each, survivors=self._unnoticed(each.target.symbol))
            for each in _requests(faults, self._bench.result())
        ]
        self._trace(faults, "asked for anew")
        return self._answers(requests)

    def _sharper(self) -> list[Candidate]:
        """Return more tests for symbols whose kept ones let most of what is broken pass; once."""
        if self._is_sharpened:
            return []
        self._is_sharpened = True
        targets = {each.target.symbol: each.target for _, each in self._written.values()}
        requests = [
            RefineRequest(targets[symbol], (), survivors=self._unnoticed(symbol))
            for symbol, each in self._mutations.items()
            if symbol in targets and is_whole(each) and each.killed < _ENOUGH * each.tried
        ]
        self.attempts += bool(requests)
        return self._answers(requests) if requests else []

    def _unnoticed(self, symbol: Symbol) -> tuple[str, ...]:
        mutation = self._mutations.get(symbol)
        survivors = mutation.survivors[:_MOST_SURVIVORS] if mutation else ()
        return tuple(f"line {each.line}: {each.says}" for each in survivors)

    def _answers(self, requests: Sequence[RefineRequest]) -> list[Candidate]:
        self._job.edges.tell(f"symbols to write tests anew for: {len(requests)}")
        deadline = self._deadline.within(_ASKING_SHARE * self._deadline.remaining)
        answers = list(self._job.workshop.engine.refine(requests, deadline))
        self.claims += (claim for each in answers for claim in each.claims)
        return [new for each in answers if (new := self._unknown(each)) is not None]

    def _unknown(self, answer: Candidate | NoCandidate) -> Candidate | None:
        if isinstance(answer, NoCandidate):
            return None
        tests = tuple(test for test in answer.tests if test.code not in self._known)
        return replace(answer, tests=tests) if tests else None

    def _trace(self, faults: Sequence["_Fault"], what: str) -> None:
        document = [{**fault.as_json(), "then": what} for fault in faults]
        text = json.dumps(document, indent=2)
        self._job.workshop.keep(f"failures-{self.attempts}.json", text + "\n")


@dataclass(frozen=True, slots=True)
class _Fault:
    """A test that is no good as it is, and why."""

    candidate: Candidate
    test: WrittenTest
    reason: str
    detail: str = ""

    @property
    def imports(self) -> tuple[str, ...]:
        return self.candidate.imports

    @property
    def failure(self) -> Failure:
        return Failure(self.test, self.imports, self.reason, self.detail)

    def as_json(self) -> Mapping[str, str]:
        symbol = self.candidate.target.symbol
        return {
            "path": str(symbol.path),
            "qualname": symbol.qualname,
            "test": self.test.name,
            "code": self.test.code,
            "reason": self.reason,
            "detail": self.detail,
        }


def _requests(faults: Sequence[_Fault], proved: Proved) -> Iterator[RefineRequest]:
    by_target: dict[Symbol, list[_Fault]] = {}
    targets: dict[Symbol, Target] = {}
    for fault in faults:
        target = fault.candidate.target
        by_target.setdefault(target.symbol, []).append(fault)
        targets[target.symbol] = target
    for symbol, own in by_target.items():
        executed = {n for c in proved.coverage if c.path == symbol.path for n in c.tests}
        missing = tuple(sorted(targets[symbol].verdict.missing_lines - executed))
        yield RefineRequest(targets[symbol], tuple(each.failure for each in own), missing)
