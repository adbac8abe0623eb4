"""What kept the project's tests from telling what they cover, for a person to read."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Protocol

from sloptest_hook.planning import named_and_count
from sloptest_hook.values.candidate import Candidate, MergedFile, NoCandidate
from sloptest_hook.values.outcome import Problem
from sloptest_hook.values.pytest_run import ProjectPython

_NAMED = 2


class Ended(Protocol):
    """How a run of the existing tests ended."""

    @property
    def collection_errors(self) -> tuple[tuple[str, str], ...]: ...

    @property
    def problem(self) -> str | None: ...


def missing_tools(python: ProjectPython) -> Problem | None:
    """Return the line on packages without which nothing can be measured, None if all are there."""
    found = {"pytest": python.pytest, "coverage": python.coverage}
    missing = [name for name, version in found.items() if version is None]
    if not missing:
        return None
    return Problem(
        f"{' and '.join(missing)} missing in {python.executable} ({python.found}): coverage is "
        "estimated and no test can be proved. "
        f"Install with: {python.executable} -m pip install {' '.join(missing)}"
    )


def run_problems(run: Ended) -> Iterable[Problem]:
    """Yield what must be mended before all is known."""
    for path, message in run.collection_errors:
        yield Problem(
            f"{path}: pytest cannot collect it ({message}); what it covers is not known. "
            f"Mend it, or see: pytest {path}"
        )
    if run.problem is not None:
        yield Problem(f"the existing tests: {run.problem}")


def placement_notes(files: Iterable[MergedFile]) -> tuple[str, ...]:
    """Return a line on each file that stands in for the one which could not take the tests."""
    return tuple(
        f"{file.instead}; the new tests are in {file.path} instead"
        for file in files
        if file.instead
    )


def process_notes(nodes: Sequence[str]) -> tuple[str, ...]:
    """Return a line on tests that start processes, none without such tests."""
    if not nodes:
        return ()
    named = named_and_count(nodes, _NAMED)
    return (f"what runs in other processes is not measured: {named} start some",)


def confinement_notes(answers: Sequence[Candidate | NoCandidate]) -> Iterator[str]:
    """Yield a note on each symbol that wants what generated code is not given.

    It is nobody's fault and stops no commit, so that it has to be said.
    """
    for answer in answers:
        if isinstance(answer, NoCandidate) and answer.untestable:
            symbol = answer.target.symbol
            yield f"{symbol.path} {symbol.qualname}: {answer.reason}"
