"""Edge: runs code that is not ours; whatever it raises, and its hanging, becomes a value."""

from __future__ import annotations

import os
import signal
import types

_AS_SHORT = 2.0  # times


class Timeout(BaseException):
    """Foreign code did not come back in time."""


class Bounded:
    """Context manager that bounds its body in time and keeps what it raises in ``error``.

    Not an ``except`` clause: foreign code may raise anything, SystemExit included, and none of it
    is a failure of ours. The alarm repeats, because foreign code may swallow the first one. Inside
    another one that is about as short it has no alarm of its own: a look at an object opens many.
    """

    _innermost: Bounded | None = None

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds
        self.error: BaseException | None = None
        self._has_alarm = False
        self.armed = False
        self._outer: Bounded | None = None
        self._outer_timer = (0.0, 0.0)

    def __enter__(self) -> Bounded:
        outer = self._outer = Bounded._innermost
        self._has_alarm = outer is None or outer.seconds > _AS_SHORT * self.seconds
        if outer is None:  # foreign code may have put a handler of its own there
            signal.signal(signal.SIGALRM, Bounded.ring)
        elif not self._has_alarm:
            self.seconds = outer.seconds
        self.armed = True
        Bounded._innermost = self
        if self._has_alarm:
            self._outer_timer = signal.setitimer(signal.ITIMER_REAL, self.seconds, 0.1)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: types.TracebackType | None,
    ) -> bool:
        self.armed = False
        if self._has_alarm:  # one inside another: the outer one goes on
            signal.setitimer(signal.ITIMER_REAL, *self._outer_timer)
        Bounded._innermost = self._outer
        self.error = error
        return self._has_alarm or not self.timed_out  # else the outer one's time is up

    @property
    def timed_out(self) -> bool:
        return isinstance(self.error, Timeout)

    @classmethod
    def ring(cls, *_: object) -> None:
        """End the body of the innermost one, unless that is ending."""
        if cls._innermost is not None and cls._innermost.armed:
            raise Timeout

    @classmethod
    def forget(cls) -> None:
        """Be none, as in a fork: alarms are not inherited."""
        cls._innermost = None


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=Bounded.forget)


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
