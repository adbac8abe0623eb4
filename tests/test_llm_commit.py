"""A commit with an engine that asks a provider, as a developer sees it; the provider is ours."""

import json
import os
import stat
import subprocess
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import pytest

from tests.conftest import Project
from tests.generation.providers.server import PROTOCOLS, Breaks, Fails, Fake, Said
from tests.shares import share

KEY = "sk-" + "dummy" * 4
SOURCE = """def ranked(names, limit):
    if limit < 0:
        raise ValueError("limit must not be negative")
    return sorted(names, key=len)[:limit]
"""
GOOD = """def test_ranked_keeps_the_shortest_names_in_order():
    assert ranked(["ccc", "a", "bb"], 2) == ["a", "bb"]
"""
REFUSING = """def test_ranked_refuses_a_negative_limit():
    with pytest.raises(ValueError, match="must not be negative"):
        ranked([], -1)
"""
IMPORTS = ["import pytest", "from shop.rank import ranked"]


def entry_of(code: str) -> dict[str, Any]:
    name = code.partition("(")[0].removeprefix("def ")
    return {"name": name, "code": code, "imports": IMPORTS, "covers": "ranked", "why": "so"}


def reply(*codes: str, bugs: tuple[dict[str, Any], ...] = ()) -> Said:
    tests = [entry_of(code) for code in codes]
    return Said(json.dumps({"tests": tests, "suspected_bugs": list(bugs)}), input=900, output=200)


@dataclass
class Shop:
    """A project whose configuration names a provider, and that provider."""

    project: Project
    fake: Fake

    def env(self, **more: str) -> Mapping[str, str]:
        return {"ANTHROPIC_API_KEY": KEY, "SLOPTEST_LLM_BASE_URL": self.fake.url, **more}

    def hook(self, *args: str, **env: str) -> subprocess.CompletedProcess[str]:
        return self.project.hook(*args, env=self.env(**env))

    @property
    def sent(self) -> str:
        return json.dumps([call.body for call in self.fake.calls])


@pytest.fixture
def shop(project: Project) -> Iterator[Shop]:
    fake = Fake(*PROTOCOLS["anthropic"])
    fake.default = Fails(500)
    project.configure(engine="anthropic", time_budget=90)
    yield Shop(project, fake)
    fake.close()


def test_a_commit_gets_the_tests_that_the_model_wrote_and_that_have_proved_themselves(
    shop: Shop,
) -> None:
    wrong = "def test_ranked_of_nothing():\n    assert ranked([], 3) == [1]\n"
    shop.fake.says(reply(GOOD, REFUSING, wrong))
    shop.project.stage("shop/rank.py", SOURCE)
    shop.project.git("commit", "-q", "-m", "rank", env=shop.env())
    committed = shop.project.committed("tests/test_rank.py")
    assert "test_ranked_keeps_the_shortest_names_in_order" in committed
    assert "test_ranked_refuses_a_negative_limit" in committed
    assert "test_ranked_of_nothing" not in committed
    report = shop.project.report()
    assert shop.project.statuses() == {"ranked": "generated"}
    assert report["engine"] == "anthropic"
    assert report["usage"]["calls"] == 1
    assert report["usage"]["prompt_tokens"] == 900


@pytest.mark.slow
def test_the_prompt_holds_source_marks_style_and_what_was_seen(shop: Shop) -> None:
    shop.fake.says(reply(GOOD))
    shop.project.stage("shop/rank.py", SOURCE)
    shop.hook()
    assert ">    2      if limit < 0:" in shop.sent
    assert "test_total_adds_the_prices" in shop.sent
    assert "tests/test_rank.py" in shop.sent
    assert "limit must not be negative" in shop.sent
    assert "raises ValueError" in shop.sent  # seen by the offline search


@pytest.mark.parametrize(
    "happens",
    share(
        [
            pytest.param(Fails(401), id="bad key"),
            pytest.param(Fails(429, headers={"retry-after": "3000"}), id="too many calls"),
            pytest.param(Said("I will not.", stop="refusal"), id="refusal"),
            pytest.param(Breaks("body", b"<html>", "text/html"), id="HTML"),
        ],
        4,
    ),
)
def test_the_offline_engine_covers_what_a_provider_does_not(
    shop: Shop, happens: Fails | Said | Breaks
) -> None:
    shop.fake.says(happens)
    shop.project.stage("shop/rank.py", SOURCE)
    shop.hook()
    assert shop.project.statuses() == {"ranked": "generated"}
    (note,) = [each for each in shop.project.report()["notes"] if "provider" in each]
    assert KEY not in note


@pytest.mark.slow
def test_without_a_fallback_the_reason_is_the_symbols_own(shop: Shop) -> None:
    shop.fake.says(Fails(401))
    shop.project.stage("shop/rank.py", SOURCE)
    shop.hook(SLOPTEST_LLM_FALLBACK="none")
    (symbol,) = shop.project.report()["symbols"]
    assert symbol["status"] == "uncovered"
    assert symbol["reason"].startswith("auth: anthropic at")


def test_a_missing_key_is_a_note_and_the_commit_goes_on(shop: Shop) -> None:
    shop.project.stage("shop/rank.py", SOURCE)
    done = shop.project.hook(env={"SLOPTEST_LLM_BASE_URL": shop.fake.url})
    assert done.returncode == 0
    assert "needs a key in the environment: ANTHROPIC_API_KEY" in done.stdout
    assert shop.fake.calls == []


@pytest.mark.slow
def test_a_commit_that_is_tried_again_pays_nothing(shop: Shop) -> None:
    shop.fake.says(reply(GOOD, REFUSING))
    shop.project.stage("shop/rank.py", SOURCE)
    shop.hook("--dry-run")
    shop.hook("--dry-run")
    assert len(shop.fake.calls) == 1
    assert shop.project.report()["usage"]["calls"] == 0


def test_a_secret_does_not_leave_the_machine_and_is_not_kept(shop: Shop) -> None:
    secret = "gh" + "p_" + "a1B2c3D4e5F6" * 3
    shop.fake.says(reply(GOOD))
    shop.project.stage("shop/rank.py", f'TOKEN = "{secret}"\n\n\n{SOURCE}')
    shop.hook()
    assert "REDACTED_github" in shop.sent
    assert secret not in shop.sent
    kept = list((shop.project.root / ".git/sloptest/artifacts").rglob("*.txt"))
    assert len(kept) == 2
    for file in kept:
        assert secret not in file.read_text()
        assert stat.S_IMODE(file.stat().st_mode) == 0o600


@pytest.mark.slow
def test_a_secret_may_refuse_the_prompt_whole(shop: Shop) -> None:
    secret = "gh" + "p_" + "a1B2c3D4e5F6" * 3
    shop.project.stage("shop/rank.py", f'TOKEN = "{secret}"\n\n\n{SOURCE}')
    done = shop.hook(SLOPTEST_LLM_ON_SECRET="refuse")  # noqa: S106
    assert shop.fake.calls == []
    assert "holds a secret" in done.stdout
    assert shop.project.statuses() == {"ranked": "generated"}


@pytest.mark.parametrize("how", share(["file", "symbol", "ignored"], 3))
def test_what_is_private_stays_home(shop: Shop, how: str) -> None:
    mark = "# sloptest: private\n"
    text = {"file": f"{mark}import os\n{SOURCE}", "symbol": f"import os\n\n{mark}{SOURCE}"}
    shop.project.write(".sloptestignore", "shop/r*.py\n" if how == "ignored" else "")
    shop.project.stage("shop/rank.py", text.get(how, SOURCE))
    done = shop.hook()
    assert shop.fake.calls == []
    assert "was not sent" in done.stdout
    assert shop.project.statuses() == {"ranked": "generated"}


@pytest.mark.slow
@pytest.mark.parametrize("limit", share(["COST_USD", "COST_USD_PER_DAY"], 2))
def test_a_limit_of_cost_stops_before_the_call(shop: Shop, limit: str) -> None:
    shop.project.stage("shop/rank.py", SOURCE)
    price = {"SLOPTEST_LLM_PRICE": "input=2 output=10"}
    done = shop.hook(**{f"SLOPTEST_LLM_MAX_{limit}": "0.001"}, **price)
    assert shop.fake.calls == []
    assert "would be exceeded" in done.stdout
    assert shop.project.statuses() == {"ranked": "generated"}


@pytest.mark.slow
def test_a_key_in_the_environment_is_no_reason_to_ask_anybody(shop: Shop) -> None:
    shop.project.configure(engine="offline")
    shop.project.stage("shop/rank.py", SOURCE)
    shop.hook(CLAUDE_API_KEY=KEY, OPENAI_API_KEY=KEY)
    assert shop.fake.calls == []


@pytest.mark.slow
def test_only_what_is_hard_is_sent(shop: Shop) -> None:
    shop.project.stage("shop/rank.py", SOURCE)
    shop.hook(SLOPTEST_LLM_ONLY_FOR_HARD="true")
    assert shop.fake.calls == []


SHOWS = """def test_ranked_puts_the_longest_first():
    assert ranked(["a", "bb"], 1) == ["bb"]
"""
BUG: dict[str, Any] = {
    "covers": "ranked",
    "expected": "longest first",
    "actual": "shortest",
    "why": "its name",
    "imports": IMPORTS,
}


def test_a_suspected_bug_that_a_run_shows_is_said_first_and_kept_out(shop: Shop) -> None:
    shop.fake.says(reply(GOOD, bugs=({**BUG, "test": SHOWS},)))
    shop.project.stage("shop/rank.py", SOURCE)

    done = shop.hook(SLOPTEST_ON_SUSPECTED_BUG="block", SLOPTEST_LLM_FALLBACK="none")

    report = shop.project.report()
    (bug,) = report["suspected_bugs"]
    assert (bug["qualname"], bug["expected"], bug["actual"]) == (
        "ranked",
        "longest first",
        "shortest",
    )
    assert bug["test"] == SHOWS
    assert report["symbols"][0]["status"] == "suspected_bug"
    assert done.stdout.startswith("suspected bug  shop/rank.py:1 ranked: expected longest first")
    assert "longest_first" not in shop.project.staged_text("tests/test_rank.py")
    assert done.returncode == 1


@pytest.mark.slow
def test_a_suspected_bug_that_no_run_shows_is_not_believed(shop: Shop) -> None:
    right = SHOWS.replace('["bb"]', '["a"]')
    shop.fake.says(reply(GOOD, REFUSING, bugs=({**BUG, "test": right},)))
    shop.project.stage("shop/rank.py", SOURCE)

    shop.hook(SLOPTEST_ON_SUSPECTED_BUG="block")

    assert shop.project.report()["suspected_bugs"] == []
    assert shop.project.statuses() == {"ranked": "generated"}


WRONG = GOOD.replace('["a", "bb"]', '["bb", "a"]')


def test_a_test_that_fails_is_asked_for_anew_with_what_became_of_it(shop: Shop) -> None:
    shop.fake.says(reply(WRONG, REFUSING), reply(GOOD))
    shop.project.stage("shop/rank.py", SOURCE)

    shop.hook()

    assert shop.project.statuses() == {"ranked": "generated"}
    first, again = (json.dumps(call.body) for call in shop.fake.calls)
    assert "which was not kept" not in first
    assert "Your test test_ranked_keeps_the_shortest_names_in_order, which was not kept" in again
    assert "AssertionError" in again
    assert "test_ranked_refuses" not in again, "what has passed is not sent again"
    text = shop.project.staged_text("tests/test_rank.py")
    assert "in_order" in text
    assert "refuses" in text
    (traced,) = (shop.project.root / ".git/sloptest/artifacts").glob("*/failures-1.json")
    assert json.loads(traced.read_text())[0]["qualname"] == "ranked"
    assert traced.parent.name == shop.project.report()["run_id"]


@pytest.mark.slow
def test_what_the_tests_do_not_notice_is_asked_for_once(shop: Shop) -> None:
    weak = 'def test_ranked_of_one():\n    assert ranked(["a"], 1) == ["a"]\n'
    shop.fake.says(reply(weak), reply(GOOD, REFUSING))
    shop.project.stage("shop/rank.py", SOURCE)
    done = shop.hook()
    assert done.returncode == 0, done.stderr
    assert len(shop.fake.calls) == 2
    asked = json.dumps(shop.fake.calls[1].body)
    assert "Changes of the code that no test notices" in asked
    assert "line 4: the argument `key` need not be passed" in asked
    assert "line 4: the argument" not in json.dumps(shop.fake.calls[0].body)
    mutants = shop.project.report()["symbols"][0]["mutants"]
    assert mutants["killed"] > mutants["total"] / 2


@pytest.mark.slow
def test_a_slip_is_mended_without_a_call(shop: Shop) -> None:
    entry = {**entry_of(REFUSING), "imports": IMPORTS[1:]}
    said = {"tests": [entry_of(GOOD), entry], "suspected_bugs": []}
    shop.fake.says(Said(json.dumps(said)))
    shop.project.stage("shop/rank.py", SOURCE)

    shop.hook()

    assert len(shop.fake.calls) == 1
    assert shop.project.statuses() == {"ranked": "generated"}
    assert "refuses" in shop.project.staged_text("tests/test_rank.py")


# What the body of a test may hold; each seems good at least once, and none is worth keeping.
NO_GOOD = {
    "the order of a set": "assert list({'a', 'bb', 'ccc'})[0] == ranked(['ccc'], 1)[0]",
    "chance": "import random\n    assert ranked(['a'], 1) and random.random() < 0.01",
    "the clock": "import time\n    assert ranked(['a'], int(time.time()) % 2) == ['a']",
    "the machine": "import os\n    assert ranked([os.environ['HOME']], 1) == ['/root']",
    "how often it ran": "SEEN.append(1)\n    assert ranked(SEEN, 9) == [1]",
    "code that never ends": "assert ranked(['a'], 101) == ['a']",
    "code that ends the process": "assert ranked(['a'], 102) == ['a']",
    "code that forks": "assert ranked(['a'], 103) == ['a']",
}
DANGEROUS = SOURCE.replace(
    "    return",
    "    while limit == 101:\n        pass\n    if limit == 102:\n        os._exit(0)\n"
    "    if limit == 103:\n        os.fork()\n    return",
)


@pytest.mark.parametrize("body", share(NO_GOOD.values(), 8), ids=NO_GOOD)
def test_a_test_that_is_no_good_is_not_kept_and_costs_no_other(shop: Shop, body: str) -> None:
    bad = f"def test_ranked_in_a_way():\n    {body}\n"
    entry = {**entry_of(bad), "imports": [*IMPORTS, "from tests.seen import SEEN"]}
    shop.project.commit({"tests/seen.py": "SEEN: list[int] = []\n", "tests/__init__.py": ""})
    said = {"tests": [entry_of(GOOD), entry, entry_of(REFUSING)], "suspected_bugs": []}
    shop.fake.says(Said(json.dumps(said)))
    shop.fake.default = reply()
    shop.project.stage("shop/rank.py", f"import os\n\n\n{DANGEROUS}")

    shop.hook()

    assert_only_the_good_ones_are_staged(shop)


def assert_only_the_good_ones_are_staged(shop: Shop) -> None:
    text = shop.project.staged_text("tests/test_rank.py")
    assert "in_a_way" not in text
    assert "in_order" in text
    assert "refuses" in text


@pytest.mark.slow
def test_a_test_that_spoils_an_older_one_is_found_among_the_others(shop: Shop) -> None:
    older = "LIMITS = [3]\n\n\ndef most():\n    return LIMITS[0]\n"
    mine = "from shop import rank\n\n\ndef test_most():\n    assert rank.most() == 3\n"
    shop.project.commit({"shop/rank.py": older, "tests/test_rank.py": mine})
    bad = "def test_ranked_in_a_way():\n    LIMITS.clear()\n    assert ranked(['a'], 1) == ['a']\n"
    entry = {**entry_of(bad), "imports": [*IMPORTS, "from shop.rank import LIMITS"]}
    said = {"tests": [entry_of(GOOD), entry, entry_of(REFUSING)], "suspected_bugs": []}
    shop.fake.says(Said(json.dumps(said)))
    shop.fake.default = reply()
    shop.project.stage("shop/rank.py", f"{older}\n\n{SOURCE}")

    shop.hook()

    assert_only_the_good_ones_are_staged(shop)
    assert "test_most passed without it and failed with it" in shop.sent


ENDINGS = {
    "no change": ([WRONG, WRONG], 2),
    "the same failure twice": ([WRONG, WRONG.replace("in_order", "again")], 2),
    "attempts": ([WRONG, GOOD.replace('["a", "bb"]', '["a"]'), GOOD.replace(', "bb"]', "]")], 3),
}


@pytest.mark.slow
@pytest.mark.parametrize(("codes", "calls"), ENDINGS.values(), ids=ENDINGS)
def test_attempts_end(shop: Shop, codes: list[str], calls: int) -> None:
    shop.fake.says(*map(reply, codes))
    shop.fake.default = Fails(500)
    shop.project.stage("shop/rank.py", SOURCE)

    shop.hook(SLOPTEST_REFINE_ATTEMPTS="2", SLOPTEST_LLM_FALLBACK="none")

    assert len(shop.fake.calls) == calls
    assert shop.project.statuses() == {"ranked": "uncovered"}


@pytest.mark.slow
def test_without_refining_a_failure_is_the_end(shop: Shop) -> None:
    shop.fake.says(reply(WRONG), reply(GOOD))
    shop.project.stage("shop/rank.py", SOURCE)
    shop.hook(SLOPTEST_REFINE_ENABLE="false", SLOPTEST_LLM_FALLBACK="none")
    assert len(shop.fake.calls) == 1


@pytest.mark.slow
@pytest.mark.parametrize("happens", [Fails(500), Breaks("reset"), Breaks("hang")], ids=str)
def test_a_provider_that_dies_in_the_middle_costs_no_test_that_has_passed(
    shop: Shop, happens: Fails | Breaks
) -> None:
    shop.fake.says(reply(WRONG, REFUSING), happens, happens, happens, happens, happens)
    shop.project.stage("shop/rank.py", SOURCE)

    shop.hook(SLOPTEST_TIME_BUDGET="20")

    assert "refuses" in shop.project.staged_text("tests/test_rank.py")


@pytest.mark.slow
def test_a_test_of_another_module_is_refused(shop: Shop) -> None:
    entry = {**entry_of(GOOD), "imports": ["from shop.cart import total as ranked"]}
    shop.fake.says(Said(json.dumps({"tests": [entry], "suspected_bugs": []})))
    shop.project.stage("shop/rank.py", SOURCE)
    shop.hook(SLOPTEST_LLM_FALLBACK="none")
    (symbol,) = shop.project.report()["symbols"]
    assert symbol["status"] == "uncovered"
    assert "does not import shop.rank" in symbol["reason"]


@pytest.mark.slow
def test_a_prompt_that_is_too_long_is_made_shorter_once(shop: Shop) -> None:
    too_long = Fails(400, message="prompt is too long: 9 tokens > 8 maximum")
    shop.fake.says(too_long, reply(GOOD, REFUSING))
    shop.project.stage("shop/rank.py", SOURCE)
    shop.hook()
    first, second = (json.dumps(call.body) for call in shop.fake.calls)
    assert "test_total_adds_the_prices" in first
    assert "test_total_adds_the_prices" not in second
    assert "if limit < 0" in second


@pytest.mark.slow
def test_the_complete_tests_of_a_reply_that_was_cut_off_count(shop: Shop) -> None:
    whole = reply(GOOD, REFUSING).text
    shop.fake.says(Said(whole[: whole.index("negative_limit") + 20], stop="length"))
    shop.project.stage("shop/rank.py", SOURCE)
    shop.hook()
    assert "keeps_the_shortest" in shop.project.staged_text("tests/test_rank.py")


def by_hand(shop: Shop, *args: str, **env: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        (sys.executable, "-m", "sloptest_hook", *args),
        cwd=shop.project.root,
        env={**os.environ, **env},
        capture_output=True,
        text=True,
        check=False,
    )


def test_a_prompt_is_shown_and_nothing_is_sent_or_written(shop: Shop) -> None:
    shop.project.stage("shop/rank.py", SOURCE)
    before = shop.project.git("status", "--porcelain")
    done = by_hand(shop, "generate", "--show-prompt", "shop/rank.py", **shop.env())
    assert done.returncode == 0
    assert "## ranked" in done.stdout
    assert ">    2      if limit < 0:" in done.stdout
    assert done.stderr.splitlines()[0] == (
        "sloptest: nothing leaves this machine: prompts are shown, and not sent"
    )
    assert shop.fake.calls == []
    assert shop.project.git("status", "--porcelain") == before


@pytest.mark.slow
def test_by_hand_the_older_variables_name_a_provider_and_it_is_said(shop: Shop) -> None:
    shop.project.configure(engine="offline", time_budget=90)
    shop.fake.says(reply(GOOD, REFUSING))
    shop.project.stage("shop/rank.py", SOURCE)
    done = by_hand(shop, "generate", "--endpoint", shop.fake.url, CLAUDE_API_KEY=KEY)
    assert done.stderr.splitlines()[0].startswith(
        "sloptest: source of functions that no test covers, and what is around them, is sent to "
        f"anthropic at {shop.fake.url} (model claude-sonnet-5-5)"
    )
    assert shop.fake.calls[0].headers["authorization"] == f"Bearer {KEY}"
    assert KEY not in done.stdout + done.stderr
    written = (shop.project.root / "tests/test_rank.py").read_text()
    assert "keeps_the_shortest" in written
    assert "tests/test_rank.py" not in shop.project.git("diff", "--cached", "--name-only")


@pytest.mark.slow
def test_by_hand_without_a_provider_nothing_leaves(shop: Shop) -> None:
    shop.project.configure(engine="offline")
    shop.project.stage("shop/rank.py", SOURCE)
    done = by_hand(shop, "generate", "--dry-run", OPENAI_API_KEY=KEY)
    assert "is sent" not in done.stderr
    assert shop.fake.calls == []


@pytest.mark.slow
def test_cost_is_told_by_day_provider_and_model(shop: Shop) -> None:
    assert "no provider was asked" in by_hand(shop, "cost").stdout
    shop.fake.says(reply(GOOD))
    shop.project.stage("shop/rank.py", SOURCE)
    shop.hook("--dry-run", SLOPTEST_LLM_PRICE="input=2 output=10")
    told = by_hand(shop, "cost").stdout
    assert "anthropic  claude-sonnet-5-5" in told
    assert "900 in (0 cached)" in told
    assert "$0.0038" in told
    assert "limits: $0.5 a run" in told
    (day,) = json.loads(by_hand(shop, "cost", "--json").stdout)["days"]
    assert (day["calls"], day["completion_tokens"]) == (1, 200)
    assert day["usd"] == pytest.approx((900 * 2 + 200 * 10) / 1_000_000)
