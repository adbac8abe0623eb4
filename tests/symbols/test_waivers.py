from pathlib import PurePosixPath

import pytest

from sloptest_hook.symbols.extract import extract_symbols
from sloptest_hook.symbols.parsing import ParseFailure
from sloptest_hook.symbols.waivers import waiver_comments

WAIVED: dict[str, tuple[str, dict[str, str]]] = {
    "on the def": ("def f():  # sloptest: no test - it prints\n    return 1\n", {"f": "it prints"}),
    "above it": ("# sloptest: no test: why\ndef f():\n    return 1\n", {"f": "why"}),
    "above its decorators": (
        "# sloptest: no test - why\n@d\ndef f():\n    return 1\n",
        {"f": "why"},
    ),
    "between them": ("@d\n# sloptest: no test - why\n@e\ndef f():\n    return 1\n", {"f": "why"}),
    "at the end of a long head": (
        "def f(\n    a,\n):  # sloptest: no test - why\n    return 1\n",
        {"f": "why"},
    ),
    "an async method": (
        "class C:\n    async def f(self):  # sloptest:no-test, why\n        return 1\n",
        {"C.f": "why"},
    ),
    "without a reason": ("def f():  # sloptest: no test\n    return 1\n", {"f": ""}),
    "a dash is no reason": ("def f():  # sloptest: no test -\n    return 1\n", {"f": ""}),
    "in the body": ("def f():\n    return 1  # sloptest: no test - why\n", {}),
    "in a text": ("def f(a='# sloptest: no test - why'):\n    return 1\n", {}),
    "behind other code": ("x = 1  # sloptest: no test - why\ndef f():\n    return 1\n", {}),
    "another mark": ("def f():  # sloptest: private\n    return 1\n", {}),
    "of a neighbour": (
        "def f():\n    return 1\ndef g():  # sloptest: no test - why\n    return 1\n",
        {"g": "why"},
    ),
}


@pytest.mark.parametrize(("text", "reasons"), WAIVED.values(), ids=WAIVED)
def test_a_comment_at_the_head_of_a_function_waives_it(text: str, reasons: dict[str, str]) -> None:
    symbols = extract_symbols(PurePosixPath("a.py"), text)
    assert not isinstance(symbols, ParseFailure)

    found = waiver_comments(text, symbols)

    assert {symbol.qualname: reason for symbol, reason in found.items()} == reasons
