"""Usage to dollars, and whether a call may still be made; prices come out of a package, offline."""

from sloptest_hook.values.endpoint import is_loopback
from sloptest_hook.values.records import dataclass
from sloptest_hook.values.settings import Price
from sloptest_hook.values.usage import Usage

_MILLION = 1_000_000
# How the engines are called in the package of prices.
_PROVIDERS = {"anthropic": "anthropic", "openai": "openai", "azure": "azure", "bedrock": "aws"}


def dollars(
    usage: Usage, *, engine: str, model: str, base_url: str = "", price: Price | None = None
) -> float | None:
    """Return what usage costs; None where nobody knows, which is never to be taken for nothing.

    A price in the settings counts before the published one. A server of this machine costs nothing.
    """
    if price is not None:
        return _by(price, usage)
    if is_loopback(base_url):
        return 0.0
    return _published(usage, engine, model)


def _by(price: Price, usage: Usage) -> float:
    plain = usage.input_tokens - usage.cached_tokens - usage.cache_write_tokens
    return (
        max(0, plain) * price.input
        + usage.cached_tokens * price.cache_read
        + usage.cache_write_tokens * price.cache_write
        + usage.output_tokens * price.output
    ) / _MILLION


def _published(usage: Usage, engine: str, model: str) -> float | None:
    try:
        import genai_prices  # 0.2 s, where a call is made
    except ImportError:
        return None
    tokens = genai_prices.Usage(
        input_tokens=usage.input_tokens,
        cache_read_tokens=usage.cached_tokens,
        cache_write_tokens=usage.cache_write_tokens,
        output_tokens=usage.output_tokens,
    )
    try:
        found = genai_prices.calc_price(tokens, model, provider_id=_PROVIDERS.get(engine, engine))
    except LookupError:
        return None
    return float(found.total_price)


@dataclass(frozen=True, slots=True)
class Limits:
    """The most that may be spent, in dollars."""

    run: float
    day: float


def limit_reached(wanted: float, *, in_run: float, in_day: float, limits: Limits) -> str | None:
    """Return why a call that may cost ``wanted`` must not be made, None where it may."""
    if in_run + wanted > limits.run:
        return (
            f"max-cost-usd = {limits.run:g} would be exceeded: ${in_run:.4f} are spent or set "
            f"aside in this run, and the next call may cost ${wanted:.4f}"
        )
    if in_day + wanted > limits.day:
        return (
            f"max-cost-usd-per-day = {limits.day:g} would be exceeded: ${in_day:.4f} are spent or "
            f"set aside today, and the next call may cost ${wanted:.4f}"
        )
    return None
