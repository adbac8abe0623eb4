"""Keeps of each case what is true again: alone in a fresh fork, elsewhere, at another time."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from . import looking
from .isolate import in_last_fork
from .replay import checks_that_hold
from .volatile import SETS, shifted, volatile_calls

_SECONDS = 4.0
_OTHER_RUNS = 6
_SET = re.compile(r"set\(|\{[^:{}]+\}")
_TEXT = re.compile(r"'[^']*'|\"[^\"]*\"")
_WORD = re.compile(r"\w+")
_LONG_NUMBER = re.compile(r"\d{9}")


def proved(case: dict[str, object], scratch: str) -> dict[str, object] | None:
    """Return the case with the checks that hold in a fork of its own; None when none is left."""
    finished = in_last_fork(lambda: _guarded(case, scratch), _SECONDS)
    return weeded(case, finished.answer)


def proved_elsewhere(case: dict[str, object], scratch: str) -> dict[str, object] | None:
    """Return what holds also when chance and clock, where the case uses them, are others."""
    finished = in_last_fork(lambda: _watched(case, scratch), _SECONDS)
    answer = finished.answer
    if not isinstance(answer, Mapping):
        return None
    verdicts = answer["verdicts"]
    left = weeded(case, _without_hashes(case, verdicts) if answer["hashes"] else verdicts)
    if left is not None and (answer["sets"] or _SET.search(_given(case))) and _is_in_order(left):
        left = {**left, "unordered": True}
    if left is None or not answer["volatile"]:
        return left
    for run in range(_OTHER_RUNS):
        if left is not None:
            left = weeded(left, in_last_fork(_Shifted(left, scratch, run), _SECONDS).answer)
    return left


class _Shifted:
    """One run with another clock and another state of ``random``."""

    def __init__(self, case: dict[str, object], scratch: str, run: int) -> None:
        self._case = case
        self._scratch = scratch
        self._run = run

    def __call__(self) -> list[bool] | None:
        with shifted(self._run):
            return _guarded(self._case, self._scratch)


def _watched(case: dict[str, object], scratch: str) -> dict[str, object]:
    with volatile_calls() as seen:
        verdicts = _guarded(case, scratch)
    volatile = bool(seen - {"hash", SETS})
    return {
        "verdicts": verdicts,
        "volatile": volatile,
        "hashes": "hash" in seen,
        "sets": SETS in seen,
    }


def _given(case: Mapping[str, object]) -> str:
    """Return the source of all that the call gets."""
    return f"{case['arrange']} {case['arguments']}"


def _is_in_order(case: Mapping[str, object]) -> bool:
    """Whether a check holds several words: the hashes of texts alone hang on the seed."""
    return any(
        len(_WORD.findall(" ".join(_TEXT.findall(str(check["expected"]))))) > 1
        or len(_WORD.findall(str(check["message"] or ""))) > 1
        for check in _checks(case)
    )


def _checks(case: Mapping[str, object]) -> list[Mapping[str, object]]:
    checks: list[Mapping[str, object]] = []
    if isinstance(case["result"], dict):
        checks.append(case["result"])
    checks += case["after"] if isinstance(case["after"], list) else []
    return checks


def _without_hashes(case: Mapping[str, object], verdicts: object) -> object:
    """Let the checks on long numbers fail: a hash is another one in another Python."""
    if not isinstance(verdicts, list):
        return verdicts
    return [
        holds and _LONG_NUMBER.search(str(check["expected"])) is None
        for check, holds in zip(_checks(case), verdicts)
    ]


def together(cases: Sequence[dict[str, object]], scratch: str) -> list[dict[str, object]]:
    """Return the cases that hold also after all the others, in both orders, in one process."""
    left = list(cases)
    for _ in range(2):
        left = _in_order(left[::-1], scratch)
    return left


def _in_order(cases: list[dict[str, object]], scratch: str) -> list[dict[str, object]]:
    finished = in_last_fork(lambda: [_guarded(case, scratch) for case in cases], _SECONDS * 2)
    answers = finished.answer if isinstance(finished.answer, list) else [None] * len(cases)
    weeds = [weeded(case, answer) for case, answer in zip(cases, answers)]
    return [case for case in weeds if case is not None]


def _guarded(case: Mapping[str, object], scratch: str) -> list[bool] | None:
    """Run a case with refused acts refused; a case that tried one does not hold."""
    refused = len(looking.refusals())
    looking.enforce(True)
    verdicts = checks_that_hold(case, scratch)
    looking.enforce(False)
    return verdicts if len(looking.refusals()) == refused else None


def weeded(case: dict[str, object], verdicts: object) -> dict[str, object] | None:
    """Return the case without the checks that failed; None when nothing worth saying is left."""
    if not isinstance(verdicts, list):
        return None
    after = case["after"] if isinstance(case["after"], list) else []
    result = case["result"]
    if result is not None:
        result = result if verdicts and verdicts[0] else None
        verdicts = verdicts[1:]
    kept = [check for check, holds in zip(after, verdicts) if holds]
    told = [check for check in [result, *kept] if check and check["relation"] != "instance"]
    if not told:
        return None
    return {**case, "result": result, "after": kept}
