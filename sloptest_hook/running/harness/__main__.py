"""Edge: where the harness starts inside the project's interpreter.

Started as ``python .../running/harness TASK FD LIFE GO KEPT [EARLY]``: the request is one JSON
document on standard input, complete when there is something to read from GO; every reply is one
line on the inherited file descriptor FD: the request's ``nonce``, which marks it as ours, and JSON.
TASK names the module of this folder that does the work; it has ``main(request, reply)``, and
``begin(early)`` for what can be done before there is a request. LIFE is a pipe that ends with the
hook. KEPT is where ``compiled`` keeps code, empty for nowhere.

The folder becomes a package under a name of its own. Under its real name it would hide the
project's own copy when the project under test is this very package, and the hook's environment
must not become importable here.
"""

import importlib
import json
import os
import sys
import types

PACKAGE = "_sloptest_harness"


def start(task: str, descriptor: int, life: int, go: int, kept: str, early: str = "") -> None:
    """Await the request, free standard input, and hand over to the task's ``main``."""
    folder = os.path.dirname(os.path.abspath(__file__))
    sys.path[:] = [entry for entry in sys.path if entry and os.path.abspath(entry) != folder]
    package = types.ModuleType(PACKAGE)
    package.__path__ = [folder]
    sys.modules[PACKAGE] = package
    importlib.import_module(f"{PACKAGE}.compiled").begin(kept)
    importlib.import_module(f"{PACKAGE}.lifeline").hold(life, (1, 2, descriptor, go))

    module = importlib.import_module(f"{PACKAGE}.{task}")
    if early:
        module.begin(json.loads(early))
    if not os.read(go, 1):
        return  # nothing was wanted
    os.close(go)
    request = json.load(sys.stdin)
    nonce = request.pop("nonce").encode()
    null = os.open(os.devnull, os.O_RDONLY)
    os.dup2(null, 0)
    os.close(null)
    os.set_inheritable(descriptor, False)

    def reply(message: dict) -> None:  # type: ignore[type-arg]  # any JSON object
        # One write for one line: replies of forked children never mix below PIPE_BUF, and a
        # longer one is written while its parent waits.
        data = nonce + b" " + json.dumps(message, ensure_ascii=True).encode() + b"\n"
        while data:
            data = data[os.write(descriptor, data) :]

    module.main(request, reply)


if __name__ == "__main__":
    start(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), int(sys.argv[4]), *sys.argv[5:])
