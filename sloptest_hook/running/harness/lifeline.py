"""Edge: ends everything that a run has started when the hook that waits for it has died.

The kernel can be asked to end a child with its parent, but not what a user's test starts: that
would live on, and a hook that was killed cannot look after it any more.
"""

import os
import signal


def hold(descriptor: int, others: "tuple[int, ...]") -> None:
    """Leave a process behind that kills this process group at the end of a pipe.

    ``descriptor`` is the end to read of a pipe whose other end the hook alone holds, ``others`` are
    those that the guardian must not hold open. The guardian
    is nobody's child here, so that a test which counts or awaits its children sees none; on the
    normal way the hook kills it with the group. Called before anything else is imported or opened.
    """
    between = os.fork()
    if between:
        os.waitpid(between, 0)
        os.close(descriptor)
        return
    if os.fork():
        os._exit(0)
    for each in (0, *others):
        os.close(each)
    try:
        while os.read(descriptor, 1):
            pass
    finally:
        os.killpg(0, signal.SIGKILL)
