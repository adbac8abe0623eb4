"""Takes secrets out of a text: placeholders in their place, or a refusal.

    token = "ghp_..."   ->   token = "REDACTED_github_pat_3f9c01aa"

A placeholder is valid wherever the secret was, in a name or between quotes. It is made with a key
of the repository: the same secret has the same placeholder in every prompt, and nobody who has the
placeholder can try secrets against it. It is never put back.
"""

import hashlib
import hmac
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import PurePosixPath

from sloptest_hook.redaction.guessing import ENTROPY, KEYWORD, guesses, is_placeholder
from sloptest_hook.redaction.refusing import refusal
from sloptest_hook.redaction.rules import RULES, Rule, compiled
from sloptest_hook.values.records import dataclass

PLACEHOLDER = re.compile(r"REDACTED_[a-z0-9_]+_[0-9a-f]{8}")
_KNOWN = "known-key"
_GUESSED = (ENTROPY, KEYWORD)  # the second says more
_SHORTEST_REPEATED = 8  # characters; a shorter text is found by chance
_MOST_REPEATED = 300  # secrets of one text; each is looked for in all of it


@dataclass(frozen=True, slots=True)
class Found:
    """A secret: where it stands, and its kind."""

    start: int
    end: int
    kind: str


@dataclass(frozen=True, slots=True)
class Redacted:
    """A text without secrets; ``kinds`` are those of what was taken out, in their order."""

    text: str
    kinds: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Refused:
    """A text that must not be sent at all; ``reason`` is the end of a sentence about it."""

    reason: str


def sendable(
    text: str, key: bytes, *, path: PurePosixPath | None = None, known: Iterable[str] = ()
) -> Redacted | Refused:
    """Return what may leave the machine: with placeholders, or nothing of it.

    ``path`` is the file that the text is from. ``known`` are secrets that must be taken out
    whatever they look like, the keys of providers in the environment.
    """
    reason = refusal(text, path)
    return redacted(text, key, known=known) if reason is None else Refused(reason)


def without_secrets(text: str, key: bytes, *, known: Iterable[str] = ()) -> str:
    """Return what may be kept on this machine: a report, an artifact, a line of a log."""
    return redacted(text, key, known=known).text


def redacted(text: str, key: bytes, *, known: Iterable[str] = ()) -> Redacted:
    """Return the text with placeholders in as many lines as it had."""
    found = _repeated(text, secrets_in(text, known))
    parts: list[str] = []
    done = 0
    for each in found:
        secret = text[each.start : each.end]
        parts += [text[done : each.start], placeholder(each.kind, secret, key)]
        parts.append("\n" * secret.count("\n"))
        done = each.end
    return Redacted("".join([*parts, text[done:]]), tuple(each.kind for each in found))


def placeholder(kind: str, secret: str, key: bytes) -> str:
    """Return what stands for a secret: ``REDACTED_github_pat_3f9c01aa``."""
    digest = hmac.new(key, secret.encode("utf-8", "surrogatepass"), hashlib.sha256).hexdigest()
    return f"REDACTED_{kind.replace('-', '_')}_{digest[:8]}"


def secrets_in(text: str, known: Iterable[str] = ()) -> Sequence[Found]:
    """Return what is to be taken out, in order, none overlapping another."""
    found = [each for rule in RULES for each in _by_rule(text, rule)]
    found += [Found(each.start, each.end, each.kind) for each in guesses(text)]
    found += [at for secret in known if secret for at in _places(text, secret, _KNOWN)]
    return _apart(found, [match.span() for match in PLACEHOLDER.finditer(text)])


def _by_rule(text: str, rule: Rule) -> Iterator[Found]:
    if not rule.literals:
        for match in compiled(rule.pattern).finditer(text):
            yield Found(*match.span(), rule.kind)
    for literal in rule.literals:
        at = text.find(literal)
        while at >= 0:
            found = _at(text, at, rule)
            yield from found
            at = text.find(literal, max([at + 1, *(each.end for each in found)]))


def _at(text: str, at: int, rule: Rule) -> Sequence[Found]:
    pattern = compiled(rule.pattern)
    group = "secret" if "secret" in pattern.groupindex else 0
    matches = (pattern.match(text, at - back) for back in rule.before if back <= at)
    return [
        Found(*match.span(group), rule.kind)
        for match in matches
        if match and not (group and is_placeholder(match["secret"]))
    ]


def _apart(found: Iterable[Found], taken: Sequence[tuple[int, int]]) -> Sequence[Found]:
    """Return one for all that overlap, by the name of a rule where one of them has one.

    What touches a placeholder was taken out before.
    """
    apart: list[Found] = []
    for each in sorted(found, key=lambda one: (one.start, -one.end)):
        if any(start < each.end and each.start < end for start, end in taken):
            continue
        if apart and each.start < apart[-1].end:
            apart[-1] = _joined(apart[-1], each)
        else:
            apart.append(each)
    return apart


def _joined(first: Found, second: Found) -> Found:
    return Found(first.start, max(first.end, second.end), _telling(first.kind, second.kind))


def _telling(first: str, second: str) -> str:
    """Return the kind that says more: the name of a rule, else where it stands, else its look."""
    return max(second, first, key=lambda kind: (*_GUESSED, kind).index(kind))


def _repeated(text: str, found: Sequence[Found]) -> Sequence[Found]:
    """Return them and every other place of the same text, each under one kind.

    A password that is known by its name stands elsewhere without one, in an assertion's message.
    """
    kinds = _kinds(text, found)
    named = [Found(each.start, each.end, kinds[text[each.start : each.end]]) for each in found]
    if len(kinds) > _MOST_REPEATED:
        return named
    more = [
        at
        for secret, kind in kinds.items()
        if len(secret) >= _SHORTEST_REPEATED
        for at in _places(text, secret, kind)
    ]
    return _apart([*named, *more], [match.span() for match in PLACEHOLDER.finditer(text)])


def _kinds(text: str, found: Iterable[Found]) -> Mapping[str, str]:
    kinds: dict[str, str] = {}
    for each in found:
        secret = text[each.start : each.end]
        kinds[secret] = _telling(kinds.get(secret, ENTROPY), each.kind)
    return kinds


def _places(text: str, secret: str, kind: str) -> Iterator[Found]:
    at = text.find(secret)
    while at >= 0:
        yield Found(at, at + len(secret), kind)
        at = text.find(secret, at + len(secret))
