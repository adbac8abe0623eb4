"""Facts and tests as the bytes of a row, and back; whatever the bytes are, nothing is raised.

A row may come from anywhere: every number is bounded before anything is made of it, and a checksum
over key and payload keeps a flipped bit from being a wrong fact.
"""

from collections.abc import Iterable, Sequence
from functools import lru_cache
from pathlib import PurePosixPath

from sloptest_hook.values.coverage import Evidence
from sloptest_hook.values.digests import digest_of
from sloptest_hook.values.facts import Branch, Fact, RecordedTest, Share
from sloptest_hook.values.records import replace
from sloptest_hook.values.spans import spans

TYPE_CHECKING = False  # typing itself costs 5 ms, which every commit would pay
if TYPE_CHECKING:
    from typing import Any

_MOST_ANCHORS = 100_000
_MOST_SHARES = 500
_MOST_TESTS = 100_000  # of one share
_MOST_BYTES = 4_000_000  # unpacked
_SHORT = 300  # bytes that are not worth being compressed
_LARGEST_ID = 1 << 53
_CHECKSUM = 8
_WAYS = 4


def packed_fact(key: bytes, fact: Fact) -> bytes:
    """Return the payload of a fact; path, names and environment are columns of their own."""
    shares = sorted(fact.shares, key=lambda share: -len(share.lines))[:_MOST_SHARES]
    return sealed(
        key,
        [
            fact.module,
            fact.anchors,
            _bits(fact.executable),
            sorted(fact.branches),
            [
                [_ranges(share.tests), _bits(share.lines), _places(share.branches, fact.branches)]
                for share in shares
            ],
            fact.evidence.value,
        ],
    )


def unpacked_fact(
    key: bytes, payload: bytes, names: tuple[PurePosixPath, str, str], environment: str
) -> Fact | None:
    """Return the fact of a row, None for what is none; ``names``: path, qualname, fingerprint."""
    try:
        module, anchors, executable, branches, shares, evidence = opened(key, payload)
        if not 0 <= anchors <= _MOST_ANCHORS or len(shares) > _MOST_SHARES:
            return None
        known = [_branch(each, anchors) for each in branches]
        return Fact(
            names[0],
            str(module),
            names[1],
            names[2],
            environment,
            anchors,
            _numbers(executable, anchors),
            frozenset(known),
            tuple(
                Share(
                    _ids(tests),
                    _numbers(lines, anchors),
                    frozenset(known[place] for place in _numbers(taken, len(known))),
                )
                for tests, lines, taken in shares
            ),
            Evidence(evidence),
        )
    except (ValueError, TypeError, KeyError, IndexError, OverflowError, RecursionError):
        return None


def packed_test(key: bytes, test: RecordedTest) -> bytes:
    """Return the payload of a test; node id, fingerprint and seconds are columns of their own."""
    relied = {str(path): blob for path, blob in sorted(test.relies_on.items())}
    return sealed(key, [dict(sorted(test.without.items())), relied])


def unpacked_test(
    key: bytes, payload: bytes, node_id: str, fingerprint: str, seconds: float
) -> RecordedTest | None:
    """Return the test of a row, None for what is none."""
    try:
        without, relied = opened(key, payload)
        return RecordedTest(
            str(node_id),
            str(fingerprint),
            {str(module): str(text) for module, text in without.items()},
            {_path(path): None if blob is None else str(blob) for path, blob in relied.items()},
            float(seconds),
        )
    except (ValueError, TypeError, AttributeError, RecursionError):
        return None


@lru_cache(maxsize=4096)  # a thousand tests rely on the same few files, and paths hash slowly
def _path(text: str) -> PurePosixPath:
    return PurePosixPath(text)


def packed_uses(key: bytes, ids: Iterable[int], before: bytes | None) -> bytes:
    """Return row ids of symbol versions as the newest of the ways that a test went.

    A few of the ways before are kept: on another branch it goes another one, and comes back.
    """
    known = [_ranges(each) for each in unpacked_uses(key, before)] if before else []
    newest = _ranges(sorted(ids))
    return sealed(key, [newest, *(each for each in known if each != newest)][:_WAYS])


def unpacked_uses(key: bytes, payload: bytes) -> tuple[frozenset[int], ...]:
    """Return the row ids of each way, none for what is no such payload."""
    try:
        return tuple(frozenset(_ids(each)) for each in opened(key, payload)[:_WAYS])
    except (ValueError, TypeError, RecursionError):
        return ()


def packed_keys(key: bytes, keys: Iterable[bytes]) -> bytes:
    """Return the payload of a file: the keys of all that is in it."""
    return sealed(key, [each.hex() for each in sorted(keys)])


def unpacked_keys(key: bytes, payload: bytes) -> frozenset[bytes] | None:
    """Return the keys in a file, None for what is no such payload."""
    try:
        return frozenset(bytes.fromhex(each) for each in opened(key, payload))
    except (ValueError, TypeError, RecursionError):
        return None


def sealed(key: bytes, content: object) -> bytes:
    """Return the content as bytes that ``opened`` accepts under the same key alone."""
    import json  # 2 ms, and most commits have nothing to keep
    import zlib

    data = json.dumps(content, separators=(",", ":")).encode()
    short = zlib.compress(data) if len(data) > _SHORT else data
    body = b"z" + short if len(short) < len(data) else b"-" + data
    return _sum(key, body) + body


def opened(key: bytes, payload: bytes) -> "Any":
    """Return the content; raises ValueError for any other bytes."""
    import json

    seal, body = payload[:_CHECKSUM], payload[_CHECKSUM:]
    if seal != _sum(key, body):
        raise ValueError("the checksum is another one")
    data = _inflated(body[1:]) if body[:1] == b"z" else body[1:]
    return json.loads(data)


def _inflated(data: bytes) -> bytes:
    import zlib

    try:
        tool = zlib.decompressobj()
        found = tool.decompress(data, _MOST_BYTES)
    except zlib.error as error:
        raise ValueError(str(error)) from error
    if tool.unconsumed_tail or not tool.eof:
        raise ValueError("too large, or cut off")
    return found


def _sum(key: bytes, body: bytes) -> bytes:
    return digest_of(body, _CHECKSUM, key)


def _bits(numbers: Iterable[int]) -> str:
    """Return numbers as the hexadecimal digits of an integer with these bits set."""
    value = 0
    for number in numbers:
        value |= 1 << number
    return f"{value:x}"


def _numbers(bits: object, limit: int) -> frozenset[int]:
    if not isinstance(bits, str) or len(bits) > limit // 4 + 1:
        raise ValueError("more bits than there are places")
    value = int(bits, 16)
    if value >> limit:
        raise ValueError("a bit beyond the last place")
    return frozenset(place for place in range(value.bit_length()) if value >> place & 1)


def _branch(found: "Any", anchors: int) -> Branch:
    start, end = found
    if not (0 <= start < anchors and -anchors <= end < anchors):
        raise ValueError("a branch of another definition")
    return int(start), int(end)


def _places(branches: Iterable[Branch], known: Iterable[Branch]) -> str:
    place = {branch: number for number, branch in enumerate(sorted(known))}
    return _bits(place[branch] for branch in branches if branch in place)


def _ranges(numbers: Iterable[int]) -> str:
    """Return ``3-7,9``: tests that execute the same mostly ran one after the other."""
    return ",".join(spans(numbers))


def _ids(ranges: object) -> tuple[int, ...]:
    if not isinstance(ranges, str):
        raise TypeError(ranges)
    found: list[int] = []
    for part in ranges.split(",") if ranges else ():
        first, _, last = part.partition("-")
        begin, end = int(first), int(last or first)
        if not 0 <= begin <= end <= _LARGEST_ID or end - begin + len(found) >= _MOST_TESTS:
            raise ValueError("a range without bounds")
        found.extend(range(begin, end + 1))
    return tuple(found)


def merged(before: Fact | None, fact: Fact, rows: Sequence[int]) -> Fact:
    """Return what is known after a run: ``rows`` are the row ids behind its tests' positions.

    What the tests of the run executed before is forgotten, what others did is kept, as long as both
    speak of the same lines and branches. What was measured is never mixed with what was imported.
    """
    found: dict[tuple[frozenset[int], frozenset[Branch]], set[int]] = {}
    if before is not None and _alike(before, fact):
        if before.evidence is not fact.evidence and fact.evidence is not Evidence.MEASURED:
            return before
        if before.evidence is fact.evidence:
            for share in before.shares:
                left = set(share.tests) - set(rows)
                if left:
                    found[share.lines, share.branches] = left
    for share in fact.shares:
        tests = {rows[position] for position in share.tests}
        found.setdefault((share.lines, share.branches), set()).update(tests)
    shares = (
        Share(tuple(sorted(tests)), lines, branches) for (lines, branches), tests in found.items()
    )
    return replace(fact, shares=tuple(shares))


def _alike(one: Fact, other: Fact) -> bool:
    return (one.anchors, one.executable, one.branches) == (
        other.anchors,
        other.executable,
        other.branches,
    )
