"""What calls of a provider took: tokens, and dollars where the price is known."""

from sloptest_hook.values.records import dataclass


@dataclass(frozen=True, slots=True)
class Usage:
    """Tokens of one call or of many.

    ``input_tokens`` is all that was sent, with what a cache kept (``cached_tokens``) and was given
    to keep (``cache_write_tokens``). ``output_tokens`` is all that came back, thoughts included.
    """

    calls: int = 0
    input_tokens: int = 0
    cached_tokens: int = 0
    cache_write_tokens: int = 0
    output_tokens: int = 0

    def __add__(self, other: "Usage") -> "Usage":
        return Usage(
            self.calls + other.calls,
            self.input_tokens + other.input_tokens,
            self.cached_tokens + other.cached_tokens,
            self.cache_write_tokens + other.cache_write_tokens,
            self.output_tokens + other.output_tokens,
        )


@dataclass(frozen=True, slots=True)
class Spent:
    """What a run has spent; ``usd`` None: the price of some of it is not known."""

    usage: Usage = Usage()
    usd: float | None = 0.0


@dataclass(frozen=True, slots=True)
class Account:
    """What an engine has to say of a run: lines for a person, and what it has spent."""

    notes: tuple[str, ...] = ()
    spent: Spent = Spent()
