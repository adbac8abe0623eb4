"""A service's status, code and words, as our kind of error."""

import re
from collections.abc import Mapping

from sloptest_hook.generation.providers.bodies import text_at
from sloptest_hook.generation.providers.seam import ErrorKind, ProviderError

_MESSAGE, _CAUSE = 240, 200  # characters
_QUOTA = re.compile(
    r"insufficient_quota|spend_limit|billing|credit balance|budget_exceeded|quota_exceeded"
)
_CONTEXT = re.compile(
    r"context_length_exceeded|context[ _]window|maximum context|(?:prompt|input|request)\b.{0,40}"
    r"\b(?:is )?too (?:long|large)|too many (?:input )?tokens|exceeds? .{0,30}context",
    re.IGNORECASE,
)
_BINDING = re.compile(
    r"output_config|output_format|response_format|json_schema|text\.format|structured|"
    r"\btool(?:s|_choice|config|choice|spec)?\b|\bstrict\b|outputconfig|textformat|grammar",
    re.IGNORECASE,
)
_KINDS: Mapping[int, tuple[ErrorKind, bool]] = {
    401: (ErrorKind.AUTH, False),
    402: (ErrorKind.QUOTA, False),
    403: (ErrorKind.PERMISSION, False),
    404: (ErrorKind.NOT_FOUND, False),
    408: (ErrorKind.TIMEOUT, True),
    409: (ErrorKind.SERVER, True),
    413: (ErrorKind.CONTEXT_TOO_LONG, False),
    424: (ErrorKind.SERVER, True),
    429: (ErrorKind.RATE_LIMITED, True),
    503: (ErrorKind.OVERLOADED, True),
    504: (ErrorKind.TIMEOUT, True),
    529: (ErrorKind.OVERLOADED, True),
}
_CLIENT_ERRORS = (400, 422)
_SERVER_ERRORS = 500


def status_error(
    status: int, body: object, headers: Mapping[str, str], now: float
) -> ProviderError:
    """Return the error of an answer that is none.

    ``body`` is the parsed body or the ``error`` in it; names of ``headers`` are in whatever case.
    ``now`` is the time of day, for dates in ``Retry-After``.
    """
    headers = {name.lower(): value for name, value in headers.items()}
    inner = body.get("error", body) if isinstance(body, Mapping) else {}
    codes = " ".join(text_at(inner, key) for key in ("code", "type"))
    said = text_at(inner, "message") or text_at(inner, "Message")
    error = coded_error(status, codes, said)
    if headers.get("x-should-retry") == "false":
        return error
    wait = retry_after(headers, now) if error.retryable else None
    return ProviderError(error.kind, error.message, error.retryable, wait)


def late() -> ProviderError:
    """Return the error of a call that its time limit ended."""
    return ProviderError(ErrorKind.TIMEOUT, "no answer in time", retryable=True)


def unreachable(error: Exception) -> ProviderError:
    """Return the error of a connection that failed, by what the vendor's error was made of."""
    cause = error.__cause__ or error
    said = f"{type(cause).__name__}: {' '.join(str(cause).split())}"[:_CAUSE]
    return ProviderError(ErrorKind.CONNECTION, said, retryable=True)


def coded_error(status: int, codes: str, said: str) -> ProviderError:
    """Return the error of a status, the service's own codes and its words."""
    kind, retryable = _kind(status, codes, said)
    return ProviderError(kind, _line(f"{status} {codes.strip()}".strip(), said), retryable)


def _kind(status: int, codes: str, said: str) -> tuple[ErrorKind, bool]:
    if status in (400, 402, 403, 429) and _QUOTA.search(codes):
        return ErrorKind.QUOTA, False
    if status in _CLIENT_ERRORS:
        if _CONTEXT.search(codes) or _CONTEXT.search(said):
            return ErrorKind.CONTEXT_TOO_LONG, False
        return (ErrorKind.UNSUPPORTED if _BINDING.search(said) else ErrorKind.BAD_REQUEST), False
    return _KINDS.get(
        status,
        (ErrorKind.SERVER, True) if status >= _SERVER_ERRORS else (ErrorKind.BAD_REQUEST, False),
    )


def retry_after(headers: Mapping[str, str], now: float) -> float | None:
    """Return the seconds that a service asks to wait, None where it does not say."""
    for name, scale in (("retry-after-ms", 1e-3), ("x-amz-retry-after", 1e-3), ("retry-after", 1)):
        seconds = _number(headers.get(name, ""))
        if seconds is not None:
            return seconds * scale
    return _until(headers.get("retry-after", ""), now)


def _number(text: str) -> float | None:
    try:
        number = float(text)
    except ValueError:
        return None
    return number if number >= 0 else None


def _until(date: str, now: float) -> float | None:
    from email.utils import parsedate_to_datetime  # 20 ms, for a form that hardly anybody sends

    try:
        return max(0.0, parsedate_to_datetime(date).timestamp() - now)
    except (ValueError, TypeError, OverflowError):
        return None


def _line(head: str, said: str) -> str:
    words = " ".join(said.split())
    return f"{head}: {words[:_MESSAGE]}" if words else head
