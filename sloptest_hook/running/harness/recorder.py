"""Edge: the pytest plugin that says, as it happens, what became of every node.

One line a node, at once: what was said before a crash or a time-out stays said.
"""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from typing import Any, Callable

import pytest
from _pytest.runner import runtestprotocol

from . import environ_watch, guard
from .confining import limits

Reply = Callable[["dict[str, object]"], None]

_WORST_FIRST = ("error", "failed", "skipped", "passed")
_LONGEST_MESSAGE = 300
_LONGEST_DETAIL, _LONGEST_OUTPUT = 2500, 600  # of a failure: for whoever writes the test anew
_EVERY_PHASE = frozenset({"setup", "call", "teardown"})
STARTS = frozenset(
    {"subprocess.Popen", "os.fork", "os.forkpty", "os.posix_spawn", "os.spawn", "os.system"}
)


class Recorder:
    """Selects the nodes that are wanted, watches generated ones, and reports them all.

    ``select`` are paths and node ids; a node id stands for its parametrised variants too.
    ``without`` are node ids that are not to run. Tests that start processes are noted: what those
    execute is seen by nobody. ``varied``: a generated test that passes and reads environment
    variables runs again with them set, which would spoil what is measured.
    """

    def __init__(
        self,
        reply: Reply,
        snapshot: str,
        select: list[str],
        generated: list[str],
        without: list[str],
        *,
        varied: bool,
    ) -> None:
        self._send = reply
        self._process = os.getpid()
        self.snapshot = snapshot
        self._select = frozenset(select)
        self._generated = frozenset(generated)
        self._done = set(without)
        self._started = 0.0
        self._running = ""
        self._processes: dict[str, None] = {}
        self._phases: dict[str, list[tuple[str, str]]] = {}
        self._details: dict[str, str] = {}
        self._passed: set[str] = set()  # the phases of the node that runs
        self._varied = varied
        self._read: frozenset[str] = frozenset()  # by the node that runs

    def reply(self, **message: object) -> None:
        """Send one message; not from a forked child that runs on as if it were pytest."""
        if os.getpid() == self._process:
            self._send(message)

    def select(self, wanted: list[str]) -> None:
        """Select others from now on; what has run is not run again."""
        self._select = frozenset(wanted)

    def processes(self) -> list[str]:
        """Return the nodes that have started processes."""
        return list(self._processes)

    def audit(self, _event: str, _args: object) -> None:
        """Note who starts a process; listens to ``STARTS``."""
        if self._running and os.getpid() == self._process:
            self._processes[self._running] = None

    def pytest_sessionstart(self, session: Any) -> None:
        """Let generated tests write where ``tmp_path`` will be, which is made anew each run."""
        factory = getattr(session.config, "_tmp_path_factory", None)  # absent with -p no:tmpdir
        if self._generated and factory is not None:
            guard.allow(str(factory.getbasetemp()))

    @pytest.hookimpl(hookwrapper=True)
    def pytest_make_collect_report(self, collector: Any) -> Iterator[None]:
        """Name what is imported, and keep a ``sys.exit`` in one file from ending the session."""
        if isinstance(collector, pytest.Module):
            self.reply(kind="collecting", node=collector.nodeid)
        outcome: Any = yield
        error = outcome.excinfo[1] if outcome.excinfo else None
        if isinstance(error, SystemExit):
            text = f"SystemExit: {error.code}"
            outcome.force_result(pytest.CollectReport(collector.nodeid, "failed", text, []))

    def pytest_collectreport(self, report: Any) -> None:
        """Report a file that could not be collected."""
        if report.failed:
            self.reply(kind="collection_error", path=report.nodeid, message=self._brief(report))

    @pytest.hookimpl(tryfirst=True)
    def pytest_collection_modifyitems(self, config: Any, items: list[Any]) -> None:
        """Keep what was selected: pytest itself ends a run when one node id does not exist."""
        kept = [item for item in items if self._is_wanted(item.nodeid)]
        if len(kept) < len(items):
            left_out = [item for item in items if not self._is_wanted(item.nodeid)]
            config.hook.pytest_deselected(items=left_out)
            items[:] = kept

    @pytest.hookimpl(hookwrapper=True, tryfirst=True)
    def pytest_runtest_protocol(self, item: Any, nextitem: Any) -> Iterator[None]:
        """Run one node, a generated one under guard, and report it."""
        name = item.nodeid
        self.reply(kind="running", node=name)
        self._done.add(name)
        self._started = time.perf_counter()
        self._running = name
        self._passed.clear()
        before = len(guard.refusals())
        environ_watch.clear()
        self._read = frozenset()
        guard.enforce(self._is_generated(name))
        try:
            yield
            depends = self._dependence(item, nextitem) if self._is_generated(name) else ""
        finally:
            guard.enforce(False)
            self._running = ""
        phases = self._phases.pop(name, [])
        if depends:
            phases.append(("failed", depends))
        # Also when the code under test swallowed the error: the test saw another world.
        phases += [("failed", f"refused: {text}") for text in guard.refusals()[before:]]
        # That none has failed is not enough: something may have kept one from being reported.
        missing = _EVERY_PHASE - self._passed
        if self._is_generated(name) and missing and _is_green(phases):
            phases.append(("failed", f"never reported: {', '.join(sorted(missing))}"))
        self._report(name, phases)

    @pytest.hookimpl(hookwrapper=True, tryfirst=True)
    def pytest_runtest_call(self, item: Any) -> Iterator[None]:
        """Note what a test reads of the environment; set-up belongs to the user's fixtures."""
        environ_watch.forget_reads()
        yield
        self._read = environ_watch.names_read()

    def pytest_runtest_logreport(self, report: Any) -> None:
        """Note one phase: set-up, call or tear-down, or a subtest's call."""
        if report.outcome == "passed":
            self._passed.add(report.when)
        phase = _outcome(report)
        if phase is not None:
            said = (phase, self._brief(report) if phase != "passed" else "")
            self._phases.setdefault(report.nodeid, []).append(said)
            if phase in _WORST_FIRST[:2] and self._is_generated(report.nodeid):
                self._details[report.nodeid] = self._detail(report)

    def _dependence(self, item: Any, nextitem: Any) -> str:
        """Say which environment variables decide how a test ends that has passed; empty: none."""
        names = self._read
        if names & environ_watch.ALWAYS:
            return environ_watch.dependence(names)
        if not (names and self._varied and _is_green(self._phases.get(item.nodeid, []))):
            return ""
        for value in environ_watch.VALUES:
            environ_watch.clear()
            with environ_watch.set_to(value, names):
                item._initrequest()  # noqa: SLF001  # as who reruns tests does: new fixtures
                reports = runtestprotocol(item, log=False, nextitem=nextitem)
            more = self._read - names
            if more or any(each.outcome != "passed" for each in reports):
                return environ_watch.dependence(more or names)
        return ""

    def pytest_keyboard_interrupt(self, excinfo: Any) -> None:
        """Report that the session was interrupted, by ``pytest.exit`` for example."""
        self.reply(kind="problem", message=f"pytest was interrupted: {excinfo.exconly()}")

    def pytest_internalerror(self, excinfo: Any) -> None:
        """Report an error of pytest itself or of one of its plugins."""
        self.reply(kind="problem", message=f"pytest failed: {excinfo.exconly(tryshort=True)}")

    def _is_generated(self, name: str) -> bool:
        return name in self._generated or without_variant(name) in self._generated

    def _is_wanted(self, name: str) -> bool:
        return name not in self._done and self._is_selected(name)

    def _is_selected(self, name: str) -> bool:
        if not self._select or name in self._select or "." in self._select:
            return True
        place = without_variant(name)
        while place and place not in self._select:
            path, separator, _ = place.rpartition("::")
            place = path if separator else place.rpartition("/")[0]
        return bool(place)

    def _report(self, name: str, phases: list[tuple[str, str]]) -> None:
        for outcome in _WORST_FIRST:
            said = [message for phase, message in phases if phase == outcome]
            if said:
                seconds = round(time.perf_counter() - self._started, 6)
                more = {"detail": self._details[name]} if name in self._details else {}
                self.reply(
                    kind="result",
                    node=name,
                    outcome=outcome,
                    message=said[-1],
                    seconds=seconds,
                    **more,
                )
                return

    def _detail(self, report: Any) -> str:
        text = str(report.longrepr).replace(self.snapshot + os.sep, "").strip()
        printed = "".join(content for name, content in report.sections if "Captured std" in name)
        said = f"\nIt has printed:\n{printed[-_LONGEST_OUTPUT:].strip()}" if printed.strip() else ""
        return text[-_LONGEST_DETAIL:] + said

    def _brief(self, report: Any) -> str:
        text = _message(report).replace(self.snapshot + os.sep, "").strip()
        text = limits.limit_met(text) or text
        return text if len(text) <= _LONGEST_MESSAGE else text[:_LONGEST_MESSAGE] + "..."


def existing(select: list[str], recorder: Recorder) -> list[str]:
    """Return the paths to collect; one that does not exist would end the whole run."""
    paths = dict.fromkeys(each.partition("::")[0] for each in select)
    for path in paths:
        if not os.path.exists(os.path.join(recorder.snapshot, path)):
            recorder.reply(kind="collection_error", path=path, message="no such file")
    return [path for path in paths if os.path.exists(os.path.join(recorder.snapshot, path))]


def without_variant(node_id: str) -> str:
    """Return a node id without the part in brackets that parametrisation appends."""
    path, separator, name = node_id.partition("::")
    return path + separator + name.partition("[")[0]


def _outcome(report: Any) -> str | None:
    """Return what one phase says of its node; None for a passed set-up, and for a rerun."""
    if report.outcome == "failed":
        return "failed" if report.when == "call" else "error"
    if report.outcome == "skipped":
        return "skipped"  # an expected failure too: it proves nothing
    return "passed" if report.outcome == "passed" and report.when == "call" else None


def _is_green(phases: list[tuple[str, str]]) -> bool:
    return all(outcome == "passed" for outcome, _ in phases)


def _message(report: Any) -> str:
    """Return the line of a report that says most."""
    if hasattr(report, "wasxfail"):
        return f"xfail: {report.wasxfail}"
    longrepr = report.longrepr
    if isinstance(longrepr, tuple):  # a skip: path, line, reason
        return str(longrepr[2])
    crash = getattr(longrepr, "reprcrash", None)
    if crash is not None:
        return str(crash.message).partition("\n")[0]
    lines = [line for line in str(longrepr).splitlines() if line.strip()]
    marked = [line[1:].strip() for line in lines if line.startswith("E ")]
    return (marked or lines or [""])[-1]
