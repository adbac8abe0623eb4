"""Foreign code is bounded in time, one look inside another, and in a fork."""

import os
import signal
import time

from sloptest_hook.running.harness.searching.foreign import Bounded


def spin(seconds: float = 30.0) -> None:
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        pass


def test_what_hangs_is_ended_and_what_comes_after_it_goes_on() -> None:
    with Bounded(0.1) as bounded:
        spin()

    assert bounded.timed_out
    with Bounded(0.1) as after:
        pass
    assert after.error is None


def test_a_much_shorter_one_inside_has_its_own_time() -> None:
    reached = False
    with Bounded(20.0) as outer:
        with Bounded(0.1) as inner:
            spin()
        reached = inner.timed_out

    assert reached
    assert outer.error is None


def test_after_one_inside_the_outer_time_still_counts() -> None:
    with Bounded(0.4) as outer:
        with Bounded(0.05) as inner:
            spin()
        assert inner.timed_out
        spin()

    assert outer.timed_out


def test_many_short_ones_inside_do_not_outlast_the_outer_one() -> None:
    begun = time.monotonic()
    with Bounded(0.2) as outer:
        while True:
            with Bounded(0.2):
                spin(0.01)
            if outer.error is None and time.monotonic() - begun > 20.0:
                break

    assert outer.timed_out


def test_an_alarm_of_the_code_itself_is_not_ours() -> None:
    with Bounded(20.0):
        signal.signal(signal.SIGALRM, signal.SIG_IGN)
        signal.setitimer(signal.ITIMER_REAL, 0)

    with Bounded(0.1) as bounded:
        spin()

    assert bounded.timed_out


def test_a_fork_inside_has_alarms_of_its_own() -> None:
    with Bounded(20.0):
        child = os.fork()
        if not child:
            with Bounded(15.0) as bounded:  # so short that inside the other it would have none
                signal.setitimer(signal.ITIMER_REAL, 0.1)
                spin()
            os._exit(bounded.timed_out)
        _, status = os.waitpid(child, 0)

    assert os.waitstatus_to_exitcode(status) == 1
