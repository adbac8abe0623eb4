"""The address of a provider, as far as it can be judged without asking it."""

import re

# No user and password before the host: a configuration file is no place for a secret.
_URL = re.compile(
    r"(?P<scheme>https?)://(?P<host>\[[0-9a-fA-F:.]+\]|[A-Za-z0-9._-]+)(?::\d{1,5})?(?:/[^\s?#@]*)?"
)
_LOOPBACK = re.compile(r"localhost|127(?:\.\d{1,3}){3}|\[::1\]")


def endpoint_fault(url: str) -> str | None:
    """Return what is wrong with an address, as the end of a sentence about it, or None.

    >>> endpoint_fault("http://example.com/v1")
    "is plain http to another machine, where anybody on the way can read code and key"
    """
    match = _URL.fullmatch(url)
    if match is None:
        return "is none of http or https with a host and a path alone"
    if match["scheme"] == "http" and not is_loopback(url):
        return "is plain http to another machine, where anybody on the way can read code and key"
    return None


def is_loopback(url: str) -> bool:
    """Tell whether an address is on this machine: no proxy leads there."""
    match = _URL.fullmatch(url)
    return match is not None and _LOOPBACK.fullmatch(match["host"]) is not None


def host_of(url: str) -> str:
    """Return the host of an address, for a person to read."""
    match = _URL.fullmatch(url)
    return match["host"] if match else url
