"""Judges every candidate before anything is done with it, whoever wrote it."""

import ast
import re
import sys
from collections.abc import Mapping, Sequence
from pathlib import PurePosixPath

from sloptest_hook.guard.judge import violations
from sloptest_hook.guard.project import ProjectNames, Subject
from sloptest_hook.guard.verdicts import Verdict, Violation
from sloptest_hook.merging.snippet import joined
from sloptest_hook.pipeline.proof import Dropped
from sloptest_hook.pipeline.tree import StagedTree
from sloptest_hook.symbols.extract import first_line
from sloptest_hook.symbols.imports import imported_modules
from sloptest_hook.symbols.modules import module_index
from sloptest_hook.values.candidate import Candidate, WrittenTest
from sloptest_hook.values.records import dataclass, replace

STRONG = "strong"  # the level of confinement that the verdict asks for


@dataclass(frozen=True, slots=True)
class Unfit:
    """A test that would be kept if it were written otherwise, and all that is wrong with it."""

    candidate: Candidate
    test: WrittenTest
    violations: tuple[Violation, ...]


@dataclass(frozen=True, slots=True)
class Judged:
    """What the guard left, what it took out, and of that what a second attempt may do better."""

    candidates: tuple[Candidate, ...] = ()
    dropped: tuple[Dropped, ...] = ()
    unfit: tuple[Unfit, ...] = ()


def judge_candidates(candidates: Sequence[Candidate], tree: StagedTree, confinement: str) -> Judged:
    """Return the candidates without what the guard refuses at this level of confinement.

    A denied line drops the candidate whole: an engine that writes one hostile test is not trusted
    with the next. What can be fixed drops the test in which it stands, or all that share the code
    in which it stands.
    """
    own = frozenset(name.partition(".")[0] for name in module_index(tree.files))
    judged = [_judged(each, _violations(each, own, tree, confinement)) for each in candidates]
    return Judged(
        tuple(each for one in judged for each in one.candidates),
        tuple(each for one in judged for each in one.dropped),
        tuple(each for one in judged for each in one.unfit),
    )


def _judged(candidate: Candidate, found: Sequence[Violation]) -> Judged:
    bad = _by_test(candidate, found)
    kept = tuple(test for test in candidate.tests if test.name not in bad)
    taken = [test for test in candidate.tests if test.name in bad]
    denied = any(each.verdict is Verdict.DENY for each in found)
    return Judged(
        (replace(candidate, tests=kept),) if kept else (),
        tuple(
            Dropped(candidate.target.symbol, test.name, _reason(bad[test.name])) for test in taken
        ),
        () if denied else tuple(Unfit(candidate, test, bad[test.name]) for test in taken),
    )


def _violations(
    candidate: Candidate, own: frozenset[str], tree: StagedTree, confinement: str
) -> list[Violation]:
    source = joined(candidate)
    target = candidate.target
    project = ProjectNames(
        own, _used(source, own, tree), (Subject(target.symbol.qualname, target.source),)
    )
    free = {Verdict.NOTE, Verdict.STRONG_SANDBOX} if confinement == STRONG else {Verdict.NOTE}
    return [each for each in violations(source, project) if each.verdict not in free]


def _used(source: str, own: frozenset[str], tree: StagedTree) -> frozenset[str]:
    """Return what a candidate imports of what the project imports already, by top-level name.

    Read from the candidate's side: it has few imports, and the project many files.
    """
    tops = {name.partition(".")[0] for name in imported_modules(source, "")}
    unknown = tops - own - sys.stdlib_module_names
    return frozenset(top for top in unknown if _is_imported(top, (tree.sources, tree.tests)))


def _is_imported(top: str, texts: Sequence[Mapping[PurePosixPath, str]]) -> bool:
    statement = re.compile(rf"^[ \t]*(?:import|from)[ \t]+{re.escape(top)}\b", re.MULTILINE)
    return any(statement.search(text) for each in texts for text in each.values())


def _by_test(
    candidate: Candidate, found: Sequence[Violation]
) -> Mapping[str, tuple[Violation, ...]]:
    """Return what speaks against each test, the worst first; only tests with something."""
    order = list(Verdict)
    found = sorted(found, key=lambda each: order.index(each.verdict))
    if any(each.verdict is Verdict.DENY for each in found):
        return {test.name: tuple(found) for test in candidate.tests}
    names = {test.name for test in candidate.tests}
    tree = ast.parse(joined(candidate)) if found else ast.Module([], [])
    places = {
        node.name: range(first_line(node), (node.end_lineno or node.lineno) + 1)
        for node in tree.body
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.name in names
    }
    shared = [each for each in found if not any(each.line in lines for lines in places.values())]
    against = {
        name: tuple(each for each in found if each.line in lines or each in shared)
        for name, lines in places.items()
    }
    return {name: each for name, each in against.items() if each}


def _reason(found: Sequence[Violation]) -> str:
    more = f" (and {len(found) - 1} more)" if len(found) > 1 else ""
    return f"refused by rule {found[0].rule_id}: {found[0].message}{more}"
