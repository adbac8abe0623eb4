"""Edge: runs code that is not ours; whatever it raises, and its hanging, becomes a value."""

from __future__ import annotations

import signal
import types


class Timeout(BaseException):
    """Foreign code did not come back in time."""


class Bounded:
    """Context manager that bounds its body in time and keeps what it raises in ``error``.

    Not an ``except`` clause: foreign code may raise anything, SystemExit included, and none of it
    is a failure of ours. The alarm repeats, because foreign code may swallow the first one.
    """

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds
        self.error: BaseException | None = None
        self._armed = False
        self._outer: object = None
        self._outer_timer = (0.0, 0.0)

    def __enter__(self) -> Bounded:
        self._outer = signal.signal(signal.SIGALRM, self._ring)
        self._armed = True
        self._outer_timer = signal.setitimer(signal.ITIMER_REAL, self.seconds, 0.1)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: types.TracebackType | None,
    ) -> bool:
        self._armed = False
        signal.setitimer(signal.ITIMER_REAL, 0)
        self.error = error
        if self._outer_timer[0] > 0:  # one inside another: the outer one goes on
            signal.signal(signal.SIGALRM, self._outer)  # type: ignore[arg-type]  # what it was
            signal.setitimer(signal.ITIMER_REAL, *self._outer_timer)
        return True

    @property
    def timed_out(self) -> bool:
        return isinstance(self.error, Timeout)

    def _ring(self, number: int, frame: types.FrameType | None) -> None:
        if self._armed:
            raise Timeout


def attempt(expression: str, namespace: dict[str, object], seconds: float = 0.5) -> object:
    """Return the value of an expression, or ``FAILED`` when it raises or hangs."""
    kept: list[object] = [FAILED]
    with Bounded(seconds):
        kept.append(evaluate(expression, namespace))
    return kept[-1]


def attribute(value: object, name: str, default: object = None) -> object:
    """Return an attribute, ``default`` where there is none or getting it raises or hangs."""
    kept = [default]
    with Bounded(0.2):
        kept.append(getattr(value, name))
    return kept[-1]


class _Failed:
    """The type of ``FAILED``."""


FAILED = _Failed()
FILE = "<case>"  # where code stands that was made here
_MOST_COMPILED = 5000
_COMPILED: dict[tuple[str, str], types.CodeType] = {}


def evaluate(expression: str, namespace: dict[str, object]) -> object:
    """Evaluate an expression; raises what it raises."""
    return eval(_compiled(expression, "eval"), namespace)  # noqa: S307  the search runs project code


def execute(statement: str, namespace: dict[str, object]) -> None:
    """Execute a statement; raises what it raises."""
    exec(_compiled(statement, "exec"), namespace)  # noqa: S102  the search runs project code


def _compiled(source: str, mode: str) -> types.CodeType:
    if (source, mode) not in _COMPILED:
        if len(_COMPILED) > _MOST_COMPILED:
            _COMPILED.clear()
        _COMPILED[source, mode] = compile(source, FILE, mode)
    return _COMPILED[source, mode]
