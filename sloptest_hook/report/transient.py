r"""One line of progress below the cursor, that is gone again without a trace.

Under pre-commit the cursor stands behind the dots of the hook's own line, where its verdict will
be written. So nothing is written there: the line below is used, and the cursor returns. ``ESC D``
goes down a line and scrolls at the end of the screen, so that there is one.
"""

from sloptest_hook.report.visible import visible

_BELOW = "\x1bD\x1b[A\x1b7\x1b[B\r"
_BACK = "\x1b[K\x1b8"
_LONGEST_WAIT = 3600.0  # seconds; more is no time that anybody waits for


def shown(text: str, width: int) -> str:
    """Return what writes the line; one that were as wide as the terminal would wrap."""
    return f"{_BELOW}{visible(text)[: max(width - 1, 0)]}{_BACK}"


def erased() -> str:
    """Return what takes the line away."""
    return f"{_BELOW}{_BACK}"


def progress(stage: str, tests: int, seconds_left: float) -> str:
    """Return the text of the line."""
    begun = f", {tests} tests begun" if tests else ""
    left = f", {seconds_left:.0f} s left" if seconds_left < _LONGEST_WAIT else ""
    return f"sloptest: {stage or 'looking'}{begun}{left}"
