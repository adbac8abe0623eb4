"""Texts and files that never leave the machine, not even with placeholders."""

import re
from pathlib import PurePosixPath

from sloptest_hook.redaction.guessing import guesses
from sloptest_hook.redaction.rules import PRIVATE_KEY, RULES, compiled

_NAMES = re.compile(
    r"\.env(?:\..+|rc)?|.+\.env|\.netrc|_netrc|\.pypirc|\.npmrc|\.pgpass|\.htpasswd|"
    r"\.git-credentials|credentials(?:\.(?:json|ya?ml|toml|ini))?|secrets?\.(?:json|ya?ml|toml|ini)|"
    r"id_(?:rsa|dsa|ecdsa|ed25519)|.+\.(?:pem|key|p12|pfx|jks|keystore|kdbx|ovpn|ppk|asc|gpg)",
    re.IGNORECASE,
)
_DIRECTORIES = frozenset({".git", ".ssh", ".aws", ".gnupg", ".kube", ".docker"})
_ASSIGNMENT = re.compile(r"(?:export\s+)?[A-Za-z_][A-Za-z0-9_.]*=(?!=)\S?.*")
_LEAST_LINES = 2
_PRIVATE_KEY = next(rule for rule in RULES if rule.kind == PRIVATE_KEY)


def refusal(text: str, path: PurePosixPath | None) -> str | None:
    """Return why this must not be sent, as the end of a sentence about it, or None."""
    if path is not None and is_secret_file(path):
        return "is a file that holds secrets by its name"
    if holds_private_key(text):
        return "holds a private key"
    if is_environment_file(text):
        return "holds secrets as a .env file does"
    return None


def is_secret_file(path: PurePosixPath) -> bool:
    """Tell whether a file is one of those that hold secrets, whatever is in it."""
    return bool(_NAMES.fullmatch(path.name)) or not _DIRECTORIES.isdisjoint(path.parts)


def holds_private_key(text: str) -> bool:
    """Tell whether there is a private key, complete or cut off."""
    pattern = compiled(_PRIVATE_KEY.pattern)
    return any(literal in text for literal in _PRIVATE_KEY.literals) and bool(pattern.search(text))


def is_environment_file(text: str) -> bool:
    """Tell whether every line is ``NAME=value`` and one of them holds a secret.

    Python with blanks around its ``=`` is none, and constants without a secret are none either.
    """
    lines = [line.strip() for line in text.splitlines()]
    told = [line for line in lines if line and not line.startswith("#")]
    if len(told) < _LEAST_LINES or not all(map(_ASSIGNMENT.fullmatch, told)):
        return False
    return any(True for _ in guesses(text))
