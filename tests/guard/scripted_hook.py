"""The hook of one repository with an engine that gives a recorded reply for an answer.

    python tests/guard/scripted_hook.py REPLY    the hook; REPLY holds the body and its targets

All but the engine is the product's own: what is read, judged, merged, run and staged is what a
provider with this reply would bring about.
"""

import contextlib
import json
import os
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from sloptest_hook.commands.printing import print_lines
from sloptest_hook.commands.record import write_report
from sloptest_hook.commands.trusting import CloneWarrant
from sloptest_hook.commands.wiring import edges_for
from sloptest_hook.config.files import load_settings
from sloptest_hook.errors import ExitCode
from sloptest_hook.generation.attribution import candidates_of
from sloptest_hook.generation.reply import read_files
from sloptest_hook.generation.strict_json import BadReply
from sloptest_hook.git.repository import StagedRepository
from sloptest_hook.pipeline.edges import Edges
from sloptest_hook.pipeline.hook import cover_commit
from sloptest_hook.pipeline.workshop import Workshop
from sloptest_hook.report.console import lines
from sloptest_hook.values.candidate import Candidate, NoCandidate
from sloptest_hook.values.deadline import Deadline
from sloptest_hook.values.plan import Target
from sloptest_hook.values.records import replace
from sloptest_hook.values.usage import Account


@dataclass(frozen=True)
class ScriptedEngine:
    """Fits Engine: the reply for the targets that it is about, a plain no for the others."""

    body: str
    about: frozenset[str]
    name: str = "scripted"

    @property
    def account(self) -> Account:
        return Account()

    def write(
        self, targets: Sequence[Target], deadline: Deadline
    ) -> Iterator[Candidate | NoCandidate]:
        asked = [t for t in targets if not self.about.isdisjoint(t.symbol.qualname.split("."))]
        yield from (NoCandidate(each, "not asked for") for each in targets if each not in asked)
        files = read_files(self.body)
        if isinstance(files, BadReply):
            yield from (NoCandidate(each, f"reply: {files.reason}") for each in asked)
        elif asked:
            yield from candidates_of(files, asked, self.name)


def with_engine(edges: Edges, engine: ScriptedEngine) -> Edges:
    """Return the edges of a commit whose workshop has another engine."""

    @contextlib.contextmanager
    def open_workshop(paths: Sequence[PurePosixPath], deadline: Deadline) -> Iterator[Workshop]:
        with edges.open_workshop(paths, deadline) as workshop:
            yield replace(workshop, engine=engine)

    return replace(edges, open_workshop=open_workshop)


def main(reply: Path) -> int:
    """Do what ``sloptest hook`` does, with the reply of a file."""
    started = time.monotonic()
    recorded = json.loads(reply.read_text(encoding="utf-8"))
    engine = ScriptedEngine(recorded["body"], frozenset(recorded["targets"]))
    repo = StagedRepository.open(Path.cwd())
    warrant = CloneWarrant(repo)
    settings = load_settings(repo.top, os.environ, warrant).settings
    deadline = Deadline(started + settings.time_budget, time.monotonic)
    edges = with_engine(edges_for(repo, settings, warrant, verbose=False), engine)
    outcome = cover_commit(edges, settings, (), deadline)
    write_report(outcome, ExitCode.OK, time.monotonic() - started, repo)
    print_lines(lines(outcome, verbose=True))
    return 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
