"""Kills the hook at every point of its writing and staging, and looks at what is left.

    python tests/twin/faults.py                 # everything, as a table; see --help
    python tests/twin/faults.py --only "a new test, plain" --only family

A point is one call of the hook into the operating system that can change something. After each
death the repository must equal a twin whose commit was given up at the same place, but for complete
tests; the next commit must work and have the tests in it; and nothing of the killed run may be left
after that. Beside that, somebody else does something at each point: a ``git add`` in another
terminal, an editor that saves.
"""

import argparse
import os
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path

if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).parents[2]))

from tests.twin.deaths import Death, Form, Found, Visit, deaths, deaths_in_git, forms, visits
from tests.twin.series import Series
from tests.twin.world import make_seed


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0] if __doc__ else "")
    parser.add_argument("--only", action="append", default=[], help="text of a form or a death")
    parser.add_argument("--every", type=int, default=1, help="only each Nth point")
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1)
    help_text = "instead: kill each git that the hook starts at each of its system calls"
    parser.add_argument("--strace", action="store_true", help=help_text)
    return parser


def main(words: Sequence[str]) -> int:
    """Run all series that are asked for, print the table, return 1 when something is violated."""
    import pytest

    from tests.conftest import set_git_environment

    asked = _parser().parse_args(words)
    violations = 0
    with (
        tempfile.TemporaryDirectory(prefix="faults-") as name,
        pytest.MonkeyPatch.context() as patch,
    ):
        place = Path(name)
        set_git_environment(patch, place / "home")
        seed = make_seed(place / "seed", Path(sys.executable))
        _say(f"{'form':32} {'event':28} {'points':>6} {'reached':>7} {'violated':>8}")
        for number, form in enumerate(forms()):
            wanted = [
                e for e in _events(form, asked) if all(t in f"{form}; {e}" for t in asked.only)
            ]
            if wanted:
                series = Series(form, place / str(number), seed, Path(sys.executable))
                violations += sum(_run(series, form, each, asked) for each in wanted)
    return int(violations > 0)


def _events(form: Form, asked: argparse.Namespace) -> Iterator[Death | Visit]:
    if not asked.strace:
        yield from deaths()
        yield from visits(form)
    elif form.tests:
        yield from deaths_in_git()


def _run(series: Series, form: Form, event: Death | Visit, asked: argparse.Namespace) -> int:
    """Play one event at all its points, and return how often something was wrong."""
    with ThreadPoolExecutor(asked.jobs) as pool:
        found = list(pool.map(lambda play: play(), _plays(series, event, asked)[:: asked.every]))
    bad = [each for each in found if each.problems]
    reached = sum(bool(each.point) for each in found)
    _say(f"{form!s:32} {event!s:28} {len(found):6} {reached:7} {len(bad):8}")
    _say_problems(bad)
    return len(bad)


def _plays(
    series: Series, event: Death | Visit, asked: argparse.Namespace
) -> list[Callable[[], Found]]:
    if isinstance(event, Visit):
        points = range(1, len(series.calls) + 1)
        return [partial(series.receive, event, point) for point in points]
    series.prepare(event)
    if asked.strace:
        return [partial(series.play_in_git, event, call) for call in series.calls_of_git()]
    return [partial(series.play, event, point) for point in event.points(series.calls)]


def _say_problems(bad: Sequence[Found]) -> None:
    """Say three whole ones, and how often each first line was there."""
    for each in bad[:3]:
        _say("\n        ".join((f"    {each.point}:", *each.problems)))
    kinds = Counter(problem.partition("\n")[0][:300] for each in bad for problem in each.problems)
    for problem, times in kinds.most_common(12):
        _say(f"    {times:4} x {problem}")


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
