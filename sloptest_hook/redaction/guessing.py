"""Secrets that are known by where they stand, after a name such as ``password``, or by their look.

Names are looked for as words first, as the literals of the rules are; see ``rules``.
"""

import math
import re
from collections.abc import Iterator

from sloptest_hook.values.records import dataclass

KEYWORD = "secret-keyword"
ENTROPY = "high-entropy-string"

_WORDS = (
    "passw",
    "passphrase",
    "pwd",
    "secret",
    "token",
    "credential",
    "apikey",
    "api_key",
    "api-key",
    "accesskey",
    "access_key",
    "access-key",
    "accountkey",
    "account_key",
    "authkey",
    "auth_key",
    "auth-key",
    "privatekey",
    "private_key",
    "private-key",
    "signingkey",
    "signing_key",
    "signing-key",
    "encryptionkey",
    "encryption_key",
    "encryption-key",
    "masterkey",
    "master_key",
    "conn_str",
    "connstr",
    "connection_string",
    "connectionstring",
)
# What is called `token_url` or `password_field` holds no secret.
_HARMLESS = (
    r"(?i:url|uri|name|names|file|path|dir|type|kind|field|header|param|prefix|suffix|env|var|"
    r"length|len|count|regex|pattern|re|format|fmt|ttl|expires|label|title|message|msg|error|help|"
    r"hint|class|id|ids|endpoint|scope|model|template|text|algorithm|alg)"
)
_NAME_END = rf"(?![A-Za-z0-9_\-]{{0,20}}[_\-]{_HARMLESS}\b)[A-Za-z0-9_\-]{{0,20}}"
_QUOTED = re.compile(
    _NAME_END
    + r"(?:[\"']\s*(?P<comma>,)|[\"']?\]?\s*(?::\s*[A-Za-z_.\[\], |]{1,30})?(?:==?|!=|:=?|=>))"
    r"\s*\(?\s*[bBrRuUfF]{0,2}\\?(?P<q>[\"'])(?P<secret>[^\"'\\\n]{6,300})\\?(?P=q)"
)
# Output, shell, dotenv, the query of a URL.
_BARE = re.compile(
    _NAME_END + r"(?:\s?[=:]\s?|\sis\s|>)"
    r"(?P<secret>[A-Za-z0-9+/_\-=!#$%^*~]{10,300})(?=[\s,;&\"'<)\]]|\.?(?:\s|$)|$)"
)
_LONG = re.compile(r"([\"'])(?P<secret>[A-Za-z0-9+/_\-]{24,120}={0,2})\1")

_PLACEHOLDER = re.compile(
    r"<.*>|\$.*|%.*%|\{.*\}|(.)\1*|\.{3,}|your[_\- ].*|my[_\- ].*|change[_\-]?(?:me|it).*|"
    r"(?:dummy|fake|example|placeholder|redacted|none|null|true|false|todo|test|secret|password|"
    r"passwd|pass|token|foo|bar|baz|hunter2|string|str|bytes|invalid|wrong|default|sample|some|"
    r"abc|not)[\w\-]{0,12}",
    re.IGNORECASE,
)
# `{name}`, `%s`, `%(name)s`, `[a-z]`, `\d`, `(?:`: what is filled in, and what matches.
_PATTERN = re.compile(r"\{[^}]*\}|%[(sdr]|\[[^\]]*-[^\]]*\]|\\[dwsb]|\(\?|\$\{")
# Words of two letters or more, in whatever case, with a small number behind each. Nothing here
# gives back what it has taken: otherwise a long word would be tried in every division.
_WORD = r"[a-z]?+(?:[A-Z]*+[a-z]{2,}+\d{0,3}+)*+[A-Z]*+[a-z]?+\d{0,3}+"
_WORDY = re.compile(rf"{_WORD}(?:[_\-./:@*~]++{_WORD})*+=?")
_HEX = re.compile(r"[0-9a-fA-F]+")
_CAMEL = re.compile(r"[a-z]{7,}")

_LEAST_ENTROPY = 2.5  # bits a character: `aaaa1111` has 1
_LEAST_BARE_ENTROPY = 2.8
_LEAST_LISTED_ENTROPY = 3.2
_LEAST_LONG_ENTROPY = 4.2
_LEAST_LETTERS_ENTROPY = 3.3  # of what has no digit


@dataclass(frozen=True, slots=True)
class Guess:
    """Where a secret may stand."""

    start: int
    end: int
    kind: str


def guesses(text: str) -> Iterator[Guess]:
    """Yield what stands after a name that promises a secret, and quoted text that looks random."""
    lowered = _lowered(text)
    for word in _WORDS:
        at = lowered.find(word)
        while at >= 0:
            after = at + len(word)
            yield from _after_name(text, after)
            at = lowered.find(word, after)
    for match in _LONG.finditer(text):
        if _is_random(match["secret"]):
            yield Guess(*match.span("secret"), ENTROPY)


def _after_name(text: str, at: int) -> Iterator[Guess]:
    quoted = _QUOTED.match(text, at)
    if quoted:
        # The next text of a list is no value of the one before it, unless it looks like one.
        least = _LEAST_LISTED_ENTROPY if quoted["comma"] else 0.0
        if _is_value(quoted["secret"]) and entropy(quoted["secret"]) >= least:
            yield Guess(*quoted.span("secret"), KEYWORD)
        return
    bare = _BARE.match(text, at)
    if bare and _is_bare_value(bare["secret"]):
        yield Guess(*bare.span("secret"), KEYWORD)


def _is_value(value: str) -> bool:
    """Tell whether what is quoted after such a name can be a secret at all."""
    if " " in value or "://" in value or _PATTERN.search(value) or _is_name(value):
        return False
    least = _LEAST_ENTROPY if any(map(str.isdigit, value)) else _LEAST_LETTERS_ENTROPY
    return entropy(value) >= least


def _is_bare_value(value: str) -> bool:
    """Tell it of text without quotes, most of which is a name of the program."""
    has_both = any(map(str.isdigit, value)) and any(map(str.isalpha, value))
    return has_both and not _is_name(value) and entropy(value) > _LEAST_BARE_ENTROPY


def _is_name(value: str) -> bool:
    return is_placeholder(value) or bool(_WORDY.fullmatch(value))


def is_placeholder(value: str) -> bool:
    """Tell whether a text only stands where a secret will be: ``changeme``, ``<password>``."""
    return bool(_PLACEHOLDER.fullmatch(value))


def _is_random(value: str) -> bool:
    """Tell whether a long text is no word; a hash is none, and known by its digits."""
    kinds = (str.isdigit, str.islower, str.isupper)
    if not all(any(map(kind, value)) for kind in kinds) or _HEX.fullmatch(value):
        return False
    if _CAMEL.search(value) or _WORDY.fullmatch(value):
        return False
    return entropy(value) > _LEAST_LONG_ENTROPY


def entropy(text: str) -> float:
    """Return Shannon's entropy in bits a character."""
    counts = [text.count(each) for each in set(text)]
    return -sum(n / len(text) * math.log2(n / len(text)) for n in counts)


def _lowered(text: str) -> str:
    """Return the text in small letters, each at the place where it was."""
    lowered = text.lower()
    if len(lowered) == len(text):
        return lowered
    return "".join(each.lower() if each.isascii() else each for each in text)
