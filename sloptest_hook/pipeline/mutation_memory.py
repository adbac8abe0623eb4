"""What became of mutants before: the same symbol, the same tests, the same operators."""

from collections.abc import Callable, Mapping, Sequence

from sloptest_hook.pipeline.tree import StagedTree
from sloptest_hook.pipeline.workshop import MutationCache
from sloptest_hook.quality.operators import VERSION
from sloptest_hook.symbols.closures import Closures
from sloptest_hook.values.digests import digest_of
from sloptest_hook.values.facts import key_of
from sloptest_hook.values.mutation import (
    Mutant,
    MutantResult,
    MutantSet,
    MutantStatus,
    SymbolMutation,
)
from sloptest_hook.values.records import dataclass

# Status and the test that noticed it, by what tells a mutant of a symbol from its others.
Fates = Mapping[str, tuple[str, str]]


@dataclass(frozen=True, slots=True)
class MutationMemory:
    """The cache of one environment; ``fingerprint`` tells what a test is, None: nobody knows.

    A change in code that the symbol calls is not seen here: only what has a fingerprint counts.
    """

    cache: MutationCache
    environment: str
    fingerprint: Callable[[str], str | None]

    def recalled(self, made: MutantSet, tests: Sequence[str]) -> SymbolMutation | None:
        """Return what became of exactly these mutants under exactly these tests, or None."""
        key = self._key(made, tests)
        fates = None if key is None else self.cache.mutant_fates(key)
        if not fates or not made.mutants:
            return None
        results = [_result(mutant, fates, tests) for mutant in made.mutants]
        known = tuple(each for each in results if each is not None)
        if len(known) < len(results):
            return None
        return SymbolMutation(made.symbol, known, made.total, made.avoided)

    def remember(self, mutation: SymbolMutation, tests: Sequence[str]) -> None:
        """Keep what became of all mutants of a symbol."""
        mutants = tuple(each.mutant for each in mutation.results)
        made = MutantSet(mutation.symbol, mutants, mutation.total, mutation.avoided)
        key = self._key(made, tests)
        if key is not None:
            fates = {_name(e.mutant): (e.status.value, e.by) for e in mutation.results}
            self.cache.keep_mutant_fates(key, fates)

    def _key(self, made: MutantSet, tests: Sequence[str]) -> bytes | None:
        known = [(test, self.fingerprint(test)) for test in sorted(tests)]
        if not known or any(fingerprint is None for _, fingerprint in known):
            return None
        parts = [self.environment, VERSION, *(f"{test}\0{said}" for test, said in known)]
        text = "\0".join(parts).encode("utf-8", "surrogateescape")
        return digest_of(key_of(made.symbol) + text)


def fingerprints(tree: StagedTree) -> Callable[[str], str | None]:
    """Return what tells the tests of a tree from other versions of them."""
    closures = Closures(tree.tests, tree.files)

    def fingerprint(test: str) -> str | None:
        closure = closures.of(test)
        return None if closure is None else closure.fingerprint

    return fingerprint


def _name(mutant: Mutant) -> str:
    """Return what a mutant is called however its symbol is formatted, and wherever it stands."""
    return f"{mutant.ordinal} {mutant.operator} {mutant.before!r} {mutant.after!r}"


def _result(mutant: Mutant, fates: Fates, tests: Sequence[str]) -> MutantResult | None:
    status, by = fates.get(_name(mutant), ("", ""))
    try:
        return MutantResult(mutant, MutantStatus(status), by if by in tests else "")
    except ValueError:
        return None
