"""Edge: mutants of what runs on import: each in a fork that imports the project anew."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from importlib.machinery import SourceFileLoader
from types import CodeType
from typing import Any

import pytest

from ..options import NeutralOptions, arguments
from .crew import Job, forked
from .session import INCOMPETENT, KILLED, SURVIVED, UNTRIED, MutantText, Work, limits_of
from .tests_run import Reports

_MORE = 5.0  # times what importing and collecting took
_PATHS = 40  # on a command line; beyond that everything is collected


class ColdRun:
    """What the warm session has left: ``seconds`` of its tests, and what collecting took."""

    def __init__(
        self,
        work: Work,
        snapshot: str,
        extra: Sequence[str],
        seconds: Mapping[str, float],
        ready_s: float,
    ) -> None:
        self._work = work
        self._snapshot = snapshot
        self._extra = list(extra)
        self._seconds = seconds
        self._ready_s = ready_s

    def run(self, indexes: Sequence[int]) -> None:
        """Try each of these mutants and say what became of it."""
        jobs = self._jobs(indexes)
        work = self._work
        for done in forked(jobs, work.scratch, work.workers, work.until):
            work.tell_done(done)

    def _jobs(self, indexes: Sequence[int]) -> Iterator[Job]:
        for index in indexes:
            mutant = self._work.mutants[index]
            tests = [test for test in mutant.tests if test in self._seconds]
            tests.sort(key=lambda test: self._seconds[test])
            wall, cpu = limits_of(sum(self._seconds[test] for test in tests))
            more = _MORE * self._ready_s

            def attempt(mutant: MutantText = mutant, tests: list[str] = tests) -> tuple[str, str]:
                return self._attempt(mutant, tests)

            yield Job(index, attempt, wall + more, cpu + more)

    def _attempt(self, mutant: MutantText, tests: list[str]) -> tuple[str, str]:
        text = self._work.texts[mutant.file]
        try:
            code = compile(
                text.mutated(mutant.start, mutant.end, mutant.after),
                mutant.file,
                "exec",
                dont_inherit=True,
            )
        except (SyntaxError, ValueError, OverflowError, RecursionError, MemoryError):
            return INCOMPETENT, ""
        served = _serve(mutant.file, code)
        session = _ColdSession(tests)
        paths = list(dict.fromkeys(test.partition("::")[0] for test in tests))[:_PATHS]
        words = arguments(self._snapshot, tempfile.gettempdir(), paths, self._extra)
        try:
            pytest.main(words, [NeutralOptions(), session])
        except SystemExit:
            return KILLED, ""
        if session.by:
            return KILLED, session.by
        if not served:  # it was imported before anybody could mutate it
            return UNTRIED, ""
        return (SURVIVED, "") if session.has_run else (KILLED, "")


def _serve(file: str, code: CodeType) -> list[str]:
    """Let this code be what importing the file gives; returns where it is noted that it was."""
    served: list[str] = []
    usual = SourceFileLoader.get_code

    def get_code(self: SourceFileLoader, fullname: str) -> CodeType | None:
        if os.path.realpath(self.get_filename(fullname)) == file:
            served.append(fullname)
            return code
        return usual(self, fullname)

    SourceFileLoader.get_code = get_code  # type: ignore[method-assign,assignment]
    return served


class _ColdSession:
    """A pytest plugin that runs some tests until one fails; none of them runs: they are gone."""

    def __init__(self, tests: Sequence[str]) -> None:
        self._tests = tests
        self._reports = Reports()
        self.by = ""
        self.has_run = False

    @pytest.hookimpl(tryfirst=True)
    def pytest_collection_modifyitems(self, items: list[Any]) -> None:
        """Put the quickest tests first, and keep no others."""
        found = {item.nodeid: item for item in items}
        items[:] = [found[test] for test in self._tests if test in found]

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session: Any) -> bool:
        """Run them; one that is not collected any more is missed."""
        session.config.pluginmanager.register(self._reports)
        self.has_run = len(session.items) == len(self._tests)
        self.by = self._reports.first_failure(session.items)
        return True
