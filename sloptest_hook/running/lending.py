"""Edge: lends the hook's own coverage.py to a project's interpreter that has none."""

import importlib.metadata
import importlib.util
import sys
from pathlib import Path

from sloptest_hook.values.pytest_run import ProjectPython
from sloptest_hook.values.records import replace

# From here on nothing of coverage.py is needed but its analysis, which is Python alone.
_MONITORS = (3, 12)


def lent(python: ProjectPython) -> ProjectPython:
    """Return the interpreter with the hook's coverage where it has none and that one fits.

    Its C tracer is of one minor version. Where another one would have to do with the tracer in
    Python, eight times as slow, the project is better told to install it.
    """
    fits = python.version[:2] == sys.version_info[:2] or python.version[:2] >= _MONITORS
    spec = importlib.util.find_spec("coverage")
    if python.coverage is not None or not fits or spec is None or spec.origin is None:
        return python
    version = importlib.metadata.version("coverage")
    return replace(python, coverage=version, lent_coverage=str(Path(spec.origin).parent))
