"""Runs a case as it is printed and says which of its checks hold."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

from . import foreign, invoke
from .standins import Fixtures
from .value import Bound, Value

_SECONDS = 2.0
_RELATIVE, _ABSOLUTE = 1e-6, 1e-12  # those of pytest.approx


def checks_that_hold(case: Mapping[str, object], scratch: str) -> list[bool] | None:
    """Return a verdict on the check of the result, if there is one, and on each after it.

    None when the case cannot be run at all, or raises what it does not expect.
    """
    fixtures = Fixtures(scratch)
    bounded = foreign.Bounded(_SECONDS)
    verdicts: list[bool] = []
    done = False
    with fixtures.output, bounded:
        verdicts = _run(case, fixtures)
        done = True
    fixtures.patches.undo()
    return verdicts if done else None


def _run(case: Mapping[str, object], fixtures: Fixtures) -> list[bool]:
    namespace: dict[str, object] = {}
    for line in _texts(case["imports"]):
        foreign.execute(line, namespace)
    namespace.update(fixtures.named(tuple(_texts(case["fixtures"]))))
    for line in _texts(case["arrange"]):
        foreign.execute(line, namespace)
    check = case["result"]
    if isinstance(check, Mapping) and check["relation"] == "raises":
        return [_raises(case, check, namespace)]
    namespace["result"] = _call(case, namespace)
    after = case["after"]
    checks = [*([check] if check else []), *(after if isinstance(after, list) else [])]
    return [_holds(each, namespace) for each in checks]


def _texts(lines: object) -> list[str]:
    return [str(line) for line in lines] if isinstance(lines, (list, tuple)) else []


def _call(case: Mapping[str, object], namespace: dict[str, object]) -> object:
    bounds = _bounds(case["arguments"])
    callee = foreign.evaluate(str(case["call"]), namespace)
    arguments = invoke.values_of(bounds, namespace)
    result = invoke.call(callee, arguments, bounds, is_property=case["is_property"] is True)
    if (result.is_async, result.drain) != (case["is_async"], case["drain"]) or result.endless:
        raise ValueError("the result is of another kind than it was")
    return result.value


def _bounds(arguments: object) -> list[Bound]:
    given: Sequence[Mapping[str, object]] = arguments if isinstance(arguments, list) else []
    return [
        Bound(str(each["name"]), Value(str(each["source"])), each["keyword"] is True)
        for each in given
    ]


def _raises(
    case: Mapping[str, object], check: Mapping[str, object], namespace: dict[str, object]
) -> bool:
    expected = foreign.evaluate(str(check["expected"]), namespace)
    bounds = _bounds(case["arguments"])
    invoke.values_of(bounds, namespace)  # what the arguments raise is not the call's
    bounded = foreign.Bounded(_SECONDS)
    with bounded:
        callee = foreign.evaluate(str(case["call"]), namespace)
        arguments = invoke.values_of(bounds, namespace)
        invoke.call(callee, arguments, bounds, is_property=case["is_property"] is True)
    error, message = bounded.error, check["message"]
    return type(error) is expected and (message is None or str(error) == message)


def _holds(check: Mapping[str, object], namespace: dict[str, object]) -> bool:
    holds: object = False
    with foreign.Bounded(_SECONDS):
        actual = foreign.evaluate(str(check["actual"]), namespace)
        expected = foreign.evaluate(str(check["expected"]), namespace)
        holds = _related(str(check["relation"]), actual, expected)
    return holds is True


def _related(relation: str, actual: object, expected: object) -> bool:
    if relation == "is":
        return actual is expected
    if relation == "instance":
        return isinstance(actual, expected)  # type: ignore[arg-type]  # a class
    if relation == "approx":
        return _near(actual, expected)
    return (actual == expected) is True


def _near(actual: object, expected: object) -> bool:
    if isinstance(actual, (int, float)) and isinstance(expected, (int, float)):
        return math.isclose(actual, expected, rel_tol=_RELATIVE, abs_tol=_ABSOLUTE)
    if isinstance(actual, (list, tuple)) and isinstance(expected, (list, tuple)):
        return len(actual) == len(expected) and all(map(_near, actual, expected))
    if isinstance(actual, dict) and isinstance(expected, dict):
        return actual.keys() == expected.keys() and all(
            _near(actual[key], expected[key]) for key in expected
        )
    return False
