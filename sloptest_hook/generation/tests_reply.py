"""A model's reply as candidates, each for the target that its tests say they are for."""

import re
from collections.abc import Iterator, Mapping, Sequence

from sloptest_hook.generation.attribution import candidates_of
from sloptest_hook.generation.file_parts import FileParts, parts_of
from sloptest_hook.generation.loose_json import complete_items
from sloptest_hook.generation.providers.schema_check import schema_fault
from sloptest_hook.generation.providers.seam import Reply
from sloptest_hook.generation.reply import are_files, read_files
from sloptest_hook.generation.strict_json import BadReply, JsonValue
from sloptest_hook.values.candidate import Candidate, Claim, NoCandidate
from sloptest_hook.values.plain_text import flaws
from sloptest_hook.values.plan import Target
from sloptest_hook.values.records import dataclass

_TEXT: JsonValue = {"type": "string"}


def _object(**properties: JsonValue) -> JsonValue:
    names: list[JsonValue] = [*properties]
    return {
        "type": "object",
        "properties": dict(properties),
        "required": names,
        "additionalProperties": False,
    }


_TEXTS: JsonValue = {"type": "array", "items": _TEXT}
_TEST = _object(name=_TEXT, code=_TEXT, imports=_TEXTS, covers=_TEXT, why=_TEXT)
_BUG = _object(covers=_TEXT, expected=_TEXT, actual=_TEXT, why=_TEXT, test=_TEXT, imports=_TEXTS)
# Only words that every service knows, and every key required: some bind nothing else.
SCHEMA: dict[str, JsonValue] = {
    "type": "object",
    "properties": {
        "tests": {"type": "array", "items": _TEST},
        "suspected_bugs": {"type": "array", "items": _BUG},
    },
    "required": ["tests", "suspected_bugs"],
    "additionalProperties": False,
}
_MOST_TESTS = 60
_PLACEHOLDER = re.compile(r"REDACTED_[a-z0-9_]+_[0-9a-f]{8}")


@dataclass(frozen=True, slots=True)
class _Entry:
    """One test as it was handed in, or what is wrong with it."""

    name: str
    covers: str
    parts: FileParts | None
    fault: str = ""


def fault_of(data: JsonValue) -> str | None:
    """Return what is wrong with the shape of a reply; paths and contents are a shape too."""
    return None if are_files(data) else schema_fault(data, SCHEMA)


def answers_of(
    reply: Reply, targets: Sequence[Target], engine: str, root: str = "tests"
) -> Iterator[Candidate | NoCandidate]:
    """Yield answers for each target; of a reply that was cut off the complete tests count.

    ``root`` is the project's tests directory.
    """
    if are_files(reply.data):
        yield from _of_files(reply.text, targets, engine, root)
        return
    data = reply.data if reply.data is not None else _what_is_complete(reply.text)
    entries = [_entry(each) for each in _objects(data, "tests")[:_MOST_TESTS]]
    bugs = {_text(each, "covers"): each for each in reversed(_objects(data, "suspected_bugs"))}
    for target in targets:
        name = target.symbol.qualname
        own = [each for each in entries if each.covers == name]
        yield _answer(target, own, bugs.get(name), engine)


def _of_files(
    text: str, targets: Sequence[Target], engine: str, root: str
) -> Iterator[Candidate | NoCandidate]:
    files = read_files(text, root)
    if isinstance(files, BadReply):
        yield from (NoCandidate(target, f"reply: {files.reason}") for target in targets)
    else:
        yield from candidates_of(files, targets, engine)


def _what_is_complete(text: str) -> JsonValue:
    found: list[JsonValue] = [*complete_items(text, "tests")]
    return {"tests": found, "suspected_bugs": []}


def _answer(
    target: Target, entries: Sequence[_Entry], bug: Mapping[str, JsonValue] | None, engine: str
) -> Candidate | NoCandidate:
    entries = [_about(each, target) for each in entries]
    good = [each.parts for each in entries if each.parts is not None and not each.fault]
    faults = [f"{each.name}: {each.fault}" for each in entries if each.fault]
    claims = tuple(_claims(bug, target)) if bug is not None else ()
    notes = [_bug_line(bug)] if bug is not None and not claims else []
    if not good:
        reason = "; ".join([*notes, *faults[:2]]) or f"{engine} wrote no test for it"
        return NoCandidate(target, reason, claims=claims)
    imports = dict.fromkeys(each for parts in good for each in parts.imports)
    tests = {test.name: test for parts in good for test in parts.tests}
    support = {piece.name: piece for parts in good for piece in parts.support}
    return Candidate(
        target,
        engine,
        tuple(imports),
        tuple(tests.values()),
        (*notes, *faults[:2]),
        tuple(support.values()),
        claims,
    )


def _claims(bug: Mapping[str, JsonValue], target: Target) -> Iterator[Claim]:
    """Yield the claim with the test that shows it, or nothing: a word alone proves nothing."""
    parts = _entry({**bug, "name": "", "code": bug.get("test")}).parts
    if parts is None or parts.support:
        return
    expected, actual, why = (_line(bug, key) for key in ("expected", "actual", "why"))
    test = parts.tests[0]
    call = next((line.strip() for line in reversed(test.code.splitlines()) if line.strip()), "")
    yield Claim(target.symbol, test, parts.imports, expected, call, actual, why)


def _about(entry: _Entry, target: Target) -> _Entry:
    """Refuse a test that imports nothing of the target's module: it is about something else."""
    if entry.parts is None or entry.fault:
        return entry
    top = target.module.rpartition(".")[2]
    if any(re.search(rf"\b{re.escape(top)}\b", each) for each in entry.parts.imports):
        return entry
    return _Entry(entry.name, entry.covers, None, f"it does not import {target.module}")


def _entry(value: Mapping[str, JsonValue]) -> _Entry:
    name, covers = _text(value, "name"), _text(value, "covers")
    found = value.get("imports")
    imports = [each for each in found if isinstance(each, str)] if isinstance(found, list) else []
    code = "\n".join([*imports, "", "", _text(value, "code"), ""])
    flaw = next(flaws(code), None)
    if flaw is not None:
        return _Entry(name, covers, None, f"line {flaw.line} has a fault of its text ({flaw.kind})")
    if _PLACEHOLDER.search(code):
        return _Entry(name, covers, None, "it expects a secret that was taken out")
    parts = parts_of(code)
    if isinstance(parts, BadReply):
        return _Entry(name, covers, None, parts.reason)
    return _Entry(name, covers, parts)


def _bug_line(bug: Mapping[str, JsonValue]) -> str:
    said = {key: _line(bug, key) for key in ("expected", "actual", "why")}
    return f"a bug is suspected: expected {said['expected']}, but {said['actual']} ({said['why']})"


def _line(value: Mapping[str, JsonValue], key: str) -> str:
    return " ".join(_text(value, key).split())[:160]


def _objects(data: JsonValue, key: str) -> list[dict[str, JsonValue]]:
    found = data.get(key) if isinstance(data, dict) else None
    return [each for each in found if isinstance(each, dict)] if isinstance(found, list) else []


def _text(value: Mapping[str, JsonValue], key: str) -> str:
    found = value.get(key)
    return found if isinstance(found, str) else ""
