"""A data file of coverage.py taken over: what it says of sources that still are what they were."""

from collections.abc import Iterable, Sequence
from pathlib import PurePosixPath
from typing import Protocol

from sloptest_hook.pipeline.changes import InQuestion, symbols_in_question
from sloptest_hook.pipeline.edges import Edges
from sloptest_hook.pipeline.memory import Seen, memory_of, remember
from sloptest_hook.pipeline.survey import judged
from sloptest_hook.pipeline.tree import read_tree
from sloptest_hook.pipeline.whole import EVERYTHING, inventory_of
from sloptest_hook.planning import named_and_count
from sloptest_hook.values.coverage import Evidence, FileCoverage
from sloptest_hook.values.deadline import Deadline
from sloptest_hook.values.inventory import Inventory
from sloptest_hook.values.pytest_run import NodeOutcome, NodeResult
from sloptest_hook.values.settings import Settings

_NAMED = 2
_NO_TESTS = (
    "the data file names no tests, so nothing of it can be remembered for commits; "
    "measure with: pytest --cov --cov-branch --cov-context=test"
)


class Adoptable(Protocol):
    """What a data file says of one source, and the source as the working tree has it."""

    @property
    def coverage(self) -> FileCoverage: ...

    @property
    def text(self) -> str: ...

    @property
    def is_older(self) -> bool: ...


def adopt(
    edges: Edges,
    settings: Settings,
    found: Sequence[Adoptable],
    paths: Sequence[PurePosixPath],
    deadline: Deadline,
) -> Inventory:
    """Remember what a data file says, and return the verdicts on the symbols of its sources.

    A source matches when it was written before the data file and is staged as it is in the working
    tree. Others are left out and named.
    """
    question = symbols_in_question(edges.repo.whole_files([EVERYTHING]), settings, edges.today)
    fitting = [each.coverage for each in found if _fits(each, question)]
    nodes = {node for each in fitting for names in each.tests.values() for node in names}
    with edges.open_workshop(sorted(question.sources), deadline) as workshop:
        tree = read_tree(workshop.snapshot, settings.tests_dir)
        memory = memory_of(tree, edges, workshop.python, settings.runner, question.sources)
        passed = [NodeResult(node, NodeOutcome.PASSED) for node in sorted(nodes)]
        seen = Seen(question.sources, {each.path: each for each in fitting}, passed)
        remember(memory, seen, evidence=Evidence.IMPORTED)
    known = {each.path for each in fitting}
    symbols = [symbol for symbol in question.symbols if symbol.path in known]
    verdicts = judged(
        symbols,
        question.sources,
        fitting,
        settings.minimum_coverage,
        evidence=Evidence.IMPORTED,
    )
    left = [each.coverage.path for each in found if each.coverage.path not in known]
    return inventory_of(
        verdicts,
        paths,
        Inventory(notes=tuple(_notes(left, question, has_tests=bool(nodes) or not fitting))),
    )


def _fits(found: Adoptable, question: InQuestion) -> bool:
    staged = question.sources.get(found.coverage.path)
    return found.is_older and staged is not None and staged == found.text


def _notes(
    left: Sequence[PurePosixPath], question: InQuestion, *, has_tests: bool
) -> Iterable[str]:
    changed = [str(path) for path in left if path in question.sources]
    if changed:
        named = named_and_count(changed, _NAMED)
        yield f"left out, for they have changed since the data file was written: {named}"
    if not has_tests:
        yield _NO_TESTS
