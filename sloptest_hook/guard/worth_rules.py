"""What makes a test worth nothing, rule by rule."""

from sloptest_hook.guard.verdicts import Rule, Verdict

_GOOD = "from shop import total\n\n\ndef test_total():\n    assert total([1]) == 1\n"


def _rule(rule_id: str, says: str, refused: str, accepted: str = _GOOD) -> Rule:
    return Rule(rule_id, Verdict.FIX, says, refused, accepted)


_IN = "from shop import total\n\n\ndef test_total():\n"
NO_TESTS = _rule("no-tests", "holds no test that pytest collects", "x = 1\n")
NO_ASSERT = _rule(
    "no-assert",
    "asserts nothing",
    f"{_IN}    total([1])\n",
    "import pytest\nfrom shop import total\n\n\ndef test_total():\n"
    "    with pytest.raises(TypeError):\n        total(1)\n",
)
TRIVIAL = _rule("trivial-assert", "asserts what cannot be false", f"{_IN}    assert True\n")
WEAK = _rule(
    "weak-assert-only",
    "asserts only that there is something; assert what it is",
    f"{_IN}    assert total([1]) is not None\n",
)
SWALLOWS = _rule(
    "swallowed-failure",
    "swallows the failure that it is there to show",
    f"{_IN}    try:\n        assert total([1]) == 2\n    except AssertionError:\n        pass\n",
    f"{_IN}    try:\n        assert total([1]) == 1\n    finally:\n        total([])\n",
)
TOO_BROAD = _rule(
    "raises-too-broad",
    "expects any exception at all; name it, or match its message",
    f"import pytest\n{_IN}    with pytest.raises(Exception):\n        total(1)\n",
    f"import pytest\n{_IN}    with pytest.raises(TypeError):\n        total(1)\n",
)
SKIPS = _rule(
    "skips",
    "is skipped, or expected to fail",
    "import pytest\nfrom shop import total\n\n\n@pytest.mark.skip\ndef test_total():\n"
    "    assert total([1]) == 1\n",
)
DEAD = _rule(
    "dead-code",
    "has an assertion that never runs",
    f"{_IN}    if False:\n        assert total([1]) == 2\n",
)
EMPTY = _rule(
    "empty-parameters",
    "runs through nothing: an empty loop or set of parameters",
    "import pytest\nfrom shop import total\n\n\n@pytest.mark.parametrize('a', [])\n"
    "def test_total(a):\n    assert total(a) == 1\n",
)
MOCK_TYPO = _rule(
    "mock-typo",
    "asserts an attribute that every mock has; call the assert_ method",
    f"from unittest.mock import Mock\n{_IN}    m = Mock()\n    assert m.called_once_with(total)\n",
    f"from unittest.mock import Mock\n{_IN}    m = Mock()\n    m(total)\n"
    "    m.assert_called_once_with(total)\n",
)
CLOCK = _rule(
    "clock-in-assert",
    "compares with the time of day, which moves on meanwhile",
    f"import datetime\n{_IN}    assert total([]) == datetime.date.today()\n",
)
HASH_SEED = _rule(
    "hash-seed",
    "rests on the hash of a text, which is another in every process",
    f"{_IN}    assert total([hash('a')]) == hash('b') % 7 or hash(total([])) == 5\n",
    f"{_IN}    assert hash(total([1])) == hash(total([1, 0]))\n",
)
SET_ORDER = _rule(
    "set-order",
    "rests on the order of a set",
    f"{_IN}    assert list({{'a', 'b'}}) == total([])\n",
    f"{_IN}    assert sorted({{'a', 'b'}}) != total([])\n",
)
MACHINE_PATH = _rule(
    "machine-path",
    "names a path of one machine",
    f"{_IN}    assert total('/home/alice/x') == 1\n",
    f"{_IN}    assert total('/srv/x') == 1\n",
)
DUPLICATE = _rule(
    "duplicate-test-name",
    "has the name of another test, which then never runs",
    f"{_GOOD}\n\ndef test_total():\n    assert total([]) == 0\n",
)
UNCOLLECTED = _rule(
    "uncollected-class",
    "is in a class that pytest does not collect",
    "from shop import total\n\n\nclass TestTotal:\n    def __init__(self):\n        self.x = 1\n\n"
    "    def test_total(self):\n        assert total([1]) == 1\n",
)
AT_IMPORT = _rule(
    "import-time-code",
    "does something when it is imported; do it in a test or a fixture",
    f"{_GOOD}\n\nprint(total([]))\n",
)
RULES = (
    NO_TESTS,
    NO_ASSERT,
    TRIVIAL,
    WEAK,
    SWALLOWS,
    TOO_BROAD,
    SKIPS,
    DEAD,
    EMPTY,
    MOCK_TYPO,
    CLOCK,
    HASH_SEED,
    SET_ORDER,
    MACHINE_PATH,
    DUPLICATE,
    UNCOLLECTED,
    AT_IMPORT,
)
