"""What the two vendors' HTTP clients have in common; they are the same one underneath."""

from collections.abc import Mapping
from typing import TypedDict

from sloptest_hook.values.endpoint import is_loopback

_LOOPBACKS = ("all://127.0.0.1", "all://localhost", "all://[::1]")
CONNECT_SECONDS = 5.0


class ClientOptions(TypedDict):
    """How a client is made."""

    mounts: Mapping[str, None]
    follow_redirects: bool


def options_for(base_url: str) -> ClientOptions:
    """Return how a client is made: no proxy leads to this machine, and nobody sends a key on."""
    mounts = dict.fromkeys(_LOOPBACKS) if is_loopback(base_url) else {}
    return ClientOptions(mounts=mounts, follow_redirects=False)
