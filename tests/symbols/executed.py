"""A pytest plugin that writes which functions of which files each test executed.

    SLOPTEST_EXECUTED=out.json pytest -p executed

The answer is ``{node id: [[file, first line, name], ...]}``, files relative to the root. What runs
while files are collected belongs to no test.
"""

import json
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from types import CodeType, FrameType

import pytest

_EXECUTED: dict[str, set[CodeType]] = {}


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_protocol(item: pytest.Item) -> Iterator[None]:
    """Profile one test with its set-up and teardown."""
    codes = _EXECUTED.setdefault(item.nodeid, set())

    def profile(frame: FrameType, event: str, _argument: object) -> None:
        if event == "call":
            codes.add(frame.f_code)

    sys.setprofile(profile)
    try:
        return (yield)
    finally:
        sys.setprofile(None)


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Write what was seen."""
    root = session.config.rootpath
    found = {
        node: sorted(
            [str(Path(code.co_filename).relative_to(root)), code.co_firstlineno, code.co_name]
            for code in codes
            if Path(code.co_filename).is_relative_to(root)
        )
        for node, codes in _EXECUTED.items()
    }
    Path(os.environ["SLOPTEST_EXECUTED"]).write_text(json.dumps(found), encoding="utf-8")
