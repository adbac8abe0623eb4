import json
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from sloptest_hook.commands.record import write_report
from sloptest_hook.errors import ExitCode
from sloptest_hook.git.repository import StagedRepository
from sloptest_hook.values.outcome import Decision, Outcome, Problem

if TYPE_CHECKING:
    from tests.conftest import Repository

OUTCOME = Outcome(Decision.WARN, problems=(Problem("something is wrong"),))

_NO_ROOM = """\
import resource, sys
from pathlib import Path
from sloptest_hook.commands.record import write_report
from sloptest_hook.errors import ExitCode
from sloptest_hook.git.repository import StagedRepository
from sloptest_hook.values.outcome import Decision, Outcome, Problem
outcome = Outcome(Decision.WARN, problems=(Problem("something is wrong"),))
repo = StagedRepository.open(Path(sys.argv[1]))
resource.setrlimit(resource.RLIMIT_FSIZE, (8, 8))
print(write_report(outcome, ExitCode.OK, 1.0, repo))
"""


def test_the_report_is_kept_and_nothing_beside_it(repository: "Repository") -> None:
    document = write_report(OUTCOME, ExitCode.OK, 1.0, StagedRepository.open(repository.root))

    room = repository.root / ".git" / "sloptest"
    assert sorted(each.name for each in room.iterdir()) == ["cache.db", "report.json"]
    assert json.loads((room / "report.json").read_text()) == json.loads(document)


def test_a_report_that_cannot_be_written_leaves_neither_a_draft_nor_an_old_one(
    repository: "Repository",
) -> None:
    write_report(OUTCOME, ExitCode.OK, 1.0, StagedRepository.open(repository.root))

    done = subprocess.run(
        (sys.executable, "-c", _NO_ROOM, str(repository.root)),
        capture_output=True,
        text=True,
        check=True,
    )

    assert json.loads(done.stdout)["decision"] == "warn"
    room = repository.root / ".git" / "sloptest"
    assert [each.name for each in room.iterdir() if each.name.startswith("report")] == []


def test_without_a_place_for_the_report_the_document_is_returned(repository: "Repository") -> None:
    place: Path = repository.write(".git/sloptest", "a file in place of the directory")

    document = write_report(OUTCOME, ExitCode.OK, 1.0, StagedRepository.open(repository.root))

    assert json.loads(document)["decision"] == "warn"
    assert place.read_text() == "a file in place of the directory"
