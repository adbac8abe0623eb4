import re
import stat

import pytest

from sloptest_hook.commands.logbook import write_log
from sloptest_hook.git.repository import StagedRepository
from tests.conftest import Repository
from tests.redaction.secrets_made import dummies


def test_lines_are_added_with_the_time_for_the_owner_alone(repository: Repository) -> None:
    repo = StagedRepository.open(repository.root)
    write_log(repo, ["one", "two\nof them\x1b[2J"])
    write_log(repo, ["three"])

    file = repo.git_dir / "sloptest" / "log.txt"
    lines = file.read_text().splitlines()
    assert [re.sub(r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ \d+ ", "", line) for line in lines] == [
        "one",
        "two\\nof them\\x1b[2J",
        "three",
    ]
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_a_long_log_makes_room_for_a_new_one(repository: Repository) -> None:
    repo = StagedRepository.open(repository.root)
    write_log(repo, ["x" * 600_000])
    write_log(repo, ["new"])
    write_log(repo, ["newer"])

    room = repo.git_dir / "sloptest"
    assert len((room / "log.txt").read_text().splitlines()) == 2
    assert (room / "log.txt.1").stat().st_size > 600_000


def test_no_secret_is_written(repository: Repository) -> None:
    repo = StagedRepository.open(repository.root)
    secrets = [each for each in dummies(1) if "\n" not in each.text]
    write_log(repo, [each.text for each in secrets])

    log = (repo.git_dir / "sloptest" / "log.txt").read_text()
    assert len(log.splitlines()) == len(secrets)
    assert [each.kind for each in secrets if each.secret in log] == []


@pytest.mark.parametrize("obstacle", ["directory", "link"])
def test_a_log_that_cannot_be_written_stops_nothing(repository: Repository, obstacle: str) -> None:
    repo = StagedRepository.open(repository.root)
    outside = repository.write("outside.txt", "mine")
    file = repository.root / ".git/sloptest/log.txt"
    file.parent.mkdir()
    if obstacle == "directory":
        file.mkdir()
    else:
        file.symlink_to(outside)

    write_log(repo, ["one"])

    assert outside.read_text() == "mine"
