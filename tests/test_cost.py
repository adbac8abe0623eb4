import pytest

from sloptest_hook.cost import Limits, dollars, limit_reached
from sloptest_hook.values.settings import Price
from sloptest_hook.values.usage import Usage

USAGE = Usage(1, 1_000_000, 400_000, 100_000, 200_000)


def test_a_price_of_ones_own_counts_what_a_cache_kept_and_was_given() -> None:
    price = Price(input=1.0, output=10.0, cache_read=0.1, cache_write=2.0)
    found = dollars(USAGE, engine="azure", model="mine", price=price)
    assert found == pytest.approx(0.5 * 1 + 0.4 * 0.1 + 0.1 * 2 + 0.2 * 10)


@pytest.mark.parametrize(
    ("engine", "model"),
    [
        ("anthropic", "claude-sonnet-5-5"),
        ("openai", "gpt-6.1-terra"),
        ("bedrock", "global.anthropic.claude-sonnet-5-5"),
    ],
)
def test_the_default_models_have_a_price(engine: str, model: str) -> None:
    found = dollars(USAGE, engine=engine, model=model)
    assert found is not None
    assert 0 < found < 20


def test_a_cache_makes_a_published_price_smaller() -> None:
    plain = dollars(Usage(1, 1_000_000), engine="anthropic", model="claude-sonnet-5-5")
    cached = dollars(Usage(1, 1_000_000, 900_000), engine="anthropic", model="claude-sonnet-5-5")
    assert plain is not None
    assert cached is not None
    assert cached < plain / 2


def test_what_nobody_knows_is_not_for_nothing() -> None:
    assert dollars(USAGE, engine="azure", model="my-deployment") is None


def test_a_server_of_this_machine_is() -> None:
    url = "http://127.0.0.1:11434/v1"
    assert dollars(USAGE, engine="openai", model="small", base_url=url) == 0.0


LIMITS = Limits(run=1.0, day=5.0)


@pytest.mark.parametrize(
    ("wanted", "in_run", "in_day", "told"),
    [
        (0.5, 0.5, 4.5, None),
        (0.51, 0.5, 0.5, "max-cost-usd = 1 would be exceeded"),
        (0.5, 0.0, 4.6, "max-cost-usd-per-day = 5 would be exceeded"),
    ],
)
def test_a_limit_is_looked_at_before_the_call(
    wanted: float, in_run: float, in_day: float, told: str | None
) -> None:
    found = limit_reached(wanted, in_run=in_run, in_day=in_day, limits=LIMITS)
    assert found is None if told is None else found and found.startswith(told)
