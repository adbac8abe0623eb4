import json
import time
from pathlib import Path

import pytest

from sloptest_hook.cli import main
from sloptest_hook.store.ledger import Ledger
from sloptest_hook.values.usage import Usage
from tests.conftest import Repository

USAGE = Usage(calls=1, input_tokens=1000, cached_tokens=10, output_tokens=50)


@pytest.fixture
def paid(repository: Repository, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A repository that paid for two calls today and for one on another day."""
    monkeypatch.chdir(repository.root)
    ledger = Ledger(repository.root / ".git")
    today = time.strftime("%Y-%m-%d", time.gmtime())
    for day, usd in ((today, 0.25), (today, 0.5), ("2026-01-31", 1.0)):
        with ledger.spending("run", day) as spending:
            spending.settle(spending.set_aside("openai", "mine", usd), USAGE, usd)
    return repository.root / ".git" / "sloptest" / "ledger.db"


def test_what_was_paid_is_told_by_day_and_writes_nothing(
    paid: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = paid.read_bytes()

    assert main(["cost"]) == 0

    first, second, today, limits = capsys.readouterr().out.splitlines()
    assert first.endswith("2 calls       2000 in (20 cached)       100 out  $0.7500")
    assert second.startswith("2026-01-31  openai ")
    assert today == "today: $0.7500 of $5"
    assert limits.startswith("limits: $0.5 a run")
    assert paid.read_bytes() == before


def test_programs_are_told_the_same(paid: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["cost", "--json"]) == 0

    document = json.loads(capsys.readouterr().out)
    assert document["spent_today_usd"] == 0.75
    assert [day["usd"] for day in document["days"]] == [0.75, 1.0]
