"""Rules on time and memory: what is written to take more of either than a test may."""

import ast
import math
from collections.abc import Iterator

from sloptest_hook.guard.look import Look
from sloptest_hook.guard.verdicts import Rule, Verdict, Violation

_HUGE = Rule(
    "huge-value",
    Verdict.DENY,
    "makes a value that is too large for any test",
    "def test_it():\n    assert 'a' * 10 ** 9\n",
    "def test_it():\n    assert 'a' * 10 == 'aaaaaaaaaa'\n",
)
_LOOP = Rule(
    "endless-loop",
    Verdict.DENY,
    "has a loop without an end",
    "def test_it():\n    while True:\n        pass\n",
    "def test_it():\n    while True:\n        break\n",
)
_LONG_TEXT = Rule(
    "long-text",
    Verdict.DENY,
    "holds a text that nobody reads to its end",
    "def test_it():\n    assert '''" + ("ab " * 300 + "\n") * 20 + "'''\n",
    "def test_it():\n    assert 'ab' * 3000\n",
)
_SLEEP = Rule(
    "sleeps",
    Verdict.FIX,
    "sleeps; patch the clock",
    "import time\n\n\ndef test_it():\n    time.sleep(60)\n",
    "import time\n\n\ndef test_it():\n    time.sleep(0.01)\n",
)
RULES = (_HUGE, _LOOP, _LONG_TEXT, _SLEEP)

_LONGEST_TEXT = 8_192
_LONGEST_SLEEP = 1.0  # seconds
_MOST_ITEMS = 7.0  # as a power of ten
_MOST_DIGITS = 5_000.0
_ENDS = (ast.Break, ast.Return, ast.Raise, ast.Yield, ast.YieldFrom)


def resource_violations(look: Look) -> Iterator[Violation]:
    """Yield loops without an end, values without a measure, and sleeps."""
    for operation in look.parsed.all(ast.BinOp):
        if _is_huge(operation):
            yield _HUGE.at(operation, ast.unparse(operation))
    yield from _loops(look)
    yield from _constants(look)
    for call in look.calls:
        if look.names.one_of(call.func, "time.sleep", "asyncio.sleep") and call.args:
            size = _power(call.args[0])
            if size is not None and size > math.log10(_LONGEST_SLEEP):
                yield _SLEEP.at(call, ast.unparse(call))


def _loops(look: Look) -> Iterator[Violation]:
    for loop in look.parsed.all(ast.While):
        endless = isinstance(loop.test, ast.Constant) and bool(loop.test.value)
        if endless and not any(isinstance(e, _ENDS) for s in loop.body for e in ast.walk(s)):
            yield _LOOP.at(loop)


def _constants(look: Look) -> Iterator[Violation]:
    for constant in look.parsed.all(ast.Constant):
        value = constant.value
        if isinstance(value, str | bytes) and len(value) > _LONGEST_TEXT:
            yield _LONG_TEXT.at(constant, f"{len(value)} characters")
        elif isinstance(value, int) and value.bit_length() > _MOST_DIGITS:
            yield _HUGE.at(constant, f"{value.bit_length()} bits")


def _is_huge(node: ast.BinOp) -> bool:
    size = _power(node)
    if size is None:
        return False
    if size > _MOST_ITEMS and any(_is_sequence(each) for each in ast.walk(node)):
        return True
    return isinstance(node.op, ast.Pow | ast.LShift) and size > _MOST_DIGITS


def _is_sequence(node: ast.AST) -> bool:
    if isinstance(node, ast.Constant):
        return isinstance(node.value, str | bytes)
    return isinstance(node, ast.List | ast.Tuple)


def _power(node: ast.expr) -> float | None:
    """Return the logarithm of a constant's size (a sequence's: its length), making neither."""
    match node:
        case ast.Constant(value=int() | float() as number):
            return math.log10(abs(number)) if abs(number) > 0 else 0.0
        case ast.Constant(value=str() | bytes() as text):
            return math.log10(max(1, len(text)))
        case ast.List(elts=items) | ast.Tuple(elts=items):
            return math.log10(max(1, len(items)))
        case ast.UnaryOp(operand=operand):
            return _power(operand)
        case ast.BinOp(left=left, op=op, right=right):
            return _power_of_operation(_power(left), op, _power(right))
        case _:
            return None


def _power_of_operation(left: float | None, op: ast.operator, right: float | None) -> float | None:
    if left is None or right is None:
        return None
    count: float = 10.0 ** min(right, 9.0)
    powers: dict[type[ast.operator], float] = {
        ast.Mult: left + right,
        ast.Pow: left * count,
        ast.LShift: left + 0.301 * count,
        ast.Add: max(left, right),
        ast.Sub: max(left, right),
        ast.Div: left - right,
        ast.FloorDiv: left - right,
    }
    return powers.get(type(op))
